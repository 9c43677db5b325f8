r"""Coalitions: what a joint gain is worth to each, and which divisions no group would break.

A game in coalitional form gives every set S of players the worth :math:`v(S)` that it can secure on its own, in units
that can be divided. For a division x of :math:`v(N)`:

* the **core** holds those with :math:`\sum_{i \in S} x_i \ge v(S)` for all S: no group does better alone;
* the **least core** minimises the largest :math:`v(S) - x(S)`: the smallest cost of leaving that keeps all in;
* the **nucleolus** minimises the excesses :math:`v(S) - x(S)` one after another, the largest first; it is one point,
  and lies in the core if that is not empty;
* the **Shapley value** is the average of what a player adds to those before it, over all orders; the **Banzhaf** index
  averages over all coalitions instead.

Sources: Shapley, L. (1953), A value for n-person games, Contributions to the Theory of Games II; Banzhaf, J. (1965),
Rutgers Law Review 19, 317-343; Gillies, D. (1959), Contributions to the Theory of Games IV; Schmeidler, D. (1969), The
nucleolus of a characteristic function game, SIAM Journal on Applied Mathematics 17, 1163-1170; Kopelowitz, A. (1967),
Computation of the kernels of simple games and the nucleolus of n-person games, Hebrew University.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import GameError
from sim.games.numerics.arguments import Floats
from sim.games.numerics.linear_program import maximise
from sim.notebook_table import NotebookTable

MOST_PLAYERS = 16
MOST_PLAYERS_LP = 12
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class LeastCore(NotebookTable):
    """The divisions whose worst-treated coalition is treated best, by one of them.

    Attributes
    ----------
    excess : float
        The smallest e such that no coalition can gain more than e by leaving; the core is empty exactly if it is
        positive.
    division : ndarray, shape (N,)
        One division that reaches it.
    binding : tuple of tuple of str
        Coalitions that gain exactly that much: those who would leave first.
    weights : tuple of float
        Weights of the binding coalitions that prove it: they cover every player alike, and are worth too much together
        (Bondareva 1963; Shapley 1967).
    """

    excess: float
    division: Floats
    binding: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]

    @property
    def core_is_empty(self) -> bool:
        """Whether every division leaves some coalition that does better alone."""
        return self.excess > TOLERANCE


class CoalitionGame:
    """Players and what each group of them can secure; immutable.

    Parameters
    ----------
    players : sequence of str
        At most 16.
    worth : mapping or callable
        From a tuple or set of players' names to a number. In a mapping every coalition but the empty one must stand.

    Raises
    ------
    GameError
        If a coalition is missing, unknown or has no finite worth, or there are too many players.

    Examples
    --------
    A government needs one of two rebel groups for a peace worth 1:

    >>> peace = CoalitionGame(
    ...     ["government", "rebels A", "rebels B"], lambda s: float("government" in s and len(s) > 1)
    ... )
    >>> peace.shapley().round(6).tolist(), peace.nucleolus().round(6).tolist()
    ([0.666667, 0.166667, 0.166667], [1.0, 0.0, 0.0])
    """

    __slots__ = ("_players", "_worth")

    def __init__(
        self,
        players: Sequence[str],
        worth: Mapping[tuple[str, ...], float] | Callable[[frozenset[str]], float],
    ) -> None:
        names = tuple(map(str, players))
        if not names or len(set(names)) != len(names) or len(names) > MOST_PLAYERS:
            raise GameError(f"players: found {list(names)}, expected between 1 and {MOST_PLAYERS} different names")
        table = np.zeros(2 ** len(names))
        given: dict[frozenset[str], float] = {}
        if not callable(worth):
            given = {frozenset(k): v for k, v in worth.items()}
            unknown = [sorted(k - set(names)) for k in given if k - set(names)]
            if unknown:
                raise GameError(f"worth: found the unknown player {unknown[0][0]!r}, expected {', '.join(names)}")
        for mask in range(1, len(table)):
            coalition = frozenset(name for i, name in enumerate(names) if mask >> i & 1)
            if callable(worth):
                value = worth(coalition)
            elif coalition in given:
                value = given[coalition]
            else:
                raise GameError(f"worth: found none for {sorted(coalition)}, expected one for every coalition")
            try:
                table[mask] = float(value)
            except (TypeError, ValueError):
                raise GameError(f"worth of {sorted(coalition)}: found {value!r}, expected a number") from None
            if not math.isfinite(table[mask]):
                raise GameError(f"worth of {sorted(coalition)}: found {value!r}, expected a finite number")
        table.setflags(write=False)
        self._players, self._worth = names, table

    @classmethod
    def weighted_voting(cls, quota: float, votes: Mapping[str, float]) -> CoalitionGame:
        """Return the game in which a coalition wins (is worth 1) if its votes reach a quota.

        Examples
        --------
        >>> CoalitionGame.weighted_voting(3, {"a": 2, "b": 1, "c": 1}).shapley().round(6).tolist()
        [0.666667, 0.166667, 0.166667]
        """
        return cls(tuple(votes), lambda coalition: float(math.fsum(votes[p] for p in coalition) >= quota))

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self._players

    def worth(self, *coalition: str) -> float:
        """Return what a coalition can secure on its own."""
        unknown = [p for p in coalition if p not in self._players]
        if unknown:
            raise GameError(f"found the unknown player {unknown[0]!r}, expected {', '.join(self._players)}")
        return float(self._worth[sum(1 << self._players.index(p) for p in set(coalition))])

    def _added(self, i: int) -> tuple[Floats, Floats]:
        """Return what a player adds to each coalition without it, and how many are in that."""
        masks = np.arange(len(self._worth))
        without = masks[(masks >> i & 1) == 0]
        sizes = np.zeros(len(without))
        for k in range(len(self._players)):
            sizes += without >> k & 1
        return self._worth[without | 1 << i] - self._worth[without], sizes

    def shapley(self) -> Floats:
        """Return what each player adds on average over all orders; it sums to the worth of all.

        Examples
        --------
        >>> CoalitionGame("ab", {("a",): 0, ("b",): 1, ("a", "b"): 4}).shapley().tolist()
        [1.5, 2.5]
        """
        n = len(self._players)
        orders = np.array([math.factorial(k) * math.factorial(n - k - 1) / math.factorial(n) for k in range(n)])
        value = []
        for i in range(n):
            added, sizes = self._added(i)
            value.append(float(orders[sizes.astype(int)] @ added))
        return np.array(value)

    def banzhaf(self) -> Floats:
        """Return what each player adds on average over all coalitions of the others; it need not sum to anything."""
        return np.array([float(self._added(i)[0].mean()) for i in range(len(self._players))])

    def excess(self, division: Sequence[float]) -> tuple[float, tuple[str, ...]]:
        """Return the most that a coalition gains by leaving a division, and that coalition.

        Examples
        --------
        >>> CoalitionGame("ab", {("a",): 0, ("b",): 1, ("a", "b"): 4}).excess([3.5, 0.5])
        (0.5, ('b',))
        """
        x = np.array(division, dtype=np.float64)
        if x.shape != (len(self._players),) or not np.isfinite(x).all():
            raise GameError(f"division: found {division!r}, expected one finite number for each of {self._players}")
        inside = self._membership()[1:-1]
        if not len(inside):
            return 0.0, ()
        gains = self._worth[1:-1] - inside @ x
        worst = int(np.argmax(gains))
        return float(gains[worst]), self._named(worst + 1)

    def _membership(self) -> Floats:
        masks = np.arange(len(self._worth))
        return np.array([(masks >> i) & 1 for i in range(len(self._players))], dtype=np.float64).T

    def _named(self, mask: int) -> tuple[str, ...]:
        return tuple(p for i, p in enumerate(self._players) if mask >> i & 1)

    def least_core(self) -> LeastCore:
        """Return the smallest excess that a division can have, with a division and the coalitions that prove it.

        Examples
        --------
        Three parties of which any two can divide 1: each pair leaves whatever division is tried.

        >>> majority = CoalitionGame.weighted_voting(2, {"a": 1, "b": 1, "c": 1})
        >>> majority.least_core().core_is_empty, round(majority.least_core().excess, 9)
        (True, 0.333333333)
        """
        n = self._bounded()
        inside, worth = self._membership()[1:-1], self._worth[1:-1]
        total = np.append(np.ones(n), 0.0)[None]
        limits = np.column_stack([-inside, -np.ones(len(inside))]) if n > 1 else np.zeros((1, n + 1))
        found = maximise(
            np.append(np.zeros(n), -1.0),
            limits,
            -worth if n > 1 else np.zeros(1),
            total,
            self._worth[-1:],
            free=range(n + 1),
        )
        if found is None:
            return LeastCore(0.0, self._worth[-1:].copy(), (), ())
        held = [k for k in range(len(inside)) if found.at_most[k] > TOLERANCE]
        return LeastCore(
            float(found.point[-1]),
            found.point[:n].copy(),
            tuple(self._named(k + 1) for k in held),
            tuple(float(found.at_most[k]) for k in held),
        )

    def nucleolus(self) -> Floats:
        """Return the division that treats the worst-treated coalitions best, one after another.

        Examples
        --------
        >>> CoalitionGame("ab", {("a",): 0, ("b",): 1, ("a", "b"): 4}).nucleolus().round(9).tolist()
        [1.5, 2.5]
        """
        n = self._bounded()
        inside, worth = self._membership()[1:-1], self._worth[1:-1]
        fixed = [np.append(np.ones(n), 0.0)]
        levels = [float(self._worth[-1])]
        open_ = np.ones(len(inside), dtype=bool)
        division = np.full(n, self._worth[-1] / n)
        while open_.any():
            rows = np.column_stack([-inside[open_], -np.ones(int(open_.sum()))])
            found = maximise(
                np.append(np.zeros(n), -1.0), rows, -worth[open_], np.array(fixed), np.array(levels), range(n + 1)
            )
            if found is None:
                break
            division, excess = found.point[:n], float(found.point[-1])
            where = np.flatnonzero(open_)
            held = where[found.at_most > TOLERANCE]
            for k in held:
                fixed.append(np.append(inside[k], 0.0))
                levels.append(float(worth[k] - excess))
                open_[k] = False
            base = np.array(fixed)[:, :n]
            rank = np.linalg.matrix_rank(base)
            if rank == n or not len(held):
                break
            # What is determined by the fixed coalitions can no longer be improved.
            for k in np.flatnonzero(open_):
                if np.linalg.matrix_rank(np.vstack([base, inside[k]])) == rank:
                    open_[k] = False
        return np.asarray(division + 0.0)

    def _bounded(self) -> int:
        n = len(self._players)
        if n > MOST_PLAYERS_LP:
            raise GameError(f"found {n} players, expected at most {MOST_PLAYERS_LP} for the core and the nucleolus")
        return n

    def __repr__(self) -> str:
        return f"CoalitionGame of {', '.join(self._players)}; together worth {self._worth[-1]:g}"
