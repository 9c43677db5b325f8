r"""Scores of weighted samples: CRPS, and a log score with stated classes; each with an interval.

The log score is :math:`-\ln(0.99\,p_c + 0.01/K)` (nats) of the class c that came true, of K: of dates, the four weeks
from the date of freeze on that it falls in, "later or never" being one more; of a yes or no, which; of numbers, the
tenth of :math:`\ln(1 + y)` up to a million. Intervals are those of other draws of the uncertain numbers: draws are
drawn anew with replacement, all worlds of a draw together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.backtest.forecasts import Goal
from sim.scoring import crps_weighted, floored

Floats = NDArray[np.float64]
MONTH: Final = 28.0
CLASS_WIDTH: Final = 0.1
LARGEST: Final = 1e6
RESAMPLES: Final = 200


@dataclass(frozen=True, slots=True)
class Score:
    """What a forecast of one target scores; lower is better.

    Attributes
    ----------
    crps, log_score : float
        In the unit of the target (of a yes or no the squared error of its probability), and in nats.
    crps_low, crps_high, log_low, log_high : float
        Ends of the 95 % intervals over draws; NaN for a yardstick without draws.
    median, low, high : float
        Of the forecast, 5th and 95th per cent; of a yes or no the probability, thrice.
    """

    crps: float
    log_score: float
    crps_low: float = math.nan
    crps_high: float = math.nan
    log_low: float = math.nan
    log_high: float = math.nan
    median: float = math.nan
    low: float = math.nan
    high: float = math.nan


def score(goal: Goal, day: int, values: Floats, weights: Floats | None = None, draws: int = 0) -> Score | None:
    """Score a weighted sample.

    Parameters
    ----------
    goal : Goal
        The target, and what came.
    day : int
        Of the freeze.
    values, weights : ndarray, shape (members,)
        NaN members and those without weight are left out; equal weights if left out.
    draws : int
        If positive, members are that many draws of as many worlds each, in order, and intervals are taken over them.

    Returns
    -------
    Score or None
        None if no member is left.
    """
    weight = np.full(len(values), 1.0 / len(values)) if weights is None else weights
    weight = np.where(np.isnan(values), 0.0, weight)
    if not weight.sum() > 0.0:
        return None
    sample = np.where(np.isnan(values), 0.0, values)
    point, count, happened = _classes(goal, day, sample)
    crps = crps_weighted(sample, weight, goal.observed)
    log = _log(weight, point == happened, count)
    ends = _interval(goal, sample, weight, point == happened, count, draws) if draws > 1 else (math.nan,) * 4
    quantiles = (
        _quantiles(sample, weight) if goal.kind != "yes_no" else (float((weight * sample).sum() / weight.sum()),) * 3
    )
    return Score(crps, log, *ends, *quantiles)


def _log(weight: Floats, hit: NDArray[np.bool_], count: int) -> float:
    return -math.log(float(floored(float(weight[hit].sum() / weight.sum()), count)))


def _interval(
    goal: Goal, sample: Floats, weight: Floats, hit: NDArray[np.bool_], count: int, draws: int
) -> tuple[float, float, float, float]:
    generator = np.random.default_rng(0)
    worlds = len(sample) // draws
    crps, log = [], []
    for _ in range(RESAMPLES):
        again = np.repeat(np.bincount(generator.integers(draws, size=draws), minlength=draws), worlds) * weight
        if again.sum() > 0.0:
            crps.append(crps_weighted(sample, again, goal.observed))
            log.append(_log(again, hit, count))
    low, high = np.quantile(crps, (0.025, 0.975)) if crps else (math.nan, math.nan)
    first, last = np.quantile(log, (0.025, 0.975)) if log else (math.nan, math.nan)
    return float(low), float(high), float(first), float(last)


def _classes(goal: Goal, day: int, sample: Floats) -> tuple[Floats, int, float]:
    """Return the class of each member, how many classes there are, and which came true."""
    both = np.append(sample, goal.observed)
    if goal.kind == "yes_no":
        placed, count = both, 2
    elif goal.kind == "date":
        count = math.ceil((goal.cap - 1.0 - day) / MONTH) + 1
        placed = np.where(both >= goal.cap, count - 1.0, np.floor((np.maximum(both, day + 1.0) - day - 1.0) / MONTH))
    else:
        count = math.ceil(math.log1p(LARGEST) / CLASS_WIDTH) + 1
        placed = np.minimum(np.floor(np.log1p(np.maximum(both, 0.0)) / CLASS_WIDTH), count - 1.0)
    return placed[:-1], count, float(placed[-1])


def _quantiles(sample: Floats, weight: Floats) -> tuple[float, float, float]:
    order = np.argsort(sample, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    ends = [float(sample[order][min(int(np.searchsorted(share, q)), len(sample) - 1)]) for q in (0.5, 0.05, 0.95)]
    return ends[0], ends[1], ends[2]
