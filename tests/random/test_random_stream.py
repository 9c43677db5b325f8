"""Addressed uniforms: in the open interval, uniform, and without relation between neighbouring addresses."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.random.causes import ATTACKS, DECISION, ROLLOUT
from sim.random.philox import philox4x32
from sim.random.stream import subseed, uniform

INT64 = st.integers(-(2**63), 2**63 - 1)
WORD = st.integers(0, 2**32 - 1)
ADDRESS = st.tuples(INT64, WORD, st.integers(1, 2**24 - 1), st.integers(0, 255), WORD, WORD)
DRAWS = 100_000


@numba.njit
def _walk(start, step, n):
    """Return the uniforms at `n` addresses in steps of `step` from `start`."""
    out = np.empty(n)
    for i in range(n):
        out[i] = uniform(
            start[0] + i * step[0],
            start[1] + i * step[1],
            start[2] + i * step[2],
            start[3] + (i * step[3]) % 256,
            start[4] + i * step[4],
            start[5] + i * step[5],
        )
    return out


def walk(field, n=DRAWS, start=(7, 0, ATTACKS, 0, 0, 0)):
    """Return uniforms along one field of the address."""
    step = [0] * 6
    step[field] = 1
    return _walk(np.array(start), np.array(step), n)


@given(ADDRESS)
def test_every_address_gives_a_number_between_0_and_1(address):
    """Compiled and interpreted, an address gives the same number in the open interval."""
    u = uniform(*address)
    assert 0.0 < u < 1.0
    assert u == getattr(uniform, "py_func", uniform)(*address)
    assert (u * 2.0**53).is_integer() or u == 2.0**-54


def test_the_address_is_the_documented_counter_and_key():
    """27 and 26 bits of the block at (draw, occasion, cause * 256 + entity, replication) make the 53 of a uniform."""
    seed = 0x0123456789ABCDEF
    high, low, _, _ = philox4x32(6, 5, 3 * 256 + 4, 2, 0x89ABCDEF, 0x01234567)
    assert uniform(seed, 2, 3, 4, 5, 6) == ((high >> 5 << 26) | (low >> 6)) * 2.0**-53


@pytest.mark.parametrize("field", [0, 1, 2, 4, 5])
def test_numbers_along_each_field_are_uniform(field):
    """Along seeds, replications, causes, occasions and draws the numbers pass Kolmogorov's test."""
    assert stats.kstest(walk(field), "uniform").pvalue > 1e-3


@pytest.mark.parametrize("field", [0, 1, 2, 4, 5])
def test_neighbouring_addresses_are_uncorrelated(field):
    """Numbers one and two steps apart along any field have no correlation, nor have their distances from a half."""
    u = walk(field)
    for values in (u, np.abs(u - 0.5)):
        for lag in (1, 2):
            assert abs(np.corrcoef(values[:-lag], values[lag:])[0, 1]) < 4.0 / np.sqrt(len(u))


@pytest.mark.parametrize(
    "other", [(8, 0, 2, 0, 0, 0), (7, 1, 2, 0, 0, 0), (7, 0, 1, 0, 0, 0), (7, 0, 2, 1, 0, 0), (7, 0, 2, 0, 0, 1)]
)
def test_parallel_walks_are_independent(other):
    """Two walks over the days that differ by one in any other field fill the unit square evenly."""
    a, b = walk(4), walk(4, start=other)
    table, _, _ = np.histogram2d(a, b, bins=16, range=[[0, 1], [0, 1]])
    assert stats.chisquare(table.ravel()).pvalue > 1e-3


def test_entities_have_numbers_of_their_own():
    """All 256 entities of two causes next to each other have different numbers."""
    numbers = {uniform(7, 0, cause, entity, 0, 0) for cause in (DECISION, ATTACKS) for entity in range(256)}
    assert len(numbers) == 512


@given(ADDRESS)
def test_a_world_inside_the_world_has_a_seed_of_its_own(address):
    """A subseed fits int64, is the same compiled and interpreted, and is not the seed it came from."""
    inner = subseed(*address)
    assert -(2**63) <= inner < 2**63
    assert inner == getattr(subseed, "py_func", subseed)(*address)
    assert inner != address[0]


def test_inner_luck_is_unrelated_to_outer_luck():
    """The same addresses under a seed and its subseed are uncorrelated."""
    outer = walk(4)
    inner = walk(4, start=(subseed(7, 0, ROLLOUT, 0, 0, 0), 0, ATTACKS, 0, 0, 0))
    assert abs(np.corrcoef(outer, inner)[0, 1]) < 4.0 / np.sqrt(DRAWS)
