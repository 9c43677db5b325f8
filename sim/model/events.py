r"""Events of a scenario: a vote, an election, an assassination, and what they set in the running world.

An event is due on a date, by a hazard, or when a condition first holds:

- *dated*: on its day, with a probability, if its condition holds then;
- *by hazard*: in the step in which the integral of its rate, taken while its condition holds, crosses a unit
  exponential, :math:`\sum_k \lambda\,[\text{when}(t_k)]\,\Delta \ge E`; at most so many times in a run;
- *conditional*: at the end of the first step in which its condition holds, with a probability.

An event that happens is counted, logged, takes effect, and, where it has alternatives, draws one of them: the first
whose cumulative probability exceeds the draw. Effects are rows (kind, entity, other entity, value) of Tables.

Luck: each draw has the address of the event's *name* and of how often the event has happened, so that it is shared by
scenarios that give the event another rate, date or probability, and shifts when no other event is added. Nobody
foresees events on a mean path: there, `happened` stands as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.clocks import EVENT_WIDTH, advance_event, call_review
from sim.model.conditions import holds
from sim.model.defection import split
from sim.model.log import Log, record_event
from sim.model.profiles import become
from sim.model.reading import read_world
from sim.model.record import Integers, Numbers, Part, f8, i1, i4, i8
from sim.model.setting import SETTINGS, set_and_log
from sim.model.switches import ON_TRIGGERS
from sim.random.causes import EVENT as EVENT_CAUSE
from sim.random.exponential import exponential
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_EVENTS
from sim.scenario.events import EVENT

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

DATED_EVENT: Final = 0
HAZARD_EVENT: Final = 1
CONDITIONAL_EVENT: Final = 2
ALTERNATIVE_EVENT: Final = 3  # happens when the event before it draws it

DUE: Final = -1
"""In place of a quantity in a dated row: the event of this row is due; other rows are settings without an event."""

CALL_REVIEW: Final = SETTINGS  # of the entity, an actor
GO_OVER: Final = SETTINGS + 2  # of the first force, a share to the second
BECOME: Final = SETTINGS + 1  # the actor decides by the profile of the other row from now on

WHEN_DRAW: Final = 0  # of a hazard's exponential
WHETHER_DRAW: Final = 1  # whether an event that is due happens
WHICH_DRAW: Final = 2  # which of its alternatives

EFFECT_WIDTH: Final = 4  # kind, entity, other entity, value


class EventState(Part):
    """What has happened, and how far each hazard is used up."""

    happened: NDArray[np.int32] = i4(MAX_EVENTS)  # how often
    asked: NDArray[np.int8] = i1(MAX_EVENTS)  # 1 once the condition of a conditional event held
    event_used: Numbers = f8(MAX_EVENTS)  # rate integrated since the event last was due
    event_limit: Numbers = f8(MAX_EVENTS)  # unit exponential; 0 until it is drawn
    event_fired: NDArray[np.int8] = i1(MAX_EVENTS)  # 1 from the start of the step in which it fires to its end


class EventParams(Part):
    """When each event is due, and where its effects lie in Tables."""

    events: int = i8()  # with their alternatives, each of which follows its event
    event_kind: Integers = i8(MAX_EVENTS)
    event_when: Integers = i8(MAX_EVENTS)  # Tables: program; -1 none
    event_rate: Numbers = f8(MAX_EVENTS, unit="per day")
    event_probability: Numbers = f8(MAX_EVENTS)  # of an alternative: that of its being drawn
    event_most: Integers = i8(MAX_EVENTS)  # how often it can happen in a run
    event_key: Integers = i8(MAX_EVENTS)  # address of its luck
    alternatives: Integers = i8(MAX_EVENTS)
    effects_at: Integers = i8(MAX_EVENTS)
    effects: Integers = i8(MAX_EVENTS)


@compiled
def event_luck(state: State, params: Params, event: int, draw: int) -> float:
    """Return the uniform number of an event's next occurrence for one of its draws."""
    return uniform(
        state.seed, state.replication, EVENT_CAUSE, draw, int(state.happened[event]), params.event_key[event]
    )


@compiled
def integrate_events(state: State, params: Params, tables: Tables, days: float) -> None:
    """Integrate the hazards of events over the step that starts now and note which fire in it."""
    for event in range(params.events):
        if params.event_kind[event] != HAZARD_EVENT:
            continue
        state.event_fired[event] = 0
        if state.happened[event] >= params.event_most[event]:
            continue
        if not holds(state, params, tables, params.event_when[event]):
            continue
        if state.event_limit[event] == 0.0:
            state.event_limit[event] = exponential(event_luck(state, params, event, WHEN_DRAW), 1.0)
        state.event_used[event] += params.event_rate[event] * days
        if state.event_used[event] >= state.event_limit[event]:
            # What is over counts for the next occurrence; dropped, it would make events too few.
            state.event_used[event] -= state.event_limit[event]
            state.event_limit[event] = 0.0
            state.event_fired[event] = 1


@compiled
def take_effect(state: State, params: Params, tables: Tables, event: int, log: Log) -> None:
    """Count and log an event or an alternative, and let what it sets be set."""
    state.happened[event] += 1
    record_event(log, state.tick, EVENT, event, -1, float(state.happened[event]))
    for effect in range(params.effects[event]):
        at = params.effects_at[event] + effect * EFFECT_WIDTH
        kind = int(tables[at])
        entity = int(tables[at + 1])
        if kind < SETTINGS:
            set_and_log(state, params, kind, entity, tables[at + 3], log)
        elif kind == GO_OVER:
            split(state, params, entity, int(tables[at + 2]), tables[at + 3], log)
        elif kind == BECOME:
            become(state, params, entity, int(tables[at + 2]), log)
        elif params.on[ON_TRIGGERS] != 0:
            call_review(state, params, entity, state.tick)
    read_world(state, params)


@compiled
def happen(state: State, params: Params, tables: Tables, event: int, log: Log) -> None:
    """Let an event happen, and one of its alternatives."""
    luck = event_luck(state, params, event, WHICH_DRAW)
    take_effect(state, params, tables, event, log)
    cumulative = 0.0
    for alternative in range(event + 1, event + 1 + params.alternatives[event]):
        cumulative += params.event_probability[alternative]
        if luck < cumulative:
            take_effect(state, params, tables, alternative, log)
            return


@compiled
def happen_by_chance(state: State, params: Params, tables: Tables, event: int, log: Log) -> None:
    """Let an event that is due happen with its probability."""
    if event_luck(state, params, event, WHETHER_DRAW) < params.event_probability[event]:
        happen(state, params, tables, event, log)


@compiled
def happen_on_date(state: State, params: Params, tables: Tables, log: Log) -> None:
    """Act on the next dated row: a setting, or an event that is due if its condition holds."""
    at = params.event_at + state.event_next * EVENT_WIDTH
    quantity = int(tables[at + 1])
    row = int(tables[at + 2])
    state.event_next += 1
    advance_event(state, params, tables)
    if quantity != DUE:
        set_and_log(state, params, quantity, row, tables[at + 3], log)
        read_world(state, params)
    elif holds(state, params, tables, params.event_when[row]):
        happen_by_chance(state, params, tables, row, log)


@compiled
def happen_in_step(state: State, params: Params, tables: Tables, log: Log) -> None:
    """Let events happen whose hazard fired in the step that ends now, or whose condition holds for the first time."""
    for event in range(params.events):
        kind = params.event_kind[event]
        if kind == HAZARD_EVENT and state.event_fired[event] != 0:
            state.event_fired[event] = 0
            happen(state, params, tables, event, log)
        elif kind == CONDITIONAL_EVENT and state.asked[event] == 0:
            if holds(state, params, tables, params.event_when[event]):
                state.asked[event] = 1
                happen_by_chance(state, params, tables, event, log)
