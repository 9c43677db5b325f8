"""Results of sweeps made from any function of the unit cube: an experiment, its frame, a sweep that reads it back."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

import sim

PATHS = {
    "hazard": "deal.outcomes.settlement.per_day",
    "payoff": "actors.state.payoff.per_year.attacks",
    "rule": "actors.rebels.rule.lam_per_util",
}


def swept(points: np.ndarray, replications: int, paths: dict[str, str] | None = None) -> Any:
    """Return an experiment on a toy with factors of given paths; three of three kinds unless told otherwise."""
    factors = [SimpleNamespace(name=name, paths=(path,)) for name, path in (paths or PATHS).items()]
    return SimpleNamespace(
        scenario=sim.load("toys/two_actors"), seed=3, factors=factors, unit_points=points, replications=replications
    )


def frame_of(runs: np.ndarray, output: str = "released") -> pd.DataFrame:
    """Return runs of shape (rows, replications) as the frame of a sweep; NaN is a failed run."""
    rows, replications = runs.shape
    return pd.DataFrame(
        {
            "run": np.arange(rows * replications),
            "row": np.repeat(np.arange(rows), replications),
            "replication": np.tile(np.arange(replications), rows),
            "seed": np.uint64(3),
            output: runs.ravel(),
            "failure": np.where(np.isnan(runs.ravel()), "day 3: the world not finite", None),
        }
    )


def sweep_of(experiment: Any, frame: pd.DataFrame) -> Any:
    """Return a finished sweep."""

    def read(columns: Sequence[str] | None = None) -> pd.DataFrame:
        return frame if columns is None else frame[list(columns)]

    return SimpleNamespace(experiment=experiment, columns=tuple(frame.columns), frame=read, keep="runs")
