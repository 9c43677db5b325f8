r"""Correlated equilibria: what private recommendations of a mediator can make self-enforcing.

A mediator draws a profile :math:`s` from a distribution :math:`p` and tells each player its own part only. The
distribution is a **correlated equilibrium** if nobody gains by doing something else than it was told,

.. math:: \sum_{s_{-i}} p(s_i, s_{-i}) \, [u_i(t_i, s_{-i}) - u_i(s_i, s_{-i})] \le 0
          \quad \text{for all } i, s_i, t_i,

and a **coarse** one if nobody gains by refusing to listen, :math:`\sum_s p(s)\,[u_i(t_i, s_{-i}) - u_i(s)] \le 0`.
Both sets are polytopes and hold all Nash equilibria, so the best and the worst for any linear objective are linear
programs, and they bound what any mediation without transfers or verification can reach.

The answer is certified twice, on the payoffs: each player's regret is the gain of its best way of disobeying, and the
multipliers y of the constraints prove that no equilibrium is worth more than :math:`\max_s [c(s) - \sum y a(s)]`.

Sources: Aumann, R. (1974), Subjectivity and correlation in randomized strategies, Journal of Mathematical Economics 1,
67-96; Aumann, R. (1987), Correlated equilibrium as an expression of Bayesian rationality, Econometrica 55, 1-18;
Moulin, H. and Vial, J.-P. (1978), Strategically zero-sum games, International Journal of Game Theory 7, 201-221.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import GameError, UsageError
from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import Vector, frozen_vector
from sim.games.numerics.linear_program import maximise

Array = NDArray[np.float64]
Objective = Literal["welfare", "egalitarian"] | str | ArrayLike

TOLERANCE = 1e-7
"""Regret and duality gap, as shares of the payoff range, up to which an answer counts as an optimal equilibrium."""
MOST_ENTRIES = 20_000_000
"""Numbers that the constraints may have."""
SHOWN = 20


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CorrelatedEquilibrium:
    """A distribution over profiles that nobody gains by disobeying, and how good it is.

    Attributes
    ----------
    distribution : ndarray, shape (n_1, ..., n_N)
        Probability of each profile of recommendations; read-only.
    payoffs : tuple of float
        Expected payoff of each player.
    regrets : tuple of float
        What each player gains by its best way of disobeying (coarse: by its best fixed strategy), at least 0.
    value : float
        Of the objective.
    bound : float
        No equilibrium of the kind has a larger value (a smaller one, if the objective was minimised).
    coarse : bool
        Whether players commit to listening before they are told.
    converged : bool
        Whether regret and the distance of value and bound are below 1e-7 of the payoff range.
    method, proved, not_proved : str
        How it was found, what is certain, and what is not.
    players, strategies : tuple
        Names, for printing.
    """

    distribution: Array
    payoffs: tuple[float, ...]
    regrets: tuple[float, ...]
    value: float
    bound: float
    coarse: bool
    converged: bool
    method: str
    proved: str
    not_proved: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]

    @property
    def regret(self) -> float:
        """The largest regret of any player, in payoff units."""
        return max(self.regrets)

    @property
    def residual(self) -> float:
        """The larger one of regret and the distance of value and bound."""
        return max(self.regret, abs(self.bound - self.value))

    def as_dict(self) -> dict[tuple[str, ...], float]:
        """Return ``{(strategy of player 1, ...): probability}`` of what is recommended, the likeliest first."""
        cells = [tuple(int(k) for k in cell) for cell in np.argwhere(self.distribution > 0.0)]
        cells.sort(key=lambda cell: (-round(float(self.distribution[cell]), 12), cell))
        return {
            tuple(names[k] for names, k in zip(self.strategies, cell, strict=True)): float(self.distribution[cell])
            for cell in cells
        }

    def recommended(self, player: int) -> Vector:
        """Return how often each strategy of a player is recommended."""
        others = tuple(k for k in range(self.distribution.ndim) if k != player)
        return frozen_vector(self.distribution.sum(axis=others))

    def __repr__(self) -> str:
        kind = "coarse correlated" if self.coarse else "correlated"
        likely = list(self.as_dict().items())
        shown = ", ".join(f"({', '.join(cell)}): {p:.6g}" for cell, p in likely[:6])
        more = f", ... {len(likely) - 6} more" if len(likely) > 6 else ""
        pays = " ".join(f"{u:.6g}" for u in self.payoffs)
        return (
            f"{kind} equilibrium {{{shown}{more}}}, payoffs [{pays}], value {self.value:.6g}, regret {self.regret:.2g}"
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(', '.join(cell))}</td><td>{p:.4f}</td></tr>"
            for cell, p in list(self.as_dict().items())[:SHOWN]
        )
        pays = ", ".join(f"{escape(p)} {u:.6g}" for p, u in zip(self.players, self.payoffs, strict=True))
        head = f"<tr><th>{escape(', '.join(self.players))}</th><th>probability</th></tr>"
        return (
            f"<table>{head}{rows}</table><p>payoffs: {pays}; objective {self.value:.6g}, "
            f"proved bound {self.bound:.6g}; regret {self.regret:.2g}</p>"
        )


@dataclass(frozen=True, slots=True, eq=False)
class CorrelatedRange:
    """The least and the most that an objective can be at a correlated equilibrium.

    Attributes
    ----------
    low, high : float
        Proved bounds on the objective.
    lowest, highest : CorrelatedEquilibrium
        Equilibria that reach them up to their residuals.
    """

    low: float
    high: float
    lowest: CorrelatedEquilibrium
    highest: CorrelatedEquilibrium


def correlated(
    game: PayoffTable,
    objective: Objective = "welfare",
    *,
    coarse: bool = False,
    disagreement: ArrayLike | None = None,
) -> CorrelatedEquilibrium:
    """Return the correlated equilibrium that is best for an objective.

    Parameters
    ----------
    game : PayoffTable
    objective : str or array_like
        ``"welfare"`` (sum of payoffs), ``"egalitarian"`` (the least gain over `disagreement` of any player), a player's
        name (its payoff), one weight per player, or an array of the game's shape: the worth of each profile, such as 1
        where it ends in a settlement. Several equilibria can be best; one is returned.
    coarse : bool
        Whether players decide to listen before they are told what to do.
    disagreement : array_like, shape (N,), optional
        Payoffs without a deal, from which ``"egalitarian"`` counts; 0 by default.

    Returns
    -------
    CorrelatedEquilibrium

    Raises
    ------
    UsageError
        If the objective is none of these.
    GameError
        If the game is too large (its constraints would have more than 20,000,000 entries), or the solver fails.

    Examples
    --------
    >>> chicken = PayoffTable([[[6, 2], [7, 0]], [[6, 7], [2, 0]]], strategies=[["yield", "dare"]] * 2)
    >>> best = correlated(chicken)
    >>> {cell: round(p, 6) for cell, p in best.as_dict().items()}
    {('yield', 'yield'): 0.5, ('yield', 'dare'): 0.25, ('dare', 'yield'): 0.25}
    >>> [round(u, 6) for u in best.payoffs]
    [5.25, 5.25]
    """
    return _best(game, _Goal.of(game, objective, disagreement), coarse, minimise=False)


def correlated_range(game: PayoffTable, objective: Objective, *, coarse: bool = False) -> CorrelatedRange:
    """Return the least and the most that a linear objective can be at a correlated equilibrium.

    Parameters
    ----------
    game : PayoffTable
    objective, coarse
        As in `correlated`; ``"egalitarian"`` is not linear and refused.

    Returns
    -------
    CorrelatedRange

    Raises
    ------
    UsageError
        If the objective is not linear or unknown.
    GameError
        If the game is too large.

    Examples
    --------
    >>> chicken = PayoffTable([[[6, 2], [7, 0]], [[6, 7], [2, 0]]])
    >>> reach = correlated_range(chicken, [[1, 0], [0, 0]])     # how often both can be made to yield
    >>> round(reach.low, 6), round(reach.high, 6)
    (0.0, 0.5)
    """
    goal = _Goal.of(game, objective, None)
    if goal.egalitarian:
        raise UsageError(
            "objective: found 'egalitarian', expected a linear one: 'welfare', a player, weights, an array"
        )
    lowest, highest = (_best(game, goal, coarse, minimise=minimise) for minimise in (True, False))
    return CorrelatedRange(lowest.bound, highest.bound, lowest, highest)


@dataclass(frozen=True, slots=True, eq=False)
class _Goal:
    """Rows of worths of profiles; what is maximised is the one row, or the least expectation of any row."""

    rows: Array
    egalitarian: bool
    scale: float

    @classmethod
    def of(cls, game: PayoffTable, objective: Objective, disagreement: ArrayLike | None) -> _Goal:
        flat = np.array([u.ravel() for u in game.payoffs])
        if isinstance(objective, str):
            if objective == "egalitarian":
                base = np.zeros(game.n_players) if disagreement is None else np.array(disagreement, dtype=np.float64)
                if base.shape != (game.n_players,) or not np.all(np.isfinite(base)):
                    raise UsageError(f"disagreement: found {disagreement!r}, expected one finite payoff per player")
                return cls(flat - base[:, None], True, game.payoff_range or 1.0)
            if objective == "welfare":
                row = flat.sum(axis=0)
            elif objective in game.players:
                row = flat[game.players.index(objective)]
            else:
                names = ", ".join(repr(p) for p in game.players)
                raise UsageError(
                    f"objective: found {objective!r}, expected 'welfare', 'egalitarian', a player ({names}), weights "
                    "of the players or an array of the game's shape"
                )
        else:
            try:
                given = np.array(objective, dtype=np.float64)
            except (TypeError, ValueError):
                raise UsageError(f"objective: found {objective!r}, expected numbers or a name") from None
            if not np.all(np.isfinite(given)):
                raise UsageError("objective: found a number that is not finite, expected finite ones")
            if given.shape == game.shape:
                row = given.ravel()
            elif given.shape == (game.n_players,):
                row = given @ flat
            else:
                raise UsageError(
                    f"objective: found shape {given.shape}, expected ({game.n_players},), one weight per player, or "
                    f"{game.shape}, the worth of each profile"
                )
        if disagreement is not None:
            raise UsageError("disagreement: found one without objective='egalitarian', the only one that uses it")
        return cls(row[None], False, float(row.max() - row.min()) or 1.0)


def deviations(game: PayoffTable, players: Sequence[int], *, coarse: bool = False) -> Any:
    """Return what disobeying gains as a sparse matrix: a row per temptation of these players, a column per profile.

    Parameters
    ----------
    game : PayoffTable
    players : sequence of int
    coarse : bool
        Whether a temptation is one strategy whatever is recommended, not one for each recommendation.

    Returns
    -------
    scipy.sparse.csr_matrix
        In shares of each player's payoff range.

    Raises
    ------
    GameError
        If it would have more than 20,000,000 entries.

    Examples
    --------
    >>> deviations(PayoffTable([[[6, 2], [7, 0]], [[6, 7], [2, 0]]]), [0]).toarray().round(3).tolist()
    [[0.0, 0.0, -0.143, 0.286], [0.143, -0.286, 0.0, 0.0]]
    """
    from scipy.sparse import csr_matrix

    cells = int(np.prod(game.shape))
    if cells * (sum(game.shape) - game.n_players + 1) > MOST_ENTRIES:
        raise GameError(
            f"found a game of {' x '.join(map(str, game.shape))} profiles, whose constraints have over {MOST_ENTRIES} "
            "entries; remove dominated strategies first (iterated_dominance)"
        )
    where = np.arange(cells).reshape(game.shape)
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    gains: list[Array] = []
    count = 0
    for i in players:
        u = game.payoffs[i]
        # Each player's payoffs are brought to a range of 1, so that one tolerance fits all.
        table = np.moveaxis(u, i, 0).reshape(game.shape[i], -1) / (float(u.max() - u.min()) or 1.0)
        place = np.moveaxis(where, i, 0).reshape(game.shape[i], -1)
        for t in range(game.shape[i]):
            others = np.array([s for s in range(game.shape[i]) if s != t], dtype=np.int64)
            if not len(others):
                continue
            gain = table[t] - table[others]
            row = np.zeros(len(others), dtype=np.int64) if coarse else np.arange(len(others))
            rows.append(np.repeat(count + row, gain.shape[1]))
            columns.append(place[others].ravel())
            gains.append(gain.ravel())
            count += 1 if coarse else len(others)
    if not count:
        return csr_matrix((1, cells))
    entries = (np.concatenate(gains), (np.concatenate(rows), np.concatenate(columns)))
    return csr_matrix(entries, shape=(count, cells))


def _best(game: PayoffTable, goal: _Goal, coarse: bool, *, minimise: bool) -> CorrelatedEquilibrium:
    from scipy.sparse import csr_matrix, hstack, vstack

    obey = deviations(game, range(game.n_players), coarse=coarse)
    cells = obey.shape[1]
    sign = -1.0 if minimise else 1.0
    middle = float(goal.rows.max() + goal.rows.min()) / 2.0
    worth = sign * (goal.rows - middle) / goal.scale
    if goal.egalitarian:
        # The last unknown is the least expectation of any row.
        above = hstack([csr_matrix(-worth), csr_matrix(np.ones((len(worth), 1)))])
        limits = vstack([hstack([obey, csr_matrix((obey.shape[0], 1))]), above], format="csr")
        total = csr_matrix(np.append(np.ones(cells), 0.0)[None])
        best = maximise(
            np.append(np.zeros(cells), 1.0), limits, np.zeros(limits.shape[0]), total, np.ones(1), free=[cells]
        )
    else:
        best = maximise(worth[0], obey, np.zeros(obey.shape[0]), csr_matrix(np.ones((1, cells))), np.ones(1))
    if best is None:
        raise GameError("no correlated equilibrium was found: the linear program could not be solved")
    chances = np.maximum(best.point[:cells], 0.0)
    chances[chances < 1e-12] = 0.0
    chances /= chances.sum()
    weights = best.at_most[obey.shape[0] :] if goal.egalitarian else np.ones(1)
    weights = weights / weights.sum() if weights.sum() > 0.0 else np.full(len(weights), 1.0 / len(weights))
    bound = float((weights @ worth - obey.T @ best.at_most[: obey.shape[0]]).max())
    value = float((worth @ chances).min())
    distribution = chances.reshape(game.shape)
    distribution.setflags(write=False)
    regrets = tuple(_disobedience(u, distribution, i, coarse) for i, u in enumerate(game.payoffs))
    spans = [float(u.max() - u.min()) or 1.0 for u in game.payoffs]
    converged = bound - value <= TOLERANCE and all(r <= TOLERANCE * s for r, s in zip(regrets, spans, strict=True))
    return CorrelatedEquilibrium(
        distribution=distribution,
        payoffs=tuple(float((u * distribution).sum()) for u in game.payoffs),
        regrets=regrets,
        value=sign * value * goal.scale + middle,
        bound=sign * bound * goal.scale + middle,
        coarse=coarse,
        converged=bool(converged),
        method="linear program (HiGHS)",
        proved="nobody gains more than the regret by disobeying, and no equilibrium of the kind beats the bound",
        not_proved="whether another equilibrium has the same value",
        players=game.players,
        strategies=game.strategies,
    )


def _disobedience(payoffs: Array, distribution: Array, player: int, coarse: bool) -> float:
    """Return the gain of a player's best deviation: one answer to each recommendation, or one for all of them."""
    chances = np.moveaxis(distribution, player, 0).reshape(distribution.shape[player], -1)
    table = np.moveaxis(payoffs, player, 0).reshape(distribution.shape[player], -1)
    worth = (chances.sum(axis=0) @ table.T) if coarse else chances @ table.T
    obeying = float((chances * table).sum())
    return max(0.0, float(worth.max() if coarse else worth.max(axis=1).sum()) - obeying)


def disobedience(game: PayoffTable, distribution: ArrayLike, *, coarse: bool = False) -> Vector:
    """Return what each player gains by its best way of disobeying recommendations drawn from a distribution.

    Parameters
    ----------
    game : PayoffTable
    distribution : array_like, shape (n_1, ..., n_N)
        Probability of each profile.
    coarse : bool
        Whether only fixed strategies are open to those who do not listen.

    Returns
    -------
    ndarray, shape (N,)
        In payoff units; all zero exactly at a (coarse) correlated equilibrium.

    Raises
    ------
    GameError
        If it is no distribution over the game's profiles.

    Examples
    --------
    >>> chicken = PayoffTable([[[6, 2], [7, 0]], [[6, 7], [2, 0]]])
    >>> disobedience(chicken, [[1, 0], [0, 0]]).tolist(), disobedience(chicken, [[0, 0.5], [0.5, 0]]).tolist()
    ([1.0, 1.0], [0.0, 0.0])
    """
    given = _distribution(game, distribution)
    return frozen_vector([_disobedience(u, given, i, coarse) for i, u in enumerate(game.payoffs)])


def _distribution(game: PayoffTable, given: ArrayLike | Sequence[Any]) -> Array:
    try:
        chances = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise GameError(f"distribution: found {given!r}, expected numbers") from None
    if chances.shape != game.shape:
        raise GameError(f"distribution: found shape {chances.shape}, expected {game.shape}, one number per profile")
    if not np.all(np.isfinite(chances)) or chances.min() < -1e-12 or abs(chances.sum() - 1.0) > 1e-9:
        raise GameError("distribution: expected probabilities that sum to 1")
    return chances
