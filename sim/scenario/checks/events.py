"""Events are due in one way, draw one of their alternatives, and set only what the running model can change."""

from __future__ import annotations

import re

from sim.scenario.catalogue import ORIGINAL
from sim.scenario.checks.checker import Checker
from sim.scenario.checks.world import check_change_of_sides
from sim.scenario.feature_reference import nearest
from sim.scenario.positions import Path
from sim.scenario.schema.events import Event, every_effect

SETTABLE: dict[str, tuple[str, str, float, float]] = {
    "world.aid_flows.*.usd_bn_per_year": ("flow", "number", 0.0, 1e9),
    "deal.withdrawal.*.pace": ("foreign", "number", 0.0, 1e6),
    "deal.withdrawal.*.troops": ("foreign", "number", 0.0, 1e9),
    "world.offices.*.dual": ("office", "switch", 0.0, 1.0),
    "world.offices.*.cohesion_logit": ("office", "number", -20.0, 20.0),
    "world.armed_forces.*.attacks.per_day": ("force", "number", 0.0, 1e6),
    "world.armed_forces.*.strength_thousand": ("force", "number", 0.0, 1e9),
}
_PATTERNS = {path: re.compile(re.escape(path).replace(r"\*", r"([A-Za-z0-9_]+)")) for path in SETTABLE}
TOLERANCE = 1e-9


def check_events(checker: Checker) -> None:
    """Check when events are due, what they draw, and what they set."""
    events = checker.content.events
    places: dict[str, str] = {}
    for path, effects in every_effect(events):
        name = str(path[-1])
        place = places.setdefault(name, ".".join(map(str, path)))
        if place != ".".join(map(str, path)):
            hint = "happened(...) names events and alternatives alike."
            checker.add(path, f"the name {name!r} again", f"another name than {place} has", hint, at_key=True)
        for key, value in effects.set.items():
            _check_setting(checker, (*path, "set", key), key, value)
        for i, actor in enumerate(effects.reviews):
            checker.entity((*path, "reviews", i), actor, "actor")
        for i, split in enumerate(effects.splits):
            check_change_of_sides(checker, (*path, "splits", i), split)
        for actor, profile in effects.becomes.items():
            entry = (*path, "becomes", actor)
            if checker.entity(entry, actor, "actor", at_key=True):
                legal = (*checker.content.actors[actor].profiles, ORIGINAL)
                checker.one_of(entry, profile, legal, f"a profile of {actor}")
    for name, event in events.items():
        _check_due(checker, ("events", name), event)
        _check_alternatives(checker, ("events", name, "one_of"), event)


def _check_due(checker: Checker, path: Path, event: Event) -> None:
    if event.day is not None and event.per_day is not None:
        checker.add((*path, "per_day"), "per_day beside a date", "one of them", at_key=True)
    if event.day is None and event.per_day is None and event.when is None:
        checker.add(path, "an event that is never due", "one of date, day, per_day and when", at_key=True)
    if event.per_day is None and event.at_most != 1:
        found = f"{event.at_most} times for an event without per_day"
        checker.add((*path, "at_most"), found, "1: only a hazard brings an event again")
    if event.per_day is not None and event.probability != 1.0:
        hint = "Multiply the hazard by it."
        checker.add((*path, "probability"), f"{event.probability:g} beside per_day", "no probability", hint)


def _check_alternatives(checker: Checker, path: Path, event: Event) -> None:
    shares = [alternative.probability for alternative in event.one_of.values()]
    if len(shares) == 1:
        hint = "For one thing that may happen or not, give the event a probability."
        checker.add(path, "one alternative", "at least two", hint, at_key=True)
    if len(shares) < 2:
        return
    total = sum(share for share in shares if share is not None)
    left = [name for name, alternative in event.one_of.items() if alternative.probability is None]
    if len(left) > 1:
        found = f"no probability, like {left[0]}"
        checker.add((*path, left[1]), found, "at most one alternative that has what the others leave", at_key=True)
    elif total > 1.0 + TOLERANCE:
        checker.add(path, f"probabilities that add up to {total:g}", "at most 1", at_key=True)
    elif not left and total < 1.0 - TOLERANCE:
        hint = "Or leave out one of the probabilities: it is then what the others leave."
        checker.add(path, f"probabilities that add up to {total:g}", "1", hint, at_key=True)


def settable_paths(checker: Checker) -> list[str]:
    """List every path that an event of this scenario can set."""
    return [path.replace("*", name) for path, (kind, *_) in SETTABLE.items() for name in checker.entities[kind]]


def _check_setting(checker: Checker, path: Path, key: str, value: bool | float) -> None:
    for pattern, (kind, wanted, low, high) in SETTABLE.items():
        match = _PATTERNS[pattern].fullmatch(key)
        if match is None:
            continue
        name = match.group(1)
        if not checker.entity(path, name, kind, inside=key, at_key=True):
            return
        if wanted == "switch" and not isinstance(value, bool):
            checker.add(path, f"{value:g}", "true or false")
        elif wanted == "switch" and checker.content.world.offices[name].dual is None:
            checker.add(path, f"an office without dual, {name!r}", "an office with dual:", at_key=True)
        elif wanted == "number" and (isinstance(value, bool) or not low <= value <= high):
            found = str(value).lower() if isinstance(value, bool) else f"{value:g}"
            checker.add(path, found, f"a number from {low:g} to {high:g}")
        elif ".attacks." in key:
            attacks = checker.content.world.armed_forces[name].attacks
            if attacks is None:
                checker.add(path, f"a force without attacks, {name!r}", "a force with attacks:", at_key=True)
            elif attacks.per_day == 0:
                hint = "An event multiplies the rate of the start; start from a small one, such as 0.001."
                checker.add(path, f"{name!r}, which starts with attacks.per_day: 0", "a rate over 0", hint, at_key=True)
        return
    checker.add(
        path,
        f"the path {key[:80]!r}",
        "one of " + ", ".join(SETTABLE),
        nearest(key, settable_paths(checker)),
        at_key=True,
    )
