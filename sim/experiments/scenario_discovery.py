r"""Scenario discovery: the box of factors in which an outcome is likely, found by the patient rule induction method.

A box is a conjunction of limits on a few factors. Of the rows of a sweep, with :math:`y_i` the share of the runs of row
i that have the outcome, a box B has

.. math:: \text{coverage} = \frac{\sum_{i \in B} y_i}{\sum_i y_i}, \qquad
          \text{density} = \frac{1}{|B|} \sum_{i \in B} y_i, \qquad \text{mass} = \frac{|B|}{n}.

The search (`sim.experiments.box_search`) leaves a trajectory of boxes from coverage 1 towards high density; a reader
picks one. The one that is picked here has the largest mass times (density less that of all rows), and no limit that
brings little of it.

A search over many limits finds a dense box in pure noise. So the rows are split at random: the search sees one half,
and each box is measured on the other, which knows nothing of it (the rows of a block of Saltelli's, which share
coordinates, stay together). What a limit is worth is measured there too, by lifting it. Where rows share their luck,
both halves have the same: what luck alone does only more replications tell.

References
----------
Friedman, J. H. and Fisher, N. I. (1999). Bump hunting in high-dimensional data. Statistics and Computing 9, 123-143.

Bryant, B. P. and Lempert, R. J. (2010). Thinking inside the box: a participatory, computer-assisted approach to
scenario discovery. Technological Forecasting and Social Change 77, 34-49.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.wilson_interval import Z
from sim.errors import UsageError
from sim.experiments.box_search import FEWEST_INSIDE, Cuts, Rows, inside_of, simplified, trajectory, worth_of
from sim.experiments.sensitivity.output_runs import outputs_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.factor import Factor
    from sim.experiments.sweep.sweep import Sweep
    from sim.scenario.scenario import Scenario

FEWEST_ROWS: Final = 40
"""Rows of a design below which no box can be searched in one half and measured on the other."""
WARNING: Final = (
    "A box describes the ranges of this sweep in this model; it is no cause, and no forecast. The columns of the other "
    "half are the honest ones: the search has not seen those rows."
)


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a box.

    Attributes
    ----------
    factor : str
        Its name.
    low, high : float
        Ends of what is inside, in the factor's own values; NaN where the range is not cut, and for choices.
    choices : tuple of str
        Of a factor that is no number, those inside; empty for numbers.
    without : float
        Density of the other half if this limit alone is lifted.
    """

    factor: str
    low: float
    high: float
    choices: tuple[str, ...]
    without: float

    def __str__(self) -> str:
        if self.choices:
            return f"{self.factor}: {' or '.join(self.choices)}"
        if math.isnan(self.low):
            return f"{self.factor} at most {self.high:.3g}"
        if math.isnan(self.high):
            return f"{self.factor} at least {self.low:.3g}"
        return f"{self.factor} from {self.low:.3g} to {self.high:.3g}"


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the trajectory.

    Attributes
    ----------
    coverage, density, mass : float
        In the half that was searched.
    held_out_coverage, held_out_density : float
        In the other half; the density is NaN if none of its rows is inside.
    held_out_error : float
        Standard error of that density over rows.
    held_out_rows : int
        Rows of the other half that are inside.
    limits : tuple of Limit
        Those on factors that are cut, the one whose lifting costs most density first.
    """

    coverage: float
    density: float
    mass: float
    held_out_coverage: float
    held_out_density: float
    held_out_error: float
    held_out_rows: int
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Discovery:
    """Boxes in which an outcome is likely.

    Attributes
    ----------
    output : str
        The outcome, or another measure with what it was asked to reach.
    scenario : Scenario
        What was varied.
    title : str
        Of the experiment.
    seed, split_seed : int
        Of the luck of the sweep, and of the split of its rows.
    runs, rows : int
        Of the sweep.
    base, held_out_base : float
        Density over all rows of the half that was searched, and of the other.
    factors : tuple of Factor
        That vary.
    boxes : tuple of Box
        The trajectory, from all rows on.
    chosen : int
        Place of the box with the largest mass times (density less `base`), without limits that bring little of that.
    """

    output: str
    scenario: Scenario
    title: str
    seed: int
    split_seed: int
    runs: int
    rows: int
    base: float
    held_out_base: float
    factors: tuple[Factor, ...]
    boxes: tuple[Box, ...]
    chosen: int

    @property
    def box(self) -> Box:
        """The box that is chosen."""
        return self.boxes[self.chosen]

    @property
    def told(self) -> bool:
        """Whether the chosen box is surely denser, on enough rows that were not searched, than all of these are."""
        box = self.box
        lowest = box.held_out_density - Z * box.held_out_error
        return box.held_out_rows >= FEWEST_INSIDE and bool(lowest > self.held_out_base)

    @property
    def frame(self) -> pd.DataFrame:
        """One line a box: coverage, density and mass, the same of the other half, and its limits in words."""
        import pandas as pd

        names = ("coverage", "density", "mass", "held_out_coverage", "held_out_density", "held_out_error")
        rows = [{name: getattr(box, name) for name in names} | {"limits": _words(box)} for box in self.boxes]
        return pd.DataFrame(rows, index=pd.RangeIndex(len(rows), name="box"))

    def __repr__(self) -> str:
        box = self.box
        if not self.told:
            return f"<no box in which {self.output} is surely likelier, of {self.rows:,} rows>"
        return (
            f"<{self.output}: {100 * box.held_out_density:.0f} % where {_words(box)}, "
            f"{100 * self.held_out_base:.0f} % over all rows; {100 * box.held_out_coverage:.0f} % of its cases lie "
            f"inside. {WARNING}>"
        )


def _words(box: Box) -> str:
    return ", ".join(map(str, box.limits)) or "nothing is cut"


def discover(
    sweep: Sweep,
    output: str,
    *,
    at_least: float | None = None,
    peel: float = 0.05,
    least_mass: float = 0.05,
    split_seed: int = 0,
) -> Discovery:
    """Find the box of factors in which an outcome is likely.

    Parameters
    ----------
    sweep : Sweep
        Finished, with a design that fills its ranges: ``sobol``, ``latin_hypercube``, ``saltelli``, a grid.
    output : str
        What a run has or has not: an outcome, ``talks_began``, a milestone. A number with `at_least`.
    at_least : float, optional
        Of a number: a row counts if its mean over runs is at least this.
    peel : float
        Share of the rows of a box that one step takes off, over 0 and up to 0.5; small is patient.
    least_mass : float
        Share of the rows below which a box is not peeled further.
    split_seed : int
        Of the split into rows to search and rows to measure.

    Returns
    -------
    Discovery

    Raises
    ------
    UsageError
        If the design does not fill its ranges, there are too few rows, no row or every row has the outcome, or the
        output is no share and `at_least` is not given.

    Examples
    --------
    >>> import tempfile
    >>> import sim
    >>> experiment = sim.experiment_from(
    ...     {
    ...         "schema_version": 1,
    ...         "title": "When does it settle?",
    ...         "scenario": "toys/two_actors",
    ...         "vary": {
    ...             "hazard": {"path": "deal.outcomes.settlement.per_day", "range": [0.0005, 0.05]},
    ...             "patience": {"path": "actors.state.discount_per_year", "range": [0.1, 0.3]},
    ...         },
    ...         "design": {"sobol": {"rows": 64}},
    ...         "replications": 5,
    ...     }
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = sim.discover(sim.sweep(experiment, folder), "settlement")
    >>> found.box.limits[0].factor, found.box.density > found.base
    ('hazard', True)
    """
    if not 0.0 < peel <= 0.5:
        raise UsageError(f"peel: found {peel!r}, expected a share over 0 and up to 0.5")
    if not 0.0 < least_mass < 1.0:
        raise UsageError(f"least_mass: found {least_mass!r}, expected a share between 0 and 1")
    experiment = sweep.experiment
    if experiment.design_kind == "morris":
        raise UsageError("design: found Morris's trajectories, expected rows that fill the ranges, such as sobol")
    points = np.asarray(experiment.unit_points, dtype=np.float64)
    runs = outputs_of(sweep, output)
    usable = ~np.isnan(runs.values).all(axis=1)
    points, means = points[usable], np.nanmean(runs.values[usable], axis=1)
    if at_least is not None:
        means, output = (means >= at_least).astype(np.float64), f"mean {output} at least {at_least:g}"
    elif not runs.is_share:
        raise UsageError(f"output: found the number {output!r}, expected what runs have or have not, or at_least=")
    if len(points) < FEWEST_ROWS:
        raise UsageError(f"sweep: found {len(points)} rows, expected at least {FEWEST_ROWS}")
    if not 0.0 < means.mean() < 1.0:
        raise UsageError(f"output {output!r}: found it in {'every' if means.any() else 'no'} run, expected it in some")
    factors = tuple(experiment.factors)
    points = np.column_stack([_ordered(factor, points[:, k]) for k, factor in enumerate(factors)])
    block = np.flatnonzero(usable) // experiment.design.block(factors)
    shuffled = np.random.default_rng(split_seed).permutation(int(block.max()) + 1)
    searched = np.isin(block, shuffled[: (len(shuffled) + 1) // 2])
    first, second = np.flatnonzero(searched), np.flatnonzero(~searched)
    numbers = tuple(factor.is_number for factor in factors)
    kept = trajectory(points[first], means[first], numbers, peel, least_mass)
    best = max(kept, key=lambda cuts: worth_of(points[first], cuts, means[first]))
    simpler = simplified(points[first], best, means[first])
    if simpler not in kept:
        kept.append(simpler)
    boxes = tuple(_box(cuts, points, means, first, second, factors) for cuts in kept)
    return Discovery(
        output=output,
        scenario=experiment.scenario,
        title=experiment.title,
        seed=experiment.seed,
        split_seed=split_seed,
        runs=experiment.runs,
        rows=len(points),
        base=float(means[first].mean()),
        held_out_base=float(means[second].mean()),
        factors=factors,
        boxes=boxes,
        chosen=kept.index(simpler),
    )


def _ordered(factor: Factor, unit: Rows) -> Rows:
    """Return the column of a factor: its place in the unit interval, or the place of its choice."""
    if not factor.choices:
        return unit
    count = len(factor.choices)
    return np.minimum(np.floor(count * unit), count - 1).astype(np.float64)


def _box(
    cuts: Cuts,
    points: Rows,
    share: Rows,
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    factors: tuple[Factor, ...],
) -> Box:
    """Measure a box in both halves."""
    inside, out, there = inside_of(points[first], cuts), inside_of(points[second], cuts), share[second]
    limits = []
    for k, cut in cuts.items():
        lifted = inside_of(points[second], {j: other for j, other in cuts.items() if j != k})
        without = float(there[lifted].mean()) if lifted.any() else math.nan
        labels = () if cut.choices is None else _labels(factors[k], sorted(map(int, cut.choices)))
        low, high = _value(factors[k], cut.low, 1), _value(factors[k], cut.high, -1)
        limits.append(Limit(factors[k].name, low, high, labels, without))
    limits.sort(key=lambda limit: limit.without if not math.isnan(limit.without) else math.inf)
    number, whole = int(out.sum()), float(there.sum())
    return Box(
        coverage=float(share[first][inside].sum() / share[first].sum()),
        density=float(share[first][inside].mean()),
        mass=float(inside.mean()),
        held_out_coverage=float(there[out].sum() / whole) if whole > 0.0 else math.nan,
        held_out_density=float(there[out].mean()) if number else math.nan,
        held_out_error=float(there[out].std(ddof=1) / math.sqrt(number)) if number > 1 else math.nan,
        held_out_rows=number,
        limits=tuple(limits),
    )


def _value(factor: Factor, cut: float, towards: int) -> float:
    """Return the value of a factor where it is cut, NaN if it is not; of numbers to choose from, the nearest inside."""
    if math.isinf(cut):
        return math.nan
    if factor.choices:
        return float(factor.choices[math.ceil(cut) if towards > 0 else math.floor(cut)])
    return float(factor.value_at(cut))


def _labels(factor: Factor, places: list[int]) -> tuple[str, ...]:
    named: Any = factor.labels or factor.choices
    return tuple(str(named[place]) for place in places)
