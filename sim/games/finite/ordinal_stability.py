r"""Which states of a conflict are stable, from the order of preferences alone.

State :math:`s` is stable for player :math:`i` under

* **Nash**: if it has no unilateral improvement :math:`s_1 \in R_i^+(s)`;
* **GMR** (general metarationality; Howard 1971): if each :math:`s_1 \in R_i^+(s)` can be answered by the others with
  some :math:`s_2` that is no better than :math:`s` for :math:`i`;
* **SMR** (symmetric metarationality): if moreover :math:`i` cannot escape from :math:`s_2` to anything better than
  :math:`s`;
* **SEQ** (sequential stability; Fraser and Hipel 1979): if each can be so answered by moves that improve the lot of
  those who make them.

An equilibrium is a state stable for all. Nash implies the other three; SMR and SEQ each imply GMR.

References
----------
Howard, N. (1971). Paradoxes of Rationality. MIT Press.
Fraser, N. M. and Hipel, K. W. (1979). Solving complex conflicts. IEEE Trans. Systems, Man, and Cybernetics 9, 805-816.
Fang, L., Hipel, K. W. and Kilgour, D. M. (1993). Interactive Decision Making. Wiley.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from sim.errors import GameError
from sim.games.finite.conflict import Conflict
from sim.notebook_table import NotebookTable

Concept = Literal["nash", "gmr", "smr", "seq"]
CONCEPTS: tuple[Concept, ...] = get_args(Concept)


@dataclass(frozen=True, slots=True, eq=False)
class StabilityTable(NotebookTable):
    """Stability of every state for every player under every concept.

    Attributes
    ----------
    conflict : Conflict
        What was analysed.
    stable : ndarray of bool, shape (concepts, players, states)
        In the order Nash, GMR, SMR, SEQ.
    proved : str
        What is proved.
    """

    conflict: Conflict
    stable: npt.NDArray[np.bool_]
    proved: str

    def equilibria(self, concept: Concept = "nash") -> tuple[str, ...]:
        """Return the names of the states stable for all players under a concept.

        Raises
        ------
        GameError
            If the concept is unknown.
        """
        together = self.stable[_place(concept)].all(axis=0)
        return tuple(name for name, holds in zip(self.conflict.states, together, strict=True) if holds)

    def blockers(self, state: int | str, concept: Concept = "nash") -> dict[str, tuple[str, ...]]:
        """Return who would leave a state, and the unanswered improvements it would leave for.

        Raises
        ------
        GameError
            If the state or the concept is unknown.
        """
        here = self.conflict.index(state)
        _place(concept)
        unsanctioned = {}
        for i, player in enumerate(self.conflict.players):
            free = unanswered(self.conflict, i, here, concept)
            if free:
                unsanctioned[player] = tuple(self.conflict.states[goal] for goal in free)
        return unsanctioned


def stability(conflict: Conflict) -> StabilityTable:
    """Return which states are stable for whom under Nash, GMR, SMR and SEQ.

    Parameters
    ----------
    conflict : Conflict
        States, moves and preferences.

    Returns
    -------
    StabilityTable

    Examples
    --------
    >>> table = stability(Conflict.from_options(
    ...     {"a": ["defect_a"], "b": ["defect_b"]},
    ...     {"a": ["YN", "NN", "YY", "NY"], "b": ["NY", "NN", "YY", "YN"]}))
    >>> table.equilibria("nash"), table.equilibria("seq")
    (('YY',), ('NN', 'YY'))

    References
    ----------
    Fang, Hipel and Kilgour (1993), chapter 3.
    """
    shape = (len(CONCEPTS), len(conflict.players), len(conflict.states))
    stable = np.zeros(shape, dtype=bool)
    for c, concept in enumerate(CONCEPTS):
        for i in range(shape[1]):
            for s in range(shape[2]):
                stable[c, i, s] = not unanswered(conflict, i, s, concept)
    stable.setflags(write=False)
    return StabilityTable(conflict, stable, "exact: every move and counter-move was examined")


def unanswered(conflict: Conflict, player: int, state: int, concept: Concept) -> tuple[int, ...]:
    """Return the improvements of a player from a state that nothing deters under a concept.

    Parameters
    ----------
    conflict : Conflict
    player, state : int
    concept : {"nash", "gmr", "smr", "seq"}

    Returns
    -------
    tuple of int
        Empty iff the state is stable for the player.
    """
    tempting = conflict.improvements(player, state)
    if concept == "nash":
        return tempting
    rank = conflict.ranks[player]
    free = []
    for goal in tempting:
        answers = conflict.others_reach(player, goal, improving=concept == "seq")
        deterred = any(
            rank[answer] <= rank[state]
            and (concept != "smr" or all(rank[flight] <= rank[state] for flight in conflict.moves[player][answer]))
            for answer in answers
        )
        if not deterred:
            free.append(goal)
    return tuple(free)


def _place(concept: str) -> int:
    if concept not in CONCEPTS:
        raise GameError(f"concept: found {concept!r}, expected one of {', '.join(CONCEPTS)}")
    return CONCEPTS.index(concept)
