"""What happened, by date, in plain words: the whole story, and the turning points of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.scenario import events
from sim.scenario.event_words import EVENT_WORDS
from sim.scenario.events import DECISION, EVENT_BY_NAME, EVENTS
from sim.scenario.words import words_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

FIRST_COUNTS: Final = frozenset(
    {
        events.RELEASE,
        events.PROGRAMME_DONE,
        events.HANDED_OVER,
        events.ALL_ACCEPTED,
        events.RECALL,
        events.DISPUTE_OPENS,
        events.OFFICE_CLAIMED_TWICE,
        events.OFFICE_RESOLVED,
        events.THREAT_EXECUTED,
        events.PLEDGE_BROKEN,
        events.TALKS_OPENED,
        events.TALKS_BROKE_DOWN,
        events.EVENT,
        events.SPLIT,
        events.DEFECTION,
        events.MILESTONE,
        events.OUTCOME,
    }
)
"""Events of which the first of its actor and entity is a turning point."""
BATCHES: Final = frozenset({events.RELEASE, events.HANDED_OVER, events.RECALL})
"""Events that a story tells by batches of a group or stock."""
LAST_COUNTS: Final = frozenset({events.TALKS_OPENED, events.TALKS_BROKE_DOWN, events.WITHDRAWAL_STEP})
"""Events of which the last of its entity is one."""
DECIDED: Final = (events.TALKS_OPENED, events.OUTCOME)
"""Before the first of each, the last move of every actor is one: those moves stood when it came."""


BATCH_PAUSE: Final = 7
"""Days without any that end a batch."""
BATCH_DAYS: Final = 28
"""Days after which what goes on is told as another batch."""
NOTHING_DECIDED: Final = 5e-5
"""Differences of values, inertia left out, that decide nothing (util); they vanish in four decimals."""


@dataclass(slots=True)
class _Told:
    """An event as a story tells it."""

    number: int
    date: dt.date
    actor: str
    entity: str
    text: str
    idle: bool = False
    left: str = ""
    move: str = ""


@dataclass(slots=True)
class _Batch:
    """Releases of a group, or parts of a stock, that follow one another closely."""

    told: _Told
    last: dt.date
    amount: float
    commanders: float
    first: bool


def story_of(run: Any, *, brief: bool = False) -> list[tuple[dt.date, str]]:
    """Tell a run: (date, sentence) for every event that a reader would miss.

    Those freed, recalled or handed over are told by batches: as long as no week passes without any, four weeks at most.
    Turns of an actor on one date are told as one.

    Parameters
    ----------
    run : Run
        With its log.
    brief : bool
        Whether to leave out turns that decided nothing: between moves whose values differ by inertia alone.
    """
    told = _told(run)
    return [(event.date, event.text) for event in (_without_idle(run.scenario, told) if brief else told)]


def _without_idle(scenario: Scenario, told: list[_Told]) -> Iterator[_Told]:
    """Leave out turns that decided nothing; the next turn of the actor is then from the move that was told last."""
    words, standing = words_of(scenario), {name: actor.opening_move for name, actor in scenario.actors.items()}
    for event in told:
        if event.number != events.MOVE:
            yield event
            continue
        before = standing[event.actor]
        if event.idle or event.move == before:
            continue
        standing[event.actor] = event.move
        if event.left == before:
            yield event
        else:
            text = f"{words.actor(event.actor)} turns to {words.move(event.actor, event.move)}"
            yield _Told(event.number, event.date, event.actor, event.entity, text)


def turning_points_of(run: Any) -> list[tuple[dt.date, str]]:
    """Tell of a run only what turned it; how much that is depends on the scenario, hardly on the length of the run.

    These are firsts (release, milestone, event of the scenario, dispute, threat carried out, pledge broken, talks), the
    last word on talks and on withdrawal, the outcome, and the move of each actor that stood when talks first opened
    and when the run ended.
    """
    told = _told(run)
    first: dict[tuple[int, str, str], int] = {}
    last: dict[tuple[str, str], int] = {}
    decided: set[int] = set()
    standing: dict[str, int] = {}
    for place, event in enumerate(told):
        key = event.number, event.actor, event.entity
        if event.number in DECIDED and key not in first:
            decided.update(standing.values())
        if event.number in FIRST_COUNTS:
            first.setdefault(key, place)
        if event.number in LAST_COUNTS:
            last["talks" if event.number != events.WITHDRAWAL_STEP else "troops", event.entity] = place
        if event.number == events.MOVE:
            standing[event.actor] = place
    return [(told[place].date, told[place].text) for place in sorted({*first.values(), *last.values(), *decided})]


def _told(run: Any) -> list[_Told]:
    """Go through the events that a story has, in order."""
    table = run.event_table
    told: list[_Told] = []
    batches: dict[tuple[int, str], _Batch] = {}
    turns: dict[str, _Told] = {}
    deaths = _deaths_by_date(run)
    idle = _idle_turns(run)
    for i, kind in enumerate(table["kind"]):
        event = EVENT_BY_NAME[kind]
        if EVENT_WORDS[event.number].quiet:
            continue
        date, value = dt.date.fromisoformat(table["date"][i]), float(table["value"][i])
        actor, entity, move = table["actor"][i] or "", table["entity"][i] or "", table["move"][i]
        if event.number == events.COMMANDERS_FREED and (events.RELEASE, entity) in batches:
            batches[events.RELEASE, entity].commanders += value
            continue
        if event.number in BATCHES:
            batch = batches.get((event.number, entity))
            begun = batch is not None and (date - batch.last).days <= BATCH_PAUSE
            if batch is not None and begun and (date - batch.told.date).days < BATCH_DAYS:
                batch.last, batch.amount = date, batch.amount + value
                continue
            told.append(_Told(event.number, date, actor, entity, ""))
            batches[event.number, entity] = _Batch(told[-1], date, value, 0.0, batch is None)
            if batch is not None:
                batch.told.text = _batch_words(run.scenario, batch)
            continue
        if event.number == events.MOVE and actor in turns and turns[actor].date == date:
            earlier = turns[actor]
            earlier.text = _turns_words(run.scenario, actor, earlier.left, entity, move)
            earlier.move = move
            earlier.idle = earlier.idle and i in idle
            continue
        text = sentence_of(run.scenario, kind, actor, entity, move, value)
        if event.number == events.MASS_CASUALTY and not value > 0.0 and (entity, date) in deaths:
            died = deaths[entity, date]
            text += f" ({died:.0f} death{'' if died == 1.0 else 's'} in all its attacks of the day)"
        told.append(_Told(event.number, date, actor, entity, text, i in idle))
        if event.number == events.MOVE:
            told[-1].left, told[-1].move = entity, move
            turns[actor] = told[-1]
    for batch in batches.values():
        batch.told.text = _batch_words(run.scenario, batch)
    return told


def _batch_words(scenario: Scenario, batch: _Batch) -> str:
    """Say a batch: how many, of what, until when, commanders among them."""
    kind, told = EVENTS[batch.told.number].name, batch.told
    text = sentence_of(scenario, kind, told.actor, told.entity, None, batch.amount, first=batch.first)
    text += f" until {batch.last}" if batch.last > told.date else ""
    if batch.commanders > 0.0:
        text += f", {batch.commanders:.0f} commander{'' if batch.commanders == 1.0 else 's'} among them"
    return text


def _turns_words(scenario: Scenario, actor: str, left: str, between: str, to: str) -> str:
    """Say what an actor turned to in the end on a date on which it turned more than once."""
    words = words_of(scenario)
    by_way = words.move(actor, between)
    if left == to:
        return f"{words.actor(actor)} turns from {words.move(actor, left)} to {by_way} and back within the day"
    return f"{words.actor(actor)} turns from {words.move(actor, left)} by way of {by_way} to {words.move(actor, to)}"


def _idle_turns(run: Any) -> set[int]:
    """Return the places in the log of turns between moves whose values differed by inertia alone."""
    table = run.event_table
    places = [i for i, kind in enumerate(table["kind"]) if kind == EVENTS[DECISION].name]
    idle = set()
    for place, decision in zip(places, run.decisions, strict=True):
        turned = place + 1
        follows = turned < len(table["kind"]) and table["kind"][turned] == EVENTS[events.MOVE].name
        valued = run.scenario.actors[decision.actor].rule.valuation not in (None, "none")
        if not valued or not follows or table["actor"][turned] != decision.actor:
            continue
        values = {move.move: move.value - move.terms.get("inertia", 0.0) for move in decision.moves if move.legal}
        if decision.before in values and abs(values[decision.chosen] - values[decision.before]) < NOTHING_DECIDED:
            idle.add(turned)
    return idle


def _deaths_by_date(run: Any) -> dict[tuple[str, dt.date], float]:
    """Return the deaths in the attacks of each force, and on each of its targets, by date, as the series have them."""
    table, deaths = run.series_table, {}
    series = {name: f"daily_deaths({name})" for name in run.scenario.world.armed_forces}
    for name, force in run.scenario.world.armed_forces.items():
        series |= {f"{name} on {target}": f"daily_deaths({name}, {target})" for target in force.targets}
    for force, column in series.items():
        for date, value in zip(table["date"], table.get(column, ()), strict=False):
            deaths[force, dt.date.fromisoformat(date)] = float(value)
    return deaths


def sentence_of(
    scenario: Scenario,
    kind: str,
    actor: str | None,
    entity: str | None,
    move: str | None,
    value: float,
    *,
    first: bool = False,
) -> str:
    """Say an event of a run in the words of its scenario.

    Parameters
    ----------
    scenario : Scenario
        That was run.
    kind, actor, entity, move, value
        As in the columns of ``Run.events``.
    first : bool
        Whether it is the first batch of a group or stock.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> sentence_of(toy, "move", "rebels", "attack", "hold_fire", float("nan"))
    'Rebels turns from attack to hold fire'
    >>> sentence_of(toy, "milestone", None, "first_release", None, float("nan"))
    'milestone reached: first release'
    """
    event, words = EVENT_BY_NAME[kind], words_of(scenario)
    if event.value == "move" and actor:
        said = words.move(actor, entity or "")
    elif event.other == "target":
        force, _, target = (entity or "").partition(" on ")
        said = words.of("force", force) + (f" on {words.of('target', target)}" if target else "")
    elif event.other == "profile" and actor:
        said = words.profile(actor, entity or "")
    else:
        said = words.of(_ENTITY_OF.get(event.other) or _ENTITY_OF.get(event.entity, "group"), entity or "")
    unit = words.unit(entity) if entity and event.entity == "group" else ""
    moved = words.move(actor, move) if actor and move else ""
    return EVENT_WORDS[event.number].fill(words.actor(actor) if actor else "", said, moved, value, unit, first=first)


_ENTITY_OF: Final[dict[str, str]] = {
    "event": "event",
    "flow": "flow",
    "force": "force",
    "foreign": "foreign",
    "group": "group",
    "office": "office",
    "outcome": "outcome",
    "milestone": "milestone",
    "defection": "defection",
}
"""The kind of entity that the column ``entity`` holds, by what the logged numbers are rows of."""
