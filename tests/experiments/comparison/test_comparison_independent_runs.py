"""How many independent runs shared luck is worth: the formula against brute force and against known cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.experiments.comparison.independent_runs import independent_runs
from sim.experiments.paired_effect import paired_effect


def test_it_is_what_brute_force_finds() -> None:
    """Means of that many independent runs scatter as the paired mean does, over 4,000 repeated experiments."""
    rng = np.random.default_rng(3)
    common, n = rng.normal(size=(4000, 50)), 50
    x = common + 0.5 * rng.normal(size=common.shape)
    y = 0.3 + common + 0.5 * rng.normal(size=common.shape)
    needed = np.median([independent_runs(a, b) for a, b in zip(x, y, strict=True)])
    paired = (y - x).mean(axis=1).std()
    m = round(float(needed))
    sd = math.sqrt(1.25)
    apart = (rng.normal(0.0, sd, (4000, m)).mean(axis=1) - rng.normal(0.0, sd, (4000, m)).mean(axis=1)).std()
    assert m == pytest.approx(5 * n, rel=0.1)
    assert apart == pytest.approx(paired, rel=0.06)


def test_yes_or_no_as_the_formula_says() -> None:
    """For outcomes it is n (p(1-p) + q(1-q)) / ((b + c)/n - (b - c)^2/n^2)."""
    rng = np.random.default_rng(8)
    x = rng.random(500) < 0.4
    y = np.where(rng.random(500) < 0.1, ~x, x)
    p, q, b, c = x.mean(), y.mean(), (y & ~x).sum(), (x & ~y).sum()
    expected = 500 * (p * (1 - p) + q * (1 - q)) / ((b + c) / 500 - (b - c) ** 2 / 500**2)
    assert independent_runs(x, y) == pytest.approx(expected)


def test_luck_that_is_not_shared_is_worth_nothing() -> None:
    """Where the two are independent, it is about the number of pairs."""
    rng = np.random.default_rng(5)
    assert independent_runs(rng.normal(size=20_000), rng.normal(size=20_000)) == pytest.approx(20_000, rel=0.05)


def test_edges() -> None:
    """The same in every run: no number is enough. Neither varies, or fewer than two pairs: unknown."""
    x = np.array([0.0, 1.0, 2.0])
    assert independent_runs(x, x) == math.inf
    assert independent_runs(x, x + 0.1) == math.inf
    assert math.isnan(independent_runs(np.ones(5), np.zeros(5)))
    assert math.isnan(independent_runs(np.array([1.0, np.nan]), np.array([2.0, 3.0])))
    with pytest.raises(UsageError, match="one equal length"):
        independent_runs(x, x[:2])


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=3, max_size=30))
def test_it_reproduces_the_standard_error(pairs: list[tuple[float, float]]) -> None:
    """The sum of the two variances over that many runs is the squared standard error of the paired mean."""
    x, y = np.array(pairs).T
    assume((y - x).std() > 1e-3)
    m = independent_runs(x, y)
    error = paired_effect(x, y).standard_error
    assert (x.var(ddof=1) + y.var(ddof=1)) / m == pytest.approx(error**2, rel=1e-9)
