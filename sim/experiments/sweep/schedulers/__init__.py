"""Where chunks are done: threads or processes of this computer, or the workers of a cluster; one small protocol."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from sim.experiments.sweep.chunks import ChunkResult


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """A chunk that came back.

    Attributes
    ----------
    first, last : int
        As it was submitted.
    result : ChunkResult or None
        What came out; None if its worker was lost.
    lost : str
        Why, in words that name no process and no time; empty if it was not.
    certain : bool
        Whether the chunk itself is to blame, and not perhaps another that was done beside it.
    """

    first: int
    last: int
    result: ChunkResult | None
    lost: str = ""
    certain: bool = True


class Scheduler(Protocol):
    """Does chunks; entered before the first, left after the last.

    Attributes
    ----------
    slots : int
        Chunks that are done at the same time.
    shared_fate : bool
        Whether a lost worker takes the chunks of others along.
    name : str
        For messages, such as ``2 threads``.
    """

    @property
    def slots(self) -> int:
        """How many chunks are done at the same time."""

    @property
    def shared_fate(self) -> bool:
        """Whether a lost worker takes the chunks of others along."""

    @property
    def name(self) -> str:
        """What it is, in words."""

    def submit(self, first: int, last: int) -> None:
        """Have the runs ``first`` to ``last - 1`` done."""

    def finished(self, seconds: float) -> list[Finished]:
        """Return chunks that came back, after waiting at most so long for the first."""

    def cancel(self) -> list[tuple[int, int]]:
        """Take back chunks that were not begun and return them."""

    def __enter__(self) -> Scheduler:
        """Get ready."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the workers go."""
