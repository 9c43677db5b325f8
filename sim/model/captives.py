r"""The release of captives and of whatever else is let go bit by bit: pace, lists, counting, cost, return to fighting.

A group is one of captives, or a stock of something else (`sim.model.stocks`), whose rows follow. A holder's standing
move frees captives at a pace, from its own list or from the claimant's: in *tranches*, each with its own pace and up to
its own number, while its condition holds. The first such move starts a set-up lag; after the last tranche, a *second
stage* frees a batch every so many days while its condition holds. What may be vetted a day bounds it all. The claimant
*counts* part of the holder's own picks at once and the rest with a mean delay while it does not refuse talks; all of
its own list at once. The holder pays per thousand freed

.. math:: c\,(1 + h\,(R/R_p)^x) \times \text{list} \times \text{quiet or not} \times \text{talks} \times
\text{epidemic},

so hard cases come last. Each freed captive goes back to fighting with probability
:math:`\min(1, r\,(r_0 + r_1 R/R_p)\,g)` (:math:`g` the guarantee's factor) after an exponential delay; those on their
way are a count, thinned binomially. Commanders come with the claimant's list in proportion, or first, or not at all.
"""

from __future__ import annotations

from math import floor, pow
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.actors import profile_of
from sim.model.clocks import call_review
from sim.model.columns import AT_ONCE, RELEASE_COST
from sim.model.conditions import holds
from sim.model.epidemic import epidemic_now
from sim.model.lanes import some, where
from sim.model.ledger import pay
from sim.model.log import Log, record_event
from sim.model.offices import divide_by_release
from sim.model.payoffs import discount_factor
from sim.model.record import Integers, Numbers, Part, f8, i1, i4, i8
from sim.model.steps import LENGTHS, TICK_LENGTH
from sim.model.stocks import take_from_force, verifying
from sim.model.switches import (
    ON_AUDIENCE_COSTS,
    ON_COMMANDERS,
    ON_GUARANTEE,
    ON_RECIPROCITY,
    ON_REPUTATION,
    ON_RETURNS,
    ON_TRIGGERS,
)
from sim.model.talks import refuses_talks
from sim.model.violence import holding_fire
from sim.model.world import NEVER
from sim.random.beta import beta
from sim.random.binomial import binomial
from sim.random.causes import COUNTING, RETURN_PROBABILITY, RETURNS, SETUP_LAG
from sim.random.gamma import gamma
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_GROUPS, MAX_MOVES, MAX_PROFILES, MAX_TRANCHES
from sim.scenario.events import ALL_ACCEPTED, COMMANDERS_FREED, HANDED_OVER, PREPARATION, PROGRAMME_DONE, RELEASE

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

OWN_LIST: Final = 0
CLAIMANT_LIST: Final = 1
NO_COMMANDERS: Final = 0
COMMANDERS_PRO_RATA: Final = 1
COMMANDERS_FIRST: Final = 2
GUARANTEES: Final = 3


class CaptiveState(Part):
    """How far each group is freed, counted and gone back to fighting."""

    freed: Numbers = f8(MAX_GROUPS, unit="persons")
    counted: Numbers = f8(MAX_GROUPS, unit="persons")
    listed: Numbers = f8(MAX_GROUPS, unit="persons")  # freed from the claimant's list
    commanders: Numbers = f8(MAX_GROUPS, unit="persons")  # commanders freed
    pending: Numbers = f8(MAX_GROUPS, unit="persons")  # will go back to fighting, not yet there
    returned: Numbers = f8(MAX_GROUPS, unit="persons")
    carry: Numbers = f8(MAX_GROUPS, unit="persons")  # due and not freed yet
    vetted: Numbers = f8(MAX_GROUPS, unit="persons")  # fraction of a person vetted and not freed yet
    return_probability: Numbers = f8(MAX_GROUPS)
    lag_days: Numbers = f8(MAX_GROUPS, unit="days")  # set-up lag of this run
    ready_tick: NDArray[np.int32] = i4(MAX_GROUPS, unit="ticks")  # releases can start; NEVER before the first decision
    tranche_tick: NDArray[np.int32] = i4(MAX_GROUPS, unit="ticks")  # next tranche; NEVER before the first stage is done
    programme_done: NDArray[np.int8] = i1(MAX_GROUPS)  # 1 once all promised were counted
    released_once: NDArray[np.int8] = i1(MAX_ACTORS)  # 1 once the actor freed captives


class CaptiveParams(Part):
    """The groups, and what moves say of releases."""

    captive_groups: int = i8()  # their rows come first, then those of stocks
    release_group: Integers = i8(MAX_ACTORS, MAX_MOVES)  # of captives; -1 none
    release_list: Integers = i8(MAX_ACTORS, MAX_MOVES)
    tranches: Integers = i8(MAX_GROUPS, MAX_MOVES)  # of the holder's moves; 0 in those that let nothing go
    tranche_until: Numbers = f8(MAX_GROUPS, MAX_MOVES, MAX_TRANCHES, unit="persons")
    tranche_per_day: Numbers = f8(MAX_GROUPS, MAX_MOVES, MAX_TRANCHES, unit="persons per day")
    tranche_when: Integers = i8(MAX_GROUPS, MAX_MOVES, MAX_TRANCHES)  # Tables: program; -1 none
    then_amount: Numbers = f8(MAX_GROUPS, MAX_MOVES, unit="persons")
    then_every: Integers = i8(MAX_GROUPS, MAX_MOVES, unit="ticks")
    then_when: Integers = i8(MAX_GROUPS, MAX_MOVES)  # Tables: program; -1 none
    commander_mode: Integers = i8(MAX_ACTORS, MAX_MOVES)
    guarantee: Integers = i8(MAX_ACTORS, MAX_MOVES)
    holder: Integers = i8(MAX_GROUPS)
    claimant: Integers = i8(MAX_GROUPS)  # -1 if nobody counts
    held: Numbers = f8(MAX_GROUPS, unit="persons")
    promised: Numbers = f8(MAX_GROUPS, unit="persons")
    cap_freed: Numbers = f8(MAX_GROUPS, unit="persons")
    vetting: Numbers = f8(MAX_GROUPS, unit="persons per day")
    lag_mean: Numbers = f8(MAX_GROUPS, unit="days")
    lag_shape: Numbers = f8(MAX_GROUPS)
    counted_own: Numbers = f8(MAX_GROUPS)
    counted_claimant: Numbers = f8(MAX_GROUPS)
    backlog_rate: Numbers = f8(MAX_GROUPS, unit="per day")
    returns_to: Integers = i8(MAX_GROUPS)
    return_alpha: Numbers = f8(MAX_GROUPS)  # Beta prior; alpha 0: return_mean holds for sure
    return_beta: Numbers = f8(MAX_GROUPS)
    return_mean: Numbers = f8(MAX_GROUPS)
    return_rate: Numbers = f8(MAX_GROUPS, unit="per day")
    risk_at_first: Numbers = f8(MAX_GROUPS)
    risk_per_share: Numbers = f8(MAX_GROUPS)
    guarantee_factor: Numbers = f8(MAX_GROUPS, GUARANTEES)
    commanders_held: Numbers = f8(MAX_GROUPS, unit="persons")
    fighters_each: Numbers = f8(MAX_GROUPS, unit="persons")
    cost_base: Numbers = f8(MAX_GROUPS, unit="util per thousand")
    cost_hardest: Numbers = f8(MAX_GROUPS)
    cost_exponent: Numbers = f8(MAX_GROUPS)
    cost_claimant: Numbers = f8(MAX_GROUPS)
    cost_quiet: Numbers = f8(MAX_GROUPS)
    cost_not_quiet: Numbers = f8(MAX_GROUPS)
    cost_talks: Numbers = f8(MAX_GROUPS)
    reciprocates: Integers = i8(MAX_GROUPS)
    per_captive: Numbers = f8(MAX_GROUPS)
    releases_before_talks: Numbers = f8(MAX_PROFILES, unit="util")
    kept_pending: Numbers = f8(LENGTHS, MAX_GROUPS)  # what is left of it after a step of that length
    kept_backlog: Numbers = f8(LENGTHS, MAX_GROUPS)
    late_pending: Numbers = f8(LENGTHS, MAX_GROUPS)  # share of an even inflow that has gone through by the end
    late_backlog: Numbers = f8(LENGTHS, MAX_GROUPS)


@compiled
def begin_captives(state: State, params: Params) -> None:
    """Let nobody be freed yet, and draw what nobody knows."""
    for group in range(params.groups):
        state.ready_tick[group] = NEVER
        state.tranche_tick[group] = NEVER
        draw_setup_lag(state, params, group)
        state.return_probability[group] = params.return_mean[group]
        draw_return_probability(state, params, group)


@compiled
def draw_setup_lag(state: State, params: Params, group: int) -> None:
    """Draw the days from the first decision to release to the first release."""
    if params.lag_mean[group] > 0.0:
        luck = uniform(state.seed, state.replication, SETUP_LAG, group, 0, 0)
        state.lag_days[group] = gamma(luck, params.lag_mean[group], params.lag_shape[group])


@compiled
def draw_return_probability(state: State, params: Params, group: int) -> None:
    """Draw the share of freed captives that goes back to fighting, where the scenario gives it a prior."""
    if params.return_alpha[group] > 0.0:
        luck = uniform(state.seed, state.replication, RETURN_PROBABILITY, group, 0, 0)
        state.return_probability[group] = beta(luck, params.return_alpha[group], params.return_beta[group])


@compiled
def forget_draws(state: State, params: Params) -> None:
    """Replace what was drawn for this run and no actor knows, set-up lags and return probabilities, by their means."""
    for group in range(params.groups):
        state.lag_days[group] = params.lag_mean[group]
        state.return_probability[group] = params.return_mean[group]


@compiled
def stocks_first(params: Params, row: int) -> int:
    """Return the group whose turn it is in a step: stocks come before captives, who may be waiting for them."""
    return (row + params.captive_groups) % params.groups


@compiled
def releasing(state: State, params: Params, group: int) -> float:
    """Return 1 while the standing move of a group's holder frees captives of it."""
    return where(params.tranches[group, state.standing[params.holder[group]]] > 0, 1.0, 0.0)


@compiled
def release_bound(state: State, params: Params, group: int, days: float) -> float:
    """Return how many captives of a group may be freed at most in some days: the vetting's pace, and the cap."""
    return max(min(params.vetting[group] * days, params.cap_freed[group] - state.freed[group]), 0.0)


@compiled
def reciprocal_due(state: State, params: Params, group: int) -> float:
    """Return how many captives its holder owes in return for another group's release."""
    other = params.reciprocates[group]
    if other < 0 or params.on[ON_RECIPROCITY] == 0:
        return 0.0
    due = min(params.promised[group], params.per_captive[group] * state.freed[other]) - state.freed[group]
    return max(due, 0.0)


@compiled
def expected_batch(state: State, params: Params, tables: Tables, group: int, days: float) -> float:
    """Return the captives freed over some days from now on if the standing moves stand.

    A set-up lag that runs still is waited for; an unstarted one is the caller's to start (`start_release`).
    """
    bound = release_bound(state, params, group, days)
    by_move = releasing(state, params, group) > 0.0
    in_return = min(reciprocal_due(state, params, group), bound)
    if not some(by_move):
        return in_return
    move = state.standing[params.holder[group]]
    spare = days - max(state.ready_tick[group] - state.tick, 0) * params.dt
    batch = 0.0
    for tranche in range(MAX_TRANCHES):
        if some(tranche < params.tranches[group, move]) and some(spare > 0.0):
            pace = params.tranche_per_day[group, move, tranche]
            left = params.tranche_until[group, move, tranche] - state.freed[group] - state.recalled[group] - batch
            left = where(tranche < params.tranches[group, move], left, 0.0)
            is_open = holds(state, params, tables, params.tranche_when[group, move, tranche])
            spare = where(left > 0.0, where(is_open, spare, 0.0), spare)
            more = where(spare > 0.0, max(min(pace * spare, left), 0.0), 0.0)
            spare -= where(more > 0.0, more / where(pace > 0.0, pace, 1.0), 0.0)
            batch += more
    amount = params.then_amount[group, move]
    if some(spare > 0.0) and some(amount > 0.0):
        more = amount * spare / (max(params.then_every[group, move], 1) * params.dt)
        more = where(second_stage_open(state, params, tables, group), more, 0.0)
        batch += where(spare > 0.0, more, 0.0)
    return where(by_move, min(batch, bound), in_return)


@compiled
def second_stage_open(state: State, params: Params, tables: Tables, group: int) -> bool:
    """Return whether the condition of the holder's second stage holds now."""
    return holds(state, params, tables, params.then_when[group, state.standing[params.holder[group]]])


@compiled
def tranche_under_way(state: State, params: Params, group: int, move: int) -> int:
    """Return the first tranche of a move that is not out yet, or how many there are."""
    for tranche in range(params.tranches[group, move]):
        if params.tranche_until[group, move, tranche] - state.freed[group] - state.recalled[group] > 0.0:
            return tranche
    return int(params.tranches[group, move])


@compiled
def whole(params: Params, group: int, amount: float) -> float:
    """Return what can be let go of an amount: whole persons or units, or any fraction of what is divisible."""
    return amount if params.divisible[group] != 0 else floor(amount)


@compiled
def vet(state: State, params: Params, group: int) -> float:
    """Vet for a step and return how many captives of a group may be freed in it: those vetted, up to the cap.

    A pace of less than one a step adds up over steps; what a faster one leaves of a person is lost.
    """
    vetted = params.vetting[group] * params.dt
    if vetted < 1.0 and params.divisible[group] == 0:
        state.vetted[group] = min(state.vetted[group] + vetted, 1.0 + vetted)
        vetted = floor(state.vetted[group] + 1e-9)
    return max(min(vetted, params.cap_freed[group] - state.freed[group]), 0.0)


@compiled
def sampled_batch(state: State, params: Params, tables: Tables, group: int) -> float:
    """Return the whole captives freed in the step that starts now, and move the group's timers on.

    A tranche pays out its pace every step while its condition holds; a second stage pays a whole batch at the end of
    each interval in which its condition holds, the first one interval after the last tranche was out.
    """
    bound = vet(state, params, group)
    if releasing(state, params, group) == 0.0:
        batch = whole(params, group, min(reciprocal_due(state, params, group), bound))
        state.vetted[group] = max(state.vetted[group] - batch, 0.0)
        return batch
    if state.tick < state.ready_tick[group]:
        return 0.0
    move = state.standing[params.holder[group]]
    tranche = tranche_under_way(state, params, group, move)
    if tranche < params.tranches[group, move]:
        if not holds(state, params, tables, params.tranche_when[group, move, tranche]):
            return 0.0
        left = params.tranche_until[group, move, tranche] - state.freed[group] - state.recalled[group]
        pace = params.tranche_per_day[group, move, tranche]
        state.carry[group] = min(state.carry[group] + pace * params.dt, left)
    elif params.then_amount[group, move] > 0.0:
        if state.tranche_tick[group] == NEVER:
            state.tranche_tick[group] = state.tick + params.then_every[group, move]
        # dates that passed while another move stood are gone: batches are not saved up
        while state.tranche_tick[group] <= state.tick:
            state.tranche_tick[group] += params.then_every[group, move]
        if state.tick + 1 == state.tranche_tick[group] and second_stage_open(state, params, tables, group):
            state.carry[group] += params.then_amount[group, move]
    # the margin lets a pace such as 30 a day in 24 steps reach whole persons in spite of rounding
    margin = 0.0 if params.divisible[group] != 0 else 1e-9
    batch = whole(params, group, min(state.carry[group] + margin, bound))
    state.carry[group] = max(state.carry[group] - batch, 0.0)
    state.vetted[group] = max(state.vetted[group] - batch, 0.0)
    return batch


@compiled
def start_release(state: State, params: Params, group: int) -> None:
    """Start the set-up lag when the holder first decides to release; later calls change nothing."""
    if state.ready_tick[group] == NEVER and releasing(state, params, group) > 0.0:
        state.ready_tick[group] = state.tick + int(floor(state.lag_days[group] / params.dt + 0.5))


@compiled
def list_of(state: State, params: Params, group: int) -> float:
    """Return whose list the holder's standing move frees from; a release in return follows the claimant's."""
    holder = params.holder[group]
    by_move = releasing(state, params, group) > 0.0
    return where(by_move, params.release_list[holder, state.standing[holder]], CLAIMANT_LIST)


@compiled
def counted_share(state: State, params: Params, group: int) -> float:
    """Return the share of a batch that the claimant counts at once."""
    by_claimant = list_of(state, params, group) == CLAIMANT_LIST
    share = where(by_claimant, params.counted_claimant[group], params.counted_own[group])
    return share * verifying(state, params, group)


@compiled
def backlog_share(state: State, params: Params, group: int, length: int) -> float:
    """Return the share of uncounted captives that becomes counted in a step; none while the claimant does not count."""
    return counting(state, params, group) * (1.0 - params.kept_backlog[length, group])


@compiled
def counting(state: State, params: Params, group: int) -> float:
    """Return 1 while what is not counted yet may become counted: the claimant sits at the talks and counts."""
    if params.claimant[group] < 0:
        return 1.0
    refuses = refuses_talks(state, params, params.claimant[group])
    return where(refuses, 0.0, verifying(state, params, group))


@compiled
def return_share(state: State, params: Params, group: int) -> float:
    """Return the probability that a captive freed now goes back to fighting."""
    if params.on[ON_RETURNS] == 0 or params.returns_to[group] < 0:
        return 0.0
    risk = params.risk_at_first[group] + params.risk_per_share[group] * state.freed[group] / params.promised[group]
    factor = 1.0
    if params.on[ON_GUARANTEE] != 0:
        holder = params.holder[group]
        guaranteed = params.guarantee_factor[group, params.guarantee[holder, state.standing[holder]]]
        factor = where(releasing(state, params, group) > 0.0, guaranteed, 1.0)
    return max(min(state.return_probability[group] * risk * factor, 1.0), 0.0)


@compiled
def arrival_share(params: Params, group: int, length: int) -> float:
    """Return the share of those on their way who arrive in a step."""
    return 1.0 - params.kept_pending[length, group]


@compiled
def cost_of_batch(state: State, params: Params, group: int, persons: float) -> float:
    """Return the holder's cost in util of freeing some captives now: the integral over the batch, hard cases last."""
    first = state.freed[group] / params.promised[group]
    last = first + persons / params.promised[group]
    power = params.cost_exponent[group] + 1.0
    harder = params.cost_hardest[group] * params.promised[group] * (pow(last, power) - pow(first, power)) / power
    return cost_factor(state, params, group) * (persons + harder) / 1000.0


@compiled
def cost_factor(state: State, params: Params, group: int) -> float:
    """Return the holder's cost in util per thousand of the easiest cases under what stands now."""
    cost = params.cost_base[group]
    cost *= where(list_of(state, params, group) == CLAIMANT_LIST, params.cost_claimant[group], 1.0)
    if params.claimant[group] >= 0:
        quiet = holding_fire(state, params, params.claimant[group]) > 0.0
        cost *= where(quiet, params.cost_quiet[group], params.cost_not_quiet[group])
    cost *= 1.0 + (params.cost_talks[group] - 1.0) * state.talks
    if group < params.captive_groups and epidemic_now(state, params):
        cost *= params.epidemic_cost
    return cost


@compiled
def free(state: State, params: Params, group: int, persons: float, counted: float, returners: float) -> None:
    """Free captives and let everything that follows at once follow.

    Parameters
    ----------
    state, params : State, Params
        Changed and read.
    group : int
        Row of the group of captives.
    persons, counted, returners : float
        Freed, counted at once, and on their way back to fighting; integers in a sampled world.
    """
    if group < params.captive_groups:
        divide_by_release(state, params, group, persons)
    take_from_force(state, params, group, persons)
    by_claimant = list_of(state, params, group) == CLAIMANT_LIST
    state.freed[group] += persons
    state.pending[group] += returners
    count(state, params, group, counted)
    state.listed[group] += where(by_claimant, persons, 0.0)
    free_commanders(state, params, group)


@compiled
def count(state: State, params: Params, group: int, persons: float) -> None:
    """Let the claimant count freed captives, which moves the holder's reputation unless it owed them."""
    state.counted[group] += persons
    if params.on[ON_REPUTATION] != 0 and params.reciprocates[group] < 0 and group < params.captive_groups:
        state.trust[params.claimant[group], params.holder[group]] += params.per_100_counted * persons / 100.0


@compiled
def free_commanders(state: State, params: Params, group: int) -> None:
    """Free the commanders that are due; each adds fighters at once."""
    held = params.commanders_held[group]
    if params.on[ON_COMMANDERS] == 0 or held == 0.0:
        return
    holder = params.holder[group]
    mode = params.commander_mode[holder, state.standing[holder]]
    in_proportion = floor(held * min(state.listed[group] / params.promised[group], 1.0) + 1e-9)
    due = where(mode == COMMANDERS_FIRST, held, where(mode == COMMANDERS_PRO_RATA, in_proportion, 0.0))
    freed = max(due - state.commanders[group], 0.0)
    state.commanders[group] += freed
    force = params.returns_to[group]
    if force >= 0:
        state.strength[force] += freed * params.fighters_each[group] / 1000.0


@compiled
def rejoin(state: State, params: Params, group: int, persons: float) -> None:
    """Let returners arrive."""
    state.pending[group] -= persons
    state.returned[group] += persons
    state.strength[params.returns_to[group]] += persons / 1000.0


@compiled
def release_before_talks(state: State, params: Params, actor: int) -> float:
    """Note an actor's first release and return what it costs while talks are closed."""
    state.released_once[actor] = 1
    if params.on[ON_AUDIENCE_COSTS] == 0:
        return 0.0
    return params.releases_before_talks[profile_of(state, actor)] * (1.0 - state.talks)


@compiled
def expected_release(state: State, params: Params, tables: Tables, group: int, length: int) -> float:
    """Step one group along the mean path, by the length in this row, and return what it costs its holder in util."""
    if params.returns_to[group] >= 0 and some(state.pending[group] > 0.0):
        rejoin(state, params, group, state.pending[group] * arrival_share(params, group, length))
    backlog = state.freed[group] - state.counted[group]
    if some(backlog > 0.0):
        count(state, params, group, max(backlog, 0.0) * backlog_share(state, params, group, length))
    persons = expected_batch(state, params, tables, group, params.length_days[length])
    if not some(persons > 0.0):
        return 0.0
    cost = cost_of_batch(state, params, group, persons)
    # the risk of return is taken at the middle of the batch; some of the batch is counted or back by the step's end
    before = state.freed[group]
    state.freed[group] = before + 0.5 * persons
    returners = persons * return_share(state, params, group)
    state.freed[group] = before
    counted = persons * counted_share(state, params, group)
    counted += (persons - counted) * counting(state, params, group) * params.late_backlog[length, group]
    free(state, params, group, persons, counted, returners)
    if params.returns_to[group] >= 0:
        rejoin(state, params, group, returners * params.late_pending[length, group])
    return cost


@compiled
def draw_returners(state: State, params: Params, group: int) -> None:
    """Draw who of a group arrives back at the fighting."""
    if params.returns_to[group] >= 0 and state.pending[group] > 0.0:
        luck = uniform(state.seed, state.replication, RETURNS, group, state.tick + 1, 0)
        back = binomial(luck, int(state.pending[group]), arrival_share(params, group, TICK_LENGTH))
        rejoin(state, params, group, float(back))


@compiled
def draw_counts(state: State, params: Params, group: int) -> None:
    """Draw who of a group's uncounted captives becomes counted."""
    backlog = state.freed[group] - state.counted[group]
    if backlog > 0.0:
        share = backlog_share(state, params, group, TICK_LENGTH)
        luck = uniform(state.seed, state.replication, COUNTING, group, state.tick + 1, 0)
        count(state, params, group, part_of(luck, params, group, backlog, share))


@compiled
def part_of(luck: float, params: Params, group: int, amount: float, share: float) -> float:
    """Return the part of an amount that a share comes to: drawn by unit, or the share itself of what is divisible."""
    return amount * share if params.divisible[group] != 0 else float(binomial(luck, int(amount), share))


@compiled
def draw_release(state: State, params: Params, tables: Tables, group: int, log: Log, ledger: Numbers) -> None:
    """Free the captives of a group that are due, and draw who of them is counted at once and who will fight again."""
    occasion = state.tick + 1
    holder = params.holder[group]
    persons = sampled_batch(state, params, tables, group)
    if persons <= 0.0:
        return
    discount = discount_factor(state, params, holder)
    pay(state, holder, RELEASE_COST, -cost_of_batch(state, params, group, persons) * discount, ledger)
    if state.released_once[holder] == 0 and params.release_group[holder, state.standing[holder]] == group:
        pay(state, holder, AT_ONCE, -release_before_talks(state, params, holder) * discount, ledger)
    luck = uniform(state.seed, state.replication, COUNTING, group, occasion, 1)
    counted = part_of(luck, params, group, persons, counted_share(state, params, group))
    luck = uniform(state.seed, state.replication, RETURNS, group, occasion, 1)
    returners = part_of(luck, params, group, persons, return_share(state, params, group))
    commanders = state.commanders[group]
    begins = state.freed[group] == 0.0
    free(state, params, group, persons, counted, returners)
    if group < params.captive_groups:
        record_event(log, occasion, RELEASE, group, -1, persons)
    elif begins or params.divisible[group] == 0:
        record_event(log, occasion, HANDED_OVER, group, -1, persons)
    if state.commanders[group] > commanders:
        record_event(log, occasion, COMMANDERS_FREED, group, -1, state.commanders[group] - commanders)


@compiled
def note_progress(state: State, params: Params, log: Log) -> None:
    """Note preparations that ended, and programmes of which all promised are counted, which call the claimant."""
    for group in range(params.groups):
        if state.ready_tick[group] == state.tick:
            record_event(log, state.tick, PREPARATION, group, params.holder[group], 0.0)
        if state.programme_done[group] == 0 and state.counted[group] >= params.promised[group]:
            state.programme_done[group] = 1
            if group < params.captive_groups:
                record_event(log, state.tick, PROGRAMME_DONE, group, params.claimant[group], state.freed[group])
            else:
                record_event(log, state.tick, ALL_ACCEPTED, group, params.claimant[group], state.freed[group])
            if params.on[ON_TRIGGERS] != 0 and params.claimant[group] >= 0:
                call_review(state, params, params.claimant[group], state.tick)
