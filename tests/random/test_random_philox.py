"""Philox4x32-10 gives the words that its authors published."""

import os
import platform
import subprocess
import sys
import warnings

import llvmlite.binding
import numpy as np
import pytest

from sim.random.philox import MULTIPLIER_0, MULTIPLIER_1, philox4x32

# Random123, tests/kat_vectors, the three lines "philox4x32 10": counter, key, result.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
# Plain `njit`, as in a user's rule: LLVM sees how far each loop goes and what every other word of the address is.
LOOPS = """
import numba
import numpy as np
from sim.random.philox import philox4x32
from sim.random.stream import subseed, uniform

@numba.njit
def replications(out):
    for occasion in range(out.shape[0]):
        for replication in range(8):
            out[occasion, replication] = uniform(7, replication, 2, 1, occasion, 0)

@numba.njit
def seeds(out):
    for seed in range(out.shape[0]):
        for draw in range(8):
            out[seed, draw] = subseed(seed, 3, 2, 1, 5, draw)

@numba.njit
def causes(out):
    for cause in range(out.shape[0]):
        for entity in range(8):
            out[cause, entity] = uniform(-1, 0, cause, entity, 9, 4)

@numba.njit
def words(out):
    for word in range(out.shape[0]):
        for place in range(8):
            first, second, third, fourth = philox4x32(place, 0, word, 4294967295, 7, 0)
            out[word, place] = float(first) + float(second) + float(third) + float(fourth)

for loops in (replications, seeds, causes, words):
    out = np.zeros((16, 8))
    loops(out)
    print([value.hex() for value in out.ravel().tolist()])
"""
TARGETS = {
    "this": {},
    "generic": {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
    "nehalem": {"NUMBA_CPU_NAME": "nehalem", "NUMBA_CPU_FEATURES": "+sse4.2"},
    "haswell": {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx2,+fma,+bmi2"},
    "little optimised": {"NUMBA_OPT": "1"},
}
INTERPRETED = getattr(philox4x32, "py_func", philox4x32)


def words(text: str) -> tuple[int, ...]:
    """Read hexadecimal words."""
    return tuple(int(word, 16) for word in text.split())


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN_ANSWERS)
@pytest.mark.parametrize("function", [philox4x32, INTERPRETED])
def test_published_answers(function, counter, key, result):
    """Compiled and interpreted, the block at each published counter and key is the published one."""
    assert function(*words(counter), *words(key)) == words(result)


def test_numpy_integers_do_not_warn_when_interpreted():
    """NumPy integers, which warn when their products overflow, give the same words without a warning."""
    counter, key, result = KNOWN_ANSWERS[1]
    arguments = [np.int64(word) for word in words(counter) + words(key)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert INTERPRETED(*arguments) == words(result)


def runnable(target: str) -> bool:
    """Tell whether code for a target runs on this machine."""
    if target in ("nehalem", "haswell") and platform.machine() not in ("x86_64", "AMD64"):
        return False
    features = llvmlite.binding.get_host_cpu_features()
    wanted = TARGETS[target].get("NUMBA_CPU_FEATURES", "")
    return all(features.get(name[1:], False) for name in wanted.split(",") if name)


def loops(folder, **environment) -> list[str]:
    """Print the luck of all loops in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOOPS],
        env={**os.environ, "SIM_CACHE_DIR": str(folder), "NUMBA_DISABLE_JIT": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def interpreted(tmp_path_factory) -> list[str]:
    """Return what the loops print without a compiler."""
    return loops(tmp_path_factory.mktemp("cache"), NUMBA_DISABLE_JIT="1")


@pytest.mark.parametrize("target", TARGETS)
def test_loops_of_known_bounds_get_the_same_words_for_every_processor(target, interpreted, tmp_path):
    """LLVM knows every bound and constant of these loops, and no product relies on arithmetic that wraps."""
    if not runnable(target):
        pytest.skip(f"this machine does not run code for {target}")
    assert loops(tmp_path, **TARGETS[target]) == interpreted


@pytest.mark.parametrize("multiplier", [MULTIPLIER_0, MULTIPLIER_1])
def test_no_product_leaves_64_bits(multiplier):
    """The largest product of a 32-bit word keeps a bit to spare, so signed arithmetic never wraps."""
    assert -(2**62) < multiplier * (2**32 - 1) < 0


def test_only_the_low_32_bits_count():
    """Words beyond 32 bits, negative ones included, are cut to their low 32 bits."""
    assert philox4x32(-1, 2**32 + 5, 0, 0, -(2**40), 7) == philox4x32(2**32 - 1, 5, 0, 0, 0, 7)


def test_one_changed_bit_changes_half_of_the_bits():
    """Flipping any single input bit flips about half of the 128 output bits."""
    base = philox4x32(0, 0, 0, 0, 0, 0)
    flipped = []
    for position in range(6):
        for bit in range(32):
            arguments = [0] * 6
            arguments[position] = 1 << bit
            flipped.append(sum((a ^ b).bit_count() for a, b in zip(base, philox4x32(*arguments), strict=True)))
    assert abs(np.mean(flipped) - 64.0) < 4 * np.sqrt(32.0 / len(flipped))
    assert min(flipped) > 64 - 6 * np.sqrt(32.0)
