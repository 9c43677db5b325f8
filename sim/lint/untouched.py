"""What an actor weighs and nothing can change: no move, no event and no mechanism of the scenario touches it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.lint.warning import LintWarning, at
from sim.scenario.feature_reference import FeatureRef

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.levers import Move

_RELEASED = frozenset(
    {
        "freed", "counted", "commanders", "captives_home", "persons_freed", "persons_counted", "persons_uncounted",
        "recalled", "releasing",
    }
)  # fmt: skip
_HANDED_OVER = frozenset(["handed_over", "accepted", "amount_handed_over", "amount_accepted"])
_ATTACKS = frozenset(["attacks", "deaths", "attack_rate", "daily_attacks", "counted_attacks", "daily_deaths"])


def check_untouched(scenario: Scenario) -> Iterator[LintWarning]:
    """Warn of weights in a payoff of features that stand still whatever anybody does, and so tell no moves apart.

    An overlay that takes moves away inherits weights that were meant for what it extends: these are no mistake.
    """
    own_file = scenario.position("title").file
    for name, actor in scenario.actors.items():
        for section in ("per_year", "beyond_window"):
            for reference, weight in getattr(actor.payoff, section).items():
                if weight != 0.0 and _stands_still(scenario, name, reference):
                    path = f"actors.{name}.payoff.{section}.{reference}"
                    message = "no move, event or mechanism changes it: it counts the same whatever is chosen"
                    warning = at(scenario, path, message)
                    if warning.file == own_file:
                        yield warning


def _stands_still(scenario: Scenario, owner: str, reference: FeatureRef) -> bool:
    """Return whether a feature keeps its first value in every run."""
    kind, args = reference.name, reference.args
    deal, world = scenario.deal, scenario.world
    if kind in _RELEASED:
        groups = [
            name for name, one in deal.captives.items() if kind != "captives_home" or one.claimant in (args or (owner,))
        ]
        asked = groups if kind == "captives_home" or not args else args
        return not any(_let_go(scenario, group) for group in asked)
    if kind in _HANDED_OVER:
        return not _let_go(scenario, args[0])
    if kind in _ATTACKS and args:
        return _attacks_stand_still(scenario, args[0])
    if kind in ("holding_fire", "surge"):
        levels = {move.violence for move in scenario.actors[(args or (owner,))[0]].moves.values()}
        return len(levels) == 1
    if kind == "on_offence":
        return not any(move.posture == "offence" for move in scenario.actors[(args or (owner,))[0]].moves.values())
    if kind == "threat":
        return not any(move.pressure is not None for move in scenario.actors[(args or (owner,))[0]].moves.values())
    if kind in ("troops", "troops_gone", "troop_count"):
        which = args or tuple(deal.withdrawal)
        set_by_event = _set_by_events(scenario)
        return not any(deal.withdrawal[name].steps or name in set_by_event for name in which)
    if kind == "talks":
        return deal.talks is None or deal.talks.opens is None
    if kind == "dispute":
        return not any(one.dispute is not None for name, one in deal.programmes.items() if not args or name in args)
    if kind == "disarmed":
        return not any(_let_go(scenario, name) for name, one in deal.stocks.items() if one.arms_of == args[0])
    if kind == "dual_office":
        return not any(one.dual is not None for name, one in world.offices.items() if not args or name in args)
    return False


def _moves(scenario: Scenario) -> Iterator[tuple[str, Move]]:
    for name, actor in scenario.actors.items():
        for move in actor.moves.values():
            yield name, move


def _let_go(scenario: Scenario, name: str) -> bool:
    """Return whether some move frees a group or hands a stock over, itself or in return for another."""
    programmes = scenario.deal.programmes
    seen: set[str] = set()
    while name in programmes and name not in seen:
        seen.add(name)
        holder = programmes[name].holder
        held = [group for group, one in scenario.deal.captives.items() if one.holder == holder]
        for actor, move in _moves(scenario):
            frees = move.release is not None and (
                move.release.group == name or (not move.release.group and name in held)
            )
            if actor == holder and (frees or name in move.hand_over):
                return True
        reciprocates = programmes[name].reciprocates
        name = "" if reciprocates is None else reciprocates.group
    return False


def _attacks_stand_still(scenario: Scenario, name: str) -> bool:
    """Return whether the attacks of an outside force never change: no talks stir it up, nobody joins it, no event."""
    world = scenario.world
    force = world.armed_forces[name]
    if force.kind != "outside" or force.while_talks_open or world.season.amplitude:
        return False
    joined = {defection.to for defection in world.defections.values()}
    effects = [one for event in scenario.events.values() for one in (event, *event.one_of.values())]
    joined |= {split.to for one in effects for split in one.splits}
    joined |= {one.returns.to for one in scenario.deal.programmes.values() if one.returns is not None}
    return name not in joined | _set_by_events(scenario)


def _set_by_events(scenario: Scenario) -> set[str]:
    """Return the entities of which an event sets a number."""
    effects = [one for event in scenario.events.values() for one in (event, *event.one_of.values())]
    return {path.split(".")[2] for one in effects for path in one.set}
