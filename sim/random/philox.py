"""Philox4x32-10: a random function of a counter and a key, without state.

One *block* maps a counter of four 32-bit words and a key of two to four random words. Ten rounds of

    hi0, lo0 = M0 * c0;   hi1, lo1 = M1 * c2
    c0, c1, c2, c3 = hi1 ^ c1 ^ k0,  lo1,  hi0 ^ c3 ^ k1,  lo0

with the key stepped by the Weyl constants W0, W1 between rounds. It passes BigCrush, and any block can be had without
the ones before it, which is what makes luck addressable.

All words travel as int64, whose products must stay inside its range: Numba tells LLVM that signed arithmetic never
wraps, so a product that does is undefined and came out wrong in loops of known bounds. Both multipliers are above
2**31, so M x is taken apart as 2**32 x + (M - 2**32) x: the second product lies in (-2**62, 0], its low word is that of
M x, and its high word, rounded down, is short of that of M x by x. (uint64 would be no better: Numba makes a float of a
uint64 mixed with an int64.)

Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011),
doi:10.1145/2063384.2063405; known answers from the Random123 distribution, ``tests/kat_vectors``.
"""

from __future__ import annotations

from sim.compiled import compiled

MASK32 = 0xFFFFFFFF
MULTIPLIER_0 = 0xD2511F53 - 2**32
MULTIPLIER_1 = 0xCD9E8D57 - 2**32
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
ROUNDS = 10


@compiled
def philox4x32(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Return the block of four random 32-bit words at a counter under a key.

    Parameters
    ----------
    c0, c1, c2, c3 : int
        The counter's words; only the low 32 bits of each count.
    k0, k1 : int
        The key's words; only the low 32 bits of each count.

    Returns
    -------
    tuple of int
        Four words, each in [0, 2**32).

    Examples
    --------
    >>> [f"{word:08x}" for word in philox4x32(0, 0, 0, 0, 0, 0)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    # int() keeps slow NumPy scalars out of the interpreted run; compiled, it costs nothing.
    x0 = int(c0) & MASK32
    x1 = int(c1) & MASK32
    x2 = int(c2) & MASK32
    x3 = int(c3) & MASK32
    key0 = int(k0) & MASK32
    key1 = int(k1) & MASK32
    for _ in range(ROUNDS):
        product0 = MULTIPLIER_0 * x0
        product1 = MULTIPLIER_1 * x2
        high0 = (product0 >> 32) + x0
        high1 = (product1 >> 32) + x2
        x0 = high1 ^ x1 ^ key0
        x1 = product1 & MASK32
        x2 = high0 ^ x3 ^ key1
        x3 = product0 & MASK32
        key0 = (key0 + WEYL_0) & MASK32
        key1 = (key1 + WEYL_1) & MASK32
    return x0, x1, x2, x3
