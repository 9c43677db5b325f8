r"""Extreme equilibria of a two-player game as completely labelled pairs of vertices.

With payoff matrices A and B made positive, the best-response polytopes are

.. math:: P = \{x \ge 0 : B^\top x \le 1\}, \qquad Q = \{y \ge 0 : A y \le 1\}.

An inequality carries the label of the strategy it belongs to. A pair of vertices (x, y) other than (0, 0), in which
every label is tight at x or at y, is an equilibrium after normalising, and these pairs are exactly the **extreme
equilibria**. Every equilibrium is a mixture of extreme ones that share a strategy, so if no two of them do, there are
no others.

The game is **nondegenerate** if every vertex has as many tight inequalities as dimensions. Then the list of vertices is
proved complete when it is closed under the edges of the polytope: each vertex has one neighbour for each label that it
drops, and the graph of a polytope is connected.

Sources: Mangasarian, O. (1964), Equilibrium points of bimatrix games, SIAM Journal 12, 778-780; von Stengel, B.
(2002), Computing equilibria for two-person games, Handbook of Game Theory 3, chapter 45; Avis, D. et al. (2010),
Enumeration of Nash equilibria for two-player games, Economic Theory 42, 9-37.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_BASES = 60_000
MOST_VERTICES = 100_000
AT_ONCE = 5_000
"""Systems of equations solved in one call."""
TIGHT = 1e-9
ILL_CONDITIONED = 1e10
SINGULAR = 1e14


@dataclass(frozen=True, slots=True, eq=False)
class ExtremeEquilibria:
    """The extreme equilibria of a two-player game.

    Attributes
    ----------
    pairs : tuple of (ndarray, ndarray)
        Mixed strategies of both players.
    nondegenerate : bool
        Whether every vertex of both polytopes is simple (up to 1e-9).
    all_vertices : bool
        Whether the lists of vertices are proved complete.
    isolated : bool
        Whether no two extreme equilibria share a strategy, so that there is no continuum of equilibria.
    """

    pairs: tuple[tuple[Array, Array], ...]
    nondegenerate: bool
    all_vertices: bool
    isolated: bool


def vertex_bound(shape: tuple[int, int]) -> int:
    """Return how many vertices the larger best-response polytope can have (McMullen's upper bound).

    Parameters
    ----------
    shape : tuple of int
        Numbers of strategies.

    Returns
    -------
    int

    Examples
    --------
    >>> vertex_bound((2, 2)), vertex_bound((6, 6))
    (4, 112)
    """
    facets = sum(shape)
    return max(
        math.comb(facets - (d + 1) // 2, facets - d) + math.comb(facets - (d + 2) // 2, facets - d) for d in shape
    )


def extreme_equilibria(row: Array, column: Array) -> ExtremeEquilibria:
    """Enumerate the extreme equilibria.

    Parameters
    ----------
    row, column : ndarray, shape (m, n)
        Payoffs of the row and the column player.

    Returns
    -------
    ExtremeEquilibria

    Examples
    --------
    >>> extreme = extreme_equilibria(np.eye(2), np.eye(2))
    >>> len(extreme.pairs), extreme.nondegenerate, extreme.all_vertices
    (3, True, True)
    """
    m, n = row.shape
    towards_row, x_scale = _scaled(column.T)
    towards_column, y_scale = _scaled(row)
    x, x_tight, x_all = _vertices(towards_row)
    y, y_tight, y_all = _vertices(towards_column)
    # Labels 0 .. m-1 are the row player's strategies, m .. m+n-1 the column player's.
    y_tight = np.hstack([y_tight[:, n:], y_tight[:, :n]])
    x_missing, y_missing = (~x_tight).astype(np.float64), (~y_tight).astype(np.float64)
    complete_pairs = np.argwhere(x_missing @ y_missing.T == 0.0)
    pairs = []
    for a, b in complete_pairs:
        if x[a].sum() > TIGHT and y[b].sum() > TIGHT:
            pairs.append((int(a), int(b)))
    simple = bool(np.all(x_tight.sum(axis=1) == m) and np.all(y_tight.sum(axis=1) == n))
    shared = max(chain(Counter(a for a, _ in pairs).values(), Counter(b for _, b in pairs).values()), default=0)
    return ExtremeEquilibria(
        pairs=tuple((_mixed(x[a], x_tight[a, :m], x_scale), _mixed(y[b], y_tight[b, m:], y_scale)) for a, b in pairs),
        nondegenerate=simple,
        all_vertices=x_all and y_all,
        isolated=shared <= 1,
    )


def _scaled(payoffs: Array) -> tuple[Array, Array]:
    """Map each column to [1, 2]; return the scales by which the opponent's probabilities must be multiplied.

    A constant added to a column changes no best response, and a factor on it rescales one coordinate of the polytope.
    """
    least, most = payoffs.min(axis=0), payoffs.max(axis=0)
    # Columns that are nearly constant compared with the others keep the common scale.
    span = np.maximum(most - least, 1e-6 * max(float((most - least).max()), 1e-300))
    return np.asarray(1.0 + (payoffs - least) / span), np.asarray(1.0 / span)


def _mixed(vertex: Array, zero: NDArray[np.bool_], scale: Array) -> Array:
    clean = np.where(zero, 0.0, np.maximum(vertex, 0.0)) * (scale / scale.max())
    return np.asarray(clean / clean.sum(), dtype=np.float64)


def _vertices(rows: Array) -> tuple[Array, NDArray[np.bool_], bool]:
    """Return the vertices of {v >= 0, rows v <= 1}, which inequalities are tight at each, and if all are proved found.

    The first d columns of the tight table belong to v >= 0.
    """
    k, d = rows.shape
    left = np.vstack([-np.eye(d), rows])
    right = np.concatenate([np.zeros(d), np.ones(k)])
    if math.comb(k + d, d) <= MOST_BASES:
        candidates, certain = _by_bases(rows)
    else:
        candidates, certain = _by_hull(left, right), False
    slack = right - candidates @ left.T
    candidates = candidates[slack.min(axis=1) >= -TIGHT]
    tight = np.abs(right - candidates @ left.T) <= TIGHT
    tight, first = np.unique(tight, axis=0, return_index=True)
    candidates = candidates[first]
    enough = tight.sum(axis=1) >= d
    candidates, tight = candidates[enough], tight[enough]
    if np.all(tight.sum(axis=1) == d):
        return candidates, tight, _closed_under_edges(tight, d)
    return candidates, tight, certain


def _by_bases(rows: Array) -> tuple[Array, bool]:
    """Solve every choice of j tight rows and j free coordinates; also tell whether none was too ill-conditioned."""
    k, d = rows.shape
    pieces = [np.zeros((1, d))]
    certain = True
    for j in range(1, min(k, d) + 1):
        free = np.array(list(combinations(range(d), j)))
        tight = np.array(list(combinations(range(k), j)))
        at_once = max(1, AT_ONCE // len(free))
        for first in range(0, len(tight), at_once):
            some = tight[first : first + at_once]
            systems = rows[some[:, None, :, None], free[None, :, None, :]].reshape(-1, j, j)
            kept = np.tile(free, (len(some), 1))
            regular = np.linalg.det(systems) != 0.0
            systems, kept = systems[regular], kept[regular]
            if not len(systems):
                continue
            inverse = np.linalg.inv(systems)
            condition = np.abs(systems).sum(axis=2).max(axis=1) * np.abs(inverse).sum(axis=2).max(axis=1)
            certain &= not np.any((condition > ILL_CONDITIONED) & (condition < SINGULAR))
            good = condition <= ILL_CONDITIONED
            systems, inverse, kept = systems[good], inverse[good], kept[good]
            values = inverse.sum(axis=2)[..., None]
            values += inverse @ (1.0 - systems @ values)
            points = np.zeros((len(kept), d))
            np.put_along_axis(points, kept, values[..., 0], axis=1)
            feasible = (points.min(axis=1) >= -TIGHT) & ((points @ rows.T).max(axis=1) <= 1.0 + TIGHT)
            pieces.append(points[feasible])
    return np.vstack(pieces), certain


def _by_hull(left: Array, right: Array) -> Array:
    """Find the vertices as the facets of the polar polytope, by Qhull."""
    from scipy.spatial import HalfspaceIntersection

    d = left.shape[1]
    inner = np.full(d, 0.25 / d)
    return np.asarray(HalfspaceIntersection(np.column_stack([left, -right]), inner).intersections, dtype=np.float64)


def _closed_under_edges(tight: NDArray[np.bool_], d: int) -> bool:
    """Tell whether all vertices are simple and every edge has both of its ends in the list."""
    if np.any(tight.sum(axis=1) != d):
        return False
    ends: Counter[int] = Counter()
    for row in tight:
        # A set of labels is a number with one bit per label, so an edge is a vertex with one bit cleared.
        bits = [1 << int(label) for label in np.flatnonzero(row)]
        vertex = sum(bits)
        ends.update(vertex - bit for bit in bits)
    return all(count == 2 for count in ends.values())
