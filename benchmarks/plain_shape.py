"""What the plain SimPy model takes for granted of the Doha baseline: its forms, not its numbers.

`plain_numbers` reads every number from the scenario file; which quantity each number belongs to is written out by hand.
A file that says something else must be refused, or the plain model would go on comparing itself with another scenario.
Conditions are compared with each number in them replaced by ``#``.
"""

from __future__ import annotations

import re
from typing import Any

SPLIT_OFFICE = ("linear", "divided_team", 1, "#")
FACTORS: dict[str, dict[str, tuple[Any, ...]]] = {
    "opens": {"split_office": SPLIT_OFFICE},
    "breaks_down": {"violence": ("linear", "attacks")},
    "settlement": {
        "trust": ("floor", "trust(government, taliban)", "#"),
        "troops": ("floor", "troops", "#"),
        "split_office": SPLIT_OFFICE,
        "quiet": ("linear", "attacks(taliban_fighters, cities)", "#", "#"),
    },
    "deal_void": {
        "surge": ("if", "surge(taliban, foreigners) or surge(taliban, cities)", "#", "#"),
        "pause": ("if", "paused(us)", "#", 1),
        "talks": ("linear", "talks", 1, "#"),
        "distrust": ("linear", "trust(us, taliban)", "#", -1),
    },
    "civil_war": {
        "split_office": ("linear", "dual_office(presidency)"),
        "weakness": ("logistic", "cohesion(presidency)", "#", "#"),
    },
    "government_collapse": {"land": ("logistic", "territory", "#", "#")},
}
"""By hazard and factor: form, quantity or condition, and numbers; ``#`` where any number will do."""

CONDITIONS = {
    "actors.us.moves.pause.when": "day > # and holding_fire(taliban) < # and (surge(taliban) >= # "
    "or reputation_index(us, taliban) < #)",
    "actors.us.moves.threaten.pressure.until": "dual_office(presidency) < # and persons_freed(taliban_prisoners) >= #",
    "actors.government.moves.decree.release.then.when": "holding_fire(taliban)",
    "deal.talks.opens_when": "persons_counted(taliban_prisoners) >= #",
    "deal.promises.annex.keep": "holding_fire(taliban, foreigners) and holding_fire(taliban, cities)",
    "deal.promises.withdrawal.keep": "paused(us) < #",
}
NUMBERS = {
    "steps_per_day": 1,
    "mechanisms": {},
    "world.contest.exponent": 1,
    "world.season.amplitude": 0,
    "world.armed_forces.taliban_fighters.attacks.capacity_exponent": 0.5,
    "world.reputation.minds": {"us": ["foreigners", "cities"]},
}
LEVERS = {
    "label", "release", "posture", "guarantee", "violence", "talks", "blocked_by_dispute", "drawdown", "support",
    "pressure", "when",
}  # fmt: skip
SHOCKING = ("mass_casualty_per_attack", "mass_casualty_deaths")


def refuse_unless(path: str, found: Any, expected: Any) -> None:
    """Raise SystemExit if what stands in the file is not what the plain model is written for."""
    if found != expected:
        raise SystemExit(f"{path}: found {found!r}, expected {expected!r}, which the plain SimPy model is written for")


def at(node: Any, path: str) -> Any:
    """Return what stands at a path of keys, joined by points; None if nothing does."""
    for key in path.split("."):
        node = node.get(key) if isinstance(node, dict) else None
    return node


def without_numbers(condition: str) -> str:
    """Return a condition with ``#`` for each number."""
    return re.sub(r"-?\b\d+(\.\d+)?\b", "#", condition)


def check_factors(path: str, factors: dict[str, dict[str, Any]], expected: dict[str, tuple[Any, ...]]) -> None:
    """Check the forms of a hazard's factors, and the numbers in them that the plain model does not read."""
    refuse_unless(f"{path}.factors", list(factors), list(expected))
    for name, factor in factors.items():
        found = [value for key, value in factor.items() if key != "label"]
        wanted = expected[name]
        masked = ["#" if k < len(wanted) and wanted[k] == "#" else value for k, value in enumerate(found)]
        refuse_unless(f"{path}.factors.{name}", masked, list(wanted))


def check_payoff(name: str, payoff: dict[str, Any], terms: tuple[str, ...], beyond: tuple[str, ...]) -> None:
    """Check which quantities an actor's payoff weighs, in their order."""
    path = f"actors.{name}.payoff"
    refuse_unless(f"{path}.per_year", list(payoff["per_year"]), list(terms))
    refuse_unless(f"{path}.beyond_window", list(payoff["beyond_window"]), list(beyond))
    found = {outcome: list(weights) for outcome, weights in payoff["terms"].items()}
    refuse_unless(f"{path}.terms", found, {"settlement": ["territory"]})


def check_shape(file: dict[str, Any], terms: dict[str, tuple[str, ...]], beyond: tuple[str, ...]) -> None:
    """Refuse a scenario file of another shape than the Doha baseline's.

    Parameters
    ----------
    file : dict
        The scenario, with plain values.
    terms : dict of str to tuple of str
        By actor, the quantities that its payoff weighs per year.
    beyond : tuple of str
        Those that all weigh beyond their window.

    Raises
    ------
    SystemExit
        With the place, what stands there, and what the plain model is written for.
    """
    for path, expected in NUMBERS.items():
        refuse_unless(path, at(file, path), expected)
    for path, expected in CONDITIONS.items():
        refuse_unless(path, without_numbers(str(at(file, path))), expected)
    refuse_unless("actors", list(file["actors"]), list(terms))
    for name, actor in file["actors"].items():
        check_payoff(name, actor["payoff"], terms[name], beyond)
        for move, levers in actor["moves"].items():
            path = f"actors.{name}.moves.{move}"
            refuse_unless(path, sorted(set(levers) - LEVERS), [])
            refuse_unless(f"{path}.when", "when" in levers, f"{path}.when" in CONDITIONS)
            refuse_unless(f"{path}.talks", levers.get("talks", "sit") in ("sit", "refuse"), True)
    deal, forces = file["deal"], file["world"]["armed_forces"]
    hazards = {name: ends for name, ends in deal["outcomes"].items() if "per_day" in ends}
    hazards |= {name: deal["talks"][name] for name in ("opens", "breaks_down")}
    refuse_unless("deal.outcomes", sorted(hazards), sorted(FACTORS))
    for name, hazard in hazards.items():
        check_factors(name, hazard["factors"], FACTORS[name])
        refuse_unless(f"{name}.when", hazard.get("when"), None)
        refuse_unless(f"{name}.until_day", "until_day" in hazard, name == "deal_void")
        refuse_unless(f"{name}.while_talks_open", bool(hazard.get("while_talks_open")), name == "settlement")
    refuse_unless("actors.us.types", list(file["actors"]["us"]["types"]), ["leaving_anyway"])
    scaled = ["at_outcome.government_collapse", "per_year.paused"]
    refuse_unless("actors.us.types", list(file["actors"]["us"]["types"]["leaving_anyway"]["scales"]), scaled)
    shocks = [
        (force, target, key)
        for force, of in forces.items()
        for target, aim in of.get("targets", {}).items()
        for key in SHOCKING
        if key in aim
    ]
    expected = [("taliban_fighters", "cities", SHOCKING[0]), ("isis_k", "cities", SHOCKING[1])]
    refuse_unless("world.armed_forces", shocks, expected)
