"""A batch that grows: a hundred worlds first, more when there is time, those that were run being kept.

Run k is addressed by seed and k alone, so the rows of a batch that grew are those of `sim.replicate`, to the bit. Of
the daily series only those with a panel are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.bands import Bands, over_days, series_bands
from sim.engine.batch import Batch
from sim.engine.threads import run_batch
from sim.kernel.bound import bound
from sim.random.seed import signed_seed

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

PIECE = 16
"""Runs after which a batch asks whether its answer is still wanted."""


class GrowingBatch:
    """Runs of one scenario.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    seed : int
        Its luck.
    series : sequence of str
        Daily series to keep.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> grown = GrowingBatch(toy, 7, ["talks"])
    >>> len(grown.first(5)), grown.first(20).digest == sim.replicate(toy, runs=20, seed=7).digest
    (5, True)
    """

    def __init__(self, scenario: Scenario, seed: int, series: Sequence[str]) -> None:
        self.scenario = scenario
        self.seed = seed
        self._bound = bound(scenario)
        self._series = tuple(series)
        self._columns = [self._bound.series.index(name) for name in self._series]
        self._rows: NDArray[np.record] | None = None
        self._values = np.empty((0, self._bound.days + 1, len(self._columns)))

    @classmethod
    def of(cls, batch: Batch, series: Sequence[str]) -> GrowingBatch:
        """Return a batch of which some daily series are kept too; its worlds are run again for them.

        Parameters
        ----------
        batch : Batch
            That was run.
        series : sequence of str
            Daily series to keep.
        """
        grown = cls(batch.scenario, batch.seed, series)
        grown.first(len(batch))
        return grown

    def first(self, runs: int, still_wanted: Callable[[], None] = lambda: None) -> Batch:
        """Return the first runs, running those that are missing.

        Parameters
        ----------
        runs : int
            How many.
        still_wanted : callable
            Called now and then; what it raises ends the work, and nothing is kept of it.
        """
        there = 0 if self._rows is None else len(self._rows)
        if there < runs:
            values = np.empty((runs - there, self._bound.days + 1, len(self._columns)))

            def store(first: int, found: NDArray[np.float64]) -> None:
                values[first : first + len(found)] = found[:, :, self._columns]

            rows = run_batch(
                self._bound,
                signed_seed(self.seed),
                np.arange(there, runs),
                chunk=PIECE,
                progress=lambda _done, _total: still_wanted(),
                on_series=store,
            )
            self._rows = rows if self._rows is None else np.concatenate([self._rows, rows])
            self._values = np.concatenate([self._values, values])
        assert self._rows is not None
        return Batch(self.scenario, self.seed, self._rows[:runs], None)

    def bands(
        self, series: str, runs: int, days: NDArray[np.int64], mean_days: int, probabilities: tuple[float, ...]
    ) -> Bands:
        """Return the quantiles of a kept series on some days, each run being averaged over `mean_days` first."""
        place = self._series.index(series)
        values = over_days(self._values[:runs, :, place : place + 1], mean_days)[:, days]
        named = replace(self._bound, series=(series,))
        return series_bands(named, signed_seed(self.seed), runs, (0,), probabilities, None, None, values)[0]
