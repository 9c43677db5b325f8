r"""Backward induction in games of perfect information.

From the ends of the tree to its root, each player takes the move with the highest value,

.. math:: V_i(x) = g_i(x) + \max_a V_i(x \cdot a) \text{ for the mover } i,

which gives a subgame perfect equilibrium, the only one if no player is ever indifferent between its best moves. Ties
are played uniformly, as in the limit of agent quantal response, or by the first move.

Sources: Zermelo, E. (1913); Kuhn, H. (1953), Extensive games and the problem of information; Selten, R. (1965).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from sim.errors import GameError, UsageError
from sim.games.finite.behavior import BehaviorProfile, certified_behavior
from sim.games.finite.game_tree import GameTree, Indices
from sim.games.finite.tree_passes import backward_pass

TIE = 1e-12
"""Difference, as a share of the payoff range, up to which moves count as equally good."""


def backward_induction(tree: GameTree, ties: Literal["uniform", "first"] = "uniform") -> BehaviorProfile:
    """Return the subgame perfect equilibrium by reasoning back from the ends.

    Parameters
    ----------
    tree : GameTree
        Of perfect information.
    ties : {"uniform", "first"}
        How equally good moves are played; ``"uniform"`` is the limit of agent quantal response.

    Returns
    -------
    BehaviorProfile
        ``residual`` is the largest one-shot regret: with perfect information, where it is 0, no deviation of any kind
        pays in any subgame.

    Raises
    ------
    GameError
        If the game has an information set of more than one node.
    UsageError
        If `ties` is unknown.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> tree = tree_of(Decision("I", {"a": Terminal([1]), "b": Terminal([1]), "c": Terminal([0])}))
    >>> backward_induction(tree)[0].tolist(), backward_induction(tree, ties="first")[0].tolist()
    ([0.5, 0.5, 0.0], [1.0, 0.0, 0.0])
    """
    if ties not in ("uniform", "first"):
        raise UsageError(f"ties: found {ties!r}, expected 'uniform' or 'first'")
    if not tree.has_perfect_information:
        wide = next(h for h in tree.information_sets if len(h.nodes) > 1)
        raise GameError(
            f"found information set {wide.name!r} of {len(wide.nodes)} nodes, expected perfect information; "
            "use subgame_perfect()"
        )
    tolerance = TIE * tree.payoff_range
    behavior, _, _, tied = backward_pass(
        tree.parent,
        tree.owner,
        tree.chance,
        tree.payoffs,
        tree.information,
        tree.offsets,
        children_by_slot(tree),
        np.full(len(tree.players), np.inf),
        tolerance,
        ties == "first",
    )
    proved = "subgame perfect: no single deviation pays at any node, hence none in any subgame"
    if not tied:
        proved += "; no player is ever indifferent, so it is the only subgame perfect equilibrium"
    profile = certified_behavior(
        tree,
        np.asarray(behavior),
        method="backward induction",
        proved=proved,
        not_proved=f"{tied} nodes have several best moves, so other subgame perfect equilibria exist" if tied else "",
        tolerance=np.inf,
    )
    residual = profile.one_shot_regret
    return replace(profile, residual=residual, converged=residual <= 1e3 * tolerance)


def children_by_slot(tree: GameTree) -> Indices:
    """Return the node that each move leads to, for a tree of perfect information.

    Parameters
    ----------
    tree : GameTree

    Returns
    -------
    ndarray of int
        By place in a row of behaviour.
    """
    child_at = np.zeros(int(tree.offsets[-1]), dtype=np.int64)
    after = np.flatnonzero(tree.slot >= 0)
    child_at[tree.slot[after]] = after
    return child_at
