r"""Tipping points: where the share of runs, or the mean, of a measure crosses a level as one factor moves.

All points are run on the same luck (replications 0 to n - 1 of one seed), so the share

.. math:: \hat p_n(x) = \frac{1}{n} \sum_{k=1}^{n} [\text{run } k \text{ at } x \text{ has the measure}]

is one fixed function of x; of a number it is the mean, with :math:`\bar m_n(x) \pm 1.96\, s / \sqrt n` for the Wilson
interval below. It is first looked at on a grid, since nothing says that it is monotone. A grid point is
*sure* if the 95 % Wilson interval of its share leaves out the level. Between each two neighbouring sure points on
different sides of the level there is a crossing, of which three things are bisected: where :math:`\hat p_n` crosses
the level, and the two ends of the points whose Wilson interval holds it.

What is proved, and what not: the bracket holds a crossing of :math:`\hat p_n`. Let x* be a point where the
probability itself is the level; its Wilson interval holds the level in 95 of 100 samples, so the set of all x whose
interval does is a 95 % confidence set for x*, by inverting the test. The interval given is that set as far as
bisection sees it, ends rounded outwards: it assumes that between the two sure points the share leaves the band once
on each side. Crossings between two grid points on the same side are not seen; a finer grid sees more.

References
----------
Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion. Statistical Science 16,
101-133.
Kim, S., Pasupathy, R. and Henderson, S. G. (2015). A guide to sample average approximation. In Fu, M. (ed.), Handbook
of Simulation Optimization, Springer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.threads import Progress
from sim.engine.wilson_interval import Z
from sim.errors import UsageError
from sim.experiments.factor import Factor
from sim.experiments.measures import measures_of
from sim.experiments.outcome_share import OutcomeShare
from sim.experiments.variants import measured, run_variants
from sim.model.world import FAILED

if TYPE_CHECKING:
    from sim.experiments.definition import Experiment
    from sim.scenario.scenario import Scenario

GRID = 9
MAX_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The share of runs that had the measure, or its mean, at one value of the factor.

    Attributes
    ----------
    unit, value : float
        Place in the factor's unit interval, and its value.
    count, runs : int
        Runs that had the measure, of how many.
    failed : int
        Runs that stopped themselves; they count as runs without the measure, and are left out of a mean.
    mean, standard_error : float
        Of a number; NaN for what a run has or has not.
    """

    unit: float
    value: float
    count: int
    runs: int
    failed: int = 0
    mean: float = math.nan
    standard_error: float = math.nan

    @property
    def share(self) -> float:
        """Count over runs; of a number its mean."""
        return self.count / self.runs if math.isnan(self.mean) else self.mean

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval: Wilson's of a share, the usual one of a mean."""
        if math.isnan(self.mean):
            return OutcomeShare("", self.count, self.runs).interval
        return self.mean - Z * self.standard_error, self.mean + Z * self.standard_error

    def side(self, level: float) -> int:
        """Return 1 if the share is surely above a level, -1 if surely below, else 0."""
        low, high = self.interval
        return int(low > level) - int(high < level)


@dataclass(frozen=True, slots=True)
class Crossing:
    """One crossing of the level.

    Attributes
    ----------
    point : float
        Middle of the bracket (on the factor's scale).
    low, high : float
        Ends of the 95 % interval of the factor's value.
    bracket : tuple of float
        Values between which the share of these runs crosses the level.
    rising : bool
        Whether the share rises with the factor.
    converged : bool
        Whether bracket and ends of the interval are as close as the tolerance asks.
    """

    point: float
    low: float
    high: float
    bracket: tuple[float, float]
    rising: bool
    converged: bool


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """What the search found.

    Attributes
    ----------
    factor : Factor
        What moved.
    measure : str
        Its name.
    level : float
        The share, or the mean, that was looked for.
    crossings : tuple of Crossing
        In order of the factor; empty if the share does not surely cross the level.
    evaluations : tuple of Evaluation
        All points that were run, in order of the factor.
    """

    factor: Factor
    measure: str
    level: float
    crossings: tuple[Crossing, ...]
    evaluations: tuple[Evaluation, ...]

    @property
    def is_share(self) -> bool:
        """Whether what crosses the level is a share of runs, and not a mean."""
        return math.isnan(self.evaluations[0].mean)

    @property
    def _of(self) -> str:
        return f"P({self.measure})" if self.is_share else f"mean of {self.measure}"

    @property
    def converged(self) -> bool:
        """Whether there is exactly one crossing and it is as close as was asked."""
        return len(self.crossings) == 1 and self.crossings[0].converged

    @property
    def point(self) -> float:
        """The tipping point; NaN if there is none or more than one."""
        return self.crossings[0].point if len(self.crossings) == 1 else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval; NaN if there is none or more than one."""
        only = self.crossings[0] if len(self.crossings) == 1 else None
        return (only.low, only.high) if only else (math.nan, math.nan)

    @property
    def ends(self) -> tuple[Evaluation, Evaluation]:
        """The evaluations at both ends of the range."""
        return self.evaluations[0], self.evaluations[-1]

    @property
    def resolved(self) -> bool:
        """Whether both ends of the range are surely on one side of the level."""
        return all(end.side(self.level) for end in self.ends)

    @property
    def runs(self) -> int:
        """Runs of all evaluations together."""
        return sum(e.runs for e in self.evaluations)

    def __str__(self) -> str:
        name, condition = self.factor.name, f"{self._of} = {self.level:g}"
        form = ".3f" if self.is_share else ",.5g"
        first, last = (
            f"{e.share:{form}} [{e.interval[0]:{form}}, {e.interval[1]:{form}}] at {name} = {e.value:.4g}"
            for e in self.ends
        )
        if not self.crossings:
            advice = "" if self.resolved else " An end is too close to the level to tell: run more, or widen the range."
            return f"{condition} is not surely crossed between {first} and {last}.{advice}"
        lines = [
            f"{condition} at {name} = {c.point:.4g} [{c.low:.4g}, {c.high:.4g}], {'rising' if c.rising else 'falling'}"
            + ("" if c.converged else " (not converged)")
            for c in self.crossings
        ]
        count = "" if len(lines) == 1 else f"{len(lines)} crossings: "
        return f"{count}{'; '.join(lines)}. Ends of the range: {first} and {last}."

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{e.value:.4g}</td><td>{e.share:.3f}</td><td>{e.interval[0]:.3f} to {e.interval[1]:.3f}</td>"
            f"<td>{e.runs:,}</td></tr>"
            for e in self.evaluations
        )
        head = f"<tr><th>{escape(self.factor.name)}</th><th>{escape(self._of)}</th><th>95 %</th><th>runs</th></tr>"
        return f"<b>{escape(str(self))}</b><table>{head}{rows}</table>"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "factor": self.factor.describe(),
            "measure": self.measure,
            "level": self.level,
            "converged": self.converged,
            "resolved": self.resolved,
            "crossings": [
                {
                    "point": c.point,
                    "low": c.low,
                    "high": c.high,
                    "bracket": list(c.bracket),
                    "rising": c.rising,
                    "converged": c.converged,
                }
                for c in self.crossings
            ],
            "evaluations": [
                {
                    "value": e.value,
                    "count": e.count,
                    "runs": e.runs,
                    "failed": e.failed,
                    "share": e.share,
                    "low": e.interval[0],
                    "high": e.interval[1],
                }
                for e in self.evaluations
            ],
        }


class _Search:
    """Points that were run so far, and how to run one more."""

    def __init__(self, factor: Factor, level: float, run: Callable[[Sequence[float]], list[Evaluation]]) -> None:
        self.factor, self.level, self._run = factor, level, run
        self.known: dict[float, Evaluation] = {}

    def at(self, units: Sequence[float]) -> list[Evaluation]:
        """Evaluate points of the unit interval, each once."""
        new = [u for u in units if u not in self.known]
        if new:
            self.known |= {e.unit: e for e in self._run(new)}
        return [self.known[u] for u in units]

    def bisect(
        self, left: Evaluation, right: Evaluation, beyond: Callable[[Evaluation], bool], tolerance: float
    ) -> tuple[Evaluation, Evaluation, bool]:
        """Halve a bracket, `beyond` false on its left and true on its right; say whether it got as small as asked."""
        for _ in range(MAX_HALVINGS):
            neighbours = self.factor.whole and right.value - left.value <= 1.0
            if right.unit - left.unit <= tolerance or neighbours:
                return left, right, True
            middle = self.at([0.5 * (left.unit + right.unit)])[0]
            if beyond(middle):
                right = middle
            else:
                left = middle
        return left, right, False


def tipping_point(
    scenario: Scenario,
    factor: Factor,
    measure: str,
    runs: int = 500,
    seed: int = 0,
    *,
    level: float = 0.5,
    tolerance: float = 0.01,
    grid: int = GRID,
    threads: int | None = None,
    progress: Progress | None = None,
) -> TippingPoint:
    """Find where the share of a measure crosses a level.

    Parameters
    ----------
    scenario : Scenario
        What is varied; all but the factor keeps its value.
    factor : Factor
        With a range or a prior, not choices.
    measure : str
        Of the scenario (`sim.experiments.measures`): an outcome, a milestone, an event by a date, a number.
    runs, seed : int
        Of each point; all points share their luck.
    level : float
        Share that is looked for, in (0, 1); of a number its mean.
    tolerance : float
        Width at which bisection stops, as a share of the factor's unit interval.
    grid : int
        Points that are looked at first, at least two, ends included.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(done, total)`` with runs of the points that are run at one time.

    Returns
    -------
    TippingPoint
        Also where the level is crossed nowhere or several times.

    Raises
    ------
    ScenarioError
        If a point is no valid scenario.
    UsageError
        If an argument is out of range.

    Examples
    --------
    >>> import sim
    >>> hazard = Factor("hazard", ("deal.outcomes.settlement.per_day",), "log_uniform", (0.0001, 0.1))
    >>> found = tipping_point(sim.load("toys/two_actors"), hazard, "settlement", runs=100, seed=7, tolerance=0.05)
    >>> found.converged, found.interval[0] < found.point < found.interval[1]
    (True, True)
    """
    chosen = measures_of(scenario)[measure]
    if chosen.kind == "date":
        raise UsageError(f"measure {measure!r}: found a date that only some runs have, expected a measure of every run")
    if factor.kind == "choice":
        raise UsageError(f"factor {factor.name!r}: found choices, expected a range or a prior, which has an order")
    if (chosen.is_share and not 0.0 < level < 1.0) or not math.isfinite(level) or not 0.0 < tolerance < 1.0:
        raise UsageError(f"level and tolerance: found {level} and {tolerance}, expected both between 0 and 1")
    if isinstance(grid, bool) or not isinstance(grid, int | np.integer) or grid < 2:
        raise UsageError(f"grid: found {grid!r}, expected a whole number of at least 2")
    bare = scenario.without_provenance()

    def run(units: Sequence[float]) -> list[Evaluation]:
        values = [factor.value_at(u) for u in units]
        variants = [bare.replace(factor.overrides(v)) for v in values]
        rows = run_variants(variants, runs, seed, threads=threads, progress=progress)
        results = zip(units, values, variants, rows, strict=True)
        return [_evaluated(u, float(v), variant, some, measure) for u, v, variant, some in results]

    search = _Search(factor, level, run)
    points = search.at(np.linspace(0.0, 1.0, int(grid)).tolist())
    sure = [e for e in points if e.side(level)]
    crossings = [
        _crossing(search, left, right, tolerance)
        for left, right in pairwise(sure)
        if left.side(level) != right.side(level)
    ]
    evaluations = tuple(sorted(search.known.values(), key=lambda e: e.unit))
    return TippingPoint(factor, measure, level, tuple(crossings), evaluations)


def _evaluated(unit: float, value: float, variant: Scenario, rows: NDArray[np.record], name: str) -> Evaluation:
    """Sum up the runs of one point."""
    failed = int((rows["status"] == FAILED).sum())
    values = measured(variant, rows, [measures_of(variant)[name]])[name]
    if values.dtype == bool:
        return Evaluation(unit, value, int(values.sum()), len(rows), failed)
    known = values[~np.isnan(values)]
    if len(known) < 2:
        raise UsageError(f"measure {name!r}: found {len(known)} of {len(rows)} runs that have it, expected two or more")
    error = float(known.std(ddof=1)) / math.sqrt(len(known))
    return Evaluation(unit, value, 0, len(rows), failed, float(known.mean()), error)


def _crossing(search: _Search, left: Evaluation, right: Evaluation, tolerance: float) -> Crossing:
    """Bisect the crossing of the level and both ends of its interval between two sure points."""
    level = search.level
    sign = right.side(level)
    inner_left, inner_right, narrow = search.bisect(left, right, lambda e: (e.share >= level) == (sign > 0), tolerance)
    low, _, low_narrow = search.bisect(left, inner_right, lambda e: e.side(level) != -sign, tolerance)
    _, high, high_narrow = search.bisect(inner_left, right, lambda e: e.side(level) == sign, tolerance)
    point = float(search.factor.value_at(0.5 * (inner_left.unit + inner_right.unit)))
    bracket = (inner_left.value, inner_right.value)
    return Crossing(point, low.value, high.value, bracket, sign > 0, narrow and low_narrow and high_narrow)


def tipping_point_of(
    experiment: Experiment, *, threads: int | None = None, progress: Progress | None = None
) -> TippingPoint:
    """Search what the ``tipping_point:`` of an experiment asks for.

    Parameters
    ----------
    experiment : Experiment
        Its replications are the runs of each point; a grid gives the points that are looked at first; the other factors
        keep the values of the scenario.
    threads, progress : optional
        As in `tipping_point`.

    Returns
    -------
    TippingPoint

    Raises
    ------
    UsageError
        If the experiment asks for none.
    """
    target = experiment.tipping
    if target is None:
        raise UsageError(f"experiment {experiment.title!r}: found no tipping_point, expected one")
    index = experiment.names.index(target.factor)
    grid = len(np.unique(experiment.unit_points[:, index])) if experiment.design_kind == "grid" else GRID
    return tipping_point(
        experiment.scenario,
        experiment.factors[index],
        target.measure,
        experiment.replications,
        experiment.seed,
        level=target.level,
        tolerance=target.tolerance,
        grid=grid,
        threads=threads,
        progress=progress,
    )
