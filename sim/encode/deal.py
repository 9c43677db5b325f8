"""Encode the deal: roles, captives, withdrawal, talks, deadlines, pledges, outcomes, shocks, milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.encode.names import Names
from sim.encode.tables import TableBuilder
from sim.encode.ticks import to_ticks
from sim.model.layout import Params
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
    _encode_outcomes(scenario, tables, p)
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


def _encode_outcomes(scenario: Scenario, tables: TableBuilder, p: Params) -> None:
    talks, outcomes = scenario.deal.talks, scenario.deal.outcomes
    p.opens_when = tables.condition(talks.opens_when) if talks else -1
    p.void_until = NEVER
    p.settlement_when = -1
    if outcomes.talks_open is not None and talks is not None:
        p.talks_rate = outcomes.talks_open.per_day
        p.talks_dual = outcomes.talks_open.dual_office
    if outcomes.breakdown is not None:
        p.breakdown_rate = outcomes.breakdown.per_day
        p.breakdown_shock = outcomes.breakdown.after_mass_casualty
        p.breakdown_refused = outcomes.breakdown.refused_per_day
    if (settlement := outcomes.settlement) is not None:
        p.settlement_when = tables.condition(settlement.when)
        p.settlement_rate = settlement.per_day
        p.settlement_trust = settlement.trust_floor
        p.settlement_troops = settlement.troops_floor
        p.settlement_dual = settlement.dual_office
        p.settlement_offset = settlement.violence_offset
        p.settlement_slope = settlement.violence_slope
    if (void := outcomes.deal_void) is not None:
        p.void_rate = void.per_day
        p.void_surge = void.if_surge
        p.void_otherwise = void.otherwise
        p.void_paused = void.if_paused
        p.void_relief = void.talks_relief
        p.void_offset = void.trust_offset
        p.void_until = to_ticks(scenario, void.until_day) if void.until_day is not None else NEVER
    p.civil_width = p.collapse_width = 1.0
    if (war := outcomes.civil_war) is not None:
        p.civil_rate = war.per_day
        p.civil_midpoint = war.cohesion_midpoint
        p.civil_width = war.cohesion_width
    if (collapse := outcomes.government_collapse) is not None:
        p.collapse_rate = collapse.per_day
        p.collapse_midpoint = collapse.balance_midpoint
        p.collapse_width = collapse.balance_width
        p.collapse_troops = collapse.troops_below_share


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
