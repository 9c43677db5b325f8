"""What is left to do: numbers not yet begun, and chunks whose worker was lost.

A chunk that is lost is tried once more. If it is lost again it is cut in half and so on, until the run that takes its
worker down stands alone; that run is given up and becomes a failed row, and all others are done. Where workers share
their fate (one dead process of a pool takes the others' chunks along) the lost chunks are tried one at a time, so that
the guilty one is found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from sim.experiments.sweep.intervals import Interval, size


class Remaining:
    """Runs that are to be handed out.

    Parameters
    ----------
    intervals : iterable of (int, int)
        Disjoint.
    block : int
        Runs of a shard, over whose end no chunk goes.

    Examples
    --------
    >>> left = Remaining([(0, 5), (8, 9)], block=100)
    >>> left.take(3), left.take(3), left.take(3), left.take(3)
    ((0, 3), (3, 5), (8, 9), None)
    >>> left.lost((0, 3), certain=True), left.lost((0, 3), certain=True), left.take_suspect(), left.take_suspect()
    (False, False, (0, 3), (0, 1))
    """

    def __init__(self, intervals: Iterable[Interval], block: int) -> None:
        self._block = block
        self._fresh = deque(intervals)
        self._suspects: deque[Interval] = deque()
        self._tries: dict[Interval, int] = {}

    @property
    def runs(self) -> int:
        """How many runs have not been handed out, lost ones among them."""
        return size(self._fresh) + size(self._suspects)

    @property
    def suspects(self) -> int:
        """How many lost chunks wait for another try."""
        return len(self._suspects)

    def take(self, runs: int) -> Interval | None:
        """Hand out up to so many runs that were never tried."""
        if not self._fresh:
            return None
        first, last = self._fresh.popleft()
        end = min(last, first + runs, (first // self._block + 1) * self._block)
        if end < last:
            self._fresh.appendleft((end, last))
        return first, end

    def take_suspect(self) -> Interval | None:
        """Hand out a lost chunk."""
        return self._suspects.popleft() if self._suspects else None

    def lost(self, chunk: Interval, *, certain: bool) -> bool:
        """Take back a chunk whose worker was lost.

        Parameters
        ----------
        chunk : (int, int)
            As it was handed out.
        certain : bool
            Whether the chunk itself is to blame.

        Returns
        -------
        bool
            Whether it is given up: one run, lost twice.
        """
        first, last = chunk
        self._tries[chunk] = tries = self._tries.get(chunk, 0) + certain
        if tries < 2:
            self._suspects.append(chunk)
            return False
        del self._tries[chunk]
        if last - first == 1:
            return True
        middle = (first + last) // 2
        for half in ((first, middle), (middle, last)):
            self._tries[half] = 1
            self._suspects.append(half)
        return False
