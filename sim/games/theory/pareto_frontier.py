r"""Pareto frontiers: which payoff points are efficient, and the efficient edge of a two-player bargaining set.

A point is Pareto efficient if no other is at least as good for all and better for one. A two-player bargaining set is
convex and comprehensive (throwing utility away is possible), so its edge is a concave, non-increasing function
:math:`u_2 = f(u_1)` on :math:`[l, h]`; from finitely many points (a set of possible deals, lotteries allowed) the edge
is the upper hull of the points.

References
----------
Nash, J. (1950). The bargaining problem. Econometrica 18, 155-162.
Andrew, A. M. (1979). Another efficient algorithm for convex hulls in two dimensions. Inf. Proc. Letters 9, 216-219.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import GameError
from sim.games.numerics.arguments import Floats, number, payoff_array
from sim.notebook_table import NotebookTable

_CHECKED_POINTS = 129


def pareto_efficient(points: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Mark the points that no other point dominates.

    Parameters
    ----------
    points : array_like, shape (points, players)
        Payoff of each player at each point.

    Returns
    -------
    ndarray of bool, shape (points,)
        True where efficient; equal points are efficient together.

    Raises
    ------
    GameError
        If the array is empty, not two-dimensional or not finite.

    Examples
    --------
    >>> pareto_efficient([[1, 0], [0, 1], [0, 0], [1, 0]]).tolist()
    [True, True, False, True]
    """
    table = payoff_array("points", points, 2)
    order = np.lexsort(table.T[::-1])[::-1]
    efficient = np.ones(len(table), dtype=bool)
    chosen: list[int] = []
    for index in order:
        point = table[index]
        rivals = table[chosen]
        if chosen and bool(((rivals >= point).all(axis=1) & (rivals > point).any(axis=1)).any()):
            efficient[index] = False
        else:
            chosen.append(int(index))
    return efficient


@dataclass(frozen=True, slots=True)
class Frontier(NotebookTable):
    """The efficient edge of a convex, comprehensive two-player bargaining set.

    Attributes
    ----------
    height : callable
        Best payoff of player 2 when player 1 gets `u1`; concave and non-increasing on [`low`, `high`].
    low, high : float
        Range of player 1's payoff on the edge; left of `low` the edge is level, at `high` it falls vertically.
    corners : ndarray of shape (k, 2) or None
        Corners of a piecewise linear edge by increasing `u1`; None for a curve.
    """

    height: Callable[[float], float]
    low: float
    high: float
    corners: Floats | None = None

    @classmethod
    def from_function(cls, height: Callable[[float], float], low: float, high: float) -> Frontier:
        """Build the edge from a function `u1 -> u2`.

        Parameters
        ----------
        height : callable
            Concave and non-increasing on [`low`, `high`].
        low, high : float
            Range of player 1's payoff.

        Returns
        -------
        Frontier

        Raises
        ------
        GameError
            If the function is not finite, concave and non-increasing on a grid of the range.

        Examples
        --------
        >>> Frontier.from_function(lambda u: 1 - u**2, 0.0, 1.0).height(0.5)
        0.75
        """
        left, right = number("low", low), number("high", high)
        if left >= right:
            raise GameError(f"frontier: found the range [{left:g}, {right:g}], expected low below high")
        grid = np.linspace(left, right, _CHECKED_POINTS)
        values = np.array([float(height(float(u))) for u in grid])
        if not np.isfinite(values).all():
            raise GameError(f"frontier: found a value that is not finite at u1 = {grid[~np.isfinite(values)][0]:g}")
        slack = 1e-9 * max(1.0, float(np.abs(values).max()))
        if (np.diff(values) > slack).any():
            raise GameError("frontier: found a rising stretch, expected non-increasing: give only the efficient edge")
        if (np.diff(values, 2) > slack).any():
            raise GameError("frontier: found a convex stretch, expected concave: allow lotteries, or use from_points")
        return cls(lambda u: float(height(float(u))), left, right)

    @classmethod
    def from_points(cls, points: npt.ArrayLike) -> Frontier:
        """Build the edge from finitely many deals, lotteries over them allowed.

        Parameters
        ----------
        points : array_like, shape (deals, 2)
            Payoffs of both players at each deal.

        Returns
        -------
        Frontier
            Its corners are the efficient corners of the hull.

        Raises
        ------
        GameError
            If the array is empty, not of two columns or not finite.

        Examples
        --------
        >>> Frontier.from_points([[0, 1], [1, 0], [0.4, 0.4], [0.7, 0.7]]).corners.tolist()
        [[0.0, 1.0], [0.7, 0.7], [1.0, 0.0]]
        """
        table = payoff_array("points", points, 2)
        if table.shape[1] != 2:
            raise GameError(f"points: found {table.shape[1]} columns, expected 2: one for each player")
        efficient = np.unique(table[pareto_efficient(table)], axis=0)
        hull: list[Floats] = []
        for point in efficient:
            while len(hull) > 1 and _turns_left(hull[-2], hull[-1], point):
                hull.pop()
            hull.append(point)
        corners = np.array(hull)
        corners.setflags(write=False)
        across, up = corners[:, 0].copy(), corners[:, 1].copy()
        return cls(lambda u: float(np.interp(u, across, up)), float(across[0]), float(across[-1]), corners)

    def slope(self, u1: float, reach: float = 6e-3) -> float:
        """Return the slope of a smooth edge at an inner point, by differences of sixth order.

        Parameters
        ----------
        u1 : float
            Player 1's payoff, strictly inside the range.
        reach : float
            How far to look on either side, as a share of the range.

        Returns
        -------
        float
        """
        room = min(u1 - self.low, self.high - u1)
        step = min(reach * (self.high - self.low), room) / 3.0
        f = self.height
        near, mid, far = (f(u1 + k * step) - f(u1 - k * step) for k in (1, 2, 3))
        return (45.0 * near - 9.0 * mid + far) / (60.0 * step)


def _turns_left(first: Floats, second: Floats, third: Floats) -> bool:
    one, two = second - first, third - first
    return bool(one[0] * two[1] - one[1] * two[0] >= 0.0)
