"""The Doha baseline under scripted play, so that mechanisms can be tested without anyone deciding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from sim.engine.threads import run_batch
from sim.kernel.bound import bound
from sim.random.seed import signed_seed
from sim.scenario.scenario import Scenario

Script = Mapping[str, list[tuple[int, str]]]
QUIET_TABLE: Script = {"government": [(10, "own_batches")], "taliban": [(10, "baseline")], "us": []}


def scripted(script: Script = QUIET_TABLE, *, outcomes: bool = False, horizon: int = 300, **changes: Any) -> Scenario:
    """Return the baseline with every actor scripted, and land that stays where it is.

    Parameters
    ----------
    script : mapping of actor to list of (day, move)
        What each actor does.
    outcomes : bool
        Whether the hazards that end a run stay.
    horizon : int
        Days.
    **changes
        Overrides by dotted path, with ``__`` in place of dots.
    """
    content = sim.load("doha_2020/baseline").to_dict()
    content["horizon_days"] = horizon
    content["world"]["territory"]["per_day"] = 0.0  # land ties everything to everything; it has tests of its own
    content["deal"]["deadlines"] = [d for d in content["deal"]["deadlines"] if d["day"] <= horizon]
    for name, actor in content["actors"].items():
        actor["rule"] = {"response": "scripted"}
        actor["script"] = [{"day": day, "move": move} for day, move in script.get(name, [])]
    if not outcomes:
        content["deal"]["outcomes"] = {k: v for k, v in content["deal"]["outcomes"].items() if v["at_horizon"]}
        for actor in content["actors"].values():
            actor["payoff"]["at_outcome"] = actor["payoff"]["terms"] = {}
            for kind in actor["types"].values():
                kind["scales"] = {k: v for k, v in kind["scales"].items() if not k.startswith("at_outcome.")}
    scenario = Scenario.from_dict(content)
    return scenario.replace({k.replace("__", "."): v for k, v in changes.items()}) if changes else scenario


def daily(scenario: Scenario, series: str, runs: int = 60, seed: int = 1) -> NDArray[np.float64]:
    """Return the daily values of a series, shape (runs, days + 1)."""
    ready = bound(scenario)
    column = ready.series.index(series)
    values = np.empty((runs, ready.days + 1))

    def keep(first: int, chunk: NDArray[np.float64]) -> None:
        values[first : first + len(chunk)] = chunk[:, :, column]

    run_batch(ready, signed_seed(seed), np.arange(runs), on_series=keep)
    return values


def surely_higher(high: NDArray[np.float64], low: NDArray[np.float64]) -> bool:
    """Return whether paired differences are positive by more than four standard errors."""
    difference = high - low
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    return bool(difference.mean() > 4 * error and difference.mean() > 0)
