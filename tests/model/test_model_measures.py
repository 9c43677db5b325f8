"""Declared measures: each is the statistic of the daily series that it says, in every engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError

ENDLESS = {"deal.outcomes": {}, "actors.state.payoff.at_outcome": {}, "actors.rebels.payoff.at_outcome": {}}
"""No outcome ends a run before its horizon."""

TOY = sim.load("toys/two_actors")
SERIES = "persons_freed(prisoners)"
MEASURES: dict[str, Any] = {
    "most_out": {"highest": "persons_freed(prisoners) - 2 * talks"},
    "least_balance": {"lowest": "balance_of_force"},
    "out_on_average": {"mean": "persons_freed(prisoners)"},
    "all_attacks_counted": {"total": "daily_attacks"},
    "time_in_talks": {"share_of_time": "talks"},
    "hundredth_out": {"first_day": "persons_freed(prisoners) >= 100"},
    "never_out": {"first_day": "persons_freed(prisoners) >= 100000"},
    "out_at_last": {"level": {"of": "persons_freed(prisoners)"}},
    "out_in_march": {"level": {"of": "persons_freed(prisoners)", "on": "2030-03-01"}},
}
MEASURED = TOY.replace({"measures": MEASURES})


def first(days: Any) -> float:
    """Return the first of some days, the horizon if there is none."""
    return float(days[0]) if len(days) else float(TOY.horizon_days)


EXPECTED: dict[str, Callable[[dict[str, Any]], float]] = {
    "most_out": lambda s: max(s[SERIES] - 2 * s["talks"]),
    "least_balance": lambda s: min(s["balance_of_force"]),
    "out_on_average": lambda s: s[SERIES][1:].mean(),
    "all_attacks_counted": lambda s: s["daily_attacks(fighters)"].sum(),
    "time_in_talks": lambda s: s["talks"][1:].mean(),
    "hundredth_out": lambda s: first(np.flatnonzero(s[SERIES] >= 100)),
    "never_out": lambda s: first(np.flatnonzero(s[SERIES] >= 100000)),
    "out_at_last": lambda s: s[SERIES][-1],
    "out_in_march": lambda s: s[SERIES][min(59, len(s[SERIES]) - 1)],
}


@pytest.mark.parametrize("seed", range(4))
def test_a_measure_is_the_statistic_of_the_series_that_it_names(seed: int) -> None:
    """Highest, lowest, mean, total, share of time, first day and level are those of the daily values of the run."""
    run = sim.run(MEASURED, seed=seed)
    series = dict(run.series_table)
    for name, statistic in EXPECTED.items():
        assert run.outcome[name] == pytest.approx(statistic(series), rel=1e-12), name


def test_both_engines_have_them_to_the_bit() -> None:
    """Run k of the event engine is row k of the batch, measures and promises with it."""
    deal = MEASURED.replace({"deal.promises": PROMISES})
    batch = sim.replicate(deal, runs=20, seed=3)
    for k in range(0, 20, 5):
        outcome = sim.run(deal, seed=3, replication=k).outcome
        row = {name: column[k] for name, column in batch.outcome_table.items()}
        assert list(outcome) == list(row)
        for name, value in row.items():
            assert outcome[name] == value or (np.isnan(value) and np.isnan(outcome[name])), name


def test_measures_change_no_world() -> None:
    """A scenario with measures and promises that nobody watches has the worlds of the one without, to the bit."""
    plain = sim.replicate(TOY, runs=30, seed=9).outcome_table
    kept = sim.replicate(MEASURED.replace({"deal.promises": PROMISES}), runs=30, seed=9).outcome_table
    for name, values in plain.items():
        equal = np.array_equal(kept[name], values, equal_nan=values.dtype == np.float64)
        assert equal, name


def test_days_count_and_not_steps() -> None:
    """With several steps a day quantities are still read once a day, as the series are."""
    run = sim.run(MEASURED.replace({"steps_per_day": 4}), seed=2)
    series = dict(run.series_table)
    whole = int(float(run.outcome["outcome_day"]))
    for name in ("out_on_average", "most_out", "all_attacks_counted", "time_in_talks"):
        days = {key: values[: whole + 1] for key, values in series.items()}
        assert run.outcome[name] == pytest.approx(EXPECTED[name](days), rel=1e-12), name


PROMISES: dict[str, Any] = {
    "hundred": {"by": "state", "to": "rebels", "reach": {"of": SERIES, "at_least": 100}, "due": {"days": 30}},
    "all_out": {"by": "state", "reach": {"of": SERIES, "at_least": 600}, "due": {"days": 40, "after": "first_release"}},
    "quiet": {"by": "rebels", "to": ["state"], "keep": "holding_fire(rebels) == 1", "since": "2030-02-01"},
    "later": {"by": "state", "reach": {"of": SERIES, "at_least": 300}, "due": {"days": 10, "after": "hundred"}},
    "in_talks": {"by": "state", "reach": {"of": SERIES, "at_least": 590}, "due": {"days": 5, "after": "talks_began"}},
    "held": {"by": "state", "reach": {"of": "1000 - persons_freed(prisoners)", "at_most": 600}, "due": "2030-04-11"},
}


@pytest.mark.parametrize("seed", range(6))
def test_a_promise_is_what_the_series_and_its_due_date_say(seed: int) -> None:
    """Done on the first day at the number, kept if no later than due, and the share is the way gone by then."""
    deal = TOY.replace({"deal.promises": PROMISES})
    run = sim.run(deal, seed=seed)
    out = run.series_table[SERIES]
    end, outcome = int(float(run.outcome["outcome_day"])), run.outcome
    first_out, talks = outcome["first_release_day"], outcome["talks_day"]
    dues = {"hundred": 30.0, "all_out": first_out + 40.0, "later": 40.0, "in_talks": talks + 5.0, "held": 100.0}
    targets = {"hundred": 100, "all_out": 600, "later": 300, "in_talks": 590, "held": 400}
    for name, target in targets.items():
        done = np.flatnonzero(out[: end + 1] >= target)
        day = float(done[0]) if len(done) else np.nan
        assert outcome[f"{name}_done_day"] == day or (np.isnan(day) and np.isnan(outcome[f"{name}_done_day"]))
        due = dues[name]
        assert outcome[f"{name}_due_day"] == due or np.isnan(due)
        last = end if np.isnan(due) else int(min(due, end))
        assert outcome[f"{name}_share"] == pytest.approx(min(out[last] / target, 1.0)), name
        assert outcome[f"{name}_kept"] == float(len(done) > 0 and not day > due), name


def test_a_promise_to_keep_counts_the_days_on_which_it_is_kept() -> None:
    """Kept is never broken; the share is that of the days from its beginning; the first breach has its day."""
    days = "day < 50 or day > 60"
    promises = {
        "always": {"by": "state", "keep": days},
        "early": {"by": "state", "keep": days, "due": {"days": 40}},
        "late": {"by": "state", "keep": days, "since": "2030-03-12", "due": {"days": 90}},
    }
    outcome = sim.run(TOY.replace({"deal.promises": promises, **ENDLESS, "horizon_days": 100}), seed=1).outcome
    assert [outcome[f"{name}_kept"] for name in promises] == [0.0, 1.0, 1.0]
    assert outcome["always_share"] == pytest.approx(89 / 100)
    assert outcome["always_broken_day"] == 50.0
    assert [outcome[f"{name}_share"] for name in ("early", "late")] == [1.0, 1.0]
    assert [outcome[f"{name}_due_day"] for name in promises] == [100.0, 40.0, 90.0]


def test_days_past_due_are_counted_from_the_due_date() -> None:
    """A condition sees days after a due date, days before it as negative, and the horizon while it is not known."""
    measures = {
        "first_late": {"first_day": "days_past_due(dated) >= 7"},
        "week_before": {"first_day": "days_past_due(dated) >= -7"},
        "lowest": {"lowest": "days_past_due(open_end)"},
        "highest": {"highest": "days_past_due(open_end)"},
    }
    promises = {
        "dated": {"by": "state", "reach": {"of": SERIES, "at_least": 600}, "due": {"days": 30}},
        "open_end": {"by": "state", "keep": "day >= 0", "due": {"days": 3, "after": "first_release"}},
    }
    quiet = TOY.replace({"deal.promises": promises, "measures": measures, **ENDLESS, "horizon_days": 90})
    outcome = sim.run(quiet, seed=1).outcome
    assert (outcome["week_before"], outcome["first_late"]) == (23.0, 37.0)
    assert outcome["lowest"] == -90.0
    assert outcome["highest"] == 90.0 - (outcome["first_release_day"] + 3.0)


def test_a_watched_promise_is_broken_on_the_day_after_it_was_due() -> None:
    """Others see a deadline missed, on the day after; unwatched nothing happens."""
    promise = {"by": "state", "reach": {"of": SERIES, "at_least": 900}, "due": {"days": 30}}
    base = {**ENDLESS, "horizon_days": 60, "actors.state.payoff.once.breaks_pledge": 1.0}
    watched = TOY.replace({**base, "deal.promises": {"all_out": {**promise, "watched": True}}})
    unseen = TOY.replace({**base, "deal.promises": {"all_out": promise}})
    events = sim.run(watched, seed=1).events
    assert events[events.kind == "pledge_broken"].day.tolist() == [31.0]
    assert "pledge_broken" not in set(sim.run(unseen, seed=1).events.kind)


def test_what_is_wrong_with_a_promise_or_a_measure_is_said(tmp_path: Any) -> None:
    """Names that exist already, circles of due dates, two kinds at once: each with its line and column."""
    path = tmp_path / "deal.yaml"
    lines = {
        "measures: {deaths: {mean: talks}}": "2:12: measures.deaths: found 'deaths', expected a name",
        "measures: {a: {mean: talks, total: talks}}": "measures.a: found total and mean, expected one of first_day",
        "measures: {a: {mean: 3}}": "measures.a.mean: found 3, expected a sum of features",
        "measures: {a: {mean: freed(x)}}": "2:22: measures.a.mean: found 'x' in freed(x), expected a group of captives",
        "milestones: {talks: talks}": "2:14: milestones.talks: found 'talks', whose column would be talks_day",
        "deal: {promises: {p: {by: us, keep: talks}}}": "deal.promises.p.by: found 'us', expected an actor of actors",
        "deal: {promises: {p: {by: state, to: state, keep: talks}}}": "deal.promises.p.to: found 'state', who gives it",
        "deal: {promises: {p: {by: state}}}": "deal.promises.p: found neither reach nor keep, expected one of them",
        "deal: {promises: {p: {by: state, keep: talks, due: {days: 1, after: p}}}}": "found p after p, expected",
        "deal: {promises: {p: {by: state, keep: talks, due: {days: 1, after: q}}}}": "found 'q', expected a promise, a",
        "headline: [first_relese]": "2:12: headline.0: found 'first_relese', expected a measure",
        "headline: [talks_began, talks_began]": "2:25: headline.1: found 'talks_began' again, expected each",
        "headline: [deaths by 2030-02-01]": "headline.0: found 'deaths', expected an event",
        "milestones: {late: days_past_due(p) > 3}": "found 'p' in days_past_due(p), expected a promise of",
    }
    for line, problem in lines.items():
        path.write_text(f"extends: toys/two_actors\n{line}\n")
        with pytest.raises(ScenarioError) as caught:
            sim.load(path)
        assert problem in str(caught.value), str(caught.value)
