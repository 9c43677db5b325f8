"""Forces belong to actors that exist and have the numbers of their kind; aid flows between actors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from sim.scenario.checks.checker import Checker
from sim.scenario.positions import Path, find
from sim.scenario.schema.defection import Defection, Split
from sim.scenario.schema.world import KEYS_BY_KIND, ArmedForce, DeathsPerAttack

MOST_ONE_BY_ONE: Final = 1_000
"""Attacks a day whose deaths are drawn one by one, at some 0.4 microseconds each."""


def check_world(checker: Checker) -> None:
    """Check armed forces, aid flows, offices and the epidemic."""
    world = checker.content.world
    for name, force in world.armed_forces.items():
        _check_force(checker, ("world", "armed_forces", name), name, force)
    for name, defection in world.defections.items():
        check_change_of_sides(checker, ("world", "defections", name), defection)
    for name, flow in world.aid_flows.items():
        path: Path = ("world", "aid_flows", name)
        donor_ok = checker.entity((*path, "donor"), flow.donor, "actor")
        if checker.entity((*path, "recipient"), flow.recipient, "actor") and donor_ok and flow.donor == flow.recipient:
            checker.add((*path, "recipient"), f"{flow.recipient!r}, who pays it", "another actor")
        if flow.cut_usd_bn * flow.max_cuts > flow.usd_bn_per_year:
            found = f"{flow.max_cuts} cuts of {flow.cut_usd_bn:g}"
            checker.add((*path, "cut_usd_bn"), found, f"at most the {flow.usd_bn_per_year:g} that flow")
        if flow.escrow is not None and flow.escrow.usd_bn_per_year > flow.usd_bn_per_year:
            found = f"{flow.escrow.usd_bn_per_year:g} in escrow"
            checker.add((*path, "escrow"), found, f"at most the {flow.usd_bn_per_year:g} that flow")
    for name, office in world.offices.items():
        checker.entity(("world", "offices", name, "actor"), office.actor, "actor")
        for target in office.per_100_killed:
            checker.entity(("world", "offices", name, "per_100_killed", target), target, "target", at_key=True)
    for observer, minded in (world.reputation.minds if world.reputation is not None else {}).items():
        place: Path = ("world", "reputation", "minds", observer)
        checker.entity(place, observer, "actor", at_key=True)
        for i, target in enumerate(minded):
            checker.entity((*place, i), target, "target")
    if world.epidemic is not None and world.epidemic.to_day < world.epidemic.from_day:
        found = f"day {world.epidemic.to_day:g} before day {world.epidemic.from_day:g}"
        checker.add(("world", "epidemic", "to_day"), found, "a day after from_day")


def _check_force(checker: Checker, path: Path, name: str, force: ArmedForce) -> None:
    required, optional = KEYS_BY_KIND[force.kind]
    for key in required:
        if getattr(force, key) is None:
            meaning = ArmedForce.model_fields[key].description
            checker.add(path, f"no key {key!r}", f"{key}: {meaning}, for a force of kind {force.kind}", at_key=True)
    node, _ = find(checker.tree, path)
    for key in node.value if node is not None and isinstance(node.value, dict) else ():
        default = ArmedForce.model_fields[key].get_default(call_default_factory=True)
        if key not in (*required, *optional) and getattr(force, key) != default:
            legal = ", ".join((*required, *optional))
            found = f"the key {key!r}, which a force of kind {force.kind} does not have"
            checker.add((*path, key), found, f"one of {legal}", at_key=True)
    if force.actor is not None:
        checker.entity((*path, "actor"), force.actor, "actor")
    deaths = force.deaths_per_attack
    _check_deaths(checker, path, deaths)
    _check_targets(checker, path, name, force)
    without = force.kind == "outside" and force.strength_thousand is None
    if without and force.share_at_start != 1.0:
        found = f"{force.share_at_start:g} for a force without strength_thousand"
        checker.add((*path, "share_at_start"), found, "strength_thousand: its strength")
    if force.share_at_start == 0.0 and force.attacks is not None and force.attacks.capacity_exponent == 0:
        hint = "Without it, the force attacks as much when there is nobody."
        expected = "attacks.capacity_exponent over 0, such as 1"
        checker.add((*path, "attacks"), "attacks that do not grow with a force that starts at 0", expected, hint)
    if without and force.attacks is not None and force.attacks.capacity_exponent != 0:
        found = f"{force.attacks.capacity_exponent:g} for a force of kind outside without strength_thousand"
        hint = "Leave the key out, or say strength_thousand."
        checker.add((*path, "attacks", "capacity_exponent"), found, "0", hint)
    one_by_one = [(1.0, force.mass_casualty_deaths)]
    one_by_one += [(target.share, target.mass_casualty_deaths) for target in force.targets.values()]
    for share, shock in one_by_one:
        if shock is not None and force.attacks is not None and force.attacks.per_day * share > MOST_ONE_BY_ONE:
            per_day = force.attacks.per_day * share
            found = f"{per_day:g} a day for a force with mass_casualty_deaths, which are drawn one by one"
            hint = "Leave mass_casualty_deaths out, or say mass_casualty_per_attack instead."
            checker.add((*path, "attacks", "per_day"), found, f"at most {MOST_ONE_BY_ONE:,}", hint)
    if force.attacks is not None and deaths is None and not force.targets:
        checker.add(path, "attacks without deaths_per_attack", "deaths_per_attack: mean and shape", at_key=True)
    if force.blamed_on is not None:
        where = (*path, "blamed_on", "force")
        if checker.entity(where, force.blamed_on.force, "force") and force.blamed_on.force == name:
            checker.add(where, f"{name!r} itself", "another force")
        if not force.targets and force.blamed_on.share + force.unattributed_share > 1:
            found = f"{force.blamed_on.share:g} beside {force.unattributed_share:g} unattributed"
            checker.add((*path, "blamed_on", "share"), found, "shares that add up to at most 1")


def _check_deaths(checker: Checker, path: Path, deaths: DeathsPerAttack | None) -> None:
    if deaths is not None and deaths.civilian_mean > deaths.mean:
        found = f"{deaths.civilian_mean:g} civilians"
        checker.add((*path, "deaths_per_attack", "civilian_mean"), found, f"at most the mean, {deaths.mean:g}")


_BY_TARGET = ("deaths_per_attack", "mass_casualty_per_attack", "mass_casualty_deaths", "unattributed_share")


def _check_targets(checker: Checker, path: Path, name: str, force: ArmedForce) -> None:
    """Check the targets of a force: all of its attacks are shared out, and each posture says something about each."""
    named = ", ".join(force.targets)
    for posture, level in force.posture.items():
        if not isinstance(level, Mapping):
            continue
        place: Path = (*path, "posture", posture)
        if not force.targets:
            checker.add(place, "a factor for each target of a force that declares none", "a number, or targets: whom")
            continue
        for target in level:
            checker.one_of((*place, target), target, force.targets, f"a target of {name}", at_key=True)
        for target in force.targets:
            if target not in level:
                checker.add(place, f"no key {target!r}", f"a factor for each target: {named}", at_key=True)
    if not force.targets:
        return
    if force.attacks is None:
        checker.add((*path, "targets"), "targets of a force without attacks", "attacks: how many a day", at_key=True)
    total = math.fsum(target.share for target in force.targets.values())
    if abs(total - 1.0) > 1e-9:
        checker.add((*path, "targets"), f"shares that add up to {total:g}", "shares that add up to 1", at_key=True)
    for key in _BY_TARGET:
        if getattr(force, key) != ArmedForce.model_fields[key].default:
            found = f"the key {key!r} beside targets"
            checker.add((*path, key), found, f"{key} of each target: {named}", at_key=True)
    for key, aim in force.targets.items():
        where: Path = (*path, "targets", key)
        _check_deaths(checker, where, aim.deaths_per_attack)
        if force.blamed_on is not None and force.blamed_on.share + aim.unattributed_share > 1:
            found = f"{aim.unattributed_share:g} beside {force.blamed_on.share:g} that are blamed on another"
            checker.add((*where, "unattributed_share"), found, "shares that add up to at most 1")
        if aim.force is not None and checker.entity((*where, "force"), aim.force, "force"):
            _check_rival(checker, (*where, "force"), name, aim.force)


def _check_rival(checker: Checker, path: Path, name: str, rival: str) -> None:
    """Check that a force that attacks kill fighters of is another one, whose strength can fall by them."""
    force = checker.content.world.armed_forces[rival]
    if rival == name:
        checker.add(path, f"{rival!r} itself", "another force")
    elif force.kind == "regular":
        hint = "What attacks cost a regular force is in its decay_per_day."
        checker.add(path, f"{rival!r}, a regular force", "a force of kind insurgent or outside", hint)
    elif force.strength_thousand is None:
        found = f"{rival!r}, a force without strength_thousand"
        checker.add(path, found, f"world.armed_forces.{rival}.strength_thousand: its strength")


def check_change_of_sides(checker: Checker, path: Path, change: Defection | Split) -> None:
    """Check that fighters go from one force with a strength to another."""
    known = [checker.entity((*path, key), getattr(change, key), "force") for key in ("of", "to")]
    if not all(known):
        return
    if change.of == change.to:
        checker.add((*path, "to"), f"{change.to!r}, which they leave", "another force")
    for key in ("of", "to"):
        name = getattr(change, key)
        if checker.content.world.armed_forces[name].strength_thousand is None:
            found = f"{name!r}, a force without strength_thousand"
            checker.add((*path, key), found, f"world.armed_forces.{name}.strength_thousand: its strength")
