"""What happened, by date, in plain words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sim.kernel import log as kinds

_QUIET = {"decision", "reputation", "preparation"}


def story_of(run: Any) -> list[tuple[dt.date, str]]:
    """Tell a run: (date, sentence) for every event that a reader would miss.

    Releases are told once per move of their holder and at waypoints, not batch by batch.
    """
    table, bound = run.event_table, run._bound
    labels = dict(zip(bound.names.actors, bound.names.labels, strict=True))
    told: list[tuple[dt.date, str]] = []
    first_batch: dict[str, bool] = {}
    for i, kind in enumerate(table["kind"]):
        if kind in _QUIET:
            continue
        actor = labels.get(table["actor"][i] or "", "")
        entity, move, value = table["entity"][i], table["move"][i], table["value"][i]
        if kind == kinds.EVENT_NAMES[kinds.RELEASE]:
            if first_batch.get(entity):
                continue
            first_batch[entity] = True
        text = event_sentence(kind, actor, entity, move, value)
        told.append((dt.date.fromisoformat(table["date"][i]), text))
    return told


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
        What `sim.scenario.event_kinds` says of the kind.

    Examples
    --------
    >>> event_sentence("move", "Rebels", "hold_fire", "surge", float("nan"))
    'Rebels turns from hold fire to surge'
    >>> event_sentence("mass_casualty", "", "rebel_fighters", None, 0.0)  # its deaths are not told apart
    'mass-casualty attack by rebel fighters'
    """
    entity, move = _words(entity), _words(move)
    match kind:
        case "move":
            return f"{actor} turns from {entity} to {move}"
        case "release":
            return f"first {value:,.0f} of the {entity} are freed"
        case "commanders_freed":
            return f"{value:.0f} commander{'s are' if value != 1 else ' is'} freed among the {entity}"
        case "programme_done":
            return f"{actor} counts all promised {entity} as freed"
        case "dispute_opens":
            return f"{actor} disputes who was freed of the {entity}"
        case "dispute_ends":
            return f"the dispute over the {entity} ends"
        case "office_claimed_twice":
            return f"the {entity} is claimed twice"
        case "office_resolved":
            return f"the rivals share the {entity}"
        case "threat_executed":
            return f"{actor} cuts {entity} by {value:g} bn USD a year"
        case "talks_opened":
            return "talks open"
        case "talks_broke_down":
            return "talks break down"
        case "outcome":
            return f"outcome: {entity}"
        case "mass_casualty":
            return f"mass-casualty attack by {entity}" + (f" ({value:.0f} deaths)" if value > 0.0 else "")
        case "pledge_broken":
            return f"{actor} breaks a pledge with {move}"
        case "withdrawal_step":
            return f"{entity} are down to {value:,.0f}"
        case "waypoint":
            return f"waypoint reached: {entity}"
        case "shock":
            return f"{entity} set to {value:g}"
        case "recall":
            return f"{value:.0f} of the {entity} are recalled"
        case _:
            return kind.replace("_", " ")
