"""Worlds of a frozen scenario: some of each draw of its uncertain numbers, all on luck that other forecasts share.

A rule put in the place of the actors' own (coin flips, the schedule as written) sees the same draws and the same luck.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.backtest.frozen import PLAY, Frozen
from sim.engine.outcome_frame import outcome_columns
from sim.experiments.comparison.window_value import series_columns
from sim.experiments.drawn_runs import drawn_runs
from sim.experiments.uncertain import Uncertain, overrides
from sim.kernel.bound import bound
from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
Daily = NDArray[np.float32]
"""Daily values, at half the memory: there are thousands of worlds of a year or three."""


@dataclass(frozen=True, slots=True, eq=False)
class Worlds:
    """What is kept of the worlds.

    Attributes
    ----------
    draws, worlds : int
        Draws, and worlds of each; runs are ordered by draw.
    columns : dict of str to ndarray, shape (draws * worlds,)
        Outcome columns, as of a batch; NaN of runs that failed.
    outcome : ndarray of object
        Name of the outcome; None of a run that failed.
    series : dict of str to ndarray, shape (draws * worlds, days + 1)
        The daily series asked for; the last value goes on after a run has ended.
    refused : int
        Draws that were no scenario; their worlds failed.
    """

    draws: int
    worlds: int
    columns: Mapping[str, Floats]
    outcome: NDArray[Any]
    series: Mapping[str, Daily]
    refused: int


def run_worlds(
    frozen: Frozen,
    uncertain: tuple[Uncertain, ...],
    points: Floats,
    worlds: int,
    seed: int,
    *,
    columns: Sequence[str],
    series: Sequence[str],
    rule: Mapping[str, Any] | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Worlds:
    """Run some worlds of each draw.

    Parameters
    ----------
    frozen : Frozen
        The scenario.
    uncertain : tuple of Uncertain
        Its uncertain numbers.
    points : ndarray, shape (draws, len(uncertain))
        Draws, as `sim.experiments.uncertain.draw` returns them.
    worlds : int
        Worlds of each draw.
    seed : int
        The luck.
    columns, series : sequence of str
        Outcome columns and daily series to keep; a series without its entities is the sum over all.
    rule : mapping, optional
        A rule in the place of the actors' own, from the date on.
    threads : int, optional
        All processors if left out.
    progress : callable, optional
        Called as ``progress(done, total)`` in draws.

    Returns
    -------
    Worlds
    """
    scenario = frozen.scenario if rule is None else _with_rule(frozen.scenario, rule)
    base = bound(scenario)
    names = {name: series_columns(base.series, name) for name in series}
    total, days = len(points) * worlds, base.days + 1
    daily = {name: np.full((total, days), np.nan, dtype=np.float32) for name in series}

    def keep(places: NDArray[np.int64], values: Floats) -> None:
        for name, own in names.items():
            daily[name][places] = values[:, :, own].sum(axis=2)

    rows, refused = drawn_runs(
        scenario,
        _values(uncertain, points, rule),
        worlds,
        seed,
        threads=threads,
        on_series=keep if names else None,
        progress=progress,
    )
    for values in daily.values():
        _carry_on(values)
    table = outcome_columns(rows, base)
    return Worlds(len(points), worlds, {name: table[name] for name in columns}, table["outcome"], daily, refused)


def _values(uncertain: tuple[Uncertain, ...], points: Floats, rule: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the values of each draw; numbers of rules that another rule has displaced are nowhere."""
    rows = overrides(uncertain, points)
    if rule is None:
        return rows
    return [{path: v for path, v in row.items() if f".profiles.{PLAY}.rule." not in path} for row in rows]


def _with_rule(scenario: Scenario, rule: Mapping[str, Any]) -> Scenario:
    """Put a rule in the place of the actors' own."""
    values: dict[str, Any] = {}
    for name, actor in scenario.actors.items():
        if rule["response"] == "schedule_as_written" and not actor.keeps_deal:
            continue  # nothing is written for it: it plays its own rule
        for profile in actor.profiles:
            if profile == PLAY or actor.profiles[profile].rule.response is not None:
                values[f"actors.{name}.profiles.{profile}.rule"] = dict(rule)
    return scenario.replace(values).without_provenance()


def _carry_on(values: Daily) -> None:
    """Let the last value of a run go on after its end; a run without any has none."""
    valid = ~np.isnan(values)
    place = np.where(valid, np.arange(values.shape[1]), 0)
    np.maximum.accumulate(place, axis=1, out=place)
    values[:] = np.take_along_axis(values, place, axis=1)
