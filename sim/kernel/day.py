"""One sampled step of the world: from one tick to the next.

Rates and payoffs are those of the step's start; attacks, releases, counts and noises are drawn at addresses that hold
the step's end as their occasion. Then hazards that fired take effect, in the order settlement, void deal, civil war,
collapse, breakdown, talks, disputes, offices, threats.
"""

from __future__ import annotations

from math import ceil, exp, isfinite, nan
from typing import Any

from sim.compiled import compiled
from sim.kernel.clock_times import call_review
from sim.kernel.hazard import fires
from sim.kernel.ledger import pay
from sim.kernel.log import (
    COMMANDERS_FREED,
    DISPUTE_ENDS,
    DISPUTE_OPENS,
    MASS_CASUALTY,
    OFFICE_RESOLVED,
    OUTCOME,
    PREPARATION,
    PROGRAMME_DONE,
    RECALL,
    RELEASE,
    TALKS_BROKE_DOWN,
    TALKS_OPENED,
    THREAT_EXECUTED,
    WAYPOINT,
    WITHDRAWAL_STEP,
    record_event,
)
from sim.kernel.pledges import note_pledges
from sim.model.capacity import drift_insurgents, drift_regulars, perturb_regular, withdraw
from sim.model.cohesion import drift_cohesion, perturb_cohesion, resolution_rate, resolve
from sim.model.conditions import holds
from sim.model.disarmament import disarm
from sim.model.dispute import agreement_rate, dispute_rate
from sim.model.layout import (
    AGREE_HAZARD,
    BREAKDOWN_HAZARD,
    CIVIL_WAR_HAZARD,
    COLLAPSE_HAZARD,
    DAY_CLOCK,
    DISPUTE_HAZARD,
    ENDED,
    EXECUTE_HAZARD,
    FAILED,
    INSURGENT,
    NEVER,
    ON_COHESION,
    ON_NOISE,
    ON_TRIGGERS,
    REGULAR,
    RESOLVE_HAZARD,
    SETTLEMENT_HAZARD,
    TALKS_HAZARD,
    TICK_LENGTH,
    VOID_HAZARD,
    Params,
    State,
    Tables,
)
from sim.model.moves import release_before_talks
from sim.model.outcome import breakdown_rate, civil_war_rate, collapse_rate, settlement_rate, talks_rate, void_rate
from sim.model.payoff import discount_factor, effective_weight, flow_terms, outcome_value
from sim.model.pressure import execute, execution_rate, update_threat
from sim.model.reading import read_world
from sim.model.releases import (
    arrival_share,
    backlog_share,
    caught_share,
    cost_of_batch,
    count,
    counted_share,
    free,
    recall,
    recalls,
    rejoin,
    return_share,
    revoke,
    sampled_batch,
)
from sim.model.violence import excite
from sim.random.binomial import binomial
from sim.random.causes import (
    ATTACKS,
    CAPACITY_NOISE,
    COHESION_NOISE,
    COUNTING,
    DEATHS,
    RETURNS,
)
from sim.random.causes import (
    MASS_CASUALTY as MASS_CASUALTY_CAUSE,
)
from sim.random.causes import (
    RECALL as RECALL_CAUSE,
)
from sim.random.negative_binomial import negative_binomial
from sim.random.normal import normal
from sim.random.poisson import poisson
from sim.random.stream import uniform
from sim.rules.columns import AT_ONCE, AT_OUTCOME, RELEASE_COST
from sim.scenario.catalogue import (
    CIVIL_WAR,
    DEAL_VOID,
    GOVERNMENT_COLLAPSE,
    RUNNING,
    SETTLEMENT,
    STALEMATE,
    TALKS_OPEN,
)

MOST_ONE_BY_ONE = 10_000.0
"""Attacks in a step whose deaths are drawn one by one; more would keep a run busy for minutes, so they fail it."""


@compiled
def accrue_payoffs(state: State, params: Params, work: Any, ledger: Any) -> None:
    """Add the flow of the coming step to every actor's payoff."""
    elapsed = state.tick * params.dt
    for actor in range(params.actors):
        for term in range(params.terms[actor]):
            work[0, term] = effective_weight(state, params, actor, term)
        flow = flow_terms(state, params, actor, work[0], work[1], work[2])
        length = discount_factor(params, actor, elapsed) * params.day_length[actor]
        state.payoff[actor] += flow * length
        if ledger.shape[0] > 0:
            for term in range(params.terms[actor]):
                ledger[actor, term] += work[2, term] * length


@compiled
def draw_attacks(state: State, params: Params, log: Any) -> bool:
    """Draw attacks and deaths of every force, let the excitation follow, and return whether a shock breaks talks."""
    breaks = False
    occasion = state.tick + 1
    day = int(1.0 / params.dt + 0.5)
    new_day = state.tick % day == 0
    for force in range(params.forces):
        if params.kind[force] == REGULAR:
            continue
        if new_day:
            state.attacks_today[force] = 0.0
            state.deaths_today[force] = 0.0
        mean = state.intensity[force] * params.dt
        attacks = 0.0
        if mean != 0.0:  # NaN too, which then ends the run as failed
            attacks = float(poisson(uniform(state.seed, state.replication, ATTACKS, force, occasion, 0), mean))
        if params.kind[force] == INSURGENT:
            excite(state, params, force, attacks, TICK_LENGTH)
        if attacks == 0.0:
            continue
        worst = 0.0
        if params.mass_deaths[force] > 0.0 and not attacks <= MOST_ONE_BY_ONE:
            deaths = nan
        elif params.mass_deaths[force] > 0.0:  # one by one: the deaths of a single attack matter
            deaths = 0.0
            for attack in range(int(attacks)):
                luck = uniform(state.seed, state.replication, DEATHS, force, occasion, attack)
                died = float(negative_binomial(luck, params.deaths_mean[force], params.deaths_shape[force]))
                deaths += died
                worst = max(worst, died)
        else:
            luck = uniform(state.seed, state.replication, DEATHS, force, occasion, 0)
            deaths = float(
                negative_binomial(luck, attacks * params.deaths_mean[force], attacks * params.deaths_shape[force])
            )
        state.attacks_today[force] += attacks
        state.deaths_today[force] += deaths
        state.attacks_total[force] += attacks
        state.deaths_total[force] += deaths
        state.window_attacks[force] += attacks
        state.window_deaths[force] += deaths
        if params.on[ON_TRIGGERS] != 0 and draw_mass_casualty(state, params, force, attacks, worst, log):
            breaks = True
    return breaks


@compiled
def draw_mass_casualty(state: State, params: Params, force: int, attacks: float, worst: float, log: Any) -> bool:
    """Let a mass-casualty attack call reviews of the incumbents for the next day; return whether it breaks open talks.

    It is one with at least so many deaths, or one that happens by its own probability.
    """
    happened = params.mass_deaths[force] > 0.0 and worst >= params.mass_deaths[force]
    if not happened and params.mass_per_attack[force] > 0.0:
        luck = uniform(state.seed, state.replication, MASS_CASUALTY_CAUSE, force, state.tick + 1, 0)
        happened = luck < 1.0 - exp(-params.mass_per_attack[force] * attacks)
    if not happened:
        return False
    record_event(log, state.tick + 1, MASS_CASUALTY, force, -1, worst)
    for actor in range(params.actors):
        if params.incumbent[actor] != 0:
            call_review(state, params, actor, state.tick + 1)
    if params.breakdown_shock == 0.0 or state.talks == 0.0:
        return False
    luck = uniform(state.seed, state.replication, MASS_CASUALTY_CAUSE, force, state.tick + 1, 1)
    return luck < params.breakdown_shock


@compiled
def draw_releases(state: State, params: Params, tables: Tables, group: int, log: Any, ledger: Any) -> None:
    """Draw one group's returns, counts, recalls and releases."""
    occasion = state.tick + 1
    if params.returns_to[group] >= 0 and state.pending[group] > 0.0:
        luck = uniform(state.seed, state.replication, RETURNS, group, occasion, 0)
        back = binomial(luck, int(state.pending[group]), arrival_share(params, group, TICK_LENGTH))
        rejoin(state, params, group, float(back))
    backlog = state.freed[group] - state.counted[group]
    if backlog > 0.0:
        luck = uniform(state.seed, state.replication, COUNTING, group, occasion, 0)
        count(
            state, params, group, float(binomial(luck, int(backlog), backlog_share(state, params, group, TICK_LENGTH)))
        )
    if recalls(state, params, group) and state.freed[group] > 0.0:
        draw_recalls(state, params, group, log)
    holder = params.holder[group]
    persons = sampled_batch(state, params, tables, group)
    if persons <= 0.0:
        return
    elapsed = state.tick * params.dt
    discount = discount_factor(params, holder, elapsed)
    pay(state, holder, RELEASE_COST, -cost_of_batch(state, params, group, persons) * discount, ledger)
    if state.released_once[holder] == 0 and params.release_group[holder, state.standing[holder]] == group:
        pay(state, holder, AT_ONCE, -release_before_talks(state, params, holder) * discount, ledger)
    luck = uniform(state.seed, state.replication, COUNTING, group, occasion, 1)
    counted = binomial(luck, int(persons), counted_share(state, params, group))
    luck = uniform(state.seed, state.replication, RETURNS, group, occasion, 1)
    returners = binomial(luck, int(persons), return_share(state, params, group))
    commanders = state.commanders[group]
    free(state, params, group, persons, float(counted), float(returners))
    record_event(log, occasion, RELEASE, group, -1, persons)
    if state.commanders[group] > commanders:
        record_event(log, occasion, COMMANDERS_FREED, group, -1, state.commanders[group] - commanders)


@compiled
def draw_recalls(state: State, params: Params, group: int, log: Any) -> None:
    """Draw who of a group is taken back into custody: anybody, or those who went back to fighting."""
    occasion = state.tick + 1
    holder = params.holder[group]
    luck = uniform(state.seed, state.replication, RECALL_CAUSE, group, occasion, 0)
    rate = params.recall_per_day[holder, state.standing[holder]] * params.dt
    taken = min(float(poisson(luck, rate)), state.freed[group])
    recall(state, group, taken, ceil(state.pending[group] * taken / state.freed[group]))
    back = state.returned[group]
    if back > 0.0 and params.recall_returned[holder, state.standing[holder]] > 0.0:
        luck = uniform(state.seed, state.replication, RECALL_CAUSE, group, occasion, 1)
        caught = float(binomial(luck, int(back), caught_share(state, params, group, params.dt)))
        caught = min(caught, state.freed[group])
        revoke(state, params, group, caught)
        taken += caught
    if taken > 0.0:
        record_event(log, occasion, RECALL, group, -1, taken)


@compiled
def draw_noise(state: State, params: Params) -> None:
    """Perturb regular forces and cohesion."""
    occasion = state.tick + 1
    for force in range(params.forces):
        if params.kind[force] == REGULAR and params.noise[force] > 0.0:
            luck = uniform(state.seed, state.replication, CAPACITY_NOISE, force, occasion, 0)
            perturb_regular(state, params, force, params.dt, normal(luck))
    if params.on[ON_COHESION] == 0:
        return
    for office in range(params.offices):
        if params.cohesion_noise[office] > 0.0:
            luck = uniform(state.seed, state.replication, COHESION_NOISE, office, occasion, 0)
            perturb_cohesion(state, params, office, params.dt, normal(luck))


@compiled
def drawn_outcome(state: State, params: Params, tables: Tables) -> int:
    """Return the outcome that ends the run in the coming step, or RUNNING; every hazard is integrated."""
    open_now = state.talks > 0.0
    settling = settlement_rate(state, params, tables) if open_now else 0.0
    settled = fires(state, SETTLEMENT_HAZARD, open_now, settling, params.dt)
    void = fires(state, VOID_HAZARD, True, void_rate(state, params), params.dt)
    civil_rate = civil_war_rate(state, params)
    civil = fires(state, CIVIL_WAR_HAZARD, True, civil_rate, params.dt)
    collapse = fires(state, COLLAPSE_HAZARD, True, collapse_rate(state, params), params.dt)
    if settled:
        return SETTLEMENT
    if void:
        return DEAL_VOID
    if civil:
        return CIVIL_WAR
    if collapse:
        return GOVERNMENT_COLLAPSE
    return RUNNING


@compiled
def end_run(state: State, params: Params, outcome: int, log: Any, ledger: Any) -> None:
    """End the run with an outcome at the present tick and pay its value."""
    state.status = ENDED
    state.outcome = outcome
    state.outcome_tick = state.tick
    for actor in range(params.actors):
        value = outcome_value(state, params, actor, outcome)
        pay(state, actor, AT_OUTCOME, value * discount_factor(params, actor, state.tick * params.dt), ledger)
    record_event(log, state.tick, OUTCOME, outcome, -1, 0.0)


@compiled
def finite_world(state: State, params: Params) -> bool:
    """Return whether every moving quantity of the world is finite."""
    total = state.force_balance + state.violence
    for force in range(params.forces):
        total += state.strength[force] + state.excitation[force] + state.intensity[force]
        total += state.attacks_total[force] + state.deaths_total[force] + state.civilian_total[force]
    for group in range(params.groups):
        total += state.counted[group] + state.pending[group] + state.returned[group] + state.commanders[group]
    for office in range(params.offices):
        total += state.cohesion_logit[office]
    for actor in range(params.actors):
        total += state.payoff[actor]
    return isfinite(total)


@compiled
def failed_payoff(state: State, params: Params) -> int:
    """Return the first actor whose payoff is not finite, or -1."""
    for actor in range(params.actors):
        if not isfinite(state.payoff[actor]):
            return actor
    return -1


@compiled
def step_day(state: State, params: Params, tables: Tables, work: Any, log: Any, ledger: Any) -> None:
    """Move a sampled world from one tick to the next.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed.
    work : ndarray, shape (3, MAX_TERMS)
        Scratch.
    log : ndarray of LOG
        Buffer for events.
    ledger : ndarray, shape (actors, COLUMNS) or (0, 0)
        What payoffs are made of (`sim.kernel.ledger`).
    """
    days = params.dt
    accrue_payoffs(state, params, work, ledger)
    outcome = drawn_outcome(state, params, tables)
    open_before = state.talks > 0.0
    breaks = fires(state, BREAKDOWN_HAZARD, open_before, breakdown_rate(state, params) if open_before else 0.0, days)
    opens = fires(state, TALKS_HAZARD, not open_before, 0.0 if open_before else talks_rate(state, params, tables), days)
    disputes, agreements, resolved, executed = 0, 0, 0, 0
    for group in range(params.groups):
        disputed = state.dispute[group] > 0.0
        rate = dispute_rate(state, params, group)
        if fires(state, DISPUTE_HAZARD + group, not disputed and rate > 0.0, rate, days):
            disputes |= 1 << group
        if fires(state, AGREE_HAZARD + group, disputed, agreement_rate(params, group), days):
            agreements |= 1 << group
    for office in range(params.offices):
        rate = resolution_rate(state, params, office)
        if fires(state, RESOLVE_HAZARD + office, state.dual[office] > 0.0, rate, days):
            resolved |= 1 << office
    for actor in range(params.actors):
        rate = execution_rate(state, params, actor)
        if fires(state, EXECUTE_HAZARD + actor, state.threat_from[actor] != NEVER, rate, days):
            executed |= 1 << actor

    for actor in range(params.actors):
        state.occupancy[actor, state.standing[actor]] += days
    if draw_attacks(state, params, log):
        breaks = True
    drift_insurgents(state, params, days)
    drift_regulars(state, params, days)
    drift_cohesion(state, params, TICK_LENGTH)
    disarm(state, params, days)
    withdraw(state, params, days)
    if params.on[ON_NOISE] != 0:
        draw_noise(state, params)
    for group in range(params.groups):
        draw_releases(state, params, tables, group, log, ledger)

    state.tick += 1
    state.clock[DAY_CLOCK] = state.tick + 1
    apply_flags(state, params, breaks, opens, disputes, agreements, log)
    apply_offices_and_threats(state, params, tables, resolved, executed, log)
    read_world(state, params)
    for actor in range(params.actors):
        note_pledges(state, params, tables, actor, log, ledger)
    note_progress(state, params, tables, log)
    if not finite_world(state, params):
        state.status = FAILED
        state.failed_actor = failed_payoff(state, params)
    elif outcome != RUNNING:
        end_run(state, params, outcome, log, ledger)
    elif state.tick >= params.horizon_tick:
        end_run(state, params, TALKS_OPEN if state.talks > 0.0 else STALEMATE, log, ledger)


@compiled
def apply_flags(
    state: State, params: Params, breaks: bool, opens: bool, disputes: int, agreements: int, log: Any
) -> None:
    """Let talks and disputes that fired take effect."""
    if breaks:
        state.talks = 0.0
        record_event(log, state.tick, TALKS_BROKE_DOWN, -1, -1, 0.0)
    if opens:
        state.talks = 1.0
        if state.talks_tick == NEVER:
            state.talks_tick = state.tick
        record_event(log, state.tick, TALKS_OPENED, -1, -1, 0.0)
    for group in range(params.groups):
        if disputes & (1 << group):
            state.dispute[group] = 1.0
            record_event(log, state.tick, DISPUTE_OPENS, group, params.claimant[group], 0.0)
        if agreements & (1 << group):
            state.dispute[group] = 0.0
            record_event(log, state.tick, DISPUTE_ENDS, group, params.claimant[group], 0.0)


@compiled
def apply_offices_and_threats(
    state: State, params: Params, tables: Tables, resolved: int, executed: int, log: Any
) -> None:
    """Let offices that were resolved and threats that were executed take effect."""
    for office in range(params.offices):
        if resolved & (1 << office):
            resolve(state, params, office, 1.0)
            record_event(log, state.tick, OFFICE_RESOLVED, office, params.office_actor[office], 0.0)
    for actor in range(params.actors):
        if executed & (1 << actor):
            target = params.pressure_on[actor, state.standing[actor]]
            flow = params.pressure_flow[actor, state.standing[actor]]
            execute(state, params, actor, 1.0)
            record_event(log, state.tick, THREAT_EXECUTED, actor, flow, params.aid_cut[flow])
            if params.on[ON_TRIGGERS] != 0 and target >= 0:
                call_review(state, params, target, state.tick)
    for actor in range(params.actors):
        update_threat(state, params, tables, actor)


@compiled
def note_progress(state: State, params: Params, tables: Tables, log: Any) -> None:
    """Note waypoints, programmes done, withdrawal steps met and preparations that ended."""
    for waypoint in range(params.waypoints):
        if state.waypoint[waypoint] == NEVER and holds(state, params, tables, params.waypoint_when[waypoint]):
            state.waypoint[waypoint] = state.tick
            record_event(log, state.tick, WAYPOINT, waypoint, -1, 0.0)
    for group in range(params.groups):
        if state.ready_tick[group] == state.tick:
            record_event(log, state.tick, PREPARATION, group, params.holder[group], 0.0)
        if state.programme_done[group] == 0 and state.counted[group] >= params.promised[group]:
            state.programme_done[group] = 1
            record_event(log, state.tick, PROGRAMME_DONE, group, params.claimant[group], state.freed[group])
            if params.on[ON_TRIGGERS] != 0:
                call_review(state, params, params.claimant[group], state.tick)
    for force in range(params.foreign):
        row = state.milestone[force]
        if row < params.steps[force] and state.troops[force] <= params.step_left[force, row] + 1e-6:
            state.milestone[force] = row + 1
            record_event(log, state.tick, WITHDRAWAL_STEP, force, row, state.troops[force])
