"""``sim.sweep``: an experiment from its first run to its last, through kills, failures and full disks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from sim.engine.threads import thread_count
from sim.errors import StoreError, SweepInterrupted, SweepStoppedError, UsageError
from sim.experiments.sweep.chunks import Work
from sim.experiments.sweep.identity import IDENTITY, check_same, identity_of, read_identity
from sim.experiments.sweep.interrupt import interruptible
from sim.experiments.sweep.intervals import missing
from sim.experiments.sweep.kept import kept_in
from sim.experiments.sweep.layout import Layout
from sim.experiments.sweep.output import Output, output
from sim.experiments.sweep.plan import SweepPlan, planned
from sim.experiments.sweep.runner import Ended, Progress, Runner
from sim.experiments.sweep.schedulers import Scheduler
from sim.experiments.sweep.schedulers.local import LocalScheduler
from sim.experiments.sweep.sizing import CHUNK_SECONDS, ChunkSize
from sim.experiments.sweep.sweep import Sweep

if TYPE_CHECKING:
    from sim.experiments.definition import Experiment
    from sim.experiments.definition.experiment import Keep


@overload
def sweep(
    experiment: Experiment | str | Path,
    out: str | Path,
    *,
    resume: bool = ...,
    threads: int | None = ...,
    scheduler: str | None = ...,
    max_failures: int | None = ...,
    progress: Progress | None = ...,
    dry_run: Literal[False] = ...,
    rows: int | None = ...,
    replications: int | None = ...,
    keep: Keep | None = ...,
    command: Sequence[str] = ...,
    chunk_seconds: float = ...,
) -> Sweep: ...


@overload
def sweep(
    experiment: Experiment | str | Path,
    out: str | Path,
    *,
    resume: bool = ...,
    threads: int | None = ...,
    scheduler: str | None = ...,
    max_failures: int | None = ...,
    progress: Progress | None = ...,
    dry_run: Literal[True],
    rows: int | None = ...,
    replications: int | None = ...,
    keep: Keep | None = ...,
    command: Sequence[str] = ...,
    chunk_seconds: float = ...,
) -> SweepPlan: ...


def sweep(
    experiment: Experiment | str | Path,
    out: str | Path,
    *,
    resume: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    max_failures: int | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
    rows: int | None = None,
    replications: int | None = None,
    keep: Keep | None = None,
    command: Sequence[str] = (),
    chunk_seconds: float = CHUNK_SECONDS,
) -> Sweep | SweepPlan:
    """Do every run of an experiment and keep the outcomes in a folder.

    Parameters
    ----------
    experiment : Experiment, str or Path
        Loaded, or the file or name of one.
    out : str or Path
        Folder for the results.
    resume : bool
        Go on with the sweep that is there; with nothing there it begins. It must be the same experiment on the same
        model, else the message says what changed.
    threads : int, optional
        How many chunks at the same time on this computer; all processors by default.
    scheduler : str, optional
        Address of a dask scheduler, such as ``tcp://10.0.0.5:8786``; its workers do the chunks instead.
    max_failures : int, optional
        Stop when so many runs have failed; by default what the experiment says.
    progress : callable, optional
        Called as ``progress(done, runs)`` after every chunk.
    dry_run : bool
        Only say what it would take.
    rows, replications : int, optional
        The experiment in another size (`Experiment.resized`), which makes it another experiment.
    keep : str, optional
        ``runs`` or ``summary`` instead of what the experiment says, which makes it another experiment.
    command : sequence of str
        The command line that asked for it, kept beside the results.
    chunk_seconds : float
        Work of a chunk; decides what a kill can cost, and no result.

    Returns
    -------
    Sweep or SweepPlan
        The results, read back from the folder; the plan if `dry_run`.

    Raises
    ------
    ScenarioError, UsageError
        If the experiment or an argument is wrong.
    StoreError
        If the folder cannot be written to: in use, of something else, begun with something else, disk full.
    SweepStoppedError
        If too many runs failed.
    SweepInterrupted
        At Ctrl-C or SIGTERM, after what was done has been written.
    MissingExtraError
        If `scheduler` is given and dask is not installed.

    Examples
    --------
    >>> import tempfile
    >>> import sim
    >>> from sim.experiments.definition import experiment_from
    >>> experiment = experiment_from(
    ...     {
    ...         "schema_version": 1,
    ...         "title": "Patience",
    ...         "scenario": "toys/two_actors",
    ...         "vary": {"patience": {"path": "actors.state.discount_per_year", "range": [0.05, 0.8]}},
    ...         "design": {"grid": {"levels": 3}},
    ...         "replications": 5,
    ...     }
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = sim.sweep(experiment, folder, threads=1)
    ...     result.complete, result.frame().shape[0], len(result.digest)
    (True, 15, 64)
    """
    folder = Path(out)
    _check(threads, scheduler, max_failures)
    chosen = _loaded(experiment)
    if rows is not None or replications is not None:
        chosen = chosen.resized(rows=rows, replications=replications)
    if keep is not None:
        chosen = chosen.keeping(keep)
    work = Work.of(chosen)
    if dry_run:
        return _plan(work, folder, threads)
    identity = identity_of(work.experiment, work.columns, command)
    allowed = work.experiment.max_failures if max_failures is None else max_failures
    with output(folder, identity, work.experiment.scenario.to_dict(), resume=resume) as sink:
        workers = _scheduler(work, threads, scheduler, sink)
        with workers as entered, interruptible() as interrupt:
            sizes = ChunkSize(chunk_seconds)
            ended = Runner(work, sink, entered, interrupt, allowed, progress, sizes).run()
        failed, done = sink.failed, sink.done
    so_far = f"{done:,} of {work.experiment.runs:,} runs are kept in {folder}"
    if ended is Ended.INTERRUPTED:
        raise SweepInterrupted(f"Interrupted: {so_far}. Go on with the same command and --resume (resume=True).")
    if ended is Ended.TOO_MANY_FAILURES:
        raise SweepStoppedError(
            failed,
            int(allowed or 0),
            f"{failed:,} runs failed, expected fewer than {allowed:,}: the sweep stopped; {so_far}. See why with "
            f"sim.open_sweep({str(folder)!r}).failures; go on with --resume and a higher --max-failures.",
        )
    result = Sweep(folder, verify=False)
    if not result.complete:
        raise StoreError(
            f"{folder}: changed by another process while this one wrote; {result.done:,} of {result.runs:,} runs are "
            "kept. When nobody writes there, go on with --resume (resume=True)."
        )
    return result


def _loaded(experiment: Experiment | str | Path) -> Experiment:
    if isinstance(experiment, str | Path):
        from sim.experiments.definition import load_experiment

        return load_experiment(experiment)
    return experiment


def _check(threads: int | None, scheduler: str | None, max_failures: int | None) -> None:
    thread_count(threads)
    if threads is not None and scheduler is not None:
        raise UsageError("found threads and a scheduler, expected one of them: the cluster decides its threads itself")
    if scheduler is not None and not scheduler.startswith("inproc://") and re.search(r":[0-9]+/?$", scheduler) is None:
        raise UsageError(f"scheduler: found {scheduler!r}, expected an address such as tcp://10.0.0.5:8786")
    if max_failures is not None and (isinstance(max_failures, bool) or max_failures < 1):
        raise UsageError(f"max_failures: found {max_failures!r}, expected a whole number of at least 1")


def _plan(work: Work, folder: Path, threads: int | None) -> SweepPlan:
    """Plan what is left; the folder is only looked at."""
    done = []
    identity = identity_of(work.experiment, work.columns)
    layout = Layout.of(identity)
    if (folder / IDENTITY).is_file():
        check_same(folder, read_identity(folder), identity)
        done = [(entry.first, entry.last) for entry, _ in kept_in(folder, layout)]
    return planned(work, layout, folder, missing(done, work.experiment.runs), thread_count(threads))


def _scheduler(work: Work, threads: int | None, address: str | None, sink: Output) -> AbstractContextManager[Scheduler]:
    if address is None:
        return LocalScheduler(work, threads, sink.lock)
    from sim.experiments.sweep.schedulers.cluster import ClusterScheduler

    return ClusterScheduler(work, address)
