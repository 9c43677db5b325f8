"""The batch engine: rows of worlds at compiled speed, on threads, in chunks whose size changes no bit.

The kernel releases the interpreter's lock, so plain Python threads scale; each thread has one State, and only outcome
rows are kept. A run is addressed by its seed and its replication alone, so chunks, threads and order leave results
alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import numpy as np
from numpy.typing import NDArray

from sim.engine.event_batch import run_events
from sim.errors import UsageError
from sim.kernel.bound import Bound
from sim.kernel.entry import run_rows
from sim.kernel.outcome_row import OUTCOME_ROW

CHUNK = 64
"""Runs in a chunk: a tenth of a second of work, small enough for progress."""
LONGEST_PIECE = 0.25
"""Seconds that Ctrl-C waits for a thread at most, unless a single run takes longer."""
WINDOW = 4
"""Pieces handed out for each thread."""

Progress = Callable[[int, int], None]


def thread_count(threads: int | None) -> int:
    """Return how many threads to use: those asked for, else all that this process may run on.

    Raises
    ------
    UsageError
        If fewer than one is asked for.
    """
    if threads is None:
        affinity = getattr(os, "sched_getaffinity", None)
        return len(affinity(0)) if affinity else os.cpu_count() or 1
    if threads < 1:
        raise UsageError(f"threads: found {threads}, expected at least 1")
    return threads


def run_batch(
    bound: Bound,
    seed: int,
    replications: NDArray[np.int64],
    *,
    params: NDArray[np.record] | None = None,
    which: NDArray[np.int64] | None = None,
    threads: int | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
    on_series: Callable[[int, NDArray[np.float64]], None] | None = None,
    ledgers: NDArray[np.float64] | None = None,
    moves: bool = False,
) -> NDArray[np.record]:
    """Run worlds and return their outcome rows.

    Parameters
    ----------
    bound : Bound
        The scenario.
    seed : int
        As int64.
    replications : ndarray of int64, shape (n,)
        Numbers of the runs.
    params : ndarray of PARAMS, shape (p,), optional
        Bound parameters to run instead of the scenario's own; they share its Tables.
    which : ndarray of int64, shape (n,), optional
        For each run the row of `params`; if left out 0 for all, or what is drawn where a solution is played.
    threads, chunk : int
        How to split the work; no result depends on them.
    progress : callable, optional
        Called as ``progress(done, total)`` from this thread after chunks are done.
    on_series : callable, optional
        Called as ``on_series(first, values)`` with the daily values, shape (rows, days + 1, series), of each chunk;
        from the worker's thread.
    ledgers : ndarray of float64, shape (n, MAX_ACTORS, COLUMNS), optional
        Zero; filled with what the payoffs of each run are made of (`sim.kernel.ledger`).
    moves : bool
        Whether `on_series` gets, behind the series, a column an actor with the number of the move that stands at the
        end of each day.

    Returns
    -------
    ndarray of OUTCOME_ROW, shape (n,)
        In the order of `replications`.
    """
    if chunk < 1:
        raise UsageError(f"chunk: found {chunk}, expected at least 1")
    n = len(replications)
    rows: NDArray[np.record] = np.zeros(n, OUTCOME_ROW)
    table = bound.params if params is None else params
    numbers = np.ascontiguousarray(replications, np.int64)
    if which is None and params is None:
        which = bound.which(seed, numbers)
    rows_of = np.zeros(n, np.int64) if which is None else np.ascontiguousarray(which, np.int64)
    if bound.interpreted:
        return run_events(
            bound,
            table,
            rows_of,
            seed,
            numbers,
            processes=thread_count(threads),
            chunk=min(chunk, max(n // (4 * thread_count(threads)), 1)),
            progress=progress,
            on_series=on_series,
            ledgers=ledgers,
            moves=moves,
        )
    columns = len(bound.series) + (len(bound.names.actors) if moves else 0)
    days = bound.days + 1 if on_series is not None else 0

    pace = _Pace(chunk)

    def work(first: int, last: int) -> None:
        began = time.perf_counter()
        series = np.full((last - first, days, columns), np.nan)
        ledger = ledgers[first:last] if ledgers is not None else np.zeros((last - first, 0, 0))
        run_rows(table, rows_of[first:last], bound.tables, seed, numbers[first:last], rows[first:last], series, ledger)
        pace.observe(last - first, time.perf_counter() - began)
        if on_series is not None:
            on_series(first, series)

    workers = min(thread_count(threads), max(-(-n // chunk), 1))
    if workers == 1:
        for first, last in pace.pieces(n):
            work(first, last)
            if progress is not None:
                progress(last, n)
        return rows
    _run_threads(work, pace.pieces(n), workers, n, progress)
    return rows


class _Pace:
    """Cuts runs into pieces: one run at first, then as many as take a quarter of a second, up to a chunk.

    A piece is what Ctrl-C waits for. Runs of a millisecond go by the chunk; where each takes seconds, by one.

    Parameters
    ----------
    chunk : int
        Runs of a piece at most.
    """

    def __init__(self, chunk: int) -> None:
        self.chunk = chunk
        self.size = 1

    def observe(self, runs: int, seconds: float) -> None:
        """Correct the size by what a piece took."""
        self.size = max(1, min(self.chunk, int(LONGEST_PIECE * runs / max(seconds, 1e-9))))

    def pieces(self, runs: int) -> Iterator[tuple[int, int]]:
        """Yield first and last (half-open) of piece after piece, each of the size known when it is asked for."""
        first = 0
        while first < runs:
            last = min(first + self.size, runs)
            yield first, last
            first = last


def _run_threads(
    work: Callable[[int, int], None], pieces: Iterator[tuple[int, int]], workers: int, n: int, progress: Progress | None
) -> None:
    """Run pieces on threads in a bounded window; an error or Ctrl-C cancels what has not started."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="sim")
    pending: dict[Future[None], int] = {}
    done = 0
    try:
        for first, last in pieces:
            pending[pool.submit(work, first, last)] = last - first
            while len(pending) >= workers * WINDOW:
                for future in wait(pending, return_when="FIRST_COMPLETED").done:
                    future.result()
                    done += pending.pop(future)
                if progress is not None:
                    progress(done, n)
        for future in pending:
            future.result()
        if progress is not None:
            progress(n, n)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
