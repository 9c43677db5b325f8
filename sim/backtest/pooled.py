r"""Cases put together: skill over each yardstick with a bootstrap over cases, and reliability.

CRPS of different targets are divided by a scale that no forecast knows (`sim.backtest.result.scale_of`) and averaged
over the targets of a case, then over cases, so that no case counts for more because it has more targets. Skill is
:math:`1 - \bar S_{model} / \bar S_{yardstick}`. Its interval is that of other cases: cases are drawn anew with
replacement. With five cases, chosen by us, it says how much hangs on any one of them and no more.

The reliability of a forecast is whether, of all things it gave a probability near p, a share p came. Days by which a
dated thing may come (three, six and twelve months ahead) are things of that kind too; they hang together, so the
intervals, by Wilson, are too short.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.backtest.result import YARDSTICKS, BacktestResult
from sim.engine.wilson_interval import wilson_interval

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 2_000
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Skill:
    """Skill over one yardstick.

    Attributes
    ----------
    yardstick : str
        Its name.
    skill, low, high : float
        1 is perfect, 0 no better, negative worse; ends of the 95 % interval over cases.
    cases, targets : int
        With both forecasts.
    better : int
        Targets on which the model scores better.
    """

    yardstick: str
    skill: float
    low: float
    high: float
    cases: int
    targets: int
    better: int


def pooled_skill(results: Sequence[BacktestResult]) -> tuple[Skill, ...]:
    """Return the skill of the model over each yardstick, over all cases, dates and targets.

    Parameters
    ----------
    results : sequence of BacktestResult
        At least one.
    """
    import pandas as pd

    table = pd.concat([result.table for result in results], ignore_index=True)
    return tuple(_skill(table, yardstick) for yardstick in YARDSTICKS)


def _skill(table: pd.DataFrame, yardstick: str) -> Skill:
    both = table[table[f"crps_{yardstick}"].notna() & table["crps_model"].notna()]
    own = (both["crps_model"] / both["scale"]).groupby(both["case"]).mean().to_numpy()
    other = (both[f"crps_{yardstick}"] / both["scale"]).groupby(both["case"]).mean().to_numpy()
    generator = np.random.default_rng(0)
    picks = generator.integers(len(own), size=(RESAMPLES, len(own)))
    skills = 1.0 - own[picks].mean(axis=1) / other[picks].mean(axis=1)
    low, high = np.quantile(skills, (0.025, 0.975))
    better = int((both["crps_model"] < both[f"crps_{yardstick}"]).sum())
    skill = 1.0 - float(own.mean()) / float(other.mean())
    return Skill(yardstick, skill, float(low), float(high), len(own), len(both), better)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Forecasts of like probability.

    Attributes
    ----------
    forecast : float
        Their mean probability.
    came : float
        Share that came true.
    low, high : float
        Ends of the 95 % Wilson interval of the share.
    count : int
        How many there are.
    """

    forecast: float
    came: float
    low: float
    high: float
    count: int


def reliability(results: Sequence[BacktestResult]) -> tuple[ReliabilityBin, ...]:
    """Bin the probabilities of the model by size, and count what came.

    Parameters
    ----------
    results : sequence of BacktestResult
        Whose probabilities are pooled.
    """
    pairs = np.array([(p[3], p[4]) for result in results for p in result.probabilities], dtype=np.float64).reshape(
        -1, 2
    )
    place = np.clip(np.digitize(pairs[:, 0], BINS[1:-1]), 0, len(BINS) - 2)
    found = []
    for k in range(len(BINS) - 1):
        inside = pairs[place == k]
        if len(inside):
            hits = int(inside[:, 1].sum())
            low, high = wilson_interval(hits, len(inside))
            found.append(
                ReliabilityBin(float(inside[:, 0].mean()), hits / len(inside), float(low), float(high), len(inside))
            )
    return tuple(found)


def brier(results: Sequence[BacktestResult]) -> float:
    """Return the mean squared error of the model's probabilities; NaN without any."""
    errors = [(p[3] - p[4]) ** 2 for result in results for p in result.probabilities]
    return float(np.mean(errors)) if errors else math.nan
