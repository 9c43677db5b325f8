"""Seeds and replication numbers are checked once, at the Python edge."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.random.seed import check_replication, check_seed, signed_seed


@given(st.integers(0, 2**64 - 1))
def test_signed_seed_keeps_the_64_bits(seed):
    """The two's complement fits int64 and names one seed only."""
    signed = signed_seed(seed)
    assert -(2**63) <= signed < 2**63
    assert signed % 2**64 == seed
    assert int(np.int64(signed)) == signed


@pytest.mark.parametrize("seed", [0, 7, 2**63, 2**64 - 1, np.uint64(2**64 - 1), np.int32(5)])
def test_integers_in_range_are_seeds(seed):
    """Python and NumPy integers in range come back as the same plain integer."""
    checked = check_seed(seed)
    assert type(checked) is int
    assert checked == int(seed)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.0, "7", None, True, np.float64(3.0)])
def test_other_seeds_are_refused(seed):
    """Anything else is refused with what was found and what was expected."""
    with pytest.raises(UsageError, match=r"seed: found .*expected an integer from 0 to 18446744073709551615"):
        check_seed(seed)


@pytest.mark.parametrize("replication", [-1, 2**32, 0.5, False])
def test_other_replications_are_refused(replication):
    """A replication is an integer of 32 bits."""
    with pytest.raises(UsageError, match=r"replication: found .*expected an integer from 0 to 4294967295"):
        check_replication(replication)


def test_largest_replication_is_accepted():
    """The last of the 2**32 replications is in range."""
    assert check_replication(2**32 - 1) == 2**32 - 1
