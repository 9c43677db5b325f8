"""The fixed maxima of the compiled model: more is refused at the first one too many."""

from __future__ import annotations

from collections.abc import Sized
from typing import Final

from sim.scenario import catalogue
from sim.scenario.checks.checker import Checker
from sim.scenario.checks.outcomes import hazard_factors
from sim.scenario.positions import Path, find
from sim.scenario.provenance import VARIATIONS
from sim.scenario.schema.events import every_effect

MAX_LEVELS: Final = 12
MAX_HEADLINE: Final = 24
MAX_VARIATIONS: Final = 16
MAX_SLIDERS: Final = 12
MAX_CHANGES: Final = 100


def check_limits(checker: Checker) -> None:
    """Compare every collection with the maximum of the catalogue."""
    content = checker.content
    collections: list[tuple[Path, Sized, int, str]] = [
        (("actors",), content.actors, catalogue.MAX_ACTORS, "actors"),
        (("world", "armed_forces"), content.world.armed_forces, catalogue.MAX_FORCES, "armed forces"),
        (("world", "defections"), content.world.defections, catalogue.MAX_DEFECTIONS, "defections"),
        (("world", "aid_flows"), content.world.aid_flows, catalogue.MAX_FLOWS, "aid flows"),
        (("world", "offices"), content.world.offices, catalogue.MAX_OFFICES, "offices"),
        (("deal", "captives"), content.deal.captives, catalogue.MAX_GROUPS, "groups of captives"),
        (("deal", "stocks"), content.deal.stocks, max(catalogue.MAX_GROUPS - len(content.deal.captives), 0), "stocks"),
        (("deal", "withdrawal"), content.deal.withdrawal, catalogue.MAX_FOREIGN, "foreign forces"),
        (("deal", "deadlines"), content.deal.deadlines, catalogue.MAX_DEADLINES, "deadlines"),
        (("quantities",), content.quantities, catalogue.MAX_QUANTITIES, "quantities"),
        (("deal", "promises"), content.deal.promises, catalogue.MAX_PROMISES, "promises"),
        (("measures",), content.measures, catalogue.MAX_MEASURES, "measures"),
        (("headline",), content.headline, MAX_HEADLINE, "measures"),
        (("explore",), content.explore, MAX_SLIDERS, "sliders"),
        (("milestones",), content.milestones, catalogue.MAX_MILESTONES, "milestones"),
        (("deal", "outcomes"), content.deal.outcomes, catalogue.MAX_OUTCOMES - 1, "outcomes"),
    ]
    for place, factors in hazard_factors(content):
        collections.append((place, factors, catalogue.MAX_FACTORS, "factors"))
    for effects_path, effects in every_effect(content.events):
        collections.append(((*effects_path, "set"), effects.set, catalogue.MAX_EFFECTS, "settings"))
        collections.append(((*effects_path, "reviews"), effects.reviews, catalogue.MAX_ACTORS, "actors"))
        collections.append(((*effects_path, "splits"), effects.splits, catalogue.MAX_SPLITS, "splits"))
        collections.append(((*effects_path, "becomes"), effects.becomes, catalogue.MAX_ACTORS, "actors"))
    _check_events(checker)
    _check_profiles(checker)
    for name, actor in content.actors.items():
        actor_path: Path = ("actors", name)
        collections += [
            ((*actor_path, "moves"), actor.moves, catalogue.MAX_MOVES, "moves"),
            ((*actor_path, "keeps_deal"), actor.keeps_deal, catalogue.MAX_DEAL_STEPS, "moves that keep the deal"),
            ((*actor_path, "payoff", "per_year"), actor.payoff.per_year, catalogue.MAX_TERMS, "weights"),
            ((*actor_path, "payoff", "beyond_window"), actor.payoff.beyond_window, catalogue.MAX_BEYOND, "weights"),
            ((*actor_path, "types"), actor.types, 1, "other types"),
            ((*actor_path, "payoff", "parameters"), actor.payoff.parameters, catalogue.MAX_PARAMETERS, "parameters"),
            ((*actor_path, "rule", "parameters"), actor.rule.parameters, catalogue.MAX_PARAMETERS, "parameters"),
        ]
        terms = sum(len(weights) for weights in actor.payoff.terms.values())
        if terms > catalogue.MAX_OUTCOME_TERMS:
            found = f"{terms} weights of all outcomes"
            checker.add((*actor_path, "payoff", "terms"), found, f"at most {catalogue.MAX_OUTCOME_TERMS}", at_key=True)
        if not actor.moves:
            checker.add((*actor_path, "moves"), "no moves", "at least one move")
    for name, withdrawal in content.deal.withdrawal.items():
        steps: Path = ("deal", "withdrawal", name, "steps")
        collections.append((steps, withdrawal.steps, catalogue.MAX_STEPS, "steps"))
    left = catalogue.MAX_STREAMS
    for name, force in content.world.armed_forces.items():
        postures: Path = ("world", "armed_forces", name, "posture")
        collections.append((postures, force.posture, MAX_LEVELS, "postures"))
        left -= max(len(force.targets), 1)
        if left < 0 and force.targets:
            found = f"{catalogue.MAX_STREAMS - left} targets of all forces so far, one for each that declares none"
            checker.add((*postures[:-1], "targets"), found, f"at most {catalogue.MAX_STREAMS}", at_key=True)
    for section in VARIATIONS:
        collections.append(((section,), getattr(content, section), MAX_VARIATIONS, "entries"))
        for name, variation in getattr(content, section).items():
            collections.append(((section, name, "changes"), variation.changes, MAX_CHANGES, "changes"))
    levels: Path = ("world", "contest", "support_levels")
    collections.append((levels, content.world.contest.support_levels, MAX_LEVELS, "levels"))
    for path, collection, most, what in collections:
        if len(collection) > most:
            checker.add(_first_over(checker, path, most), f"{len(collection)} {what}", f"at most {most}", at_key=True)
    if not content.actors:
        checker.add(("actors",), "no actors", "at least one actor")
    ticks = content.horizon_days * content.steps_per_day
    if ticks > catalogue.MAX_HORIZON_TICKS:
        checker.add(
            ("horizon_days",),
            f"{content.horizon_days} days of {content.steps_per_day} steps, {ticks:,} steps",
            f"at most {catalogue.MAX_HORIZON_TICKS:,} steps",
            "Shorten the horizon or take fewer steps a day.",
        )


def _first_over(checker: Checker, path: Path, most: int) -> Path:
    """Find the first element that is one too many."""
    node, _ = find(checker.tree, path)
    if node is not None and isinstance(node.value, dict):
        return (*path, list(node.value)[most])
    return (*path, most)


def _check_events(checker: Checker) -> None:
    """Count events together with their alternatives, which share one maximum."""
    rows = list(every_effect(checker.content.events))
    if len(rows) > catalogue.MAX_EVENTS:
        path, _ = rows[catalogue.MAX_EVENTS]
        expected = f"at most {catalogue.MAX_EVENTS}"
        checker.add(path, f"{len(rows)} events and alternatives", expected, at_key=True)


def _check_profiles(checker: Checker) -> None:
    """Count the profiles of all actors, which share one maximum."""
    paths: list[Path] = [
        ("actors", name, "profiles", profile)
        for name, actor in checker.content.actors.items()
        for profile in actor.profiles
    ]
    most = catalogue.MAX_CHANGED_PROFILES
    if len(paths) > most:
        checker.add(paths[most], f"{len(paths)} profiles of all actors", f"at most {most}", at_key=True)
