"""The tables of a comparison: shares, means and payoffs of each scenario, and paired differences from the reference.

Every table has one row for each scenario and measure, also where a scenario does not have the measure (another actor,
another milestone): its numbers are NaN there. Differences are scenario minus reference on runs that share their luck
(`sim.experiments.paired_effect`), beside the number of runs that are not equal in both (`differing`; known in one only
is not equal) and how many runs independent seeds would have needed (`sim.experiments.comparison.independent_runs`). The
reference is not compared with itself: tables of differences leave it out, tables of means have NaN there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.engine.civilian_deaths import civilians_counted
from sim.engine.wilson_interval import share_error, wilson_interval
from sim.experiments.comparison.independent_runs import independent_runs
from sim.experiments.measures import DAYS_UNTIL, measures_of, over_common_horizon
from sim.experiments.outcome_share import FAILED
from sim.experiments.paired_effect import paired_effect
from sim.model.world import FAILED as STOPPED

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
DIFFERENCE = ("difference", "standard_error", "low", "high")
DAYS_SHOWN = (0.05, 0.5, 0.95)
NUMERIC = (*DIFFERENCE, "pairs", "differing", "independent_runs")


def yes_or_no(batch: Batch, also: Iterable[str] = ()) -> dict[str, NDArray[np.bool_]]:
    """Return for each measure which runs had it: outcomes, talks, milestones, promises, and failure.

    Parameters
    ----------
    batch : Batch
        Of one scenario.
    also : iterable of str
        Further measures, such as an event by a date; those that the scenario knows and a run has or has not.

    Returns
    -------
    dict of str to ndarray of bool, shape (runs,)
        A failed run has nothing but its failure.
    """
    stopped = batch.rows["status"] == STOPPED
    known = measures_of(batch.scenario)
    shares = dict.fromkeys((*known.shares, *(known[name] for name in also if name in known and known[name].is_share)))
    had = {measure.name: measure.values(batch.outcome_table) & ~stopped for measure in shares}
    return had | {FAILED: stopped}


def numbers(batch: Batch) -> dict[str, Floats]:
    """Return the numeric outcomes of each run but for the payoffs, NaN where a run has none or nobody counted."""
    columns = {
        name: values.astype(np.float64)
        for name, values in batch.outcome_table.items()
        if values.dtype != object and name != "replication" and not name.startswith("payoff_")
    }
    if not civilians_counted(batch.scenario):
        columns["civilian_deaths"] = np.full(len(batch), np.nan)
    return columns


def events_of(batch: Batch, horizon: float) -> dict[str, tuple[Floats, Floats]]:
    """Return the days of talks and of each milestone: infinite in runs without them, and at most some horizon.

    Parameters
    ----------
    batch : Batch
        Of one scenario.
    horizon : float
        Days up to which scenarios are compared.

    Returns
    -------
    dict of str to (ndarray, ndarray), shape (runs,)
        NaN for a run that failed.
    """
    known, table = measures_of(batch.scenario), batch.outcome_table
    found = {}
    for event in known.events:
        if event.kind != "outcome":
            until = over_common_horizon(known[f"{DAYS_UNTIL}{event.name}"], horizon).values(table)
            days = event.days(table)
            found[event.name] = (np.where(np.isnan(days) & ~np.isnan(until), np.inf, days), until)
    return found


def columns_apart(one: Batch, other: Batch) -> tuple[str, ...]:
    """List the columns of outcomes that are not equal in every run of two batches, or that only one of them has."""
    a, b = one.outcome_table, other.outcome_table
    return tuple(name for name in {**a, **b} if name not in a or name not in b or _differing(a[name], b[name]))


def share_table(names: Sequence[str], batches: Sequence[Batch]) -> pd.DataFrame:
    """Share of runs that had each measure in each scenario, with standard error and Wilson interval.

    Parameters
    ----------
    names : sequence of str
        Of the scenarios.
    batches : sequence of Batch
        In the same order.

    Returns
    -------
    pandas.DataFrame
        Indexed by scenario and outcome (outcomes, talks, milestones, promises); columns count, runs, share,
        standard_error, low, high. `failed` is an outcome only where a run of any scenario failed.
    """
    rows: list[Any] = []
    every = [yes_or_no(batch, batches[0].scenario.headline) for batch in batches]
    for name, table in zip(names, every, strict=True):
        for measure in _in_any(every):
            had = table.get(measure)
            if had is None:
                rows.append((name, measure, 0, 0, *(math.nan,) * 4))
                continue
            count, runs = int(had.sum()), len(had)
            low, high = wilson_interval(count, runs)
            share = count / runs
            rows.append((name, measure, count, runs, share, float(share_error(share, runs)), float(low), float(high)))
    columns = ("scenario", "outcome", "count", "runs", "share", "standard_error", "low", "high")
    return _without_failures(table_of(rows, columns, 2), batches)


def difference_table(names: Sequence[str], batches: Sequence[Batch]) -> pd.DataFrame:
    """Differences of shares from the first scenario, in pairs of runs that share their luck.

    Parameters
    ----------
    names, batches
        As of `share_table`.

    Returns
    -------
    pandas.DataFrame
        Indexed by scenario and outcome; columns reference, share, difference, standard_error, low, high, pairs,
        differing and independent_runs.
    """
    every = [yes_or_no(batch, batches[0].scenario.headline) for batch in batches]
    rows: list[Any] = []
    for name, table in zip(names[1:], every[1:], strict=True):
        for measure in _in_any(every):
            before, after = every[0].get(measure), table.get(measure)
            if before is None or after is None:
                rows.append((name, measure, *(math.nan,) * 6, 0, 0, math.nan))
            else:
                rows.append((name, measure, *_paired(before, after)))
    columns = ("scenario", "outcome", "reference", "share", *DIFFERENCE, "pairs", "differing", "independent_runs")
    return _without_failures(table_of(rows, columns, 2), batches)


def milestone_table(names: Sequence[str], batches: Sequence[Batch]) -> pd.DataFrame:
    """How often and when talks began and milestones were reached, and how much later than in the first scenario.

    Parameters
    ----------
    names, batches
        As of `share_table`.

    Returns
    -------
    pandas.DataFrame
        Indexed by scenario and milestone; columns share, then quantiles of the day over all runs (q05, median, q95,
        infinite where it is not reached by so many), mean (the restricted mean: the horizon stands for never; the
        shortest of all scenarios), mean_error, and of that difference, standard_error, low, high, pairs, differing and
        independent_runs.
    """
    horizon = float(min(batch.scenario.horizon_days for batch in batches))
    every = [events_of(batch, horizon) for batch in batches]
    nothing = np.full(len(batches[0]), np.nan)
    rows: list[Any] = []
    for i, (name, table) in enumerate(zip(names, every, strict=True)):
        for event in _in_any(every):
            days, until = table.get(event, (nothing, nothing))
            before = every[0].get(event, (nothing, nothing))[1] if i else None
            valid = days[~np.isnan(days)]
            shown = [
                float(np.quantile(valid, q, method="inverted_cdf")) if len(valid) else math.nan for q in DAYS_SHOWN
            ]
            share = float(np.isfinite(days).mean()) if event in table else math.nan
            rows.append((name, event, share, *shown, *numeric_difference(before, until)[1:]))
    columns = ("scenario", "milestone", "share", "q05", "median", "q95", "mean", "mean_error", *NUMERIC)
    return table_of(rows, columns, 2)


def number_table(names: Sequence[str], batches: Sequence[Batch]) -> pd.DataFrame:
    """Means of numeric outcomes over the runs that have them, and paired differences over runs that have both.

    Parameters
    ----------
    names, batches
        As of `share_table`.

    Returns
    -------
    pandas.DataFrame
        Indexed by scenario and outcome; columns known (share of runs that have it), mean, mean_error (its standard
        error), difference, standard_error, low, high, pairs (runs that have it in both), differing and
        independent_runs.
    """
    found = [numbers(batch) for batch in batches]
    every = list(dict.fromkeys(key for table in found for key in table))
    rows = []
    nothing = np.full(len(batches[0]), np.nan)
    for i, (name, table) in enumerate(zip(names, found, strict=True)):
        for outcome in every:
            before = found[0].get(outcome, nothing) if i else None
            rows.append((name, outcome, *numeric_difference(before, table.get(outcome, nothing))))
    columns = ("scenario", "outcome", "known", "mean", "mean_error", *NUMERIC)
    return table_of(rows, columns, 2)


def payoff_table(names: Sequence[str], batches: Sequence[Batch]) -> pd.DataFrame:
    """Mean payoff of each actor (util, discounted to the start), and its difference from the first scenario.

    Parameters
    ----------
    names, batches
        As of `share_table`.

    Returns
    -------
    pandas.DataFrame
        Indexed by scenario and actor; columns mean, mean_error, difference, standard_error, low, high, pairs,
        differing and independent_runs.
    """
    actors = list(dict.fromkeys(actor for batch in batches for actor in batch.scenario.actors))
    nothing = np.full(len(batches[0]), np.nan)
    rows = []
    for i, (name, batch) in enumerate(zip(names, batches, strict=True)):
        for actor in actors:
            before, after = (
                table.get(f"payoff_{actor}", nothing) for table in (batches[0].outcome_table, batch.outcome_table)
            )
            rows.append((name, actor, *numeric_difference(before if i else None, after)[1:]))
    columns = ("scenario", "actor", "mean", "mean_error", *NUMERIC)
    return table_of(rows, columns, 2)


def sure_sign(row: Any) -> int:
    """Return 1 or -1 if every interval of a difference lies on one side of 0, that over draws too, else 0.

    Examples
    --------
    >>> by_luck = {"low": 0.02, "high": 0.1}
    >>> sure_sign(by_luck), sure_sign(by_luck | {"drawn_low": -0.3, "drawn_high": 0.4})
    (1, 0)
    """
    ends = [(row["low"], row["high"])]
    if "drawn_low" in row:
        ends.append((row["drawn_low"], row["drawn_high"]))
    return int(all(low > 0.0 for low, _ in ends)) - int(all(high < 0.0 for _, high in ends))


def _in_any(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """List what any of some tables has, in order of appearance; failures come last."""
    names = dict.fromkeys(name for table in tables for name in table)
    return sorted(names, key=lambda name: name == FAILED)


def _paired(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> tuple[float, ...]:
    e = paired_effect(before, after)
    differing, needed = _differing(before, after), independent_runs(before, after)
    return (e.before, e.after, e.difference, e.standard_error, e.low, e.high, e.pairs, differing, needed)


def _differing(before: NDArray[Any], after: NDArray[Any]) -> int:
    """Count the runs in which two columns are not equal; unknown (NaN) equals unknown only."""
    equal = before == after
    if before.dtype == after.dtype == np.float64:
        equal |= np.isnan(before) & np.isnan(after)
    return int(len(equal) - np.count_nonzero(equal))


def numeric_difference(before: Floats | None, after: Floats) -> tuple[float, ...]:
    """Return known share, mean, its error, then the columns `NUMERIC`, unknown without anything to compare with."""
    own = after[~np.isnan(after)]
    mean = float(own.mean()) if len(own) else math.nan
    error = float(own.std(ddof=1)) / math.sqrt(len(own)) if len(own) > 1 else math.nan
    known = (len(own) / len(after), mean, error)
    if before is None:
        return (*known, *(math.nan,) * 4, 0, 0, math.nan)
    differing = _differing(before, after)
    if np.isnan(before + after).all():
        return (*known, *(math.nan,) * 4, 0, differing, math.nan)
    e = paired_effect(before, after)
    needed = independent_runs(before, after)
    return (*known, e.difference, e.standard_error, e.low, e.high, e.pairs, differing, needed)


def _without_failures(frame: pd.DataFrame, batches: Sequence[Batch]) -> pd.DataFrame:
    """Leave the row of failures out where no run of any scenario failed."""
    if any((batch.rows["status"] == STOPPED).any() for batch in batches) or frame.empty:
        return frame
    return frame.drop(index=FAILED, level="outcome")


def table_of(rows: list[Any], columns: Sequence[str], keys: int) -> pd.DataFrame:
    """Build a table whose first columns are its index, in order of appearance, so that part of a key finds its rows."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(columns))
    factorized = [pd.factorize(frame[name]) for name in columns[:keys]]
    table = frame[list(columns[keys:])]
    table.index = pd.MultiIndex(
        levels=[list(levels) for _, levels in factorized],
        codes=[codes.tolist() for codes, _ in factorized],
        names=list(columns[:keys]),
    )
    return table
