r"""Which payoffs two players can sustain in a repeated game: the set of subgame perfect payoffs.

A stage game is played for ever, moves are seen, players discount by :math:`\delta`, and a public coin may be tossed
before each period. For a convex set W of continuation payoffs with the worst :math:`w_i` for each player,

.. math::

    B(W) = \mathrm{co} \bigcup_a \Big\{ (1-\delta) u(a) + \delta w : w \in W, \;
           \delta (w_i - \underline{w}_i) \ge (1-\delta) \big[\max_{a'} u_i(a', a_{-i}) - u_i(a)\big] \Big\}.

The payoffs of subgame perfect equilibria in pure moves are its largest fixed point. Starting from a set that holds all
feasible payoffs, the iterates :math:`B^k(W)` shrink to it, so each is an **outer** bound. If no point of W is farther
than h from :math:`B(W)`, following the points that generate each other pays within :math:`h / (1-\delta)` of each point
of W, and no deviation in one period gains more than :math:`2 h \delta / (1-\delta)`. W is a polygon: it is cut by two
half planes for each profile of moves, and the hull is taken.

Sources: Abreu, D., Pearce, D. and Stacchetti, E. (1990), Toward a theory of discounted repeated games with imperfect
monitoring, Econometrica 58, 1041-1063; Cronshaw, M. and Luenberger, D. (1994), Strongly symmetric subgame perfect
equilibria, Games and Economic Behavior 6, 220-237; Abreu, D. and Sannikov, Y. (2014), An algorithm for two-player
repeated games with perfect monitoring, Theoretical Economics 9, 313-338.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import ConvergenceWarning, GameError
from sim.games.finite.payoff_table import PayoffTable
from sim.games.numerics.arguments import Floats, count, number
from sim.games.numerics.arguments import discount as checked_discount
from sim.notebook_table import NotebookTable

SAME = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class RepeatedPayoffs(NotebookTable):
    """The set of payoffs per period that can be sustained.

    Attributes
    ----------
    corners : ndarray, shape (K, 2)
        Counter-clockwise; empty if there is no equilibrium in pure moves.
    worst : tuple of float
        The least that each player can be held to.
    regret : float
        Each point is paid, up to this, by play from which no deviation in one period gains more than this per period.
    iterations : int
        Applications of B.
    converged : bool
        Whether the last application moved no corner by more than the tolerance.
    proved, not_proved : str
        What is certain, and what is not.
    """

    corners: Floats
    worst: tuple[float, float]
    regret: float
    iterations: int
    converged: bool
    proved: str
    not_proved: str

    def holds(self, payoffs: npt.ArrayLike) -> bool:
        """Tell whether a pair of payoffs lies in the set.

        Examples
        --------
        >>> dilemma = PayoffTable([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
        >>> found = repeated_payoffs(dilemma, 0.6)
        >>> found.holds([3, 3]), found.holds([0.5, 3])
        (True, False)
        """
        point = np.array(payoffs, dtype=np.float64)
        return len(self.corners) > 0 and _distance(point, self.corners) <= max(self.regret, 1e-12)


def repeated_payoffs(
    game: PayoffTable, discount: float, *, tolerance: float = 1e-8, max_iterations: int = 5_000
) -> RepeatedPayoffs:
    """Return the set of subgame perfect payoffs of a repeated game.

    Parameters
    ----------
    game : PayoffTable
        The stage game, of two players.
    discount : float
        In [0, 1).
    tolerance : float
        Largest `regret`, as a share of the payoff range, at which the set has converged.
    max_iterations : int
        Applications of B at most.

    Returns
    -------
    RepeatedPayoffs

    Warns
    -----
    ConvergenceWarning
        If corners still move after `max_iterations`; the set holds all equilibrium payoffs all the same.

    Raises
    ------
    GameError
        If the game has not two players or an argument lies outside its interval.

    Examples
    --------
    In this prisoner's dilemma patience of one half is just enough for cooperation (grim trigger):

    >>> dilemma = PayoffTable([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> [repeated_payoffs(dilemma, d).holds([3, 3]) for d in (0.49, 0.51)]
    [False, True]
    """
    if game.n_players != 2:
        raise GameError(f"found {game.n_players} players, expected two")
    delta = checked_discount(discount)
    limit = number("tolerance", tolerance, 0.0, open_low=True) * (game.payoff_range or 1.0)
    most = count("max_iterations", max_iterations)
    u = np.stack([u.ravel() for u in game.payoffs], axis=1)
    temptation = np.stack([(u.max(axis=i, keepdims=True) - u).ravel() for i, u in enumerate(game.payoffs)], axis=1)
    corners = _hull(u)
    iterations, farthest = 0, np.inf
    while iterations < most and len(corners):
        new = _sustained(corners, u, temptation, delta)
        iterations += 1
        farthest = max((_distance(p, new) for p in corners), default=0.0) if len(new) else 0.0
        corners = new
        if 2.0 * farthest <= limit * (1.0 - delta):
            break
    regret = 2.0 * farthest / (1.0 - delta)
    converged = regret <= limit
    if not converged:
        warnings.warn(
            f"repeated_payoffs: corners still move after {iterations} iterations. Raise max_iterations.",
            ConvergenceWarning,
            stacklevel=2,
        )
    worst = tuple(float(x) for x in corners.min(axis=0)) if len(corners) else (np.nan, np.nan)
    return RepeatedPayoffs(
        corners=_without_repeats(corners, max(regret, SAME)),
        worst=(worst[0], worst[1]),
        regret=regret,
        iterations=iterations,
        converged=converged,
        proved="no subgame perfect equilibrium in pure moves (with a public coin) pays outside beyond the regret; "
        "all points are paid, up to the regret, by play from which no deviation in one period gains more",
        not_proved="what mixed moves, unseen, can sustain beyond; whether a point on the edge is paid by an exact "
        "equilibrium",
    )


def _without_repeats(corners: Floats, distance: float) -> Floats:
    """Drop corners that repeat the one before."""
    if len(corners) < 2:
        return corners
    gaps = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    kept = corners[gaps > distance]
    return kept if len(kept) else corners[:1]


def _sustained(corners: Floats, u: Floats, temptation: Floats, delta: float) -> Floats:
    """Apply B to a polygon; an empty array if nothing is left."""
    worst = corners.min(axis=0)
    points = []
    for pay, tempted in zip(u, temptation, strict=True):
        if delta == 0.0:
            if tempted.max() <= 0.0:
                points.append(pay[None])
            continue
        least = worst + (1.0 - delta) / delta * tempted
        room = _cut(_cut(corners, 0, float(least[0])), 1, float(least[1]))
        if len(room):
            points.append((1.0 - delta) * pay + delta * room)
    return _hull(np.concatenate(points)) if points else np.empty((0, 2))


def _cut(corners: Floats, axis: int, least: float) -> Floats:
    """Return the part of a convex polygon in which a coordinate is at least so much."""
    if not len(corners):
        return corners
    above = corners[:, axis] >= least - SAME * max(1.0, abs(least))
    if above.all():
        return corners
    if not above.any():
        return np.empty((0, 2))
    kept = []
    for k, point in enumerate(corners):
        after = corners[(k + 1) % len(corners)]
        if above[k]:
            kept.append(point)
        if above[k] != above[(k + 1) % len(corners)]:
            share = (least - point[axis]) / (after[axis] - point[axis])
            crossing = point + min(1.0, max(0.0, float(share))) * (after - point)
            crossing[axis] = least
            kept.append(crossing)
    return np.array(kept)


def _hull(points: Floats) -> Floats:
    """Return the corners of the convex hull, counter-clockwise (Andrew 1979)."""
    ordered = np.unique(points, axis=0)
    if len(ordered) <= 2:
        return ordered
    size = max(1.0, float(np.abs(ordered).max()))

    def chain(sequence: Floats) -> list[Floats]:
        kept: list[Floats] = []
        for p in sequence:
            while len(kept) >= 2:
                a, b = kept[-1] - kept[-2], p - kept[-1]
                straight = 1e-15 * size if a @ b > 0.0 else 0.0  # where the way turns back the tip is a corner
                if a[0] * b[1] - a[1] * b[0] > straight:
                    break
                kept.pop()
            kept.append(p)
        return kept[:-1]

    return np.array(chain(ordered) + chain(ordered[::-1]))


def _distance(point: Floats, corners: Floats) -> float:
    """Return how far a point lies outside a convex polygon; 0 inside.

    A polygon that rounding has left flat has no inside: a point in line with it may be far away.
    """
    if len(corners) == 1:
        return float(np.linalg.norm(point - corners[0]))
    after = np.roll(corners, -1, axis=0)
    edge, towards = after - corners, point - corners
    length = np.maximum(np.linalg.norm(edge, axis=1), 1e-150)
    within = (edge[:, 0] * towards[:, 1] - edge[:, 1] * towards[:, 0]) / length
    if (within > SAME * max(1.0, float(np.abs(corners).max()))).all():
        return 0.0
    share = np.clip((edge * towards).sum(axis=1) / length**2, 0.0, 1.0)
    return float(np.linalg.norm(towards - share[:, None] * edge, axis=1).min())
