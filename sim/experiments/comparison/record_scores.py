r"""Where what happened falls among simulated runs, and what the runs score as a forecast of it.

For a quantity with observed value y and values :math:`x_1, \ldots, x_n` of the runs (a date that does not come in a run
is later than any date):

- **percentile**: :math:`100\,(\#\{x < y\} + \tfrac12 \#\{x = y\})/n`, mid-rank for ties;
- **CRPS** of the sample, :math:`\frac1n\sum|x_k - y| - \frac{1}{2n^2}\sum\sum|x_j - x_k|` (Gneiting and Raftery 2007,
  equation 21), in the unit of the quantity. Dates after the horizon T, and never, are set to T: that is the score
  :math:`\int_0^T (F(x) - 1\{y \le x\})^2 dx`, proper, and fair to a forecast that gives "never" a probability. For the
  outcome (did the run end as history did) it is :math:`(1 - p)^2`, the Brier score of a yes or no;
- **log score** :math:`-\ln p_c` (nats) of the class c that y falls in: for dates the weeks since the start, with
  "not by the horizon" as a class of its own; for numbers classes of :math:`\mathrm{sign}(y)\ln(1 + |y|)` a fortieth
  wide (2.5 %), up to :math:`10^{13}`; for the outcome, yes or no. A hundredth of the forecast is spread evenly over all
  K classes, :math:`p_c = 0.99\,n_c/n + 0.01/K`, so a class that no run fell in costs :math:`\ln(100 K)`, of
  however many;
- **skill** against a yardstick, :math:`1 - \mathrm{CRPS}/\mathrm{CRPS}_0`: 1 is perfect, 0 no better, negative worse.

Standard errors are those of simulation alone: how far another seed would move the number. With one history no score
has a sampling error that could be estimated, and a number that was fitted to a date earns nothing by meeting it.

References
----------
Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and estimation. Journal of the
American Statistical Association 102, 359-378.
Gneiting, T. and Ranjan, R. (2011). Comparing density forecasts using threshold- and quantile-weighted scoring rules.
Journal of Business and Economic Statistics 29, 411-422.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.errors import UsageError
from sim.experiments.comparison.record_quantity import Quantity, quantities, quantity_label, values_by_run
from sim.record.record import Record
from sim.scoring import crps_ensemble, floored, log_score
from sim.scoring.logarithmic import FLOOR

if TYPE_CHECKING:
    import pandas as pd

WEEK = 7.0
CLASS_WIDTH = 0.025
CLASSES = 1200
COLUMNS = (
    "quantity", "label", "unit", "observed", "date", "used_to_fit", "runs", "runs_with", "percentile", "percentile_se",
    "median", "low", "high", "crps", "crps_se", "log_score", "log_score_se",
)  # fmt: skip
Floats = NDArray[np.float64]


def record_scores(batch: Batch, record: Record, *, baselines: Mapping[str, Batch] | None = None) -> pd.DataFrame:
    """Hold runs against what happened, quantity by quantity, good or bad.

    Parameters
    ----------
    batch : Batch
        Runs of one scenario.
    record : Record
        What happened, as `sim.record.load_record` reads it.
    baselines : mapping of str to Batch, optional
        Yardsticks by name, such as coin-flip play. Under the same seed and number of runs, the standard errors of
        skill use that they share their luck.

    Returns
    -------
    pandas.DataFrame
        One row a quantity: every milestone of scenario and record, talks, the date of the outcome, the outcome itself,
        and each number of the record with a name in `check`. Columns: `quantity`, `unit`, `observed` (dates in days
        since the start), `date`, `used_to_fit` (the record or a number of the scenario says so), `runs` (those that did
        not fail), `runs_with` (share in which the thing happens or the number exists), `percentile` (0 to 100),
        `median`, `low`, `high` (5th and 95th per cent of all runs; NaN where that is never), `crps`, `log_score`; with
        `_se`, the Monte Carlo standard error of the column before (NaN for the log score of a class that no run fell
        in); for each yardstick `crps_<name>`,
        `log_score_<name>`, `skill_<name>`, `skill_<name>_se`; `definition`,
        what the record counted; and `note`, which says why something is NaN.
        Numbers and scores of a window are given that a run has it.

    Raises
    ------
    UsageError
        If the name of a yardstick is no text.

    Examples
    --------
    >>> import sim
    >>> from sim.record import load_record
    >>> s = sim.load("doha_2020/baseline")
    >>> batch, coin = (sim.replicate(x, runs=50, seed=1) for x in (s, sim.load("doha_2020/uniform")))
    >>> frame = record_scores(batch, load_record("doha_2020"), baselines={"uniform": coin})
    >>> frame.quantity[0], float(frame.observed[0]), bool(0 <= frame.percentile[0] <= 100)
    ('first_release', 39.0, True)
    """
    import pandas as pd

    yardsticks = dict(baselines or {})
    for name in yardsticks:
        if not isinstance(name, str) or not name:
            raise UsageError(f"baselines: found the name {name!r}, expected a text such as 'uniform'")
    wanted = quantities(batch, record)
    own = values_by_run(batch, record, wanted)
    others = {name: values_by_run(other, record, wanted) for name, other in yardsticks.items()}
    fitted = {fact for note in batch.scenario.provenance.values() for fact in note.used_to_fit or ()}
    rows = []
    for k, quantity in enumerate(wanted):
        row, scored = _row(batch, quantity, *own[k], fitted)
        for name, found in others.items():
            _against(row, name, scored, _scored(yardsticks[name], quantity, *found[k]), batch, yardsticks[name])
        row["note"] = "; ".join(row["note"])
        rows.append(row)
    extra = [
        f"{c}_{n}{e}" for n in yardsticks for c, e in (("crps", ""), ("log_score", ""), ("skill", ""), ("skill", "_se"))
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, *extra, "definition", "note"])
    frame.attrs = {"record": record.name, "record_sha256": record.sha256, "runs": len(batch), "seed": batch.seed}
    return frame


class _Scored:
    """A sample with its scores: those that could be had, and the influence of each run on the CRPS."""

    def __init__(self, values: Floats, observed: float, quantity: Quantity, horizon: float) -> None:
        self.observed = observed
        known = ~np.isnan(values)
        every, values = len(values), values[known]
        late = horizon if quantity.kind == "date" else math.inf
        sample, happened = np.minimum(values, late), min(observed, late)
        self.crps = float(crps_ensemble(sample, happened))
        # The CRPS is a V-statistic: run k moves it by |x_k - y| - E|x_k - X| (its first-order projection), and a run
        # without a value moves nothing.
        projection = np.abs(sample - happened) - _mean_distance(sample)
        self.influence = np.zeros(every)
        self.influence[known] = (projection - projection.mean()) * (every / len(values))
        classes, c, count = _classes(values, observed, quantity.kind, horizon)
        hits = float((classes == c).sum())
        share = hits / len(values)
        chance = float(floored(share, count))
        self.log_score = float(log_score([chance, 1.0 - chance], 0))
        error = (1.0 - FLOOR) * math.sqrt(share * (1.0 - share) / len(values))
        self.log_score_se = error / chance if hits else math.nan
        self.horizon = horizon

    @property
    def crps_se(self) -> float:
        """Monte Carlo standard error of the CRPS."""
        return _standard_error(self.influence)


def _standard_error(values: Floats) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def _mean_distance(sample: Floats) -> Floats:
    """Return the mean distance of each member to all members, in one sort."""
    order = np.argsort(sample, kind="stable")
    x = sample[order]
    n = len(x)
    below = np.cumsum(x)
    place = np.arange(1, n + 1)
    distance = np.empty(n)
    distance[order] = (x * (2 * place - n) - 2 * below + below[-1]) / n
    return distance


def _classes(values: Floats, observed: float, kind: str, horizon: float) -> tuple[Floats, float, int]:
    """Return the class of each run, the class that came true, and how many classes there are."""
    if kind == "class":
        return values, observed, 2
    both = np.append(values, observed)
    if kind == "date":
        count = math.floor(horizon / WEEK) + 2
        placed = np.where(both > horizon, count - 1.0, np.floor(np.minimum(both, horizon) / WEEK))
    else:
        count = 2 * CLASSES + 1
        step = np.floor(np.log1p(np.abs(both)) / CLASS_WIDTH)
        placed = np.sign(both) * np.minimum(step, CLASSES)
    return placed[:-1], float(placed[-1]), count


def _scored(batch: Batch, quantity: Quantity, values: Floats, note: str) -> tuple[_Scored | None, str]:
    """Score what a batch says; None with the reason where it cannot be done."""
    start, horizon = batch.scenario.start, float(batch.scenario.horizon_days)
    observed = quantity.observed(start)
    if note:
        return None, note
    if math.isnan(observed):
        return None, "the record has no such milestone"
    if quantity.kind == "date" and observed < 0.0:
        return None, f"it happened before the scenario begins on {start}"
    if np.isnan(values).all():
        return None, "no run has such a window" if len(values) else "all runs failed"
    return _Scored(values, observed, quantity, horizon), ""


def _row(
    batch: Batch, quantity: Quantity, values: Floats, note: str, fitted: set[str]
) -> tuple[dict[str, Any], _Scored | None]:
    o = quantity.observation
    row: dict[str, Any] = dict.fromkeys(COLUMNS, math.nan)
    row["quantity"], row["unit"], row["runs"] = quantity.name, quantity.unit, len(values)
    row["label"] = quantity_label(quantity, batch.scenario)
    row["observed"] = quantity.observed(batch.scenario.start)
    row["date"] = None if o is None else o.date
    row["used_to_fit"] = (o is not None and o.used_to_fit) or quantity.name in fitted
    scored, why = _scored(batch, quantity, values, note)
    row["definition"] = "" if o is None else o.definition
    row["note"] = [why] if why else []
    known = values[~np.isnan(values)]
    if not note and len(known):
        happens = np.isfinite(values) if quantity.kind != "class" else values == 1.0
        row["runs_with"] = float(happens.mean())
        if quantity.kind != "class":
            ends = np.quantile(known, (0.5, 0.05, 0.95), method="inverted_cdf")
            row["median"], row["low"], row["high"] = np.where(np.isinf(ends), np.nan, ends)
    if scored is None:
        return row, None
    y = scored.observed
    if quantity.kind == "date" and y > scored.horizon:
        row["note"].append("it came after the horizon of the runs")
        y = math.inf
    if quantity.kind != "class":
        rank = (known < y) + 0.5 * (known == y)  # a float for each run: 1 below, 1/2 at, 0 above
        row["percentile"], row["percentile_se"] = 100.0 * float(rank.mean()), 100.0 * _standard_error(rank)
    row["crps"], row["crps_se"] = scored.crps, scored.crps_se
    row["log_score"], row["log_score_se"] = scored.log_score, scored.log_score_se
    if len(known) < len(values):
        row["note"].append(f"given the {len(known):,} runs that have it")
    return row, scored


def _against(
    row: dict[str, Any], name: str, own: _Scored | None, found: tuple[_Scored | None, str], batch: Batch, other: Batch
) -> None:
    """Write what a yardstick scores, and the skill against it."""
    scored, why = found
    for column in (f"crps_{name}", f"log_score_{name}", f"skill_{name}", f"skill_{name}_se"):
        row[column] = math.nan
    if scored is None:
        if why not in row["note"]:
            row["note"].append(f"{name}: {why}")
        return
    row[f"crps_{name}"], row[f"log_score_{name}"] = scored.crps, scored.log_score
    if own is None:
        return
    if row["unit"] == "days" and scored.horizon != own.horizon:
        row["note"].append(f"{name} ends after {scored.horizon:g} days, so its scores are of another range")
        return
    if scored.crps > 0.0:
        ratio = own.crps / scored.crps
        row[f"skill_{name}"] = 1.0 - ratio
        paired = batch.seed == other.seed and len(own.influence) == len(scored.influence) == len(batch) == len(other)
        if paired:
            error = _standard_error(own.influence - ratio * scored.influence)
        else:
            error = math.hypot(own.crps_se, ratio * scored.crps_se)
        row[f"skill_{name}_se"] = error / scored.crps
