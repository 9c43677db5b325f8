"""A chunk: some runs with successive numbers, done on one worker from their addresses alone.

Workers are threads of this process, processes of this computer, or those of a cluster; they do the same with the same
numbers, so what comes out is the same to the bit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.engine.outcome_frame import outcome_columns
from sim.engine.threads import run_batch
from sim.experiments.measures import measures_of
from sim.experiments.sweep.columns import FAILURE, Columns, columns_of
from sim.experiments.sweep.failures import one_line, tried_again
from sim.experiments.sweep.protocol import SweptExperiment
from sim.experiments.sweep.row_summaries import RowSummaries, row_summaries
from sim.kernel.bound import Bound, bound
from sim.model.world import FAILED
from sim.random.seed import signed_seed


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker must know: the experiment, and the columns of its results.

    Attributes
    ----------
    experiment : SweptExperiment
        What is swept.
    columns : Columns
        What is worked out of each run.
    summaries : RowSummaries or None
        How runs are summarised; None where every run is kept.
    """

    experiment: SweptExperiment
    columns: Columns
    summaries: RowSummaries | None = None

    @classmethod
    def of(cls, experiment: SweptExperiment) -> Work:
        """Prepare the work of an experiment."""
        columns = columns_of(experiment)
        summaries = row_summaries(experiment.scenario, columns.outputs) if experiment.keep == "summary" else None
        return cls(experiment, columns, summaries)


@dataclass(frozen=True, slots=True, eq=False)
class ChunkResult:
    """What came out of a chunk.

    Attributes
    ----------
    first, last : int
        Its runs are ``first`` to ``last - 1``.
    table : pyarrow.Table
        One row a run, ascending, with the columns of `sim.experiments.sweep.columns`; or the summaries of these runs,
        as `sim.experiments.sweep.row_summaries` has them.
    failed : int
        Runs that have a failure.
    seconds : float
        What it took on its worker.
    """

    first: int
    last: int
    table: pa.Table
    failed: int
    seconds: float


def run_chunk(work: Work, first: int, last: int) -> ChunkResult:
    """Do the runs ``first`` to ``last - 1``.

    Parameters
    ----------
    work : Work
        What is swept.
    first, last : int
        Half-open, within the experiment.

    Returns
    -------
    ChunkResult
        Rows of runs that failed say why.
    """
    began = time.perf_counter()
    experiment, replications = work.experiment, work.experiment.replications
    parts = []
    for row in range(first // replications, (last - 1) // replications + 1):
        interval = max(first, row * replications), min(last, (row + 1) * replications)
        parts.append(_row_part(work, row, *interval))
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _result(work, experiment, first, last, joined, began)


def lost_chunk(work: Work, first: int, last: int, reason: str) -> ChunkResult:
    """Return the rows of runs whose worker was lost each time they were tried."""
    began = time.perf_counter()
    return _result(work, work.experiment, first, last, _failed_part(work.columns, last - first, reason), began)


def _result(
    work: Work, experiment: SweptExperiment, first: int, last: int, outcome: dict[str, NDArray[Any]], began: float
) -> ChunkResult:
    failed = int(sum(reason is not None for reason in outcome[FAILURE]))
    if work.summaries is not None:
        summed = work.summaries.of_runs(first, experiment.addresses(first, last)[0], outcome)
        return ChunkResult(first, last, work.summaries.table(summed), failed, time.perf_counter() - began)
    row, replication = experiment.addresses(first, last)
    values: dict[str, NDArray[Any]] = {
        "run": np.arange(first, last, dtype=np.int64),
        "row": row,
        "replication": replication,
        **{name: np.asarray(experiment.points[name])[row] for name in work.columns.factors},
        **outcome,
    }
    seeds = np.full(last - first, experiment.seed, dtype=np.uint64)
    table = work.columns.table(values, seeds)
    return ChunkResult(first, last, table, failed, time.perf_counter() - began)


def _row_part(work: Work, row: int, first: int, last: int) -> dict[str, NDArray[Any]]:
    """Return the outcomes of some runs of one design row."""
    try:
        encoded = bound(work.experiment.scenario_at(row))
    except Exception as error:
        return _failed_part(work.columns, last - first, f"row {row}: {one_line(error)}")
    numbers = work.experiment.addresses(first, last)[1]
    return _outcomes(work.columns, encoded, signed_seed(work.experiment.seed), numbers)


def _outcomes(columns: Columns, encoded: Bound, seed: int, numbers: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    rows = run_batch(encoded, seed, numbers, threads=1, chunk=len(numbers))
    reasons = tried_again(encoded, seed, numbers, rows)
    table = outcome_columns(rows, encoded)
    strange = sorted({*table} ^ {*columns.available, "replication", FAILURE})
    if strange:
        problem = f"its scenario has not the outcomes of the experiment's scenario: they differ in {', '.join(strange)}"
        return _failed_part(columns, len(numbers), one_line(problem))
    reason = columns.unknown(FAILURE, len(numbers))
    for place, text in reasons.items():
        reason[place] = text
    known = measures_of(encoded.scenario)
    outputs = {name: table[name] for name in columns.outputs if name in table}
    for name in columns.outputs:
        if name not in table:
            outputs[name] = np.where(rows["status"] == FAILED, np.nan, known[name].values(table).astype(np.float64))
    return {**outputs, FAILURE: reason}


def _failed_part(columns: Columns, runs: int, reason: str) -> dict[str, NDArray[Any]]:
    part = {name: columns.unknown(name, runs) for name in columns.outputs}
    return {**part, FAILURE: np.full(runs, reason, dtype=object)}
