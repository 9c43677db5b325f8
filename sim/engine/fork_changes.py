"""Which changes a running world can take, and which of them come too late.

A world (State) is an array of numbers by place: row 2 of ``standing`` is the third actor's move. A change of a scenario
that moves places (another actor, another order of moves, another first date) would give every number another meaning;
it is refused, since it needs a world from day 0. A change of something that was settled on day 0 (a start value, a
draw) or that lies before the date is legal but comes too late; `late_changes` says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.encode.names import Names
from sim.encode.ticks import to_ticks
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.promise import Promise


def check_places(before: Any, after: Any) -> None:
    """Refuse a changed scenario in which the numbers of a running world would mean something else.

    Parameters
    ----------
    before, after : Scenario
        Of the run, and with the changes.

    Raises
    ------
    UsageError
        Naming the first change that cannot be made in the middle of a run.
    """
    old, new = _places(before), _places(after)
    for place, value in old.items():
        if place not in new or new[place] != value:
            raise UsageError(
                f"fork: {place} changes: found {_text(new.get(place))}, expected {_text(value)} as in the run. A world "
                "under way keeps its calendar and the number and order of what it counts; to change them, start a new "
                "world with sim.run(scenario.replace(changes), seed)"
            )
    for name, actor in before.actors.items():
        gone = [profile for profile in actor.profiles if profile not in after.actors[name].profiles]
        if gone:
            raise UsageError(
                f"fork: actors.{name}.profiles: found no {gone[0]}, expected every profile that the actor may have now"
            )
        terms = after.actors[name].payoff.per_year
        lost = [str(feature) for feature in actor.payoff.per_year if feature not in terms]
        if lost:
            raise UsageError(
                f"fork: actors.{name}.payoff.per_year: found no {lost[0]}, expected every term that the payoff has "
                "been made of so far; give it the weight 0 instead"
            )


def _places(scenario: Scenario) -> dict[str, Any]:
    """List what gives the places of a world their meaning, by dotted path."""
    names = Names.of(scenario)
    places: dict[str, Any] = {
        "start": scenario.start.isoformat(),
        "steps_per_day": scenario.steps_per_day,
        "actors": names.actors,
    }
    for actor, moves in zip(names.actors, names.moves, strict=True):
        places[f"actors.{actor}.moves"] = moves
    places |= {
        "world.armed_forces": names.forces,
        "deal.captives and deal.stocks": names.groups,
        "deal.withdrawal": names.foreign,
        "world.aid_flows": names.flows,
        "world.offices": names.offices,
        "deal.promises": tuple(_promise_place(name, promise) for name, promise in scenario.deal.promises.items()),
        "quantities": names.quantities,
        "measures": tuple(f"{name}, {measure.kind}" for name, measure in scenario.measures.items()),
        "milestones": names.milestones,
        "deal.outcomes": names.outcomes[1:],
    }
    for name, force in scenario.world.armed_forces.items():
        places[f"world.armed_forces.{name}.kind"] = force.kind
    return places


def _promise_place(name: str, promise: Promise) -> str:
    """Say what of a promise a world has an account of."""
    kind = "to reach" if promise.reach is not None else "to keep"
    return f"{name} {kind}{', watched' if promise.watched else ''}"


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value)


_DRAWN = "was drawn on day 0 and stays as drawn"
_SETTLED: tuple[tuple[str, str], ...] = (
    (
        r"(world\.armed_forces\.\w+\.strength_thousand)",
        "the force keeps the strength it has; only what is measured against its start (recruits, capacity) changes",
    ),
    (
        r"(deal\.withdrawal\.\w+\.start)",
        "the troops there now stay; only what is measured against their start (shares, the pace) changes",
    ),
    (
        r"(world\.aid_flows\.\w+\.usd_bn_per_year)",
        "aid flows as it does; only its share of what was promised at the start changes",
    ),
    (r"(world\.offices\.\w+\.cohesion_logit)", "cohesion stands where it stands; the change has no effect"),
    (r"(world\.reputation\.start)", "reputations stand where they stand; only what they drift back to changes"),
    (r"(actors\.\w+\.opening_move)", "the opening is past; the change has no effect"),
    (r"(actors\.\w+\.types\.\w+\.probability)", f"the actor's type {_DRAWN}"),
    (r"(payoff_spread\.lognormal_sd)", f"the spread of each weight {_DRAWN}"),
    (
        r"(deal\.(?:captives|stocks)\.\w+\.setup_lag_days)\..+",
        f"the lag {_DRAWN}; only what actors expect of it changes",
    ),
    (
        r"(deal\.(?:captives|stocks)\.\w+\.returns\.probability).*",
        f"the share of returners {_DRAWN}; only what actors expect of it can change",
    ),
)


def late_changes(before: Any, after: Any, day: int) -> tuple[str, ...]:
    """Say which changes come too late on a day after the start.

    Parameters
    ----------
    before, after : Scenario
        Of the run, and with the changes.
    day : int
        On which the run goes on under the changed scenario; on day 0 nothing is too late.

    Returns
    -------
    tuple of str
        One sentence each, beginning with the path.
    """
    if day == 0:
        return ()
    notes: dict[str, None] = {}
    for change in before.diff(after):
        for pattern, sentence in _SETTLED:
            match = re.fullmatch(pattern, change.path)
            if match and not _still_open(before, change.path):
                notes[f"{match[1]}: {sentence}"] = None
    for path, dated in _DATED.items():
        old, new = dated(before), dated(after)
        past_changed = [row for row in old if row[0] < day] != [row for row in new if row[0] < day]
        if past_changed:
            notes[f"{path}: entries dated before day {day} are done or missed; a change of them has no effect"] = None
    return tuple(notes)


def _still_open(before: Any, path: str) -> bool:
    """Return whether a value was not settled on day 0 after all.

    The capacity of a regular force is an index of its start, so it moves with it; what was switched off is not drawn.
    """
    parts = path.split(".")
    if parts[:2] == ["world", "armed_forces"]:
        return bool(before.world.armed_forces[parts[2]].kind == "regular")
    if parts[0] == "payoff_spread":
        return not before.mechanisms["weight_spread"] or before.payoff_spread.lognormal_sd == 0.0
    if parts[0] == "actors" and parts[2] == "types":
        kinds = before.actors[parts[1]].types.values()
        return not before.mechanisms["types"] or all(kind.probability == 0.0 for kind in kinds)
    return False


def _ticks_to_days(scenario: Scenario, day: float) -> float:
    return float(to_ticks(scenario, day) / scenario.steps_per_day)


def _events(scenario: Scenario) -> list[tuple[Any, ...]]:
    dated = ((event.day, name, event) for name, event in scenario.events.items() if event.day is not None)
    return sorted((_ticks_to_days(scenario, day), name, event.model_dump_json()) for day, name, event in dated)


def _deadlines(scenario: Scenario) -> list[tuple[Any, ...]]:
    return sorted((_ticks_to_days(scenario, d.day), d.reviews) for d in scenario.deal.deadlines)


def _moves(scenario: Scenario) -> list[tuple[Any, ...]]:
    dated = ((name, m) for name, actor in scenario.actors.items() for m in (*actor.scheduled_moves, *actor.script))
    return sorted((_ticks_to_days(scenario, m.day), name, m.move) for name, m in dated)


def _offices(scenario: Scenario) -> list[tuple[Any, ...]]:
    offices = scenario.world.offices.items()
    return sorted((_ticks_to_days(scenario, o.dual.start_day), name) for name, o in offices if o.dual is not None)


_DATED: dict[str, Callable[[Any], list[tuple[Any, ...]]]] = {
    "events": _events,
    "deal.deadlines": _deadlines,
    "actors.*.scheduled_moves, actors.*.script": _moves,
    "world.offices.*.dual.start_day": _offices,
}
