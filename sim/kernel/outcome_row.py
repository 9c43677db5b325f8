"""The row that a finished run leaves behind."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.layout import Params, State
from sim.model.measures import measured
from sim.model.offices import lowest_cohesion
from sim.model.promises import promise_done, promise_kept
from sim.model.record import Numbers, Part, f8, i4, i8, lay_out
from sim.scenario.catalogue import MAX_ACTORS, MAX_FOREIGN, MAX_GROUPS, MAX_MEASURES, MAX_MILESTONES, MAX_PROMISES


class OutcomeRow(Part):
    """What a run leaves behind; ticks of `sim.model.world.NEVER` are dates that did not come."""

    replication: int = i8()
    status: int = i4()
    failed_actor: int = i4()
    end_tick: int = i4(unit="ticks")
    outcome: int = i4()
    outcome_tick: int = i4(unit="ticks")
    talks_tick: int = i4(unit="ticks")
    attacks: float = f8()
    deaths: float = f8()
    civilian_deaths: float = f8()
    balance_of_force: float = f8()
    cohesion: float = f8()
    freed: Numbers = f8(MAX_GROUPS, unit="persons")
    counted: Numbers = f8(MAX_GROUPS, unit="persons")
    returned: Numbers = f8(MAX_GROUPS, unit="persons")
    troops: Numbers = f8(MAX_FOREIGN, unit="persons")
    payoff: Numbers = f8(MAX_ACTORS, unit="util")
    milestone: NDArray[np.int32] = i4(MAX_MILESTONES, unit="ticks")
    measure: Numbers = f8(MAX_MEASURES)
    promise_due: NDArray[np.int32] = i4(MAX_PROMISES, unit="ticks")
    promise_tick: NDArray[np.int32] = i4(MAX_PROMISES, unit="ticks")  # first reached, or first not kept
    promise_kept: NDArray[np.int32] = i4(MAX_PROMISES)  # 1 if in time, or never broken
    promise_share: Numbers = f8(MAX_PROMISES)  # done when due, or of the time that it was kept


OUTCOME_ROW: Final = lay_out(OutcomeRow)


@compiled
def write_outcome(state: State, params: Params, row: OutcomeRow) -> None:
    """Fill the row of a finished run."""
    row.replication = state.replication
    row.status = state.status
    row.failed_actor = state.failed_actor
    row.end_tick = state.tick
    row.outcome = state.outcome
    row.outcome_tick = state.outcome_tick
    row.talks_tick = state.talks_tick
    row.attacks = 0.0
    row.deaths = 0.0
    row.civilian_deaths = 0.0
    for stream in range(params.streams):
        row.attacks += state.attacks_total[stream]
        row.deaths += state.deaths_total[stream]
        row.civilian_deaths += state.civilian_total[stream]
    row.balance_of_force = state.force_balance
    row.cohesion = lowest_cohesion(state, params)
    for group in range(params.groups):
        row.freed[group] = state.freed[group]
        row.counted[group] = state.counted[group]
        row.returned[group] = state.returned[group]
    for force in range(params.foreign):
        row.troops[force] = state.troops[force]
    for actor in range(params.actors):
        row.payoff[actor] = state.payoff[actor]
    for milestone in range(params.milestones):
        row.milestone[milestone] = state.milestone[milestone]
    for measure in range(params.measures):
        row.measure[measure] = measured(state, params, measure)
    for promise in range(params.promises):
        row.promise_due[promise] = state.promise_due[promise]
        row.promise_tick[promise] = state.promise_tick[promise]
        row.promise_kept[promise] = 1 if promise_kept(state, params, promise) else 0
        row.promise_share[promise] = promise_done(state, params, promise)
