r"""A proof that a list of equilibria of three or more players is complete.

On a choice of supports equilibria are roots x of the indifference equations f, multilinear polynomials in the players'
probabilities. The domain is split into boxes X until each is settled:

* **excluded**, if bounds over X show that an indifference cannot hold, or that a strategy off the support is better;
* **excluded**, if the Krawczyk operator with midpoint m and :math:`Y \approx f'(m)^{-1}`,

  .. math:: K(X) = m - Y f(m) + (I - Y f'(X)) (X - m),

  does not meet X, for every root in X lies in K(X); otherwise X shrinks to the part that it shares with K(X);
* **known**, if X lies in a box around a root r that K maps into itself, which proves that r is the only root there.

If all boxes of all supports are settled, there are no equilibria but the ones found. Bounds carry a margin of 1e-12 of
the payoff range for rounding. Singular roots and continua cannot be settled: then the budget ends the search, and
nothing is claimed.

Sources: Krawczyk, R. (1969), Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken, Computing 4,
187-201; Neumaier, A. (1990), Interval Methods for Systems of Equations, Cambridge University Press, chapter 5.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.support_search import Support, solve_support, supports_by_size
from sim.notebook_table import NotebookTable

Array = NDArray[np.float64]

MOST_BOXES = 30_000
MOST_SUPPORTS = 5_000
SMALLEST_BOX = 1e-5
MARGIN = 1e-12
RADII = (0.3, 0.1, 0.03, 0.01, 1e-3, 1e-4)


@dataclass(frozen=True, slots=True, eq=False)
class CompletenessProof(NotebookTable):
    """What the search over boxes settled.

    Attributes
    ----------
    complete : bool
        Whether every box of every support was settled.
    found : tuple of tuple of ndarray
        Roots within [0, 1] on all supports, candidates for equilibria; pure profiles are not among them.
    boxes, supports : int
        Examined.
    """

    complete: bool
    found: tuple[tuple[Array, ...], ...]
    boxes: int
    supports: int


def isolate_equilibria(
    game: PayoffTable,
    known: Sequence[Sequence[Array]],
    most_boxes: int = MOST_BOXES,
    stop_at: float = math.inf,
) -> CompletenessProof:
    """Search all supports for roots, and prove that there are no others.

    Parameters
    ----------
    game : PayoffTable
    known : sequence of profiles
        Equilibria found already, which saves work.
    most_boxes : int
        After which to give up.
    stop_at : float
        Reading of the monotonic clock at which to give up.

    Returns
    -------
    CompletenessProof

    Examples
    --------
    >>> proof = isolate_equilibria(PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]), [])
    >>> proof.complete, [v.round(3).tolist() for v in proof.found[0]]
    (True, [[0.5, 0.5], [0.2, 0.8]])
    """
    roots: list[tuple[Array, ...]] = []
    boxes = supports = 0
    if math.prod(2**n - 1 for n in game.shape) > MOST_SUPPORTS:
        return CompletenessProof(False, (), 0, 0)
    for support in supports_by_size(game.shape):
        if all(len(s) == 1 for s in support):
            continue
        supports += 1
        starts = [p for p in known if all(set(np.flatnonzero(v)) == set(s) for v, s in zip(p, support, strict=True))]
        one = _Support(game, support)
        settled, used = one.search(starts, most_boxes - boxes, stop_at)
        boxes += used
        roots.extend(one.valid_roots())
        if not settled:
            return CompletenessProof(False, tuple(roots), boxes, supports)
    return CompletenessProof(True, tuple(roots), boxes, supports)


class _Support:
    """The indifference equations of one support, in the free probabilities of all but each player's last strategy."""

    def __init__(self, game: PayoffTable, support: Support) -> None:
        self.game, self.support = game, support
        scale = game.payoff_range or 1.0
        self.sizes = [len(s) for s in support]
        self.at = np.concatenate([[0], np.cumsum([k - 1 for k in self.sizes])])
        self.inside: list[Array] = []
        self.outside: list[Array] = []
        for i, u in enumerate(game.payoffs):
            others = [range(game.shape[i]) if k == i else s for k, s in enumerate(support)]
            table = np.moveaxis(u[np.ix_(*others)], i, 0) / scale
            gains = table - table[support[i][-1]]
            self.inside.append(gains[list(support[i][:-1])])
            self.outside.append(gains[[s for s in range(game.shape[i]) if s not in support[i]]])
        self.roots: list[tuple[Array, Array, Array]] = []

    def search(self, starts: Sequence[Sequence[Array]], most_boxes: int, stop_at: float) -> tuple[bool, int]:
        """Settle the whole domain; return whether that worked and how many boxes it took."""
        n = int(self.at[-1])
        used = 0
        waiting = [(np.zeros(n), np.ones(n))]
        if not self._possible(*waiting[0]):
            return True, 1
        for profile in starts:
            self._add_root(self._free(profile))
        while waiting:
            low, high = waiting.pop()
            used += 1
            if used > most_boxes or time.monotonic() > stop_at:
                return False, used
            if self._is_known(low, high) or not self._possible(low, high):
                continue
            shrunk = self._krawczyk(low, high)
            if shrunk is not None:
                low, high = np.maximum(low, shrunk[0] - MARGIN), np.minimum(high, shrunk[1] + MARGIN)
                if np.any(low > high):
                    continue
            if self._is_known(low, high):
                continue
            if float((high - low).max()) < 0.26 and self._add_root(0.5 * (low + high)) and self._is_known(low, high):
                continue
            widest = int(np.argmax(high - low))
            if high[widest] - low[widest] < SMALLEST_BOX:
                return False, used
            middle = 0.5 * (low[widest] + high[widest])
            upper, lower = low.copy(), high.copy()
            upper[widest], lower[widest] = middle, middle
            waiting += [(upper, high), (low, lower)]
        return True, used

    def valid_roots(self) -> list[tuple[Array, ...]]:
        """Return the roots that are probabilities."""
        profiles = []
        for root, _, _ in self.roots:
            vectors = []
            for i, (n, s) in enumerate(zip(self.game.shape, self.support, strict=True)):
                free = root[self.at[i] : self.at[i + 1]]
                vector = np.zeros(n)
                vector[list(s)] = np.append(free, 1.0 - free.sum())
                vectors.append(vector)
            if min(float(v.min()) for v in vectors) >= 0.0:
                profiles.append(tuple(vectors))
        return profiles

    def _free(self, profile: Sequence[Array]) -> Array:
        return np.concatenate([np.asarray(v)[list(s[:-1])] for v, s in zip(profile, self.support, strict=True)])

    def _is_known(self, low: Array, high: Array) -> bool:
        return any(bool(np.all(low >= a) and np.all(high <= b)) for _, a, b in self.roots)

    def _add_root(self, guess: Array) -> bool:
        """Run Newton's method, and prove the root that it finds to be the only one in a box around it."""
        start = [
            np.append(x, 1.0 - x.sum()) for x in (guess[self.at[i] : self.at[i + 1]] for i in range(len(self.sizes)))
        ]
        solved = solve_support(self.game, self.support, start)
        if solved is None:
            return False
        root = self._free(solved[0])
        if np.any(np.abs(root - 0.5) > 1.5) or any(np.abs(root - r).max() < 1e-9 for r, _, _ in self.roots):
            return False
        for radius in RADII:
            low, high = root - radius, root + radius
            image = self._krawczyk(low, high)
            if image is not None and np.all(image[0] > low + MARGIN) and np.all(image[1] < high - MARGIN):
                self.roots.append((root, low, high))
                return True
        return False

    def _possible(self, low: Array, high: Array) -> bool:
        """Bound all gains over a box; False if it holds no equilibrium of this support."""
        bounds = []
        for i in range(len(self.sizes)):
            part = slice(self.at[i], self.at[i + 1])
            a, b = low[part], high[part]
            if a.sum() > 1.0:
                return False
            bounds.append((np.append(a, max(0.0, 1.0 - b.sum())), np.append(b, 1.0 - a.sum())))
        for i in range(len(self.sizes)):
            others = [bounds[k] for k in range(len(self.sizes)) if k != i]
            least, most = _range(self.inside[i], others)
            if np.any(least > MARGIN) or np.any(most < -MARGIN):
                return False
            if len(self.outside[i]) and np.any(_range(self.outside[i], others)[0] > MARGIN):
                return False
        return True

    def _krawczyk(self, low: Array, high: Array) -> tuple[Array, Array] | None:
        """Return K(X), None if the derivative at the midpoint is singular."""
        middle, radius = 0.5 * (low + high), 0.5 * (high - low)
        n = len(middle)
        values, centre, spread = np.empty(n), np.zeros((n, n)), np.zeros((n, n))
        parts = [slice(self.at[i], self.at[i + 1]) for i in range(len(self.sizes))]
        for i, rows in enumerate(parts):
            if self.sizes[i] == 1:
                continue
            others = [k for k in range(len(self.sizes)) if k != i]
            values[rows] = _contract(self.inside[i], np.zeros_like(self.inside[i]), others, parts, middle, radius * 0)[
                0
            ]
            for position, k in enumerate(others):
                if self.sizes[k] == 1:
                    continue
                table = np.moveaxis(self.inside[i], position + 1, 1)
                slopes = table[:, :-1] - table[:, -1:]
                rest = [j for j in others if j != k]
                centre[rows, parts[k]], spread[rows, parts[k]] = _contract(
                    slopes, np.zeros_like(slopes), rest, parts, middle, radius
                )
        try:
            inverse = np.linalg.inv(centre)
        except np.linalg.LinAlgError:
            return None
        if not np.all(np.isfinite(inverse)) or np.abs(inverse).max() > 1e8:
            return None
        width = (np.abs(np.eye(n) - inverse @ centre) + np.abs(inverse) @ spread) @ radius
        new = middle - inverse @ values
        return new - width, new + width


def _range(table: Array, bounds: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Bound a multilinear form over boxes within simplices, one player at a time, the last axis first."""
    least = most = table
    for low, high in reversed(bounds):
        least, most = _least(least, low, high), -_least(-most, low, high)
    return least, most


def _least(table: Array, low: Array, high: Array) -> Array:
    """Return the least value over the probabilities in a box: what is free goes to the smallest entries."""
    if table.shape[-1] == 1:
        return table[..., 0]
    order = np.argsort(table, axis=-1)
    room = (high - low)[order]
    before = np.cumsum(room, axis=-1) - room
    extra = np.clip(1.0 - low.sum() - before, 0.0, room)
    return np.asarray(table @ low + (np.take_along_axis(table, order, -1) * extra).sum(axis=-1))


def _contract(
    centre: Array, spread: Array, players: Sequence[int], parts: Sequence[slice], middle: Array, radius: Array
) -> tuple[Array, Array]:
    """Return centre and spread of a multilinear form over a box of free probabilities, the last axis first."""
    for k in reversed(players):
        x, r = middle[parts[k]], radius[parts[k]]
        slopes = centre[..., :-1] - centre[..., -1:]
        weights = np.append(np.abs(x) + r, abs(1.0 - x.sum()) + r.sum())
        spread = np.abs(slopes) @ r + spread @ weights
        centre = centre[..., -1] + slopes @ x
    return centre, spread
