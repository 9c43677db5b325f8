"""The summary of a sweep as a table: a line a design row, shares and means with their standard errors.

It is made of exact sums (`sim.experiments.sweep.row_summaries`), whether every run was kept or summaries only, so both
give the same numbers to the bit, however the runs fell into chunks. The error of a share is sqrt(p (1 - p) / n).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.wilson_interval import share_error
from sim.experiments.sweep.columns import FAILURE
from sim.experiments.sweep.exact_sums import variance_of
from sim.experiments.sweep.row_summaries import FAILED, NUMBER, RUNS, SHARE, Line, Rows, RowSummaries
from sim.store.canonical import unknown_of, values_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.experiments.definition import Experiment


def summary_frame(experiment: Experiment, summaries: RowSummaries, rows: Rows) -> pd.DataFrame:
    """Return summaries by design row as a table.

    Parameters
    ----------
    experiment : Experiment
        What was swept.
    summaries : RowSummaries
        How.
    rows : dict of int to list of Line
        What came out; rows of which nothing is done have NaN.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``row``: the factors, ``runs`` that are done, ``failed`` among them; then of the others, for each
        outcome, talks, milestone and promise that the sweep's columns say ``share_<measure>`` and
        ``standard_error_<measure>`` (NaN for a single run), and for each number that it keeps ``mean_<output>`` and
        ``standard_error_<output>`` over the runs that have it.
    """
    import pandas as pd

    none = [Line() for _ in summaries.lines]
    lists = [rows.get(row, none) for row in range(experiment.rows)]
    columns: dict[str, Any] = {name: np.asarray(values) for name, values in experiment.points.items()}
    good = np.zeros(experiment.rows)
    for place, (kind, name) in enumerate(summaries.lines):
        lines = [row[place] for row in lists]
        counts = np.array([line.count for line in lines], dtype=np.int64)
        if kind == RUNS:
            columns["runs"] = counts
        elif kind == FAILED:
            columns["failed"] = counts
            good = (columns["runs"] - counts).astype(np.float64)
        elif kind == SHARE:
            with np.errstate(invalid="ignore", divide="ignore"):
                share = np.where(good > 0, counts / good, np.nan)
                columns[f"share_{name}"] = share
                columns[f"standard_error_{name}"] = np.where(good > 1, share_error(share, good), np.nan)
        elif kind == NUMBER:
            columns[f"mean_{name}"] = np.array([mean_of(line) for line in lines])
            errors = np.array([error_of(line) for line in lines])
            columns.setdefault(f"standard_error_{name}", errors)  # of a share that is kept as 1 or 0 it is there
    return pd.DataFrame(columns, index=pd.RangeIndex(experiment.rows, name="row"))


def mean_of(line: Line) -> float:
    """Return the mean of a number, NaN of none."""
    return line.total.over(line.count) if line.count else math.nan


def error_of(line: Line) -> float:
    """Return the standard error of a mean, NaN of fewer than two numbers."""
    return math.sqrt(variance_of(line.count, line.total, line.squares) / line.count) if line.count > 1 else math.nan


def summed(summaries: RowSummaries, first: int, table: pa.Table) -> Rows:
    """Summarise rows of runs, the first of which has the number `first`."""
    row = values_of(table.column("row"))
    return summaries.of_runs(first, row, {n: _read(table.column(n)) for n in table.column_names if n != "row"})


def needed_columns(summaries: RowSummaries) -> list[str]:
    """Return the columns of runs that summaries are made of."""
    read = [name for one in summaries.shares for name in (one.columns if one.name not in summaries.numbers else ())]
    return list(dict.fromkeys(("row", FAILURE, *summaries.numbers, *read)))


def _read(column: Any) -> NDArray[Any]:
    """Return a column as measures read it: text as objects, numbers with NaN where they are unknown."""
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        if column.null_count == len(column):
            return np.full(len(column), None, dtype=object)
        return np.array(column.to_pylist(), dtype=object)
    return np.where(unknown_of(column), np.nan, values_of(column).astype(np.float64))
