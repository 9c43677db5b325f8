r"""One number at a time: which numbers of a scenario move its outcomes most when each alone is halved or doubled.

For each number w and factor f the scenario with f w is run on the luck of the scenario itself, and the change in the
share of each measure (the outcomes, and whether talks began) is a `PairedEffect`. Numbers are ranked by

.. math:: \max_{f, o} |\hat P_{f w}(o) - \hat P_w(o)|.

The largest of many noisy changes overstates, which the interval of that change does not know; and a screen one at a
time says nothing on interactions, for which grids of two numbers are (``docs/tipping_map.py``).
As a part of the package, `sim.sensitivity_of` screens by Morris's design.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sim
from sim.engine.threads import Progress
from sim.errors import SimError, UsageError
from sim.experiments.measures import measures_of
from sim.experiments.paired_effect import PairedEffect, paired_effect
from sim.experiments.scenario_number import number_at
from sim.experiments.variants import measured, run_variants


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """What one changed number did.

    Attributes
    ----------
    path : str
        Dotted path of the number.
    value : float
        In the scenario.
    factor : float
        What it was multiplied by.
    changes : mapping of str to PairedEffect
        Change of the share of each outcome, and of talks at some time.
    """

    path: str
    value: float
    factor: float
    changes: Mapping[str, PairedEffect]

    @property
    def largest(self) -> tuple[str, PairedEffect]:
        """The measure whose share changed most, and by how much."""
        return max(self.changes.items(), key=lambda item: abs(item[1].difference))


@dataclass(frozen=True, slots=True)
class Screen:
    """Rows of a screen one number at a time.

    Attributes
    ----------
    scenario : Scenario
        What was varied.
    runs, seed : int
        Of each variant.
    rows : tuple of ScreenRow
        Number by number, factor by factor.
    """

    scenario: sim.Scenario
    runs: int
    seed: int
    rows: tuple[ScreenRow, ...]

    def ranked(self) -> tuple[tuple[ScreenRow, ...], ...]:
        """Return the rows of each number together, the number that can move a share most first."""
        by_path: dict[str, list[ScreenRow]] = {}
        for row in self.rows:
            by_path.setdefault(row.path, []).append(row)
        groups = [tuple(rows) for rows in by_path.values()]
        return tuple(sorted(groups, key=lambda rows: -max(abs(row.largest[1].difference) for row in rows)))


def all_numbers(scenario: sim.Scenario, factors: Sequence[float] = (0.5, 2.0)) -> tuple[str, ...]:
    """Return the dotted paths of all numbers of a scenario that can be multiplied, but for its horizon.

    Whether a number says that it was fitted makes no difference: one that was set from what happened without saying so
    would escape otherwise. Numbers of 0, and those that the format bounds or ties to others, are left out.

    Examples
    --------
    >>> import sim
    >>> "actors.us.discount_per_year" in all_numbers(sim.load("doha_2020/baseline"))
    True
    """
    return tuple(path for path in scenario.provenance if path != "horizon_days" and _varies(scenario, path, factors))


def _varies(scenario: sim.Scenario, path: str, factors: Sequence[float]) -> bool:
    """Return whether a number is not 0 and can be multiplied by each factor."""
    try:
        value = number_at(scenario, path)
        for factor in factors:
            scenario.replace({path: value * factor})
    except SimError:
        return False
    return value != 0.0


def one_at_a_time(
    scenario: sim.Scenario,
    paths: Sequence[str],
    factors: Sequence[float] = (0.5, 2.0),
    runs: int = 500,
    seed: int = 0,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Screen:
    """Multiply numbers of a scenario one at a time and compare outcomes on shared luck.

    Parameters
    ----------
    scenario : Scenario
        As `sim.load` returns it.
    paths : sequence of str
        Dotted paths of numbers; `all_numbers` gives those that can be multiplied.
    factors : sequence of float
        What each is multiplied by.
    runs, seed : int
        Of the scenario and of each variant.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(done, total)`` with runs of all variants.

    Returns
    -------
    Screen

    Raises
    ------
    ScenarioError
        If a variant is no valid scenario; before anything runs.
    UsageError
        If there is nothing to vary, or an argument is out of range.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> paths = ["actors.state.discount_per_year", "deal.outcomes.settlement.per_day"]
    >>> one_at_a_time(toy, paths, (0.01, 1.0), runs=100, seed=7).ranked()[0][0].path
    'deal.outcomes.settlement.per_day'
    """
    if not paths or not factors:
        raise UsageError("paths and factors: found none, expected at least one of each")
    values = [number_at(scenario, path) for path in paths]
    variants = [scenario.replace({path: v * f}) for path, v in zip(paths, values, strict=True) for f in factors]
    every = [scenario, *variants]
    results = run_variants(every, runs, seed, threads=threads, progress=progress)
    shares = [measure for measure in measures_of(scenario).shares if measure.kind in ("outcome", "talks")]
    had = [measured(one, rows_of, shares) for one, rows_of in zip(every, results, strict=True)]
    rows = []
    for i, (path, value) in enumerate(zip(paths, values, strict=True)):
        for j, factor in enumerate(factors):
            after = had[1 + i * len(factors) + j]
            changes = {name: paired_effect(had[0][name], after[name]) for name in after}
            rows.append(ScreenRow(path, value, factor, changes))
    return Screen(scenario, runs, seed, tuple(rows))
