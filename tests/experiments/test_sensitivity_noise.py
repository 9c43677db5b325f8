"""Variance is split into what factors and what luck bring, without bias, whether rows share their luck or not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sensitivity_functions import own_luck, shared_luck

from sim.experiments.sensitivity.distinct_runs import known, product
from sim.experiments.sensitivity.variance_split import variance_split

VALUES = st.floats(-100.0, 100.0)


@given(arrays(np.float64, (2, 5), elements=VALUES))
def test_a_product_over_distinct_runs_is_the_mean_over_pairs(runs: np.ndarray) -> None:
    """The closed form equals the sum over all ordered pairs of different replications."""
    u, v = runs
    pairs = [u[k] * v[m] for k in range(5) for m in range(5) if k != m]
    assert product(u, v) == pytest.approx(np.mean(pairs), abs=1e-8)


@given(arrays(np.float64, 6, elements=VALUES))
def test_a_square_over_distinct_runs_is_the_square_of_the_mean_less_its_noise(runs: np.ndarray) -> None:
    """For one row the product is the correction of one-way analysis of variance."""
    assert product(runs, runs) == pytest.approx(runs.mean() ** 2 - runs.var(ddof=1) / 6, abs=1e-8)


def test_failed_runs_leave_both_rows() -> None:
    """A replication that is unknown in one row is left out of the other too; one pair is the least."""
    u, v = np.array([1.0, np.nan, 3.0, 5.0]), np.array([2.0, 9.0, np.nan, 4.0])
    assert known(u, v) == 2
    assert product(u, v) == pytest.approx((1.0 * 4.0 + 5.0 * 2.0) / 2)
    assert math.isnan(product(u[:2], v[:2]))


@pytest.mark.parametrize("shared", [False, True])
def test_the_split_is_unbiased(shared: bool) -> None:
    """Over 200 samples of 40 rows and 3 replications both variances are right on average within 3.5 errors."""
    found, luck = [], 0.0
    for seed in range(200):
        x = np.random.default_rng([seed, 9]).random((40, 1))
        exact = 6.0 * x[:, 0]
        runs = shared_luck(exact, x, 2.0, 3, seed) if shared else own_luck(exact, 3.0, 3, seed)
        split = variance_split(runs)
        found.append((split.factors, split.luck))
        # luck of a row: a shift of variance 4 and a slope of variance 4 at 2 x - 1, whose square is 1/3 on average
        luck = 4.0 + 4.0 / 3.0 if shared else 9.0
    error = np.std(found, axis=0, ddof=1) / np.sqrt(len(found))
    # the variance over 40 rows divides by 40, not 39
    assert (np.abs(np.mean(found, axis=0) - [36.0 / 12.0 * 39.0 / 40.0, luck]) < 3.5 * error).all()


def test_shares_of_a_coin() -> None:
    """A measure whose chance is 0.2 or 0.8 with equal odds has 0.16 of its variance of 0.25 from luck within rows."""
    rng = np.random.default_rng(1)
    chance = np.repeat([0.2, 0.8], 3000)[:, None]
    split = variance_split((rng.random((6000, 10)) < chance).astype(float))
    assert split.luck_share == pytest.approx(0.16 / 0.25, abs=0.01)
    assert split.noise_of_means == pytest.approx(0.016 / (0.016 + 0.09), abs=0.01)


def test_one_replication_tells_nothing_about_luck() -> None:
    """With one run a row the split is unknown, and the variance is that of the runs."""
    split = variance_split(np.array([[1.0], [3.0]]))
    assert (split.factors, math.isnan(split.luck), math.isnan(split.luck_share)) == (1.0, True, True)


def test_rows_of_failed_runs_are_not_counted() -> None:
    """A row with fewer than two runs that did not fail changes nothing."""
    runs = own_luck(np.arange(10.0), 1.0, 4, seed=1)
    more = np.vstack([runs, [5.0, np.nan, np.nan, np.nan]])
    assert variance_split(more) == variance_split(runs)
