r"""The inverse question: the preferences that would make a state stable.

For player :math:`i` and state :math:`s` only the set :math:`D = \{x : x \preceq_i s\}` of states no better than
:math:`s` matters. Every move :math:`s_1 \in R_i(s)` must be no better itself, or be deterred by states no better:

* Nash: :math:`s_1 \in D`;
* GMR: :math:`s_1 \in D`, or some answer :math:`s_2 \in D`;
* SMR: ... or some answer with :math:`\{s_2\} \cup R_i(s_2) \subseteq D`;
* SEQ: as GMR with the answers that improve the lot of those who make them, *their* preferences as given.

So stability is a monotone condition on :math:`D`, and its minimal sets answer the question completely: :math:`s` is
stable for :math:`i` iff all states of at least one of them are no better than :math:`s`. The fewest states that must
fall in :math:`i`'s ranking (or the fewest that :math:`s` must overtake) is the smallest ordinal change that would
unblock a deal.

References
----------
Kinsara, R. A., Kilgour, D. M. and Hipel, K. W. (2015). Inverse approach to the graph model for conflict resolution.
IEEE Trans. Systems, Man, and Cybernetics: Systems 45, 734-742.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import GameError
from sim.games.finite.conflict import Conflict
from sim.games.finite.ordinal_stability import CONCEPTS, Concept
from sim.notebook_table import NotebookTable

_MOST_SETS = 50_000


@dataclass(frozen=True, slots=True)
class StabilityCondition(NotebookTable):
    """What must hold of one player's preferences for a state to be stable for it.

    Attributes
    ----------
    player, state : str
        Whose preferences, and which state.
    concept : str
        The concept of stability.
    no_better : tuple of frozenset of str
        Minimal sets: stable iff all states of at least one set are no better than `state`. One empty set: always
        stable.
    holds : bool
        Whether the player's present preferences satisfy it.
    smallest_change : frozenset of str
        Fewest states that are better now and would have to be no better; empty if it holds.
    proved : str
        What is proved.
    """

    player: str
    state: str
    concept: Concept
    no_better: tuple[frozenset[str], ...]
    holds: bool
    smallest_change: frozenset[str]
    proved: str


def stabilising_preferences(
    conflict: Conflict, state: int | str, concept: Concept = "nash"
) -> tuple[StabilityCondition, ...]:
    """Return for each player which preferences make a state stable.

    Parameters
    ----------
    conflict : Conflict
        States and moves; for SEQ the others' preferences too.
    state : int or str
        The state that should be stable.
    concept : {"nash", "gmr", "smr", "seq"}
        The concept of stability.

    Returns
    -------
    tuple of StabilityCondition
        One for each player; the state is an equilibrium iff all hold.

    Raises
    ------
    GameError
        If the state or concept is unknown, or the minimal sets are too many to list.

    Examples
    --------
    >>> dilemma = Conflict.from_options(
    ...     {"a": ["defect_a"], "b": ["defect_b"]},
    ...     {"a": ["YN", "NN", "YY", "NY"], "b": ["NY", "NN", "YY", "YN"]})
    >>> condition = stabilising_preferences(dilemma, "NN", "gmr")[0]
    >>> sorted(sorted(s) for s in condition.no_better), condition.holds
    ([['YN'], ['YY']], True)

    References
    ----------
    Kinsara, Kilgour and Hipel (2015).
    """
    if concept not in CONCEPTS:
        raise GameError(f"concept: found {concept!r}, expected one of {', '.join(CONCEPTS)}")
    here = conflict.index(state)
    return tuple(_condition(conflict, i, here, concept) for i in range(len(conflict.players)))


def _condition(conflict: Conflict, player: int, state: int, concept: Concept) -> StabilityCondition:
    minimal: set[frozenset[int]] = {frozenset()}
    for goal in conflict.moves[player][state]:
        ways = _minimal(_deterrents(conflict, player, state, goal, concept))
        minimal = _minimal({chosen | way for chosen in minimal for way in ways})
        if len(minimal) > _MOST_SETS:
            raise GameError(
                f"state {conflict.states[state]!r}: found more than {_MOST_SETS} minimal sets of preferences for "
                f"{conflict.players[player]!r}, expected fewer: drop states or moves"
            )
    rank = conflict.ranks[player]
    changes = [frozenset(x for x in chosen if rank[x] > rank[state]) for chosen in minimal]
    least = min(changes, key=lambda change: (len(change), sorted(change)))

    def name(states: frozenset[int]) -> frozenset[str]:
        return frozenset(conflict.states[x] for x in states)

    proof = "complete: these sets and no others"
    if concept == "seq":
        proof += ", given the other players' preferences"
    ordered = tuple(name(chosen) for chosen in sorted(minimal, key=lambda chosen: (len(chosen), sorted(chosen))))
    return StabilityCondition(
        conflict.players[player], conflict.states[state], concept, ordered, not least, name(least), proof
    )


def _deterrents(conflict: Conflict, player: int, state: int, goal: int, concept: Concept) -> set[frozenset[int]]:
    """Return the sets of states each of which, if no better than `state`, makes the move to `goal` useless."""
    deterrents = {frozenset({goal})}
    if concept != "nash":
        for answer in conflict.others_reach(player, goal, improving=concept == "seq"):
            flights = conflict.moves[player][answer] if concept == "smr" else ()
            deterrents.add(frozenset({answer, *flights}) - {state})
    return deterrents


def _minimal(sets: set[frozenset[int]]) -> set[frozenset[int]]:
    kept: list[frozenset[int]] = []
    for candidate in sorted(sets, key=len):
        if not any(other <= candidate for other in kept):
            kept.append(candidate)
    return set(kept)
