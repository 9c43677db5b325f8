"""Forks: the world as it stands on a date of a run, going on under changed numbers on the same luck.

The run is stepped again to the end of the day before (it comes out the same, to the bit), its world is *fitted* to the
changed scenario, and another engine goes on from there. Luck is addressed by date, cause and entity, never drawn in
sequence, so what the changes do not touch goes on as it would have: a fork without changes equals its run.

Fitting keeps everything that is a fact of the world (strengths, captives, troops, draws of day 0) and sets anew what
follows from the scenario: the next dates of every calendar that changed, what is read off the standing moves, draws
that the scenario did not have before, and the memory of rules that changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.event import EventEngine, Past
from sim.engine.fork_changes import check_places, late_changes
from sim.engine.legality import why_not
from sim.engine.run_date import day_of_run
from sim.errors import UsageError
from sim.kernel.bound import Bound, bound
from sim.kernel.calendars import arm_calendars
from sim.model.clocks import (
    DEADLINE_WIDTH,
    REVIEW_CLOCK,
    TRIGGER_CLOCK,
    next_opportunity,
)
from sim.model.events import EventState
from sim.model.moves import read_moves
from sim.model.payoffs import draw_actor
from sim.model.reading import read_world
from sim.model.releases import start_release
from sim.model.switches import ON_TYPES, ON_WEIGHT_SPREAD
from sim.model.world import NEVER
from sim.random.seed import signed_seed
from sim.scenario.catalogue import MAX_TERMS
from sim.scenario.events import EVENT, PROFILE
from sim.scenario.feature_reference import nearest

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Settled:
    """Days on which a forced move stands in for an actor's own decisions.

    Attributes
    ----------
    actor : int
        Row of the actor.
    first, last : int
        Ticks, both included.
    """

    actor: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """A world that is ready to go on.

    Attributes
    ----------
    scenario : Scenario
        Under which it goes on; forced moves are among its scheduled moves.
    bound : Bound
        The same, ready to run.
    past : Past
        The world just before the date, fitted, and what was logged until then.
    day : int
        Of the date.
    settled : tuple of Settled
        Decisions that forced moves stand in for.
    notes : tuple of str
        What of the changes comes too late, and what else the reader should know.
    """

    scenario: Scenario
    bound: Bound
    past: Past
    day: int
    settled: tuple[Settled, ...]
    notes: tuple[str, ...]

    @property
    def tick(self) -> int:
        """First tick of the date."""
        return self.day * int(self.scenario.steps_per_day)


def prepare_fork(run: Any, date: Any, changes: Any, moves: Any) -> Fork:
    """Bring the world of a run to the start of a date and fit it to changes; see `sim.engine.run.Run.fork`."""
    day = day_of_run(run, date)
    for name, argument in (("changes", changes), ("moves", moves)):
        if argument is not None and not isinstance(argument, Mapping):
            example = '{"mechanisms.aid": False}' if name == "changes" else '{"actor": "move"}'
            raise UsageError(f"fork: {name}: found {type(argument).__name__}, expected a mapping such as {example}")
    origin: Fork | None = run.origin
    if origin is not None and day < origin.day:
        raise UsageError(
            f"fork: found day {day}, expected day {origin.day} or later: this run is itself a fork from that day, and "
            "what lies before belongs to the run it came from. Fork that one: run.parent.fork(...)"
        )
    before = run.scenario if run.scenario.solution is None else run._bound.scenario  # with the policies it drew
    after = before.replace(changes) if changes else before
    check_places(before, after)
    if after.horizon_days < day:
        raise UsageError(
            f"fork: horizon_days: found {after.horizon_days}, expected at least {day}, the day of the fork. Choose an "
            "earlier date or a longer horizon"
        )
    notes = list(late_changes(before, after, day))
    steps = int(after.steps_per_day)
    first = day * steps
    rows = [_row_of(after, actor, move) for actor, move in (moves or {}).items()]
    settled = (origin.settled if origin else ()) + tuple(Settled(row, first, first + steps - 1) for row, _ in rows)
    for actor, move in (moves or {}).items():
        after = _with_forced_move(after, actor, day, move)
    new = _without_settled(bound(after), settled)
    past, fitted_notes = _past_of(run, new, first, settled)
    notes += fitted_notes
    for row, column in rows:
        reason = why_not(past.state, new, row, column)
        if reason:
            name = f"{new.names.actors[row]}: {new.names.moves[row][column]}"
            notes.append(f"{name} is made although it was not legal when the day began ({reason})")
    return Fork(after, new, past, day, settled, tuple(notes))


def _past_of(run: Any, new: Bound, first: int, settled: tuple[Settled, ...]) -> tuple[Past, list[str]]:
    """Step a run to the end of the tick before `first` and fit its world to what it goes on under."""
    seed, origin = signed_seed(run.seed), run.origin
    notes: list[str] = []
    if first == 0:
        past = EventEngine(new, seed, run.replication).past()
    else:
        engine = EventEngine(run._bound, seed, run.replication, past=None if origin is None else origin.past)
        engine.run(until=first - 1)
        past = engine.past()
        notes = _fit(past.state, run._bound, new, first)
        past = replace(
            past,
            log=_same_rows(past.log, run._bound, new),
            series=_same_columns(past.series, run._bound, new),
            ledger=_same_terms(past.ledger, run._bound, new),
        )
    for entry in settled:
        _take_decisions(past.state, new, entry)
    return past, notes


def _row_of(scenario: Scenario, actor: str, move: str) -> tuple[int, int]:
    """Return the rows of an actor and its move."""
    actors = scenario.actors
    if actor not in actors:
        raise UsageError(
            f"fork: moves: found no actor {str(actor)[:40]!r}, expected one of {', '.join(actors)}. "
            f"{nearest(str(actor), actors)}".rstrip()
        )
    names = tuple(actors[actor].moves)
    if move not in names:
        raise UsageError(
            f"fork: moves: {actor}: found no move {str(move)[:40]!r}, expected one of {', '.join(names)}. "
            f"{nearest(str(move), names)}".rstrip()
        )
    return tuple(actors).index(actor), names.index(move)


def _with_forced_move(scenario: Scenario, actor: str, day: int, move: str) -> Scenario:
    """Return a scenario in which an actor makes a move on a day, in place of what its calendar had on that day."""
    path = f"actors.{actor}"
    content = scenario.to_dict()["actors"][actor]
    values: dict[str, Any] = {}
    for key in ("scheduled_moves", "script"):
        dated = content.get(key, [])
        values[f"{path}.{key}"] = [entry for entry in dated if not day <= entry["day"] < day + 1]
    values[f"{path}.scheduled_moves"].append({"day": day, "move": move})
    values[f"{path}.scheduled_moves"].sort(key=lambda entry: entry["day"])
    return scenario.replace(values)


def _without_settled(base: Bound, settled: tuple[Settled, ...]) -> Bound:
    """Return a bound scenario whose deadlines do not call actors on days that forced moves settled."""
    if not settled:
        return base
    params, p = base.params.copy(), base.params[0]
    dated = base.tables[p.deadline_at : p.deadline_at + p.deadlines * DEADLINE_WIDTH].reshape(-1, DEADLINE_WIDTH)
    is_settled = np.zeros(len(dated), dtype=bool)
    for entry in settled:
        is_settled |= (dated[:, 1] == entry.actor) & (dated[:, 0] >= entry.first) & (dated[:, 0] <= entry.last)
    params["deadline_at"] = len(base.tables)
    params["deadlines"] = int((~is_settled).sum())
    return replace(base, params=params, tables=np.concatenate([base.tables, dated[~is_settled].ravel()]))


def _take_decisions(state: NDArray[np.record], new: Bound, settled: Settled) -> None:
    """Let a forced move stand in for the reviews that would have been held on its date."""
    clocks, params = state["clock"][0], new.params[0]
    review, trigger = REVIEW_CLOCK + settled.actor, TRIGGER_CLOCK + settled.actor
    while settled.first <= clocks[review] <= settled.last:
        if params.reconsiders[settled.actor] > 0.0:
            clocks[review] = next_opportunity(state[0], params, settled.actor, int(clocks[review]))
        else:
            clocks[review] += int(params.review_every[settled.actor])
    if settled.first <= clocks[trigger] <= settled.last:
        clocks[trigger] = NEVER


def _fit(state: NDArray[np.record], old: Bound, new: Bound, first: int) -> list[str]:
    """Fit a world to another scenario that it goes on under from tick `first`; return notes on what was reset."""
    world, was, now = state[0], old.params[0], new.params[0]
    arm_calendars(state, was, now, new.tables, first)
    notes = _fit_actors(state, old, new)
    _fit_events(state, old, new)
    for force in range(now.foreign):
        count = int(now.steps[force])
        if count != was.steps[force] or (now.step_left[force] != was.step_left[force]).any():
            met = state["troops"][0, force] <= now.step_left[force, :count] + 1e-6
            state["steps_met"][0, force] = count if met.all() else int(np.argmin(met))
    read_moves(world, now)
    for group in range(now.groups):
        start_release(world, now, group)
    read_world(world, now)
    return notes


def _fit_actors(state: NDArray[np.record], old: Bound, new: Bound) -> list[str]:
    """Draw what the scenario did not have before, at the addresses of day 0, and clear the memory of changed rules."""
    was, now = old.params[0], new.params[0]
    notes: list[str] = []
    drawn = state.copy()
    had_spread = was.on[ON_WEIGHT_SPREAD] != 0 and was.spread_sd > 0.0
    for actor in range(now.actors):
        name = new.names.actors[actor]
        present = int(state["profile"][0, actor])
        profile = new.names.profile_row(name, old.names.profile_name(present))
        state["profile"][0, actor] = profile
        drawn["type"][0, actor] = 0
        drawn["spread"][0, actor] = 1.0
        draw_actor(drawn[0], now, actor)
        if was.on[ON_TYPES] == 0 or was.type_probability[actor] == 0.0:
            state["type"][0, actor] = drawn["type"][0, actor]
        keys = was.term_key[actor, : was.terms[actor]].tolist() if had_spread else []
        spreads = dict(zip(keys, state["spread"][0, actor].tolist(), strict=False))
        for term in range(now.terms[actor]):
            key = int(now.term_key[actor, term])
            state["spread"][0, actor, term] = spreads.get(key, drawn["spread"][0, actor, term])
        fields = ("response", "valuation", "response_parameters", "valuation_parameters")
        changed = any(np.any(was[field][present] != now[field][profile]) for field in fields)
        if changed and state["memory"][0, actor].any():
            state["memory"][0, actor] = 0.0
            notes.append(f"actors.{name}.rule: the changed rule starts without memory")
    return notes


def _fit_events(state: NDArray[np.record], old: Bound, new: Bound) -> None:
    """Move what is known of each event to its place in another scenario; what was not there has not happened."""
    before = state.copy()
    for field in EventState.__annotations__:
        state[field][0] = 0
        for row, name in enumerate(new.names.events):
            if name in old.names.events:
                state[field][0, row] = before[field][0, old.names.events.index(name)]


def _same_rows(log: NDArray[np.record], old: Bound, new: Bound) -> NDArray[np.record]:
    """Return a log in which events and profiles stand in the rows that they have in another scenario.

    Raises
    ------
    UsageError
        If an event that has happened is gone.
    """
    fitted = log.copy()
    for place in np.flatnonzero(log["kind"] == EVENT):
        name = old.names.events[int(log["entity"][place])]
        if name not in new.names.events:
            raise UsageError(f"fork: events: found no {name}, expected every event that has happened by then")
        fitted["entity"][place] = new.names.events.index(name)
    for place in np.flatnonzero(log["kind"] == PROFILE):
        actor, row = old.names.actors[int(log["entity"][place])], int(log["other"][place])
        fitted["other"][place] = new.names.profile_row(actor, old.names.profile_name(row))
    return fitted


def _same_columns(series: NDArray[np.float64], old: Bound, new: Bound) -> NDArray[np.float64]:
    """Return daily values in the columns and the length of another scenario; what was not kept before is NaN."""
    fitted = np.full((new.days + 1, len(new.series)), np.nan)
    days = min(len(series), len(fitted))
    for column, name in enumerate(new.series):
        if name in old.series:
            fitted[:days, column] = series[:days, old.series.index(name)]
    return fitted


def _same_terms(ledger: NDArray[np.float64], old: Bound, new: Bound) -> NDArray[np.float64]:
    """Return what payoffs are made of with the flow terms of each actor in the places of another scenario."""
    fitted = ledger.copy()
    was, now = old.params[0], new.params[0]
    for actor in range(now.actors):
        places = {key: place for place, key in enumerate(was.term_key[actor, : was.terms[actor]].tolist())}
        fitted[actor, :MAX_TERMS] = 0.0
        for place, key in enumerate(now.term_key[actor, : now.terms[actor]].tolist()):
            if key in places:
                fitted[actor, place] = ledger[actor, places[key]]
    return fitted
