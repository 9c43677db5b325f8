"""Recall: freed captives taken back into custody, anybody of them or those who went back to fighting."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.elementary import exp
from sim.model.lanes import some, where
from sim.model.log import Log, record_event
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.random.binomial import binomial
from sim.random.causes import RECALL
from sim.random.poisson import poisson
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_GROUPS, MAX_MOVES
from sim.scenario.events import RECALL as RECALL_EVENT

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class RecallState(Part):
    """Who was taken back."""

    recalled: Numbers = f8(MAX_GROUPS, unit="persons")


class RecallParams(Part):
    """What moves say of recalls."""

    recall_group: Integers = i8(MAX_ACTORS, MAX_MOVES)
    recall_per_day: Numbers = f8(MAX_ACTORS, MAX_MOVES, unit="persons per day")
    recall_returned: Numbers = f8(MAX_ACTORS, MAX_MOVES, unit="per day")  # and captive gone back to fighting


@compiled
def recalls(state: State, params: Params, group: int) -> bool:
    """Return whether the standing move of a group's holder takes freed captives of it back into custody."""
    holder = params.holder[group]
    return bool(params.recall_group[holder, state.standing[holder]] == group)


@compiled
def recalls_alike(state: State, params: Params, actor: int, group: int, one: int, other: int) -> bool:
    """Return whether two moves of a group's holder recall the same of it, or there is nobody to recall."""
    first, second = params.recall_group[actor, one] == group, params.recall_group[actor, other] == group
    if state.freed[group] <= 0.0 or not (first or second):
        return True
    return (
        first == second
        and params.recall_per_day[actor, one] == params.recall_per_day[actor, other]
        and params.recall_returned[actor, one] == params.recall_returned[actor, other]
    )


@compiled
def recall(state: State, group: int, persons: float, pending: float) -> None:
    """Take freed captives back into custody, of whom some are on their way back to fighting.

    Parameters
    ----------
    state : State
        Changed.
    group : int
        Row of the group of captives.
    persons, pending : float
        Taken, and those on their way among them; integers in a sampled world.
    """
    state.freed[group] -= persons
    state.counted[group] = min(state.counted[group], state.freed[group])
    state.pending[group] -= pending
    state.recalled[group] += persons


@compiled
def revoke(state: State, params: Params, group: int, persons: float) -> None:
    """Take captives back into custody who have gone back to fighting: their force loses them."""
    state.returned[group] -= persons
    force = params.returns_to[group]
    state.strength[force] = max(state.strength[force] - persons / 1000.0, 0.0)
    recall(state, group, persons, 0.0)


@compiled
def caught_share(state: State, params: Params, group: int, days: float) -> float:
    """Return the share of those gone back to fighting whom the holder's standing move recalls in some days."""
    holder = params.holder[group]
    return 1.0 - exp(-params.recall_returned[holder, state.standing[holder]] * days)


@compiled
def expected_recall(state: State, params: Params, group: int, days: float) -> None:
    """Step the recalls of one group along the mean path."""
    active = recalls(state, params, group)
    if not some(active):
        return
    holder = params.holder[group]
    freed = state.freed[group]
    persons = where(active, min(params.recall_per_day[holder, state.standing[holder]] * days, freed), 0.0)
    recall(state, group, persons, state.pending[group] * persons / where(freed > 0.0, freed, 1.0))
    if params.returns_to[group] >= 0:
        caught = state.returned[group] * caught_share(state, params, group, days)
        revoke(state, params, group, where(active, caught, 0.0))


@compiled
def draw_recalls(state: State, params: Params, group: int, log: Log) -> None:
    """Draw who of a group is taken back into custody: anybody, or those who went back to fighting."""
    if not recalls(state, params, group) or state.freed[group] <= 0.0:
        return
    occasion = state.tick + 1
    holder = params.holder[group]
    luck = uniform(state.seed, state.replication, RECALL, group, occasion, 0)
    rate = params.recall_per_day[holder, state.standing[holder]] * params.dt
    taken = min(float(poisson(luck, rate)), state.freed[group])
    recall(state, group, taken, ceil(state.pending[group] * taken / state.freed[group]))
    back = state.returned[group]
    if back > 0.0 and params.recall_returned[holder, state.standing[holder]] > 0.0:
        luck = uniform(state.seed, state.replication, RECALL, group, occasion, 1)
        caught = float(binomial(luck, int(back), caught_share(state, params, group, params.dt)))
        caught = min(caught, state.freed[group])
        revoke(state, params, group, caught)
        taken += caught
    if taken > 0.0:
        record_event(log, occasion, RECALL_EVENT, group, -1, taken)
