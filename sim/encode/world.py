"""Encode the world around the deal: forces, contest, season, aid, offices, reputation, epidemic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.encode.names import Names
from sim.encode.ticks import to_ticks
from sim.model.forces import INSURGENT, OUTSIDE, REGULAR
from sim.model.layout import Params
from sim.model.switches import ON_REPUTATION
from sim.model.world import NEVER
from sim.scenario.catalogue import MAX_FORCES

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.world import ArmedForce, AttackTarget

KINDS = {"insurgent": INSURGENT, "regular": REGULAR, "outside": OUTSIDE}


def encode_world(scenario: Scenario, names: Names, p: Params) -> None:
    """Fill the fields of `p` that the section ``world:`` sets."""
    world = scenario.world
    p.forces = len(names.forces)
    for row, force in enumerate(world.armed_forces.values()):
        _encode_force(force, names, p, row)
    _encode_streams(scenario, names, p)
    p.contest_exponent = world.contest.exponent
    p.contest_air = world.contest.air_support
    p.contest_aid = world.contest.aid
    p.air_exponent = world.contest.air_exponent
    if world.territory is not None:
        land = world.territory
        p.contested = 1
        p.territory_start = land.held_at_start
        p.territory_pace = land.per_day
        p.bandwagon = land.bandwagon
        p.garrison = land.garrison
        p.offence_presses = land.offence
        p.surrenders = land.surrenders
        p.land_recruits = land.recruits
    p.season_amplitude = world.season.amplitude
    p.season_peak = world.season.peak_day_of_year
    p.flows = len(names.flows)
    for row, flow in enumerate(world.aid_flows.values()):
        p.donor[row] = names.actors.index(flow.donor)
        p.recipient[row] = names.actors.index(flow.recipient)
        p.aid_start[row] = flow.usd_bn_per_year
        p.aid_cut[row] = flow.cut_usd_bn
        p.max_cuts[row] = flow.max_cuts
        p.execute_rate[row] = flow.executes_per_day
        if flow.escrow is not None:
            p.escrow[row] = flow.escrow.usd_bn_per_year
            p.escrow_code[row], p.escrow_a[row], p.escrow_b[row] = names.feature(flow.escrow.paid_with)
    _encode_offices(scenario, names, p)
    _encode_reputation(scenario, names, p)
    p.counter_sd = world.counter.lognormal_sd if world.counter else 0.0
    p.profiteers = world.profiteers.breakdown_factor if world.profiteers else 1.0
    epidemic = world.epidemic
    p.epidemic_from = to_ticks(scenario, epidemic.from_day) if epidemic else NEVER
    p.epidemic_to = to_ticks(scenario, epidemic.to_day) if epidemic else NEVER
    p.epidemic_cost = epidemic.release_cost_factor if epidemic else 1.0
    p.epidemic_weight = epidemic.captives_weight_factor if epidemic else 1.0


def _encode_force(force: ArmedForce, names: Names, p: Params, row: int) -> None:
    p.kind[row] = KINDS[force.kind]
    p.owner[row] = names.actors.index(force.actor) if force.actor is not None else -1
    p.strength_start[row] = force.strength_thousand if force.strength_thousand is not None else 0.0
    p.share_at_start[row] = force.share_at_start
    p.turnover[row] = force.turnover_per_day
    p.attrition_defence[row] = force.attrition.defence
    p.attrition_offence[row] = force.attrition.offence
    p.attrition_without_troops[row] = force.attrition.without_troops
    p.blamed_on[row] = -1
    if force.attacks is not None:
        attacks = force.attacks
        p.self_excited[row] = attacks.self_excited_share
        p.relax_rate[row] = 1.0 / attacks.relax_days
        p.capacity_exponent[row] = attacks.capacity_exponent
    for place, deaths in enumerate((force.operations.defence, force.operations.offence)):
        p.operation_fighters[place, row] = deaths.fighters_per_day
        p.operation_civilians[place, row] = deaths.civilians_per_day
        p.operates[row] |= int(deaths.fighters_per_day + deaths.civilians_per_day > 0.0)
    p.talks_response[row] = force.while_talks_open
    if force.blamed_on is not None:
        p.blamed_on[row] = names.forces.index(force.blamed_on.force)
        p.blamed_share[row] = force.blamed_on.share
    decay = force.decay_per_day
    p.decay_base[row] = decay.base
    p.decay_aid[row] = decay.aid_lost
    p.decay_troops[row] = decay.troops_gone
    p.decay_attacks[row] = decay.attacks
    p.decay_offence[row] = decay.on_offence
    p.noise[row] = force.noise_per_sqrt_day


def _encode_streams(scenario: Scenario, names: Names, p: Params) -> None:
    """Fill what each force does to each of its targets; one that declares none attacks everybody alike."""
    p.streams = len(names.streams)
    p.first_stream[len(names.forces) :] = p.streams
    for row, (name, target) in reversed(list(enumerate(names.streams))):
        force = scenario.world.armed_forces[name]
        of = names.forces.index(name)
        p.stream_force[row] = of
        p.stream_target[row] = names.targets.index(target) if target else -1
        p.first_stream[of] = row
        declared = force.targets[target] if target else None
        aim: AttackTarget | ArmedForce = force if declared is None else declared
        p.rival[row] = -1 if declared is None or declared.force is None else names.forces.index(declared.force)
        if force.attacks is not None:
            share = 1.0 if declared is None else declared.share
            p.attack_reference[row] = force.attacks.per_day * share
            p.attack_base[row] = force.attacks.per_day * share * (1.0 - force.attacks.self_excited_share)
        if aim.deaths_per_attack is not None:
            p.deaths_mean[row] = aim.deaths_per_attack.mean
            p.civilian_mean[row] = aim.deaths_per_attack.civilian_mean
            p.deaths_shape[row] = aim.deaths_per_attack.shape
        p.mass_per_attack[row] = aim.mass_casualty_per_attack
        p.mass_deaths[row] = aim.mass_casualty_deaths if aim.mass_casualty_deaths is not None else 0.0
        p.unattributed[row] = aim.unattributed_share
    for row in range(p.streams):
        of = p.stream_force[row]
        p.stream_luck[row] = of + MAX_FORCES * (row - p.first_stream[of])


def _encode_offices(scenario: Scenario, names: Names, p: Params) -> None:
    p.offices = len(names.offices)
    for row, office in enumerate(scenario.world.offices.values()):
        p.office_actor[row] = names.actors.index(office.actor)
        p.cohesion_start[row] = office.cohesion_logit
        p.cohesion_revert[row] = 1.0 / office.revert_days
        p.cohesion_attacks[row] = office.attacks_per_day
        for stream, (_, target) in enumerate(names.streams):
            p.cohesion_deaths[row, stream] = office.per_100_killed.get(target, 0.0) / 100.0
        p.cohesion_minds_deaths[row] = int(any(office.per_100_killed.values()))
        p.cohesion_freed[row] = office.per_1000_freed
        p.cohesion_quiet_share[row] = office.freed_if_quiet_share
        p.cohesion_noise[row] = office.noise_per_sqrt_day
        if office.dual is not None:
            p.dual_rate[row] = 1.0 / office.dual.mean_days
            p.dual_resolved[row] = office.dual.resolved_logit
            p.dual_offer[row] = office.dual.offer_speeds
            p.dual_single_team[row] = office.dual.single_team_share


def _encode_reputation(scenario: Scenario, names: Names, p: Params) -> None:
    reputation = scenario.world.reputation
    p.pledge = reputation.pledge if reputation else 1.0
    for row, observer in enumerate(names.actors):
        minded = reputation.minds.get(observer) if reputation else None
        for stream, (_, target) in enumerate(names.streams):
            p.minds[row, stream] = int(minded is None or not target or target in minded)
        p.minds_all[row] = int(minded is None)
    if reputation is None:
        p.on[ON_REPUTATION] = 0
        return
    p.reputation_every = max(to_ticks(scenario, reputation.every_days), 1)
    p.reputation_gain = reputation.gain
    p.reputation_sd = reputation.sd_log
    p.reputation_clip = reputation.clip_per_week
    p.reputation_forget = reputation.forget_days
    p.reputation_start = reputation.start
    p.broken_pledge = reputation.broken_pledge
    p.executed_threat = reputation.executed_threat
    p.per_100_counted = reputation.per_100_counted
    p.reversed_refusal = reputation.reversed_refusal
