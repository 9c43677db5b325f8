"""Shocks set only numbers that the running model can change."""

from __future__ import annotations

import re

from sim.scenario.checks.checker import Checker
from sim.scenario.feature_reference import nearest

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


def check_shocks(checker: Checker) -> None:
    """Check that shocks are in order of time and set what can be set, to what it can be."""
    shocks = checker.content.shocks
    for i, shock in enumerate(shocks):
        if i and shock.day < shocks[i - 1].day:
            checker.add(("shocks", i), f"day {shock.day:g} after day {shocks[i - 1].day:g}", "shocks in order of time")
        if not shock.set:
            checker.add(("shocks", i, "set"), "nothing that is set", "at least one path and its new value")
        for key, value in shock.set.items():
            _check_setting(checker, i, key, value)


def settable_paths(checker: Checker) -> list[str]:
    """List every path that a shock of this scenario can set."""
    return [path.replace("*", name) for path, (kind, *_) in SETTABLE.items() for name in checker.entities[kind]]


def _check_setting(checker: Checker, i: int, key: str, value: bool | float) -> None:
    path = ("shocks", i, "set", key)
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
                hint = "A shock multiplies the rate of the start; start from a small one, such as 0.001."
                checker.add(path, f"{name!r}, which starts with attacks.per_day: 0", "a rate over 0", hint, at_key=True)
        return
    checker.add(
        path,
        f"the path {key[:80]!r}",
        "one of " + ", ".join(SETTABLE),
        nearest(key, settable_paths(checker)),
        at_key=True,
    )
