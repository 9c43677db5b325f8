"""Measures: one number of each run, gathered day by day from a quantity or a condition that a scenario names.

Quantities are read as the daily series are: on day 0, and at the end of each day. A total, a mean and a share of time
are over the days, so that the reading of day 0 is none of theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.conditions import holds, sum_value
from sim.model.record import Integers, Numbers, Part, f8, i4, i8
from sim.scenario.catalogue import MAX_MEASURES

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

MEASURE_FIRST_DAY: Final = 0
MEASURE_SHARE_OF_TIME: Final = 1
MEASURE_TOTAL: Final = 2
MEASURE_MEAN: Final = 3
MEASURE_HIGHEST: Final = 4
MEASURE_LOWEST: Final = 5
MEASURE_LEVEL: Final = 6


class MeasureState(Part):
    """What was gathered so far."""

    measure: Numbers = f8(MAX_MEASURES)  # a sum over days, an extreme, a level, or the first day
    measured_days: int = i4(unit="days")


class MeasureParams(Part):
    """What is gathered of what."""

    measures: int = i8()
    measure_kind: Integers = i8(MAX_MEASURES)  # MEASURE_FIRST_DAY ... MEASURE_LEVEL
    measure_of: Integers = i8(MAX_MEASURES)  # Tables: program of a condition or of a sum
    measure_until: Integers = i8(MAX_MEASURES, unit="ticks")  # on which a level is read; NEVER for the end of the run


@compiled
def begin_measures(state: State, params: Params, tables: Tables) -> None:
    """Read every measure on day 0."""
    for measure in range(params.measures):
        kind, program = params.measure_kind[measure], params.measure_of[measure]
        if kind == MEASURE_FIRST_DAY:
            met = holds(state, params, tables, program)
            state.measure[measure] = 0.0 if met else params.horizon_tick * params.dt
        elif kind == MEASURE_SHARE_OF_TIME or kind == MEASURE_TOTAL:
            state.measure[measure] = 0.0
        else:
            state.measure[measure] = sum_value(state, params, tables, program)


@compiled
def note_measures(state: State, params: Params, tables: Tables) -> None:
    """Read every measure at the end of a day, and levels at the end of a step."""
    if params.measures == 0:
        return
    whole_day = state.tick % int(1.0 / params.dt + 0.5) == 0
    if whole_day:
        state.measured_days += 1
    for measure in range(params.measures):
        kind, program = params.measure_kind[measure], params.measure_of[measure]
        if kind == MEASURE_LEVEL:
            if state.tick <= params.measure_until[measure]:
                state.measure[measure] = sum_value(state, params, tables, program)
        elif whole_day:
            gather(state, params, tables, measure)


@compiled
def gather(state: State, params: Params, tables: Tables, measure: int) -> None:
    """Add the reading of a day that ends now."""
    kind, program = params.measure_kind[measure], params.measure_of[measure]
    if kind == MEASURE_FIRST_DAY or kind == MEASURE_SHARE_OF_TIME:
        if not holds(state, params, tables, program):
            return
        if kind == MEASURE_FIRST_DAY:
            state.measure[measure] = min(state.measure[measure], state.tick * params.dt)
        else:
            state.measure[measure] += 1.0
        return
    value = sum_value(state, params, tables, program)
    if kind == MEASURE_HIGHEST:
        state.measure[measure] = max(state.measure[measure], value)
    elif kind == MEASURE_LOWEST:
        state.measure[measure] = min(state.measure[measure], value)
    elif kind == MEASURE_MEAN and state.measured_days == 1:
        state.measure[measure] = value
    else:
        state.measure[measure] += value


@compiled
def measured(state: State, params: Params, measure: int) -> float:
    """Return a measure of a run that ends now."""
    kind = params.measure_kind[measure]
    if kind == MEASURE_SHARE_OF_TIME or kind == MEASURE_MEAN:
        return state.measure[measure] / max(state.measured_days, 1)
    return state.measure[measure]
