"""The runner: hands out chunks in a bounded window, keeps what comes back, and never holds more than the window.

Whatever ends it (the last run, too many failures, Ctrl-C, a full disk), what came back before is on the disk, in shards
or pending, and the same call with ``resume`` does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from sim.experiments.sweep.chunks import Work, lost_chunk
from sim.experiments.sweep.interrupt import Interrupt
from sim.experiments.sweep.output import Output
from sim.experiments.sweep.remaining import Remaining
from sim.experiments.sweep.schedulers import Scheduler
from sim.experiments.sweep.sizing import ChunkSize

WINDOW = 2
"""Chunks in flight for each that is being done: enough that no worker waits for the disk."""
LOOK_SECONDS = 0.2
SHARES_OF_THE_REST = 2
SMALLEST_SHARE = 8
"""Near the end chunks get smaller, down to an eighth, so that workers end together."""

Progress = Callable[[int, int], None]


class Ended(Enum):
    """Why a runner came to its end."""

    DONE = "done"
    INTERRUPTED = "interrupted"
    TOO_MANY_FAILURES = "too many failures"


@dataclass(slots=True, eq=False)
class Runner:
    """Does what is left of a sweep.

    Attributes
    ----------
    work : Work
        What is swept.
    output : Output
        Where results go.
    scheduler : Scheduler
        Entered.
    interrupt : Interrupt
        Looked at between chunks.
    max_failures : int or None
        So many failed runs end it.
    progress : callable or None
        Called as ``progress(done, runs)`` after each chunk.
    sizes : ChunkSize
        How long chunks are.
    """

    work: Work
    output: Output
    scheduler: Scheduler
    interrupt: Interrupt
    max_failures: int | None
    progress: Progress | None
    sizes: ChunkSize
    _on_trial: bool = field(default=False, init=False)

    def run(self) -> Ended:
        """Do runs until all are done or something ends it.

        Raises
        ------
        StoreError
            If the system refuses to write; what was written before is still there.
        """
        runs = self.work.experiment.runs
        left = Remaining(self.output.left(), self.output.layout.block)
        flying: set[tuple[int, int]] = set()
        failed = self.output.failed
        done = runs - left.runs
        ended = Ended.DONE
        if self.progress is not None:
            self.progress(done, runs)
        while True:
            if ended is Ended.DONE and self._too_many(failed):
                ended = Ended.TOO_MANY_FAILURES
                flying.difference_update(self.scheduler.cancel())
            if ended is Ended.DONE and self.interrupt.asked:
                ended = Ended.INTERRUPTED
                flying.difference_update(self.scheduler.cancel())
            if ended is Ended.DONE:
                self._submit(left, flying)
            if not flying:
                return ended
            alone = len(flying) == 1
            for back in self.scheduler.finished(LOOK_SECONDS):
                chunk = (back.first, back.last)
                flying.discard(chunk)
                result = back.result
                if result is None:
                    if not left.lost(chunk, certain=back.certain or alone):
                        continue
                    result = lost_chunk(self.work, *chunk, back.lost)
                else:
                    self.sizes.observe(result.last - result.first, result.seconds)
                self.output.keep(result)
                failed += result.failed
                done += result.last - result.first
                if self.progress is not None:
                    self.progress(done, runs)

    def _too_many(self, failed: int) -> bool:
        return self.max_failures is not None and failed >= self.max_failures

    def _submit(self, left: Remaining, flying: set[tuple[int, int]]) -> None:
        """Fill the window: lost chunks first, one at a time where workers share their fate; then new ones."""
        slots = self.scheduler.slots
        while len(flying) < (WINDOW * slots if self.sizes.known else slots) and not (flying and self._on_trial):
            self._on_trial = bool(left.suspects) and self.scheduler.shared_fate
            if self._on_trial and flying:
                return
            if left.suspects:
                chunk = left.take_suspect()
            else:
                fair = -(-left.runs // (SHARES_OF_THE_REST * slots))
                chunk = left.take(max(min(self.sizes.runs, fair), self.sizes.runs // SMALLEST_SHARE, 1))
            if chunk is None:
                return
            self.scheduler.submit(*chunk)
            flying.add(chunk)
