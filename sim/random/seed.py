"""Seeds and replication numbers as users give them, checked once before they reach compiled code.

A seed is an integer in [0, 2**64), a replication one in [0, 2**32). Compiled code takes the seed as int64, so the upper
half of the range travels as its two's complement; records and messages keep the number the user gave.
"""

from __future__ import annotations

import operator

from sim.errors import UsageError

SEEDS = 2**64
REPLICATIONS = 2**32


def check_seed(seed: object) -> int:
    """Return a seed as a plain integer if it is one.

    Parameters
    ----------
    seed : object
        What the user gave; Python and NumPy integers are accepted.

    Returns
    -------
    int
        The same number, in [0, 2**64).

    Raises
    ------
    UsageError
        If it is no integer, or out of range.

    Examples
    --------
    >>> check_seed(7)
    7
    >>> check_seed(-1)
    Traceback (most recent call last):
        ...
    sim.errors.UsageError: seed: found -1, expected an integer from 0 to 18446744073709551615. Choose one in that range.
    """
    return _check("seed", seed, SEEDS)


def check_replication(replication: object) -> int:
    """Return a replication number as a plain integer if it is one.

    Parameters
    ----------
    replication : object
        What the user gave; Python and NumPy integers are accepted.

    Returns
    -------
    int
        The same number, in [0, 2**32).

    Raises
    ------
    UsageError
        If it is no integer, or out of range.

    Examples
    --------
    >>> check_replication(9_999)
    9999
    """
    return _check("replication", replication, REPLICATIONS)


def signed_seed(seed: int) -> int:
    """Return the two's complement of a seed, the int64 that compiled code takes.

    Parameters
    ----------
    seed : int
        In [0, 2**64).

    Returns
    -------
    int
        In [-2**63, 2**63), with the same 64 bits.

    Raises
    ------
    UsageError
        If `seed` is no integer, or out of range.

    Examples
    --------
    >>> signed_seed(7), signed_seed(2**64 - 1)
    (7, -1)
    """
    checked = check_seed(seed)
    return checked - SEEDS if checked >= SEEDS // 2 else checked


def _check(what: str, value: object, count: int) -> int:
    """Return `value` as an integer in [0, `count`), refusing truth values."""
    expected = f"expected an integer from 0 to {count - 1}"
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # refused below
    except TypeError:
        number = -1
    if isinstance(value, bool) or not 0 <= number < count:
        raise UsageError(f"{what}: found {value!r}, {expected}. Choose one in that range.")
    return number
