"""What a scenario declares and nothing reads: groups, stocks, flows, offices, promises, profiles, whole sections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.lint.walk import references_of
from sim.lint.warning import LintWarning, at
from sim.scenario.changed_actor import changed_actor

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

_TRUST = frozenset({"reputation", "reputation_index", "trust"})


def check_unused(scenario: Scenario) -> Iterator[LintWarning]:
    """List what could be left out without changing any decision or outcome."""
    yield from _entities(scenario)
    yield from _sections(scenario)
    yield from _promises(scenario)
    become = {
        (actor, profile)
        for event in scenario.events.values()
        for effects in (event, *event.one_of.values())
        for actor, profile in effects.becomes.items()
    }
    for name, actor in scenario.actors.items():
        for profile in actor.profiles:
            if (name, profile) not in become:
                message = "no event brings this profile (becomes)"
                yield at(scenario, f"actors.{name}.profiles.{profile}", message)


def _read(scenario: Scenario) -> set[tuple[str, str]]:
    """Return the entities, as kind and name, that a feature reads which something in the scenario names."""
    deal, world = scenario.deal, scenario.world
    kinds = {
        "group": tuple(deal.captives),
        "stock": tuple(deal.stocks),
        "programme": tuple(deal.programmes),
        "flow": tuple(world.aid_flows),
        "office": tuple(world.offices),
    }
    read: set[tuple[str, str]] = set()
    for _, reference in references_of(scenario):
        if reference.name == "divided_team":
            read |= {("office", name) for name, office in world.offices.items() if office.dual is not None}
        if reference.name == "captives_home":
            read |= {("group", name) for name, group in deal.captives.items() if group.claimant in reference.args}
            read |= set() if reference.args else {("group", name) for name in deal.captives}
        for i, kind in enumerate(reference.feature.entities):
            for name in reference.args[i : i + 1] or kinds.get(kind, ()):
                own = "stock" if name in deal.stocks else "group"
                read.add((own if kind == "programme" else kind, name))
    return read


def _entities(scenario: Scenario) -> Iterator[LintWarning]:
    """Warn of groups, stocks, flows and offices that neither a feature nor another part of the world reads."""
    deal, world, read = scenario.deal, scenario.world, _read(scenario)
    in_step = {p.reciprocates.group for p in deal.programmes.values() if p.reciprocates is not None}
    counted_by_all = (world.reputation is not None and world.reputation.per_100_counted != 0.0) or any(
        office.per_1000_freed for office in world.offices.values()
    )
    pays_for_force = world.contest.aid > 0.0 or any(f.decay_per_day.aid_lost for f in world.armed_forces.values())
    nothing = (
        "no payoff, condition or hazard reads it, nor does anything else in this world: what becomes of it is idle"
    )
    for name, group in deal.captives.items():
        if ("group", name) not in read and name not in in_step and group.returns is None and not counted_by_all:
            yield at(scenario, f"deal.captives.{name}", nothing)
    for name, stock in deal.stocks.items():
        of_force = stock.arms_of is not None or stock.men_of is not None or stock.returns is not None
        if ("stock", name) not in read and name not in in_step and not of_force:
            yield at(scenario, f"deal.stocks.{name}", nothing)
    for name in world.aid_flows:
        if ("flow", name) not in read and not pays_for_force:
            yield at(scenario, f"world.aid_flows.{name}", nothing)
    for name in world.offices:
        if ("office", name) not in read:
            yield at(scenario, f"world.offices.{name}", nothing)


def _sections(scenario: Scenario) -> Iterator[LintWarning]:
    """Warn of sections of the world that change nothing."""
    deal, world = scenario.deal, scenario.world
    if world.epidemic is not None and not deal.captives:
        yield at(scenario, "world.epidemic", "nobody is held captive, which is all that an epidemic bears on")
    if world.profiteers is not None and (deal.talks is None or deal.talks.breaks_down is None):
        message = "there is no deal.talks.breaks_down, the hazard that profiteers multiply"
        yield at(scenario, "world.profiteers", message)
    if world.reputation is not None and not any(ref.name in _TRUST for _, ref in references_of(scenario)):
        message = f"no payoff, condition or hazard reads {', '.join(sorted(_TRUST))}"
        yield at(scenario, "world.reputation", message)


def _promises(scenario: Scenario) -> Iterator[LintWarning]:
    """Warn of promises that others watch and that cost nothing to break."""
    reputation = scenario.world.reputation
    if reputation is not None and reputation.broken_pledge != 0.0:
        return
    for name, promise in scenario.deal.promises.items():
        actor = scenario.actors[promise.by]
        everyone = [actor, *(changed_actor(actor, profile) for profile in actor.profiles.values())]
        if promise.watched and not any(one.payoff.once.breaks_pledge for one in everyone):
            message = (
                f"breaking it costs {promise.by} nothing: no payoff.once.breaks_pledge, no reputation.broken_pledge"
            )
            yield at(scenario, f"deal.promises.{name}", message)
