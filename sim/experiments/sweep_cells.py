r"""Cells of two factors of a sweep: the mean of an output in each, for a heat map.

A cell holds all rows of the design that have its two values. If more factors vary, the mean is over their rows too.
With :math:`m_k` the mean over the rows of the cell under replication k, of which no two share their luck, the mean of
a cell and its standard error are

.. math:: \bar m = \frac{1}{r} \sum_k m_k, \qquad s = \sqrt{\frac{1}{r (r - 1)} \sum_k (m_k - \bar m)^2},

which holds whether rows share their luck or not. Failed runs are left out and counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.experiments.scenario_number import number_at
from sim.experiments.sensitivity.output_runs import outputs_of

if TYPE_CHECKING:
    from sim.experiments.definition import Experiment
    from sim.experiments.factor import Factor
    from sim.experiments.sweep.sweep import Sweep
    from sim.scenario.scenario import Scenario

MOST = 60
"""Values of a factor above which its values are no grid."""


@dataclass(frozen=True, slots=True)
class CellAxis:
    """One factor of a grid.

    Attributes
    ----------
    name : str
        Of the factor.
    paths : tuple of str
        That it sets.
    values : tuple
        That it takes in the design, in order of the unit interval.
    labels : tuple of str
        One for each value.
    own : int or None
        Place of the scenario's own value; None if the grid does not have it.
    is_number : bool
        Whether the values are numbers, so that something lies between two of them.
    """

    name: str
    paths: tuple[str, ...]
    values: tuple[Any, ...]
    labels: tuple[str, ...]
    own: int | None
    is_number: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class SweepCells:
    """Means of an output on two factors.

    Attributes
    ----------
    output : str
        Its name.
    is_share : bool
        Whether means are shares of runs.
    scenario : Scenario
        What was varied.
    title : str
        Of the experiment.
    seed : int
        Of the sweep.
    x, y : CellAxis
        Columns and rows.
    mean, standard_error : ndarray of float64, shape (len(y.values), len(x.values))
        NaN where every run failed, or, for the error, where there is one replication, or where summaries are kept and
        the rows of a cell share their luck.
    runs, failed : ndarray of int64, shape (len(y.values), len(x.values))
        Of each cell.
    averaged : tuple of str
        Factors over whose values the means are.
    """

    output: str
    is_share: bool
    scenario: Scenario
    title: str
    seed: int
    x: CellAxis
    y: CellAxis
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    runs: NDArray[np.int64]
    failed: NDArray[np.int64]
    averaged: tuple[str, ...]


def sweep_cells(sweep: Sweep, output: str, x: str | None = None, y: str | None = None) -> SweepCells:
    """Take the means of an output by two factors.

    Parameters
    ----------
    sweep : Sweep
        Finished; every pair of values of the two factors has rows.
    output : str
        A measure of the scenario: an outcome, ``talks_began``, a milestone, an event by a date, a number.
    x, y : str, optional
        Names of two factors; the only two if the experiment has two.

    Returns
    -------
    SweepCells

    Raises
    ------
    UsageError
        If there are no such factors, they form no grid, the sweep is not finished, or there is no such output.

    Examples
    --------
    >>> import tempfile
    >>> import sim
    >>> from sim.experiments.definition import experiment_from
    >>> experiment = experiment_from(
    ...     {
    ...         "schema_version": 1,
    ...         "title": "Two hazards",
    ...         "scenario": "toys/two_actors",
    ...         "vary": {
    ...             "settle": {"path": "deal.outcomes.settlement.per_day", "range": [0.001, 0.02]},
    ...             "fall": {"path": "deal.outcomes.government_collapse.per_day", "range": [0.001, 0.1]},
    ...         },
    ...         "design": {"grid": {"levels": {"settle": 3, "fall": 2}}},
    ...         "replications": 5,
    ...     }
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cells = sweep_cells(sim.sweep(experiment, folder), "settlement")
    >>> cells.mean.shape, cells.runs.tolist()
    ((2, 3), [[5, 5, 5], [5, 5, 5]])
    """
    experiment = sweep.experiment
    names = [factor.name for factor in experiment.factors]
    across, up = _chosen(names, x, y)
    axes = [_axis(experiment, names.index(name)) for name in (across, up)]
    place = [axis for _, axis in axes]
    shape = len(axes[1][0].values), len(axes[0][0].values)
    rows_in = np.zeros(shape, dtype=np.int64)
    np.add.at(rows_in, (place[1], place[0]), 1)
    if not rows_in.all():
        raise UsageError(
            f"factors {across!r} and {up!r}: found {len(experiment.unit_points):,} rows that leave "
            f"{(rows_in == 0).sum()} of {rows_in.size} pairs of values out, expected rows for every pair. "
            "Sweep a grid: design: {grid: {levels: 5}}"
        )
    output_values = outputs_of(sweep, output)
    mean, error = np.full(shape, np.nan), np.full(shape, np.nan)
    failed = np.zeros(shape, dtype=np.int64)
    for i, j in np.ndindex(shape):
        chosen = (place[1] == i) & (place[0] == j)
        if output_values.counts is not None and output_values.errors is not None:
            counts = output_values.counts[chosen]
            failed[i, j] = chosen.sum() * experiment.replications - counts.sum()
            means, errors = output_values.values[chosen, 0], output_values.errors[chosen]
            mean[i, j], error[i, j] = _of_means(counts, means, errors, output_values.shared_luck)
            continue
        runs = output_values.values[chosen]
        failed[i, j] = np.isnan(runs).sum()
        valid = runs[:, ~np.isnan(runs).all(axis=0)]
        if valid.size:
            by_luck = np.nanmean(valid, axis=0)
            mean[i, j] = np.nanmean(runs)
            error[i, j] = by_luck.std(ddof=1) / math.sqrt(len(by_luck)) if len(by_luck) > 1 else math.nan
    return SweepCells(
        output_values.output,
        output_values.is_share,
        experiment.scenario,
        experiment.title,
        experiment.seed,
        axes[0][0],
        axes[1][0],
        mean,
        error,
        rows_in * experiment.replications,
        failed,
        tuple(name for name in names if name not in (across, up)),
    )


def _of_means(
    counts: NDArray[np.int64], means: NDArray[np.float64], errors: NDArray[np.float64], shared_luck: bool
) -> tuple[float, float]:
    """Return mean and standard error of a cell from those of its rows."""
    some = counts > 0
    if not some.any():
        return math.nan, math.nan
    weights = counts[some] / counts[some].sum()
    mean = float(weights @ means[some])
    if shared_luck and some.sum() > 1:  # how rows that share their luck go together is in no summary
        return mean, math.nan
    return mean, float(np.sqrt(weights**2 @ errors[some] ** 2))


def _chosen(names: list[str], x: str | None, y: str | None) -> tuple[str, str]:
    """Return the names of the two factors."""
    for name in (x, y):
        if name is not None and name not in names:
            raise UsageError(f"factor: found {name!r}, expected one of {', '.join(names)}")
    rest = [name for name in names if name not in (x, y)]
    if len(names) != 2 and (x is None or y is None):
        raise UsageError(f"factors: found {len(names)} ({', '.join(names)}), expected x and y to name two of them")
    across = x if x is not None else rest.pop(0)
    up = y if y is not None else rest.pop(0)
    if across == up:
        raise UsageError(f"factors: found {across!r} twice, expected two different ones")
    return across, up


def _axis(experiment: Experiment, column: int) -> tuple[CellAxis, NDArray[np.intp]]:
    """Return the values of a factor in order, and which of them each row has."""
    factor = experiment.factors[column]
    by_row = experiment.points[factor.name]
    listed = by_row.tolist()
    # in order of the unit interval, which is the order of choices and of rising numbers
    first = {value: experiment.unit_points[k, column] for k, value in reversed(list(enumerate(listed)))}
    values = tuple(sorted(first, key=lambda value: first[value]))
    if not 2 <= len(values) <= MOST:
        raise UsageError(
            f"factor {factor.name!r}: found {len(values):,} different values, expected 2 to {MOST} for the cells "
            "of a heat map. Sweep a grid: design: {grid: {levels: 5}}"
        )
    place = {value: k for k, value in enumerate(values)}
    labels = tuple(_label(factor, value) for value in values)
    own = _own(experiment.scenario, factor, values)
    numbers = not any(isinstance(value, str | bool) for value in values)
    axis = CellAxis(factor.name, tuple(factor.paths), values, labels, own, numbers)
    return axis, np.array([place[value] for value in listed])


def _label(factor: Factor, value: Any) -> str:
    if factor.labels and value in factor.choices:
        return str(factor.labels[factor.choices.index(value)])
    return str(value) if isinstance(value, str | bool) else f"{value:.3g}"


def _own(scenario: Scenario, factor: Factor, values: tuple[Any, ...]) -> int | None:
    """Return the place of the value that the scenario has itself."""
    if factor.base:
        own = 1.0
    else:
        try:
            own = number_at(scenario, factor.paths[0])
        except UsageError:
            return None
    numbers = enumerate(values)
    return next((k for k, v in numbers if not isinstance(v, str | bool) and math.isclose(v, own, rel_tol=1e-9)), None)
