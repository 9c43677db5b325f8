"""Samplers of counts give the exact quantile, rise with their parameters on shared luck, and flag impossible ones."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.random.binomial import binomial
from sim.random.negative_binomial import negative_binomial
from sim.random.poisson import EXPAND_FROM, poisson

LUCK = np.concatenate(
    [[1e-12, 1e-7, 1e-3], np.random.default_rng(11).random(40), [0.999, 1 - 2e-6, 1 - 1e-6, 1 - 1e-7, 1 - 1e-10]]
)
LUCKS = st.floats(2.0**-54, 1.0 - 2.0**-53)
MEANS = st.floats(1e-3, 1e5)
GROWTH = st.floats(1.0, 3.0)


def assert_quantiles(sampler, distribution):
    """Compare with SciPy's quantiles, but for luck within 1e-9 of a step of the distribution function."""
    for u, expected in zip(LUCK, distribution.ppf(LUCK), strict=True):
        found = sampler(u)
        if found != expected:
            assert abs(distribution.cdf(min(found, expected)) - u) < 1e-9, (u, found, expected)
            assert abs(found - expected) == 1


@pytest.mark.parametrize("mean", [1e-3, 0.1, 1.0, 7.3, 11.99, 12.0, 12.01, 33.0, 53.4, 89.0, 130.0, 1e3, 12_345.6, 1e6])
def test_poisson_is_the_quantile(mean):
    """On both sides of every switch of method the count is SciPy's quantile."""
    assert_quantiles(lambda u: poisson(u, mean), stats.poisson(mean))


@pytest.mark.parametrize("trials", [1, 10, 90, 5000, 1_000_000])
@pytest.mark.parametrize("probability", [1e-4, 0.02, 0.15, 0.5, 0.6, 0.999])
def test_binomial_is_the_quantile(trials, probability):
    """For few and many trials, rare and common successes, the count is SciPy's quantile."""
    assert_quantiles(lambda u: binomial(u, trials, probability), stats.binom(trials, probability))


@pytest.mark.parametrize("mean", [0.01, 0.37, 4.8, 33.0, 300.0, 1e4, 1e6])
@pytest.mark.parametrize("shape", [0.05, 0.1, 1.0, 8.9, 250.0])
def test_negative_binomial_is_the_quantile(mean, shape):
    """For short and long tails, whole and broken shapes, the count is SciPy's quantile."""
    if mean / shape <= 1e6:
        assert_quantiles(lambda u: negative_binomial(u, mean, shape), stats.nbinom(shape, shape / (shape + mean)))


def test_negative_binomial_of_huge_shape_is_poisson():
    """As the shape grows without bound the counts become Poisson's."""
    assert [negative_binomial(u, 33.0, 1e9) for u in LUCK] == [poisson(u, 33.0) for u in LUCK]


@given(LUCKS, MEANS, GROWTH)
@settings(max_examples=300)
def test_poisson_rises_with_its_mean(u, mean, growth):
    """With the luck held, a higher mean never gives a smaller count."""
    assert poisson(u, mean) <= poisson(u, mean * growth)


@given(LUCKS, st.floats(EXPAND_FROM * 0.99, EXPAND_FROM), st.floats(EXPAND_FROM, EXPAND_FROM * 1.01))
def test_poisson_rises_across_the_switch_of_method(u, below, above):
    """The sum from 0 below mean 12 and the expansion above it meet without a step back."""
    assert poisson(u, below) <= poisson(u, above)


@given(LUCKS, st.integers(0, 20_000), st.integers(0, 1000), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=300)
def test_binomial_rises_with_trials_and_probability(u, trials, more, p, r):
    """With the luck held, more trials or a higher probability never give a smaller count, nor one out of range."""
    low, high = min(p, r), max(p, r)
    count = binomial(u, trials, low)
    assert 0 <= count <= trials
    assert count <= binomial(u, trials, high)
    assert count <= binomial(u, trials + more, low)


@given(LUCKS, MEANS, st.floats(0.01, 100.0), GROWTH)
@settings(max_examples=300)
def test_negative_binomial_rises_with_its_mean(u, mean, shape, growth):
    """With the luck held, a higher mean never gives a smaller count, the shape held or raised with it."""
    count = negative_binomial(u, mean, shape)
    assert count <= negative_binomial(u, mean * growth, shape)
    assert count <= negative_binomial(u, mean * growth, shape * growth)


@given(LUCKS, LUCKS, MEANS)
def test_counts_rise_with_luck(u, v, mean):
    """Higher luck never gives a smaller count: the samplers are inversions."""
    low, high = min(u, v), max(u, v)
    assert poisson(low, mean) <= poisson(high, mean)
    assert binomial(low, int(mean) + 1, 0.3) <= binomial(high, int(mean) + 1, 0.3)
    assert negative_binomial(low, mean, 2.5) <= negative_binomial(high, mean, 2.5)


@pytest.mark.parametrize("u", [5e-324, 2.0**-54, 1e-9, 0.5, 1 - 1e-9, 1 - 2.0**-53])
def test_extremes_end(u):
    """Tiny and huge parameters at the ends of luck give a count, without error or endless search."""
    for mean in (5e-324, 1e-310, 1e-3, 11.9, 1e6, 1e9):
        assert poisson(u, mean) >= 0
        for shape in (1e-12, 1e-3, 0.1, 1e9, 1e18):
            assert negative_binomial(u, mean, shape) >= 0
    for trials in (1, 1000, 10**9):
        for p in (5e-324, 1e-9, 0.5, 1 - 2.0**-53):
            assert 0 <= binomial(u, trials, p) <= trials


@pytest.mark.parametrize("bad", [math.nan, math.inf, 2e18])
def test_impossible_parameters_are_flagged(bad):
    """NaN, infinity and what is too large give NaN, which spreads to whatever it is added to."""
    assert math.isnan(poisson(0.5, bad))
    assert math.isnan(negative_binomial(0.5, bad, 1.0))
    assert math.isnan(negative_binomial(0.5, 1.0, bad))
    assert math.isnan(negative_binomial(0.5, 0.0, bad))
    assert math.isnan(poisson(0.5, 2e9))
    assert math.isnan(binomial(0.5, 2_000_000_000, 0.5))


@pytest.mark.parametrize("mean", [0.3, 5.0, 399.0, 401.0, 89_000.0])
def test_a_huge_shape_is_the_limit_of_poisson(mean):
    """From shape 1e9 to 1e18 negative binomial counts are nearly all those of Poisson at the same luck, none is far."""
    luck = (np.arange(2_000) + 0.5) / 2_000
    poissons = np.array([poisson(u, mean) for u in luck])
    for shape in (1e9 * (1 - 1e-12), 1e9 * (1 + 1e-12), 1e12, 1e18):
        counts = np.array([negative_binomial(u, mean, shape) for u in luck])
        assert np.abs(counts - poissons).max() <= 1.0
        assert (counts != poissons).mean() <= 0.5 * mean / shape * np.sqrt(mean) + 1e-3


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_impossible_probabilities_are_flagged(bad):
    """A probability that is NaN or infinite gives NaN."""
    assert math.isnan(binomial(0.5, 10, bad))


@pytest.mark.parametrize("u", [0.0, 1.0, -1.0, math.nan])
def test_luck_outside_the_interval_is_flagged(u):
    """Luck outside (0, 1) gives NaN."""
    assert all(math.isnan(x) for x in (poisson(u, 5.0), binomial(u, 5, 0.5), negative_binomial(u, 5.0, 1.0)))


@pytest.mark.parametrize("nothing", [0.0, -1.0, -math.inf])
def test_no_mean_no_count(nothing):
    """A mean or shape of 0 or less gives 0."""
    assert poisson(0.9, nothing) == 0
    assert negative_binomial(0.9, nothing, 1.0) == 0
    assert negative_binomial(0.9, 1.0, nothing) == 0
    assert binomial(0.9, 0, 0.5) == binomial(0.9, -3, 0.5) == binomial(0.9, 10, -0.1) == 0


def test_certain_success_counts_every_trial():
    """A probability of 1 or more gives all trials."""
    assert binomial(0.1, 10, 1.0) == binomial(0.1, 10, 1.5) == 10
