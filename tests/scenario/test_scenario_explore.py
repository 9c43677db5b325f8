"""The block ``explore:``: what it may say, what is refused and where, and what overlays may take away."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.scenario.checks.limits import MAX_SLIDERS

NO_LIST = """
extends: doha_2020/baseline
title: The government alone says who goes free
actors:
  government: {keeps_deal: decree, moves: {their_list: null}}
  us: {moves: {threaten: {pressure: {expects: decree}}}}
"""
HEAD = "extends: toys/two_actors\ntitle: Sliders\nexplore:\n"


def told(tmp_path: Path, block: str) -> str:
    """Write a file with sliders and return what is said about it."""
    path = tmp_path / "sliders.yaml"
    path.write_text(HEAD + block, encoding="utf-8")
    with pytest.raises(sim.SimError) as caught:
        sim.load(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("block", "place", "message"),
    [
        (
            "  a: {label: a, path: actors.state.discont_per_year, range: [0, 1]}\n",
            ":4:23",
            "Did you mean 'discount_per_y",
        ),
        (
            "  a: {label: a, path: mechanisms.disputes, range: [0, 1]}\n",
            ":4:",
            "expected none: the path leads to a switch",
        ),
        ("  a: {label: a, path: actors.state.discount_per_year}\n", ":4:", "expected range: [lowest, highest]"),
        (
            "  a: {label: a, path: actors.state.moves, range: [0, 1]}\n",
            ":4:23",
            "expected the path of a number or a switch",
        ),
        ("  a: {label: a, path: title, range: [0, 1]}\n", ":4:23", "expected the path of a number or a switch"),
        (
            "  a: {label: a, path: actors.state.discount_per_year, range: [1, 0]}\n",
            ":4:",
            "lowest value before the highest",
        ),
        (
            "  a: {label: a, path: actors.state.discount_per_year, range: [0, 1], step: 2}\n",
            ":4:",
            "at most the length",
        ),
        ("  a: {label: a, path: actors.state.discount_per_year, range: [-1, 1]}\n", ":4:", "an end that can be had"),
        ("  a: {label: a, path: deal.captives.prisoners.held, range: [10, 900]}\n", ":4:", "at most the 10 held"),
        ("  a: {label: a, path: horizon_days, range: [10, 90]}\n", ":4:23", "expected a path outside schema_version"),
        ("  a: {lable: a, path: actors.state.discount_per_year, range: [0, 1]}\n", ":4:7", "Did you mean 'label'?"),
    ],
)
def test_a_wrong_slider_is_told_with_its_place_and_what_was_expected(
    tmp_path: Path, block: str, place: str, message: str
) -> None:
    """Each kind of mistake has file, line and column, and says what to write instead."""
    text = told(tmp_path, block)
    assert f"sliders.yaml{place}" in text
    assert message in text


def test_two_sliders_may_not_move_the_same_number(tmp_path: Path) -> None:
    """The second is refused, and says who moves the number already."""
    line = "path: actors.state.discount_per_year, range: [0, 1]}\n"
    assert "a path that 'a' does not move too" in told(tmp_path, f"  a: {{label: a, {line}  b: {{label: b, {line}")


def test_more_sliders_than_a_page_has_room_for_are_refused_at_the_first_too_many(tmp_path: Path) -> None:
    """The maximum is an error of the input, with its line."""
    block = "".join(
        f"  s{i}: {{label: s, path: actors.state.moves.free.release.per_day, range: [1, 9]}}\n"
        for i in range(MAX_SLIDERS)
    )
    assert f"sliders, expected at most {MAX_SLIDERS}" in told(tmp_path, block)


def test_an_overlay_may_take_away_what_an_inherited_slider_moves(tmp_path: Path) -> None:
    """The file stays a scenario; the slider is left out where it moves nothing any more."""
    from sim.page.sliders import sliders_of

    path = tmp_path / "no_release.yaml"
    path.write_text(NO_LIST, encoding="utf-8")
    whole = [slider.name for slider in sliders_of(sim.load("doha_2020/baseline"))]
    assert [slider.name for slider in sliders_of(sim.load(path))] == [name for name in whole if name != "pace"]


@pytest.mark.parametrize(
    "name", [f"{case}/baseline" for case in ("doha_2020", "northern_ireland_1998", "colombia_2016")]
)
def test_the_cases_that_ship_have_five_to_eight_sliders(name: str) -> None:
    """As many as a reader can oversee."""
    assert 5 <= len(sim.load(name).sliders) <= 8


def test_sliders_are_no_numbers_that_need_a_source() -> None:
    """How far a slider goes says nothing about the world."""
    assert not [path for path in sim.load("toys/two_actors").unsourced() if path.startswith("explore")]
