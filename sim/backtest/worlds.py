"""Worlds of a frozen scenario: some of each draw of its uncertain numbers, all on luck that other forecasts share.

World w of every draw has replication w, so a draw is compared with another on the same luck; a rule put in the place
of the actors' own (coin flips, the schedule as written) sees the same draws and the same luck.

To make scenarios of draws is plain Python and takes about as long as to play them, which is compiled and holds no lock:
the draws of the next part are made while those of the last are played.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.backtest.frozen import PLAY, Frozen
from sim.backtest.uncertain import Uncertain, overrides
from sim.engine.outcome_frame import outcome_columns
from sim.engine.threads import run_batch
from sim.errors import ScenarioError
from sim.experiments.comparison.window_value import series_columns
from sim.kernel.bound import Bound, bound
from sim.random.seed import signed_seed
from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
Daily = NDArray[np.float32]
"""Daily values, at half the memory: there are thousands of worlds of a year or three."""
KEPT_AT_ONCE: Final = 64
"""Draws whose parameters are held and run together; twice as many are alive."""


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
        Draws, as `sim.backtest.uncertain.draw` returns them.
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
    total = len(points) * worlds
    days = base.days + 1
    kept = {name: np.full(total, np.nan) for name in columns}
    outcome = np.full(total, None, dtype=object)
    daily = {name: np.full((total, days), np.nan, dtype=np.float32) for name in series}
    refused = 0
    with ThreadPoolExecutor(1) as player:
        before: Future[None] | None = None
        for first in range(0, len(points), KEPT_AT_ONCE):
            groups: dict[str, list[tuple[int, Bound]]] = {}
            some = points[first : first + KEPT_AT_ONCE]
            for draw, replaced in enumerate(_values(uncertain, some, rule), start=first):
                try:
                    drawn = bound(scenario.replace(replaced))
                except ScenarioError:
                    refused += 1
                    continue
                groups.setdefault(drawn.tables_digest, []).append((draw, drawn))
            if before is not None:
                before.result()
                if progress is not None:
                    progress(first, len(points))
            before = player.submit(_run, groups, worlds, seed, kept, outcome, daily, names, threads)
        if before is not None:
            before.result()
    if progress is not None:
        progress(len(points), len(points))
    for values in daily.values():
        _carry_on(values)
    return Worlds(len(points), worlds, kept, outcome, daily, refused)


def _run(
    groups: Mapping[str, list[tuple[int, Bound]]],
    worlds: int,
    seed: int,
    kept: dict[str, Floats],
    outcome: NDArray[Any],
    daily: dict[str, Daily],
    names: Mapping[str, list[int]],
    threads: int | None,
) -> None:
    """Run the worlds of some draws; those that share their tables in one batch."""
    for members in groups.values():
        _run_alike(members, worlds, seed, kept, outcome, daily, names, threads)


def _run_alike(
    members: list[tuple[int, Bound]],
    worlds: int,
    seed: int,
    kept: dict[str, Floats],
    outcome: NDArray[Any],
    daily: dict[str, Daily],
    names: Mapping[str, list[int]],
    threads: int | None,
) -> None:
    """Run the worlds of draws that share their tables, in one batch."""
    one = members[0][1]
    params = np.concatenate([drawn.params for _, drawn in members])
    which = np.repeat(np.arange(len(members)), worlds)
    place = np.concatenate([draw * worlds + np.arange(worlds) for draw, _ in members])

    def store(first: int, values: Floats) -> None:
        rows = place[first : first + len(values)]
        for name, columns in names.items():
            daily[name][rows] = values[:, :, columns].sum(axis=2)

    rows = run_batch(
        one,
        signed_seed(seed),
        np.tile(np.arange(worlds), len(members)),
        params=params,
        which=which,
        threads=threads,
        on_series=store if names else None,
    )
    table = outcome_columns(rows, one)
    outcome[place] = table["outcome"]
    for name, values in kept.items():
        values[place] = table[name]


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
