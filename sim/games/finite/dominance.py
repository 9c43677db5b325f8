r"""Dominated strategies and their iterated removal.

A mixture :math:`x` of player i's other strategies dominates strategy j strictly if

.. math:: \sum_k x_k u_i(k, s_{-i}) > u_i(j, s_{-i}) \quad \text{for every } s_{-i},

and weakly if it is never worse and somewhere better. Dominance by a pure strategy is compared exactly; dominance by a
mixture is a linear program (maximise the smallest gain, or the sum of gains none of which is negative). The order of
removal does not matter for strict dominance; for weak dominance it does: here all weakly dominated strategies of all
players go in the same round.

Sources: Luce, R. and Raiffa, H. (1957), Games and Decisions; Pearce, D. (1984), Rationalizable strategic behavior
and the problem of perfection, Econometrica 52, 1029-1050.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import Vector, frozen_vector
from sim.notebook_table import NotebookTable

Game = TypeVar("Game", bound=PayoffTable)
Kind = Literal["strict", "weak"]
By = Literal["pure", "mixed"]

TOLERANCE = 1e-9
"""A mixture counts as better if its gain exceeds this share of the payoff range."""


@dataclass(frozen=True, slots=True, eq=False)
class Dominated(NotebookTable):
    """A dominated strategy with its proof.

    Attributes
    ----------
    player, strategy : int
        Indices.
    dominator : ndarray, shape (n_player,)
        Probabilities of the strategy that dominates it.
    kind : {"strict", "weak"}
        What was shown.
    gain : float
        Smallest gain over the others' strategies for strict, largest gain for weak dominance, in payoff units.
    """

    player: int
    strategy: int
    dominator: Vector
    kind: Kind
    gain: float


@dataclass(frozen=True, slots=True, eq=False)
class Elimination(NotebookTable, Generic[Game]):
    """The iterated removal of dominated strategies.

    Attributes
    ----------
    survivors : tuple of tuple of int
        For each player the strategies left, as indices of the original game.
    rounds : tuple of tuple of Dominated
        What went in each round; indices and dominators refer to the original game.
    game : PayoffTable
        The reduced game, of the type of the original one.
    solved : bool
        Whether one strategy is left for each player.
    proved, not_proved : str
        What the removal implies for equilibria.
    """

    survivors: tuple[tuple[int, ...], ...]
    rounds: tuple[tuple[Dominated, ...], ...]
    game: PayoffTable
    solved: bool
    proved: str
    not_proved: str


def dominated(game: PayoffTable, player: int, kind: Kind = "strict", by: By = "mixed") -> tuple[Dominated, ...]:
    """Return a player's dominated strategies, each with a strategy that dominates it.

    Parameters
    ----------
    game : PayoffTable
    player : int
        Index of the player.
    kind : {"strict", "weak"}
        Better everywhere, or nowhere worse and somewhere better.
    by : {"pure", "mixed"}
        Whether mixtures may dominate.

    Returns
    -------
    tuple of Dominated

    Raises
    ------
    UsageError
        If the player, `kind` or `by` is unknown.

    Examples
    --------
    >>> game = PayoffTable([[[3, 0], [0, 3], [1, 1]], [[0, 0], [0, 0], [0, 0]]])
    >>> [d.strategy for d in dominated(game, 0)], dominated(game, 0, by="pure")
    ([2], ())
    """
    if kind not in ("strict", "weak"):
        raise UsageError(f"kind: found {kind!r}, expected 'strict' or 'weak'")
    if by not in ("pure", "mixed"):
        raise UsageError(f"by: found {by!r}, expected 'pure' or 'mixed'")
    if not 0 <= player < game.n_players:
        raise UsageError(f"player: found {player!r}, expected an index from 0 to {game.n_players - 1}")
    table = np.moveaxis(game.payoffs[player], player, 0).reshape(game.shape[player], -1)
    proofs = []
    for j in range(len(table)):
        proof = _pure_dominator(table, j, kind)
        if proof is None and by == "mixed" and len(table) > 2:
            proof = _mixed_dominator(table, j, kind)
        if proof is not None:
            proofs.append(Dominated(player, j, frozen_vector(proof[0]), kind, proof[1]))
    return tuple(proofs)


def iterated_dominance(game: Game, kind: Kind = "strict", by: By = "mixed") -> Elimination[Game]:
    """Remove dominated strategies of all players round by round until none is left.

    Parameters
    ----------
    game : PayoffTable
    kind, by
        As in `dominated`.

    Returns
    -------
    Elimination

    Raises
    ------
    UsageError
        If `kind` or `by` is unknown.

    Examples
    --------
    >>> iterated_dominance(PayoffTable([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])).survivors
    ((1,), (1,))
    """
    survivors = [list(range(n)) for n in game.shape]
    rounds: list[tuple[Dominated, ...]] = []
    reduced = game
    while True:
        gone = [d for i in range(game.n_players) for d in dominated(reduced, i, kind, by)]
        if not gone:
            break
        rounds.append(tuple(_in_original(d, survivors[d.player], game.shape[d.player]) for d in gone))
        for d in rounds[-1]:
            survivors[d.player].remove(d.strategy)
        reduced = game.restrict(survivors)
    strict = kind == "strict"
    return Elimination(
        survivors=tuple(tuple(kept) for kept in survivors),
        rounds=tuple(rounds),
        game=reduced,
        solved=all(len(kept) == 1 for kept in survivors),
        proved="every equilibrium of the game uses surviving strategies only, and the order of removal does not matter"
        if strict
        else "every equilibrium of the reduced game is one of the game",
        not_proved="" if strict else "equilibria in removed strategies may exist; another order may leave others",
    )


def _pure_dominator(table: NDArray[np.float64], j: int, kind: Kind) -> tuple[NDArray[np.float64], float] | None:
    gains = table - table[j]
    better = gains.min(axis=1) > 0.0 if kind == "strict" else (gains.min(axis=1) >= 0.0) & (gains.max(axis=1) > 0.0)
    better[j] = False
    if not better.any():
        return None
    k = int(np.argmax(better))
    return np.eye(len(table))[k], float(gains[k].min() if kind == "strict" else gains[k].max())


def _mixed_dominator(table: NDArray[np.float64], j: int, kind: Kind) -> tuple[NDArray[np.float64], float] | None:
    from scipy.optimize import linprog

    span = float(table.max() - table.min())
    if span == 0.0:
        return None
    gains = np.delete(table - table[j], j, axis=0) / span
    n, columns = gains.shape
    if kind == "strict":
        # Unknowns: the mixture and the smallest gain, which is maximised.
        answer = linprog(
            np.append(np.zeros(n), -1.0),
            A_ub=np.column_stack([-gains.T, np.ones(columns)]),
            b_ub=np.zeros(columns),
            A_eq=np.append(np.ones(n), 0.0)[None],
            b_eq=[1.0],
            bounds=[(0.0, 1.0)] * n + [(None, None)],
        )
    else:
        answer = linprog(
            -gains.sum(axis=1),
            A_ub=-gains.T,
            b_ub=np.zeros(columns),
            A_eq=np.ones(n)[None],
            b_eq=[1.0],
            bounds=[(0.0, 1.0)] * n,
        )
    if answer.status != 0 or answer.x is None:
        return None
    mixture = np.where(answer.x[:n] > TOLERANCE, answer.x[:n], 0.0)
    mixture /= mixture.sum()
    gain = mixture @ gains
    dominates = gain.min() > TOLERANCE if kind == "strict" else gain.min() >= -TOLERANCE and gain.max() > TOLERANCE
    if not dominates:
        return None
    return np.insert(mixture, j, 0.0), span * float(gain.min() if kind == "strict" else gain.max())


def _in_original(d: Dominated, kept: list[int], n: int) -> Dominated:
    dominator = np.zeros(n)
    dominator[kept] = d.dominator
    return Dominated(d.player, kept[d.strategy], frozen_vector(dominator), d.kind, d.gain)
