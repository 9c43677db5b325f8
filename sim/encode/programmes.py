"""Encode what changes hands bit by bit: groups of captives, stocks, and the levers that let them go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.encode.names import Names
from sim.encode.tables import TableBuilder
from sim.encode.ticks import to_ticks
from sim.model.layout import Params

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.deal import CaptiveGroup, ReleaseCost, Stock
    from sim.scenario.schema.levers import HandOver

ENDLESS = 1e12


def encode_programmes(scenario: Scenario, names: Names, p: Params) -> None:
    """Fill the fields of `p` that ``deal.captives`` and ``deal.stocks`` set."""
    p.groups = len(names.groups)
    p.captive_groups = len(scenario.deal.captives)
    for row, programme in enumerate(scenario.deal.programmes.values()):
        p.holder[row] = names.actors.index(programme.holder)
        p.claimant[row] = -1 if programme.claimant is None else names.actors.index(programme.claimant)
        p.held[row] = programme.held
        p.promised[row] = programme.held if programme.promised is None else programme.promised
        cap = programme.cap_freed
        p.cap_freed[row] = programme.held if cap is None else min(cap, programme.held)
        vetting = programme.vetting_per_day
        p.vetting[row] = programme.held * 96.0 if vetting is None else vetting
        if programme.setup_lag_days is not None:
            p.lag_mean[row] = programme.setup_lag_days.mean
            p.lag_shape[row] = programme.setup_lag_days.shape
        p.counted_own[row], p.counted_claimant[row] = programme.shares_at_once
        p.backlog_rate[row] = 1.0 / programme.verify_backlog_days if programme.verify_backlog_days is not None else 0.0
        _encode_returns(programme, names, p, row)
        if programme.commanders is not None:
            p.commanders_held[row] = programme.commanders.held
            p.fighters_each[row] = programme.commanders.fighters_each
        _encode_cost(programme.cost_per_1000, p, row)
        if programme.dispute is not None:
            p.dispute_opens[row] = programme.dispute.opens_per_day
            p.dispute_over[row] = programme.dispute.if_uncounted_over
            p.dispute_ends[row] = 1.0 / programme.dispute.mean_days
        p.reciprocates[row] = -1
        if programme.reciprocates is not None:
            p.reciprocates[row] = names.groups.index(programme.reciprocates.group)
            p.per_captive[row] = programme.reciprocates.per_captive
    p.arms_of[:] = p.men_of[:] = -1
    for row, stock in enumerate(scenario.deal.stocks.values(), start=len(scenario.deal.captives)):
        p.divisible[row] = int(stock.divisible)
        p.arms_of[row] = -1 if stock.arms_of is None else names.forces.index(stock.arms_of)
        p.men_of[row] = -1 if stock.men_of is None else names.forces.index(stock.men_of)


def encode_hand_over(
    scenario: Scenario, tables: TableBuilder, setting: HandOver, p: Params, group: int, column: int
) -> None:
    """Fill the tranches of `p` by which one move lets one group or stock go."""
    at = (group, column)
    promised = float(p.promised[group])
    out = 0.0
    p.tranches[at] = max(len(setting.tranches), 1)
    for place, tranche in enumerate(setting.tranches):
        until = promised * tranche.until_share if tranche.until_share is not None else float(tranche.until or 0.0)
        until = until if p.divisible[group] else math.floor(until + 0.5)
        pace = (until - out) / tranche.over_days if tranche.over_days is not None else tranche.per_day
        p.tranche_until[group, column, place] = out = until
        p.tranche_per_day[group, column, place] = ENDLESS if pace is None else pace
        p.tranche_when[group, column, place] = tables.condition(tranche.when)
    if not setting.tranches:
        pace = promised / setting.over_days if setting.over_days is not None else setting.per_day
        p.tranche_until[group, column, 0] = promised if setting.until is None else setting.until
        p.tranche_per_day[group, column, 0] = pace
        p.tranche_when[group, column, 0] = -1
    p.then_when[at] = -1
    if setting.then is not None:
        p.then_amount[at] = setting.then.amount
        p.then_until[at] = promised if setting.then.until is None else setting.then.until
        p.then_every[at] = max(to_ticks(scenario, setting.then.every_days), 1)
        p.then_when[at] = tables.condition(setting.then.when)


def _encode_returns(programme: CaptiveGroup | Stock, names: Names, p: Params, row: int) -> None:
    p.returns_to[row] = -1
    returns = programme.returns
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


def _encode_cost(cost: ReleaseCost | None, p: Params, row: int) -> None:
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
