"""A policy knows the moves of its actor, and reads only what that actor can see."""

from __future__ import annotations

from sim.scenario.checks.checker import Checker
from sim.scenario.checks.references import check_reference
from sim.scenario.observable import seen_by
from sim.scenario.positions import Path


def check_policies(checker: Checker) -> None:
    """Check the policy of every actor that has one."""
    for name, actor in checker.content.actors.items():
        policy = actor.rule.policy
        if policy is None:
            continue
        path: Path = ("actors", name, "rule", "policy")
        for move in policy.moves:
            checker.one_of((*path, "moves", move), move, actor.moves, f"a move of {name}", at_key=True)
        missing = [move for move in actor.moves if move not in policy.moves]
        if missing:
            checker.add((*path, "moves"), f"no coefficients for {', '.join(missing)}", f"every move of {name}")
        for place, reference in enumerate(policy.features):
            at = (*path, "sees", place, "of")
            before = len(checker.problems)
            check_reference(checker, at, reference)
            if len(checker.problems) == before and not seen_by(checker.content, name, reference):
                hint = "Fighters are counted by whoever leads them, and those who went back by whoever claimed them."
                checker.add(at, f"{reference}, which {name} cannot see", f"a feature that {name} can see", hint)
