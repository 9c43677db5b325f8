"""Proper scores of probabilistic forecasts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from sim.errors import UsageError
from sim.scoring import (
    brier_score,
    crps_ensemble,
    crps_normal,
    energy_score_ensemble,
    energy_score_normal,
    log_score,
    ranked_probability_score,
)

FORECAST = [0.1, 0.2, 0.3, 0.4]
CLASS = 2


def test_crps_of_a_standard_normal() -> None:
    """The CRPS of N(0, 1) at 0 is .2336949773 (Gneiting and Raftery 2007)."""
    assert float(crps_normal(0, 1, 0)) == pytest.approx(0.2336949773, abs=1e-9)


def test_energy_score_of_a_standard_normal_vector() -> None:
    """The energy score of N2(0, I) at 0 is .3670872119 (Gneiting and Raftery 2007)."""
    assert float(energy_score_normal([0, 0], np.eye(2), [0, 0])) == pytest.approx(0.3670872119, abs=1e-9)


def test_scores_of_classes() -> None:
    """For p = (.1, .2, .3, .4) and the third class: ranked .26, Brier .70, log 1.2039728043."""
    assert float(ranked_probability_score(FORECAST, CLASS)) == pytest.approx(0.26, abs=1e-9)
    assert float(brier_score(FORECAST, CLASS)) == pytest.approx(0.70, abs=1e-9)
    assert float(log_score(FORECAST, CLASS)) == pytest.approx(1.2039728043, abs=1e-9)


@given(st.floats(-3, 3), st.floats(0.1, 4), st.floats(-5, 5))
def test_crps_is_the_integral_of_squared_errors_of_the_cdf(mean: float, sd: float, y: float) -> None:
    """The closed form equals the integral that defines the score."""
    below = quad(lambda x: norm.cdf(x, mean, sd) ** 2, min(mean, y) - 12 * sd, y, limit=200)[0]
    above = quad(lambda x: (1 - norm.cdf(x, mean, sd)) ** 2, y, max(mean, y) + 12 * sd, limit=200)[0]
    assert float(crps_normal(mean, sd, y)) == pytest.approx(below + above, abs=1e-6)
    assert float(energy_score_normal([mean], [[sd * sd]], [y])) == pytest.approx(
        float(crps_normal(mean, sd, y)), abs=1e-9
    )


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=30), st.floats(-100, 100))
def test_ensemble_scores_are_their_definition(members: list[float], y: float) -> None:
    """The sorted form equals E|X - y| - E|X - X'| / 2 over all pairs, fair or not, and the energy score agrees."""
    x = np.array(members)
    pairs = np.abs(x[:, None] - x[None, :]).sum()
    error = np.abs(x - y).mean()
    m = x.size
    assert float(crps_ensemble(x, y)) == pytest.approx(error - pairs / (2 * m * m), abs=1e-9)
    assert float(crps_ensemble(x, y, fair=True)) == pytest.approx(error - pairs / (2 * m * (m - 1)), abs=1e-9)
    assert float(energy_score_ensemble(x[:, None], [y])) == pytest.approx(float(crps_ensemble(x, y)), abs=1e-9)


def test_energy_score_with_correlation_agrees_with_a_sample() -> None:
    """For a correlated normal vector the exact score lies within 4 standard errors of a sample's fair score."""
    covariance = np.array([[2.0, 0.6], [0.6, 0.5]])
    mean, y = np.array([1.0, -1.0]), np.array([0.0, 0.5])
    exact = float(energy_score_normal(mean, covariance, y))
    draws = np.random.default_rng(3).multivariate_normal(mean, covariance, (200, 50))
    scores = energy_score_ensemble(draws, np.broadcast_to(y, (200, 2)), fair=True)
    assert abs(scores.mean() - exact) < 4 * scores.std(ddof=1) / np.sqrt(200)


CHANCES = st.lists(st.floats(0.01, 1), min_size=2, max_size=5).map(lambda w: np.array(w) / np.sum(w))


@given(CHANCES, st.data())
def test_scores_are_proper(truth: np.ndarray, data: st.DataObject) -> None:
    """On average nobody scores better than by saying the true probabilities."""
    weights = data.draw(st.lists(st.floats(0.01, 1), min_size=truth.size, max_size=truth.size))
    other = np.array(weights) / np.sum(weights)
    classes = np.arange(truth.size)
    for score in (brier_score, log_score, ranked_probability_score):
        honest = float(truth @ score(truth, classes))
        assert honest <= float(truth @ score(other, classes)) + 1e-12


def test_scores_are_vectorised() -> None:
    """Cases on leading axes give the same scores as one by one."""
    forecasts = np.array([FORECAST, [0.25] * 4, [0.0, 0.0, 0.0, 1.0]])
    happened = np.array([2, 0, 3])
    for score in (brier_score, log_score, ranked_probability_score):
        together = score(forecasts, happened)
        assert together.tolist() == [float(score(f, int(k))) for f, k in zip(forecasts, happened, strict=True)]
    assert np.isinf(log_score([1.0, 0.0], 1))
    assert crps_normal([0.0, 1.0], [1.0, 0.0], 3.0)[1] == 2.0


def test_bad_forecasts_are_refused() -> None:
    """Forecasts that do not sum to 1, unknown classes, NaN and indefinite covariances are refused."""
    with pytest.raises(UsageError, match="sum to 1"):
        brier_score([0.5, 0.6], 0)
    with pytest.raises(UsageError, match="class numbers"):
        log_score([0.5, 0.5], 2)
    with pytest.raises(UsageError, match="finite"):
        crps_ensemble([1.0, float("nan")], 0.0)
    with pytest.raises(UsageError, match="at least 0"):
        crps_normal(0.0, -1.0, 0.0)
    with pytest.raises(UsageError, match="eigenvalue"):
        energy_score_normal([0, 0], [[1, 2], [2, 1]], [0, 0])
    with pytest.raises(UsageError, match="at least 2"):
        crps_ensemble([1.0], 0.0, fair=True)
