"""A comparison as tables for files and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.measures import TALKS
from sim.model.layout import FAILED
from sim.scenario.catalogue import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison.comparison import Comparison
    from sim.experiments.comparison.regret import Regret

EVERY_DAYS = 30
"""Step of the cumulative incidences in JSON; the files have every day."""


def incidence_seen(comparison: Comparison) -> tuple[str, ...]:
    """List the events whose incidence is worth a table: talks, and the ends before the horizon that some run had."""
    shares = comparison.shares.share
    at_horizon = ("talks_open", "stalemate")
    ends = [name for name in OUTCOMES[1:] if name not in at_horizon]
    return tuple(name for name in (TALKS, *ends) if (shares.xs(name, level="outcome") > 0).any())


def tables_of(comparison: Comparison, *, regret: Regret | None = None) -> dict[str, pd.DataFrame]:
    """Return every table of a comparison by name, with its keys as columns.

    Parameters
    ----------
    comparison : Comparison
        Payoff terms, devices and record are worked out if they were not yet.
    regret : Regret, optional
        Adds its two tables.

    Returns
    -------
    dict of str to pandas.DataFrame
        Those that the comparison has; ``outcomes`` holds every run of every scenario.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> sorted(tables_of(sim.compare([toy], runs=20, seed=1, baselines=False)))[:4]
    ['differences', 'incidence', 'numbers', 'outcomes']
    """
    import pandas as pd

    curves = [comparison.incidence(event).reset_index().assign(event=event) for event in incidence_seen(comparison)]
    runs = [batch.outcomes.assign(scenario=name) for name, batch in comparison.batches.items()]
    found = {
        "shares": comparison.shares.reset_index(),
        "differences": comparison.differences.reset_index(),
        "numbers": comparison.numbers.reset_index(),
        "payoffs": comparison.payoffs.reset_index(),
        "payoff_terms": comparison.payoff_terms.reset_index(),
        "outcomes": _first(pd.concat(runs, ignore_index=True), "scenario"),
    }
    if curves:
        found["incidence"] = _first(pd.concat(curves, ignore_index=True), "event")
    if len(comparison.devices):
        found["devices"] = comparison.devices
    if comparison.record is not None:
        found["record"] = comparison.record
    if comparison.rules is not None:
        found["rules"] = comparison.rules.table.reset_index()
        found["conclusions"] = comparison.rules.conclusions.reset_index()
    if regret is not None:
        found["regret"], found["minimax_regret"] = regret.table.reset_index(), regret.minimax.reset_index()
    return found


def comparison_object(comparison: Comparison, *, regret: Regret | None = None) -> dict[str, Any]:
    """Return a comparison as plain data that JSON can hold.

    Parameters
    ----------
    comparison : Comparison
        Payoff terms, devices and record are worked out if they were not yet.
    regret : Regret, optional
        Put in if given.

    Returns
    -------
    dict
        Tables are lists of rows; unknown and infinite numbers are None. Cumulative incidences are sampled every
        `EVERY_DAYS` days and at the horizon.
    """
    scenarios = [
        {
            "name": name,
            "title": batch.scenario.title,
            "sha256": batch.scenario.sha256,
            "start": batch.scenario.start.isoformat(),
            "horizon_days": batch.scenario.horizon_days,
            "given": name in comparison.given,
            "failed": int((batch.rows["status"] == FAILED).sum()),
        }
        for name, batch in comparison.batches.items()
    ]
    tables = tables_of(comparison, regret=regret)
    curves = tables.pop("incidence", None)
    tables.pop("outcomes")
    if curves is not None:
        last = curves.groupby(["event", "scenario"]).day.transform("max")
        tables["incidence"] = curves[(curves.day % EVERY_DAYS == 0) | (curves.day == last)]
    return {
        "reference": comparison.reference,
        "seed": comparison.seed,
        "runs": comparison.runs,
        "digest": comparison.digest,
        "scenarios": scenarios,
        "baselines": comparison.baselines,
        "summary": list(comparison.summary),
        "notes": list(_notes(comparison, regret)),
        **{name: rows_of(table) for name, table in tables.items()},
    }


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


def _first(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Put a column in front."""
    return frame[[column, *(name for name in frame.columns if name != column)]]


def _notes(comparison: Comparison, regret: Regret | None) -> Sequence[str]:
    rules = comparison.rules.notes if comparison.rules is not None else ()
    return (*comparison.notes, *rules, *(regret.notes if regret is not None else ()))
