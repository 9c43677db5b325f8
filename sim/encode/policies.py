"""Encode a policy: dates, features and coefficients as one vector, in the order of `sim.rules.valuation.table`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.encode.names import Names
from sim.encode.ticks import to_ticks
from sim.shared_numbers import SharedNumbers

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def encode_policies(scenario: Scenario, names: Names) -> tuple[tuple[str, SharedNumbers], ...]:
    """Return the actors that have a policy, and its numbers.

    Parameters
    ----------
    scenario : Scenario
        Checked.
    names : Names
        Its entities in order.
    """
    found = []
    for row, (name, actor) in enumerate(scenario.actors.items()):
        policy = actor.rule.policy
        if policy is None:
            continue
        numbers = [float(len(policy.days)), float(len(policy.sees))]
        numbers += [float(to_ticks(scenario, day)) for day in policy.days]
        for seen in policy.sees:
            numbers += [*map(float, names.feature(seen.of, owner=row)), seen.centre, seen.scale]
        for move in actor.moves:
            numbers += [number for coefficients in policy.moves[move] for number in coefficients]
        found.append((name, SharedNumbers.of(numbers)))
    return tuple(found)
