"""What a sweep would take: runs, chunks, time and disk, measured by a few runs that are thrown away."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sim.experiments.sweep.chunks import Work, run_chunk
from sim.experiments.sweep.intervals import Interval, size
from sim.experiments.sweep.layout import Layout
from sim.experiments.sweep.shards import shard_bytes
from sim.experiments.sweep.sizing import CHUNK_SECONDS, LARGEST_CHUNK
from sim.notebook_table import NotebookTable

PILOT_ROWS = 8
PILOT_RUNS = 32
PILOT_RUNS_OF_SUMMARIES = 256
"""So many that a row's histograms have most of their bins."""
PILOT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class SweepPlan(NotebookTable):
    """What ``sim sweep --dry-run`` says.

    Attributes
    ----------
    title : str
        Of the experiment.
    rows, replications, runs : int
        ``runs = rows * replications``.
    left : int
        Runs that are not done yet.
    chunks : int
        Into how many chunks they would fall.
    slots : int
        Chunks done at the same time.
    seconds_per_run : float
        On one worker, of the pilot.
    seconds : float
        Estimated for what is left.
    bytes : int
        Estimated for all shards.
    files : int
        Shards.
    keep : str
        Whether every run is kept or a summary of each row.
    folder : Path
        Where they would go.
    """

    title: str
    rows: int
    replications: int
    runs: int
    left: int
    chunks: int
    slots: int
    seconds_per_run: float
    seconds: float
    bytes: int
    files: int
    keep: str
    folder: Path


def planned(work: Work, layout: Layout, folder: Path, left: list[Interval], slots: int) -> SweepPlan:
    """Try a few runs of rows spread over the design and say what all would take.

    Parameters
    ----------
    work : Work
        What would be swept.
    layout : Layout
        Of the files.
    folder : Path
        Where to.
    left : list of (int, int)
        Runs that are not done yet.
    slots : int
        Chunks done at the same time.
    """
    experiment = work.experiment
    chosen = np.unique(np.linspace(0, experiment.rows - 1, PILOT_ROWS).astype(np.int64))
    each = min(experiment.replications, PILOT_RUNS_OF_SUMMARIES if layout.joins else PILOT_RUNS)
    run_chunk(work, 0, 1)  # compiles, and so is not timed
    tried: list[Any] = []
    began = time.perf_counter()
    for row in chosen:
        first = int(row) * experiment.replications
        tried.append(run_chunk(work, first, first + each).table)
        if time.perf_counter() - began > PILOT_SECONDS:
            break
    per_run = (time.perf_counter() - began) / (each * len(tried))
    table = pa.concat_tables(tried)
    cut = len(table) // len(tried) * (len(tried) // 2)
    whole, half = len(shard_bytes(table)), len(shard_bytes(table.slice(0, cut)))
    line_bytes = (whole - half) / (len(table) - cut)
    file_bytes = max(whole - line_bytes * len(table), 0.0)
    lines = experiment.rows * len(layout.lines) if layout.lines is not None else experiment.runs
    runs = size(left)
    chunk = max(1, min(round(CHUNK_SECONDS / per_run), LARGEST_CHUNK))
    chunks = -(-runs // chunk)
    files = -(-experiment.runs // layout.block)
    return SweepPlan(
        title=experiment.title,
        rows=experiment.rows,
        replications=experiment.replications,
        runs=experiment.runs,
        left=runs,
        chunks=chunks,
        slots=slots,
        seconds_per_run=per_run,
        seconds=runs * per_run / slots,
        bytes=round(lines * line_bytes + files * file_bytes),
        files=files,
        keep=experiment.keep,
        folder=folder,
    )
