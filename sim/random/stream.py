"""The address of a random number: who needs it, for what, and when, never how many were drawn before.

    key     = the seed, 64 bits as two words
    counter = (draw, occasion, stream, replication), 32 bits each
    stream  = cause * 256 + entity

*Occasion* is the tick, or the tick of an epoch, so a changed rate or an added event shifts nothing else. *Cause* is a
number of :mod:`sim.random.causes`; *entity* the row of the actor, armed force or group concerned; *draw* tells apart
several numbers for the same cause, entity and occasion. Two scenarios with one seed share their luck wherever their
addresses agree (common random numbers), and nothing depends on worker, chunk, order or engine.

Limits, which the Python edge checks (:mod:`sim.random.seed`) or the fixed maxima of the model guarantee, since
compiled code never raises: replication, occasion and draw in [0, 2**32), cause in [0, 2**24), entity in [0, 256).
Beyond them addresses wrap round. No product below leaves int64, in which compiled code must not overflow
(:mod:`sim.random.philox`).

The seed travels as int64: a seed of 2**63 or more is passed as its two's complement, ``signed_seed(seed)``.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.random.philox import MASK32, philox4x32

CAUSES = 16_777_216
ENTITIES = 256
TWO_26 = 67_108_864
STEP = 2.0**-53


@compiled
def _block(seed: int, replication: int, cause: int, entity: int, occasion: int, draw: int) -> tuple[int, int, int, int]:
    key = int(seed)
    stream = (int(cause) & (CAUSES - 1)) * ENTITIES + (int(entity) & (ENTITIES - 1))
    return philox4x32(draw, occasion, stream, replication, key, key >> 32)


@compiled
def uniform(seed: int, replication: int, cause: int, entity: int, occasion: int, draw: int) -> float:
    """Return the uniform random number at an address.

    Parameters
    ----------
    seed : int
        64 bits as int64 (see :func:`sim.random.seed.signed_seed`).
    replication : int
        The run's number, in [0, 2**32).
    cause : int
        A number of :mod:`sim.random.causes`.
    entity : int
        Row of whatever the number is for, in [0, 256); 0 when there is only one.
    occasion : int
        The tick, in [0, 2**32).
    draw : int
        Tells apart numbers with all else alike, in [0, 2**32).

    Returns
    -------
    float
        In the open interval (0, 1): a multiple of 2**-53, made of the upper 27 and 26 bits of the block's first two
        words, or 2**-54 in place of zero.

    Examples
    --------
    >>> from sim.random.causes import ATTACKS
    >>> uniform(7, 0, ATTACKS, 1, 100, 0) == uniform(7, 0, ATTACKS, 1, 100, 0)
    True
    >>> uniform(7, 0, ATTACKS, 1, 100, 0) == uniform(7, 0, ATTACKS, 1, 101, 0)
    False
    """
    high, low, _, _ = _block(seed, replication, cause, entity, occasion, draw)
    bits = (high >> 5) * TWO_26 + (low >> 6)
    if bits == 0:
        return 0.5 * STEP
    return bits * STEP


@compiled
def subseed(seed: int, replication: int, cause: int, entity: int, occasion: int, draw: int) -> int:
    """Return a seed of its own for a world inside the world, such as a rollout that must not see the luck to come.

    Parameters
    ----------
    seed, replication, cause, entity, occasion, draw : int
        The address of the decision that asks, as in :func:`uniform`.

    Returns
    -------
    int
        A seed as int64, to be passed to :func:`uniform` in place of `seed`.

    Examples
    --------
    >>> from sim.random.causes import ROLLOUT
    >>> inner = subseed(7, 0, ROLLOUT, 0, 100, 0)
    >>> uniform(inner, 0, ROLLOUT, 0, 100, 0) == uniform(7, 0, ROLLOUT, 0, 100, 0)
    False
    """
    _, _, high, low = _block(seed, replication, cause, entity, occasion, draw)
    if high > MASK32 >> 1:
        high -= MASK32 + 1
    return high * (MASK32 + 1) + low
