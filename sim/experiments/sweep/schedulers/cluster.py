"""Chunks on the workers of a dask cluster: the same chunks, the same bounded window, the same rows to the bit.

Every worker must have this package in the same version with the same sources of all that decides rows, the same user
rules, Python, NumPy, SciPy, Numba, llvmlite and kind of machine as the computer that asks. That is compared at
connect, and a cluster with a worker that differs is refused, the worker named. A worker that joins later is compared
before its first chunk; if it differs, the sweep stops with what is done and can be resumed.

A chunk whose worker dies is done again by dask on another; one that was there when several died comes back as lost, and
is tried alone.
The experiment goes to each worker once, as a worker plugin, which dask also gives to workers that join or restart.
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import queue
import time
from concurrent.futures import CancelledError
from types import TracebackType
from typing import Any

from sim.errors import MissingExtraError, UsageError
from sim.experiments.sweep.chunks import ChunkResult, Work, run_chunk
from sim.experiments.sweep.failures import one_line
from sim.experiments.sweep.identity import first_of, rules_of, sources_here, versions_here
from sim.experiments.sweep.schedulers import Finished

try:
    import distributed
except ImportError:
    raise MissingExtraError("distributed", "cluster", "a sweep on a cluster") from None

CONNECT_SECONDS = 20
RECOUNT_SECONDS = 10.0
PLUGIN = "negotiation-sim sweep "
UNREADABLE = "the experiment"
Facts = dict[str, str]
_LOG = logging.getLogger("distributed.client")


def facts_of(work: Work) -> Facts:
    """Return what must be equal on all computers that share a sweep, by what it is."""
    own = rules_of(work.experiment)
    rules = {f"rule {name}": digest for name, digest in own.items()}
    sources = {f"source: sim/{name}": digest for name, digest in sources_here().items()}
    return {**versions_here(own), **rules, **sources}


def differences(wanted: Facts, found: Facts) -> list[str]:
    """Say in which facts a worker differs.

    Examples
    --------
    >>> differences({"numpy": "2.4", "python": "3.11"}, {"numpy": "2.3", "python": "3.11"})
    ['numpy: 2.3 instead of 2.4']
    """
    if UNREADABLE in found:
        return [f"{UNREADABLE} cannot be read there: {found[UNREADABLE]}"]
    return first_of(
        [
            f"{name}: {found.get(name, 'none')[:40]} instead of {wanted.get(name, 'none')[:40]}"
            for name in sorted({*wanted, *found})
            if found.get(name) != wanted.get(name)
        ]
    )


class SweepOnWorker(distributed.WorkerPlugin):
    """What a worker keeps of a sweep.

    Parameters
    ----------
    digest : str
        Of the experiment; names the plugin.
    content : bytes
        The pickled `Work`.
    """

    def __init__(self, digest: str, content: bytes) -> None:
        self.name = PLUGIN + digest
        self.content = content
        self.work: Work | None = None
        self.facts: Facts = {}

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - dask names it
        """Read the experiment and gather the facts of this worker; never fail, but keep why."""
        try:
            self.work = pickle.loads(self.content)
            self.facts = facts_of(self.work)
        except Exception as error:
            self.facts = {UNREADABLE: one_line(error)}


def facts_on_worker(digest: str, dask_worker: Any) -> Facts:
    """Return the facts of the worker that this runs on."""
    plugin: Any = dask_worker.plugins[PLUGIN + digest]
    facts: Facts = plugin.facts
    return facts


def chunk_on_worker(digest: str, wanted: Facts, first: int, last: int) -> ChunkResult | list[str]:
    """Do a chunk on the worker that this runs on, or say how the worker differs from what is wanted."""
    worker = distributed.get_worker()
    plugin: Any = worker.plugins[PLUGIN + digest]
    differing = differences(wanted, plugin.facts)
    if differing:
        return [_named(worker.address, differing)]
    return run_chunk(plugin.work, first, last)


def _client(address: str) -> Any:
    connect: Any = distributed.Client
    return connect(address, timeout=CONNECT_SECONDS, set_as_default=False)


def _named(address: str, differing: list[str]) -> str:
    return f"worker {address}: {'; '.join(differing)}"


class ClusterScheduler:
    """Does chunks on a dask cluster.

    Parameters
    ----------
    work : Work
        What is swept.
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    """

    shared_fate = True

    def __init__(self, work: Work, address: str) -> None:
        self._work = work
        self._address = address
        self._digest = work.experiment.digest
        self._facts = facts_of(work)
        self._client: Any = None
        self._futures: dict[tuple[int, int], Any] = {}
        self._done: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()
        self._counted = 0.0
        self.slots = 1

    @property
    def name(self) -> str:
        """What it is, in words."""
        return f"{self.slots} threads of the cluster at {self._address}"

    def __enter__(self) -> ClusterScheduler:
        """Connect, hand out the experiment, and compare every worker.

        Raises
        ------
        UsageError
            If there is no scheduler, it has no worker, or a worker differs.
        """
        self._level = _LOG.level
        _LOG.setLevel(logging.CRITICAL)  # what matters of its news comes as an error of this package
        try:
            self._client = _client(self._address)
        except (OSError, ValueError, TypeError) as error:
            _LOG.setLevel(self._level)
            raise UsageError(
                f"scheduler {self._address}: not reached ({one_line(error)}), expected a dask scheduler. "
                "Start one with  dask scheduler  and its workers with  dask worker ADDRESS"
            ) from None
        try:
            self._compare()
        except BaseException:
            self._close()
            raise
        return self

    def _compare(self) -> None:
        if not self._client.nthreads():
            raise UsageError(
                f"scheduler {self._address}: found no worker, expected at least one. "
                f"Start some with  dask worker {self._address}"
            )
        self._client.register_plugin(SweepOnWorker(self._digest, pickle.dumps(self._work)))
        found = self._client.run(facts_on_worker, self._digest)
        named = {address: differences(self._facts, facts) for address, facts in sorted(found.items())}
        self._refuse([_named(address, differing) for address, differing in named.items() if differing])
        self._count()

    def _refuse(self, workers: list[str]) -> None:
        if workers:
            lines = "\n".join(f"  {worker}" for worker in workers)
            raise UsageError(
                f"scheduler {self._address}: found workers that differ from this computer, expected the same "
                f"on all, so that rows are equal to the bit:\n{lines}\n"
                "Install the same version there, or take them off the cluster."
            )

    def _count(self) -> None:
        self.slots = max(sum(self._client.nthreads().values()), 1)
        self._counted = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take back what is not done and leave; scheduler and workers stay."""
        with contextlib.suppress(OSError, TimeoutError):
            self._client.cancel(list(self._futures.values()))
            self._client.unregister_worker_plugin(PLUGIN + self._digest)
        self._close()

    def _close(self) -> None:
        self._client.close()
        _LOG.setLevel(self._level)

    def submit(self, first: int, last: int) -> None:
        """Have the runs ``first`` to ``last - 1`` done."""
        key = (first, last)
        future = self._client.submit(chunk_on_worker, self._digest, self._facts, first, last, pure=False)
        self._futures[key] = future
        future.add_done_callback(lambda _: self._done.put(key))

    def finished(self, seconds: float) -> list[Finished]:
        """Return chunks that came back, after waiting at most so long for the first.

        Raises
        ------
        UsageError
            If the scheduler is gone, or a worker that joined differs.
        """
        keys = []
        with contextlib.suppress(queue.Empty):
            keys.append(self._done.get(timeout=seconds))
            while True:
                keys.append(self._done.get_nowait())
        if self._client.status != "running":
            raise self._gone("the connection is lost")
        try:
            if time.monotonic() - self._counted > RECOUNT_SECONDS:
                self._count()
            return [self._finished(key, self._futures.pop(key)) for key in keys if key in self._futures]
        except (OSError, CancelledError) as error:
            raise self._gone(f"the connection is lost ({one_line(error)})") from None

    def _gone(self, found: str) -> UsageError:
        return UsageError(
            f"scheduler {self._address}: {found}, expected it to last. What is done is kept: start the cluster again "
            "and go on with --resume (resume=True)."
        )

    def cancel(self) -> list[tuple[int, int]]:
        """Take back nothing: chunks take a second, and dask does not say which were begun."""
        return []

    def _finished(self, key: tuple[int, int], future: Any) -> Finished:
        if future.status == "cancelled":
            raise self._gone(f"it dropped the runs {key[0]} to {key[1] - 1}")
        if future.status == "error":
            error = future.exception()
            if isinstance(error, distributed.KilledWorker):  # dask blames every chunk that waited on a worker that died
                return Finished(*key, None, "its worker process ended before the run did", certain=False)
            return Finished(*key, None, one_line(error))
        result = future.result()
        if not isinstance(result, ChunkResult):
            self._refuse(result)
        return Finished(*key, result)
