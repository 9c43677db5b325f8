"""Chunks on the processors of this computer: threads for compiled rules, processes for rules in plain Python.

Compiled worlds run without the interpreter's lock, so threads scale. Rules that only the interpreter can run would wait
for each other at that lock, and may end their process; they get forked processes, which know every function that was
registered. A process that dies takes its pool along: the pool is made anew, and its chunks are reported as lost.

A forked process closes the descriptor of the sweep's lock, leaves Ctrl-C to its parent, and ends when that is gone.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
import time
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any

import numpy as np

from sim.engine.event_batch import can_fork
from sim.engine.threads import run_batch, thread_count
from sim.experiments.sweep.chunks import ChunkResult, Work, run_chunk
from sim.experiments.sweep.failures import one_line
from sim.experiments.sweep.schedulers import Finished
from sim.kernel.bound import bound
from sim.random.seed import signed_seed
from sim.rules.registry import REGISTERED

WATCH_SECONDS = 1.0
_inherited: list[Work] = []


class LocalScheduler:
    """Does chunks on this computer.

    Parameters
    ----------
    work : Work
        What is swept.
    threads : int, optional
        How many chunks at the same time; all processors by default.
    lock : int
        Descriptor that forked processes close.
    """

    def __init__(self, work: Work, threads: int | None, lock: int) -> None:
        self.slots = thread_count(threads)
        self.shared_fate = needs_processes(work)
        self._work = work
        self._lock = lock
        self._pool: Executor | None = None
        self._futures: dict[tuple[int, int], tuple[Future[ChunkResult], Executor]] = {}
        self._done: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()

    @property
    def name(self) -> str:
        """What it is, in words."""
        kind = "process" if self.shared_fate else "thread"
        return f"{self.slots} {kind}{'' if self.slots == 1 else 'es' if self.shared_fate else 's'}"

    def __enter__(self) -> LocalScheduler:
        """Compile here, once, before workers need it."""
        if not self.shared_fate:
            experiment = self._work.experiment
            run_batch(bound(experiment.scenario), signed_seed(experiment.seed), np.zeros(1, np.int64), threads=1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the workers go once they are through with what they do."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, first: int, last: int) -> None:
        """Have the runs ``first`` to ``last - 1`` done."""
        key = (first, last)
        with warnings.catch_warnings():  # Python 3.12 warns of forking beside threads; ours hold no locks then
            warnings.simplefilter("ignore", DeprecationWarning)
            try:
                future = self._executor().submit(*self._call(first, last))
            except BrokenProcessPool:  # it broke since the last chunk came back
                self._pool = None
                future = self._executor().submit(*self._call(first, last))
        self._futures[key] = future, self._executor()
        future.add_done_callback(lambda _: self._done.put(key))

    def finished(self, seconds: float) -> list[Finished]:
        """Return chunks that came back, after waiting at most so long for the first."""
        keys = []
        with contextlib.suppress(queue.Empty):
            keys.append(self._done.get(timeout=seconds))
            while True:
                keys.append(self._done.get_nowait())
        return [self._finished(key, *self._futures.pop(key)) for key in keys if key in self._futures]

    def cancel(self) -> list[tuple[int, int]]:
        """Take back chunks that were not begun and return them."""
        back = [key for key, (future, _) in self._futures.items() if future.cancel()]
        for key in back:
            del self._futures[key]
        return back

    def _finished(self, key: tuple[int, int], future: Future[ChunkResult], pool: Executor) -> Finished:
        error = future.exception()
        if error is None:
            return Finished(*key, future.result())
        if isinstance(error, BrokenProcessPool):
            if self._pool is pool:
                self._pool = None
            return Finished(*key, None, "its worker process ended before the run did", certain=False)
        if not isinstance(error, Exception):
            raise error
        return Finished(*key, None, one_line(error))

    def _call(self, first: int, last: int) -> tuple[Any, ...]:
        return (_run_inherited, first, last) if self.shared_fate else (run_chunk, self._work, first, last)

    def _executor(self) -> Executor:
        if self._pool is None:
            if self.shared_fate:
                context = multiprocessing.get_context("fork")
                arguments = (self._work, self._lock, os.getpid())
                self._pool = ProcessPoolExecutor(self.slots, context, _begin_process, arguments)
            else:
                self._pool = ThreadPoolExecutor(self.slots, thread_name_prefix="sweep")
        return self._pool


def needs_processes(work: Work) -> bool:
    """Return whether some rule of a sweep may run in the interpreter, here where processes can be forked."""
    if not can_fork():
        return False
    if bound(work.experiment.scenario).interpreted:
        return True
    own = {name for _, name in REGISTERED}
    return any(
        bool(own.intersection(map(str, set(values.tolist()))))
        for values in work.experiment.points.values()
        if values.dtype.kind in "OU"
    )


def _begin_process(work: Work, lock: int, parent: int) -> None:
    """Settle in as a forked worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        os.close(lock)
    _inherited[:] = [work]
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, which a killed parent cannot ask for."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


def _run_inherited(first: int, last: int) -> ChunkResult:
    return run_chunk(_inherited[0], first, last)
