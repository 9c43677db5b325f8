r"""Differences over draws of all uncertain numbers: which of them hold whatever the numbers that nobody knows.

The interval of a Monte Carlo mean shrinks with the runs; what nobody knows stays. Here all uncertain numbers of the
reference (`sim.experiments.uncertain`) are drawn together from their priors, D times, and every scenario plays R worlds
of each draw, on the same luck and with the same values; each draw has luck of its own. A number in which a scenario
that was asked for differs from the reference is what is compared: all keep their own.

Draw k says :math:`m_k`, the mean of the paired differences of its R worlds, which scatters by the numbers and, with
variance :math:`s_k^2 / R`, by luck. An analysis of variance (O'Hagan, Stevenson and Madan 2007) parts the two:

.. math:: V = \operatorname{var}_k m_k, \quad W = \overline{s_k^2 / R}, \quad B = \max(V - W, 0).

The values :math:`\bar m + \sqrt{B/V}\,(m_k - \bar m)` have the variance of the numbers alone. The interval holds the
middle 95 % of them, each end moved out by the error of :math:`\bar m`: its distance from :math:`\bar m` and
:math:`1.96 \sqrt{V/D}` are added in squares. A draw in which no world differs at all counts as 0, unshrunk: if more
than one draw in forty is such, the interval does not leave 0 out.

References
----------
O'Hagan, A., Stevenson, M. and Madan, J. (2007). Monte Carlo probabilistic sensitivity analysis for patient level
simulation models: efficient estimation of mean and variance using ANOVA. Health Economics 16, 1009-1023.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.engine.threads import Progress
from sim.engine.wilson_interval import Z
from sim.errors import UsageError
from sim.experiments.comparison.tables import events_of, numbers, yes_or_no
from sim.experiments.drawn_runs import drawn_runs
from sim.experiments.uncertain import Uncertain, draw, overrides, uncertain_numbers
from sim.model.world import FAILED
from sim.scenario.difference import flattened
from sim.scenario.resolved_value import value_at

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
WORLDS: Final = 20
"""Worlds of each draw."""
FEWEST: Final = 40
"""Draws that an interval of 95 % needs at least: one of them on each side of it."""
MOST: Final = 100_000
ENDS: Final = ("drawn_low", "drawn_high")


@dataclass(frozen=True, slots=True, eq=False)
class OverDraws:
    """Intervals of differences over draws of all uncertain numbers.

    Attributes
    ----------
    draws, worlds : int
        Draws, and worlds of each.
    drawn : tuple of str
        Paths of the numbers that were drawn.
    held : tuple of str
        Paths of uncertain numbers in which scenarios differ, and which were left as they are.
    refused : int
        Draws that were no scenario, over all scenarios; they count nowhere.
    ends : dict of str to dict of (str, str) to (float, float)
        By table of the comparison, then by scenario and measure, the ends of the 95 % interval.
    """

    draws: int
    worlds: int
    drawn: tuple[str, ...]
    held: tuple[str, ...]
    refused: int
    ends: Mapping[str, Mapping[tuple[str, str], tuple[float, float]]]

    def beside(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table of the comparison with the columns ``drawn_low`` and ``drawn_high`` behind the others."""
        known = self.ends[table]
        ends = np.array([known.get(place, (math.nan, math.nan)) for place in frame.index]).reshape(-1, 2)
        return frame.assign(**dict(zip(ENDS, ends.T, strict=True)))

    def to_dict(self) -> dict[str, Any]:
        """Return what was drawn as plain data; the intervals stand in the tables of the comparison."""
        return {
            "draws": self.draws,
            "worlds": self.worlds,
            "drawn": list(self.drawn),
            "held": list(self.held),
            "refused": self.refused,
        }

    @property
    def words(self) -> str:
        """What was drawn, in a sentence."""
        held = f"; {len(self.held)} more, in which scenarios differ, are as they say" if self.held else ""
        refused = f"; {self.refused} draws were no scenario and count nowhere" if self.refused else ""
        return (
            f"Over draws: the 95 % interval over {self.draws:,} draws of {len(self.drawn)} uncertain numbers from "
            f"their priors, {self.worlds} worlds of each{held}{refused}."
        )


def check_draws(draws: int) -> None:
    """Refuse a number of draws that gives no interval."""
    if isinstance(draws, bool) or not isinstance(draws, int) or not FEWEST <= draws <= MOST:
        raise UsageError(f"draws: found {draws!r}, expected a whole number from {FEWEST} to {MOST:,}")


def drawn_and_held(reference: Scenario, others: Sequence[Scenario]) -> tuple[tuple[Uncertain, ...], tuple[str, ...]]:
    """Return the uncertain numbers of the reference that no other scenario changes, and the paths of the rest.

    Raises
    ------
    UsageError
        If nothing is left to draw.
    """
    own = flattened(reference.to_dict())
    changed: set[str] = set()
    for other in others:
        there = flattened(other.to_dict())
        changed |= {path for path, value in own.items() if path in there and there[path] != value}
    found = uncertain_numbers(reference)
    held = {n.path for n in found if any(p == n.path or p.startswith(f"{n.path}.") for p in changed)}
    drawn = tuple(number for number in found if number.path not in held)
    if not drawn:
        raise UsageError(
            f"draws: found no uncertain number in {reference.title!r} that all scenarios share, expected some; "
            "say which numbers nobody knows: {value: 0.3, assumption: why, prior: {uniform: [0, 1]}}"
        )
    return drawn, tuple(sorted(held))


def over_draws(
    scenarios: Mapping[str, Scenario],
    given: Sequence[str],
    draws: int,
    seed: int,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> OverDraws:
    """Run every scenario on every draw, and take the intervals of their differences from the first.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        By name, the reference first.
    given : sequence of str
        Those that were asked for: what they change is not drawn.
    draws : int
        `FEWEST` to `MOST`.
    seed : int
        Luck of draws and worlds.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(done, total)`` in runs.

    Returns
    -------
    OverDraws
    """
    check_draws(draws)
    reference, *others = scenarios
    uncertain, held = drawn_and_held(scenarios[reference], [scenarios[name] for name in given if name != reference])
    values = overrides(uncertain, draw(uncertain, draws, seed))
    horizon = float(min(scenario.horizon_days for scenario in scenarios.values()))
    total = len(scenarios) * draws * WORLDS
    found: dict[str, dict[str, dict[str, Floats]]] = {}
    refused = 0
    for place, (name, scenario) in enumerate(scenarios.items()):
        content = scenario.to_dict()
        there = {number.path for number in uncertain if not value_at(content, number.path)[1]}
        own = [{path: value for path, value in row.items() if path in there} for row in values]

        def report(done: int, _all: int, before: int = place * draws * WORLDS) -> None:
            if progress is not None:
                progress(before + done * WORLDS, total)

        rows, lost = drawn_runs(
            scenario.without_provenance(), own, WORLDS, seed, own_luck=True, threads=threads, progress=report
        )
        refused += lost
        found[name] = _values_of(Batch(scenario, seed, rows, threads), horizon, scenarios[reference].headline)
    ends = {
        table: {
            (name, measure): _interval(before, found[name][table][measure], draws, table == "differences")
            for name in others
            for measure, before in found[reference][table].items()
            if measure in found[name][table]
        }
        for table in found[reference]
    }
    return OverDraws(draws, WORLDS, tuple(number.path for number in uncertain), held, refused, ends)


def _values_of(batch: Batch, horizon: float, also: Sequence[str]) -> dict[str, dict[str, Floats]]:
    """Return for each table of a comparison the value of each measure in each run; NaN of runs that failed."""
    failed = batch.rows["status"] == FAILED

    def known(values: NDArray[Any]) -> Floats:
        return np.where(failed, np.nan, values.astype(np.float64))

    payoffs = {actor: batch.outcome_table[f"payoff_{actor}"] for actor in batch.scenario.actors}
    return {
        "differences": {name: known(had) for name, had in yes_or_no(batch, also).items()},
        "milestones": {name: known(until) for name, (_, until) in events_of(batch, horizon).items()},
        "numbers": {name: known(values) for name, values in numbers(batch).items()},
        "payoffs": {name: known(values) for name, values in payoffs.items()},
    }


def _interval(before: Floats, after: Floats, draws: int, shares: bool) -> tuple[float, float]:
    low, high = interval_over_draws((after - before).reshape(draws, -1))
    return (max(low, -1.0), min(high, 1.0)) if shares else (low, high)


def interval_over_draws(differences: Floats) -> tuple[float, float]:
    """Return the middle 95 % of the means of draws, without what their few worlds scatter by luck.

    Parameters
    ----------
    differences : ndarray of float64, shape (draws, worlds)
        Paired differences; NaN of worlds that are known on one side only. Draws without any are left out.

    Returns
    -------
    low, high : float
        NaN if fewer than `FEWEST` draws are left.

    Examples
    --------
    >>> luck = np.random.default_rng(1).normal(size=(400, 20))
    >>> low, high = interval_over_draws(5.0 + luck)      # the numbers do not matter: nothing but luck scatters
    >>> round(high - low, 1) < 0.4
    True
    """
    count = (~np.isnan(differences)).sum(axis=1)
    some = differences[count > 0]
    if len(some) < FEWEST:
        return math.nan, math.nan
    count = count[count > 0]
    means = np.nansum(some, axis=1) / count
    squares = np.nansum((some - means[:, None]) ** 2, axis=1)
    repeated = count > 1
    within = float((squares[repeated] / (count[repeated] - 1) / count[repeated]).mean()) if repeated.any() else 0.0
    total = float(means.var(ddof=1))
    shrink = math.sqrt(max(total - within, 0.0) / total) if total > 0.0 else 0.0
    middle = float(means.mean())
    untouched = ~(np.nan_to_num(some) != 0.0).any(axis=1)
    low, high = np.quantile(np.where(untouched, 0.0, middle + shrink * (means - middle)), (0.025, 0.975))
    error = Z * math.sqrt(total / len(means))
    below, above = (math.hypot(max(float(end), 0.0), error) for end in (middle - low, high - middle))
    return middle - below, middle + above
