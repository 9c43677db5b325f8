"""What one section cannot check alone: that names exist, that levers have an entity, that maxima hold."""

from __future__ import annotations

from sim.errors import Problem
from sim.scenario.checks.actors import check_actors
from sim.scenario.checks.checker import Checker
from sim.scenario.checks.deal import check_deal
from sim.scenario.checks.deeds import check_deeds
from sim.scenario.checks.events import check_events
from sim.scenario.checks.limits import check_limits
from sim.scenario.checks.outcomes import check_outcomes
from sim.scenario.checks.policies import check_policies
from sim.scenario.checks.references import check_features
from sim.scenario.checks.world import check_world
from sim.scenario.positions import Node
from sim.scenario.schema.scenario import Content


def problems_in(content: Content, tree: Node) -> list[Problem]:
    """List what is wrong between the sections of a scenario.

    Parameters
    ----------
    content : Content
        Each section of which is well-formed.
    tree : Node
        What it was validated from.

    Returns
    -------
    list of Problem
        Unsorted; empty if all is well.
    """
    checker = Checker(content, tree)
    check_limits(checker)
    if checker.problems:  # what is over the maxima could be enough to keep the other checks busy for minutes
        return checker.problems
    checks = (check_actors, check_deal, check_deeds, check_outcomes, check_world, check_features)
    for check in (*checks, check_events, check_policies):
        check(checker)
    return checker.problems
