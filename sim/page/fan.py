"""A fan: the quantiles of one daily series over worlds still going on, its promise, and what really happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.page.growing_batch import GrowingBatch
from sim.page.outcome_bars import number
from sim.plots.trajectory_panels import Panel, panels_of
from sim.record import named_record

if TYPE_CHECKING:
    from sim.record.record import Record
    from sim.scenario.scenario import Scenario

PROBABILITIES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
POINTS: Final = 220
"""Days that a fan has at most."""
MARKS: Final = 400
"""Observations of a record that a panel shows at most."""


def fan_panels(scenario: Scenario, series_names: tuple[str, ...]) -> list[Panel]:
    """List the series that have a fan: those of the trajectories figure."""
    return panels_of(scenario, series_names)


def panel_data(panel: Panel, scenario: Scenario, record: Record | None) -> dict[str, Any]:
    """Return what of a panel does not change with the deal: words, promise, and the record's observations."""
    marks = []
    if record is not None:
        observed = record.series(f"{panel.feature}({panel.entity})")
        observed = observed or (record.series(panel.feature) if panel.alone else ())
        for o in observed:
            begin, end = (o.date - scenario.start).days, (o.end_date - scenario.start).days
            if end >= 0 and begin <= scenario.horizon_days:
                middle = float(begin) if end == begin else (begin + end + 1) / 2
                mark = {"day": middle, "from": begin, "to": end + 1 if end > begin else end, "value": number(o.value)}
                marks.append(mark | {"definition": o.definition, "source": o.source, "date": o.date.isoformat()})
    return {
        "title": panel.title,
        "unit": panel.unit,
        "series": panel.series,
        "target": [[float(day), number(value)] for day, value in panel.target],
        "target_label": panel.target_label,
        "record": marks[:MARKS],
    }


def fan_data(panel: Panel, yours: GrowingBatch, written: GrowingBatch, runs: int) -> dict[str, Any]:
    """Return the quantiles of a panel's series under both deals, on at most `POINTS` days.

    Parameters
    ----------
    panel : Panel
        Which series.
    yours, written : GrowingBatch
        The changed deal, and the deal as written.
    runs : int
        The first of each that count.

    Returns
    -------
    dict
        Days, quantiles, and how many worlds were still going on.
    """
    horizon = min(yours.scenario.horizon_days, written.scenario.horizon_days)
    days = np.unique(np.linspace(0, horizon, min(POINTS, horizon + 1)).round().astype(np.int64))
    data: dict[str, Any] = {"days": days.tolist(), "probabilities": list(PROBABILITIES)}
    for name, batch in (("yours", yours), ("written", written)):
        bands = batch.bands(panel.series, runs, days, panel.mean_days, PROBABILITIES)
        rounded = np.where(np.isfinite(bands.values), np.round(bands.values, 6), np.nan)
        data[name] = [[number(value) for value in row] for row in rounded.T.tolist()]
        data[f"{name}_running"] = bands.running.tolist()
    return data


def record_of(scenario: Scenario, folders: tuple[Path, ...] = ()) -> Record | None:
    """Return the record that a scenario names, if it names one."""
    return None if scenario.record is None else named_record(scenario.record, folders)
