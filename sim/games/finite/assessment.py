r"""Assessments: behaviour together with beliefs, also where play never leads.

What a threat is worth depends on what is believed when it is called. A **sequential equilibrium** is behaviour with
beliefs such that every move is best given them, and the beliefs are limits of Bayes' rule along some behaviour in which
every move has positive probability. Agent logit equilibria are such behaviour, so as the precision grows the beliefs
along the principal branch tend to those of one sequential equilibrium. Here the branch is followed to a high precision;
the beliefs are Bayes' there, and the certificate is what the best single move gains under them at every information
set, reached or not.

Sources: Kreps, D. and Wilson, R. (1982), Sequential equilibria, Econometrica 50, 863-894; McKelvey, R. and Palfrey, T.
(1998), Experimental Economics 1, 9-41, theorem 4; Turocy, T. (2010), Computing sequential equilibria using agent
quantal response equilibria, Economic Theory 42, 255-269.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.games.finite.agent_quantal_response import agent_branch, log_behavior
from sim.games.finite.behavior import BehaviorProfile, node_beliefs
from sim.games.finite.game_tree import GameTree
from sim.games.numerics.arguments import number
from sim.notebook_table import NotebookTable

TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Assessment(NotebookTable):
    """Behaviour near the end of the principal branch, and the beliefs there.

    Attributes
    ----------
    profile : BehaviorProfile
        The agent logit equilibrium; its ``one_shot_regrets`` are taken under the beliefs.
    beliefs : dict
        ``{information set: {history: probability}}``, where a history is the moves that lead to the node, joined by
        commas (chance's too).
    reached : dict
        Whether each information set is reached with a probability of more than 0.001: where it is not, the belief is
        the point of the exercise.
    lam : float
        Precision of the profile.
    residual : float
        The largest gain of a single move at any information set under the beliefs, as a share of the payoff range.
    converged : bool
        Whether the branch was followed to the precision and the residual is at most 0.001.
    proved, not_proved : str
        What is certain, and what is not.
    """

    profile: BehaviorProfile
    beliefs: dict[str, dict[str, float]]
    reached: dict[str, bool]
    lam: float
    residual: float
    converged: bool
    proved: str
    not_proved: str


def assessment(tree: GameTree, lam: float | None = None) -> Assessment:
    """Return nearly sequential behaviour with its beliefs at every information set.

    Parameters
    ----------
    tree : GameTree
        With perfect recall.
    lam : float, optional
        Precision to go to; by default 10,000 divided by the payoff range.

    Returns
    -------
    Assessment

    Raises
    ------
    GameError
        Without perfect recall.

    Examples
    --------
    Rebels are strong or weak, and coming would cost both something. Nobody comes; who came would be taken for strong:

    >>> from sim.games.finite.tree_nodes import Chance, Decision, Terminal, tree_of
    >>> def challenge(win):
    ...     ends = {"fight": Terminal([win, -win]), "yield": Terminal([2, -1])}
    ...     return {"come": Decision("state", ends, information="challenge"), "stay": Terminal([0, 2])}
    >>> strong, weak = (Decision("rebels", challenge(w), information=str(w)) for w in (-0.5, -3))
    >>> found = assessment(tree_of(Chance({"strong": (0.5, strong), "weak": (0.5, weak)})))
    >>> {history: round(p, 2) for history, p in found.beliefs["state.challenge"].items()}
    {'strong, come': 1.0, 'weak, come': 0.0}
    >>> found.reached["state.challenge"]
    False
    """
    span = tree.payoff_range or 1.0
    rate = 1e4 / span if lam is None else number("lam", lam, 0.0)
    branch = agent_branch(tree, rate)
    behavior = np.concatenate([*branch.end.vectors, np.empty(0)])
    beliefs = node_beliefs(tree, behavior, log_behavior(tree, branch))
    named: dict[str, dict[str, float]] = {}
    reached: dict[str, bool] = {}
    edges = tree.edges(behavior)
    chance_of = np.ones(len(edges))
    for x in range(1, len(edges)):
        chance_of[x] = chance_of[tree.parent[x]] * edges[x]
    for one in tree.information_sets:
        named[one.name] = {_history(tree, x): float(beliefs[x]) for x in one.nodes}
        reached[one.name] = bool(chance_of[list(one.nodes)].sum() > TOLERANCE)
    residual = branch.end.one_shot_regret / span
    return Assessment(
        profile=branch.end,
        beliefs=named,
        reached=reached,
        lam=rate,
        residual=residual,
        converged=bool(branch.converged and residual <= TOLERANCE),
        proved="the beliefs follow by Bayes' rule from behaviour in which every move has positive probability, and no "
        "single move gains more than the residual under them",
        not_proved="the limit itself; whether other sequential equilibria exist",
    )


def _history(tree: GameTree, x: int) -> str:
    moves = []
    while x > 0:
        above = int(tree.parent[x])
        moves.append(tree.labels[above][int(tree.move[x])])
        x = above
    return ", ".join(reversed(moves))
