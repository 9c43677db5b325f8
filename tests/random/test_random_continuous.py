"""Samplers of durations, shares and factors give the exact quantile and flag what is no parameter."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.random.beta import beta
from sim.random.exponential import exponential
from sim.random.gamma import gamma
from sim.random.lognormal import lognormal

LUCK = np.concatenate([[1e-12, 1e-6], np.linspace(0.001, 0.999, 53), [1 - 1e-6, 1 - 1e-12]])
LUCKS = st.floats(2.0**-54, 1.0 - 2.0**-53)


@pytest.mark.parametrize("shape", [0.05, 0.3, 1.0, 4.0, 30.0, 1e4])
def test_gamma_is_the_quantile(shape):
    """For shapes from 0.05 to 10,000, to 1e-10."""
    found = [gamma(u, 18.0, shape) for u in LUCK]
    np.testing.assert_allclose(found, stats.gamma.ppf(LUCK, shape, scale=18.0 / shape), rtol=1e-10, atol=1e-290)


@pytest.mark.parametrize(
    ("a", "b"), [(2.0, 3.0), (0.1, 0.1), (1.0, 1.0), (0.5, 100.0), (1e4, 3.0), (1e5, 1e5), (0.01, 5.0)]
)
def test_beta_is_the_quantile(a, b):
    """For flat, pointed, lopsided and U-shaped densities, to 1e-10."""
    found = [beta(u, a, b) for u in LUCK]
    np.testing.assert_allclose(found, stats.beta.ppf(LUCK, a, b), rtol=1e-10, atol=1e-280)


def test_exponential_is_the_quantile():
    """-m log(1 - u), without loss of digits for small u."""
    np.testing.assert_allclose([exponential(u, 69.0) for u in LUCK], stats.expon.ppf(LUCK, scale=69.0), rtol=1e-14)
    assert exponential(1e-300, 1.0) == pytest.approx(1e-300, rel=1e-15)


def test_lognormal_is_the_quantile():
    """The median times exp(sd w)."""
    found = [lognormal(u, 2.0, 0.35) for u in LUCK]
    np.testing.assert_allclose(found, stats.lognorm.ppf(LUCK, 0.35, scale=2.0), rtol=1e-13)


@given(LUCKS, st.floats(1e-3, 1e6), st.floats(1.0, 10.0), st.floats(0.01, 100.0))
def test_higher_means_give_higher_numbers(u, mean, growth, shape):
    """With the luck held, a higher mean never gives a smaller number."""
    assert exponential(u, mean) <= exponential(u, mean * growth)
    assert gamma(u, mean, shape) <= gamma(u, mean * growth, shape)
    assert lognormal(u, mean, 0.5) <= lognormal(u, mean * growth, 0.5)


@given(LUCKS, st.floats(0.01, 100.0), st.floats(0.01, 100.0), st.floats(1.01, 10.0))
def test_beta_rises_with_its_first_shape(u, a, b, growth):
    """With the luck held, a higher `a` gives a number at least as high, a higher `b` one at most as high."""
    x = beta(u, a, b)
    assert 0.0 <= x <= 1.0
    assert x <= beta(u, a * growth, b) * (1 + 1e-12)
    assert beta(u, a, b * growth) <= x * (1 + 1e-12)


@given(LUCKS, st.floats(0.5, 50.0))
def test_beta_of_swapped_shapes_is_the_complement(u, a):
    """If X is beta(a, 3) then 1 - X is beta(3, a)."""
    if 1.0 - (1.0 - u) == u and u < 1.0:
        assert beta(u, a, 3.0) == pytest.approx(1.0 - beta(1.0 - u, 3.0, a), abs=1e-11)


@pytest.mark.parametrize("u", [5e-324, 2.0**-54, 0.5, 1 - 2.0**-53])
def test_extremes_end(u):
    """Extreme shapes at the ends of luck give a number, without error or endless search."""
    for shape in (1e-3, 1.0, 1e6):
        assert 0.0 <= gamma(u, 1.0, shape) < math.inf
        for other in (1e-3, 1.0, 1e6):
            assert 0.0 <= beta(u, shape, other) <= 1.0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_impossible_parameters_are_flagged(bad):
    """NaN and infinity give NaN."""
    numbers = [
        exponential(0.5, bad),
        gamma(0.5, bad, 1.0),
        gamma(0.5, 1.0, bad),
        beta(0.5, bad, 1.0),
        beta(0.5, 1.0, bad),
    ]
    assert np.isnan([*numbers, lognormal(0.5, bad, 1.0), lognormal(0.5, 1.0, bad)]).all()


@pytest.mark.parametrize("u", [0.0, 1.0, -1.0, math.nan])
def test_luck_outside_the_interval_is_flagged(u):
    """Luck outside (0, 1) gives NaN."""
    assert np.isnan([exponential(u, 1.0), gamma(u, 1.0, 1.0), beta(u, 1.0, 1.0), lognormal(u, 1.0, 1.0)]).all()


def test_degenerate_parameters():
    """No mean gives 0, no spread gives the median, and what no float can hold is flagged."""
    assert exponential(0.5, 0.0) == gamma(0.5, -1.0, 2.0) == lognormal(0.5, 0.0, 1.0) == 0.0
    assert lognormal(0.9, 3.0, 0.0) == lognormal(0.9, 3.0, -1.0) == 3.0
    assert np.isnan([lognormal(0.9999, 1e300, 100.0), lognormal(0.9999, 1.0, 1e300)]).all()
    assert lognormal(0.0001, 1.0, 1e300) == 0.0
