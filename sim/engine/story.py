"""What happened, by date, in plain words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sim.scenario.event_words import EVENT_WORDS
from sim.scenario.events import DECISION, EVENT_BY_NAME, RELEASE


def story_of(run: Any) -> list[tuple[dt.date, str]]:
    """Tell a run: (date, sentence) for every event that a reader would miss.

    Of the batches of a group only the first is told.
    """
    table, bound = run.event_table, run._bound
    labels = dict(zip(bound.names.actors, bound.names.labels, strict=True))
    story: list[tuple[dt.date, str]] = []
    first_batch: dict[str, bool] = {}
    for i, kind in enumerate(table["kind"]):
        event = EVENT_BY_NAME[kind]
        if EVENT_WORDS[event.number].quiet:
            continue
        actor = labels.get(table["actor"][i] or "", "")
        entity, move, value = table["entity"][i], table["move"][i], table["value"][i]
        text = event_sentence(kind, actor, entity, move, value)
        if event.number == RELEASE:
            if first_batch.get(entity):
                continue
            first_batch[entity] = True
            text = f"first {text}"
        story.append((dt.date.fromisoformat(table["date"][i]), text))
    return story


def _words(name: str | None) -> str:
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
        entity, move = _words(entity), _words(move)
    return EVENT_WORDS[number].fill(actor, entity or "", move or "", value)
