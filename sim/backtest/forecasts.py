r"""Forecasts of one target as weighted samples: the model's, and those of the yardsticks beside it.

=============  ====================================================================================================
model          weighted worlds of the frozen scenario
coin           the same, each actor tossing a coin from the date on
schedule       the same, each actor keeping the deal as written from the date on
persistence    of a number: its last recorded value and the pace of its last thirty recorded days go on, a rate
               stays, each with an error; of a date: what has waited e days waits t more with probability
               e / (e + t) (Gott 1993)
base_rate      of a date: the date promised and the delays of dated promises in the other cases; else what the file says
=============  ====================================================================================================

References
----------
Gott, J. R. (1993). Implications of the Copernican principle for our future prospects. Nature 363, 315-319.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.backtest.definition import Target
from sim.backtest.evidence import value_of, weighed_series
from sim.backtest.frozen import Frozen
from sim.backtest.worlds import Worlds
from sim.experiments.comparison.window_value import date_column
from sim.experiments.factor import Factor
from sim.record.observation import Observation
from sim.scenario.extends import builtin_root

Floats = NDArray[np.float64]
POINTS: Final = 400
"""Members of a yardstick that has a distribution."""
PACE_SD: Final = 0.4
"""Standard deviation of the logarithm of a pace that goes on."""
RATE_SD: Final = 0.25
"""Standard deviation of the logarithm of a rate that stays."""
RECENT_DAYS: Final = 30


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """A target on a date of freeze: what it is about, and what came.

    Attributes
    ----------
    name : str
        Of the target.
    kind : str
        ``date`` (days since the start, capped the day after the forecast's last), ``yes_no`` or ``number``.
    target : Target
        As the file says it.
    row : Observation
        Of the record.
    observed : float
        In days, 0 or 1, or the unit of the row.
    cap : float
        Day after the last of the forecast.
    """

    name: str
    kind: str
    target: Target
    row: Observation
    observed: float
    cap: float

    @property
    def column(self) -> str:
        """Outcome column of a date."""
        return date_column(self.row.name)


def goals_of(frozen: Frozen) -> tuple[Goal, ...]:
    """List the targets that are still open on the date and fall within the forecast."""
    start, found = frozen.told.start, []
    cap = float(frozen.last_day + 1)
    last = start + dt.timedelta(days=frozen.last_day)
    rows = frozen.backtest.record.named
    for name, target in frozen.backtest.content.targets.items():
        row = rows[target.row]
        if row.date <= frozen.as_of:
            continue
        if row.kind in ("milestone", "outcome"):
            if target.by is None:
                day = min(float((row.date - start).days), cap)
                found.append(Goal(name, "date", target, row, day, cap))
            elif frozen.as_of < target.by <= last:
                found.append(Goal(name, "yes_no", target, row, float(row.date <= target.by), cap))
        elif row.end_date <= last:
            found.append(Goal(name, "number", target, row, row.value, cap))
    return tuple(found)


def of_worlds(goal: Goal, worlds: Worlds, frozen: Frozen) -> Floats:
    """Return what each world says of a target; NaN of worlds that failed."""
    if goal.kind == "number":
        return value_of(goal.row, worlds.series[goal.row.series].astype(np.float64), frozen.told.start)
    return _as_goal(goal, days_of(goal.row, worlds, frozen), frozen)


def days_of(row: Observation, worlds: Worlds, frozen: Frozen) -> Floats:
    """Return the day on which a thing happens in each world; infinity where it does not, NaN where the world failed."""
    column, outcome = date_column(row.name), frozen.backtest.record.outcome
    failed = np.array([name is None for name in worlds.outcome], dtype=bool)
    if column in worlds.columns:
        days = worlds.columns[column]
    elif outcome is not None and outcome.name == row.name:
        days = np.where(worlds.outcome == outcome.arguments[0], worlds.columns["outcome_day"], np.nan)
    else:
        raise KeyError(column)
    return np.where(failed, np.nan, np.where(np.isnan(days), np.inf, days))


def _as_goal(goal: Goal, days: Floats, frozen: Frozen) -> Floats:
    """Turn days into what is forecast: capped days, or whether they come in time."""
    if goal.kind == "date":
        return np.asarray(np.minimum(days, goal.cap))
    assert goal.target.by is not None
    by = float((goal.target.by - frozen.told.start).days)
    return np.where(np.isnan(days), np.nan, (days <= by).astype(np.float64))


def persistence(goal: Goal, frozen: Frozen) -> Floats | None:
    """Return the members of the forecast that nothing changes; None where nothing was recorded."""
    unit = (np.arange(POINTS) + 0.5) / POINTS
    if goal.kind != "number":
        elapsed = max(float(frozen.day), 1.0)
        return _as_goal(goal, frozen.day + elapsed * unit / (1.0 - unit), frozen)
    record, as_of = frozen.backtest.record, frozen.as_of
    alike = dict.fromkeys((goal.row.series, weighed_series(goal.row)))  # what was counted, whoever called it so
    rows = sorted((o for series in alike for o in record.series(series)), key=lambda o: o.date)
    known = [o for o in rows if o.end_date <= as_of and o.known_as_of <= as_of]
    normal = Factor("error", ("error",), "lognormal", (1.0, 1.0)).values(unit)
    if goal.row.end_date > goal.row.date:
        rates = [o for o in known if o.end_date > o.date and o.unit == goal.row.unit]
        same = [o for o in rates if o.definition == goal.row.definition] or rates
        if not same or "per day" not in goal.row.unit:
            return None
        return np.asarray(same[-1].value * normal**RATE_SD)
    levels = [o for o in known if o.end_date == o.date]
    counted = goal.row.kind.startswith(("persons", "amount", "recalled"))
    if not levels:
        return np.zeros(POINTS) if counted else None
    last = levels[-1]
    recent = [o for o in levels if (last.date - o.date).days <= RECENT_DAYS]
    days = (last.date - recent[0].date).days
    if days == 0 and counted and last.date > frozen.told.start:
        pace = last.value / (last.date - frozen.told.start).days
    else:
        pace = (last.value - recent[0].value) / days if days else 0.0
    ahead = (goal.row.date - last.date).days
    return np.asarray(np.maximum(last.value + pace * ahead * normal**PACE_SD, 0.0))


def base_rate(goal: Goal, frozen: Frozen) -> Floats:
    """Return the members of the forecast by comparable cases."""
    rate = goal.target.base_rate
    unit = (np.arange(POINTS) + 0.5) / POINTS
    if rate.level is not None:
        prior = rate.level
        if prior.kind == "choice":
            return Factor("level", ("level",), "choice", choices=prior.parameters).values(unit)
        return Factor("level", ("level",), prior.kind, prior.parameters).values(unit)
    if rate.probability is not None:
        return (unit < rate.probability.value).astype(np.float64)
    assert rate.delays is not None
    promised = (rate.delays - frozen.told.start).days
    days = promised + np.array([late for case, late in delays() if case != frozen.backtest.name], dtype=np.float64)
    ahead = days[days > frozen.day]
    if not len(ahead):  # later than in any other case: as long again as it has waited since the promise
        waited = max(float(frozen.day - promised), 1.0)
        ahead = frozen.day + waited * unit / (1.0 - unit)
    return _as_goal(goal, ahead, frozen)


@lru_cache(maxsize=1)
def delays() -> tuple[tuple[str, int], ...]:
    """Return how late dated promises were kept, by case, in days (negative if early).

    Examples
    --------
    >>> sorted(late for case, late in delays() if case == "aceh_2005")
    [-12, -2, 1]
    """
    with (builtin_root() / "backtests" / "delays.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dates = [(row["case"], dt.date.fromisoformat(row["kept"]), dt.date.fromisoformat(row["promised"])) for row in rows]
    return tuple((case, (kept - promised).days) for case, kept, promised in dates)
