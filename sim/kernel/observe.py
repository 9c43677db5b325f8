"""Daily values of the series, and the row that a finished run leaves behind."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sim.compiled import compiled
from sim.model.cohesion import lowest_cohesion
from sim.model.features import feature
from sim.model.layout import Params, State
from sim.scenario.catalogue import MAX_ACTORS, MAX_FOREIGN, MAX_GROUPS, MAX_WAYPOINTS

OUTCOME_ROW: Final[np.dtype[Any]] = np.dtype(
    (
        np.record,
        np.dtype(
            [
                ("replication", np.int64),
                ("status", np.int32),
                ("failed_actor", np.int32),
                ("failed_tick", np.int32),
                ("outcome", np.int32),
                ("outcome_tick", np.int32),
                ("talks_tick", np.int32),
                ("attacks", np.float64),
                ("deaths", np.float64),
                ("civilian_deaths", np.float64),
                ("balance_of_force", np.float64),
                ("cohesion", np.float64),
                ("freed", np.float64, (MAX_GROUPS,)),
                ("counted", np.float64, (MAX_GROUPS,)),
                ("returned", np.float64, (MAX_GROUPS,)),
                ("troops", np.float64, (MAX_FOREIGN,)),
                ("payoff", np.float64, (MAX_ACTORS,)),
                ("waypoint", np.int32, (MAX_WAYPOINTS,)),
            ],
            align=True,
        ),
    )
)
"""What a run leaves behind; ticks of `NEVER` are dates that did not come."""


@compiled
def observe(state: State, params: Params, series: Any) -> None:
    """Write the daily values to the row of the day, on whole days, if the caller keeps series."""
    if series.shape[0] == 0:
        return
    ticks_per_day = int(1.0 / params.dt + 0.5)
    if state.tick % ticks_per_day != 0:
        return
    day = state.tick // ticks_per_day
    if day >= series.shape[0]:
        return
    for column in range(params.series):
        series[day, column] = feature(
            state, params, params.series_code[column], params.series_a[column], params.series_b[column]
        )


@compiled
def write_outcome(state: State, params: Params, row: Any) -> None:
    """Fill the row of a finished run."""
    row.replication = state.replication
    row.status = state.status
    row.failed_actor = state.failed_actor
    row.failed_tick = state.tick
    row.outcome = state.outcome
    row.outcome_tick = state.outcome_tick
    row.talks_tick = state.talks_tick
    row.attacks = 0.0
    row.deaths = 0.0
    row.civilian_deaths = 0.0
    for force in range(params.forces):
        row.attacks += state.attacks_total[force]
        row.deaths += state.deaths_total[force]
        row.civilian_deaths += state.civilian_total[force]
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
    for waypoint in range(params.waypoints):
        row.waypoint[waypoint] = state.waypoint[waypoint]
