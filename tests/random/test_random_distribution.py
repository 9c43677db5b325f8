"""A hundred thousand addressed draws of each sampler have the distribution that its name promises."""

import numba
import numpy as np
import pytest
from scipy import stats

from sim.random.beta import beta
from sim.random.binomial import binomial
from sim.random.exponential import exponential
from sim.random.gamma import gamma
from sim.random.lognormal import lognormal
from sim.random.negative_binomial import negative_binomial
from sim.random.normal import normal
from sim.random.poisson import poisson
from sim.random.stream import uniform

DRAWS = 100_000
SEED = 20_200_229


@numba.njit
def _luck(cause, n):
    """Return the uniforms of `n` replications."""
    out = np.empty(n)
    for run in range(n):
        out[run] = uniform(SEED, run, cause, 0, 0, 0)
    return out


def draws(sampler, cause, *parameters):
    """Return one addressed draw for each of many replications."""
    return np.array([sampler(u, *parameters) for u in _luck(cause, DRAWS)])


COUNTS = [
    (poisson, (5.0,), stats.poisson(5.0)),
    (poisson, (89.0,), stats.poisson(89.0)),
    (binomial, (90, 0.15), stats.binom(90, 0.15)),
    (negative_binomial, (33.0, 8.9), stats.nbinom(8.9, 8.9 / (8.9 + 33.0))),
    (negative_binomial, (4.8, 1.0), stats.nbinom(1.0, 1.0 / 5.8)),
]
NUMBERS = [
    (normal, (), stats.norm()),
    (exponential, (45.0,), stats.expon(scale=45.0)),
    (gamma, (18.0, 4.0), stats.gamma(4.0, scale=4.5)),
    (beta, (2.0, 3.0), stats.beta(2.0, 3.0)),
    (lognormal, (1.0, 0.35), stats.lognorm(0.35)),
]


@pytest.mark.parametrize(("row", "case"), list(enumerate(COUNTS)))
def test_counts_pass_the_chi_square_test(row, case):
    """Frequencies of every count that is expected at least ten times, the rest in one cell."""
    sampler, parameters, distribution = case
    observed = np.bincount(draws(sampler, row + 1, *parameters).astype(np.int64))
    expected = DRAWS * distribution.pmf(np.arange(len(observed)))
    keep = expected >= 10
    cells = np.append(observed[keep], DRAWS - observed[keep].sum())
    means = np.append(expected[keep], DRAWS - expected[keep].sum())
    assert stats.chisquare(cells, means).pvalue > 1e-3


@pytest.mark.parametrize(("row", "case"), list(enumerate(NUMBERS)))
def test_numbers_pass_kolmogorovs_test(row, case):
    """The empirical distribution function is nowhere too far from the true one."""
    sampler, parameters, distribution = case
    assert stats.kstest(draws(sampler, row + 101, *parameters), distribution.cdf).pvalue > 1e-3
