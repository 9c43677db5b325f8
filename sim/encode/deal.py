"""Encode the deal: roles, captives, withdrawal, talks, deadlines, outcomes, milestones."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from sim.encode.hazards import encode_hazard, encode_optional
from sim.encode.names import Names
from sim.encode.programmes import encode_programmes
from sim.encode.tables import TableBuilder
from sim.encode.ticks import to_ticks
from sim.model.factors import NO_HAZARD
from sim.model.layout import Params
from sim.model.outcomes import AT_HORIZON, BY_CONDITION, BY_HAZARD
from sim.model.world import NEVER

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def encode_deal(scenario: Scenario, names: Names, tables: TableBuilder, p: Params) -> None:
    """Fill the fields of `p` that the sections ``roles:``, ``deal:`` and ``milestones:`` set."""
    for field, listed in (
        (p.incumbent, scenario.roles.incumbents),
        (p.challenger, scenario.roles.challengers),
        (p.guarantor, scenario.roles.guarantors),
        (p.party, scenario.deal.talks.between if scenario.deal.talks else ()),
    ):
        for name in listed:
            field[names.actors.index(name)] = 1
    p.guarantors = len(scenario.roles.guarantors)
    encode_programmes(scenario, names, p)
    _encode_withdrawal(scenario, names, p)
    _encode_talks(scenario, names, tables, p)
    _encode_outcomes(scenario, names, tables, p)
    deadlines = [
        (to_ticks(scenario, deadline.day), names.actors.index(actor))
        for deadline in sorted(scenario.deal.deadlines, key=lambda d: d.day)
        for actor in deadline.reviews
    ]
    p.deadlines = len(deadlines)
    p.deadline_at = tables.rows(deadlines)
    p.milestones = len(names.milestones)
    for row, milestone in enumerate(scenario.milestones.values()):
        p.milestone_when[row] = tables.condition(milestone.when)


def _encode_withdrawal(scenario: Scenario, names: Names, p: Params) -> None:
    p.foreign = len(names.foreign)
    for row, force in enumerate(scenario.deal.withdrawal.values()):
        p.foreign_owner[row] = names.actors.index(force.owner)
        p.troops_start[row] = force.start
        p.steps[row] = len(force.steps)
        day, troops = 0.0, force.start
        for column, step in enumerate(force.steps):
            p.step_tick[row, column] = to_ticks(scenario, step.day)
            p.step_left[row, column] = step.left
            p.step_pace[row, column] = force.pace * (troops - step.left) / (step.day - day)
            day, troops = step.day, step.left


def _encode_talks(scenario: Scenario, names: Names, tables: TableBuilder, p: Params) -> None:
    talks = scenario.deal.talks
    p.opens_when = tables.condition(talks.opens_when) if talks else -1
    p.talks_hazard = encode_optional(talks.opens if talks else None, names, tables)
    broken = talks.breaks_down if talks else None
    p.breakdown_hazard = encode_optional(broken, names, tables)
    if broken is not None:
        p.breakdown_shock = broken.after_mass_casualty


def _encode_outcomes(scenario: Scenario, names: Names, tables: TableBuilder, p: Params) -> None:
    p.outcomes = len(scenario.outcomes)
    for row, (name, outcome) in enumerate(scenario.outcomes.items(), start=1):
        p.outcome_when[row] = tables.condition(outcome.when)
        p.outcome_hazard[row] = NO_HAZARD
        p.outcome_luck[row] = (
            outcome.luck + 1 if outcome.luck is not None else (zlib.crc32(name.encode()) & 0x7FFF_FFFF)
        )
        p.outcome_until[row] = to_ticks(scenario, outcome.until_day) if outcome.until_day is not None else NEVER
        p.outcome_from[row] = to_ticks(scenario, outcome.from_day) if outcome.from_day is not None else 0
        p.outcome_goes_on[row] = not outcome.ends_run
        if outcome.at_horizon:
            p.outcome_comes[row] = AT_HORIZON
            continue
        p.outcome_in_talks[row] = outcome.while_talks_open
        p.any_in_talks |= int(outcome.while_talks_open)
        if outcome.per_day is None:
            p.outcome_comes[row] = BY_CONDITION
            p.any_by_condition = 1
        else:
            p.outcome_comes[row] = BY_HAZARD
            if outcome.per_day > 0.0:
                p.outcome_hazard[row] = encode_hazard(outcome.per_day, outcome.factors, names, tables)
