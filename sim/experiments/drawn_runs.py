"""Worlds of draws of a scenario's uncertain numbers: some of each draw, on the same luck in all of them or on its own.

On the same luck world w of every draw has replication w, so draws differ by their numbers alone; on luck of its own
world w of draw k of R worlds each has replication k R + w, so the mean over draws is that of as many worlds. To make
scenarios of draws is plain Python and takes about as long as to play them, which is compiled and holds no lock: the
draws of the next part are made while those of the last are played.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.experiments.one_batch import Members, going_together, run_together
from sim.kernel.bound import bound
from sim.kernel.outcome_row import OUTCOME_ROW
from sim.model.world import FAILED
from sim.random.seed import signed_seed
from sim.scenario.scenario import Scenario

OnSeries: TypeAlias = Callable[[NDArray[np.int64], NDArray[np.float64]], None]
KEPT_AT_ONCE: Final = 64
"""Draws whose parameters are held and run together; twice as many are alive."""


def drawn_runs(
    scenario: Scenario,
    draws: Sequence[Mapping[str, Any]],
    worlds: int,
    seed: int,
    *,
    own_luck: bool = False,
    threads: int | None = None,
    on_series: OnSeries | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[NDArray[np.record], int]:
    """Run some worlds of each draw.

    Parameters
    ----------
    scenario : Scenario
        Preferably without provenance, which is quicker.
    draws : sequence of mapping
        The values of each draw by path, as `sim.experiments.uncertain.overrides` returns them.
    worlds : int
        Of each draw.
    seed : int
        The luck.
    own_luck : bool
        Whether each draw has luck of its own.
    threads : int, optional
        All processors if left out; no result depends on it.
    on_series : callable, optional
        Called as ``on_series(places, values)`` with the daily series of the runs at these places.
    progress : callable, optional
        Called as ``progress(done, total)`` in draws.

    Returns
    -------
    rows : ndarray of OUTCOME_ROW, shape (len(draws) * worlds,)
        Ordered by draw; those of a draw that was no scenario are failed runs.
    refused : int
        Draws that were no scenario.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> rows, refused = drawn_runs(toy, [{"actors.state.discount_per_year": d} for d in (0.1, 2.0)], 3, 7)
    >>> rows.shape, refused
    ((6,), 0)
    """
    rows: NDArray[np.record] = np.zeros(len(draws) * worlds, OUTCOME_ROW)
    replications = np.arange(len(rows)) if own_luck else np.tile(np.arange(worlds), len(draws))
    rows["status"], rows["replication"] = FAILED, replications
    refused = 0

    def play(scenarios: Members) -> None:
        for members in going_together(scenarios):
            places = np.concatenate([draw * worlds + np.arange(worlds) for draw, _ in members])
            kept = None if on_series is None else partial(_placed, on_series, places)
            numbers = replications[places].reshape(len(members), worlds)
            played = run_together(members, numbers, signed_seed(seed), threads=threads, on_series=kept)
            rows[places] = played.ravel()

    with ThreadPoolExecutor(1) as player:
        before: Future[None] | None = None
        for first in range(0, len(draws), KEPT_AT_ONCE):
            scenarios: Members = []
            for draw, values in enumerate(draws[first : first + KEPT_AT_ONCE], start=first):
                try:
                    scenarios.append((draw, bound(scenario.replace(values))))
                except ScenarioError:
                    refused += 1
            if before is not None:
                before.result()
                if progress is not None:
                    progress(first, len(draws))
            before = player.submit(play, scenarios)
        if before is not None:
            before.result()
    if progress is not None:
        progress(len(draws), len(draws))
    return rows, refused


def _placed(on_series: OnSeries, places: NDArray[np.int64], first: int, values: NDArray[np.float64]) -> None:
    """Hand on the series of a part of a batch with the places of its runs among all."""
    on_series(places[first : first + len(values)], values)
