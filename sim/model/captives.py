r"""Captives and whatever else is let go bit by bit: lists, counting, cost, return to fighting.

A group is one of captives, or a stock of something else (`sim.model.stocks`), whose rows follow. How many are let go in
a step, `sim.model.releases` says: from the holder's own list or from the claimant's. The claimant *counts* part of the
holder's own picks at once and the rest with a mean delay while it does not refuse talks; all of its own list at once.
The holder pays per thousand freed

.. math:: c\,(1 + h\,(R/R_p)^x) \times \text{list} \times \text{quiet or not} \times \text{talks} \times
\text{epidemic},

so hard cases come last. Each freed captive goes back to fighting with probability
:math:`\min(1, r\,(r_0 + r_1 R/R_p)\,g)` (:math:`g` the guarantee's factor) after an exponential delay; those on their
way are a count, thinned binomially. Commanders come with the claimant's list in proportion, or first, or not at all.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.elementary import power
from sim.model.actors import profile_of
from sim.model.clocks import call_review
from sim.model.columns import AT_ONCE, RELEASE_COST
from sim.model.epidemic import epidemic_now
from sim.model.lanes import some, where
from sim.model.ledger import pay
from sim.model.log import Log, record_event
from sim.model.offices import divide_by_release
from sim.model.payoffs import discount_factor
from sim.model.recall import recalls_alike
from sim.model.record import Integers, Numbers, Part, f8, i1, i8
from sim.model.releases import by_move, draw_setup_lag, expected_batch, paces_alike, release_left, sampled_batch
from sim.model.steps import LENGTHS, TICK_LENGTH
from sim.model.stocks import take_from_force, verifying
from sim.model.switches import (
    ON_AUDIENCE_COSTS,
    ON_COMMANDERS,
    ON_GUARANTEE,
    ON_REPUTATION,
    ON_RETURNS,
    ON_TRIGGERS,
)
from sim.model.talks import refuses_talks
from sim.model.violence import holding_fire
from sim.model.world import NEVER
from sim.random.beta import beta
from sim.random.binomial import binomial
from sim.random.causes import COUNTING, RETURN_PROBABILITY, RETURNS
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_GROUPS, MAX_MOVES, MAX_PROFILES
from sim.scenario.events import ALL_ACCEPTED, COMMANDERS_FREED, HANDED_OVER, PREPARATION, PROGRAMME_DONE, RELEASE

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

OWN_LIST: Final = 0
CLAIMANT_LIST: Final = 1
NO_COMMANDERS: Final = 0
COMMANDERS_PRO_RATA: Final = 1
COMMANDERS_FIRST: Final = 2
GUARANTEES: Final = 3
MOST_PRODUCTS: Final = 16.0
"""Up to this power hard cases are raised by products, which take less time."""


class CaptiveState(Part):
    """How far each group is freed, counted and gone back to fighting."""

    freed: Numbers = f8(MAX_GROUPS, unit="persons")
    counted: Numbers = f8(MAX_GROUPS, unit="persons")
    listed: Numbers = f8(MAX_GROUPS, unit="persons")  # freed from the claimant's list
    commanders: Numbers = f8(MAX_GROUPS, unit="persons")  # commanders freed
    pending: Numbers = f8(MAX_GROUPS, unit="persons")  # will go back to fighting, not yet there
    returned: Numbers = f8(MAX_GROUPS, unit="persons")
    return_probability: Numbers = f8(MAX_GROUPS)
    programme_done: NDArray[np.int8] = i1(MAX_GROUPS)  # 1 once all promised were counted
    released_once: NDArray[np.int8] = i1(MAX_ACTORS)  # 1 once the actor freed captives


class CaptiveParams(Part):
    """The groups, and what moves say of releases."""

    captive_groups: int = i8()  # their rows come first, then those of stocks
    release_group: Integers = i8(MAX_ACTORS, MAX_MOVES)  # of captives; -1 none
    release_list: Integers = i8(MAX_ACTORS, MAX_MOVES)
    commander_mode: Integers = i8(MAX_ACTORS, MAX_MOVES)
    guarantee: Integers = i8(MAX_ACTORS, MAX_MOVES)
    holder: Integers = i8(MAX_GROUPS)
    claimant: Integers = i8(MAX_GROUPS)  # -1 if nobody counts
    held: Numbers = f8(MAX_GROUPS, unit="persons")
    promised: Numbers = f8(MAX_GROUPS, unit="persons")
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
def releases_alike(state: State, params: Params, actor: int, group: int, one: int, other: int) -> bool:
    """Return whether two moves of a group's holder do the same to it: what they let go, recall, and let be counted."""
    acts = release_left(state, params, group, one) > 0.0
    if acts != (release_left(state, params, group, other) > 0.0):
        return False
    if acts and not paces_alike(params, group, one, other):
        return False
    if acts and group < params.captive_groups:
        if (
            params.release_list[actor, one] != params.release_list[actor, other]
            or params.commander_mode[actor, one] != params.commander_mode[actor, other]
            or params.guarantee[actor, one] != params.guarantee[actor, other]
        ):
            return False
    return recalls_alike(state, params, actor, group, one, other)


@compiled
def list_of(state: State, params: Params, group: int) -> float:
    """Return whose list the holder's standing move frees from; a release in return follows the claimant's."""
    holder = params.holder[group]
    return where(
        by_move(state, params, group) > 0.0, params.release_list[holder, state.standing[holder]], CLAIMANT_LIST
    )


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
        factor = where(by_move(state, params, group) > 0.0, guaranteed, 1.0)
    return max(min(state.return_probability[group] * risk * factor, 1.0), 0.0)


@compiled
def arrival_share(params: Params, group: int, length: int) -> float:
    """Return the share of those on their way who arrive in a step."""
    return 1.0 - params.kept_pending[length, group]


@compiled
def raised(share: float, exponent: float) -> float:
    """Return a share to a positive power, by products where the power is a small whole number."""
    if not exponent <= MOST_PRODUCTS or floor(exponent) != exponent:
        return power(share, exponent)
    value = 1.0
    whole = int(exponent)
    while whole > 0:
        if whole & 1:
            value *= share
        share *= share
        whole >>= 1
    return value


@compiled
def cost_of_batch(state: State, params: Params, group: int, persons: float) -> float:
    """Return the holder's cost in util of freeing some captives now: the integral over the batch, hard cases last."""
    first = state.freed[group] / params.promised[group]
    last = first + persons / params.promised[group]
    exponent = params.cost_exponent[group] + 1.0
    harder = (
        params.cost_hardest[group]
        * params.promised[group]
        * (raised(last, exponent) - raised(first, exponent))
        / exponent
    )
    return cost_factor(state, params, group) * (persons + harder) / 1000.0


@compiled
def cost_factor(state: State, params: Params, group: int) -> float:
    """Return the holder's cost in util per thousand of the easiest cases under what stands now."""
    cost = params.cost_base[group]
    cost *= where(list_of(state, params, group) == CLAIMANT_LIST, params.cost_claimant[group], 1.0)
    if params.claimant[group] >= 0:
        quiet = holding_fire(state, params, params.claimant[group], -1) > 0.0
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
