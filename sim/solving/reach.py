r"""What could be reached from the table of a solution: by recommendations, and by committing first.

*Recommendations.* A mediator tells each player privately which policy to follow. What nobody gains by disobeying is a
correlated equilibrium (Aumann 1974), and the least and the most that each payoff can be there are two linear programs:
what any mediation over these policies can reach.

*Commitment.* A leader fixes a policy and everybody knows it; the others play an equilibrium of the game that is left
(Stackelberg). Where that has several, the leader's value lies between the worst and the best of them. Less its value at
the selected equilibrium it is what being able to commit is worth, at equilibrium and not at fixed behaviour.

Both are about mean payoffs of the table: estimates, and blind to policies that are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.solving.equilibria import listed, values_against

if TYPE_CHECKING:
    import pandas as pd

    from sim.games import NormalForm
    from sim.solving.solution import Solution


def game_of(solution: Solution) -> NormalForm:
    """Return the game of a solution's mean payoffs."""
    from sim.games import NormalForm

    return NormalForm(
        [solution.payoffs[..., i] for i in range(len(solution.players))],
        players=list(solution.players),
        strategies=[list(solution.table_policies[player]) for player in solution.players],
    )


def recommended_range(solution: Solution) -> pd.DataFrame:
    """Return the least and the most each player can get under private recommendations, beside the selected equilibrium.

    Returns
    -------
    pandas.DataFrame
        Indexed by player: low, high, selected (util).
    """
    import pandas as pd

    from sim.games.finite.correlated import correlated_range

    game = game_of(solution)
    vectors = _selected(solution)
    rows = []
    for i, player in enumerate(solution.players):
        found = correlated_range(game, player)
        at_selected = float(values_against(game.payoffs[i], vectors, i) @ vectors[i])
        rows.append((player, found.low, found.high, at_selected))
    return pd.DataFrame(rows, columns=["player", "low", "high", "selected"]).set_index("player")


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a leader gets that fixes a policy first.

    Attributes
    ----------
    player, policy : str
    worst, best : float
        Its payoff at the worst and the best equilibrium of the others (util).
    worth : float
        The worst less its payoff at the selected equilibrium: what committing surely brings, in means.
    """

    player: str
    policy: str
    worst: float
    best: float
    worth: float


def commitments(solution: Solution, player: str) -> tuple[Commitment, ...]:
    """Return what each policy brings a player that commits to it, the best first.

    Raises
    ------
    KeyError
        If there is no such player.
    """
    game = game_of(solution)
    leader = solution.players.index(player)
    vectors = _selected(solution)
    now = float(values_against(game.payoffs[leader], vectors, leader) @ vectors[leader])
    found = []
    for place, name in enumerate(solution.table_policies[player]):
        fixed = game.restrict([[place] if i == leader else list(range(n)) for i, n in enumerate(game.shape)])
        reduced = type(game).from_table(fixed).iterated_dominance("strict")
        values = []
        for mix in listed(reduced.game).mixtures:
            own = reduced.game.payoffs[leader]
            values.append(float(values_against(own, mix, leader) @ mix[leader]))
        if values:
            found.append(Commitment(player, name, min(values), max(values), min(values) - now))
    return tuple(sorted(found, key=lambda one: -one.worst))


def _selected(solution: Solution) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    mixture = solution.selected.mixture
    return [
        np.array([mixture[player].get(name, 0.0) for name in solution.table_policies[player]])
        for player in solution.players
    ]
