r"""Exact sums of numbers and of their squares, which are the same in any order and for any split.

A float64 is a whole number times a power of two, :math:`x = m\,2^e`, and so are its square and every sum of them. Kept
as such, with as many digits as it takes, a sum is not rounded, so that adding parts is associative: chunks, threads,
interruptions and the order in which they come back decide no bit. Mean and variance are rounded once, when read:

.. math:: \bar x = \frac{S}{n}, \qquad \sum (x - \bar x)^2 = \frac{n Q - S^2}{n}, \qquad S = \sum x, \quad Q = \sum x^2,

in whole numbers until the last division, so that nothing cancels however far the numbers lie from 0. A merged mean and
sum of squared deviations in floating point (Chan, Golub and LeVeque 1979) takes less space and hangs on the order.

Many numbers are summed at once in limbs of 32 bits (the small superaccumulator of Neal 2015): each limb adds up to 2^20
whole numbers below 2^33, which float64 holds exactly. The square of a float64 is the rounded product and its error,
both float64 (Dekker 1971).

References
----------
Dekker, T. J. (1971). A floating-point technique for extending the available precision. Numerische Mathematik 18,
224-242.
Neal, R. M. (2015). Fast exact summation using small and large superaccumulators. arXiv:1505.05571.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_AT_ONCE: Final = 1 << 16
"""Numbers summed in one go."""
_LIMB: Final = 32
_MASK: Final = (1 << _LIMB) - 1
_SHIFT: Final = 36 * _LIMB
"""Added to the exponent of a last bit, of which the lowest is -1126, so that it is not negative."""
_SMALL: Final = 2.0**18
"""Whole numbers below this are summed as they are: 2^16 squares of them stay below 2^53."""
_SPLITTER: Final = 2.0**27 + 1.0
_EXACT_SQUARES: Final = (2.0**-480, 2.0**500)
"""Sizes between which the error of a square neither vanishes nor overflows."""
_TEXT: Final = re.compile(r"(-?[0-9a-f]{1,1100})p(-?[0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Dyadic:
    """A whole number times a power of two.

    Attributes
    ----------
    whole : int
        Odd, or 0.
    exponent : int
        Of two; 0 of the number 0.

    Examples
    --------
    >>> Dyadic.of(3, 0) + Dyadic.of(1, -2)
    Dyadic(whole=13, exponent=-2)
    >>> Dyadic.read("-dp-2").over(1)
    -3.25
    """

    whole: int
    exponent: int

    @classmethod
    def of(cls, whole: int, exponent: int) -> Dyadic:
        """Return a number in its one form."""
        if whole == 0:
            return ZERO
        zeros = (whole & -whole).bit_length() - 1
        return cls(whole >> zeros, exponent + zeros)

    @classmethod
    def read(cls, text: str) -> Dyadic:
        """Read what `text` writes; raise ValueError if it is something else."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError(f"{text[:40]!r} is no whole number times a power of two")
        return cls.of(int(found[1], 16), int(found[2]))

    @property
    def text(self) -> str:
        """The whole number in hexadecimal digits, ``p``, the exponent."""
        return f"{self.whole:x}p{self.exponent}"

    def __add__(self, other: Dyadic) -> Dyadic:
        low = min(self.exponent, other.exponent)
        whole = (self.whole << (self.exponent - low)) + (other.whole << (other.exponent - low))
        return Dyadic.of(whole, low)

    def over(self, count: int) -> float:
        """Return the quotient, rounded once; infinite if it is larger than any float64."""
        up, down = max(self.exponent, 0), max(-self.exponent, 0)
        try:
            return (self.whole << up) / (count << down)
        except OverflowError:
            return math.inf if self.whole > 0 else -math.inf


ZERO: Final = Dyadic(0, 0)


def variance_of(count: int, total: Dyadic, squares: Dyadic) -> float:
    """Return the variance of numbers, with count - 1 below, rounded once; NaN for fewer than two.

    Examples
    --------
    >>> variance_of(2, Dyadic.of(3, 0), Dyadic.of(5, 0))
    0.5
    """
    if count < 2:
        return float("nan")
    squared = Dyadic.of(-total.whole * total.whole, 2 * total.exponent)
    return (Dyadic.of(count * squares.whole, squares.exponent) + squared).over(count * (count - 1))


def sums_of(values: NDArray[np.float64], group: NDArray[np.int64], groups: int) -> tuple[list[Dyadic], list[Dyadic]]:
    """Add up numbers, and their squares, by group.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Finite.
    group : ndarray of int64, shape (n,)
        Of each, from 0.
    groups : int
        How many groups.

    Returns
    -------
    sums, squares : list of Dyadic
        Of each group.

    Examples
    --------
    >>> sums, squares = sums_of(np.array([1e16, 1.0, -1e16, 0.5]), np.zeros(4, np.int64), 1)
    >>> sums[0].over(1), squares[0].over(1) == 2e32 + 1.25
    (1.5, True)
    """
    sums, squares = [ZERO] * groups, [ZERO] * groups
    for first in range(0, len(values), MOST_AT_ONCE):
        part = values[first : first + MOST_AT_ONCE], group[first : first + MOST_AT_ONCE]
        for found, into in zip(_part_sums(*part, groups), (sums, squares), strict=True):
            for place, added in enumerate(found):
                into[place] = into[place] + added if into[place].whole else added
    return sums, squares


def _part_sums(values: NDArray[np.float64], group: NDArray[np.int64], groups: int) -> tuple[list[Dyadic], list[Dyadic]]:
    size = np.abs(values)
    if not (size >= _SMALL).any() and bool((values == np.rint(values)).all()):
        whole = np.bincount(group, values, groups), np.bincount(group, values * values, groups)
        sums, squares = ([Dyadic.of(int(one), 0) for one in each] for each in whole)
        return sums, squares
    odd = (size != 0.0) & ((size < _EXACT_SQUARES[0]) | (size > _EXACT_SQUARES[1]))
    usual, of_usual = values[~odd], group[~odd]
    product = usual * usual
    upper = _SPLITTER * usual
    upper = upper - (upper - usual)
    lower = usual - upper
    error = ((upper * upper - product) + 2.0 * upper * lower) + lower * lower
    squares = _limb_sums(np.concatenate([product, error]), np.concatenate([of_usual, of_usual]), groups)
    for place in np.flatnonzero(odd):
        numerator, denominator = float(values[place]).as_integer_ratio()
        one = Dyadic.of(numerator * numerator, 2 - 2 * denominator.bit_length())
        squares[group[place]] = squares[group[place]] + one
    return _limb_sums(values, group, groups), squares


def _limb_sums(values: NDArray[np.float64], group: NDArray[np.int64], groups: int) -> list[Dyadic]:
    if len(values) == 0:
        return [ZERO] * groups
    fraction, exponent = np.frexp(values)
    whole = np.ldexp(fraction, 53).astype(np.int64)
    last_bit = np.where(whole == 0, 0, exponent.astype(np.int64) - 53 + _SHIFT)
    limb, shift = last_bit >> 5, last_bit & (_LIMB - 1)
    first = int(limb[whole != 0].min(initial=limb.max()))
    limb = np.maximum(limb - first, 0)
    wide = int(limb.max()) + 3
    below, above = (whole & _MASK) << shift, (whole >> _LIMB) << shift
    place = group * wide + limb
    bins = groups * wide
    totals = (
        np.bincount(place, below & _MASK, bins)
        + np.bincount(place + 1, (below >> _LIMB) + (above & _MASK), bins)
        + np.bincount(place + 2, above >> _LIMB, bins)
    ).reshape(groups, wide)
    low = _LIMB * first - _SHIFT
    return [Dyadic.of(sum(int(one) << (_LIMB * k) for k, one in enumerate(row) if one), low) for row in totals]
