"""Differences over draws of all uncertain numbers: their intervals, what is drawn, what is held, what is then sure."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.experiments.comparison.finding import share_finding
from sim.experiments.comparison.over_draws import FEWEST, interval_over_draws
from sim.experiments.comparison.tables import sure_sign
from sim.experiments.drawn_runs import drawn_runs
from sim.experiments.uncertain import uncertain_numbers
from sim.model.world import FAILED
from sim.plots.paired_differences import paired_differences_figure
from sim.plots.scenario_rows import measure_title
from sim.scenario.difference import flattened
from sim.scenario.scenario import Scenario

PACE = "actors.state.moves.free.release.per_day"
PATIENCE = "actors.state.discount_per_year"
CHANGED = {PACE: 40, PATIENCE: 0.05}


@pytest.fixture(scope="module")
def toy() -> Scenario:
    """Return two actors, captives for quiet, every number of theirs called an assumption that a shared prior fits."""
    bare = sim.load("toys/two_actors")
    numbers = {path: value for path, value in flattened(bare.to_dict()).items() if isinstance(value, float) and value}
    kinds = (
        ".payoff.per_year.",
        ".payoff.at_outcome.",
        ".rule.lam_per_util",
        ".discount_per_year",
        "free.release.per_day",
    )
    return bare.replace(
        {
            path: {"value": value, "assumption": "ours"}
            for path, value in numbers.items()
            if any(k in path for k in kinds)
        }
    )


@pytest.fixture(scope="module")
def comparison(toy: Scenario) -> sim.Comparison:
    """Return a comparison of the toy with a patient one that frees four times as fast, over draws too."""
    quick = toy.replace(CHANGED)
    return sim.compare([toy, quick], runs=60, seed=5, names=["slow", "quick"], draws=FEWEST)


def test_the_interval_is_of_the_numbers_and_not_of_luck() -> None:
    """Effects of known spread, each seen through the luck of few worlds, give the interval of the effects."""
    generator = np.random.default_rng(7)
    effects = generator.normal(1.0, 0.5, size=4_000)
    seen = effects[:, None] + generator.normal(0.0, 3.0, size=(4_000, 20))
    assert interval_over_draws(seen) == pytest.approx((1.0 - 0.98, 1.0 + 0.98), abs=0.1)
    plain = np.quantile(seen.mean(axis=1), (0.025, 0.975))
    assert plain[1] - plain[0] > 1.5 * (1.96)  # what means alone would have said


def test_a_draw_in_which_nothing_differs_counts_as_0() -> None:
    """However large the effect in the others, an interval with enough such draws does not leave 0 out."""
    seen = 5.0 + np.random.default_rng(1).normal(size=(100, 20))
    assert interval_over_draws(seen)[0] > 4.0
    seen[:4] = 0.0
    assert interval_over_draws(seen)[0] <= 0.0
    seen[:, :15] = np.nan  # known in both worlds of five pairs only
    assert interval_over_draws(seen)[1] > 4.0
    assert np.isnan(interval_over_draws(seen[: FEWEST - 1])).all()


def test_worlds_of_draws_are_those_of_their_scenarios_to_the_bit(toy: Scenario) -> None:
    """A draw's worlds are what its scenario gives under the same seed; a draw that is none fails and is counted."""
    draws = [{PATIENCE: 0.3}, {PATIENCE: -1.0}, {PACE: 15.0}]
    for own_luck in (False, True):
        rows, refused = drawn_runs(toy.without_provenance(), draws, 4, seed=9, own_luck=own_luck)
        assert refused == 1
        for place in (0, 2):
            here = slice(4 * place, 4 * place + 4)
            alone = sim.replicate(toy.replace(draws[place]), 12, 9).rows
            assert (rows[here] == alone[here if own_luck else slice(4)]).all()
        assert (rows[4:8]["status"] == FAILED).all()


def test_what_scenarios_differ_in_is_held_and_all_else_is_drawn(comparison: sim.Comparison, toy: Scenario) -> None:
    """The discount, which is compared, stays as each says; every other uncertain number of the reference is drawn."""
    over = comparison.over_draws
    assert over is not None
    assert over.held == (PATIENCE, PACE)
    assert {*over.drawn, *over.held} == {number.path for number in uncertain_numbers(toy)}
    assert "actors.rebels.discount_per_year" in over.drawn
    assert over.refused == 0


def test_every_difference_has_both_intervals_and_sure_is_what_both_say(comparison: sim.Comparison) -> None:
    """Tables have both, sentences call sure only what both leave 0 out of, and what was drawn is told."""
    signs = set()
    for name, sentence in zip(("quick", "uniform", "schedule_as_written"), comparison.summary, strict=False):
        certain = sentence.partition("not surely different")[0]
        for actor, row in comparison.payoffs.loc[name].iterrows():
            assert row.drawn_low <= row.drawn_high
            over = f"[{row.low:.3f}, {row.high:.3f}], over draws [{row.drawn_low:,.3f}, {row.drawn_high:,.3f}]"
            said = f"{comparison.scenarios[name].actors[actor].label} ({row.difference:+.3f} util {over}"
            assert (said in certain) == (sure_sign(row) != 0)
            signs.add((bool(row.low > 0.0 or row.high < 0.0), sure_sign(row) != 0))
    assert (True, False) in signs  # sure by luck alone, and not by what nobody knows
    assert f"over {FEWEST} draws of {len(comparison.over_draws.drawn)} uncertain numbers" in comparison.summary[-1]
    plain = comparison.to_dict()
    assert plain["over_draws"]["held"] == [PATIENCE, PACE]
    assert {"drawn_low", "drawn_high"} <= set(plain["differences"][0])


def test_titles_and_dots_call_sure_what_sentences_do(comparison: sim.Comparison) -> None:
    """A figure's finding and its filled dots leave out what luck alone would have made sure."""
    by_luck = comparison.differences[(comparison.differences.low > 0.0) | (comparison.differences.high < 0.0)]
    sure = by_luck[[sure_sign(row) != 0 for _, row in by_luck.iterrows()]]
    assert 0 < len(sure) < len(by_luck)
    titles = {share_finding(comparison, [str(outcome)]) for outcome in by_luck.index.unique("outcome")}
    assert len(titles) == 1 + sure.index.unique("outcome").size  # one says that nothing differs surely
    figure = paired_differences_figure(comparison)
    dots = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "o"]
    filled = sum(line.get_markerfacecolor() != "white" for line in dots)
    drawn = {axes.get_title(loc="left") for axes in figure.axes}
    shown = [row for (_, end), row in comparison.differences.iterrows() if measure_title(comparison, end) in drawn]
    assert 0 < filled == sum(sure_sign(row) != 0 for row in shown)


def test_draws_change_nothing_else_and_hang_on_no_threads(comparison: sim.Comparison, toy: Scenario) -> None:
    """The runs of the comparison stay the same to the bit, and so do the intervals on one thread."""
    quick = toy.replace(CHANGED)
    plain = sim.compare([toy, quick], runs=60, seed=5, names=["slow", "quick"])
    assert plain.digest == comparison.digest
    assert "drawn_low" not in plain.differences
    again = sim.compare([toy, quick], 60, 5, names=["slow", "quick"], draws=FEWEST, threads=1, baselines=False)
    assert again.payoffs.loc["quick"].equals(comparison.payoffs.loc["quick"])


def test_too_few_draws_and_nothing_to_draw_are_refused(toy: Scenario) -> None:
    """An interval of 95 % needs forty draws, and a scenario numbers that nobody knows."""
    with pytest.raises(UsageError, match=r"draws: found 10, expected a whole number from 40"):
        sim.compare([toy], runs=5, draws=10)
    with pytest.raises(UsageError, match=r"no uncertain number.*say which numbers nobody knows"):
        sim.compare([toy.without_provenance()], runs=5, draws=FEWEST)
