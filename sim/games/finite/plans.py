r"""The normal form of an extensive game: strategies as plans, and plans back to behaviour.

A plan of a player chooses a move at each of its information sets. In the **reduced** normal form plans that differ only
at sets which the player's own earlier moves rule out are one strategy, written with ``*`` there. With perfect recall
every mixture of plans is as good as behaviour (Kuhn's theorem),

.. math::

    p_{ha} = \frac{\sum \{\sigma(s) : s \text{ leads to } h, s_h = a\}}
                  {\sum \{\sigma(s) : s \text{ leads to } h\}}.

Source: Kuhn, H. (1953), Extensive games and the problem of information, Contributions to the Theory of Games II.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import GameError
from sim.games.finite.game_tree import TERMINAL, GameTree
from sim.games.finite.payoff_table import PayoffTable

Array = NDArray[np.float64]
Plan = tuple[int, ...]

LARGEST_NORMAL_FORM = 2_000_000
MOST_PLANS = 100_000
ANYTHING = -1
"""In a reduced plan: the set is ruled out by the player's own moves."""


def own_sets(tree: GameTree, player: int) -> tuple[int, ...]:
    """Return the information sets of a player.

    Parameters
    ----------
    tree : GameTree
    player : int

    Returns
    -------
    tuple of int
    """
    return tuple(h for h, one in enumerate(tree.information_sets) if one.player == player)


def plans(tree: GameTree, player: int, reduced: bool = True) -> list[Plan]:
    """Return a player's plans, the earliest moves first.

    Parameters
    ----------
    tree : GameTree
    player : int
    reduced : bool
        See the module docstring.

    Returns
    -------
    list of tuple of int
        For each of the player's information sets the index of the move, or `ANYTHING`.

    Raises
    ------
    GameError
        If there are more than 100,000.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> again = Decision("I", {"c": Terminal([2]), "d": Terminal([3])})
    >>> plans(tree_of(Decision("I", {"a": Terminal([1]), "b": again})), 0)
    [(0, -1), (1, 0), (1, 1)]
    """
    mine = own_sets(tree, player)
    position = {h: k for k, h in enumerate(mine)}
    ways = [_ways(tree, h, player, position) for h in mine]
    finished: list[Plan] = []
    waiting: list[Plan] = [()]
    while waiting:
        plan = waiting.pop()
        k = len(plan)
        if k == len(mine):
            finished.append(plan)
            if len(finished) > MOST_PLANS:
                raise GameError(
                    f"player {tree.players[player]!r}: found more than {MOST_PLANS} plans; use agent_qre() or "
                    "backward_induction(), which need no plans"
                )
        elif reduced and not any(all(plan[j] == move for j, move in way) for way in ways[k]):
            waiting.append((*plan, ANYTHING))
        else:
            waiting.extend((*plan, move) for move in range(len(tree.information_sets[mine[k]].moves) - 1, -1, -1))
    return finished


def normal_form_of(tree: GameTree, reduced: bool = True) -> PayoffTable:
    """Return the game in normal form.

    Parameters
    ----------
    tree : GameTree
    reduced : bool
        Whether plans that differ only where the player's own moves never lead are one strategy (``*`` in its name).

    Returns
    -------
    PayoffTable

    Raises
    ------
    GameError
        If a player has more than 100,000 plans, or there are more than 2,000,000 combinations.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> normal_form_of(tree_of(Decision("I", {"a": Terminal([1]), "b": Terminal([3])}))).strategies
    (('a', 'b'),)
    """
    n = len(tree.players)
    all_plans = [plans(tree, i, reduced) for i in range(n)]
    arrays = plan_payoffs(tree, all_plans, 0)
    names = [[_plan_name(tree, i, plan) if plan else "-" for plan in all_plans[i]] for i in range(n)]
    names = [one if len(set(one)) == len(one) else [f"{k + 1}: {s}" for k, s in enumerate(one)] for one in names]
    return PayoffTable(arrays, tree.players, names, tree.title)


def plan_payoffs(tree: GameTree, all_plans: Sequence[Sequence[Plan]], root: int) -> list[Array]:
    """Return the payoffs of every combination of plans in the subgame at a node.

    Parameters
    ----------
    tree : GameTree
    all_plans : sequence of sequence of plan
        For each player.
    root : int
        Where the subgame begins.

    Returns
    -------
    list of ndarray
        One per player, of shape (plans of player 1, ..., plans of player N).

    Raises
    ------
    GameError
        If it has more than 2,000,000 cells.
    """
    shape = tuple(len(one) for one in all_plans)
    if math.prod(shape) > LARGEST_NORMAL_FORM:
        raise GameError(
            f"found a normal form of {' x '.join(map(str, shape))} plans, expected at most {LARGEST_NORMAL_FORM} "
            "combinations; use agent_qre() or backward_induction(), which need no plans"
        )
    tables = [np.array(one, dtype=np.int64).reshape(len(one), -1) for one in all_plans]
    column = {h: k for i in range(len(shape)) for k, h in enumerate(own_sets(tree, i))}
    owner_set = np.repeat(np.arange(len(tree.information_sets)), np.diff(tree.offsets))
    arrays = [np.zeros(shape) for _ in shape]
    allowed: dict[tuple[int, int], Array] = {}

    def follows(player: int, sequence: int) -> Array:
        """Tell for each plan of a player whether it plays an own sequence (from the subgame's root on)."""
        key = (player, sequence)
        if key not in allowed:
            if sequence == tree.sequence[root, player]:
                allowed[key] = np.ones(shape[player])
            else:
                last = int(tree.sequence_slot[sequence])
                h = int(owner_set[last])
                plays = tables[player][:, column[h]] == last - tree.offsets[h]
                allowed[key] = follows(player, int(tree.sequence_before[sequence])) * plays
        return allowed[key]

    probability = {root: 1.0}
    collected = {root: tree.payoffs[root]}
    for x in range(root, int(tree.end[root])):
        if x > root:
            above = int(tree.parent[x])
            probability[x] = probability[above] * (float(tree.chance[x]) if tree.slot[x] < 0 else 1.0)
            collected[x] = collected[above] + tree.payoffs[x]
        if tree.owner[x] != TERMINAL or probability[x] == 0.0:
            continue
        reached = np.array(probability[x])
        for i in range(len(shape)):
            reached = np.multiply.outer(reached, follows(i, int(tree.sequence[x, i])))
        for i in range(len(shape)):
            arrays[i] += collected[x][i] * reached
    return arrays


def plans_to_behavior(tree: GameTree, player: int, own_plans: Sequence[Plan], weights: ArrayLike) -> dict[int, Array]:
    """Return behaviour equivalent to a mixture of plans (perfect recall).

    Parameters
    ----------
    tree : GameTree
    player : int
    own_plans : sequence of plan
        As from `plans`.
    weights : array_like
        Probability of each.

    Returns
    -------
    dict of int to ndarray
        By information set; sets that the mixture never leads to are left out.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> tree = tree_of(Decision("I", {"a": Terminal([1]), "b": Terminal([0])}))
    >>> plans_to_behavior(tree, 0, plans(tree, 0), [0.25, 0.75])[0].tolist()
    [0.25, 0.75]
    """
    mine = own_sets(tree, player)
    position = {h: k for k, h in enumerate(mine)}
    behavior: dict[int, Array] = {}
    mixture = np.asarray(weights, dtype=np.float64)
    for k, h in enumerate(mine):
        shares = np.zeros(len(tree.information_sets[h].moves))
        for plan, weight in zip(own_plans, mixture, strict=True):
            leads = any(all(plan[j] == move for j, move in way) for way in _ways(tree, h, player, position))
            if weight > 0.0 and leads and plan[k] != ANYTHING:
                shares[plan[k]] += weight
        if shares.sum() > 0.0:
            behavior[h] = shares / shares.sum()
    return behavior


def _ways(tree: GameTree, h: int, player: int, position: dict[int, int]) -> set[tuple[tuple[int, int], ...]]:
    """Return the player's own chains of (position of set, move) that lead to an information set."""
    owner_set = np.repeat(np.arange(len(tree.information_sets)), np.diff(tree.offsets))
    ways = set()
    for x in tree.information_sets[h].nodes:
        way = []
        sequence = int(tree.sequence[x, player])
        while sequence > 0:
            slot = int(tree.sequence_slot[sequence])
            before = int(owner_set[slot])
            if position[before] < position[h]:
                way.append((position[before], slot - int(tree.offsets[before])))
            sequence = int(tree.sequence_before[sequence])
        ways.add(tuple(way))
    return ways


def _plan_name(tree: GameTree, player: int, plan: Plan) -> str:
    moves = [tree.information_sets[h].moves for h in own_sets(tree, player)]
    return " ".join("*" if move == ANYTHING else names[move] for names, move in zip(moves, plan, strict=True))
