"""By what payoffs measure: the numbers that a feature is divided by, and whether two scenarios divide alike.

Many features are shares of something that the scenario states: attacks over their rate at the start, captives over
those promised, troops and aid over what there was. A change of such a number moves the feature without anything else
happening: ten times as many attacks over a reference ten times as large weigh what they weighed. A difference of
payoffs then says little, and the reader must know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.feature_reference import FeatureRef
    from sim.scenario.scenario import Scenario


def yardsticks(scenario: Scenario) -> dict[str, dict[str, dict[str, float]]]:
    """Return the numbers that the terms of each actor's payoff are divided by.

    Parameters
    ----------
    scenario : Scenario
        Any.

    Returns
    -------
    dict of str to dict of str to dict of str to float
        By actor and feature as its payoff names it, each number by its path. A feature that is divided by nothing is
        left out.

    Examples
    --------
    >>> import sim
    >>> yardsticks(sim.load("toys/two_actors"))["rebels"]
    {'counted(prisoners)': {'deal.captives.prisoners.promised': 600.0}}
    """
    by_actor: dict[str, dict[str, dict[str, float]]] = {}
    for name, actor in scenario.actors.items():
        features = dict.fromkeys(actor.payoff.features)
        divided = {str(feature): dict(_divisors(scenario, feature, name)) for feature in features}
        by_actor[name] = {feature: numbers for feature, numbers in divided.items() if numbers}
    return by_actor


def judged_otherwise(reference: Scenario, other: Scenario) -> dict[str, str]:
    """Say whose payoff a scenario judges by other weights or another yardstick than the reference.

    Parameters
    ----------
    reference, other : Scenario
        Actors that only one of them has are left out.

    Returns
    -------
    dict of str to str
        By actor, ``other weights`` or ``another yardstick``, or both.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> judged_otherwise(toy, toy.replace({"deal.captives.prisoners.promised": 300}))
    {'state': 'another yardstick', 'rebels': 'another yardstick'}
    """
    measured = [yardsticks(scenario) for scenario in (reference, other)]
    judged: dict[str, str] = {}
    for actor in reference.actors:
        if actor in other.actors:
            by = ["other weights"] if _weights(reference, actor) != _weights(other, actor) else []
            by += ["another yardstick"] if yardstick_changes(measured[0][actor], measured[1][actor]) else []
            if by:
                judged[actor] = " and ".join(by)
    return judged


def yardstick_changes(
    before: dict[str, dict[str, float]], after: dict[str, dict[str, float]]
) -> dict[str, dict[str, tuple[float | None, float | None]]]:
    """Return which numbers two payoffs divide a feature by that both weigh, where they differ.

    Parameters
    ----------
    before, after : dict of str to dict of str to float
        One actor's, as of `yardsticks`.

    Returns
    -------
    dict of str to dict of str to tuple
        By feature and path the two numbers; None where a scenario does not have it.
    """
    changes = {}
    for feature in before:
        paths = dict.fromkeys((*before[feature], *after.get(feature, {})))
        moved = {path: (before[feature].get(path), after.get(feature, {}).get(path)) for path in paths}
        moved = {path: pair for path, pair in moved.items() if pair[0] != pair[1]}
        if feature in after and moved:
            changes[feature] = moved
    return changes


def _divisors(scenario: Scenario, feature: FeatureRef, owner: str) -> Iterator[tuple[str, float]]:
    """Yield path and value of what a feature is divided by; without argument it is about all entities."""
    captives, forces = scenario.deal.captives, scenario.world.armed_forces
    name, args = feature.name, feature.args
    if name == "attacks":
        insurgent = [force for force in forces if forces[force].kind == "insurgent"]
        for force in args or insurgent:
            attacks = forces[force].attacks
            if attacks is not None:
                yield f"world.armed_forces.{force}.attacks.per_day", attacks.per_day
    elif name in ("freed", "counted"):
        for group in args or captives:
            yield f"deal.captives.{group}.promised", captives[group].promised
    elif name in ("handed_over", "accepted"):
        stock = scenario.deal.stocks[args[0]]
        yield f"deal.stocks.{args[0]}.promised", stock.held if stock.promised is None else stock.promised
    elif name == "disarmed":
        for key, stock in scenario.deal.stocks.items():
            if stock.arms_of == args[0]:
                yield f"deal.stocks.{key}.held", stock.held
    elif name == "commanders":
        for group in args or captives:
            commanders = captives[group].commanders
            if commanders is not None:
                yield f"deal.captives.{group}.commanders.held", commanders.held
    elif name == "captives_home":
        for group, held in captives.items():
            if held.claimant == (args[0] if args else owner):
                yield f"deal.captives.{group}.promised", held.promised
    elif name in ("troops", "troops_gone", "sanctuary_risk"):
        for foreign in args or scenario.deal.withdrawal:
            yield f"deal.withdrawal.{foreign}.start", scenario.deal.withdrawal[foreign].start
    elif name == "aid_lost":
        for flow in args or scenario.world.aid_flows:
            yield f"world.aid_flows.{flow}.usd_bn_per_year", scenario.world.aid_flows[flow].usd_bn_per_year
    elif name == "quantity":
        quantity = scenario.quantities[args[0]]
        for inner in (*quantity.of.features, *(() if quantity.times is None else quantity.times.features)):
            yield from _divisors(scenario, inner, owner)
    elif name == "capacity" and forces[args[0]].strength_thousand is not None:
        yield f"world.armed_forces.{args[0]}.strength_thousand", float(forces[args[0]].strength_thousand or 0.0)


def _weights(scenario: Scenario, name: str) -> tuple[Any, ...]:
    """Return what turns the features of a run into the payoff of an actor."""
    actor = scenario.actors[name]
    costs = {key: group.cost_per_1000 for key, group in scenario.deal.programmes.items() if group.holder == name}
    own = {
        feature: scenario.quantities[feature.args[0]] for feature in actor.payoff.features if feature.name == "quantity"
    }
    return actor.payoff, actor.discount_per_year, actor.types, scenario.payoff_spread, costs, own
