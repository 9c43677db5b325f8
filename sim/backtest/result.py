"""What a back-test found: scores of every target, the evidence weighed, which priors it moved."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.backtest.evidence import FEW, TOO_FEW, Evidence
from sim.backtest.forecasts import Goal
from sim.backtest.scores import Score
from sim.experiments.factor import Factor
from sim.experiments.uncertain import Uncertain

if TYPE_CHECKING:
    import pandas as pd

FORECASTS: Final = ("model", "persistence", "base_rate", "schedule", "coin")
YARDSTICKS: Final = FORECASTS[1:]


@dataclass(frozen=True, slots=True, eq=False)
class BacktestResult:
    """A back-test of one case on one date.

    Attributes
    ----------
    case, title : str
        Of the back-test, and of its scenario.
    start, as_of : datetime.date
        Day 0, and the last day of history.
    draws, worlds, seed : int
        Draws of the uncertain numbers, worlds of each, and their luck.
    uncertain : tuple of Uncertain
        What was drawn.
    kept : int
        Numbers with a note on where they come from that were left as they are.
    evidence : tuple of Evidence
        What was weighed.
    effective : float
        Worlds that count, by Kish's number.
    weighted : bool
        Whether the weights were used; not if they leave fewer than 50 worlds.
    contradicted : float
        Share of worlds in which something had happened by the date that by the record had not.
    failed : int
        Worlds that failed, or whose draw was no scenario.
    goals : tuple of Goal
        Targets.
    scores : dict of str to dict of str to Score or None
        By forecast, then by target.
    probabilities : tuple of (str, str, int, float, float)
        For reliability: target, forecast, days ahead, probability that it comes by then, and whether it did.
    prior_to_posterior : dict of str to float
        By path: how far the evidence moves an uncertain number, as the largest distance of the two distribution
        functions.
    seconds : float
        Wall time.
    """

    case: str
    title: str
    start: dt.date
    as_of: dt.date
    draws: int
    worlds: int
    seed: int
    uncertain: tuple[Uncertain, ...]
    kept: int
    evidence: tuple[Evidence, ...]
    effective: float
    weighted: bool
    contradicted: float
    failed: int
    goals: tuple[Goal, ...]
    scores: dict[str, dict[str, Score | None]]
    probabilities: tuple[tuple[str, str, int, float, float], ...]
    prior_to_posterior: dict[str, float]
    seconds: float

    @property
    def weighing(self) -> str:
        """What the weighing came to, in a sentence."""
        total = self.draws * self.worlds
        if not self.evidence and not self.contradicted:
            return (
                f"nothing that is weighed had been recorded by {self.as_of}: {total:,} worlds of the priors count alike"
            )
        text = f"{self.effective:,.0f} of {total:,} weighted worlds count (effective number)"
        if not self.weighted:
            return f"{text}, fewer than {TOO_FEW}: the weights are not used, forecasts are those of the priors"
        return f"{text}, fewer than {FEW}: read the table with care" if self.effective < FEW else text

    @property
    def table(self) -> pd.DataFrame:
        """One row a target: what came, what each forecast said and scored."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for goal in self.goals:
            row: dict[str, Any] = {"case": self.case, "as_of": self.as_of, "target": goal.name, "kind": goal.kind}
            row |= {"observed": goal.observed, "unit": _unit(goal)}
            for forecast in FORECASTS:
                found = self.scores[forecast][goal.name]
                row[f"crps_{forecast}"] = found.crps if found else math.nan
                row[f"log_score_{forecast}"] = found.log_score if found else math.nan
            model = self.scores["model"][goal.name]
            for part in ("median", "low", "high", "crps_low", "crps_high", "log_low", "log_high"):
                row[part] = getattr(model, part) if model else math.nan
            row["scale"] = scale_of(goal, (self.as_of - self.start).days)
            rows.append(row)
        return pd.DataFrame(rows)

    @property
    def chance_alone(self) -> float:
        r"""The distance that chance moves any of m numbers one time in twenty: :math:`\sqrt{\ln(40 m) / 2 n}`.

        The bound of Massart (1990) on Kolmogorov's distance with n effective draws, m times; worlds of one draw may
        weigh alike, so a draw counts for no more than its share of the effective worlds.
        """
        draws = max(self.effective / self.worlds, 1.0)
        return math.sqrt(math.log(40.0 * max(len(self.uncertain), 1)) / (2.0 * draws))

    @property
    def moved(self) -> tuple[tuple[str, float], ...]:
        """The uncertain numbers that the record moves beyond what chance alone would, most first."""
        found = [(path, d) for path, d in self.prior_to_posterior.items() if d > self.chance_alone]
        return tuple(sorted(found, key=lambda item: -item[1]))

    def __repr__(self) -> str:
        return f"<BacktestResult {self.case} as of {self.as_of}: {len(self.goals)} targets, {self.weighing}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<b>{escape(repr(self)[1:-1])}</b>{self.table.to_html(float_format=lambda x: f'{x:.3g}', index=False)}"


def scale_of(goal: Goal, day: int) -> float:
    """Return what a CRPS is divided by to be comparable: days of the forecast, 1, or how wide the base rate is.

    Of a number that is the distance of the 5th from the 95th per cent of what its file calls possible, which no
    forecast moves and no outcome.
    """
    if goal.kind == "date":
        return goal.cap - day
    level = goal.target.base_rate.level
    if goal.kind == "yes_no" or level is None or level.kind == "choice":
        return 1.0
    low, high = Factor("level", ("level",), level.kind, level.parameters).values(np.array([0.05, 0.95])).tolist()
    return max(float(high - low), 1e-9)


def _unit(goal: Goal) -> str:
    return {"date": "days since the start", "yes_no": "yes or no"}.get(goal.kind, goal.row.unit)


def shift(units: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Return the largest distance of a weighted distribution function on [0, 1] from the uniform one.

    Parameters
    ----------
    units, weights : ndarray, shape (draws,)
        Draws on the unit interval, and what each weighs.

    Examples
    --------
    >>> round(shift(np.array([0.1, 0.4, 0.6, 0.9]), np.array([0.0, 0.0, 0.5, 0.5])), 2)
    0.5
    """
    order = np.argsort(units, kind="stable")
    even = np.arange(1, len(units) + 1) / len(units)
    return float(np.abs(np.cumsum(weights[order]) / weights.sum() - even).max()) if weights.sum() > 0.0 else 0.0
