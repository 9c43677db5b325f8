"""Tables of a comparison made ready for files and JSON: which events have one, columns in front, plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.batch import Batch
from sim.experiments.measures import measures_of
from sim.model.world import FAILED

if TYPE_CHECKING:
    import pandas as pd

EVERY_DAYS = 30
"""Step of the cumulative incidences in JSON; the files have every day."""


def incidence_seen(batches: Iterable[Batch]) -> tuple[str, ...]:
    """List the events whose incidence is worth a table: what some run had before its horizon was reached.

    Parameters
    ----------
    batches : iterable of Batch
        Of all scenarios.

    Returns
    -------
    tuple of str
        Talks, then outcomes that end a run, then milestones.
    """
    seen: dict[str, str] = {}
    for batch in batches:
        for event in measures_of(batch.scenario).events:
            days = event.days(batch.outcome_table)
            if event.name not in batch.scenario.outcomes_at_horizon and (~np.isnan(days)).any():
                seen.setdefault(event.name, event.kind)
    order = ("talks", "outcome", "milestone")
    return tuple(sorted(seen, key=lambda name: order.index(seen[name])))


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as a list of rows of plain values.

    Examples
    --------
    >>> import pandas as pd
    >>> rows_of(pd.DataFrame({"a": [1, 2], "b": [0.5, float("inf")]}))
    [{'a': 1, 'b': 0.5}, {'a': 2, 'b': None}]
    """
    names = [str(column) for column in table.columns]
    columns = [[_plain(value) for value in table[column]] for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if hasattr(value, "isoformat"):
        text: str = value.isoformat()
        return text.removesuffix("T00:00:00")
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value


def plain_scenarios(batches: Mapping[str, Batch], given: Sequence[str]) -> list[dict[str, Any]]:
    """Return what was compared as plain data: of each scenario its title, digest and length, and how many runs failed.

    Parameters
    ----------
    batches : mapping of str to Batch
        By the scenario's name.
    given : sequence of str
        Names of the scenarios that were asked for; the others are baselines.
    """
    return [
        {
            "name": name,
            "title": batch.scenario.title,
            "sha256": batch.scenario.sha256,
            "start": batch.scenario.start.isoformat(),
            "horizon_days": batch.scenario.horizon_days,
            "given": name in given,
            "failed": int((batch.rows["status"] == FAILED).sum()),
        }
        for name, batch in batches.items()
    ]


def plain_tables(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[str, Any]]]:
    """Return tables of a comparison as lists of rows, without the runs, whose outcomes have a file of their own.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name; incidences are sampled every `EVERY_DAYS` days and at the horizon.
    """
    rows = {}
    for name, table in tables.items():
        if name == "outcomes":
            continue
        if name == "incidence":
            last = table.groupby(["event", "scenario"]).day.transform("max")
            table = table[(table.day % EVERY_DAYS == 0) | (table.day == last)]
        rows[name] = rows_of(table)
    return rows


def in_front(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Put a column in front."""
    return frame[[column, *(name for name in frame.columns if name != column)]]
