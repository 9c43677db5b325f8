"""What conditions and payoffs name must be there: entities that the scenario has, dates from its start on."""

from __future__ import annotations

from sim.scenario.catalogue import MAX_QUANTITY_TERMS
from sim.scenario.checks.checker import Checker
from sim.scenario.checks.outcomes import hazard_factors
from sim.scenario.condition_grammar import dates_in, features_in
from sim.scenario.feature_reference import FeatureRef, parse_feature
from sim.scenario.positions import Path, find
from sim.scenario.schema.levers import HandOver, Move

_OF_ONE = frozenset({"captives_home", "reputation"})
"""Features of an actor that mean nothing of all actors: outside payoffs, which belong to one, they must say whose."""


def check_features(checker: Checker) -> None:
    """Check every feature reference of the scenario."""
    content = checker.content
    conditions: list[Path] = [("deal", "talks", "opens_when")]
    conditions += [("deal", "outcomes", name, "when") for name in content.deal.outcomes]
    conditions += [("deal", "promises", name, "keep") for name in content.deal.promises]
    conditions += [("measures", name, kind) for name in content.measures for kind in ("first_day", "share_of_time")]
    sums: list[Path] = [("deal", "promises", name, "reach", "of") for name in content.deal.promises]
    sums += [("measures", name, kind) for name in content.measures for kind in ("total", "mean", "highest", "lowest")]
    sums += [("measures", name, "level", "of") for name in content.measures]
    conditions += [
        place for name in content.milestones for place in (("milestones", name), ("milestones", name, "when"))
    ]
    conditions += [("events", name, "when") for name in content.events]
    conditions += [("world", "defections", name, "when") for name in content.world.defections]
    for name, actor in content.actors.items():
        conditions += [("actors", name, "keeps_deal", i, "until") for i in range(len(actor.keeps_deal))]
        for move in actor.moves:
            place = ("actors", name, "moves", move)
            conditions += [(*place, "when"), (*place, "pressure", "until")]
            for lever, setting in _programmes_of(actor.moves[move]):
                conditions += [(*place, *lever, "then", "when")]
                conditions += [(*place, *lever, "tranches", i, "when") for i in range(len(setting.tranches))]
        for section in ("per_year", "beyond_window"):
            _check_weights(checker, ("actors", name, "payoff", section), name)
        for outcome in actor.payoff.terms:
            _check_weights(checker, ("actors", name, "payoff", "terms", outcome), name)
    for path, factors in hazard_factors(content):
        for name in factors:
            conditions.append((*path, name, "when"))
            _check_sum(checker, (*path, name, "of"))
    for path in conditions:
        _check_condition(checker, path)
    for path in sums:
        _check_sum(checker, path)
    for name, flow in content.world.aid_flows.items():
        if flow.escrow is not None:
            check_reference(checker, ("world", "aid_flows", name, "escrow", "paid_with"), flow.escrow.paid_with)
    for name, quantity in content.quantities.items():
        terms = len(quantity.of.terms) + (0 if quantity.times is None else len(quantity.times.terms))
        if terms > MAX_QUANTITY_TERMS:
            checker.add(("quantities", name), f"{terms} terms", f"at most {MAX_QUANTITY_TERMS} in both sums")
        for section in ("of", "times"):
            _check_sum(checker, ("quantities", name, section), of_quantity=True)


def _programmes_of(move: Move) -> list[tuple[Path, HandOver]]:
    """List the settings by which a move lets captives or stocks go, with their place in the move."""
    released: list[tuple[Path, HandOver]] = [(("release",), move.release)] if move.release is not None else []
    return released + [(("hand_over", stock), setting) for stock, setting in move.hand_over.items()]


def _check_sum(checker: Checker, path: Path, *, of_quantity: bool = False) -> None:
    node, _ = find(checker.tree, path)
    if node is None or not isinstance(node.value, str):
        return
    for offset, reference in features_in(node.value, of_sum=True):
        if of_quantity and reference.name == "quantity":
            expected = "a feature that is no quantity itself, so that none can turn in a circle"
            checker.add(path, f"{reference}", expected, offset=offset)
        else:
            check_reference(checker, path, reference, offset=offset)
            _check_whose(checker, path, reference, offset)


def _check_whose(checker: Checker, path: Path, reference: FeatureRef, offset: int) -> None:
    if reference.name in _OF_ONE and not reference.args:
        checker.add(path, f"{reference} of nobody", f"{reference}(actor): whose", offset=offset)


def _check_condition(checker: Checker, path: Path) -> None:
    node, _ = find(checker.tree, path)
    if node is None or not isinstance(node.value, str):
        return
    for offset, reference in features_in(node.value):
        check_reference(checker, path, reference, offset=offset)
        _check_whose(checker, path, reference, offset)
    start = checker.content.start
    for offset, date in dates_in(node.value):
        if date < start:
            checker.add(path, f"{date}, before the start on {start}", "a date from the start on", offset=offset)


def _check_weights(checker: Checker, path: Path, owner: str) -> None:
    node, _ = find(checker.tree, path)
    if node is None or not isinstance(node.value, dict):
        return
    first_keys: dict[FeatureRef, str] = {}
    for key in node.value:
        reference = parse_feature(key)
        check_reference(checker, (*path, key), reference, at_key=True)
        own = FeatureRef(reference.name, (owner,)) if reference.feature.entities == ("actor",) else reference
        twin = first_keys.setdefault(reference if reference.args else own, key)
        if twin != key:
            expected = f"each feature once: in a payoff, {reference.name} is about the actor itself"
            checker.add((*path, key), f"{key!r} beside {twin!r}", expected, at_key=True)


def check_reference(
    checker: Checker, path: Path, reference: FeatureRef, *, offset: int = 0, at_key: bool = False
) -> None:
    """Check that what a feature is about is there."""
    found = str(reference)
    known = True
    if reference.name == "territory" and checker.content.world.territory is None:
        checker.add(path, found, "world.territory: who holds the land at the start", offset=offset, at_key=at_key)
    for kind, name in zip(reference.feature.entities, reference.args, strict=False):
        known &= checker.entity(path, name, kind, inside=found, offset=offset, at_key=at_key)
    if known and reference.feature.by_target and len(reference.args) > 1:
        of, target = reference.args
        forces = checker.content.world.armed_forces
        of_actor = [force for force in forces.values() if force.actor == of]
        own = [forces[of]] if reference.feature.entities == ("force",) else of_actor
        legal = dict.fromkeys(name for force in own for name in force.targets)
        checker.one_of(path, target, legal, f"a target of {of}", inside=found, offset=offset, at_key=at_key)
