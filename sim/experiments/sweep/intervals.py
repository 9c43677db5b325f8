"""Sets of run numbers as disjoint half-open intervals: what is done, and what is left to do.

A sweep of a million runs is done in some thousand chunks, so such a set takes memory by the chunk and not by the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Interval = tuple[int, int]


def missing(done: Iterable[Interval], runs: int) -> list[Interval]:
    """Return the runs from 0 to ``runs - 1`` that are in none of the intervals.

    Parameters
    ----------
    done : iterable of (int, int)
        Half-open, in any order; they may overlap.
    runs : int
        How many there are.

    Returns
    -------
    list of (int, int)
        Disjoint, ascending, none empty.

    Examples
    --------
    >>> missing([(4, 6), (0, 2)], 9)
    [(2, 4), (6, 9)]
    """
    gaps: list[Interval] = []
    reached = 0
    for first, last in sorted(done):
        if first > reached:
            gaps.append((reached, min(first, runs)))
        reached = max(reached, last)
        if reached >= runs:
            break
    if reached < runs:
        gaps.append((reached, runs))
    return [(first, last) for first, last in gaps if last > first]


def size(intervals: Iterable[Interval]) -> int:
    """Count the runs of disjoint intervals.

    Examples
    --------
    >>> size([(2, 4), (6, 9)])
    5
    """
    return sum(last - first for first, last in intervals)


def blocks(runs: int, block: int) -> Iterator[Interval]:
    """Cut the runs from 0 to ``runs - 1`` into blocks that begin at multiples of `block`.

    Examples
    --------
    >>> list(blocks(7, 3))
    [(0, 3), (3, 6), (6, 7)]
    """
    for first in range(0, runs, block):
        yield first, min(first + block, runs)
