"""What moves in a sweep: which measures differ between its rows, and the rows in which each is least and most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.measures import Measure, measures_of

if TYPE_CHECKING:
    from sim.experiments.sweep.sweep import Sweep


@dataclass(frozen=True, slots=True)
class Extremes:
    """The rows of a sweep in which a measure is least and most.

    Attributes
    ----------
    measure : Measure
        Which.
    low, high : float
        Its mean there; of a share between 0 and 1.
    low_error, high_error : float
        Standard errors.
    low_row, high_row : int
        Which rows.
    """

    measure: Measure
    low: float
    high: float
    low_error: float
    high_error: float
    low_row: int
    high_row: int


def looked_at(sweep: Sweep) -> list[Measure]:
    """Return the measures that a sweep is looked at by: what the scenario shows first and what the experiment keeps.

    Parameters
    ----------
    sweep : Sweep
        With some rows done.
    """
    known = measures_of(sweep.experiment.scenario)
    listed = dict.fromkeys((*known.headline, *(known.shares if not known.scenario.headline else ())))
    chosen = [known[name] for name in sweep.experiment.outputs if name in known]
    wanted = [*listed, *(measure for measure in chosen if measure not in listed)]
    return [measure for measure in wanted if _column(measure) in sweep.summary]


def _column(measure: Measure) -> str:
    return f"{'share' if measure.is_share else 'mean'}_{measure.name}"


def extremes_of(sweep: Sweep) -> list[Extremes]:
    """Return the extremes of what varies between rows: shares of runs first, those that vary most before others.

    The least and the most of many rows lie further apart than two rows that were chosen beforehand.

    Parameters
    ----------
    sweep : Sweep
        With some rows done.
    """
    summary = sweep.summary
    found = []
    for measure in looked_at(sweep):
        means = summary[_column(measure)].to_numpy(dtype=np.float64)
        errors = summary[f"standard_error_{measure.name}"].to_numpy(dtype=np.float64)
        if not np.isfinite(means).any():
            continue
        low, high = int(np.nanargmin(means)), int(np.nanargmax(means))
        if means[high] > means[low]:
            found.append(Extremes(measure, means[low], means[high], errors[low], errors[high], low, high))
    return sorted(
        found, key=lambda one: (not one.measure.is_share, one.low - one.high if one.measure.is_share else 0.0)
    )
