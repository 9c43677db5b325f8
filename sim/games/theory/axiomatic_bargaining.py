r"""Axiomatic bargains on a two-player frontier or among finitely many deals of any number of players.

With disagreement point :math:`d` and gains :math:`g_i = u_i - d_i \ge 0`:

* Nash (1950), weighted: maximise :math:`\prod_i g_i^{w_i}`;
* Kalai-Smorodinsky (1975): the best point with equal shares of the ideal gains,
  :math:`g_i / b_i` equal for all, :math:`b_i` the most that player :math:`i` can gain while no other loses;
* egalitarian (Kalai 1977), weighted: the best point with :math:`g_i / w_i` equal for all.

On a convex frontier each is one point. Among finitely many deals without lotteries equal shares may not exist; then
the rules maximise the product, the smallest share of the ideal gain, and the smallest weighted gain.

References
----------
Nash, J. (1950). The bargaining problem. Econometrica 18, 155-162.
Kalai, E. and Smorodinsky, M. (1975). Other solutions to Nash's bargaining problem. Econometrica 43, 513-518.
Kalai, E. (1977). Proportional solutions to bargaining situations. Econometrica 45, 1623-1630.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.errors import GameError
from sim.games.numerics.arguments import Floats, payoff_array, per_player
from sim.games.numerics.bracketed_root import bracketed_root
from sim.games.theory.pareto_frontier import Frontier, pareto_efficient
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class Bargain(NotebookTable):
    """The point that an axiomatic rule chooses.

    Attributes
    ----------
    payoffs : tuple of float
        Payoff of each player.
    rule : str
        ``"nash"``, ``"kalai_smorodinsky"`` or ``"egalitarian"``.
    deal : int or None
        Row of the chosen deal among finitely many; None on a frontier.
    tied : tuple of int
        All rows that do equally well; empty on a frontier.
    converged : bool
        Whether the condition that defines the rule holds to 1e-9.
    residual : float
        How far that condition is from holding, relative to the ideal gains; 0 where it is a search over a list.
    proved : str
        What is proved.
    """

    payoffs: tuple[float, ...]
    rule: str
    deal: int | None
    tied: tuple[int, ...]
    converged: bool
    residual: float
    proved: str


@dataclass(frozen=True, slots=True)
class _Gains:
    """The individually rational part of a frontier: from `left` to `right`, gains `b1`, `b2` at its two ends."""

    frontier: Frontier
    d1: float
    d2: float
    left: float
    right: float
    b1: float
    b2: float

    def at(self, u1: float) -> tuple[float, float]:
        return u1 - self.d1, self.frontier.height(u1) - self.d2


def _gains(frontier: Frontier, disagreement: npt.ArrayLike) -> _Gains:
    d1, d2 = (float(x) for x in _disagreement(disagreement, 2))
    left = max(d1, frontier.low)
    if left >= frontier.high and not (frontier.low == frontier.high > d1):
        raise GameError(
            f"disagreement: found {d1:g} for player 1, expected below {frontier.high:g}: no gain is possible"
        )
    if frontier.height(left) <= d2:
        raise GameError(
            f"disagreement: found {d2:g} for player 2, expected below {frontier.height(left):g}: no gain is possible"
        )
    right = frontier.high
    if frontier.height(right) < d2:
        right = bracketed_root(lambda u: frontier.height(u) - d2, left, right)
    return _Gains(frontier, d1, d2, left, right, right - d1, frontier.height(left) - d2)


def _disagreement(value: npt.ArrayLike, players: int) -> Floats:
    point = per_player("disagreement", value, players)
    if not np.isfinite(point).all():
        raise GameError(f"disagreement: found {point.tolist()}, expected finite numbers")
    return point


def _weights(value: npt.ArrayLike, players: int) -> Floats:
    weights = per_player("weights", value, players)
    if not (np.isfinite(weights).all() and (weights > 0).all()):
        raise GameError(f"weights: found {weights.tolist()}, expected finite numbers above 0")
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def nash_bargain(frontier: Frontier, disagreement: npt.ArrayLike = 0.0, weights: npt.ArrayLike = 1.0) -> Bargain:
    """Return the point of a frontier with the largest weighted product of gains.

    Parameters
    ----------
    frontier : Frontier
        The efficient edge.
    disagreement : array_like, shape (2,) or a number
        Payoffs without agreement.
    weights : array_like, shape (2,) or a number
        Bargaining powers; only their ratio matters.

    Returns
    -------
    Bargain
        `residual` is the first-order condition times the ideal gain of player 1 (0 at a corner or kink).

    Raises
    ------
    GameError
        If no point gives both more than the disagreement, or a weight is not positive.

    Examples
    --------
    >>> edge = Frontier.from_function(lambda u: 1 - u**2, 0.0, 1.0)
    >>> [round(u, 10) for u in nash_bargain(edge).payoffs]
    [0.5773502692, 0.6666666667]

    References
    ----------
    Nash (1950), Econometrica 18; weighted: Kalai (1977), Int. J. Game Theory 6, 129-133.
    """
    part = _gains(frontier, disagreement)
    w1, w2 = (float(w) for w in _weights(weights, 2))
    if frontier.corners is not None:
        return _on_edge(part, _nash_on_polygon(part, w1, w2), "nash", 0.0)

    def condition(u1: float, reach: float = 6e-3) -> float:
        g1, g2 = part.at(u1)
        return w1 * g2 + w2 * g1 * frontier.slope(u1, reach)

    def logarithm(u1: float) -> float:
        g1, g2 = part.at(u1)
        return w1 * math.log(g1) + w2 * math.log(g2) if g1 > 0 and g2 > 0 else -math.inf

    margin = 1e-7 * (part.right - part.left)
    start, end = part.left + margin, part.right - margin
    if condition(start) <= 0.0:
        return _on_edge(part, part.left, "nash", 0.0)
    if condition(end) >= 0.0:
        return _on_edge(part, part.right, "nash", 0.0)
    smooth = bracketed_root(condition, start, end)
    kink = _peak(logarithm, smooth, 0.02 * (part.right - part.left), start, end)
    if logarithm(kink) > logarithm(smooth) + 1e-13:
        # Beside a kink the wide differences mislead; narrow ones find the smooth maximum if that is not the kink.
        one, two = max(start, kink - 1e-6 * (end - start)), min(end, kink + 1e-6 * (end - start))
        if condition(one, 1e-6) > 0.0 > condition(two, 1e-6):
            beside = bracketed_root(lambda u: condition(u, 1e-6), one, two)
            if logarithm(beside) > logarithm(kink) - 1e-13:
                return _on_edge(part, beside, "nash", 0.0)
        return _on_edge(part, kink, "nash", 0.0)
    return _on_edge(part, smooth, "nash", abs(condition(smooth)) / part.b2)


def _peak(objective: Callable[[float], float], centre: float, width: float, low: float, high: float) -> float:
    """Return the maximum of a concave function near a point by ternary search; exact at a kink of the edge."""
    left, right = max(low, centre - width), min(high, centre + width)
    for _ in range(120):
        one, two = left + (right - left) / 3.0, right - (right - left) / 3.0
        if objective(one) < objective(two):
            left = one
        else:
            right = two
    return 0.5 * (left + right)


def _nash_on_polygon(part: _Gains, w1: float, w2: float) -> float:
    corners = part.frontier.corners
    assert corners is not None
    candidates = [part.left, part.right]
    for (x0, y0), (x1, y1) in pairwise(corners):
        fall = (y0 - y1) / (x1 - x0)
        best = part.d1 + w1 * ((y0 - part.d2) + fall * (x0 - part.d1)) / fall if fall > 0 else x1
        candidates.append(min(max(float(best), part.left, float(x0)), part.right, float(x1)))

    def logarithm(u1: float) -> float:
        g1, g2 = part.at(u1)
        return w1 * math.log(g1) + w2 * math.log(g2) if g1 > 0 and g2 > 0 else -math.inf

    return max(candidates, key=logarithm)


def kalai_smorodinsky(frontier: Frontier, disagreement: npt.ArrayLike = 0.0) -> Bargain:
    """Return the point where both get the same share of their ideal gains.

    Parameters
    ----------
    frontier : Frontier
        The efficient edge.
    disagreement : array_like, shape (2,) or a number
        Payoffs without agreement.

    Returns
    -------
    Bargain

    Raises
    ------
    GameError
        If no point gives both more than the disagreement.

    Examples
    --------
    >>> edge = Frontier.from_function(lambda u: 1 - u**2, 0.0, 1.0)
    >>> [round(u, 10) for u in kalai_smorodinsky(edge).payoffs]
    [0.6180339887, 0.6180339887]

    References
    ----------
    Kalai and Smorodinsky (1975), Econometrica 43.
    """
    part = _gains(frontier, disagreement)
    return _proportional(part, part.b1, part.b2, "kalai_smorodinsky")


def egalitarian(frontier: Frontier, disagreement: npt.ArrayLike = 0.0, weights: npt.ArrayLike = 1.0) -> Bargain:
    """Return the best point where gains are in the ratio of the weights (equal by default).

    Parameters
    ----------
    frontier : Frontier
        The efficient edge.
    disagreement : array_like, shape (2,) or a number
        Payoffs without agreement.
    weights : array_like, shape (2,) or a number
        Gains are proportional to these.

    Returns
    -------
    Bargain

    Raises
    ------
    GameError
        If no point gives both more than the disagreement, or a weight is not positive.

    Examples
    --------
    >>> [round(u, 10) for u in egalitarian(Frontier.from_points([[0, 2], [1, 0]])).payoffs]
    [0.6666666667, 0.6666666667]

    References
    ----------
    Kalai (1977), Econometrica 45.
    """
    part = _gains(frontier, disagreement)
    w1, w2 = (float(w) for w in _weights(weights, 2))
    return _proportional(part, w1, w2, "egalitarian")


def _proportional(part: _Gains, ratio_1: float, ratio_2: float, rule: str) -> Bargain:
    """Go from the disagreement point along (ratio_1, ratio_2) to the edge, its level or its vertical part."""

    def surplus(u1: float) -> float:
        g1, g2 = part.at(u1)
        return g2 / ratio_2 - g1 / ratio_1

    if surplus(part.left) <= 0.0:
        share = part.b2 / ratio_2
        return _bargain((part.d1 + share * ratio_1, part.d2 + part.b2), rule, 0.0)
    if surplus(part.right) >= 0.0:
        share = part.b1 / ratio_1
        return _bargain((part.right, part.d2 + share * ratio_2), rule, 0.0)
    u1 = bracketed_root(surplus, part.left, part.right)
    return _on_edge(part, u1, rule, abs(surplus(u1)) * ratio_1 / part.b1)


def _on_edge(part: _Gains, u1: float, rule: str, residual: float) -> Bargain:
    return _bargain((u1, part.frontier.height(u1)), rule, residual)


def _bargain(payoffs: tuple[float, float], rule: str, residual: float) -> Bargain:
    proof = "the only point of a convex comprehensive set that satisfies the rule; convexity was checked on a grid"
    return Bargain((float(payoffs[0]), float(payoffs[1])), rule, None, (), residual < 1e-9, residual, proof)


Rule = Literal["nash", "kalai_smorodinsky", "egalitarian"]


def bargain_among(
    deals: npt.ArrayLike,
    disagreement: npt.ArrayLike = 0.0,
    rule: Rule = "nash",
    weights: npt.ArrayLike = 1.0,
) -> Bargain:
    """Return the deal that a rule chooses among finitely many, for any number of players, without lotteries.

    Parameters
    ----------
    deals : array_like, shape (deals, players)
        Payoff of each player at each deal.
    disagreement : array_like, shape (players,) or a number
        Payoffs without agreement; deals that give anyone less are not considered.
    rule : {"nash", "kalai_smorodinsky", "egalitarian"}
        What is maximised: the product of gains, the smallest share of the ideal gain, the smallest weighted gain.
    weights : array_like, shape (players,) or a number
        Powers of the Nash product, or ratios of the egalitarian rule.

    Returns
    -------
    Bargain
        An efficient deal; of several that tie, the lowest row, and `tied` lists them all.

    Raises
    ------
    GameError
        If no deal gives every player more than the disagreement, or an argument is malformed.

    Examples
    --------
    >>> bargain_among([[3, 1, 1], [2, 2, 2], [1, 3, 1]]).deal
    1
    """
    table = payoff_array("deals", deals, 2)
    players = table.shape[1]
    gains = table - _disagreement(disagreement, players)
    powers = _weights(weights, players)
    rational = (gains >= 0).all(axis=1)
    if not (gains[rational] > 0).all(axis=1).any():
        raise GameError("deals: found none that gives every player more than the disagreement, expected at least one")
    ideal = gains[rational].max(axis=0)
    scores: dict[str, Callable[[], Floats]] = {
        "nash": lambda: _log_product(gains, powers),
        "kalai_smorodinsky": lambda: np.asarray((gains / ideal).min(axis=1)),
        "egalitarian": lambda: np.asarray((gains / powers).min(axis=1)),
    }
    if rule not in scores:
        raise GameError(f"rule: found {rule!r}, expected one of {', '.join(scores)}")
    score = scores[rule]()
    score[~(rational & pareto_efficient(table))] = -np.inf
    best = float(score.max())
    tied = tuple(int(k) for k in np.flatnonzero(score >= best - 1e-12 * max(1.0, abs(best))))
    payoffs = tuple(float(u) for u in table[tied[0]])
    proof = "the best of the listed deals; ties are listed, lotteries are not considered"
    return Bargain(payoffs, rule, tied[0], tied, True, 0.0, proof)


def _log_product(gains: Floats, powers: Floats) -> Floats:
    product = np.full(len(gains), -np.inf)
    positive = (gains > 0).all(axis=1)
    product[positive] = np.log(gains[positive]) @ powers
    return product
