"""What happened, by date, in plain words: the whole story, and the turning points of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sim.encode.names import Names
from sim.scenario import events
from sim.scenario.event_words import EVENT_WORDS
from sim.scenario.events import DECISION, EVENT_BY_NAME

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
BATCHES: Final = frozenset({events.RELEASE, events.HANDED_OVER})
"""Events of which a story tells the first of each group or stock."""
LAST_COUNTS: Final = frozenset({events.TALKS_OPENED, events.TALKS_BROKE_DOWN, events.WITHDRAWAL_STEP})
"""Events of which the last of its entity is one."""
DECIDED: Final = (events.TALKS_OPENED, events.OUTCOME)
"""Before the first of each, the last move of every actor is one: those moves stood when it came."""


@dataclass(frozen=True, slots=True)
class _Told:
    """An event as a story tells it."""

    number: int
    date: dt.date
    actor: str
    entity: str
    text: str


def story_of(run: Any) -> list[tuple[dt.date, str]]:
    """Tell a run: (date, sentence) for every event that a reader would miss.

    Of the batches of a group only the first is told.
    """
    return [(event.date, event.text) for event in _told(run)]


def turning_points_of(run: Any) -> list[tuple[dt.date, str]]:
    """Tell of a run only what turned it; how much that is depends on the scenario, hardly on the length of the run.

    These are firsts (release, milestone, event of the scenario, dispute, threat carried out, pledge broken, talks), the
    last word on talks and on withdrawal, the outcome, and the move of each actor that stood when talks first opened
    and when the run ended.
    """
    told = list(_told(run))
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


def _told(run: Any) -> Iterator[_Told]:
    """Go through the events that a story has."""
    table, bound = run.event_table, run._bound
    milestones = {name: milestone.label or name for name, milestone in run.scenario.milestones.items()}
    released: set[str] = set()
    for i, kind in enumerate(table["kind"]):
        event = EVENT_BY_NAME[kind]
        if EVENT_WORDS[event.number].quiet:
            continue
        actor, entity = table["actor"][i] or "", table["entity"][i]
        shown = milestones[entity] if event.number == events.MILESTONE else entity
        text = sentence_of(bound.names, kind, actor, shown, table["move"][i], table["value"][i])
        if event.number in BATCHES:
            if entity in released:
                continue
            released.add(entity)
            text = f"first {text}"
        yield _Told(event.number, dt.date.fromisoformat(table["date"][i]), actor, entity or "", text)


def sentence_of(names: Names, kind: str, actor: str | None, entity: str | None, move: str | None, value: float) -> str:
    """Say an event of a run: its actor by its label, and an event of the scenario in the scenario's own words.

    Parameters
    ----------
    names : Names
        Of the scenario.
    kind, actor, entity, move, value
        As in the columns of ``Run.events``.
    """
    number = EVENT_BY_NAME[kind].number
    if number == events.EVENT and entity is not None:
        return names.event_texts[names.events.index(entity)]
    if number == events.DEFECTION and entity is not None:
        return names.defection_texts[names.defections.index(entity)]
    label = names.labels[names.actors.index(actor)] if actor else ""
    return event_sentence(kind, label, entity, move, value)


def _spaced(name: str | None) -> str:
    return (name or "").replace("_", " ")


def event_sentence(kind: str, actor: str, entity: str | None, move: str | None, value: float) -> str:
    """Say an event in plain words.

    Parameters
    ----------
    kind : str
        As in the column ``kind`` of events.
    actor : str
        As people call it; empty if the event has none.
    entity, move : str or None
        As in the columns of the same names.
    value : float
        What `sim.scenario.event_words` says of the kind.

    Examples
    --------
    >>> event_sentence("move", "Rebels", "hold_fire", "surge", float("nan"))
    'Rebels turns from hold fire to surge'
    >>> event_sentence("mass_casualty", "", "rebel_fighters", None, 0.0)  # its deaths are not told apart
    'mass-casualty attack by rebel fighters'
    """
    number = EVENT_BY_NAME[kind].number
    if number != DECISION:  # which names its move as the scenario does
        entity, move = _spaced(entity), _spaced(move)
    return EVENT_WORDS[number].fill(actor, entity or "", move or "", value)
