r"""Newton's method on the indifference equations of a choice of supports.

If player i mixes over the strategies :math:`S_i`, an equilibrium solves

.. math:: u_i(s, \sigma_{-i}) = u_i(s_i^0, \sigma_{-i}) \quad (s \in S_i), \qquad \sum_{s \in S_i} \sigma_i(s) = 1.

For three or more players these are polynomial equations with possibly many solutions; Newton's method from a few fixed
starts finds some. It is used to sharpen equilibria found elsewhere, and to search when no complete method is at hand.

Source: Govindan, S. and Wilson, R. (2003), A global Newton method to compute Nash equilibria, Journal of Economic
Theory 110, 65-86; Porter, R., Nudelman, E. and Shoham, Y. (2008), Simple search methods for finding a Nash equilibrium,
Games and Economic Behavior 63, 642-662.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.quantal_response import strategy_slopes

Array = NDArray[np.float64]
Support = tuple[tuple[int, ...], ...]

STEPS = 40
STARTS = 6
START_SEED = 20200229


def supports_by_size(shape: Sequence[int]) -> Iterator[Support]:
    """Yield every choice of supports, small ones first.

    Parameters
    ----------
    shape : sequence of int
        Numbers of strategies.

    Yields
    ------
    tuple of tuple of int

    Examples
    --------
    >>> len(list(supports_by_size((2, 2))))
    9
    """
    sizes = sorted(product(*[range(1, n + 1) for n in shape]), key=lambda s: (sum(s), s))
    for size in sizes:
        yield from product(*[tuple(combinations(range(n), k)) for n, k in zip(shape, size, strict=True)])


def starts(support: Support) -> list[list[Array]]:
    """Return the fixed starting points on a support: its centre and a few points around it.

    Parameters
    ----------
    support : tuple of tuple of int

    Returns
    -------
    list of list of ndarray
        Probabilities within the support, in player order.

    Examples
    --------
    >>> starts(((0, 1), (2,)))[0][0].tolist()
    [0.5, 0.5]
    """
    random = np.random.default_rng(START_SEED)
    points = [[np.full(len(s), 1.0 / len(s)) for s in support]]
    for _ in range(STARTS - 1):
        points.append([random.dirichlet(np.ones(len(s))) for s in support])
    return points


def solve_support(game: PayoffTable, support: Support, start: Sequence[Array]) -> tuple[tuple[Array, ...], int] | None:
    """Solve the indifference equations of a support.

    Parameters
    ----------
    game : PayoffTable
    support : tuple of tuple of int
        Strategies that may be played.
    start : sequence of ndarray
        Probabilities within the support.

    Returns
    -------
    vectors : tuple of ndarray
        One strategy per player; they may leave [0, 1], and other strategies may be better.
    steps : int
        Newton steps taken.
        None instead of both if the equations are singular or Newton's method does not settle.

    Examples
    --------
    >>> game = PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]])
    >>> [v.round(9).tolist() for v in solve_support(game, ((0, 1), (0, 1)), [np.array([0.4, 0.6])] * 2)[0]]
    [[0.5, 0.5], [0.2, 0.8]]
    """
    scale = game.payoff_range or 1.0
    offsets = np.concatenate([[0], np.cumsum(game.shape)])
    places = [offsets[i] + np.array(s) for i, s in enumerate(support)]
    columns = np.concatenate(places)
    at = np.concatenate([[0], np.cumsum([len(s) for s in support])])
    x = np.concatenate(start)
    worth_and_slopes = strategy_slopes(game)
    for step in range(STEPS):
        p = np.zeros(int(offsets[-1]))
        p[columns] = x
        worth, slopes = worth_and_slopes(p)
        values = np.empty(len(x))
        derivatives = np.zeros((len(x), len(x)))
        for i, rows in enumerate(places):
            first = at[i]
            values[first] = x[first : at[i + 1]].sum() - 1.0
            derivatives[first, first : at[i + 1]] = 1.0
            values[first + 1 : at[i + 1]] = (worth[rows[1:]] - worth[rows[0]]) / scale
            derivatives[first + 1 : at[i + 1]] = (slopes[rows[1:]] - slopes[rows[0]])[:, columns] / scale
        try:
            change = np.linalg.solve(derivatives, values)
        except np.linalg.LinAlgError:
            return None
        size = float(np.abs(change).max())
        if not np.isfinite(size) or size > 1e6:
            return None
        x = x - change
        if size < 1e-14 or (step > 3 and size < 1e-12):
            p[columns] = x
            return tuple(np.split(p, offsets[1:-1])), step + 1
    return None


def sharpened(game: PayoffTable, vectors: Sequence[Array]) -> tuple[tuple[Array, ...], int]:
    """Return an approximate equilibrium after Newton's method on its own support, unchanged if that does not help.

    Parameters
    ----------
    game : PayoffTable
    vectors : sequence of ndarray
        One strategy per player.

    Returns
    -------
    vectors : tuple of ndarray
    steps : int
        Newton steps taken.

    Examples
    --------
    >>> game = PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]])
    >>> sharpened(game, [np.array([0.5001, 0.4999]), np.array([0.2, 0.8])])[0][0].round(12).tolist()
    [0.5, 0.5]
    """
    given = tuple(np.asarray(v, dtype=np.float64) for v in vectors)
    support = tuple(tuple(int(s) for s in np.flatnonzero(v > 1e-9)) for v in given)
    if all(len(s) == 1 for s in support):
        return tuple(np.where(v > 1e-9, 1.0, 0.0) for v in given), 0
    solved = solve_support(game, support, [v[list(s)] for v, s in zip(given, support, strict=True)])
    if solved is None:
        return given, 0
    close = max(float(np.abs(a - b).max()) for a, b in zip(solved[0], given, strict=True)) < 1e-4
    valid = min(float(v.min()) for v in solved[0]) >= 0.0
    return (solved[0], solved[1]) if close and valid else (given, 0)
