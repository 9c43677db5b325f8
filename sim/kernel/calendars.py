"""Calendars of a world that goes on under another scenario: the next dates of every dated list and periodic clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.clocks import (
    DEADLINE_CLOCK,
    DEADLINE_WIDTH,
    EVENT_CLOCK,
    EVENT_WIDTH,
    REPUTATION_CLOCK,
    REVIEW_CLOCK,
    SCHEDULE_CLOCK,
    SCHEDULE_WIDTH,
    next_opportunity,
)
from sim.model.layout import Params, Tables
from sim.model.world import NEVER


def arm_calendars(state: NDArray[np.record], was: Params, now: Params, tables: Tables, first: int) -> None:
    """Set dated lists to their first entry from a tick on, and periodic clocks whose period changed likewise.

    Parameters
    ----------
    state : ndarray of STATE, shape (1,)
        The world; its clocks and the places in its dated lists are changed.
    was, now : Params
        The scenario that it comes from, and the one under which it goes on.
    tables : Tables
        Those of `now`.
    first : int
        The first tick that is still to come.
    """
    clocks = state["clock"][0]

    def arm(clock: int, at: int, count: int, width: int) -> int:
        ticks = tables[at : at + count * width : width]
        done = int(np.searchsorted(ticks, first))
        clocks[clock] = int(ticks[done]) if done < count else NEVER
        return done

    state["event_next"] = arm(EVENT_CLOCK, now.event_at, now.dated_events, EVENT_WIDTH)
    state["deadline_next"] = arm(DEADLINE_CLOCK, now.deadline_at, now.deadlines, DEADLINE_WIDTH)
    for actor in range(now.actors):
        rows = arm(SCHEDULE_CLOCK + actor, now.schedule_at[actor], now.schedule_count[actor], SCHEDULE_WIDTH)
        state["schedule_next"][0, actor] = rows
        every, offset = int(now.review_every[actor]), int(now.review_offset[actor])
        chance = float(now.reconsiders[actor])
        if (every, offset, chance) != (was.review_every[actor], was.review_offset[actor], was.reconsiders[actor]):
            clocks[REVIEW_CLOCK + actor] = NEVER
            if chance > 0.0:
                clocks[REVIEW_CLOCK + actor] = next_opportunity(state[0], now, actor, first - 1)
            elif every > 0:
                clocks[REVIEW_CLOCK + actor] = next_date(offset, every, first)
    if now.reputation_every != was.reputation_every:
        every = int(now.reputation_every)
        clocks[REPUTATION_CLOCK] = next_date(every, every, first) if every > 0 else NEVER


def next_date(offset: int, every: int, first: int) -> int:
    """Return the first of offset, offset + every, ... that is not before `first`.

    Examples
    --------
    >>> next_date(10, 7, 3), next_date(10, 7, 17), next_date(10, 7, 18)
    (10, 17, 24)
    """
    return offset + max(-((offset - first) // every), 0) * every
