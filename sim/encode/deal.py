"""Encode the deal: roles, captives, withdrawal, talks, deadlines, pledges, outcomes, shocks, milestones."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from sim.encode.hazards import encode_hazard, encode_optional
from sim.encode.names import Names
from sim.encode.tables import TableBuilder
from sim.encode.ticks import to_ticks
from sim.model.factors import NO_HAZARD
from sim.model.layout import Params
from sim.model.outcomes import AT_HORIZON, BY_CONDITION, BY_HAZARD
from sim.model.shocks import (
    SHOCK_AID,
    SHOCK_ATTACKS,
    SHOCK_COHESION,
    SHOCK_DUAL,
    SHOCK_PACE,
    SHOCK_STRENGTH,
    SHOCK_TROOPS,
)
from sim.model.switches import ON_DUAL_OFFICE
from sim.model.world import NEVER

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.deal import CaptiveGroup

SHOCKS = {
    ("aid_flows", "usd_bn_per_year"): SHOCK_AID,
    ("offices", "dual"): SHOCK_DUAL,
    ("offices", "cohesion_logit"): SHOCK_COHESION,
    ("armed_forces", "strength_thousand"): SHOCK_STRENGTH,
    ("armed_forces", "per_day"): SHOCK_ATTACKS,
    ("withdrawal", "troops"): SHOCK_TROOPS,
    ("withdrawal", "pace"): SHOCK_PACE,
}


def encode_deal(scenario: Scenario, names: Names, tables: TableBuilder, p: Params) -> None:
    """Fill the fields of `p` that the sections ``roles:``, ``deal:``, ``shocks:`` and ``milestones:`` set."""
    for field, listed in (
        (p.incumbent, scenario.roles.incumbents),
        (p.challenger, scenario.roles.challengers),
        (p.guarantor, scenario.roles.guarantors),
        (p.party, scenario.deal.talks.between if scenario.deal.talks else ()),
    ):
        for name in listed:
            field[names.actors.index(name)] = 1
    p.guarantors = len(scenario.roles.guarantors)
    _encode_captives(scenario, names, p)
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
    p.pledges = len(scenario.deal.pledges)
    for row, pledge in enumerate(scenario.deal.pledges):
        p.pledge_by[row] = names.actors.index(pledge.by)
        p.pledge_while[row] = tables.condition(pledge.kept_while)
    p.milestones = len(names.milestones)
    for row, milestone in enumerate(scenario.milestones.values()):
        p.milestone_when[row] = tables.condition(milestone.when)
    shocks = _shock_rows(scenario, names, p)
    p.shocks = len(shocks)
    p.shock_at = tables.rows(shocks)


def _encode_captives(scenario: Scenario, names: Names, p: Params) -> None:
    p.groups = len(names.groups)
    for row, group in enumerate(scenario.deal.captives.values()):
        p.holder[row] = names.actors.index(group.holder)
        p.claimant[row] = names.actors.index(group.claimant)
        p.held[row] = group.held
        p.promised[row] = group.promised
        p.cap_freed[row] = min(group.cap_freed, group.held) if group.cap_freed is not None else group.held
        p.vetting[row] = group.vetting_per_day if group.vetting_per_day is not None else group.held * 96.0
        if group.setup_lag_days is not None:
            p.lag_mean[row] = group.setup_lag_days.mean
            p.lag_shape[row] = group.setup_lag_days.shape
        p.counted_own[row] = group.counted_at_once.own
        p.counted_claimant[row] = group.counted_at_once.claimant
        p.backlog_rate[row] = 1.0 / group.verify_backlog_days if group.verify_backlog_days is not None else 0.0
        _encode_returns(group, names, p, row)
        if group.commanders is not None:
            p.commanders_held[row] = group.commanders.held
            p.fighters_each[row] = group.commanders.fighters_each
        cost = group.cost_per_1000
        p.cost_exponent[row] = p.cost_claimant[row] = p.cost_quiet[row] = 1.0
        p.cost_not_quiet[row] = p.cost_talks[row] = 1.0
        if cost is not None:
            p.cost_base[row] = cost.base
            p.cost_hardest[row] = cost.hardest_last
            p.cost_exponent[row] = cost.exponent
            p.cost_claimant[row] = cost.claimant_list
            p.cost_quiet[row] = cost.if_quiet
            p.cost_not_quiet[row] = cost.if_not_quiet
            p.cost_talks[row] = cost.if_talks_open
        if group.dispute is not None:
            p.dispute_opens[row] = group.dispute.opens_per_day
            p.dispute_over[row] = group.dispute.if_uncounted_over
            p.dispute_ends[row] = 1.0 / group.dispute.mean_days
        p.reciprocates[row] = -1
        if group.reciprocates is not None:
            p.reciprocates[row] = names.groups.index(group.reciprocates.group)
            p.per_captive[row] = group.reciprocates.per_captive


def _encode_returns(group: CaptiveGroup, names: Names, p: Params, row: int) -> None:
    p.returns_to[row] = -1
    returns = group.returns
    if returns is None:
        return
    p.returns_to[row] = names.forces.index(returns.to)
    if isinstance(returns.probability, float | int):
        p.return_mean[row] = returns.probability
    else:
        p.return_alpha[row], p.return_beta[row] = returns.probability.beta
        p.return_mean[row] = returns.probability.mean
    p.return_rate[row] = 1.0 / returns.delay_days
    p.risk_at_first[row] = returns.risk_at_first
    p.risk_per_share[row] = returns.risk_per_share_freed
    guarantee = returns.guarantee
    p.guarantee_factor[row] = (guarantee.none, guarantee.written, guarantee.written_biometric)


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
        p.breakdown_refused = broken.refused_per_day
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
        p.outcome_comes[row] = BY_CONDITION
        if outcome.per_day is not None:
            p.outcome_comes[row] = BY_HAZARD
            p.any_in_talks |= int(outcome.while_talks_open)
            if outcome.per_day > 0.0:
                p.outcome_hazard[row] = encode_hazard(outcome.per_day, outcome.factors, names, tables)


def _shock_rows(scenario: Scenario, names: Names, p: Params) -> list[tuple[float, ...]]:
    """List the dated shocks and the starts of dual offices, in order of time."""
    rows: list[tuple[float, ...]] = []
    if p.on[ON_DUAL_OFFICE]:
        for row, office in enumerate(scenario.world.offices.values()):
            if office.dual is not None:
                rows.append((to_ticks(scenario, office.dual.start_day), SHOCK_DUAL, row, 1.0))
    kinds = {"aid_flows": "flow", "offices": "office", "armed_forces": "force", "withdrawal": "foreign"}
    for shock in scenario.shocks:
        for path, value in shock.set.items():
            _, section, name, *_, field = path.split(".")
            entity = names.rows(kinds[section]).index(name)
            rows.append((to_ticks(scenario, shock.day), SHOCKS[section, field], entity, float(value)))
    return sorted(rows, key=lambda r: r[0])
