r"""Compliance: what of each promise was done by when, and in how many runs it was kept in time.

The promises of a deal (``deal.promises``) are held against the runs of a batch, as studies of implementation hold the
provisions of peace accords against what was done (Joshi, Quinn and Regan 2015). A run has one of four relations to a
promise, so that their shares add up to 1:

- *in time*: reached no later than it was due, or never broken;
- *late*: reached after it was due;
- *not kept*: due and not reached, or broken;
- *not due*: the run ended, or the horizon came, before it fell due, and it was not reached before.

The share done is that of the way to the number when it fell due, or, in a run that was over before, at its end; of a
promise to keep something it is the share of the days on which it was kept. Runs that failed are left out.

References
----------
Joshi, M., Quinn, J. M. and Regan, P. M. (2015). Annualized implementation data on comprehensive intrastate peace
accords, 1989-2012. Journal of Peace Research 52, 551-562.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.encode.deeds import due_date
from sim.engine.batch import Batch
from sim.engine.wilson_interval import share_error, wilson_interval
from sim.model.world import FAILED, NEVER

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

STATES: Final = ("in_time", "late", "not_kept", "not_due")
COLUMNS: Final = (
    "by", "promise", "label", "promised", "to_keep", "due", "median_due_day", "runs", *STATES, "standard_error", "low",
    "high", "broken", "median_day", "share_done",
)  # fmt: skip


def promise_states(batch: Batch, promise: str) -> NDArray[np.int64]:
    """Return how each run that did not fail stands to a promise: its place in `STATES`.

    Parameters
    ----------
    batch : Batch
        Of a scenario that has the promise.
    promise : str
        Its name.

    Returns
    -------
    ndarray of int64, shape (runs that did not fail,)
    """
    rows = batch.rows[batch.rows["status"] != FAILED]
    place = list(batch.scenario.deal.promises).index(promise)
    kept = rows["promise_kept"][:, place] == 1
    first, due = (rows[name][:, place].astype(np.int64) for name in ("promise_tick", "promise_due"))
    if batch.scenario.deal.promises[promise].reach is None:
        return np.where(kept, 0, 2).astype(np.int64)
    over = rows["end_tick"].astype(np.int64) < due
    return np.select([kept, first < NEVER, ~over], [0, 1, 2], 3).astype(np.int64)


def compliance(batch: Batch) -> pd.DataFrame:
    """Hold the promises of a deal against the runs of its scenario.

    Parameters
    ----------
    batch : Batch
        As `sim.replicate` returns it.

    Returns
    -------
    pandas.DataFrame
        One row a promise, by actor in the order of the scenario; columns `COLUMNS`. ``promised`` and ``due`` are words,
        ``to_keep`` says whether something is kept rather than reached, ``median_due_day`` is over the runs that know
        when it is due. Then shares of runs: ``in_time`` with its ``standard_error`` and the ends of its 95 % Wilson
        interval, ``late``, ``not_kept``, ``not_due``. ``median_day`` is the median over all runs of the day on which it
        was reached, infinite where half of them never do; of something to keep, the median day of the first breach over
        the runs that broke it, whose share is ``broken`` (NaN of something to reach). ``share_done`` is a mean.

    Examples
    --------
    >>> import sim
    >>> batch = sim.replicate(sim.load("doha_2020/baseline"), runs=40, seed=7)
    >>> table = compliance(batch).set_index("promise")
    >>> table.loc["prisoners", ["by", "promised", "due"]].tolist()
    ['government', 'persons_freed(taliban_prisoners) >= 5000', '2020-03-10']
    >>> bool((table[list(STATES)].sum(axis=1).round(12) == 1.0).all())
    True
    """
    import pandas as pd

    scenario = batch.scenario
    order = list(scenario.actors)
    promises = sorted(scenario.deal.promises.items(), key=lambda item: order.index(item[1].by))
    return pd.DataFrame([_row(batch, name) for name, _ in promises], columns=list(COLUMNS))


def _row(batch: Batch, name: str) -> tuple[Any, ...]:
    scenario = batch.scenario
    promise = scenario.deal.promises[name]
    rows = batch.rows[batch.rows["status"] != FAILED]
    place = list(scenario.deal.promises).index(name)
    step = 1.0 / scenario.steps_per_day
    states = promise_states(batch, name)
    runs = len(states)
    counts = [int((states == i).sum()) for i in range(len(STATES))]
    shares = [count / runs if runs else math.nan for count in counts]
    low, high = wilson_interval(counts[0], runs) if runs else (math.nan, math.nan)
    due = rows["promise_due"][:, place]
    known = due[due < NEVER]
    median_due = float(np.median(known)) * step if len(known) else math.nan
    first = np.where(rows["promise_tick"][:, place] < NEVER, rows["promise_tick"][:, place] * step, np.inf)
    breaches = first[np.isfinite(first)]
    broken = math.nan
    if promise.reach is None:
        broken = len(breaches) / runs if runs else math.nan
        first = breaches if len(breaches) else first
    median = float(np.quantile(first, 0.5, method="inverted_cdf")) if runs else math.nan
    done = float(rows["promise_share"][:, place].mean()) if runs else math.nan
    error = float(share_error(shares[0], runs)) if runs else math.nan
    label = promise.label or name.replace("_", " ")
    head = (promise.by, name, label, promised_words(scenario, name), promise.reach is None)
    ends = (error, float(low), float(high))
    return (*head, due_words(scenario, name), median_due, runs, *shares, *ends, broken, median, done)


def promised_words(scenario: Scenario, name: str) -> str:
    """Write what a promise is about as a condition."""
    promise = scenario.deal.promises[name]
    if promise.reach is None:
        return str(promise.keep)
    return f"{promise.reach.of} {'>=' if promise.reach.at_least is not None else '<='} {promise.reach.target:g}"


def due_words(scenario: Scenario, name: str) -> str:
    """Say when a promise falls due: a date, or days after something; empty for the whole run.

    Examples
    --------
    >>> import sim
    >>> due_words(sim.load("doha_2020/baseline"), "all_prisoners")
    '92 days after talks began'
    """
    if scenario.deal.promises[name].due is None:
        return ""
    after, days = due_date(scenario, name)
    if not after:
        return (scenario.start + dt.timedelta(days=days)).isoformat()
    milestone = scenario.milestones.get(after)
    label = milestone.label if milestone is not None else None
    return f"{days:g} days after {label or after.replace('_', ' ')}"
