"""Multinomial thinning keeps every unit and gives each destination its share."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.random.binomial import binomial
from sim.random.causes import ATTRIBUTION
from sim.random.stream import uniform
from sim.random.thin import thin


def split(count, probabilities, luck):
    """Return the parts and what is left."""
    parts = np.full(len(probabilities), 99, dtype=np.int64)
    left = thin(count, np.array(probabilities, dtype=float), np.array(luck, dtype=float), parts)
    return parts, left


@given(st.integers(0, 10_000), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6), st.data())
def test_no_unit_is_lost(count, weights, data):
    """The parts and what is left add up to the count."""
    probabilities = np.array(weights) / max(1.0, math.fsum(weights))
    luck = data.draw(st.lists(st.floats(0.001, 0.999), min_size=len(weights), max_size=len(weights)))
    parts, left = split(count, probabilities, luck)
    assert left >= 0
    assert (parts >= 0).all()
    assert parts.sum() + left == count


@given(st.integers(0, 5000), st.floats(0.01, 0.99), st.floats(0.001, 0.999))
def test_one_destination_takes_a_binomial(count, p, u):
    """With one destination the part is the binomial count."""
    parts, left = split(count, [p], [u])
    assert parts[0] == binomial(u, count, p) == count - left


@given(st.integers(0, 5000), st.lists(st.floats(0.01, 1.0), min_size=2, max_size=6), st.data())
def test_probabilities_that_add_up_to_1_leave_nothing(count, weights, data):
    """Though their float sum may miss 1 by a rounding."""
    luck = data.draw(st.lists(st.floats(1e-15, 1 - 1e-15), min_size=len(weights), max_size=len(weights)))
    _, left = split(count, np.array(weights) / np.sum(weights), luck)
    assert left == 0


def test_counts_are_multinomial():
    """Over 20,000 addressed splits, every destination's count has the binomial distribution of its probability."""
    probabilities = [0.15, 0.2, 0.4]
    rows = np.array(
        [
            split(20, probabilities, [uniform(3, run, ATTRIBUTION, j, 0, 0) for j in range(3)])[0]
            for run in range(20_000)
        ]
    )
    for j, p in enumerate(probabilities):
        expected = 20_000 * stats.binom.pmf(np.arange(21), 20, p)
        keep = expected > 5
        observed = np.bincount(rows[:, j], minlength=21)
        tail = [observed[~keep].sum()], [expected[~keep].sum()]
        test = stats.chisquare(np.append(observed[keep], tail[0]), np.append(expected[keep], tail[1]))
        assert test.pvalue > 1e-3
    covariance = np.cov(rows[:, 0], rows[:, 1])[0, 1]
    assert covariance == pytest.approx(-20 * 0.15 * 0.2, abs=0.1)


@pytest.mark.parametrize("probabilities", [[0.6, 0.5], [math.nan, 0.1], [0.1, math.inf]])
def test_impossible_probabilities_are_flagged(probabilities):
    """More than 1 together, NaN and infinity give -1, and every part is 0."""
    parts, left = split(10, probabilities, [0.5, 0.5])
    assert left == -1
    assert parts[0] == 0


@pytest.mark.parametrize("luck", [0.0, 1.0, math.nan])
def test_luck_outside_the_interval_is_flagged(luck):
    """Luck outside (0, 1) gives -1."""
    assert split(10, [0.5], [luck])[1] == -1


def test_negative_probabilities_and_counts_are_nothing():
    """A negative probability takes nothing, a negative count has nothing to take."""
    assert split(10, [-0.5, 1.0], [0.5, 0.5])[0].tolist() == [0, 10]
    parts, left = split(-5, [0.5, 0.5], [0.5, 0.5])
    assert (parts.tolist(), left) == ([0, 0], 0)
