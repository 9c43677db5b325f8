r"""Tipping map: how often each outcome comes on a two-way grid of two numbers of a scenario.

Measured are the outcomes, of which every run has one, and whether talks ever began.

Cell (i, j) is the scenario with number x at x_j and number y at y_i; its share of outcome o is

.. math:: \hat P_{ij}(o) = \frac{1}{n} \sum_{k=1}^{n} [\text{run } k \text{ of the cell ends in } o], \qquad
          s_{ij}(o) = \sqrt{\hat P_{ij}(o) (1 - \hat P_{ij}(o)) / n}.

All cells share their luck run by run (common random numbers), so differences between cells are surer than the standard
errors of the cells say. A *tipping line* of an outcome is where its share crosses one half; an outcome is knife-edged
in two numbers where the line passes close to the values that the scenario has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.threads import Progress
from sim.errors import UsageError
from sim.experiments.measures import MEASURES
from sim.experiments.scenario_number import number_at
from sim.experiments.variants import measured, run_variants

FACTORS = tuple(2.0 ** (k / 3.0) for k in range(-3, 4))
"""Seven factors from a half to two, equal steps of a logarithm."""


@dataclass(frozen=True, slots=True)
class GridAxis:
    """One number of a scenario and the values that it takes.

    Attributes
    ----------
    path : str
        Dotted path, as `Scenario.replace` takes it.
    values : tuple of float
        At least two, all different, in rising or falling order.
    """

    path: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        steps = np.diff(np.asarray(self.values, dtype=np.float64))
        if len(self.values) < 2 or not all(math.isfinite(v) for v in self.values):
            raise UsageError(f"values of {self.path!r}: found {self.values}, expected at least two finite numbers")
        if not ((steps > 0).all() or (steps < 0).all()):
            raise UsageError(f"values of {self.path!r}: found {self.values}, expected them in rising or falling order")

    @classmethod
    def around(cls, scenario: Any, path: str, factors: Sequence[float] = FACTORS) -> GridAxis:
        """Return the axis of multiples of the value that a scenario has.

        Parameters
        ----------
        scenario : Scenario
            Where the value stands.
        path : str
            Dotted path of a number that is not 0.
        factors : sequence of float
            Multiples in order.

        Returns
        -------
        GridAxis

        Examples
        --------
        >>> import sim
        >>> scenario = sim.load("doha_2020/baseline")
        >>> GridAxis.around(scenario, "actors.us.discount_per_year", (0.5, 1.0, 2.0)).values
        (0.15, 0.3, 0.6)
        """
        value = number_at(scenario, path)
        return cls(path, tuple(value * factor for factor in factors))


@dataclass(frozen=True, slots=True, eq=False)
class TippingMap:
    """Shares of outcomes on a grid.

    Attributes
    ----------
    scenario : Scenario
        What was varied.
    x, y : GridAxis
        Columns and rows.
    runs : int
        Runs of each cell.
    seed : int
        Of all cells.
    counts : ndarray of int64, shape (len(y), len(x), len(MEASURES))
        Runs of each cell that had each outcome, and in which talks began.
    """

    scenario: Any
    x: GridAxis
    y: GridAxis
    runs: int
    seed: int
    counts: NDArray[np.int64]

    @property
    def failed(self) -> NDArray[np.int64]:
        """Runs of each cell that stopped themselves, shape (len(y), len(x))."""
        failed: NDArray[np.int64] = self.runs - self.counts[:, :, :-1].sum(axis=2)
        return failed

    def share(self, measure: str) -> NDArray[np.float64]:
        """Return the share of a measure, shape (len(y), len(x)); runs that stopped themselves count as runs.

        Raises
        ------
        UsageError
            If there is no such measure.
        """
        if measure not in MEASURES:
            raise UsageError(f"no measure is called {measure!r}; there are: {', '.join(MEASURES)}")
        share: NDArray[np.float64] = self.counts[:, :, MEASURES.index(measure)] / self.runs
        return share

    def standard_error(self, measure: str) -> NDArray[np.float64]:
        """Return the Monte Carlo standard error of `share`, shape (len(y), len(x)), unit 1."""
        p = self.share(measure)
        return np.sqrt(p * (1.0 - p) / self.runs)

    def tips(self, measure: str) -> bool:
        """Say whether the share of a measure crosses one half on the grid, by over two standard errors each way.

        Examples
        --------
        >>> import sim
        >>> scenario = sim.load("toys/two_actors")
        >>> x = GridAxis("deal.outcomes.settlement.per_day", (0.0001, 0.1))
        >>> y = GridAxis("actors.state.discount_per_year", (0.1, 0.2))
        >>> tipping_map(scenario, x, y, runs=100, seed=7).tips("settlement")
        True
        """
        p, error = self.share(measure), self.standard_error(measure)
        return bool((p - 2.0 * error > 0.5).any() and (p + 2.0 * error < 0.5).any())

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON; shares and standard errors as lists of rows."""
        return {
            "scenario": self.scenario.title,
            "scenario_sha256": self.scenario.sha256,
            "seed": self.seed,
            "runs_per_cell": self.runs,
            "x": {"path": self.x.path, "values": list(self.x.values)},
            "y": {"path": self.y.path, "values": list(self.y.values)},
            "failed": self.failed.tolist(),
            "measures": {
                name: {"share": self.share(name).tolist(), "standard_error": self.standard_error(name).tolist()}
                for name in MEASURES
            },
        }

    def _repr_html_(self) -> str:
        head = f"{len(self.y.values)} × {len(self.x.values)} cells of {self.runs:,} runs, seed {self.seed}"
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{100 * share.min():.0f} to {100 * share.max():.0f}</td>"
            f"<td>{100 * self.standard_error(name).max():.1f}</td><td>{'yes' if self.tips(name) else 'no'}</td></tr>"
            for name in MEASURES
            if (share := self.share(name)).any()
        )
        named = "<tr><th>outcome</th><th>share, %</th><th>standard error at most, points</th><th>tips</th></tr>"
        axes = f"across {escape(self.x.path)}, up {escape(self.y.path)}"
        return f"<b>{escape(self.scenario.title)}</b>: {head}; {axes}<table>{named}{rows}</table>"


def tipping_map(
    scenario: Any,
    x: GridAxis,
    y: GridAxis,
    runs: int = 500,
    seed: int = 0,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> TippingMap:
    """Run a two-way grid of a scenario on the batch engine, all cells on the same luck.

    Parameters
    ----------
    scenario : Scenario
        As `sim.load` returns it.
    x, y : GridAxis
        Two numbers of the scenario and their values. Any number that a scenario states can be an axis.
    runs : int
        Runs of each cell.
    seed : int
        In [0, 2**64), the same for all cells.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(done, total)`` with runs of all cells.

    Returns
    -------
    TippingMap

    Raises
    ------
    ScenarioError
        If a path leads nowhere or a cell is no valid scenario; before anything runs.
    UsageError
        If both axes are the same number, or an argument is out of range.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load("toys/two_actors")
    >>> x = GridAxis.around(scenario, "actors.state.payoff.per_year.attacks", (0.5, 2.0))
    >>> y = GridAxis.around(scenario, "actors.rebels.payoff.per_year.holding_fire", (0.5, 1.0, 2.0))
    >>> tipping_map(scenario, x, y, runs=20, seed=7).share("settlement").shape
    (3, 2)
    """
    if x.path == y.path:
        raise UsageError(f"axes: found {x.path!r} twice, expected two different numbers")
    cells = [scenario.replace({x.path: a, y.path: b}) for b in y.values for a in x.values]
    had = measured(run_variants(cells, runs, seed, threads=threads, progress=progress))
    counts = had.sum(axis=1, dtype=np.int64).reshape(len(y.values), len(x.values), len(MEASURES))
    counts.flags.writeable = False
    return TippingMap(scenario, x, y, runs, seed, counts)
