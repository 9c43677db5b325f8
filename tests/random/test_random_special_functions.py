"""The functions beneath the samplers agree with SciPy's and with closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from sim.random.incomplete_beta import beta_weight, incomplete_beta
from sim.random.incomplete_gamma import gamma_weight, incomplete_gamma
from sim.random.log_gamma import deviance, log_gamma, stirling_error
from sim.random.log_one_plus import log_one_plus
from sim.random.normal import normal

SHAPES = st.floats(1e-2, 1e5)
POSITIVE = st.floats(1e-3, 1e6)


@given(POSITIVE)
def test_log_gamma_agrees_with_scipy(x):
    """From a thousandth to a million, to 2e-14 of the larger of 1 and the value."""
    expected = float(special.gammaln(x))
    assert abs(log_gamma(x) - expected) <= 2e-14 * max(1.0, abs(expected))


@pytest.mark.parametrize("n", range(1, 20))
def test_log_gamma_of_whole_numbers_is_the_log_of_a_factorial(n):
    """Gamma(n) = (n - 1)!."""
    assert log_gamma(float(n)) == pytest.approx(math.log(math.factorial(n - 1)), abs=1e-14, rel=1e-14)


@given(st.floats(10.0, 1e6))
def test_stirling_error_lies_between_its_first_terms(x):
    """1/(12x) - 1/(360x^3) < d(x) < 1/(12x)."""
    assert 1 / (12 * x) - 1 / (360 * x**3) <= stirling_error(x) * (1 + 1e-15) <= 1 / (12 * x) * (1 + 2e-15)


def test_stirling_error_does_not_jump_where_its_series_begins():
    """Just below and at 10 the two ways to compute it agree."""
    assert stirling_error(math.nextafter(10.0, 0.0)) == pytest.approx(stirling_error(10.0), abs=1e-14)


@given(POSITIVE, st.floats(-1e-3, 1e-3))
def test_deviance_near_its_zero_is_a_parabola(mean, relative):
    """D(m(1+h), m) = m (h^2/2 - h^3/6 + ...), without loss of digits."""
    x = mean * (1.0 + relative)
    h = (x - mean) / mean
    series = mean * (h**2 / 2 - h**3 / 6 + h**4 / 12)
    assert deviance(x, mean) == pytest.approx(series, rel=1e-9, abs=1e-300)


@given(SHAPES, st.floats(-5.0, 5.0))
def test_incomplete_gamma_agrees_with_scipy(a, deviations):
    """Within 1e-12, and its two parts add up to 1."""
    x = max(1e-9, a + deviations * math.sqrt(a))
    lower, upper = incomplete_gamma(a, x)
    assert abs(lower - special.gammainc(a, x)) < 1e-12
    assert abs(upper - special.gammaincc(a, x)) < 1e-12
    assert lower + upper == pytest.approx(1.0, abs=1e-15)


@given(SHAPES, SHAPES, st.floats(1e-6, 1.0 - 1e-6))
def test_incomplete_beta_agrees_with_scipy(a, b, x):
    """Within 1e-11, and swapping the shapes swaps the parts."""
    y = 1.0 - x
    x = 1.0 - y
    lower, upper = incomplete_beta(a, b, x, y)
    assert abs(lower - special.betainc(a, b, x)) < 1e-11
    assert incomplete_beta(b, a, y, x) == pytest.approx((upper, lower), abs=1e-12)


@pytest.mark.parametrize("k", [0.5, 1.0, 5.0, 30.0])
def test_weights_are_the_probabilities_of_counts(k):
    """The factors in front are a Poisson and a binomial probability."""
    assert gamma_weight(k, 4.0) == pytest.approx(4.0**k * math.exp(-4.0) / math.gamma(k + 1), rel=1e-13)
    n = k + 7.0
    ways = math.gamma(n + 1) / (math.gamma(k + 1) * math.gamma(8.0))
    assert beta_weight(k, 7.0, 0.25, 0.75) == pytest.approx(ways * 0.25**k * 0.75**7, rel=1e-13)


def test_ends_of_the_range_are_certain():
    """Nothing lies below 0, everything below the far end, and underflow does not disturb that."""
    assert incomplete_gamma(3.0, 0.0) == (0.0, 1.0)
    assert incomplete_gamma(3.0, 1e6) == (1.0, 0.0)
    assert incomplete_gamma(1e6, 1.0) == (0.0, 1.0)
    assert incomplete_beta(2.0, 3.0, 0.0, 1.0) == (0.0, 1.0)
    assert incomplete_beta(2.0, 3.0, 1.0, 0.0) == (1.0, 0.0)


@given(st.floats(-0.999, 1e6))
def test_log_one_plus_agrees_with_the_library(x):
    """log(1 + x) to a few units in the last place, tiny x included."""
    assert log_one_plus(x) == pytest.approx(math.log1p(x), rel=1e-15, abs=0.0)


def test_normal_agrees_with_scipy():
    """The quantile to 1e-14, out to luck of 1e-300."""
    luck = np.concatenate(
        [np.linspace(0.001, 0.999, 999), 10.0 ** -np.arange(1.0, 301.0, 7.0), 1 - 10.0 ** -np.arange(1.0, 16.0)]
    )
    found = np.array([normal(u) for u in luck])
    np.testing.assert_allclose(found, special.ndtri(luck), rtol=5e-14, atol=1e-15)


@given(st.floats(1e-300, 0.5, exclude_max=True))
def test_normal_is_odd_about_a_half(u):
    """The quantile at 1 - u is minus that at u, wherever 1 - u is exact."""
    if 1.0 - (1.0 - u) == u:
        assert normal(1.0 - u) == -normal(u)


@pytest.mark.parametrize("u", [0.0, 1.0, -0.5, 2.0, math.nan, math.inf])
def test_normal_outside_the_interval_is_nan(u):
    """There is no quantile for luck outside (0, 1)."""
    assert math.isnan(normal(u))
