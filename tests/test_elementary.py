"""Elementary functions: as exact as they say, alike compiled and interpreted, and alike for any kind of processor."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from interpreted import interpreted

from sim.elementary import cosine_of_turn, exp, exp_minus_one, log, power
from sim.store.platform_fingerprint import fingerprint, machine

with interpreted():
    from sim import elementary as plain

PI = Decimal("3.14159265358979323846264338327950288419716939937511")
ANY = st.floats(allow_nan=True, allow_infinity=True)
OF_ONE = {"exp": exp, "log": log, "exp_minus_one": exp_minus_one}


def ulps(value: float, exact: Decimal) -> float:
    """Return how far a number is from the exact value, in units in the last place of the latter."""
    return float(abs(Decimal(value) - exact) / Decimal(math.ulp(float(exact))))


def e_to(x: float) -> Decimal:
    """Return exp(x) to fifty digits."""
    return Decimal(x).exp()


def ln(x: float) -> Decimal:
    """Return log(x) to fifty digits."""
    return Decimal(x).ln()


def cosine(turn: float) -> Decimal:
    """Return cos(2 pi t) to some forty digits, by its series."""
    rest = Decimal(turn) - Decimal(turn).to_integral_value()
    square = -((2 * PI * rest) ** 2)
    total, term = Decimal(0), Decimal(1)
    for k in range(1, 80, 2):
        total += term
        term *= square / (k * (k + 1))
    return total


def spread(low: float, high: float, count: int = 3000) -> list[float]:
    """Return numbers between two ends, always the same."""
    return [float(x) for x in np.random.default_rng(20200229).uniform(low, high, count)]


@pytest.mark.parametrize(
    ("function", "exact", "xs"),
    [
        (exp, e_to, spread(-0.4, 0.4)),
        (exp, e_to, spread(-708.0, 709.0)),
        (log, ln, spread(0.0, 2.0)),
        (log, ln, [1.0 + x for x in spread(-0.01, 0.01)]),
        (log, ln, [2.0**k * (1.0 + x) for k, x in enumerate(spread(0.0, 1.0, 2040), start=-1020)]),
    ],
    ids=["exp, small", "exp, all", "log, small", "log, near 1", "log, all"],
)
def test_exp_and_log_are_within_half_a_place(
    function: Callable[[float], float], exact: Callable[[float], Decimal], xs: list[float]
) -> None:
    """The error stays below the documented bound: hardly more than that of rounding the exact value."""
    with localcontext(prec=50):
        assert max(ulps(function(x), exact(x)) for x in xs) <= 0.52


def test_powers_are_within_half_a_place() -> None:
    """So is the power, although the logarithm is multiplied by up to hundreds."""
    bases = [*spread(0.0, 3.0), *(2.0**x for x in spread(-20.0, 20.0))]
    exponents = [*spread(-9.0, 9.0), *spread(-35.0, 35.0)]
    with localcontext(prec=50):
        errors = [ulps(power(x, y), (ln(x) * Decimal(y)).exp()) for x, y in zip(bases, exponents, strict=True)]
    assert max(errors) <= 0.53


@given(st.integers(1, 2**17), st.integers(0, 3))
def test_powers_that_are_numbers_are_exact(base: int, exponent: int) -> None:
    """A power that a double can hold is that double; so are roots of squares, and every number to the power of 1."""
    assert power(float(base), float(exponent)) == float(base**exponent)
    assert power(float(base) ** 2, 0.5) == float(base)
    assert power(base / 3.0, 1.0) == base / 3.0


def test_the_cosine_is_within_its_bound() -> None:
    """Also where the argument is many turns, of which only the rest counts."""
    turns = [*spread(-1.0, 1.0), *spread(-40.0, 40.0), *(k / 8.0 for k in range(-16, 17))]
    with localcontext(prec=50):
        assert max(abs(Decimal(cosine_of_turn(turn)) - cosine(turn)) for turn in turns) <= Decimal("1.3e-16")


def test_small_differences_keep_their_digits() -> None:
    """Of exp(x) - 1, as of the C library's function for it."""
    xs = [*spread(-1.0, 1.0), *(x * 1e-9 for x in spread(-1.0, 1.0)), *spread(-800.0, 700.0)]
    assert [exp_minus_one(x) for x in xs] == pytest.approx([math.expm1(x) for x in xs], rel=1e-15, abs=0.0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (exp(math.inf), math.inf),
        (exp(-math.inf), 0.0),
        (exp(709.782712893384), 1.7976931348622732e308),
        (exp(709.8), math.inf),
        (exp(-745.13), 5e-324),
        (exp(-745.2), 0.0),
        (log(0.0), -math.inf),
        (log(math.inf), math.inf),
        (log(5e-324), -744.4400719213812),
        (power(0.0, 2.0), 0.0),
        (power(0.0, -2.0), math.inf),
        (power(0.0, 0.0), 1.0),
        (power(math.inf, 0.0), 1.0),
        (power(math.inf, -1.0), 0.0),
        (power(math.inf, 2.0), math.inf),
        (power(2.0, 1024.0), math.inf),
        (power(2.0, -1074.0), 5e-324),
        (power(2.0, -1076.0), 0.0),
        (power(5e-324, 0.5), 2.2227587494850775e-162),
    ],
)
def test_ends_of_the_range(value: float, expected: float) -> None:
    """Overflow, underflow, numbers below the normal ones, zero and infinity."""
    assert value == expected


@pytest.mark.parametrize("value", [exp(math.nan), log(-1.0), log(math.nan), power(-1.0, 2.0), power(math.nan, 1.0)])
def test_what_has_no_value_is_nan(value: float) -> None:
    """Also a negative number to any power: the model never has one."""
    assert math.isnan(value)


@pytest.mark.parametrize("name", OF_ONE)
@given(x=ANY)
def test_compiled_and_interpreted_agree(name: str, x: float) -> None:
    """To the bit, for every number there is."""
    one, other = OF_ONE[name](x), getattr(plain, name)(x)
    assert one == other or (math.isnan(one) and math.isnan(other))


@given(x=ANY, y=ANY)
def test_compiled_and_interpreted_powers_agree(x: float, y: float) -> None:
    """To the bit, for every pair of numbers."""
    one, other = power(x, y), plain.power(x, y)
    assert one == other or (math.isnan(one) and math.isnan(other))


@given(turn=st.floats(-1e6, 1e6))
def test_compiled_and_interpreted_cosines_agree(turn: float) -> None:
    """To the bit."""
    assert cosine_of_turn(turn) == plain.cosine_of_turn(turn)


VALUES = """
import hashlib, struct
import numpy as np
from sim.elementary import cosine_of_turn, exp, log, power
from sim.random.gamma import gamma
from sim.random.poisson import poisson
u = np.random.default_rng(7).uniform(0.0, 1.0, 2000)
digest = hashlib.sha256()
for x in u.tolist():
    drawn = (gamma(x, 2.5, 3.0), float(poisson(x, 4.0)), exp(9.0 * x - 5.0), log(x), power(x, 0.37), cosine_of_turn(x))
    digest.update(struct.pack("<6d", *drawn))
found = digest.hexdigest()
"""


@pytest.mark.slow
@pytest.mark.skipif(machine() != "x86_64", reason="the processors are those of x86_64")
@pytest.mark.parametrize("processor", ["x86-64", "haswell"])
def test_code_for_other_processors_has_the_same_bits(processor: str, tmp_path: Path) -> None:
    """Machine code for the oldest of them, or for one that can fuse products and sums, gives what this one's does."""
    if processor == "haswell" and "avx2+fma" not in fingerprint():
        pytest.skip("this processor has no AVX2")
    here: dict[str, str] = {}
    exec(VALUES, here)
    surroundings = {**os.environ, "NUMBA_CPU_NAME": processor, "SIM_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", f"{VALUES}print(found)"], env=surroundings, capture_output=True, text=True, timeout=300
    )
    assert done.stdout.strip() == here["found"], done.stderr
