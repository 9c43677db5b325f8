"""The deal is between actors that exist, frees no more than are held, and withdraws in order of time."""

from __future__ import annotations

from sim.scenario.checks.checker import Checker
from sim.scenario.positions import Path
from sim.scenario.schema.deal import CaptiveGroup, Withdrawal


def check_deal(checker: Checker) -> None:
    """Check captives, withdrawal, talks, deadlines and pledges."""
    deal = checker.content.deal
    for name, group in deal.captives.items():
        _check_group(checker, ("deal", "captives", name), name, group)
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
    for i, pledge in enumerate(deal.pledges):
        checker.entity(("deal", "pledges", i, "by"), pledge.by, "actor")


def _check_group(checker: Checker, path: Path, name: str, group: CaptiveGroup) -> None:
    holder_ok = checker.entity((*path, "holder"), group.holder, "actor")
    if checker.entity((*path, "claimant"), group.claimant, "actor") and holder_ok and group.holder == group.claimant:
        checker.add((*path, "claimant"), f"{group.claimant!r}, who holds them", "another actor")
    if group.promised > group.held:
        checker.add((*path, "promised"), f"{group.promised:g}", f"at most the {group.held:g} held")
    if group.cap_freed is not None and group.cap_freed > group.held:
        checker.add((*path, "cap_freed"), f"{group.cap_freed:g}", f"at most the {group.held:g} held")
    if group.returns is not None and checker.entity((*path, "returns", "to"), group.returns.to, "force"):
        kind = checker.content.world.armed_forces[group.returns.to].kind
        if kind != "insurgent":
            checker.add((*path, "returns", "to"), f"{group.returns.to!r}, a force of kind {kind}", "an insurgent force")
    if group.commanders is not None:
        if group.returns is None:
            checker.add((*path, "commanders"), "commanders without returns", "returns: to what force", at_key=True)
        if group.commanders.held > group.held:
            found = f"{group.commanders.held:g} commanders"
            checker.add((*path, "commanders", "held"), found, f"at most the {group.held:g} held")
    if group.reciprocates is not None:
        other = group.reciprocates.group
        if checker.entity((*path, "reciprocates", "group"), other, "group") and other == name:
            checker.add((*path, "reciprocates", "group"), f"{other!r} itself", "another group")


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
