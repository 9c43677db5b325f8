r"""What each run of a batch says about a number of a record: a mean over a window of days, or a count in it.

A row of a record is about the days from `date` to `end_date`. Its unit says what is taken of a daily series there:

- ``... per day`` and levels: the mean over the days of the window on which the run was still going (at least one);
- ``... over the window``: the sum, of runs that went on through the whole window.

A series without an entity is summed over all entities of that feature. A window that moves with a milestone begins in
each run as many days after its own date of that milestone as it did in the record; a run that never gets there has no
such window. Daily counts are those of the day that ends with the date, so day 0 has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.engine.threads import run_batch
from sim.kernel.bound import bound
from sim.random.seed import signed_seed
from sim.record.observation import Observation
from sim.record.record import Record

Floats = NDArray[np.float64]
TALKS_OPEN = "talks_open"
"""What records call the begin of talks."""
_COUNTED = ("daily_attacks", "counted_attacks", "daily_deaths")


def date_column(milestone: str) -> str:
    """Return the outcome column that holds the date of a milestone; the opening of talks has its own."""
    return "talks_day" if milestone == TALKS_OPEN else f"{milestone}_day"


def why_not(batch: Batch, observation: Observation) -> str:
    """Say why a batch cannot answer to a number of a record; empty if it can."""
    if not _columns(batch, observation):
        return f"the scenario has no daily series {observation.series}"
    if observation.moves_with:
        if date_column(observation.moves_with) not in batch.outcome_table:
            return f"the scenario declares no milestone {observation.moves_with}"
        return ""
    first = (observation.date - batch.scenario.start).days
    if first < int(observation.kind in _COUNTED) or first + observation.days - 1 > batch.scenario.horizon_days:
        return f"the window {observation.date} to {observation.end_date} is not within the days of the runs"
    return ""


def window_values(batch: Batch, record: Record, observations: Sequence[Observation]) -> list[Floats]:
    """Return the value of every run for each observation.

    Parameters
    ----------
    batch : Batch
        Runs; if it is too large to have kept its daily values, its worlds run once more, and memory stays flat.
    record : Record
        Dates the milestones that windows move with.
    observations : sequence of Observation
        Numbers of the record that `why_not` has nothing against.

    Returns
    -------
    list of ndarray, shape (runs,)
        In the unit of the observation; NaN for a run that has no value.

    Examples
    --------
    >>> import sim
    >>> from sim.record import load_record
    >>> batch = sim.replicate(sim.load("doha_2020/baseline"), runs=20, seed=1)
    >>> record = load_record("doha_2020")
    >>> (first,) = window_values(batch, record, record.checks[:1])
    >>> record.checks[0].check, first.shape
    ('attacks_first_45_days', (20,))
    """
    spans = [_span(batch, record, o) for o in observations]
    columns = [_columns(batch, o) for o in observations]
    found = [np.full(len(batch), np.nan) for _ in observations]

    def tally(start: int, series: Floats) -> None:
        rows = slice(start, start + len(series))
        for values, o, places, (first, last) in zip(found, observations, columns, spans, strict=True):
            daily = series[:, :, places].sum(axis=2)
            values[rows] = _taken(daily, first[rows], last[rows], "over the window" in o.unit)

    if not observations:
        return []
    if batch.kept_series is not None:
        tally(0, batch.kept_series)
    else:
        run_batch(bound(batch.scenario), signed_seed(batch.seed), np.arange(len(batch)), on_series=tally)
    return found


def series_columns(names: Sequence[str], series: str) -> list[int]:
    """Return the columns of a daily series; of a feature without its entities, those of each of them.

    What one force does to one target is a part of what it does, and is not counted once more.

    Examples
    --------
    >>> series_columns(["daily_deaths(a)", "daily_deaths(b)", "daily_deaths(a, b)"], "daily_deaths")
    [0, 1]
    """
    exact = [i for i, name in enumerate(names) if name == series]
    return exact or [i for i, name in enumerate(names) if name.startswith(f"{series}(") and "," not in name]


def _columns(batch: Batch, o: Observation) -> list[int]:
    return series_columns(batch.series_names, o.series)


def _span(batch: Batch, record: Record, o: Observation) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return first and last day of the window in each run; -1 where a run has none."""
    if not o.moves_with:
        first = np.full(len(batch), (o.date - batch.scenario.start).days, np.int64)
    else:
        reached = batch.outcome_table[date_column(o.moves_with)]
        offset = (o.date - record.milestones[o.moves_with].date).days
        first = np.where(np.isnan(reached), -1, np.floor(np.nan_to_num(reached)) + offset).astype(np.int64)
        first = np.where(first < int(o.kind in _COUNTED), -1, first)
    return first, np.where(first < 0, -1, first + o.days - 1)


def _taken(daily: Floats, first: NDArray[Any], last: NDArray[Any], whole: bool) -> Floats:
    """Take the mean, or of whole windows the sum, of each run's days from first to last."""
    size = daily.shape[1]
    known = ~np.isnan(daily)
    nothing = np.zeros((len(daily), 1))
    sums = np.concatenate([nothing, np.cumsum(np.where(known, daily, 0.0), axis=1)], axis=1)
    counts = np.concatenate([nothing, np.cumsum(known, axis=1)], axis=1)
    run = np.arange(len(daily))
    low, high = np.clip(first, 0, size), np.clip(last + 1, 0, size)
    total, days = sums[run, high] - sums[run, low], counts[run, high] - counts[run, low]
    if whole:
        return np.where((first >= 0) & (days == last - first + 1), total, np.nan)
    return np.where((first >= 0) & (days > 0), total / np.maximum(days, 1.0), np.nan)
