"""Which policy an actor draws on day 0, by the probabilities of its part of an equilibrium.

The draw has an address of its own: the seed, the replication and the actor, and no tick. So two scenarios that play the
same solution draw alike, and nothing else that is drawn moves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.random.causes import POLICY
from sim.random.stream import uniform


def drawn_policies(
    probabilities: NDArray[np.float64], seed: int, replications: NDArray[np.int64], actor: int
) -> NDArray[np.int64]:
    """Return the policy that an actor plays in each world.

    Parameters
    ----------
    probabilities : ndarray, shape (policies,)
        Summing to 1.
    seed : int
        As int64.
    replications : ndarray of int64, shape (n,)
        Numbers of the worlds.
    actor : int
        Its row.

    Examples
    --------
    >>> drawn_policies(np.array([0.0, 1.0]), 7, np.arange(3), 0).tolist()
    [1, 1, 1]
    """
    support = np.flatnonzero(probabilities > 0.0)
    if len(support) == 1:
        return np.full(len(replications), support[0])
    ends = np.cumsum(probabilities[support])
    luck = np.array([uniform(seed, int(replication), POLICY, actor, 0, 0) for replication in replications])
    return support[np.minimum(np.searchsorted(ends, luck, side="right"), len(support) - 1)]
