"""Sliders: their numbers come from the scenario, and what they set is what was asked for."""

from __future__ import annotations

import pytest

import sim
from sim.page.sliders import changes_in_words, changes_of, sliders_of

TOY = sim.load("toys/two_actors")


def at(**moved: float) -> list[float]:
    """Return the numbers of all sliders, some moved."""
    return [moved.get(slider.name, float(slider.value)) for slider in sliders_of(TOY)]


def test_a_slider_that_is_not_moved_changes_nothing() -> None:
    """The deal as written is the scenario itself."""
    assert changes_of(sliders_of(TOY), at()) == {}


def test_a_slider_of_several_paths_sets_them_alike() -> None:
    """Both sides get the same impatience."""
    paths = ["actors.state.discount_per_year", "actors.rebels.discount_per_year"]
    assert changes_of(sliders_of(TOY), at(patience=0.5)) == dict.fromkeys(paths, 0.5)


def test_a_switch_is_set_to_true_or_false() -> None:
    """And said as on and off."""
    changes = changes_of(sliders_of(TOY), at(quarrels=0))
    assert changes == {"mechanisms.disputes": False}
    told = changes_in_words(sliders_of(TOY), changes)
    assert [(one["before"], one["after"]) for one in told] == [("on", "off")]


@pytest.mark.parametrize("value", [0.99, 61.0, float("nan"), float("inf"), -1e9])
def test_a_number_outside_the_range_is_refused(value: float) -> None:
    """The range is what the file says, and no NaN is in it."""
    with pytest.raises(sim.SimError, match=r"pace: found .* expected a number from 1 to 60"):
        changes_of(sliders_of(TOY), at(pace=value))


def test_too_few_numbers_are_refused() -> None:
    """One a slider."""
    with pytest.raises(sim.SimError, match="expected 4, one for each slider"):
        changes_of(sliders_of(TOY), at()[:-1])


def test_the_range_reaches_to_the_value_that_an_overlay_gives() -> None:
    """Otherwise the slider could not stand where the deal is."""
    fast = TOY.replace({"actors.state.moves.free.release.per_day": 90})
    pace = sliders_of(fast)[0]
    assert (pace.low, pace.high, pace.value) == (1.0, 90.0, 90.0)


def test_the_note_says_where_the_number_comes_from() -> None:
    """Source, assumption or fit, as the file has it."""
    notes = {slider.name: slider.note for slider in sliders_of(sim.load("doha_2020/baseline"))}
    assert notes["two_presidents"].startswith("Source: 9 March to 17 May 2020")
    assert notes["backlog"].startswith("Assumption: mean time until")
    assert notes["pace"].startswith("Chosen to meet: ")
