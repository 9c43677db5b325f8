"""Shares and means of measures by design row, with the error of a share, sqrt(p (1 - p) / n), shard by shard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.wilson_interval import share_error
from sim.experiments.measures import Measure, Measures, measures_of
from sim.experiments.sweep.columns import FAILURE
from sim.store.canonical import unknown_of, values_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.experiments.definition import Experiment


def row_summary(experiment: Experiment, outputs: Sequence[str], tables: Iterable[pa.Table]) -> pd.DataFrame:
    """Summarise a sweep by design row.

    Parameters
    ----------
    experiment : Experiment
        What was swept.
    outputs : sequence of str
        The columns that the sweep keeps.
    tables : iterable of pyarrow.Table
        Its runs with their row, their failure and `outputs`, by ascending number; rows of which there is none have NaN.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``row``: the factors, ``runs`` that are done, ``failed`` among them; then of the others, for each
        outcome, talks, milestone and promise whose column the sweep keeps ``share_<measure>`` and
        ``standard_error_<measure>`` (NaN for a single run), and for each number that it keeps ``mean_<output>`` and
        ``standard_error_<output>`` over the runs that have it.
    """
    import pandas as pd

    count = experiment.rows
    numbers = [name for name in outputs if name != "outcome"]
    known = measures_of(experiment.scenario)
    shares = kept_shares(known, outputs)
    done, failed = np.zeros(count, np.int64), np.zeros(count, np.int64)
    had = {measure.name: np.zeros(count, np.int64) for measure in shares}
    sums = {name: _Moments(count) for name in numbers}
    for table in tables:
        row = values_of(table.column("row"))
        touched = slice(int(row[0]), int(row[-1]) + 1)  # rows ascend with runs, so a shard touches few of them
        row -= touched.start
        size = touched.stop - touched.start
        good = unknown_of(table.column(FAILURE))
        done[touched] += np.bincount(row, minlength=size)
        failed[touched] += np.bincount(row[~good], minlength=size)
        needed = {name for measure in shares if measure.name not in outputs for name in measure.columns}
        read = {name: _read(table.column(name)) for name in sorted(needed)}
        for measure in shares:
            own = measure.name in outputs
            had_it = _read(table.column(measure.name)) == 1.0 if own else measure.values(read)
            had[measure.name][touched] += np.bincount(row[had_it & good], minlength=size)
        for name, moments in sums.items():
            column = table.column(name)
            moments.add(touched, row, values_of(column), ~unknown_of(column))
    columns: dict[str, Any] = {name: np.asarray(values) for name, values in experiment.points.items()}
    columns |= {"runs": done, "failed": failed}
    with np.errstate(invalid="ignore", divide="ignore"):
        n = (done - failed).astype(np.float64)
        for name, counted in had.items():
            share = np.where(n > 0, counted / n, np.nan)
            columns[f"share_{name}"] = share
            columns[f"standard_error_{name}"] = np.where(n > 1, share_error(share, n), np.nan)
        for name, moments in sums.items():
            columns[f"mean_{name}"], error = moments.mean_and_error()
            columns.setdefault(f"standard_error_{name}", error)  # of a share that is kept as 1 or 0 it is there
    return pd.DataFrame(columns, index=pd.RangeIndex(count, name="row"))


def kept_shares(known: Measures, outputs: Sequence[str]) -> list[Measure]:
    """Return what runs have or have not, as far as the columns of a sweep say it: by its own or by all it follows from.

    Examples
    --------
    >>> import sim
    >>> known = measures_of(sim.load("toys/two_actors"))
    >>> [measure.name for measure in kept_shares(known, ["settlement", "talks_day", "all_counted by day 90"])]
    ['settlement', 'talks_began', 'all_counted by day 90']
    """
    listed = {measure.name: measure for measure in known.shares}
    named = {name: known[name] for name in outputs if name in known and known[name].is_share}
    return [
        measure
        for measure in (listed | named).values()
        if measure.name in outputs or all(column in outputs for column in measure.columns)
    ]


def _read(column: Any) -> NDArray[Any]:
    """Return a column as measures read it: text as objects, numbers with NaN where they are unknown."""
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return np.array(column.to_pylist(), dtype=object)
    return np.where(unknown_of(column), np.nan, values_of(column).astype(np.float64))


class _Moments:
    """Mean and standard error by row, joined piece by piece (Chan, Golub and LeVeque 1979)."""

    def __init__(self, rows: int) -> None:
        self.count, self.mean, self.square = np.zeros(rows), np.zeros(rows), np.zeros(rows)

    def add(self, touched: slice, row: NDArray[np.int64], values: NDArray[Any], valid: NDArray[np.bool_]) -> None:
        """Add values of some of the rows `touched`, numbered from 0."""
        size = touched.stop - touched.start
        row, values = row[valid], values[valid].astype(np.float64)
        count = np.bincount(row, minlength=size).astype(np.float64)
        mean = np.bincount(row, values, minlength=size) / np.maximum(count, 1.0)
        square = np.bincount(row, (values - mean[row]) ** 2, minlength=size)
        before = self.count[touched]
        total = np.maximum(before + count, 1.0)
        apart = np.where(count > 0, mean - self.mean[touched], 0.0)
        self.square[touched] += square + apart**2 * before * count / total
        self.mean[touched] += apart * count / total
        self.count[touched] += count

    def mean_and_error(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mean and standard error, NaN where too few are known."""
        mean = np.where(self.count > 0, self.mean, np.nan)
        return mean, np.where(self.count > 1, np.sqrt(self.square / (self.count - 1) / self.count), np.nan)
