"""A record of what happened that is not there, or that knows nothing about the scenario that names it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import ScenarioError
from sim.lint.warning import LintWarning, at
from sim.record import named_record
from sim.scenario.feature_reference import GrammarError, parse_feature

if TYPE_CHECKING:
    from sim.record import Record
    from sim.scenario.scenario import Scenario


def check_record(scenario: Scenario, folders: Sequence[Path]) -> Iterator[LintWarning]:
    """Read the record and look for a milestone, an outcome or a series that the scenario has."""
    if scenario.record is None:
        return
    try:
        record = named_record(scenario.record, folders)
    except ScenarioError as error:
        yield at(scenario, "record", f"cannot be read: {error}")
        return
    if not _knows(record, scenario):
        message = f"the record {record.name!r} has no milestone, outcome or series of this scenario"
        yield at(scenario, "record", message)


def _knows(record: Record, scenario: Scenario) -> bool:
    if set(record.milestones) & set(scenario.milestones):
        return True
    names = {"group": scenario.deal.captives, "foreign": scenario.deal.withdrawal, "force": scenario.world.armed_forces}
    names |= {"programme": scenario.deal.programmes, "stock": scenario.deal.stocks, "flow": scenario.world.aid_flows}
    names |= {
        "target": {
            name: target for force in scenario.world.armed_forces.values() for name, target in force.targets.items()
        }
    }
    names |= {"office": scenario.world.offices, "actor": scenario.actors, "quantity": scenario.quantities}
    outcomes = {f"outcome({name})" for name in scenario.outcomes}
    for observation in record.observations:
        if observation.series in outcomes:
            return True
        try:
            reference = parse_feature(observation.series)
        except GrammarError:  # a series that no feature stands for
            continue
        kinds = reference.feature.arguments
        if reference.args and all(arg in names.get(k, {}) for k, arg in zip(kinds, reference.args, strict=False)):
            return True
        if not reference.args and all(names.get(kind) for kind in reference.feature.entities):
            return True
    return False
