"""Encode events and defections: when each is due, the address of its luck, and what it sets, as rows of Tables."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sim.encode.names import Names
from sim.encode.tables import TableBuilder
from sim.encode.ticks import to_ticks
from sim.model.events import (
    ALTERNATIVE_EVENT,
    BECOME,
    CALL_REVIEW,
    CONDITIONAL_EVENT,
    DATED_EVENT,
    DUE,
    GO_OVER,
    HAZARD_EVENT,
)
from sim.model.layout import Params
from sim.model.setting import (
    SET_AID,
    SET_ATTACKS,
    SET_COHESION,
    SET_DUAL,
    SET_PACE,
    SET_STRENGTH,
    SET_TROOPS,
)
from sim.model.switches import ON_DUAL_OFFICE

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.events import Effects, Event

SETTINGS = {
    ("aid_flows", "usd_bn_per_year"): SET_AID,
    ("offices", "dual"): SET_DUAL,
    ("offices", "cohesion_logit"): SET_COHESION,
    ("armed_forces", "strength_thousand"): SET_STRENGTH,
    ("armed_forces", "per_day"): SET_ATTACKS,
    ("withdrawal", "troops"): SET_TROOPS,
    ("withdrawal", "pace"): SET_PACE,
}
SET_ENTITY = {
    SET_AID: "flow",
    SET_DUAL: "office",
    SET_COHESION: "office",
    SET_STRENGTH: "force",
    SET_TROOPS: "foreign",
    SET_PACE: "foreign",
    SET_ATTACKS: "force",
}
"""The kind of entity of which each setting sets a quantity."""


def luck_key(name: str) -> int:
    """Return the address of an event's luck: 32 bits of a digest of its name, so that no other event moves it.

    Examples
    --------
    >>> luck_key("plebiscite")
    2811582930
    """
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def encode_events(scenario: Scenario, names: Names, tables: TableBuilder, p: Params) -> None:
    """Fill the fields of `p` that ``events:`` and ``world.defections`` set; starts of dual offices are dates too."""
    dated: list[tuple[float, ...]] = []
    if p.on[ON_DUAL_OFFICE]:
        for row, office in enumerate(scenario.world.offices.values()):
            if office.dual is not None:
                dated.append((to_ticks(scenario, office.dual.start_day), SET_DUAL, row, 1.0))
    p.events = len(names.events)
    p.event_when[:] = -1
    for name, event in scenario.events.items():
        row = names.events.index(name)
        if event.day is not None:
            dated.append((to_ticks(scenario, event.day), DUE, row, 0.0))
        _encode_due(event, tables, p, row)
        p.event_key[row] = luck_key(name)
        p.alternatives[row] = len(event.one_of)
        _encode_effects(event, names, tables, p, row)
        for place, alternative in enumerate(event.one_of.values(), start=row + 1):
            p.event_kind[place] = ALTERNATIVE_EVENT
            p.event_probability[place] = alternative.probability or 0.0
            _encode_effects(alternative, names, tables, p, place)
            if alternative.probability is None:
                others = (other.probability or 0.0 for other in event.one_of.values())
                p.event_probability[place] = max(1.0 - sum(others), 0.0)
    p.defections = len(names.defections)
    for row, defection in enumerate(scenario.world.defections.values()):
        p.defects_of[row] = names.forces.index(defection.of)
        p.defects_to[row] = names.forces.index(defection.to)
        p.defection_rate[row] = defection.per_day
        p.defection_when[row] = tables.condition(defection.when)
    dated.sort(key=lambda row: row[0])
    p.dated_events = len(dated)
    p.event_at = tables.rows(dated)


def _encode_due(event: Event, tables: TableBuilder, p: Params, row: int) -> None:
    undated = CONDITIONAL_EVENT if event.per_day is None else HAZARD_EVENT
    p.event_kind[row] = DATED_EVENT if event.day is not None else undated
    p.event_when[row] = tables.condition(event.when)
    p.event_rate[row] = event.per_day or 0.0
    p.event_probability[row] = event.probability
    p.event_most[row] = event.at_most


def _encode_effects(effects: Effects, names: Names, tables: TableBuilder, p: Params, row: int) -> None:
    rows: list[tuple[float, ...]] = []
    for path, value in effects.set.items():
        _, section, name, *_, field = path.split(".")
        quantity = SETTINGS[section, field]
        rows.append((quantity, names.rows(SET_ENTITY[quantity]).index(name), -1, float(value)))
    rows += [(CALL_REVIEW, names.actors.index(actor), -1, 0.0) for actor in effects.reviews]
    for split in effects.splits:
        rows.append((GO_OVER, names.forces.index(split.of), names.forces.index(split.to), split.share))
    for actor, profile in effects.becomes.items():
        rows.append((BECOME, names.actors.index(actor), names.profile_row(actor, profile), 0.0))
    p.effects[row] = len(rows)
    p.effects_at[row] = tables.rows(rows)
