r"""What actors get over a window of time if the moves that stand go on standing.

The world walks along its mean path through the steps of one actor's window. For each actor asked for,

.. math::

   \sum_k \Big[\tfrac12 D_k \sum_f w_f \big(S_k\phi_f(x_k) + S_{k+1}\phi_f(x_{k+1})\big)
         + S_k d_k \big(\textstyle\sum_o P_k(o) B(o) - c_k\big)\Big]

with :math:`S_k` the probability that the run goes on until node :math:`k` (of the outcome term: that no outcome has
come by then), :math:`D_k` the discounted length of the step that follows it (flows by the trapezoid rule), :math:`d_k`
the mean discount factor in it, :math:`P_k(o)` the probability of outcome :math:`o` in it, :math:`B` its value, the mean
of those at both ends of the step if it hangs on the state, and :math:`c_k` costs of releases.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.actors import profile_of
from sim.model.columns import AT_ONCE, AT_OUTCOME, RELEASE_COST
from sim.model.epidemic import epidemic_now
from sim.model.mean_path import PATH_RATES, begin_path, expected_step
from sim.model.moves import enter_move
from sim.model.payoffs import discount_ahead, effective_weight, flow_terms, outcome_value
from sim.model.record import Numbers, Part, f8, lay_out
from sim.scenario.catalogue import MAX_ACTORS, MAX_TERMS, OUTCOME_NUMBERS

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables


class WindowWork(Part):
    """Scratch for one window at a time."""

    weights: Numbers = f8(MAX_ACTORS, MAX_TERMS, unit="util per day")
    now: Numbers = f8(MAX_ACTORS, MAX_TERMS, unit="util per day")
    then: Numbers = f8(MAX_TERMS, unit="util per day")
    features: Numbers = f8(MAX_TERMS)
    worth: Numbers = f8(MAX_ACTORS, OUTCOME_NUMBERS, unit="util")
    rates: Numbers = f8(PATH_RATES, unit="per day")
    exits: Numbers = f8(OUTCOME_NUMBERS)
    costs: Numbers = f8(MAX_ACTORS, unit="util")


WINDOW_WORK: Final = lay_out(WindowWork)


@compiled
def discount_at(state: State, params: Params, walker: int, actor: int, step: int, days: float) -> float:
    """Return an actor's discount factor at the start of a step of the walker's window, `days` after its start."""
    if actor == walker:
        return params.path_discount[profile_of(state, walker), step]
    return discount_ahead(state, params, actor, days)


@compiled
def discounted_length(state: State, params: Params, walker: int, actor: int, step: int, days: float) -> float:
    """Return the days of a step of the walker's window, discounted by an actor to the step's start."""
    profile = profile_of(state, actor)
    if actor == walker:
        return params.path_length[profile, step]
    rate = params.discount[profile]
    return (1.0 - exp(-rate * days)) / rate if rate > 0.0 else days


@compiled
def window_flow(
    world: State,
    params: Params,
    tables: Tables,
    walker: int,
    first: int,
    last: int,
    work: WindowWork,
    terms: Numbers,
    row: int,
    then_move: int,
) -> float:
    """Walk a world through a window and add what actors get in it, discounted to its start, to their terms.

    Parameters
    ----------
    world, params, tables : State, Params, Tables
        A copy of the world in which the moves stand that are to be valued; changed.
    walker : int
        The actor whose window and steps are walked.
    first, last : int
        The actors from `first` to the one before `last` are looked at.
    work : record of WINDOW_WORK
        Scratch.
    terms : ndarray, shape (rows, COLUMNS)
        Flow terms, costs of releases and values of outcomes are added to row `row` for the first of these actors, to
        the next row for the next, and so on (util).
    row : int
        See `terms`.
    then_move : int
        What the walker changes to at the step from which on it expects to do what is best; -1 for no change. What the
        change costs at once is among its terms.

    Returns
    -------
    float
        Probability that the run goes on beyond the window.
    """
    begin_path(world, params, tables, work.rates)
    for actor in range(first, last):
        for outcome in range(1, params.outcomes + 1):
            work.worth[actor, outcome] = outcome_value(world, params, actor, outcome)
        for term in range(params.terms[actor]):
            work.weights[actor, term] = effective_weight(world, params, actor, term)
        flow_terms(world, params, actor, work.weights[actor], work.features, work.now[actor])
    epidemic = epidemic_now(world, params)
    path = profile_of(world, walker)
    survival = 1.0  # no outcome has come
    settled = 0.0  # one has come after which the run goes on
    elapsed = 0.0
    for step in range(params.path_steps[path]):
        if then_move >= 0 and step == params.hold_step[path] and world.standing[walker] != then_move:
            cost = enter_move(world, params, tables, walker, then_move, True)
            discount = discount_at(world, params, walker, walker, step, elapsed)
            terms[row + walker - first, AT_ONCE] -= (survival + settled) * discount * cost
            begin_path(world, params, tables, work.rates)
            for actor in range(first, last):
                flow_terms(world, params, actor, work.weights[actor], work.features, work.now[actor])
        length = params.path_row[path, step]
        days = params.length_days[length]
        for actor in range(params.actors):
            work.costs[actor] = 0.0
        ticks = int(params.path_dt[path, step])
        any_exit = expected_step(world, params, tables, ticks, length, work.rates, work.exits, work.costs)
        reweigh = epidemic_now(world, params) != epidemic
        epidemic = epidemic_now(world, params)
        running = survival + settled
        for outcome in range(1, params.outcomes + 1):
            if params.outcome_goes_on[outcome] != 0:
                settled += survival * work.exits[outcome]
        undecided = survival * (1.0 - any_exit)
        going_on = undecided + settled
        for actor in range(first, last):
            discount = discount_at(world, params, walker, actor, step, elapsed)
            middle = 0.5 * (discount + discount_at(world, params, walker, actor, step + 1, elapsed + days))
            half = 0.5 * discount * discounted_length(world, params, walker, actor, step, days)
            count = params.terms[actor]
            if reweigh:
                for term in range(count):
                    work.weights[actor, term] = effective_weight(world, params, actor, term)
            flow_terms(world, params, actor, work.weights[actor], work.features, work.then)
            here = row + actor - first
            for term in range(count):
                terms[here, term] += half * (running * work.now[actor, term] + going_on * work.then[term])
                work.now[actor, term] = work.then[term]
            ended = 0.0
            for outcome in range(1, params.outcomes + 1):
                worth = work.worth[actor, outcome]
                if params.outcome_terms[actor] > 0:
                    work.worth[actor, outcome] = outcome_value(world, params, actor, outcome)
                    worth = 0.5 * (worth + work.worth[actor, outcome])
                ended += work.exits[outcome] * worth
            terms[here, AT_OUTCOME] += (survival * middle) * ended
            terms[here, RELEASE_COST] -= running * middle * work.costs[actor]
        survival = undecided
        elapsed += days
    return survival + settled
