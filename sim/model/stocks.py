"""Stocks: what is handed over by the grammar of releases but is no captive, and what that does to the forces it is of.

A stock (`deal.stocks`) is a programme like a group of captives: its rows follow theirs, and `sim.model.captives` moves
both. Arms of a force take their share out of its attacks and of the balance of force; fighters who leave take their
number out of its strength. Who counts may be kept from it by the holder's move (`admit`), or count nothing by its own
(`verify`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.forces import thousand_each
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.scenario.catalogue import MAX_ACTORS, MAX_FORCES, MAX_GROUPS, MAX_MOVES

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class StockState(Part):
    """Arms beyond use."""

    disarmed: Numbers = f8(MAX_FORCES)  # share of a force's arms


class StockParams(Part):
    """What stocks are of, and what moves say of counting."""

    divisible: Integers = i8(MAX_GROUPS)  # 1 if any fraction can be let go
    arms_of: Integers = i8(MAX_GROUPS)
    men_of: Integers = i8(MAX_GROUPS)
    admit: Numbers = f8(MAX_ACTORS, MAX_MOVES)  # 0 if nobody may count what the actor lets go
    verify: Numbers = f8(MAX_ACTORS, MAX_MOVES)  # 0 if the actor counts nothing


@compiled
def verifying(state: State, params: Params, group: int) -> float:
    """Return 1 while a claimant counts what its holder lets go: the one verifies and the other admits it."""
    claimant, holder = params.claimant[group], params.holder[group]
    if claimant < 0:
        return 1.0
    return params.verify[claimant, state.standing[claimant]] * params.admit[holder, state.standing[holder]]


@compiled
def counts_alike(state: State, params: Params, actor: int, one: int, other: int) -> bool:
    """Return whether two moves of an actor count, and let be counted, alike, or there is nothing left to count."""
    for group in range(params.groups):
        if state.counted[group] >= params.promised[group] and state.counted[group] >= state.freed[group]:
            continue
        if params.claimant[group] == actor and params.verify[actor, one] != params.verify[actor, other]:
            return False
        if params.holder[group] == actor and params.admit[actor, one] != params.admit[actor, other]:
            return False
    return True


@compiled
def take_from_force(state: State, params: Params, group: int, amount: float) -> None:
    """Take what was handed over of a stock out of the force that it is of."""
    force = params.arms_of[group]
    if force >= 0:
        state.disarmed[force] = min(state.disarmed[force] + amount / params.held[group], 1.0)
    force = params.men_of[group]
    if force >= 0:
        gone = amount / (1000.0 * thousand_each(params, force))
        state.strength[force] = max(state.strength[force] - gone, 0.0)
