r"""Nash equilibria of two-player trees in sequence form, whose size is that of the tree.

A player's **sequences** are its chains of own moves; a **realisation plan** x gives each its probability, with
:math:`x(\emptyset) = 1` and :math:`\sum_a x(\tau_h a) = x(\tau_h)` at every information set h that the sequence
:math:`\tau_h` leads to, or :math:`E x = e`. Payoffs are bilinear, :math:`x^T A y` and :math:`x^T B y`, with one entry
for each pair of sequences that a terminal node ends.

* **Zero-sum** (up to a constant): the plans solve :math:`\max_{x, q} f \cdot q` subject to
  :math:`F^T q \le A^T x, \; E x = e, \; x \ge 0`, a linear program; y are its multipliers.
* **Otherwise**: x and y solve a linear complementarity problem by Lemke's method, with payoffs made negative, which
  ends at an equilibrium.

A normal form has exponentially many plans where this has one column a move.

Sources: Romanovskii, I. (1962), Reduction of a game with complete memory to a matrix game, Soviet Mathematics 3,
678-681; Koller, D., Megiddo, N. and von Stengel, B. (1996), Efficient computation of equilibria for extensive
two-person games, Games and Economic Behavior 14, 247-259; von Stengel, B. (1996), ibid., 220-246.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from sim.errors import ConvergenceWarning, GameError
from sim.games.finite.behavior import BehaviorProfile, certified_behavior
from sim.games.finite.game_tree import TERMINAL, GameTree
from sim.games.numerics.linear_program import maximise
from sim.games.numerics.pivoting import lemke

Array = NDArray[np.float64]

TOLERANCE = 1e-8
LARGEST_PROBLEM = 3_000
"""Unknowns of the complementarity problem, which is dense."""
MOST_PIVOTS = 50_000
UNREACHED = 1e-12


def sequence_nash(tree: GameTree) -> BehaviorProfile:
    """Return one Nash equilibrium of a two-player tree.

    Parameters
    ----------
    tree : GameTree
        Of two players, with perfect recall.

    Returns
    -------
    BehaviorProfile
        At information sets that a player's own plan never leads to, its first move.

    Raises
    ------
    GameError
        With another number of players, without perfect recall, or if the tree is not zero-sum and too large.

    Warns
    -----
    ConvergenceWarning
        If no equilibrium was found; ``converged`` is False.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> def guess(a, b):
    ...     return Decision("II", {"h": Terminal([a, -a]), "t": Terminal([b, -b])}, information="blind")
    >>> found = sequence_nash(tree_of(Decision("I", {"h": guess(4, 0), "t": guess(0, 1)})))
    >>> [v.round(9).tolist() for v in found], round(found.payoffs[0], 9)
    ([[0.2, 0.8], [0.2, 0.8]], 0.8)
    """
    behavior, method = sequence_behavior(tree)
    profile = certified_behavior(
        tree,
        behavior,
        method=method,
        proved="no player's best plan gains more than its regret",
        not_proved="whether other equilibria exist; that threats off the path are credible",
        tolerance=TOLERANCE * tree.payoff_range,
    )
    if not profile.converged:
        warnings.warn(
            f"sequence_nash: the best plan gains {profile.regret:.3g}; agent_qre() at a large lam approximates an "
            "equilibrium",
            ConvergenceWarning,
            stacklevel=2,
        )
    return profile


def sequence_behavior(tree: GameTree) -> tuple[Array, str]:
    """Return equilibrium behaviour in one row, and how it was found, without a certificate.

    Raises
    ------
    GameError
        As `sequence_nash`.
    """
    if len(tree.players) != 2:
        raise GameError(f"found {len(tree.players)} players, expected two for the sequence form")
    if not tree.has_perfect_recall:
        raise GameError(f"found imperfect recall at {', '.join(tree.forgetful_names()[:5])}, expected perfect recall")
    sides = [_Side(tree, i) for i in range(2)]
    pay, chances = _payoffs(tree, sides)
    ends = tree.total_payoffs()[tree.owner == TERMINAL]
    total = ends.sum(axis=1)
    if float(np.ptp(total)) <= 1e-12 * max(1.0, float(np.abs(total).max())):
        plans, method = _zero_sum(pay[0], sides), "linear program of the sequence form"
    else:
        bounds = [(float(u.max()), float(np.ptp(u)) or 1.0) for u in ends.T]
        plans, method = _complementary(pay, chances, bounds, sides), "Lemke's method on the sequence form"
    behavior = np.zeros(int(tree.offsets[-1]))
    for h, one in enumerate(tree.information_sets):
        start, stop = int(tree.offsets[h]), int(tree.offsets[h + 1])
        side, plan = sides[one.player], plans[one.player]
        shares = np.array([max(0.0, float(plan[side.number[s]])) for s in range(start, stop)])
        if shares.sum() > UNREACHED:
            behavior[start:stop] = shares / shares.sum()
        else:
            behavior[start] = 1.0
    return behavior, method


class _Side:
    """A player's sequences, numbered, and the equations of its realisation plans."""

    def __init__(self, tree: GameTree, player: int) -> None:
        mine = [h for h, one in enumerate(tree.information_sets) if one.player == player]
        slots = [s for h in mine for s in range(int(tree.offsets[h]), int(tree.offsets[h + 1]))]
        # With perfect recall a sequence is known by its last move; 0 is the empty one.
        self.number = {s: k + 1 for k, s in enumerate(slots)}
        self.count = len(slots) + 1
        self.equations = np.zeros((len(mine) + 1, self.count))
        self.equations[0, 0] = 1.0
        for row, h in enumerate(mine, start=1):
            before = int(tree.sequence[tree.information_sets[h].nodes[0], player])
            self.equations[row, self.of(tree, before)] = -1.0
            for s in range(int(tree.offsets[h]), int(tree.offsets[h + 1])):
                self.equations[row, self.number[s]] = 1.0

    def of(self, tree: GameTree, sequence: int) -> int:
        """Return the number here of one of the tree's sequences."""
        return 0 if sequence == 0 else self.number[int(tree.sequence_slot[sequence])]


def _payoffs(tree: GameTree, sides: list[_Side]) -> tuple[list[Array], Array]:
    """Return both players' payoffs for each pair of sequences, weighted by chance, and these weights."""
    reached = np.zeros((sides[0].count, sides[1].count))
    tables = [np.zeros((sides[0].count, sides[1].count)) for _ in range(2)]
    chances, total = np.ones(len(tree.parent)), tree.total_payoffs()
    for x in range(len(tree.parent)):
        if x:
            chances[x] = chances[tree.parent[x]] * (1.0 if tree.slot[x] >= 0 else tree.chance[x])
        if tree.owner[x] == TERMINAL:
            cell = tuple(side.of(tree, int(tree.sequence[x, i])) for i, side in enumerate(sides))
            reached[cell] += chances[x]
            for i in range(2):
                tables[i][cell] += chances[x] * total[x, i]
    return tables, reached


def _zero_sum(pay: Array, sides: list[_Side]) -> list[Array]:
    from scipy.sparse import csr_matrix, hstack

    first, second = sides
    scale = float(np.abs(pay).max()) or 1.0
    sets = len(second.equations)
    # The unknowns are x, then the values q of the opponent's information sets.
    worth = np.zeros(first.count + sets)
    worth[first.count] = 1.0
    limits = hstack([csr_matrix(-pay.T / scale), csr_matrix(second.equations.T)], format="csr")
    equal = hstack([csr_matrix(first.equations), csr_matrix((len(first.equations), sets))], format="csr")
    ones = np.zeros(len(first.equations))
    ones[0] = 1.0
    free = range(first.count, first.count + sets)
    best = maximise(worth, limits, np.zeros(second.count), equal, ones, free)
    if best is None:
        return [np.zeros(first.count), np.zeros(second.count)]
    return [best.point[: first.count], best.at_most]


def _complementary(
    pay: list[Array], chances: Array, bounds: list[tuple[float, float]], sides: list[_Side]
) -> list[Array]:
    first, second = sides
    m, n, k, h = first.count, second.count, len(first.equations), len(second.equations)
    size = m + n + 2 * (k + h)
    if size > LARGEST_PROBLEM:
        raise GameError(f"found a sequence form of {size} unknowns, expected at most {LARGEST_PROBLEM}")
    # A constant taken off all payoffs makes them negative and changes no plan, as play ends with probability 1.
    lowered = []
    for i, table in enumerate(pay):
        top, scale = bounds[i]
        lowered.append((table - (top + scale) * chances) / scale)
    matrix, offset = np.zeros((size, size)), np.zeros(size)
    x, y = slice(0, m), slice(m, m + n)
    p, q = m + n, m + n + 2 * k
    matrix[x, y], matrix[y, x] = -lowered[0], -lowered[1].T
    for at, rows, part in ((p, first.equations, x), (q, second.equations, y)):
        count = len(rows)
        for sign, begin in ((1.0, at), (-1.0, at + count)):
            here = slice(begin, begin + count)
            matrix[part, here] = sign * rows.T
            matrix[here, part] = -sign * rows
            offset[begin] = sign
    solution = np.zeros(size)
    if lemke(matrix, offset, solution, MOST_PIVOTS) < 0:
        return [np.zeros(m), np.zeros(n)]
    return [solution[x], solution[y]]
