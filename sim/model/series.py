"""Daily values of features, kept where somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.feature_call import feature
from sim.model.record import Integers, Numbers, Part, i8
from sim.scenario.catalogue import MAX_SERIES

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class SeriesParams(Part):
    """Which features are kept."""

    series: int = i8()
    series_code: Integers = i8(MAX_SERIES)
    series_a: Integers = i8(MAX_SERIES)
    series_b: Integers = i8(MAX_SERIES)


@compiled
def observe(state: State, params: Params, series: Numbers) -> None:
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
