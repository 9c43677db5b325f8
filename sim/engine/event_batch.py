"""Many worlds on worker processes that run the event engine: for rules that only the interpreter can run.

The batch engine's threads would wait for each other at the interpreter's lock. Processes do not; they are forked, so
they know every function that was registered, wherever it was typed. Where the system cannot fork (or only unsafely,
as on macOS), worlds are run one after another in this process. Rows are the same to the bit as those of the batch
engine. A run whose rule raises is a row marked as failed, and the others go on.
"""

from __future__ import annotations

import multiprocessing
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.engine.event import EventEngine, Hook
from sim.errors import RunError, SimError
from sim.kernel.bound import Bound
from sim.kernel.outcome_row import OUTCOME_ROW
from sim.model.columns import COLUMNS
from sim.scenario.catalogue import MAX_ACTORS

WORKERS_ENGINE = "event engine on worker processes"
ALONE_ENGINE = "event engine in one process"

Chunk = tuple[NDArray[np.record], NDArray[np.float64], NDArray[np.float64]]
_inherited: dict[int, tuple[Bound, NDArray[np.record], bool, bool]] = {}


def can_fork() -> bool:
    """Return whether worker processes can inherit the functions of this one."""
    return sys.platform == "linux" and "fork" in multiprocessing.get_all_start_methods()


def engine_name(bound: Bound) -> str:
    """Return in words what runs many worlds of a scenario."""
    if not bound.interpreted:
        return "batch engine"
    return f"{WORKERS_ENGINE if can_fork() else ALONE_ENGINE} ({', '.join(bound.interpreted)} in plain Python)"


def run_events(
    bound: Bound,
    params: NDArray[np.record],
    which: NDArray[np.int64],
    seed: int,
    replications: NDArray[np.int64],
    *,
    processes: int,
    chunk: int,
    progress: Callable[[int, int], None] | None,
    on_series: Callable[[int, NDArray[np.float64]], None] | None,
    ledgers: NDArray[np.float64] | None,
    moves: bool = False,
) -> NDArray[np.record]:
    """Run worlds on the event engine and return their outcome rows.

    Parameters
    ----------
    bound : Bound
        The scenario.
    params : ndarray of PARAMS, shape (p,)
        Bound parameters.
    which, replications : ndarray of int64, shape (n,)
        For each run the row of `params` and its number.
    seed : int
        As int64.
    processes, chunk : int
        How to split the work; no result depends on them.
    progress, on_series : callable or None
        As in `sim.engine.threads.run_batch`; called from this process.
    ledgers : ndarray or None
        As in `sim.engine.threads.run_batch`.
    moves : bool
        Likewise.

    Returns
    -------
    ndarray of OUTCOME_ROW, shape (n,)

    Raises
    ------
    SimError
        If a worker process ends before its worlds do.
    """
    n = len(replications)
    rows: NDArray[np.record] = np.zeros(n, OUTCOME_ROW)
    starts = range(0, n, chunk)
    key = id(rows)
    _inherited[key] = (bound, params, on_series is not None, moves)

    def keep(first: int, result: Chunk) -> None:
        rows[first : first + len(result[0])] = result[0]
        if ledgers is not None:
            ledgers[first : first + len(result[0])] = result[2]
        if on_series is not None:
            on_series(first, result[1])
        if progress is not None:
            progress(min(first + chunk, n), n)

    try:
        if processes == 1 or len(starts) < 2 or not can_fork():
            for first in starts:
                keep(first, _run_chunk(key, which[first : first + chunk], seed, replications[first : first + chunk]))
            return rows
        with _forked(min(processes, len(starts))) as pool:
            _run_forked(pool, key, which, seed, replications, starts, chunk, processes * 2, keep)
    except BrokenProcessPool:
        rules = ", ".join(bound.interpreted)
        raise SimError(
            f"a worker process ended before its worlds did, by memory, by a signal or by the plain Python of {rules}; "
            "threads=1 plays them in this process"
        ) from None
    finally:
        del _inherited[key]
    return rows


def _forked(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork"))


def _run_forked(
    pool: ProcessPoolExecutor,
    key: int,
    which: NDArray[np.int64],
    seed: int,
    replications: NDArray[np.int64],
    starts: range,
    chunk: int,
    window: int,
    keep: Callable[[int, Chunk], None],
) -> None:
    """Run chunks in a bounded window; an error or Ctrl-C cancels what has not started."""
    pending: dict[Future[Chunk], int] = {}
    try:
        for first in starts:
            last = first + chunk
            with warnings.catch_warnings():  # Python 3.12 warns of forking beside threads; ours hold no locks then
                warnings.simplefilter("ignore", DeprecationWarning)
                future = pool.submit(_run_chunk, key, which[first:last], seed, replications[first:last])
            pending[future] = first
            while len(pending) >= window:
                for finished in wait(pending, return_when="FIRST_COMPLETED").done:
                    keep(pending.pop(finished), finished.result())
        for finished in list(pending):
            keep(pending.pop(finished), finished.result())
    finally:
        for future in pending:
            future.cancel()


def _run_chunk(key: int, which: NDArray[np.int64], seed: int, replications: NDArray[np.int64]) -> Chunk:
    """Run a chunk of worlds one after another."""
    bound, params, traced, moves = _inherited[key]
    rows: NDArray[np.record] = np.zeros(len(replications), OUTCOME_ROW)
    days = bound.days + 1 if traced else 0
    own = len(bound.series)
    series = np.full((len(replications), days, own + (len(bound.names.actors) if moves else 0)), np.nan)
    ledgers = np.zeros((len(replications), MAX_ACTORS, COLUMNS))
    for row, replication in enumerate(replications):
        world = replace(bound, params=params[which[row] : which[row] + 1], mixture=None)
        note = _notes_moves(series[row, :, own:]) if traced and moves else None
        engine = EventEngine(world, seed, int(replication), trace=traced, hooks=() if note is None else (note,))
        if note is not None:
            note(engine, 0)
        try:
            engine.run()
        except RunError as error:
            if error.__cause__ is not None and not isinstance(error.__cause__, Exception):
                raise error.__cause__ from None  # Ctrl-C inside a rule
        rows[row] = engine.outcome_row()[0]
        ledgers[row] = engine.ledger
        if traced:
            series[row, :, :own] = engine.series
    return rows, series, ledgers


def _notes_moves(standing: NDArray[np.float64]) -> Hook:
    """Make a hook that writes the moves that stand to the row of the day."""

    def note(engine: EventEngine, _clock: int) -> None:
        day = int(engine.state["tick"][0]) // int(engine.bound.scenario.steps_per_day)
        if day < len(standing):
            standing[day] = engine.state["standing"][0, : standing.shape[1]]

    return note
