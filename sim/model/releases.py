r"""The release of captives: pace, lists, counting, cost and return to fighting.

A holder's standing move frees captives of one group at a pace, from its own list or from the claimant's. The first such
move starts a set-up lag; a *second stage* frees a tranche every so many days while its condition holds. The claimant
*counts* part of the holder's own picks at once and the rest with a mean delay while it does not refuse talks; all of
its own list at once. The holder pays per thousand freed

.. math:: c\,(1 + h\,(R/R_p)^x) \times \text{list} \times \text{quiet or not} \times \text{talks} \times
\text{epidemic},

so hard cases come last. Each freed captive goes back to fighting with probability
:math:`\min(1, r\,(r_0 + r_1 R/R_p)\,g)` (:math:`g` the guarantee's factor) after an exponential delay; those on their
way are a count, thinned binomially. Commanders come with the claimant's list in proportion, or first, or not at all.
"""

from __future__ import annotations

from math import exp, floor, pow

from sim.compiled import compiled
from sim.model.cohesion import divide_by_release
from sim.model.conditions import holds
from sim.model.layout import (
    CLAIMANT_LIST,
    COMMANDERS_FIRST,
    COMMANDERS_PRO_RATA,
    NEVER,
    ON_COMMANDERS,
    ON_EPIDEMIC,
    ON_GUARANTEE,
    ON_RECIPROCITY,
    ON_REPUTATION,
    ON_RETURNS,
    Params,
    State,
    Tables,
)
from sim.model.levers import holding_fire, refuses_talks, releasing


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
    if releasing(state, params, group) == 0.0:
        return min(reciprocal_due(state, params, group), release_bound(state, params, group, days))
    holder = params.holder[group]
    move = state.standing[holder]
    wait = max(state.ready_tick[group] - state.tick, 0) * params.dt
    spare = days - wait
    if spare <= 0.0:
        return 0.0
    pace = params.release_per_day[holder, move]
    left = params.release_until[holder, move] - state.freed[group] - state.recalled[group]
    batch = 0.0
    if left > 0.0 and pace > 0.0:
        batch = min(pace * spare, left)
        spare -= batch / pace
    if spare > 0.0 and params.then_persons[holder, move] > 0.0 and second_stage_open(state, params, tables, group):
        batch += params.then_persons[holder, move] * spare / (params.then_every[holder, move] * params.dt)
    return min(batch, release_bound(state, params, group, days))


@compiled
def second_stage_open(state: State, params: Params, tables: Tables, group: int) -> bool:
    """Return whether the condition of the holder's second stage holds now."""
    holder = params.holder[group]
    return holds(state, params, tables, params.then_when[holder, state.standing[holder]])


@compiled
def sampled_batch(state: State, params: Params, tables: Tables, group: int) -> float:
    """Return the whole captives freed in the step that starts now, and move the group's timers on.

    A first stage pays out its pace every step; a second stage pays a whole tranche at the end of each interval in which
    its condition holds, the first one interval after the first stage was done.
    """
    if releasing(state, params, group) == 0.0:
        return floor(min(reciprocal_due(state, params, group), release_bound(state, params, group, params.dt)))
    if state.tick < state.ready_tick[group]:
        return 0.0
    holder = params.holder[group]
    move = state.standing[holder]
    left = params.release_until[holder, move] - state.freed[group] - state.recalled[group]
    if left > 0.0:
        state.carry[group] = min(state.carry[group] + params.release_per_day[holder, move] * params.dt, left)
    elif params.then_persons[holder, move] > 0.0:
        if state.tranche_tick[group] == NEVER:
            state.tranche_tick[group] = state.tick + params.then_every[holder, move]
        # dates that passed while another move stood are gone: tranches are not saved up
        while state.tranche_tick[group] <= state.tick:
            state.tranche_tick[group] += params.then_every[holder, move]
        if state.tick + 1 == state.tranche_tick[group] and second_stage_open(state, params, tables, group):
            state.carry[group] += params.then_persons[holder, move]
    # the margin lets a pace such as 30 a day in 24 steps reach whole persons in spite of rounding
    batch = floor(min(state.carry[group] + 1e-9, release_bound(state, params, group, params.dt)))
    state.carry[group] = max(state.carry[group] - batch, 0.0)
    return batch


@compiled
def forget_draws(state: State, params: Params) -> None:
    """Replace what was drawn for this run and no actor knows, set-up lags and return probabilities, by their means."""
    for group in range(params.groups):
        state.lag_days[group] = params.lag_mean[group]
        state.return_probability[group] = params.return_mean[group]


@compiled
def start_release(state: State, params: Params, group: int) -> None:
    """Start the set-up lag when the holder first decides to release; later calls change nothing."""
    if state.ready_tick[group] == NEVER and releasing(state, params, group) > 0.0:
        state.ready_tick[group] = state.tick + int(floor(state.lag_days[group] / params.dt + 0.5))


@compiled
def list_of(state: State, params: Params, group: int) -> int:
    """Return whose list the holder's standing move frees from; a release in return follows the claimant's."""
    if releasing(state, params, group) == 0.0:
        return CLAIMANT_LIST
    holder = params.holder[group]
    return params.release_list[holder, state.standing[holder]]


@compiled
def counted_share(state: State, params: Params, group: int) -> float:
    """Return the share of a batch that the claimant counts at once."""
    if list_of(state, params, group) == CLAIMANT_LIST:
        return params.counted_claimant[group]
    return params.counted_own[group]


@compiled
def backlog_share(state: State, params: Params, group: int, length: int) -> float:
    """Return the share of uncounted captives that becomes counted in a step; none while the claimant refuses talks."""
    if refuses_talks(state, params, params.claimant[group]):
        return 0.0
    return 1.0 - params.kept_backlog[length, group]


@compiled
def return_share(state: State, params: Params, group: int) -> float:
    """Return the probability that a captive freed now goes back to fighting."""
    if params.on[ON_RETURNS] == 0 or params.returns_to[group] < 0:
        return 0.0
    risk = params.risk_at_first[group] + params.risk_per_share[group] * state.freed[group] / params.promised[group]
    factor = 1.0
    if params.on[ON_GUARANTEE] != 0 and releasing(state, params, group) > 0.0:
        holder = params.holder[group]
        factor = params.guarantee_factor[group, params.guarantee[holder, state.standing[holder]]]
    return max(min(state.return_probability[group] * risk * factor, 1.0), 0.0)


@compiled
def arrival_share(params: Params, group: int, length: int) -> float:
    """Return the share of those on their way who arrive in a step."""
    return 1.0 - params.kept_pending[length, group]


@compiled
def epidemic_now(state: State, params: Params) -> bool:
    """Return whether the epidemic's window is open."""
    return params.on[ON_EPIDEMIC] != 0 and params.epidemic_from <= state.tick < params.epidemic_to


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
    if list_of(state, params, group) == CLAIMANT_LIST:
        cost *= params.cost_claimant[group]
    if holding_fire(state, params, params.claimant[group]) > 0.0:
        cost *= params.cost_quiet[group]
    else:
        cost *= params.cost_not_quiet[group]
    cost *= 1.0 + (params.cost_talks[group] - 1.0) * state.talks
    if epidemic_now(state, params):
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
    divide_by_release(state, params, group, persons)
    listed = list_of(state, params, group) == CLAIMANT_LIST
    state.freed[group] += persons
    state.pending[group] += returners
    count(state, params, group, counted)
    if listed:
        state.listed[group] += persons
    free_commanders(state, params, group)


@compiled
def count(state: State, params: Params, group: int, persons: float) -> None:
    """Let the claimant count freed captives, which moves the holder's reputation unless it owed them."""
    state.counted[group] += persons
    if params.on[ON_REPUTATION] != 0 and params.reciprocates[group] < 0:
        state.trust[params.claimant[group], params.holder[group]] += params.per_100_counted * persons / 100.0


@compiled
def free_commanders(state: State, params: Params, group: int) -> None:
    """Free the commanders that are due; each adds fighters at once."""
    held = params.commanders_held[group]
    if params.on[ON_COMMANDERS] == 0 or held == 0.0:
        return
    holder = params.holder[group]
    mode = params.commander_mode[holder, state.standing[holder]]
    due = 0.0
    if mode == COMMANDERS_FIRST:
        due = held
    elif mode == COMMANDERS_PRO_RATA:
        due = floor(held * min(state.listed[group] / params.promised[group], 1.0) + 1e-9)
    freed = max(due - state.commanders[group], 0.0)
    if freed > 0.0:
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
def expected_release(state: State, params: Params, tables: Tables, group: int, length: int) -> float:
    """Step one group along the mean path, by the length in this row, and return what it costs its holder in util."""
    if params.returns_to[group] >= 0 and state.pending[group] > 0.0:
        rejoin(state, params, group, state.pending[group] * arrival_share(params, group, length))
    backlog = state.freed[group] - state.counted[group]
    if backlog > 0.0:
        count(state, params, group, backlog * backlog_share(state, params, group, length))
    persons = expected_batch(state, params, tables, group, params.length_days[length])
    if persons <= 0.0:
        return 0.0
    cost = cost_of_batch(state, params, group, persons)
    # the risk of return is taken at the middle of the batch; some of the batch is counted or back by the step's end
    before = state.freed[group]
    state.freed[group] = before + 0.5 * persons
    returners = persons * return_share(state, params, group)
    state.freed[group] = before
    counted = persons * counted_share(state, params, group)
    if not refuses_talks(state, params, params.claimant[group]):
        counted += (persons - counted) * params.late_backlog[length, group]
    free(state, params, group, persons, counted, returners)
    if returners > 0.0:
        rejoin(state, params, group, returners * params.late_pending[length, group])
    return cost


@compiled
def recalls(state: State, params: Params, group: int) -> bool:
    """Return whether the standing move of a group's holder takes freed captives of it back into custody."""
    holder = params.holder[group]
    return params.recall_group[holder, state.standing[holder]] == group


@compiled
def recall(state: State, group: int, persons: float, pending: float) -> None:
    """Take freed captives back into custody, of whom some are on their way back to fighting.

    Parameters
    ----------
    state : State
        Changed.
    group : int
        Row of the group of captives.
    persons, pending : float
        Taken, and those on their way among them; integers in a sampled world.
    """
    state.freed[group] -= persons
    state.counted[group] = min(state.counted[group], state.freed[group])
    state.pending[group] -= pending
    state.recalled[group] += persons


@compiled
def revoke(state: State, params: Params, group: int, persons: float) -> None:
    """Take captives back into custody who have gone back to fighting: their force loses them."""
    state.returned[group] -= persons
    force = params.returns_to[group]
    state.strength[force] = max(state.strength[force] - persons / 1000.0, 0.0)
    recall(state, group, persons, 0.0)


@compiled
def caught_share(state: State, params: Params, group: int, days: float) -> float:
    """Return the share of those gone back to fighting whom the holder's standing move recalls in some days."""
    holder = params.holder[group]
    return 1.0 - exp(-params.recall_returned[holder, state.standing[holder]] * days)


@compiled
def expected_recall(state: State, params: Params, group: int, days: float) -> None:
    """Step the recalls of one group along the mean path."""
    if not recalls(state, params, group) or state.freed[group] <= 0.0:
        return
    holder = params.holder[group]
    persons = min(params.recall_per_day[holder, state.standing[holder]] * days, state.freed[group])
    recall(state, group, persons, state.pending[group] * persons / state.freed[group])
    if state.returned[group] > 0.0 and params.returns_to[group] >= 0:
        revoke(state, params, group, state.returned[group] * caught_share(state, params, group, days))
