"""Philox4x32-10 gives the words that its authors published."""

import warnings

import numpy as np
import pytest

from sim.random.philox import philox4x32

# Random123, tests/kat_vectors, the three lines "philox4x32 10": counter, key, result.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
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
