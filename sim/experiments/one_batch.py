"""Scenarios that differ in Params alone, as rows of one batch.

Compiled code reads dated lists and conditions from Tables, everything else from Params. Scenarios with equal Tables
(and the same rules in plain Python) can therefore be played together, each run with the parameters of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engine.threads import Progress, run_batch
from sim.kernel.bound import Bound

Members: TypeAlias = list[tuple[int, Bound]]
"""Scenarios that go together, each with its place among all."""


def going_together(scenarios: Iterable[tuple[int, Bound]]) -> list[Members]:
    """Sort scenarios, each with its place, into those that one batch can play, in order of appearance."""
    groups: dict[tuple[str, tuple[str, ...]], Members] = {}
    for place, scenario in scenarios:
        groups.setdefault((scenario.tables_digest, scenario.interpreted), []).append((place, scenario))
    return list(groups.values())


def run_together(
    members: Members,
    replications: NDArray[np.int64],
    seed: int,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    on_series: Callable[[int, NDArray[np.float64]], None] | None = None,
) -> NDArray[np.record]:
    """Play runs of scenarios that go together.

    Parameters
    ----------
    members : list of (int, Bound)
        As `going_together` returns them.
    replications : ndarray of int64, shape (members, runs)
        The number of each run.
    seed : int
        As int64.
    threads, progress, on_series
        As in `sim.engine.threads.run_batch`.

    Returns
    -------
    ndarray of OUTCOME_ROW, shape (members, runs)
    """
    before = np.cumsum([0, *(len(scenario.params) for _, scenario in members[:-1])])
    which = [
        first + scenario.which(seed, own)
        for first, (_, scenario), own in zip(before, members, replications, strict=True)
    ]
    rows = run_batch(
        members[0][1],
        seed,
        replications.ravel(),
        params=np.concatenate([scenario.params for _, scenario in members]),
        which=np.concatenate(which),
        threads=threads,
        progress=progress,
        on_series=on_series,
    )
    return rows.reshape(replications.shape)
