r"""Passes over a game tree in preorder: downward for what has been collected or reached, upward for values.

With e(x) the probability of the edge into node x and g(x) the payoffs collected there,

.. math:: V(x) = g(x) + \sum_{y \text{ below } x} e(y) V(y), \qquad
          \log R_i(y) = \log R_i(x) + [i \text{ does not move at } x] \log e(y).

:math:`R_i` is the probability with which the others and chance let a node be reached; its logarithm does not vanish
when probabilities become too small for floating point.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

NOBODY = -9


@compiled
def path_sums(parent: Indices, payoffs: Array) -> Array:
    """Return payoffs collected from the root to each node, shape (n, N)."""
    total = payoffs.copy()
    for x in range(1, len(parent)):
        for i in range(payoffs.shape[1]):
            total[x, i] += total[parent[x], i]
    return total


@compiled
def node_values(parent: Indices, edges: Array, payoffs: Array) -> Array:
    """Return expected payoffs from each node on, shape (n, N)."""
    values = payoffs.copy()
    for x in range(len(parent) - 1, 0, -1):
        for i in range(payoffs.shape[1]):
            values[parent[x], i] += edges[x] * values[x, i]
    return values


@compiled
def log_reach(parent: Indices, owner: Indices, log_edges: Array, without: int) -> Array:
    """Return the log probability of reaching each node, leaving out one player's own moves, shape (n,)."""
    reach = np.zeros(len(parent))
    for x in range(1, len(parent)):
        reach[x] = reach[parent[x]]
        if owner[parent[x]] != without:
            reach[x] += log_edges[x]
    return reach


@compiled
def backward_pass(
    parent: Indices,
    owner: Indices,
    chance: Array,
    payoffs: Array,
    information: Indices,
    offsets: Indices,
    child_at: Indices,
    rates: Array,
    tolerance: float,
    first_only: bool,
) -> tuple[Array, Array, Array, int]:
    """Solve a tree of perfect information from its ends.

    Player i answers the values of its moves by logit at precision ``rates[i]``, or, if that is infinite, by the best
    moves (those within `tolerance`, uniformly or only the first). ``child_at`` gives the node below each move.

    Returns probabilities and their logarithms in one row, values (n, N), and how many nodes have several best moves.
    """
    values = payoffs.copy()
    players = payoffs.shape[1]
    behavior = np.zeros(len(child_at))
    logs = np.full(len(child_at), -np.inf)
    ties = 0
    for x in range(len(parent) - 1, -1, -1):
        who = owner[x]
        if who >= 0:
            start, stop = offsets[information[x]], offsets[information[x] + 1]
            top = values[child_at[start], who]
            for s in range(start + 1, stop):
                top = max(top, values[child_at[s], who])
            if rates[who] == np.inf:
                best = 0
                for s in range(start, stop):
                    if values[child_at[s], who] >= top - tolerance and (best == 0 or not first_only):
                        behavior[s] = 1.0
                        best += 1
                    elif values[child_at[s], who] >= top - tolerance:
                        best += 1
                if best > 1:
                    ties += 1
                    if not first_only:
                        for s in range(start, stop):
                            behavior[s] /= best
                for s in range(start, stop):
                    if behavior[s] > 0.0:
                        logs[s] = math.log(behavior[s])
            else:
                total = 0.0
                for s in range(start, stop):
                    logs[s] = rates[who] * (values[child_at[s], who] - top)
                    total += math.exp(logs[s])
                for s in range(start, stop):
                    logs[s] -= math.log(total)
                    behavior[s] = math.exp(logs[s])
            for s in range(start, stop):
                for i in range(players):
                    values[x, i] += behavior[s] * values[child_at[s], i]
        if x > 0 and owner[parent[x]] < 0:
            for i in range(players):
                values[parent[x], i] += chance[x] * values[x, i]
    return behavior, logs, values, ties
