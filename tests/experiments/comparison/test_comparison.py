"""Scenarios on the same luck: pairing, differences, what is said of scenarios that do not fit together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from toy_deals import deal

import sim
from sim.errors import SimError, UsageError
from sim.experiments.comparison.tables import difference_table, share_table
from sim.experiments.measures import measures_of
from sim.model.world import FAILED
from sim.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def toy() -> Scenario:
    """Return two actors, captives for quiet."""
    return sim.load("toys/two_actors")


@pytest.fixture(scope="module")
def quick(toy: Scenario) -> Scenario:
    """Return the same with releases four times as fast."""
    return toy.replace({"actors.state.moves.free.release.per_day": 40})


@pytest.fixture(scope="module")
def comparison(toy: Scenario, quick: Scenario) -> sim.Comparison:
    """Return a comparison of the two, with a payoff set and a device."""
    reference = toy.replace(
        {
            "devices": {"list": {"changes": {"deal.captives.prisoners.counted_at_once.own": 1.0}}},
            "payoff_sets": {"as_given": {}, "keen": {"changes": {"actors.state.payoff.per_year.talks": 2.0}}},
        }
    )
    return sim.compare([reference, quick], runs=80, seed=5, names=["slow", "quick"])


def test_a_scenario_does_not_differ_from_itself(toy: Scenario) -> None:
    """All differences of a scenario given twice are exactly 0, and it says so."""
    found = sim.compare([toy, toy], runs=40, seed=3, baselines=False, names=["a", "b"])
    assert (found.differences.difference == 0.0).all()
    assert (found.payoffs.difference["b"] == 0.0).all()
    assert set(found.numbers.difference["b"].dropna()) == {0.0}
    assert not found.numbers.differing.any()
    assert found.batches["a"].digest == found.batches["b"].digest
    assert found.summary[0] == "b: the same as a in every run."


def test_the_reference_is_not_compared_with_itself(comparison: sim.Comparison) -> None:
    """No table says how the reference differs from itself; its means are there."""
    others = ["quick", "uniform", "schedule_as_written"]
    assert list(comparison.differences.index.unique("scenario")) == others
    for table in (comparison.milestones, comparison.numbers, comparison.payoffs, comparison.payoff_terms):
        own = table.loc["slow"]
        assert own[["difference", "standard_error", "low", "high", "independent_runs"]].isna().all(axis=None)
        assert own["mean"].notna().any()
    alone = sim.compare([comparison.scenarios["slow"]], runs=5, seed=1, baselines=False)
    assert len(alone.differences) == len(alone.tables()["differences"]) == 0
    assert {row["difference"] for row in alone.to_dict()["milestones"]} == {None}


def test_every_scenario_runs_as_on_its_own(comparison: sim.Comparison) -> None:
    """The runs of a comparison are those of `sim.replicate` under the same seed, to the bit."""
    for name, scenario in comparison.scenarios.items():
        assert comparison.batches[name].digest == sim.replicate(scenario, 80, 5).digest


def test_differences_are_those_of_pairs(comparison: sim.Comparison) -> None:
    """Differences of shares and payoffs are means of pairs, and their errors those of the pairs."""
    a, b = (comparison.batches[name].outcomes for name in ("slow", "quick"))
    for outcome in comparison.scenarios["quick"].outcomes:
        expected = (b.outcome == outcome).mean() - (a.outcome == outcome).mean()
        assert comparison.differences.difference["quick", outcome] == pytest.approx(expected)
    pairs = b.payoff_state - a.payoff_state
    row = comparison.payoffs.loc[("quick", "state")]
    assert row["difference"] == pytest.approx(pairs.mean())
    assert row["standard_error"] == pytest.approx(pairs.std(ddof=1) / np.sqrt(len(pairs)))
    both = (a.talks_day.notna() & b.talks_day.notna()).sum()
    assert comparison.numbers.pairs["quick", "talks_day"] == both


def test_an_outcome_that_never_came_has_an_interval(comparison: sim.Comparison) -> None:
    """A share of no run is not 0 for sure: its interval is wide, and so is that of a difference of two such shares."""
    shares = comparison.shares
    never = shares[shares["count"] == 0]
    assert len(never)
    assert (never.low == 0.0).all()
    assert (never.high > 0.02).all()
    none = comparison.differences[(comparison.differences.reference == 0) & (comparison.differences.share == 0)]
    assert (none.low < 0.0).all()
    assert (none.high > 0.0).all()


def test_the_baselines_are_always_rows(comparison: sim.Comparison) -> None:
    """Coin-flip play and the deal as written stand in every comparison, made from the reference itself."""
    assert list(comparison.scenarios) == ["slow", "quick", "uniform", "schedule_as_written"]
    rules = {actor.rule.response for actor in comparison.scenarios["uniform"].actors.values()}
    assert rules == {"uniform"}


def test_a_baseline_that_was_given_is_not_run_twice() -> None:
    """The built-in coin-flip scenario is the uniform row of its baseline, under its own name."""
    names = ["doha_2020/baseline", "doha_2020/uniform", "doha_2020/schedule_as_written"]
    found = sim.compare([sim.load(name) for name in names], runs=3, seed=1)
    assert len(found) == 3
    assert set(found.baselines.values()) == {"Doha, coin-flip play", "Doha, the deal as written"}


def test_a_name_that_is_taken_is_numbered(toy: Scenario, quick: Scenario) -> None:
    """A scenario that is called like a baseline keeps apart from it."""
    other = sim.compare([toy, quick], runs=2, seed=1, names=["slow", "uniform"])
    assert other.baselines["uniform"] == "uniform (2)"


def test_horizons_and_dates_that_differ_are_said(toy: Scenario) -> None:
    """Scenarios of different length or start are compared, with a note on what that means; curves end where they do."""
    late = toy.replace({"horizon_days": 200, "start": "2031-01-01"})
    found = sim.compare([toy, late], runs=20, seed=1, names=["long", "short"], baselines=False)
    assert "365 days in long; 200 days in short" in found.notes[0]
    assert "2031-01-01 in short" in found.notes[1]
    curve = found.incidence("settlement")
    assert len(curve.loc["short"]) == 201
    assert not curve.loc["long"].within_common_horizon.iloc[-1]
    assert curve.loc["long"].date.iloc[0] == pd.Timestamp("2030-01-01")


def test_what_only_some_have_is_unknown_in_the_others(toy: Scenario) -> None:
    """Another actor, another milestone: NaN in the scenario without it, and a note."""
    found = sim.compare([toy, sim.load("toys/five_actors")], runs=5, seed=1, names=["two", "five"], baselines=False)
    assert np.isnan(found.payoffs["mean"]["two", "donor"])
    assert np.isfinite(found.payoffs["mean"]["five", "donor"])
    assert np.isnan(found.payoffs["difference"]["five", "donor"])
    assert np.isnan(found.numbers["mean"]["two", "north_free_day"])
    assert any("donor is not in two" in note for note in found.notes)
    assert set(found.incidence("north_free").index.unique("scenario")) == {"five"}


def test_failed_runs_are_counted_and_said(toy: Scenario) -> None:
    """A failed run is in the denominator of every share, is an outcome of its own, and is in the notes."""
    names, batches = ["well", "failing"], [sim.replicate(toy, 10, 1), sim.replicate(toy, 10, 1)]
    batches[1].rows["status"][:4] = FAILED
    shares = share_table(names, batches)
    assert shares.share["failing", "failed"] == 0.4
    assert shares.share["failing"][list(toy.outcomes)].sum() == pytest.approx(0.6)
    assert difference_table(names, batches).difference["failing", "failed"] == 0.4
    found = sim.Comparison(dict(zip(names, batches, strict=True)), names, {})
    assert found.notes[0].startswith("4 of 10 runs of failing failed (the first: day ")
    assert found.payoffs.pairs["failing", "state"] == 6


def test_nothing_failed_is_no_row(comparison: sim.Comparison) -> None:
    """Where no run failed, the outcomes are those of the catalogue and talks at some time."""
    shares = measures_of(comparison.scenarios["slow"]).shares
    assert tuple(comparison.shares.index.unique("outcome")) == tuple(measure.name for measure in shares)


def test_threads_change_nothing(toy: Scenario, quick: Scenario) -> None:
    """A comparison has the same digest on one thread and on two, and another under another seed."""
    one, two = (sim.compare([toy, quick], runs=70, seed=2, threads=n).digest for n in (1, 2))
    assert one == two != sim.compare([toy, quick], runs=70, seed=3).digest


def test_a_rule_in_plain_python_is_compared_like_any_other(toy: Scenario) -> None:
    """A scenario whose rule only the interpreter can run has the runs that it has on its own, beside compiled ones."""

    def reluctant(values, state, params, tables, actor, probabilities):  # type: ignore[no-untyped-def] # noqa: ARG001
        probabilities[:] = 0.0
        probabilities[min({0, int(state.standing[actor])}, key=str)] = 1.0

    sim.register("response", "reluctant_in_comparison", reluctant)
    slow = toy.replace({"actors.state.rule": {"response": "reluctant_in_comparison"}})
    found = sim.compare([toy, slow], runs=6, seed=1, names=["compiled", "plain"])
    assert found.batches["plain"].digest == sim.replicate(slow, 6, 1).digest
    assert found.batches["compiled"].digest == sim.replicate(toy, 6, 1).digest


def test_progress_counts_every_run(toy: Scenario, quick: Scenario) -> None:
    """Progress grows to the number of runs of scenarios, baselines and rules."""
    seen: list[tuple[int, int]] = []
    sim.compare([toy, quick], runs=30, seed=1, rules=["logit"], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (180, 180)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_words_separate_what_is_sure_from_what_is_not(comparison: sim.Comparison) -> None:
    """The summary has a sentence a scenario, calls sure what excludes 0, and says how many would by luck."""
    assert len(comparison.summary) == 4
    for name, sentence in zip(["quick", "uniform", "schedule_as_written"], comparison.summary, strict=False):
        assert sentence.startswith(f"{comparison.titles[name]}: ")
        sure = comparison.payoffs.loc[name]
        lower = sure.index[(sure.high < 0) & (sure.differing > 0)]
        assert ("payoff surely lower" in sentence) == bool(len(lower))
    assert "by luck alone" in comparison.summary[-1]


def test_everything_as_plain_data(comparison: sim.Comparison) -> None:
    """The plain form holds every table, no NaN, and regret once it was worked out."""
    plain = comparison.to_dict()
    assert {"shares", "differences", "payoffs", "payoff_terms", "devices", "incidence"} <= set(plain)
    assert plain["numbers"][0]["independent_runs"] is None
    assert plain["numbers"][0]["difference"] is None
    assert "minimax_regret" not in comparison.to_dict()
    comparison.regret()
    assert comparison.to_dict()["minimax_regret"]


def test_it_shows_itself(comparison: sim.Comparison) -> None:
    """Text names the reference and the runs; HTML escapes what scenarios are called."""
    assert repr(comparison) == (
        "<Comparison of 'slow' against quick, uniform, schedule_as_written: 80 runs each, seed 5>"
    )
    odd = sim.compare([comparison.scenarios["slow"]], runs=2, seed=1, names=["<b>"], baselines=False)
    assert "&lt;b&gt;" in odd._repr_html_()
    assert "<b><b>" not in odd._repr_html_()


def test_a_scenario_without_a_record_has_none(comparison: sim.Comparison) -> None:
    """No record is named, so there is nothing to hold the runs against."""
    assert comparison.record is None


def test_the_record_is_held_against_the_reference() -> None:
    """The record that the reference names is compared with its runs and scored against both baselines."""
    found = sim.compare([sim.load("doha_2020/baseline")], runs=15, seed=1)
    assert found.record is not None
    assert {"skill_uniform", "skill_schedule_as_written"} <= set(found.record.columns)
    assert sim.compare([sim.load("doha_2020/baseline")], runs=2, seed=1, record=False).record is None


def test_a_deal_without_talks_or_captives() -> None:
    """The smallest scenario compares like any other."""
    found = sim.compare([deal(), deal(horizon_days=100)], runs=4, seed=1, names=["a", "b"])
    assert found.shares.share["a", "unresolved"] == 1.0
    with pytest.raises(UsageError, match="event: found 'talks_began', expected one of unresolved"):
        found.incidence("talks_began")


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ({"scenarios": []}, "found none"),
        ({"scenarios": "doha_2020/baseline"}, "expected a list of scenarios"),
        ({"scenarios": ["doha_2020/baseline"]}, "load one with sim.load"),
        ({"runs": 0}, "runs"),
        ({"runs": 2.5}, "runs"),
        ({"runs": True}, "runs"),
        ({"seed": -1}, "seed"),
        ({"names": ["a"]}, "one for each of 2"),
        ({"names": ["a", "a"]}, "twice"),
        ({"names": ["a", ""]}, "expected a text"),
        ({"rules": "logic"}, "logit"),
        ({"rules": []}, "expected all or some of"),
        ({"threads": 0}, "threads"),
    ],
)
def test_bad_arguments(toy: Scenario, quick: Scenario, arguments: dict[str, object], wanted: str) -> None:
    """Every wrong argument is refused with what was found and what was expected, before anything is run."""
    given: dict[str, object] = {"scenarios": [toy, quick], "runs": 2} | arguments
    with pytest.raises(UsageError, match=wanted):
        sim.compare(**given)  # type: ignore[arg-type]


def test_an_event_that_nobody_knows(comparison: sim.Comparison) -> None:
    """The error of a misspelt event lists those that there are and suggests the nearest."""
    with pytest.raises(SimError, match=r"talks_began.*Did you mean"):
        comparison.incidence("talks_begun")


def test_a_replaced_value_tells_scenarios_of_one_title_apart() -> None:
    """Without names, the second scenario of a title is named after what differs; more than two values are numbered."""
    toy = sim.load("toys/two_actors")
    patient = toy.replace({"actors.state.discount_per_year": 0.02})
    other = toy.replace({f"actors.{actor}.discount_per_year": 0.3 for actor in toy.actors} | {"horizon_days": 90})
    found = sim.compare([toy, patient, other], 2, 1, baselines=False)
    assert list(found.batches) == [
        toy.title,
        f"{toy.title}: actors.state.discount_per_year = 0.02",
        f"{toy.title} (2)",
    ]
