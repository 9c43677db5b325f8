"""Sensitivity of one output of a sweep: what it hangs on, how surely, and what share of it is luck.

The design decides the method: Saltelli's blocks give Sobol' indices (`sobol_indices`), Morris's trajectories give
elementary effects (`morris_effects`). Either comes with the split of the output's variance (`variance_split`), what
failed runs cost (`failed_runs`), and a `ConvergenceWarning` with advice where intervals are too wide to trust
(`convergence`).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.errors import ConvergenceWarning, UsageError
from sim.experiments.measures import measures_of
from sim.experiments.sensitivity.convergence import WIDEST, index_sequence, sobol_advice
from sim.experiments.sensitivity.factor_kinds import kind_of
from sim.experiments.sensitivity.failed_runs import MOST_LEFT_OUT, FailedRuns, whole_blocks
from sim.experiments.sensitivity.kind_shares import KindShare, kind_shares
from sim.experiments.sensitivity.morris_effects import MorrisEffects, morris_advice, morris_effects, trajectory_step
from sim.experiments.sensitivity.output_runs import OutputRuns, columns_for, output_runs
from sim.experiments.sensitivity.saltelli_blocks import SaltelliBlocks, saltelli_blocks
from sim.experiments.sensitivity.sobol_indices import SobolIndices, sobol_indices, whole
from sim.experiments.sensitivity.variance_split import VarianceSplit, variance_split

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario


class SweptFactor(Protocol):
    """A factor as an analysis sees it."""

    @property
    def name(self) -> str:
        """As the experiment calls it."""

    @property
    def paths(self) -> Sequence[str]:
        """Dotted paths that it sets."""


class Designed(Protocol):
    """An experiment as an analysis sees it."""

    @property
    def scenario(self) -> Any:
        """What was varied; its title and digest stand under figures."""

    @property
    def seed(self) -> int:
        """Of the luck of the runs, and of the bootstrap."""

    @property
    def factors(self) -> Sequence[SweptFactor]:
        """In order of the columns of the points."""

    @property
    def unit_points(self) -> NDArray[np.float64]:
        """Points of the design in the unit cube, shape (rows, factors)."""

    @property
    def replications(self) -> int:
        """Runs of each row."""


class Swept(Protocol):
    """A sweep as an analysis sees it."""

    @property
    def experiment(self) -> Any:
        """What was swept, a `Designed`."""

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns of its frame."""

    @property
    def keep(self) -> str:
        """Whether every run is kept, or a summary of each row."""

    def frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """One line a run, with some of the columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """What an output hangs on.

    Attributes
    ----------
    output : str
        Its name.
    is_share : bool
        Whether the output is a measure that a run has or has not, so that its means are shares of runs.
    scenario : Scenario
        What was varied.
    seed, replications : int
        Of the sweep.
    names : tuple of str
        Of the factors, or groups of factors, that the design exchanged.
    kinds : tuple of str
        The kind of each: hazards, payoffs, rules, deal, world, other or mixed.
    grouped : bool
        Whether the design exchanged groups of factors, so that indices are true grouped indices.
    split : VarianceSplit
        How much of the variance is luck.
    failures : FailedRuns
        What failed runs cost.
    sobol : SobolIndices or None
        Indices of the conditional mean, if the design is Saltelli's.
    sequence : tuple of SobolIndices
        From the first 16, 32, ... blocks to all, for the plot of convergence.
    shares : tuple of KindShare
        Of the sum of total-order indices, by kind; empty without them.
    morris : MorrisEffects or None
        Elementary effects, if the design is Morris's.
    advice : str or None
        What to do about intervals that are too wide; None if they are not.
    """

    output: str
    is_share: bool
    scenario: Scenario
    seed: int
    replications: int
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    grouped: bool
    split: VarianceSplit
    failures: FailedRuns
    sobol: SobolIndices | None = None
    sequence: tuple[SobolIndices, ...] = ()
    shares: tuple[KindShare, ...] = ()
    morris: MorrisEffects | None = None
    advice: str | None = None

    @property
    def converged(self) -> bool:
        """Whether the intervals are as narrow as was asked."""
        return self.advice is None

    def _repr_html_(self) -> str:
        from html import escape

        advice = f"<p>Not converged: {escape(self.advice)}</p>" if self.advice else ""
        table = self.frame().to_html(index=False, float_format=lambda x: f"{x:.3f}")
        runs = f"{self.replications} replications a row, seed {self.seed}"
        return f"<b>What {escape(self.output)} hangs on</b>, {runs}{advice}{table}"

    def frame(self) -> pd.DataFrame:
        """Return one line a factor: kind, estimates and ends of their 95 % intervals, most important first."""
        import pandas as pd

        table: dict[str, Any] = {"factor": self.names, "kind": self.kinds}
        if self.sobol is not None:
            indices = self.sobol
            first, total = indices.first_interval, indices.total_interval
            table |= {"first": indices.first, "first_low": first[0], "first_high": first[1]}
            table |= {"total": indices.total, "total_low": total[0], "total_high": total[1]}
            table |= {"first_uncorrected": indices.first_uncorrected, "total_uncorrected": indices.total_uncorrected}
            by = "total"
        elif self.morris is not None:
            effects = self.morris
            low, high = effects.mu_star_interval
            table |= {"mu": effects.mu, "mu_star": effects.mu_star, "mu_star_low": low, "mu_star_high": high}
            table |= {"mu_star_of_luck": effects.mu_star_of_luck, "sigma": effects.sigma}
            table |= {"sigma_without_luck": effects.sigma_without_luck}
            by = "mu_star"
        frame = pd.DataFrame(table)
        return frame.sort_values(by, ascending=False, kind="stable", ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON; what is unknown is NaN."""
        return {
            "output": self.output,
            "scenario": self.scenario.title,
            "scenario_sha256": self.scenario.sha256,
            "seed": self.seed,
            "method": "sobol" if self.sobol is not None else "morris",
            "replications": self.replications,
            "failures": {name: getattr(self.failures, name) for name in self.failures.__slots__},
            "variance": {"factors": self.split.factors, "luck": self.split.luck, "luck_share": self.split.luck_share},
            "factors": self.frame().to_dict("records"),
            "share_of_totals": "true grouped indices" if self.grouped else "sums of total-order indices",
            "shares": [
                {"kind": s.kind, "share": s.share, "low": s.interval[0], "high": s.interval[1]} for s in self.shares
            ],
            "converged": self.converged,
            "advice": self.advice,
        }


def sensitivity_of(
    sweep: Swept,
    output: str,
    *,
    widest: float = WIDEST,
    most_left_out: float = MOST_LEFT_OUT,
    resamples: int = 1_000,
) -> Sensitivity:
    """Analyse one output of a finished sweep.

    Parameters
    ----------
    sweep : Sweep
        Of an experiment with the design ``saltelli`` or ``morris``.
    output : str
        A measure of the scenario: an outcome, ``talks_began``, a milestone, a number.
    widest : float
        Width of the widest 95 % interval above which a `ConvergenceWarning` is given: of a total-order index, or of mu*
        over the largest mu* (for which twice this is allowed).
    most_left_out : float
        Largest share of blocks or trajectories that failed runs may cost.
    resamples : int
        Of the bootstrap.

    Returns
    -------
    Sensitivity

    Raises
    ------
    UsageError
        If the design is another, the sweep is not finished, or there is no such output.

    Examples
    --------
    >>> import tempfile, warnings
    >>> import sim
    >>> from sim.experiments.definition import experiment_from
    >>> experiment = experiment_from(
    ...     {
    ...         "schema_version": 1,
    ...         "title": "Does the settlement hang on its hazard?",
    ...         "scenario": "toys/two_actors",
    ...         "vary": {
    ...             "hazard": {"path": "deal.outcomes.settlement.per_day", "range": [0.0005, 0.02], "scale": "log"},
    ...             "patience": {"path": "actors.state.discount_per_year", "range": [0.1, 0.3]},
    ...         },
    ...         "design": {"saltelli": {"base_rows": 16}},
    ...         "replications": 8,
    ...     }
    ... )
    >>> with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")  # 16 blocks are few
    ...     found = sensitivity_of(sim.sweep(experiment, folder), "settlement")
    >>> found.frame()["factor"].tolist(), found.sobol.blocks
    (['hazard', 'patience'], 16)
    """
    if sweep.keep != "runs":
        raise UsageError(
            "sensitivity: found a sweep that keeps a summary of each row, expected keep: runs. Luck is taken out of "
            "indices by pairs of single runs, which a summary does not have; it has means of rows: means(output)"
        )
    frame = sweep.frame(columns_for(output, sweep.columns, measures_of(sweep.experiment.scenario)))
    return sensitivity_in(
        frame, sweep.experiment, output, widest=widest, most_left_out=most_left_out, resamples=resamples
    )


def sensitivity_in(
    frame: pd.DataFrame,
    experiment: Designed,
    output: str,
    *,
    widest: float = WIDEST,
    most_left_out: float = MOST_LEFT_OUT,
    resamples: int = 1_000,
) -> Sensitivity:
    """Analyse one output of runs that stand in a frame.

    Parameters
    ----------
    frame : DataFrame
        One line a run, as `output_runs` takes it.
    experiment : Experiment
        Factors, design and scenario.
    output, widest, most_left_out, resamples
        As `sensitivity_of` takes them.

    Returns
    -------
    Sensitivity

    Examples
    --------
    >>> import warnings
    >>> import numpy as np, pandas as pd, sim
    >>> from types import SimpleNamespace
    >>> from SALib.sample import sobol
    >>> box = {"num_vars": 2, "names": ["x", "y"], "bounds": [[0, 1], [0, 1]]}
    >>> points = sobol.sample(box, 256, calc_second_order=False, seed=np.random.default_rng(1))
    >>> factors = [SimpleNamespace(name="x", paths=["deal.outcomes.breakdown.per_day"]),
    ...            SimpleNamespace(name="y", paths=["actors.state.rule.lam_per_util"])]
    >>> toy = sim.load("toys/two_actors")
    >>> experiment = SimpleNamespace(scenario=toy, seed=1, factors=factors, unit_points=points, replications=1)
    >>> frame = pd.DataFrame({"row": range(len(points)), "released": 3 * points[:, 0] + points[:, 1]})
    >>> found = sensitivity_in(frame, experiment, "released", widest=0.5)
    >>> [(share.kind, round(share.share, 2)) for share in found.shares]
    [('hazards', 0.9), ('rules', 0.1)]
    """
    if not 0.0 < widest < math.inf:
        raise UsageError(f"widest: found {widest!r}, expected a width above 0, such as {WIDEST:g}")
    points = np.asarray(experiment.unit_points, dtype=np.float64)
    blocks = saltelli_blocks(points)
    if blocks is None and trajectory_step(points) is None:
        raise UsageError(
            f"design: found {len(points):,} rows that form neither Saltelli's blocks nor Morris's trajectories, "
            "expected one of these. Sweep an experiment with  design: {saltelli: {base_rows: 256}}  or  "
            "design: {morris: {trajectories: 50}}"
        )
    names = {factor.name for factor in experiment.factors}
    known = measures_of(experiment.scenario)
    if output in names and output not in known:
        raise UsageError(f"output: found the factor {output!r}, expected an outcome of the runs")
    outcomes = frame[[name for name in frame.columns if name not in names]]
    runs = output_runs(outcomes, output, len(points), experiment.replications, known)
    if blocks is None:
        result = _by_morris(runs, experiment, points, most_left_out, resamples, 2.0 * widest)
    else:
        result = _by_sobol(runs, experiment, blocks, most_left_out, resamples, widest)
    if result.advice is not None:
        warnings.warn(f"sensitivity of {output}: {result.advice}", ConvergenceWarning, stacklevel=2)
    return result


def luck_in(frame: pd.DataFrame, experiment: Designed, output: str) -> VarianceSplit:
    """Split the variance of one output of any sweep into what factors and what luck bring.

    Parameters
    ----------
    frame : DataFrame
        One line a run, as `output_runs` takes it.
    experiment : Experiment
        Of any design; its rows stand for the distribution of the factors.
    output : str
        As `sensitivity_of` takes it.

    Returns
    -------
    VarianceSplit

    Raises
    ------
    UsageError
        If every replication of some row failed.
    """
    known = measures_of(experiment.scenario)
    values = output_runs(frame, output, len(experiment.unit_points), experiment.replications, known).values
    empty = int(np.isnan(values).all(axis=1).sum())
    if empty:
        raise UsageError(f"failed runs: found {empty:,} rows in which every run failed, expected none")
    return variance_split(values)


def _by_sobol(
    runs: OutputRuns,
    experiment: Designed,
    blocks: SaltelliBlocks,
    most_left_out: float,
    resamples: int,
    widest: float,
) -> Sensitivity:
    values = blocks.by_block(runs.values)
    values, failures = whole_blocks(values, whole(values), most_left_out)
    names, kinds = _exchanged(experiment.factors, blocks)
    seed = experiment.seed
    indices = sobol_indices(names, values, shared_luck=runs.shared_luck, seed=seed, resamples=resamples)
    split = variance_split(values[:, [0, -1]].reshape(-1, values.shape[2]))
    return Sensitivity(
        runs.output,
        runs.is_share,
        experiment.scenario,
        seed,
        experiment.replications,
        names,
        kinds,
        blocks.grouped,
        split,
        failures,
        sobol=indices,
        sequence=index_sequence(names, values, shared_luck=runs.shared_luck, seed=seed),
        shares=kind_shares(indices, kinds),
        advice=sobol_advice(indices, split, widest),
    )


def _by_morris(
    runs: OutputRuns,
    experiment: Designed,
    points: NDArray[np.float64],
    most_left_out: float,
    resamples: int,
    widest: float,
) -> Sensitivity:
    names = tuple(factor.name for factor in experiment.factors)
    effects = morris_effects(
        names, points, runs.values, seed=experiment.seed, resamples=resamples, most_left_out=most_left_out
    )
    some = runs.values[~np.isnan(runs.values).all(axis=1)]
    return Sensitivity(
        runs.output,
        runs.is_share,
        experiment.scenario,
        experiment.seed,
        experiment.replications,
        names,
        tuple(kind_of(factor.paths) for factor in experiment.factors),
        False,
        variance_split(some),
        effects.failures,
        morris=effects,
        advice=morris_advice(effects, widest),
    )


def _exchanged(factors: Sequence[SweptFactor], blocks: SaltelliBlocks) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return name and kind of what each row between A and B exchanges."""
    groups = [[factors[i] for i in columns] for columns in blocks.exchanged]
    names = tuple(" + ".join(member.name for member in group) for group in groups)
    return names, tuple(kind_of([path for member in group for path in member.paths]) for group in groups)
