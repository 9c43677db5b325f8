"""Exponentials, logarithms, powers and a cosine from IEEE 754 arithmetic alone: the same bits on every machine.

The C library's functions differ in the last bit between libraries, versions and processors. Here each is a sequence of
``+ - * /``, of operations on the bits of a number and of readings of a table, which come out alike everywhere. What is
compiled, interpreted and written in C then agrees to the bit on any machine.

=================  ======================================================================  ==========================
function           method                                                                  error, in units in the last
                                                                                           place
=================  ======================================================================  ==========================
`exp`              x = k ln 2 / 128 + r: 2^(k/128) from a table, exp(r) by its series      0.52
`log`              x = 2^k z, z = c (1 + r): log c from a table, log(1 + r) by its series  0.52
`power`            exp(y log x), with log x and its product with y in two doubles          0.53
`cosine_of_turn`   reduction to an eighth of a turn, then a polynomial                     1.3e-16 of the whole range
=================  ======================================================================  ==========================

The errors are the largest of the tests, which know fifty digits.

Sources: P.-T. P. Tang, "Table-driven implementation of the exponential function in IEEE floating-point arithmetic",
ACM Transactions on Mathematical Software 15 (1989) 144-157, and "... of the logarithm function ...", 16 (1990) 378-400;
T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971)
224-242, for sums and products in two doubles; ``k_cos.c`` and ``k_sin.c`` of FDLIBM 5.3 (Sun Microsystems 1993, freely
granted), for the coefficients of the cosine; W. Kahan, for e^x - 1, in N. J. Higham, Accuracy and Stability of
Numerical Algorithms (2002), section 1.14.1.
"""

from __future__ import annotations

import struct
from decimal import Context, Decimal, localcontext
from math import floor, inf, ldexp, nan
from typing import Any, Final

import numba
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.compiled import called, compiled, config

PARTS: Final = 128
"""Parts of an octave in the table of powers, and of the numbers from 1 to 2 in that of logarithms."""
ROOT_BITS: Final = 0x3FE6A09E00000000  # a little below the root of 1/2
HALF_BITS: Final = 1 << 44
FIRST: Final = ROOT_BITS + HALF_BITS >> 45
LAST: Final = ROOT_BITS + (1 << 52) + HALF_BITS >> 45
"""The leading bits of the numbers that stand in the first and last row of the table of logarithms."""
DIGITS: Final = 50


def _in_two(value: Decimal, step: int | None = None) -> tuple[float, float]:
    """Return a number as the double next to it, or the multiple of 2^step, and a double for what is left."""
    high = float(value) if step is None else ldexp(float((value * 2**-step).to_integral_value()), step)
    return high, float(value - Decimal(high))


def _number(bits: int) -> float:
    number: float = struct.unpack("<d", struct.pack("<q", bits))[0]
    return number


def _tables() -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[float, ...]]:
    """Return the table of powers, that of logarithms, and the parts of the logarithm of 2."""
    with localcontext(Context(prec=DIGITS)):
        ln2 = Decimal(2).ln()
        root = Decimal(2) ** (Decimal(1) / PARTS)
        powers = [_in_two(root**i) for i in range(PARTS)]
        logs = []
        for leading in range(FIRST, LAST + 1):
            c = Decimal(_number(leading << 45))
            logs.append((*_in_two(1 / c, -8), *_in_two(c.ln(), -42)))
        # Products of the high parts with a whole number of the range are exact.
        parts = (*_in_two(ln2 / PARTS, -42), float(PARTS / ln2), *_in_two(ln2, -42))
    relative = [(value, rest / value) for value, rest in powers]
    return np.array(relative), np.array(logs), parts


POWERS, LOGS, (PART_HIGH, PART_LOW, PER_PART, LN2_HIGH, LN2_LOW) = _tables()
"""`POWERS`: 2^(i/128) and its rest, relative. `LOGS`: 1/c and log c, each as a short number and its rest."""

ROUNDER: Final = 6755399441055744.0  # 1.5 x 2^52: added to a number, it leaves the next whole number in the low bits
LARGEST_EXPONENT: Final = 709.782712893383973096
LEAST_EXPONENT: Final = -745.133219101941108420
PLAIN: Final = 708.0  # up to here a power of e is a normal number
SPLIT: Final = 134217729.0  # 2^27 + 1
TWO_TO_54: Final = 18014398509481984.0
SMALLEST_NORMAL: Final = 2.2250738585072014e-308
ONE_BITS: Final = 0x3FF0000000000000
ROUNDER_BITS: Final = 0x4338000000000000
FRACTION_BITS: Final = 0x000FFFFFFFFFFFFF
TWO_PI: Final = 6.28318530717958647692


if config.DISABLE_JIT:

    def bits_of(x: float) -> int:
        """Return the 64 bits of a number as an integer with a sign."""
        number: int = struct.unpack("<q", struct.pack("<d", x))[0]
        return number

    def from_bits(bits: int) -> float:
        """Return the number that 64 bits stand for."""
        return _number(bits)

else:

    @intrinsic
    def bits_of(typingctx: Any, x: Any) -> Any:  # noqa: ARG001 - numba names the first
        """Return the 64 bits of a number as an integer with a sign."""

        def codegen(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ARG001 - fixed
            return builder.bitcast(values[0], ir.IntType(64))

        return numba.types.int64(numba.types.float64), codegen

    @intrinsic
    def from_bits(typingctx: Any, bits: Any) -> Any:  # noqa: ARG001 - numba names the first
        """Return the number that 64 bits stand for."""

        def codegen(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ARG001 - fixed
            return builder.bitcast(values[0], ir.DoubleType())

        return numba.types.float64(numba.types.int64), codegen


@compiled
def exp_in_two(x: float, low: float) -> float:
    """Return exp(x + low) for x in the range of finite results and `low` below an ulp of it."""
    shifted = x * PER_PART + ROUNDER
    whole = bits_of(shifted) - ROUNDER_BITS
    k = shifted - ROUNDER
    r = (x - k * PART_HIGH) - k * PART_LOW + low
    place = whole & (PARTS - 1)
    octave = whole >> 7
    square = r * r
    grown = square * (0.5 + r * (1.0 / 6.0)) + square * square * (1.0 / 24.0 + r * (1.0 / 120.0))
    grown = r + (float(POWERS[place, 1]) + grown)
    start = float(POWERS[place, 0])
    if abs(x) <= PLAIN:
        scale = from_bits(bits_of(start) + (octave << 52))
        return scale + scale * grown
    value = start + start * grown
    first = octave >> 1
    return value * from_bits((first + 1023) << 52) * from_bits((octave - first + 1023) << 52)


@called
def exp(x: float) -> float:
    """Return e to the power of x.

    Parameters
    ----------
    x : float
        Any number.

    Returns
    -------
    float
        Infinite above 709.78, 0 below -745.13, NaN for NaN.

    Examples
    --------
    >>> exp(0.0), exp(1.0), exp(-800.0)
    (1.0, 2.718281828459045, 0.0)
    """
    if abs(x) <= PLAIN or LEAST_EXPONENT <= x <= LARGEST_EXPONENT:
        return exp_in_two(x, 0.0)
    if x > 0.0:
        return inf
    return 0.0 if x < 0.0 else nan


@compiled
def exp_minus_one(x: float) -> float:
    """Return exp(x) - 1 without loss of digits for small x.

    Examples
    --------
    >>> exp_minus_one(1e-20), exp_minus_one(0.0), exp_minus_one(-800.0)
    (1e-20, 0.0, -1.0)
    """
    y = exp(x)
    if y == 1.0:
        return x
    return (y - 1.0) * x / log(y) if abs(x) < 1.0 else y - 1.0


@called
def log(x: float) -> float:
    """Return the natural logarithm of x.

    Parameters
    ----------
    x : float
        Any number.

    Returns
    -------
    float
        Minus infinity at 0, NaN below it and for NaN.

    Examples
    --------
    >>> log(1.0), log(2.718281828459045), log(0.0)
    (0.0, 1.0, -inf)
    """
    if not SMALLEST_NORMAL <= x < inf:
        if 0.0 < x < inf:
            return log_of_normal(x * TWO_TO_54, -54)
        return x if x > 0.0 else (-inf if x == 0.0 else nan)
    return log_of_normal(x, 0)


@compiled
def log_of_normal(x: float, octaves: int) -> float:
    """Return log(x 2^octaves) of a normal number."""
    start, start_low, high, low = reduced(x, octaves)
    r = high + low
    square = r * r
    total = start + high
    rest = (start - total) + high
    return total + (rest + (start_low + low + (square * -0.5 + square * r * log_series(r))))


@compiled
def reduced(x: float, octaves: int) -> tuple[float, float, float, float]:
    """Return log c + k ln 2 and r, each in two doubles, of x 2^octaves = 2^k c (1 + r) with c next to 1.

    c is the nearest number with seven bits after its first. The first of the four is rounded to 2^-42 in the table, so
    that it is exact here; so is the third, the product of few bits of 1/c with what c leaves.
    """
    shifted = bits_of(x) + (ONE_BITS - ROOT_BITS)
    k = float((shifted >> 52) - 1023 + octaves)
    fraction = (shifted & FRACTION_BITS) + ROOT_BITS
    nearest = (fraction + HALF_BITS) & ~(2 * HALF_BITS - 1)
    away = from_bits(fraction) - from_bits(nearest)
    place = (nearest >> 45) - FIRST
    return (
        k * LN2_HIGH + float(LOGS[place, 2]),
        k * LN2_LOW + float(LOGS[place, 3]),
        away * float(LOGS[place, 0]),
        away * float(LOGS[place, 1]),
    )


@compiled
def log_series(r: float) -> float:
    """Return (log(1 + r) - r + r^2/2) / r^3 for r of at most 1/256."""
    square = r * r
    return (1.0 / 3.0 + r * -0.25) + square * ((0.2 + r * (-1.0 / 6.0)) + square * (1.0 / 7.0 + r * -0.125))


@compiled
def product_error(a: float, b: float, product: float) -> float:
    """Return a * b less its rounded value, exactly (Dekker)."""
    a_high = SPLIT * a
    a_high = a_high - (a_high - a)
    a_low = a - a_high
    b_high = SPLIT * b
    b_high = b_high - (b_high - b)
    b_low = b - b_high
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


@called
def power(x: float, y: float) -> float:
    """Return x to the power of y.

    Parameters
    ----------
    x : float
        At least 0.
    y : float
        Any number.

    Returns
    -------
    float
        1 at y = 0 and at x = 1; NaN for x < 0 and for NaN, and at x = 0 or x infinite for y infinite.

    Examples
    --------
    >>> power(2.0, 10.0), power(9.0, 0.5), power(0.0, 0.0), power(0.3, 1.0)
    (1024.0, 3.0, 1.0, 0.3)
    """
    if SMALLEST_NORMAL <= x < inf and abs(y) < inf:
        return power_of_normal(x, y, 0)
    if y == 0.0:
        return 1.0
    if not (x >= 0.0 and abs(y) < inf):
        return nan
    if 0.0 < x < inf:
        return power_of_normal(x * TWO_TO_54, y, -54)
    return inf if (x > 0.0) == (y > 0.0) else 0.0


@compiled
def power_of_normal(x: float, y: float, octaves: int) -> float:
    """Return (x 2^octaves)^y of a normal number, with the logarithm in two doubles."""
    start, start_low, high, low = reduced(x, octaves)
    r = high + low
    bend = -0.5 * high * high
    bend_low = product_error(-0.5 * high, high, bend) - low * (high + 0.5 * low) + r * r * r * log_series(r)
    first = start + high
    rest = (start - first) + high
    second = first + bend
    rest += ((first - second) + bend) + (start_low + low + bend_low)
    whole = second + rest
    rest = (second - whole) + rest
    exponent = y * whole
    if exponent > LARGEST_EXPONENT + 1.0:
        return inf
    if exponent < LEAST_EXPONENT - 1.0:
        return 0.0
    return exp_in_two(exponent, product_error(y, whole, exponent) + y * rest)


@compiled
def cosine_of_turn(turn: float) -> float:
    """Return the cosine of an angle in turns, cos(2 pi t).

    Parameters
    ----------
    turn : float
        Finite; it is reduced to an eighth of a turn without an error.

    Returns
    -------
    float
        In [-1, 1].

    Examples
    --------
    >>> cosine_of_turn(0.0), cosine_of_turn(0.5), cosine_of_turn(-7.0)
    (1.0, -1.0, 1.0)
    """
    rest = turn - floor(turn + 0.5)
    quarter = floor(4.0 * rest + 0.5)
    x = TWO_PI * (rest - 0.25 * quarter)
    z = x * x
    tail = 2.08757232129817482790e-09 - z * 1.13596475577881948265e-11
    tail = 2.48015872894767294178e-05 + z * (-2.75573143513906633035e-07 + z * tail)
    tail = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * tail))
    half = 0.5 * z
    near = 1.0 - half
    cosine = near + (((1.0 - near) - half) + z * tail)
    tail = 2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)
    tail = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * tail)
    sine = x + x * z * (-1.66666666666666324348e-01 + z * tail)
    if quarter == 0.0:
        return cosine
    if quarter == 1.0:
        return -sine
    return sine if quarter == -1.0 else -cosine
