r"""Subgame perfect equilibria of games with information sets.

A **subgame** begins at a node if no information set lies partly inside and partly outside what is below it. Behaviour
is subgame perfect if it is a Nash equilibrium in every subgame. Here the smallest subgames are solved first; a solved
subgame is worth its equilibrium payoffs in the ones around it, which are solved in normal form if they are small, else,
with two players, in sequence form (`sim.games.finite.sequence_form`).

Where a subgame has several equilibria each choice leads to another answer: in normal form the pure one with the
earliest strategies is taken, else the first mixed one. One answer is returned; the record says that there may be
others.

Source: Selten, R. (1965), Spieltheoretische Behandlung eines Oligopolmodells mit Nachfrageträgheit, Zeitschrift für die
gesamte Staatswissenschaft 121; Selten, R. (1975), International Journal of Game Theory 4, 25-55.
"""

from __future__ import annotations

import math
import warnings

import numpy as np

from sim.errors import ConvergenceWarning, GameError
from sim.games.finite.backward_induction import backward_induction
from sim.games.finite.behavior import BehaviorProfile, certified_behavior, subgame_regrets
from sim.games.finite.game_tree import CHANCE, TERMINAL, Array, GameTree
from sim.games.finite.mixed_nash import mixed_nash
from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.plans import plan_payoffs, plans, plans_to_behavior
from sim.games.finite.profile import MixedProfile
from sim.games.finite.pure_nash import pure_nash
from sim.games.finite.sequence_form import sequence_behavior
from sim.games.finite.tree_passes import node_values

TOLERANCE = 1e-8
MOST_PLANS = 1_000
METHOD = "normal or sequence form of each subgame, the smallest first"


def subgame_perfect(tree: GameTree) -> BehaviorProfile:
    """Return one subgame perfect equilibrium, solving the smallest subgames first.

    Parameters
    ----------
    tree : GameTree
        With perfect recall.

    Returns
    -------
    BehaviorProfile
        In each subgame the pure equilibrium with the earliest strategies if there is one, else a mixed one.
        ``residual`` is the largest regret of any player in any subgame.

    Raises
    ------
    GameError
        Without perfect recall, or if a subgame's normal form is too large.

    Warns
    -----
    ConvergenceWarning
        If no equilibrium of some subgame was found; ``converged`` is False.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> def guess(payoffs):
    ...     return Decision("II", {"h": Terminal(payoffs[0]), "t": Terminal(payoffs[1])}, information="blind")
    >>> pennies = tree_of(Decision("I", {"h": guess([[1, -1], [-1, 1]]), "t": guess([[-1, 1], [1, -1]])}))
    >>> subgame_perfect(pennies).as_dict()
    {'I.1': {'h': 0.5, 't': 0.5}, 'II.blind': {'h': 0.5, 't': 0.5}}
    """
    if not tree.has_perfect_recall:
        raise GameError(
            f"found imperfect recall at {', '.join(tree.forgetful_names()[:5])}, expected perfect recall, without "
            "which plans and behaviour differ"
        )
    if tree.has_perfect_information:
        return backward_induction(tree)
    players = range(len(tree.players))
    behavior = np.zeros(int(tree.offsets[-1]))
    solved: dict[int, Array] = {}
    unsolved = 0
    for root in reversed(tree.subgame_roots()):
        folded, back = _folded(tree, root, solved)
        if len(tree.players) == 2 and _plans_bound(folded) > MOST_PLANS:
            chosen_moves, _ = sequence_behavior(folded)
            for h, one in enumerate(folded.information_sets):
                at, start = int(tree.offsets[back[h]]), int(folded.offsets[h])
                behavior[at : at + len(one.moves)] = chosen_moves[start : start + len(one.moves)]
            solved[root] = np.asarray(node_values(folded.parent, folded.edges(chosen_moves), folded.payoffs)[0])
            continue
        own = [plans(folded, i) for i in players]
        stage = PayoffTable(plan_payoffs(folded, own, 0))
        equilibrium = _one_equilibrium(stage)
        if equilibrium is None or not equilibrium.converged:
            unsolved += 1
        vectors = [np.full(n, 1.0 / n) for n in stage.shape] if equilibrium is None else list(equilibrium.vectors)
        for i in players:
            chosen = plans_to_behavior(folded, i, own[i], vectors[i])
            for h, one in enumerate(folded.information_sets):
                if one.player == i:
                    at = int(tree.offsets[back[h]])
                    # A set that the mixture never leads to matters to no best reply; the first move is played there.
                    behavior[at : at + len(one.moves)] = chosen.get(h, np.eye(len(one.moves))[0])
        solved[root] = np.asarray(stage.expected_payoffs(vectors))
    profile = certified_behavior(tree, behavior, method=METHOD, proved="", not_proved="", tolerance=np.inf)
    residual = max(subgame_regrets(tree, profile.vectors).values())
    tolerance = TOLERANCE * tree.payoff_range
    if unsolved or residual > tolerance:
        warnings.warn(
            f"no subgame perfect equilibrium was found: {unsolved} subgames are unsolved and the largest regret in a "
            f"subgame is {residual:g}. The result says converged=False; agent_qre() at a large lam approximates one.",
            ConvergenceWarning,
            stacklevel=3,
        )
    return certified_behavior(
        tree,
        behavior,
        method=METHOD,
        proved="the regret of every player in every subgame is at most the residual",
        not_proved="whether other subgame perfect equilibria exist",
        tolerance=tolerance if not unsolved else -1.0,
        residual=residual,
    )


def _plans_bound(tree: GameTree) -> int:
    """Return how many combinations of plans there are, those that differ only where they never lead counted each."""
    return math.prod(len(one.moves) for one in tree.information_sets)


def _one_equilibrium(stage: PayoffTable) -> MixedProfile | None:
    pure = pure_nash(stage)
    if len(pure):
        return pure[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixed = mixed_nash(stage)
    settled = [p for p in mixed if p.converged]
    return settled[0] if settled else None


def _folded(tree: GameTree, root: int, solved: dict[int, Array]) -> tuple[GameTree, list[int]]:
    """Cut out the subgame at a node, with solved subgames as terminal nodes worth their equilibrium payoffs.

    Returns the tree, and for each of its information sets the index of the same set in the whole tree.
    """
    kept: dict[int, int] = {}
    parent: list[int] = []
    move: list[int] = []
    owner: list[int] = []
    chance: list[float] = []
    payoffs: list[Array] = []
    keys: list[str | None] = []
    labels: list[tuple[str, ...]] = []
    x = root
    while x < int(tree.end[root]):
        ends_here = x != root and x in solved
        kept[x] = len(parent)
        parent.append(-1 if x == root else kept[int(tree.parent[x])])
        move.append(-1 if x == root else int(tree.move[x]))
        chance.append(1.0 if x == root else float(tree.chance[x]))
        owner.append(TERMINAL if ends_here else int(tree.owner[x]))
        payoffs.append(solved[x] if ends_here else tree.payoffs[x])
        labels.append(() if ends_here else tree.labels[x])
        keys.append(str(tree.information[x]) if owner[-1] not in (CHANCE, TERMINAL) else None)
        x = int(tree.end[x]) if ends_here else x + 1
    folded = GameTree.build(tree.players, parent, move, owner, chance, np.array(payoffs), keys, labels)
    return folded, [int(one.label) for one in folded.information_sets]
