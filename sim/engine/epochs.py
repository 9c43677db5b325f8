"""Epochs of a run with the world as each of them found it, got by stepping the run once more.

A run keeps the account of each decision but not the world before it, which is what says why a move was not legal. Runs
are deterministic, so the worlds come out again when they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.event import EventEngine, Hook
from sim.kernel.bound import Bound
from sim.model.clocks import (
    CLOCKS,
    DEADLINE_CLOCK,
    DEADLINE_WIDTH,
    REPUTATION_CLOCK,
    REVIEW_CLOCK,
    SCHEDULE_CLOCK,
    SCHEDULE_WIDTH,
    TRIGGER_CLOCK,
)
from sim.model.log import LOG
from sim.random.seed import signed_seed
from sim.scenario.catalogue import ORIGINAL
from sim.scenario.changed_actor import changed_actor
from sim.scenario.schema.actors import Actor


@dataclass(frozen=True, slots=True, eq=False)
class Epoch:
    """A date on which an actor's move could change.

    Attributes
    ----------
    tick, clock, actor : int
        When, which clock called it, and the row of who moves.
    bound : Bound
        The scenario that ruled then.
    state : ndarray of STATE, shape (1,)
        The world as the epoch found it.
    move : int
        The move that stands after it.
    record : ndarray of DECISION_RECORD, shape (1,), or None
        The account of the decision; None if the calendar made the move.
    """

    tick: int
    clock: int
    actor: int
    bound: Bound
    state: NDArray[np.record]
    move: int
    record: NDArray[np.record] | None


def present_actor(epoch: Epoch) -> Actor:
    """Return what the mover of an epoch wants then and how it decides: by the profile that it has by then."""
    names, row = epoch.bound.names, int(epoch.state[0].profile[epoch.actor])
    actor = epoch.bound.scenario.actors[names.actors[epoch.actor]]
    name = names.profile_name(row)
    return actor if name == ORIGINAL else changed_actor(actor, actor.profiles[name])


@dataclass(frozen=True, slots=True, eq=False)
class EpochsUntil:
    """All epochs of a run until a tick.

    Attributes
    ----------
    epochs : tuple of Epoch
        In the order in which they were held.
    state : ndarray of STATE, shape (1,)
        The world after all events of the last tick.
    log : ndarray of LOG
        What was logged until then.
    bound : Bound
        The scenario that ruled last.
    """

    epochs: tuple[Epoch, ...]
    state: NDArray[np.record]
    log: NDArray[np.record]
    bound: Bound


def epochs_until(run: Any, last: int) -> EpochsUntil:
    """Step a run again through all events of ticks up to `last` and keep its epochs; a fork begins with its parent's.

    Parameters
    ----------
    run : Run
        Traced or not.
    last : int
        Tick.
    """
    epochs: list[Epoch] = []
    pending: list[tuple[int, NDArray[np.record]]] = []

    def note_world(engine: EventEngine, clock: int) -> None:
        if clock >= DEADLINE_CLOCK or SCHEDULE_CLOCK <= clock < REPUTATION_CLOCK:
            pending.append((_actor(engine, clock), engine.snapshot()))

    def note_epoch(engine: EventEngine, clock: int) -> None:
        if pending:
            actor, before = pending.pop()
            record = engine.last_decision() if clock >= DEADLINE_CLOCK else None
            if record is not None and not record["held"][0]:
                return  # nothing was to be decided
            move = int(record["chosen"][0]) if record is not None else _scheduled(engine.bound, before, actor)
            epochs.append(Epoch(int(before["clock"][0, clock]), clock, actor, engine.bound, before, move, record))

    engine = step_again(run, last, before=note_world, after=note_epoch)
    return EpochsUntil(tuple(epochs), engine.snapshot(), engine.log().astype(LOG, copy=False), engine.bound)


def step_again(run: Any, last: int, *, before: Hook, after: Hook) -> EventEngine:
    """Step a run again through all events of ticks up to `last`; a fork begins with its parent's.

    Parameters
    ----------
    run : Run
        Traced or not.
    last : int
        Tick.
    before, after : callable
        Called as ``hook(engine, clock)`` before and after every event; the engine of a fork's past is its parent's.

    Returns
    -------
    EventEngine
        As it stands after the last event.
    """
    origin = run.origin
    if origin is not None and last < origin.tick:
        return step_again(run.parent, last, before=before, after=after)
    if origin is not None and origin.tick > 0:
        step_again(run.parent, origin.tick - 1, before=before, after=after)
    past = None if origin is None else origin.past
    seed = signed_seed(run.seed)
    engine = EventEngine(run._bound, seed, run.replication, past=past, before=(before,), hooks=(after,))
    engine.run(until=last)
    return engine


def _actor(engine: EventEngine, clock: int) -> int:
    """Return the row of the actor that a clock calls."""
    if clock == DEADLINE_CLOCK:
        row = engine.bound.params[0].deadline_at + engine.state[0].deadline_next * DEADLINE_WIDTH
        return int(engine.bound.tables[row + 1])
    for first in (REVIEW_CLOCK, TRIGGER_CLOCK, SCHEDULE_CLOCK):
        if first <= clock < CLOCKS:
            return clock - first
    raise AssertionError(clock)


def _scheduled(bound: Bound, before: NDArray[np.record], actor: int) -> int:
    """Return the move that an actor's calendar makes next."""
    row = bound.params[0].schedule_at[actor] + before[0].schedule_next[actor] * SCHEDULE_WIDTH
    return int(bound.tables[row + 1])
