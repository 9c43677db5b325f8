"""What a batch keeps of its runs besides their outcomes: daily series, and which moves stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.threads import CHUNK, Progress, run_batch
from sim.errors import UsageError
from sim.kernel.bound import Bound
from sim.random.seed import check_seed, signed_seed
from sim.scenario.feature_reference import nearest

KEPT_VALUES = 1 << 22
"""Daily values that a batch keeps unasked (32 MB); bands of larger batches run their worlds again."""
MOST_KEPT = 1 << 28
"""Daily values that a batch keeps if it is asked to (2 GB)."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What a batch keeps of its runs besides their outcomes.

    Attributes
    ----------
    names : tuple of str
        Of the daily series.
    series : ndarray of float64, shape (runs, days + 1, len(names)), or None
        NaN after a run has ended.
    moves : ndarray of int8, shape (runs, days + 1, actors), or None
        Numbers of the moves that stand; -1 after a run has ended.
    """

    names: tuple[str, ...]
    series: NDArray[np.float64] | None
    moves: NDArray[np.int8] | None

    def of(self, names: Sequence[str]) -> NDArray[np.float64] | None:
        """Return the values of some series, shape (runs, days + 1, len(names)); None if not all are kept."""
        if self.series is None or not set(names) <= set(self.names):
            return None
        if tuple(names) == self.names:
            return self.series
        return self.series[:, :, [self.names.index(name) for name in names]]


def wanted_series(bound: Bound, runs: int, series: Sequence[str] | None, moves: bool) -> tuple[str, ...]:
    """Return which series are kept; raise UsageError if one does not exist, or it is too much."""
    days = bound.days + 1
    if series is None:
        return bound.series if runs * days * len(bound.series) <= KEPT_VALUES else ()
    if isinstance(series, str) or not isinstance(series, Sequence):
        raise UsageError(f"series: found {series!r}, expected a list of names, such as [{bound.series[0]!r}]")
    for name in series:
        if name not in bound.series:
            hint = nearest(str(name), bound.series)
            raise UsageError(f"no series is called {name!r}; there are: {', '.join(bound.series)}. {hint}".rstrip())
    names = tuple(dict.fromkeys(series))
    values = runs * days * (len(names) + (len(bound.names.actors) / 8 if moves else 0))
    if values > MOST_KEPT:
        raise UsageError(
            f"series: found {len(names)} of {runs:,} runs over {days:,} days, which take {8 * values / 1e9:.1f} GB, "
            f"expected at most {8 * MOST_KEPT / 1e9:.1f} GB. Keep fewer, or take bands, which run the worlds again"
        )
    return names


def kept_of(
    bound: Bound,
    seed: int,
    runs: int,
    names: tuple[str, ...],
    moves: bool,
    threads: int | None,
    progress: Progress | None,
    chunk: int = CHUNK,
) -> tuple[NDArray[np.record], Kept]:
    """Run worlds and keep series and moves of them."""
    own, actors = len(bound.series), len(bound.names.actors)
    places = [bound.series.index(name) for name in names]
    series = np.empty((runs, bound.days + 1, len(names))) if names else None
    standing = np.empty((runs, bound.days + 1, actors), np.int8) if moves else None

    def store(first: int, values: NDArray[np.float64]) -> None:
        rows = slice(first, first + len(values))
        if series is not None:
            series[rows] = values[:, :, places]
        if standing is not None:
            standing[rows] = np.nan_to_num(values[:, :, own:], nan=-1.0).astype(np.int8)

    number, replications = signed_seed(check_seed(seed)), np.arange(runs)
    rows = run_batch(
        bound, number, replications, threads=threads, chunk=chunk, progress=progress, on_series=store, moves=moves
    )
    return rows, Kept(names, series, standing)
