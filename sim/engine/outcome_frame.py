"""Outcome rows with names: the same keys for one run of the event engine and for a row of a batch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.encode.names import Names
from sim.model.world import ENDED, FAILED, NEVER

if TYPE_CHECKING:
    import pandas as pd

IN_WORDS = {
    "attacks": "attacks",
    "deaths": "deaths in attacks",
    "civilian_deaths": "civilian deaths",
    "balance_of_force": "the balance of force",
    "cohesion": "cohesion",
}
"""What may make a run fail apart from values of actors, by column, causes before effects."""

CAPTIVE_COLUMNS = {"freed": "freed", "counted": "counted", "returned": "returned"}
STOCK_COLUMNS = {"freed": "handed_over", "counted": "accepted", "returned": "returned"}
"""What columns call the numbers of an outcome row, before the name of the group of captives or the stock."""


def outcome_columns(rows: NDArray[np.record], bound: Any) -> dict[str, NDArray[Any]]:
    """Turn outcome rows into named columns.

    Parameters
    ----------
    rows : ndarray of OUTCOME_ROW, shape (n,)
        As the kernel wrote them.
    bound : Bound
        Names, step and roles of their scenario.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Days are NaN where the date did not come; a failed run has NaN throughout but for its replication, and says in
        `failure` who failed and when.
    """
    names: Names = bound.names
    dt = float(bound.params[0].dt)
    failed = rows["status"] == FAILED

    def days(ticks: NDArray[Any]) -> NDArray[np.float64]:
        return np.where((ticks >= NEVER) | failed, np.nan, ticks * dt)

    def number(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.where(failed, np.nan, values).astype(np.float64)

    outcome = np.array(names.outcomes, dtype=object)[rows["outcome"]]
    outcome[rows["status"] != ENDED] = None
    columns: dict[str, NDArray[Any]] = {
        "replication": rows["replication"].astype(np.int64),
        "outcome": outcome,
        "outcome_day": days(rows["outcome_tick"]),
        "talks_day": days(rows["talks_tick"]),
        "end_day": days(rows["end_tick"]),
    }
    incumbents = set(bound.scenario.roles.incumbents)
    holders = [group.holder for group in bound.scenario.deal.captives.values()]
    counted = [i for i, holder in enumerate(holders) if holder in incumbents or not incumbents]
    columns["released"] = number(rows["freed"][:, counted].sum(axis=1))
    for name in ("deaths", "civilian_deaths", "attacks", "balance_of_force", "cohesion"):
        columns[name] = number(rows[name])
    for i, actor in enumerate(names.actors):
        columns[f"payoff_{actor}"] = number(rows["payoff"][:, i])
    for i, group in enumerate(names.groups):
        called = STOCK_COLUMNS if group in names.stocks else CAPTIVE_COLUMNS
        for name, column in called.items():
            columns[f"{column}_{group}"] = number(rows[name][:, i])
    for i, force in enumerate(names.foreign):
        columns[f"troops_{force}"] = number(rows["troops"][:, i])
    for i, milestone in enumerate(names.milestones):
        columns[f"{milestone}_day"] = days(rows["milestone"][:, i])
    for i, measure in enumerate(names.measures):
        columns[measure] = number(rows["measure"][:, i])
    for i, (name, promise) in enumerate(bound.scenario.deal.promises.items()):
        columns[f"{name}_kept"] = number(rows["promise_kept"][:, i])
        columns[f"{name}_share"] = number(rows["promise_share"][:, i])
        first = "done_day" if promise.reach is not None else "broken_day"
        columns[f"{name}_{first}"] = days(rows["promise_tick"][:, i])
        columns[f"{name}_due_day"] = days(rows["promise_due"][:, i])
    columns["failure"] = np.array([_failure(row, names, dt) for row in rows[failed]], dtype=object)
    if not failed.all():
        filled = np.full(len(rows), None, dtype=object)
        filled[failed] = columns["failure"]
        columns["failure"] = filled
    return columns


def _failure(row: np.record, names: Names, dt: float) -> str:
    return f"day {row.end_tick * dt:g}: {failed_quantity(row, names)} not finite"


def failed_quantity(row: np.record, names: Names) -> str:
    """Return in words which quantity of a failed run is not finite, as far as its outcome row tells.

    Parameters
    ----------
    row : record of OUTCOME_ROW
        Of a run that failed.
    names : Names
        Of its scenario.
    """
    if row.failed_actor >= 0:
        return f"values of actor {names.actors[row.failed_actor]}"
    not_finite = (words for field, words in IN_WORDS.items() if not math.isfinite(row[field]))
    return next(not_finite, "the world")


def outcome_frame(rows: NDArray[np.record], bound: Any) -> pd.DataFrame:
    """Return outcome rows as a DataFrame, one row per run in order of replication."""
    import pandas as pd

    return pd.DataFrame(outcome_columns(rows, bound))


def outcome_mapping(row: NDArray[np.record], bound: Any) -> dict[str, Any]:
    """Return one outcome row (shape (1,)) as a mapping of plain Python values."""
    columns = outcome_columns(row, bound)
    return {key: value[0] if value.dtype == object else value[0].item() for key, value in columns.items()}
