"""Back-testing one case on one date: freeze, draw, weigh, forecast, score; yardsticks beside it."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.backtest.definition import Backtest, load_backtest
from sim.backtest.evidence import (
    TOO_FEW,
    Evidence,
    effective_number,
    evidence_by,
    log_likelihood,
    normalised,
    value_of,
    weighed_series,
)
from sim.backtest.forecasts import Goal, base_rate, days_of, goals_of, of_worlds, persistence
from sim.backtest.frozen import Frozen
from sim.backtest.result import BacktestResult, shift
from sim.backtest.scores import Score, score
from sim.backtest.uncertain import drawn_numbers
from sim.backtest.worlds import Worlds, run_worlds
from sim.encode.encoded import encode
from sim.errors import UsageError
from sim.experiments.comparison.window_value import date_column, series_columns
from sim.experiments.uncertain import draw
from sim.random.seed import check_seed

Floats = NDArray[np.float64]
DRAWS: Final = 2_000
WORLDS: Final = 5
RULES: Final[dict[str, dict[str, Any]]] = {
    "coin": {"response": "uniform", "valuation": "none"},
    "schedule": {"response": "schedule_as_written", "valuation": "none"},
}
YARDSTICK_SHARE: Final = 4
"""One of so many draws is played by each rule that stands in for the actors' own."""
MONTHS_AHEAD: Final = (91, 183, 365)


def backtest(
    source: str | os.PathLike[str] | Backtest,
    as_of: dt.date | str,
    *,
    draws: int = DRAWS,
    worlds: int = WORLDS,
    seed: int = 0,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BacktestResult:
    """Freeze a scenario on a date, forecast what came, and score the forecast beside its yardsticks.

    Parameters
    ----------
    source : str, path or Backtest
        A case or its scenario by name (``doha_2020/baseline``), a back-test file, or what `load_backtest` returned.
    as_of : datetime.date or str
        The last day of history.
    draws, worlds : int
        Draws of the uncertain numbers, and worlds of each; 10,000 in all if left out.
    seed : int
        Luck of draws and worlds.
    threads : int, optional
        All processors if left out; no result depends on it.
    progress : callable, optional
        Called as ``progress(done, total)`` in draws of all forecasts.

    Returns
    -------
    BacktestResult

    Raises
    ------
    ScenarioError
        If the file is malformed, the history uses a later fact, or a number that knows too much has no prior.
    UsageError
        If the date or a size is out of range, or no target is open on the date.

    Examples
    --------
    >>> import sim
    >>> found = sim.backtest.backtest("aceh_2005/baseline", "2005-09-01", draws=8, worlds=1)
    >>> found.case, found.table.target[0]
    ('aceh_2005', 'first_quarter')
    """
    began = time.perf_counter()
    for name, size, most in (("draws", draws, 1_000_000), ("worlds", worlds, 10_000)):
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= most:
            raise UsageError(f"{name}: found {size!r}, expected a whole number from 1 to {most:,}")
    check_seed(seed)
    found = source if isinstance(source, Backtest) else load_backtest(source)
    frozen = Frozen(found, as_of if isinstance(as_of, dt.date) else _date(as_of))
    uncertain = drawn_numbers(frozen)
    goals = goals_of(frozen)
    if not goals:
        raise UsageError(
            f"{found.name} as of {frozen.as_of}: found no target that is still open, expected an earlier date"
        )
    evidence = evidence_by(found.record, found.content.observed, frozen.told.start, frozen.as_of)
    columns, series = _needed(frozen, goals, evidence)
    points = draw(uncertain, draws, seed)
    fewer = max(draws // YARDSTICK_SHARE, 1)
    whole = draws + fewer * len(RULES)
    told = 0

    def report(done: int, _total: int) -> None:
        if progress is not None:
            progress(told + done, whole)

    def play(rule: dict[str, Any] | None, some: Floats) -> Worlds:
        return run_worlds(
            frozen, uncertain, some, worlds, seed,
            columns=columns, series=series, rule=rule, threads=threads, progress=report,
        )  # fmt: skip

    def weigh(played: Worlds) -> tuple[Floats, float, float]:
        start = frozen.told.start
        values = [
            value_of(f.observation, played.series[weighed_series(f.observation)].astype(float), start) for f in evidence
        ]
        log = log_likelihood(evidence, values) if evidence else np.zeros(len(played.outcome))
        log = np.where([name is None for name in played.outcome], -np.inf, log)
        too_early = _too_early(frozen, goals, played)
        weights = normalised(np.where(too_early, -np.inf, log))
        return weights, effective_number(weights), float(too_early.mean())

    model = play(None, points)
    weights, effective, contradicted = weigh(model)
    failed = int(sum(name is None for name in model.outcome))
    weighted = effective >= min(TOO_FEW, draws * worlds / 4)
    if not weighted:
        weights = normalised(np.where([name is None for name in model.outcome], -np.inf, 0.0))
    scores: dict[str, dict[str, Score | None]] = {"model": {}, "persistence": {}, "base_rate": {}}
    values = {goal.name: of_worlds(goal, model, frozen) for goal in goals}
    for goal in goals:
        scores["model"][goal.name] = score(goal, frozen.day, values[goal.name], weights, draws)
        naive = persistence(goal, frozen)
        scores["persistence"][goal.name] = None if naive is None else score(goal, frozen.day, naive)
        scores["base_rate"][goal.name] = score(goal, frozen.day, base_rate(goal, frozen))
    told = draws
    for name, rule in RULES.items():
        other = play(rule, points[:fewer])
        told += fewer
        others, enough, _ = weigh(other)
        if not enough >= min(TOO_FEW, fewer * worlds / 4):
            others = normalised(np.where([n is None for n in other.outcome], -np.inf, 0.0))
        scores[name] = {g.name: score(g, frozen.day, of_worlds(g, other, frozen), others) for g in goals}
    by_draw = weights.reshape(draws, worlds).sum(axis=1)
    moved = {number.path: shift(points[:, k], by_draw) for k, number in enumerate(uncertain)}
    return BacktestResult(
        case=found.name, title=frozen.told.title, start=frozen.told.start, as_of=frozen.as_of,
        draws=draws, worlds=worlds, seed=seed, uncertain=uncertain,
        kept=len(frozen.told.provenance) - len(uncertain), evidence=evidence, effective=effective, weighted=weighted,
        contradicted=contradicted, failed=failed, goals=goals, scores=scores,
        probabilities=_probabilities(goals, frozen, values, weights), prior_to_posterior=moved,
        seconds=time.perf_counter() - began,
    )  # fmt: skip


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        raise UsageError(f"as_of: found {text!r}, expected a date such as 2020-03-15") from None


def _needed(frozen: Frozen, goals: tuple[Goal, ...], evidence: tuple[Evidence, ...]) -> tuple[list[str], list[str]]:
    """Return which outcome columns and daily series targets and evidence need; refuse what there is not."""
    encoded = encode(frozen.scenario)
    milestones = {date_column(name) for name in frozen.scenario.milestones} | {"talks_day"}
    outcome = frozen.backtest.record.outcome
    columns, series = ["outcome_day"], [weighed_series(fact.observation) for fact in evidence]
    for goal in goals:
        where = ("targets", goal.name, "row")
        if goal.kind == "number":
            if not series_columns(encoded.series, goal.row.series):
                raise frozen.backtest.problem(
                    where, f"the series {goal.row.series}", "one of " + ", ".join(encoded.series)
                )
            series.append(goal.row.series)
        elif goal.column in milestones:
            columns.append(goal.column)
        elif outcome is None or outcome.name != goal.row.name or outcome.arguments[0] not in frozen.scenario.outcomes:
            names = ", ".join(frozen.scenario.milestones)
            raise frozen.backtest.problem(where, goal.row.name, f"a milestone or the outcome of the scenario: {names}")
    for fact in evidence:
        name = fact.observation.series
        if not series_columns(encoded.series, weighed_series(fact.observation)):
            raise frozen.backtest.problem(("observed", name), name, "a daily series: " + ", ".join(encoded.series))
    return list(dict.fromkeys(columns)), list(dict.fromkeys(series))


def _too_early(frozen: Frozen, goals: tuple[Goal, ...], worlds: Worlds) -> NDArray[np.bool_]:
    """Return in which worlds something happened by the date that by the record had not."""
    early = np.zeros(len(worlds.outcome), dtype=bool)
    for goal in goals:
        if goal.kind != "number":
            early |= days_of(goal.row, worlds, frozen) <= frozen.day
    return early


def _probabilities(
    goals: tuple[Goal, ...], frozen: Frozen, values: dict[str, Floats], weights: Floats
) -> tuple[tuple[str, str, int, float, float], ...]:
    """List the probabilities that the model gives to dated things by three, six and twelve months, and what came."""
    found = []
    for goal in goals:
        known = np.where(np.isnan(values[goal.name]), 0.0, weights)
        if goal.kind == "yes_no":
            found.append(
                (goal.name, "model", 0, float((known * np.nan_to_num(values[goal.name])).sum()), goal.observed)
            )
        elif goal.kind == "date":
            for days in MONTHS_AHEAD:
                by = frozen.day + days
                if by < goal.cap:
                    chance = float(known[values[goal.name] <= by].sum())
                    found.append((goal.name, "model", days, chance, float(goal.observed <= by)))
    return tuple(found)
