r"""Games of incomplete information with finitely many types, and what a mediator who hears reports can reach.

Nature draws a type for each player from a joint prior; each player learns its own, and all move at once. With payoffs
:math:`u_i(t, a)` a Bayesian Nash equilibrium is an equilibrium of the tree `BayesianGame.to_extensive_form`, or of the
normal form whose strategies say a move for each type.

A **communication equilibrium** adds a mediator: each player reports a type, the mediator draws a move for each from
:math:`\mu(a \mid t)` and tells it in private. It is one if nobody gains by lying, by disobeying, or by both,

.. math::

    \sum_{t_{-i}, a} p(t)\, \mu(a \mid t)\, u_i(t, a) \ge
    \sum_{a_i} \max_b \sum_{t_{-i}, a_{-i}} p(t)\, \mu(a \mid r, t_{-i})\, u_i(t, (b, a_{-i}))
    \quad \text{for all } i, t_i, r.

The maxima become unknowns of their own, so the best for a linear objective is a linear program. With one type each it
is the correlated equilibrium. Talk of any length, with or without a go-between, reaches nothing beyond it.

Sources: Harsanyi, J. (1967-68), Games with incomplete information played by Bayesian players, Management Science 14;
Forges, F. (1986), An approach to communication equilibria, Econometrica 54, 1375-1385; Myerson, R. (1986), Multistage
games with communication, Econometrica 54, 323-358.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import GameError, UsageError
from sim.games.finite.extensive_form import ExtensiveForm
from sim.games.finite.tree_nodes import Chance, Decision, Node, Terminal
from sim.games.numerics.linear_program import maximise
from sim.notebook_table import NotebookTable

Array = NDArray[np.float64]

TOLERANCE = 1e-7
MOST_CELLS = 200_000
"""Combinations of types and moves that a game may have."""


@dataclass(frozen=True, slots=True, eq=False)
class CommunicationEquilibrium(NotebookTable):
    """What a mediator recommends after each report.

    Attributes
    ----------
    recommendation : ndarray, shape (types of 1, ..., types of N, moves of 1, ..., moves of N)
        Probability of each profile of moves after each profile of reports; read-only.
    payoffs : tuple of float
        Expected payoff of each player before types are drawn.
    by_type : tuple of ndarray
        Expected payoff of each type of each player.
    regrets : tuple of float
        What each player gains by its best way of lying and disobeying, before types are drawn.
    value, bound : float
        The objective, and what no communication equilibrium exceeds.
    converged : bool
        Whether regret and the distance of value and bound are below 1e-7 of the payoff range.
    proved, not_proved : str
        What is certain, and what is not.
    """

    recommendation: Array
    payoffs: tuple[float, ...]
    by_type: tuple[Array, ...]
    regrets: tuple[float, ...]
    value: float
    bound: float
    converged: bool
    proved: str
    not_proved: str

    @property
    def regret(self) -> float:
        """The largest regret of any player, in payoff units."""
        return max(self.regrets)


@dataclass(frozen=True, slots=True, eq=False, init=False)
class BayesianGame:
    """A game in which each player knows its own type only; immutable.

    Parameters
    ----------
    prior : array_like, shape (types of 1, ..., types of N)
        Probability of each profile of types; types may depend on each other.
    payoffs : sequence of array_like
        One array per player, of shape (types of 1, ..., types of N, moves of 1, ..., moves of N).
    players : sequence of str, optional
        Names; ``"1"``, ``"2"``, ... by default.
    types, moves : sequence of sequence of str, optional
        Names of each player's types and moves; numbers by default.

    Raises
    ------
    GameError
        If shapes do not fit, a number is not finite, or the prior does not sum to 1.

    Examples
    --------
    Rebels are strong or weak, and attack or wait; the government does not know which, and stands firm or yields.

    >>> rebels = [[[[2, 3], [0, 1]]], [[[-3, 1], [0, 1]]]]
    >>> government = [[[[-4, -2], [1, 0]]], [[[1, -2], [1, 0]]]]
    >>> game = BayesianGame([[0.4], [0.6]], [rebels, government], players=["rebels", "government"])
    >>> game.shape
    ((2, 1), (2, 2))
    """

    prior: Array
    payoffs: tuple[Array, ...]
    players: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    moves: tuple[tuple[str, ...], ...]

    def __init__(
        self,
        prior: ArrayLike,
        payoffs: Sequence[ArrayLike],
        players: Sequence[str] | None = None,
        types: Sequence[Sequence[str]] | None = None,
        moves: Sequence[Sequence[str]] | None = None,
    ) -> None:
        try:
            chances = np.array(prior, dtype=np.float64)
            tables = [np.array(u, dtype=np.float64) for u in payoffs]
        except (TypeError, ValueError):
            raise GameError("prior, payoffs: found ragged or non-numeric entries, expected arrays of numbers") from None
        n = len(tables)
        if n == 0 or chances.ndim != n or 0 in chances.shape:
            raise GameError(f"prior: found shape {chances.shape}, expected one axis for each of {n} players")
        if not np.isfinite(chances).all() or chances.min() < 0.0 or abs(chances.sum() - 1.0) > 1e-9:
            raise GameError("prior: expected probabilities that sum to 1")
        for i, u in enumerate(tables):
            if u.ndim != 2 * n or u.shape[:n] != chances.shape or u.shape != tables[0].shape or u.size == 0:
                raise GameError(
                    f"payoffs of player {i + 1}: found shape {u.shape}, expected {chances.shape} followed by the "
                    f"numbers of moves of {n} players, the same for all"
                )
            if not np.isfinite(u).all():
                raise GameError(f"payoffs of player {i + 1}: found a number that is not finite")
            if u.size > MOST_CELLS:
                raise GameError(f"found {u.size} combinations of types and moves, expected at most {MOST_CELLS}")
            u.setflags(write=False)
        chances /= chances.sum()
        chances.setflags(write=False)
        object.__setattr__(self, "prior", chances)
        object.__setattr__(self, "payoffs", tuple(tables))
        object.__setattr__(self, "players", _named(players, n, "players"))
        shape = tables[0].shape
        for what, given, sizes in (("types", types, shape[:n]), ("moves", moves, shape[n:])):
            if given is not None and len(given) != n:
                raise GameError(f"{what}: found lists for {len(given)} players, expected {n}")
            names = tuple(_named(None if given is None else given[i], k, what) for i, k in enumerate(sizes))
            object.__setattr__(self, what, names)

    @property
    def shape(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Numbers of types and of moves of each player."""
        n = len(self.players)
        return self.payoffs[0].shape[:n], self.payoffs[0].shape[n:]

    @property
    def payoff_range(self) -> float:
        """The largest difference between two payoffs of the same player."""
        return max(float(u.max() - u.min()) for u in self.payoffs)

    def to_extensive_form(self) -> ExtensiveForm:
        """Return the tree: chance draws the types, then players move without seeing each other's type or move.

        Examples
        --------
        >>> coin = BayesianGame([0.5, 0.5], [[[1, 0], [0, 1]]])
        >>> coin.to_extensive_form().backward_induction().payoffs
        (1.0,)
        """
        n = len(self.players)
        type_counts, move_counts = self.shape

        def moving(kinds: tuple[int, ...], chosen: tuple[int, ...]) -> Node:
            i = len(chosen)
            if i == n:
                return Terminal([float(u[kinds + chosen]) for u in self.payoffs])
            below = {self.moves[i][a]: moving(kinds, (*chosen, a)) for a in range(move_counts[i])}
            return Decision(self.players[i], below, information=self.types[i][kinds[i]])

        kinds = [k for k in product(*map(range, type_counts)) if self.prior[k] > 0.0]
        names = {k: ", ".join(self.types[i][t] for i, t in enumerate(k)) for k in kinds}
        root = Chance({names[k]: (float(self.prior[k]), moving(k, ())) for k in kinds})
        return ExtensiveForm(root, players=self.players)

    def communication(self, objective: str | ArrayLike = "welfare") -> CommunicationEquilibrium:
        """Return the communication equilibrium that is best for an objective; see `communication`."""
        return communication(self, objective)


def _named(given: Sequence[str] | None, count: int, what: str) -> tuple[str, ...]:
    names = tuple(str(k + 1) for k in range(count)) if given is None else tuple(map(str, given))
    if len(names) != count or len(set(names)) != count:
        raise GameError(f"{what}: found {list(names)}, expected {count} different names")
    return names


def communication(game: BayesianGame, objective: str | ArrayLike = "welfare") -> CommunicationEquilibrium:
    """Return the communication equilibrium that is best for an objective.

    Parameters
    ----------
    game : BayesianGame
    objective : str or array_like
        ``"welfare"``, a player's name, one weight per player, or the worth of each profile of types and moves.

    Returns
    -------
    CommunicationEquilibrium

    Raises
    ------
    UsageError
        If the objective is none of these.
    GameError
        If the linear program cannot be solved.

    Examples
    --------
    A sender knows which of two moves is right for both; talk is enough.

    >>> u = np.array([[[[1.0, 0.0]]], [[[0.0, 1.0]]]])
    >>> found = communication(BayesianGame([[0.5], [0.5]], [u, u]))
    >>> round(found.value, 9), found.recommendation[1, 0, 0].round(9).tolist()
    (2.0, [0.0, 1.0])
    """
    worth = _objective(game, objective)
    n, scale = len(game.players), float(worth.max() - worth.min()) or 1.0
    type_counts, move_counts = game.shape
    cells = game.payoffs[0].size
    place = np.arange(cells).reshape(*type_counts, *move_counts)
    reports = math.prod(type_counts)
    # The unknowns are the recommendations, then for each (player, type, report, recommended move) the best answer.
    answers = [
        (i, t, r, a)
        for i in range(n)
        for t in range(type_counts[i])
        for r in range(type_counts[i])
        for a in range(move_counts[i])
    ]
    at = {key: cells + k for k, key in enumerate(answers)}
    size = cells + len(answers)
    if size * (len(answers) * max(move_counts) + reports) > 40_000_000:
        raise GameError("found too many types and moves for a linear program of reports and recommendations")
    spans = [float(u.max() - u.min()) or 1.0 for u in game.payoffs]
    rows = []
    for i, t, r, a in answers:
        for b in range(move_counts[i]):
            row = np.zeros(size)
            # Mistold r for t and recommended a, it plays b.
            where = _take(place, n, i, r, a)
            np.add.at(row, where.ravel(), _chances_times(game, i, t, b).ravel() / spans[i])
            row[at[i, t, r, a]] = -1.0
            rows.append(row)
    for i in range(n):
        for t in range(type_counts[i]):
            for r in range(type_counts[i]):
                row = np.zeros(size)
                for a in range(move_counts[i]):
                    row[at[i, t, r, a]] = 1.0
                    where = _take(place, n, i, t, a)
                    np.add.at(row, where.ravel(), -_chances_times(game, i, t, a).ravel() / spans[i])
                rows.append(row)
    spread = game.prior.reshape(type_counts + (1,) * n)
    goal = np.concatenate([(spread * worth).ravel() / scale, np.zeros(len(answers))])
    equal = np.zeros((reports, size))
    for k in range(reports):
        equal[k, place.reshape(reports, -1)[k]] = 1.0
    limits = np.array(rows)
    best = maximise(goal, limits, np.zeros(len(rows)), equal, np.ones(reports), free=range(cells, size))
    if best is None:
        raise GameError("no communication equilibrium was found: the linear program could not be solved")
    recommendation = np.maximum(best.point[:cells], 0.0).reshape(reports, -1)
    recommendation = (recommendation / recommendation.sum(axis=1, keepdims=True)).reshape(place.shape)
    recommendation.setflags(write=False)
    # Any multipliers bound the value: what is left of each report's best cell is the most that it can add.
    left = (goal - limits.T @ best.at_most)[:cells].reshape(reports, -1)
    bound = float(left.max(axis=1).sum()) * scale
    value = float((spread * recommendation * worth).sum())
    regrets, by_type = zip(*(_lies(game, recommendation, i) for i in range(n)), strict=True)
    good = all(r <= TOLERANCE * s for r, s in zip(regrets, spans, strict=True)) and bound - value <= TOLERANCE * scale
    return CommunicationEquilibrium(
        recommendation=recommendation,
        payoffs=tuple(float((spread * recommendation * u).sum()) for u in game.payoffs),
        by_type=by_type,
        regrets=regrets,
        value=value,
        bound=bound,
        converged=bool(good),
        proved="nobody gains more than the regret by lying and disobeying",
        not_proved="whether another equilibrium has the same value",
    )


def _objective(game: BayesianGame, objective: str | ArrayLike) -> Array:
    if isinstance(objective, str):
        if objective == "welfare":
            return np.asarray(sum(game.payoffs))
        if objective in game.players:
            return game.payoffs[game.players.index(objective)]
        raise UsageError(
            f"objective: found {objective!r}, expected 'welfare', a player ({', '.join(game.players)}), weights or an "
            "array"
        )
    given = np.array(objective, dtype=np.float64)
    if given.shape == (len(game.players),):
        return np.asarray(sum(w * u for w, u in zip(given, game.payoffs, strict=True)))
    if given.shape != game.payoffs[0].shape or not np.isfinite(given).all():
        raise UsageError(f"objective: found shape {given.shape}, expected finite numbers of {game.payoffs[0].shape}")
    return given


def _take(table: NDArray[np.int64], n: int, i: int, kind: int, move: int) -> NDArray[np.int64]:
    """Return the part of a table over types and moves in which a player has a type and a move."""
    return np.asarray(np.take(np.take(table, [kind], axis=i), [move], axis=n + i))


def _chances_times(game: BayesianGame, i: int, kind: int, move: int) -> Array:
    """Return prior times payoff of a player of a type with a move, over the others' types and moves."""
    n = len(game.players)
    chances = np.take(game.prior, [kind], axis=i)
    pay = np.take(np.take(game.payoffs[i], [kind], axis=i), [move], axis=n + i)
    return np.asarray(chances.reshape(chances.shape + (1,) * n) * pay)


def _lies(game: BayesianGame, recommendation: Array, i: int) -> tuple[float, Array]:
    """Return what a player gains by lying and disobeying, and what each of its types gets by doing neither."""
    n = len(game.players)
    type_counts, move_counts = game.shape
    chances = game.prior.sum(axis=tuple(k for k in range(n) if k != i))
    gain, honest = 0.0, np.zeros(type_counts[i])
    for t in range(type_counts[i]):
        worth = []
        for r in range(type_counts[i]):
            told = np.take(recommendation, [r], axis=i)
            answers = np.array(
                [
                    [
                        float((np.take(told, [a], axis=n + i) * _chances_times(game, i, t, b)).sum())
                        for b in range(move_counts[i])
                    ]
                    for a in range(move_counts[i])
                ]
            )
            worth.append(float(answers.max(axis=1).sum()))
            if r == t:
                honest[t] = float(np.trace(answers))
        gain += max(0.0, max(worth) - honest[t])
    with np.errstate(invalid="ignore", divide="ignore"):
        return gain, np.where(chances > 0.0, honest / chances, np.nan)
