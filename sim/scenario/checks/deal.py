"""The deal is between actors that exist, frees no more than are held, and withdraws in order of time."""

from __future__ import annotations

from sim.scenario.checks.checker import Checker
from sim.scenario.positions import Path
from sim.scenario.schema.deal import CaptiveGroup, Stock, Withdrawal


def check_deal(checker: Checker) -> None:
    """Check captives, withdrawal, talks and deadlines."""
    deal = checker.content.deal
    for name, group in deal.captives.items():
        _check_group(checker, ("deal", "captives", name), name, group)
    for name, stock in deal.stocks.items():
        _check_stock(checker, ("deal", "stocks", name), name, stock)
    for name, withdrawal in deal.withdrawal.items():
        _check_withdrawal(checker, ("deal", "withdrawal", name), withdrawal)
    if deal.talks is not None:
        path: Path = ("deal", "talks", "between")
        for i, name in enumerate(deal.talks.between):
            if checker.entity((*path, i), name, "actor") and name in deal.talks.between[:i]:
                checker.add((*path, i), f"{name!r} again", "each party once")
        if len(deal.talks.between) < 2:
            checker.add(path, f"{len(deal.talks.between)} parties", "at least two")
    for i, deadline in enumerate(deal.deadlines):
        for j, name in enumerate(deadline.reviews):
            path = ("deal", "deadlines", i, "reviews", j)
            if checker.entity(path, name, "actor") and name in deadline.reviews[:j]:
                checker.add(path, f"{name!r} again", "each actor once")


def _check_group(checker: Checker, path: Path, name: str, group: CaptiveGroup) -> None:
    holder_ok = checker.entity((*path, "holder"), group.holder, "actor")
    if checker.entity((*path, "claimant"), group.claimant, "actor") and holder_ok and group.holder == group.claimant:
        checker.add((*path, "claimant"), f"{group.claimant!r}, who holds them", "another actor")
    _check_programme(checker, path, name, group)
    if group.commanders is not None:
        if group.returns is None:
            checker.add((*path, "commanders"), "commanders without returns", "returns: to what force", at_key=True)
        if group.commanders.held > group.held:
            found = f"{group.commanders.held:g} commanders"
            checker.add((*path, "commanders", "held"), found, f"at most the {group.held:g} held")


def _check_stock(checker: Checker, path: Path, name: str, stock: Stock) -> None:
    holder_ok = checker.entity((*path, "holder"), stock.holder, "actor")
    if name in checker.content.deal.captives:
        checker.add(path, f"{name!r}, a group of deal.captives", "a name of its own", at_key=True)
    if stock.claimant is not None:
        claimant_ok = checker.entity((*path, "claimant"), stock.claimant, "actor")
        if claimant_ok and holder_ok and stock.claimant == stock.holder:
            checker.add((*path, "claimant"), f"{stock.claimant!r}, who hands it over", "another actor")
    else:
        for key in ("verify_backlog_days", "dispute", "counted_at_once"):
            if getattr(stock, key) != Stock.model_fields[key].default:  # which a resolved scenario says
                checker.add((*path, key), f"{key} without claimant", "claimant: the actor that counts", at_key=True)
    _check_programme(checker, path, name, stock)
    forces = checker.content.world.armed_forces
    for key in ("arms_of", "men_of"):
        force = getattr(stock, key)
        if force is None or not checker.entity((*path, key), force, "force"):
            continue
        if forces[force].kind == "outside" or (key == "arms_of" and forces[force].kind != "insurgent"):
            expected = "an insurgent force" if key == "arms_of" else "an insurgent or regular force"
            checker.add((*path, key), f"{force!r}, a force of kind {forces[force].kind}", expected)
        elif forces[force].actor != stock.holder:
            checker.add((*path, key), f"{force!r}, a force of {forces[force].actor}", f"a force of {stock.holder}")
        twins = [k for k, other in checker.content.deal.stocks.items() if getattr(other, key) == force]
        if twins[0] != name:
            checker.add((*path, key), f"{force!r}, as in {twins[0]}", "one stock for each force")
    if stock.arms_of is not None and stock.men_of is not None:
        checker.add((*path, "men_of"), "arms_of and men_of", "one of them: a stock for each", at_key=True)
    if stock.returns is not None and stock.men_of is None:
        checker.add((*path, "returns"), "returns of what is no men", "men_of: the force they leave", at_key=True)
    if stock.divisible and stock.men_of is not None:
        checker.add((*path, "divisible"), "men who are divisible", "no: they leave one by one")


def _check_programme(checker: Checker, path: Path, name: str, programme: CaptiveGroup | Stock) -> None:
    if programme.promised is not None and programme.promised > programme.held:
        checker.add((*path, "promised"), f"{programme.promised:g}", f"at most the {programme.held:g} held")
    if programme.cap_freed is not None and programme.cap_freed > programme.held:
        checker.add((*path, "cap_freed"), f"{programme.cap_freed:g}", f"at most the {programme.held:g} held")
    if programme.returns is not None and checker.entity((*path, "returns", "to"), programme.returns.to, "force"):
        force = checker.content.world.armed_forces[programme.returns.to]
        if force.kind == "regular" or force.strength_thousand is None:
            found = f"{programme.returns.to!r}, a force of kind {force.kind}"
            found += "" if force.kind == "regular" else " without strength_thousand"
            checker.add((*path, "returns", "to"), found, "an insurgent force, or an outside one with a strength")
    if programme.reciprocates is not None:
        other = programme.reciprocates.group
        if checker.entity((*path, "reciprocates", "group"), other, "programme") and other == name:
            checker.add((*path, "reciprocates", "group"), f"{other!r} itself", "another group or stock")


def _check_withdrawal(checker: Checker, path: Path, withdrawal: Withdrawal) -> None:
    checker.entity((*path, "owner"), withdrawal.owner, "actor")
    day, left = 0.0, withdrawal.start
    for i, step in enumerate(withdrawal.steps):
        if step.day <= day:
            checker.add((*path, "steps", i), f"day {step.day:g} after day {day:g}", "steps in order of time")
        if step.left > left:
            found = f"{step.left:g} left after {left:g}"
            checker.add((*path, "steps", i, "left"), found, "no more than before: troops only leave")
        day, left = step.day, step.left
