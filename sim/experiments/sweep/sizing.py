"""How many runs go into a chunk: as many as take three quarters of a second, found by a small first chunk.

A chunk is what a kill can cost and what a shard holds; smaller ones waste time on files, larger ones lose more work.
The first chunks are small (the pilot); each that comes back corrects the size, so that designs whose rows differ in
length keep chunks of 0.5 to 1 s. Sizes decide nothing about results. Only the monotonic clock is read, and only here
and for what is shown: a clock that is set back changes nothing.
"""

from __future__ import annotations

PILOT_RUNS = 16
CHUNK_SECONDS = 0.75
LARGEST_CHUNK = 50_000
"""Rows of a shard at most: some 15 MB of outcomes, so that the window stays small in memory however fast runs are."""
FASTEST_GROWTH = 8


class ChunkSize:
    """The size of the next chunk.

    Parameters
    ----------
    seconds : float
        Work aimed at.
    first : int
        Runs of the pilot.

    Attributes
    ----------
    runs : int
        Size of the next chunk.
    rate : float
        Runs a second and worker, of the last chunk; 0 before the first.

    Examples
    --------
    >>> size = ChunkSize()
    >>> size.observe(runs=16, seconds=0.05)
    >>> size.runs, size.rate
    (128, 320.0)
    >>> size.observe(runs=128, seconds=0.4)
    >>> size.runs
    240
    """

    def __init__(self, seconds: float = CHUNK_SECONDS, first: int = PILOT_RUNS) -> None:
        self.seconds = seconds
        self.runs = first
        self.rate = 0.0

    @property
    def known(self) -> bool:
        """Whether a chunk has come back."""
        return self.rate > 0.0

    def observe(self, runs: int, seconds: float) -> None:
        """Correct the size by what a chunk took on its worker."""
        self.rate = runs / max(seconds, 1e-6)
        wanted = round(self.rate * self.seconds)
        self.runs = max(1, min(wanted, self.runs * FASTEST_GROWTH, LARGEST_CHUNK))
