"""Cumulative incidence: the laws of competing risks, and the general estimator as a yardstick."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import sim
from sim.engine.batch import Batch
from sim.errors import UsageError
from sim.experiments.comparison.cumulative_incidence import cumulative_incidence, event_days, incidence_events


def ends_of(batch: sim.Batch) -> list[str]:
    """Return the outcomes that come before the horizon."""
    return [name for name, outcome in batch.scenario.outcomes.items() if not outcome.at_horizon]


@pytest.fixture(scope="module", params=["toys/two_actors", "toys/five_actors", "doha_2020/uniform"])
def batch(request: pytest.FixtureRequest) -> Batch:
    """Return runs of a scenario."""
    return sim.replicate(sim.load(request.param), runs=120, seed=4)


def aalen_johansen(times: NDArray[np.float64], causes: NDArray[np.int64], cause: int, at: float) -> float:
    """Return the estimate by its sum over event times; cause 0 is censored."""
    survival, total = 1.0, 0.0
    for time in np.unique(times[(causes > 0) & (times <= at)]):
        risk = (times >= time).sum()
        total += survival * ((times == time) & (causes == cause)).sum() / risk
        survival *= 1.0 - ((times == time) & (causes > 0)).sum() / risk
    return total


def test_it_never_falls_and_stays_a_share(batch: Batch) -> None:
    """Every curve is monotone in [0, 1] and inside its band."""
    for event in incidence_events(batch):
        curve = cumulative_incidence(batch, event)
        assert (np.diff(curve.share) >= 0.0).all()
        assert (curve.low <= curve.share).all()
        assert (curve.share <= curve.high).all()
        assert 0.0 <= curve.share[0] <= curve.share[-1] <= 1.0


def test_ends_that_compete_sum_to_at_most_one(batch: Batch) -> None:
    """A run ends once: on no day have more than all runs ended."""
    total = sum(cumulative_incidence(batch, event).share for event in ends_of(batch))
    assert (total <= 1.0 + 1e-12).all()


def test_at_the_horizon_it_is_the_share(batch: Batch) -> None:
    """The last value of an outcome's curve is its share, standard error and interval included."""
    for outcome, row in batch.shares.iterrows():
        curve = cumulative_incidence(batch, str(outcome))
        assert (curve.share[-1], curve.low[-1], curve.high[-1]) == (row.share, row.low, row.high)
        assert curve.standard_error[-1] == pytest.approx(row.standard_error)


def test_it_is_the_aalen_johansen_estimate(batch: Batch) -> None:
    """With all runs watched to the horizon, the general estimator of competing risks says the same."""
    days = np.stack([event_days(batch, event) for event in ends_of(batch)])
    horizon = float(batch.scenario.horizon_days)
    times = np.minimum(days.min(axis=0), horizon)
    causes = np.where(np.isfinite(days).any(axis=0), days.argmin(axis=0) + 1, 0)
    for cause, event in enumerate(ends_of(batch), start=1):
        curve = cumulative_incidence(batch, event)
        for day in (0, 50, 100, 200, 300):
            assert curve.share[day] == pytest.approx(aalen_johansen(times, causes, cause, day), abs=1e-12)


def test_a_run_that_ended_otherwise_stays_in_the_denominator(batch: Batch) -> None:
    """Talks in a run that ended before them never come; they are not taken to come later."""
    curve = cumulative_incidence(batch, "talks_began")
    opened = batch.outcomes.talks_day.notna()
    assert curve.share[-1] == opened.mean()
    ended_first = (~opened & (batch.outcomes.outcome_day < batch.scenario.horizon_days)).sum()
    assert curve.share[-1] <= 1.0 - ended_first / len(batch)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2)), min_size=1, max_size=40), st.integers(0, 30))
def test_without_censoring_before_the_end_the_estimator_is_a_share(runs: list[tuple[int, int]], day: int) -> None:
    """The identity that the module rests on: Aalen-Johansen with censoring at the horizon only is count over runs."""
    causes = np.array([cause for _, cause in runs])
    times = np.where(causes == 0, 30.0, np.array([float(time) for time, _ in runs]))
    share = ((causes == 1) & (times <= day)).mean()
    assert aalen_johansen(times, causes, 1, float(day)) == pytest.approx(share, abs=1e-12)


def test_an_event_that_is_none(batch: Batch) -> None:
    """An unknown event is refused with those that there are."""
    with pytest.raises(UsageError, match="settlement"):
        cumulative_incidence(batch, "peace")
