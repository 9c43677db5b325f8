"""One output of a sweep as numbers by row and replication, with what they hang on.

An output is a measure (`sim.experiments.measures`): a number, or what a run has or has not, which is 1 or 0, so that
its mean is a share. It is read off the columns that it follows from, or off its own in a sweep that kept only that. A
run that failed is NaN. A number that is unknown in a run that did not fail, such as the day of talks that never opened,
has no mean over runs, and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.experiments.measures import DAYS_UNTIL, TALKS, Measure, measures_of
from sim.scenario.frozen_dict import FrozenDict

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.sweep.sweep import Sweep


NONE: Final[Mapping[str, Measure]] = FrozenDict()
"""No measures: every output is a column."""


@dataclass(frozen=True, slots=True, eq=False)
class OutputRuns:
    """An output, run by run.

    Attributes
    ----------
    output : str
        Its name.
    values : ndarray of float64, shape (rows, replications)
        NaN where a run failed.
    is_share : bool
        Whether it is 1 or 0, so that means are shares.
    shared_luck : bool
        Whether column k has the same luck (seed and replication) in every row.
    counts, errors : ndarray, shape (rows,), optional
        Where the sweep keeps summaries, so that `values` has one column of means: the runs that each is the mean of,
        and its standard error. None where it is run by run.
    """

    output: str
    values: NDArray[np.float64]
    is_share: bool
    shared_luck: bool
    counts: NDArray[np.int64] | None = None
    errors: NDArray[np.float64] | None = None


def outputs_of(sweep: Sweep, output: str) -> OutputRuns:
    """Take an output from a sweep: run by run, or row by row of one that keeps summaries.

    Parameters
    ----------
    sweep : Sweep
        Finished.
    output : str
        A measure, or a column of numbers.

    Returns
    -------
    OutputRuns

    Raises
    ------
    UsageError
        As `output_runs` does.
    """
    experiment = sweep.experiment
    known = measures_of(experiment.scenario)
    if sweep.keep == "runs":
        frame = sweep.frame(columns_for(output, sweep.columns, known))
        return output_runs(frame, output, experiment.rows, experiment.replications, known)
    if not sweep.complete:
        raise UsageError(_unfinished(sweep.done, experiment.rows, experiment.replications))
    means = sweep.means(output)
    unknown = int((means["runs"] - means["failed"] - means["known"]).sum())
    if unknown:
        raise UsageError(_unknown(output, unknown, sweep.runs, known))
    is_share = output in known and known[output].is_share
    counts, errors = means["known"].to_numpy(np.int64), means["standard_error"].to_numpy(np.float64)
    values = means["mean"].to_numpy(np.float64)[:, None]
    return OutputRuns(output, values, is_share, experiment.common_luck, counts, errors)


def output_runs(
    frame: pd.DataFrame, output: str, rows: int, replications: int, measures: Mapping[str, Measure] = NONE
) -> OutputRuns:
    """Take an output from the frame of a sweep.

    Parameters
    ----------
    frame : DataFrame
        One line a run: ``row`` from 0, ``replication``, ``seed`` if there is one, outcome columns, and ``failure``
        with None or a missing value for runs that did not fail.
    output : str
        A measure, or a column of numbers.
    rows, replications : int
        Of the design.
    measures : mapping of str to Measure
        Of the scenario; none where the columns of the frame are all there is.

    Returns
    -------
    OutputRuns

    Raises
    ------
    UsageError
        If runs are missing, there is no such output, or it is unknown in a run that did not fail.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"row": [0, 0, 1, 1], "replication": [0, 1, 0, 1], "released": [5.0, 7.0, 0.0, None],
    ...                       "outcome": ["settlement", "civil_war", "settlement", None],
    ...                       "failure": [None, None, None, "day 3: x"]})
    >>> output_runs(frame, "released", rows=2, replications=2).values
    array([[ 5.,  7.],
           [ 0., nan]])
    >>> import sim
    >>> from sim.experiments.measures import measures_of
    >>> known = measures_of(sim.load("toys/two_actors"))
    >>> output_runs(frame, "settlement", rows=2, replications=2, measures=known).values
    array([[ 1.,  0.],
           [ 1., nan]])
    """
    if len(frame) != rows * replications or not (np.bincount(frame["row"], minlength=rows) == replications).all():
        raise UsageError(_unfinished(len(frame), rows, replications))
    luck = [name for name in ("seed", "replication") if name in frame.columns]
    ordered = frame.sort_values(["row", *luck], kind="stable")
    shared = True
    for name in luck:
        by_row = ordered[name].to_numpy().reshape(rows, replications)
        shared = shared and bool((by_row == by_row[0]).all())
    failed = ordered["failure"].notna().to_numpy() if "failure" in ordered.columns else np.zeros(len(ordered), bool)
    values, is_share = _values(ordered, output, measures)
    unknown = int((np.isnan(values) & ~failed).sum())
    if unknown:
        raise UsageError(_unknown(output, unknown, len(frame), measures))
    values = np.where(failed, np.nan, values)
    return OutputRuns(output, values.reshape(rows, replications), is_share, shared)


def _unfinished(done: int, rows: int, replications: int) -> str:
    return (
        f"sweep: found {done:,} runs, expected {replications:,} for each of {rows:,} rows. Finish it first: "
        "sim sweep EXPERIMENT --out DIR --resume"
    )


def _unknown(output: str, unknown: int, runs: int, measures: Mapping[str, Measure]) -> str:
    event = TALKS if output == "talks_day" else output.removesuffix("_day")
    known = event in measures and measures[event].is_event
    other = f"{DAYS_UNTIL}{event} or {event}" if known else "a measure or a count"
    return (
        f"output {output!r}: found no value in {unknown:,} of {runs:,} runs that did not fail, expected one "
        f"in each: what never happened has no day, and a mean over the rest would compare different runs. Analyse "
        f"{other} instead"
    )


def columns_for(output: str, columns: Sequence[str], measures: Mapping[str, Measure] = NONE) -> list[str] | None:
    """Return the columns of a sweep that an output needs; None, for all of them, if it has no such output.

    Examples
    --------
    >>> columns_for("deaths", ["run", "row", "replication", "pace", "outcome", "deaths", "failure"])
    ['row', 'replication', 'deaths', 'failure']
    """
    source = _source(output, columns, measures)
    if not source:
        return None
    wanted = ("row", "replication", "seed", *source, "failure")
    return [name for name in columns if name in wanted]


def _values(frame: pd.DataFrame, output: str, measures: Mapping[str, Measure]) -> tuple[NDArray[np.float64], bool]:
    """Return the values of an output line by line, and whether they are 1 or 0, so that means are shares."""
    measure = measures.get(output)
    source = _source(output, list(frame.columns), measures)
    if measure is not None and source == measure.columns:
        table = {name: frame[name].to_numpy() for name in source}
        return measure.values(table).astype(np.float64), measure.is_share
    if source:
        column = frame[output]
        if column.dtype.kind in "fiub":
            is_share = column.dtype.kind == "b" or (measure is not None and measure.is_share)
            return column.to_numpy(dtype=np.float64), is_share
    legal = [name for name in frame.columns if frame[name].dtype.kind in "fiub" and name not in _NO_OUTPUTS]
    legal += [name for name in measures if name not in legal and _source(name, list(frame.columns), measures)]
    near = get_close_matches(output, legal, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise UsageError(f"output: found {output!r}, expected one that the sweep has. {hint}There are: {', '.join(legal)}")


def _source(output: str, columns: Sequence[str], measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """Return the columns that an output is read off: those that a measure follows from, its own, or none."""
    measure = measures.get(output)
    if measure is not None and all(name in columns for name in measure.columns):
        return measure.columns
    return (output,) if output in columns else ()


_NO_OUTPUTS = ("run", "row", "replication", "seed")
