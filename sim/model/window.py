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

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.elementary import exp
from sim.model.actors import profile_of
from sim.model.columns import AT_ONCE, AT_OUTCOME, RELEASE_COST
from sim.model.epidemic import epidemic_now
from sim.model.mean_path import PATH_RATES, begin_path, expected_step
from sim.model.moves import enter_move
from sim.model.payoffs import discount_ahead, effective_weights, flow_terms, outcome_value
from sim.model.record import Numbers, Part, f8, i8, lay_out
from sim.scenario.catalogue import MAX_ACTORS, MAX_TERMS, OUTCOME_NUMBERS

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables


class WindowWork(Part):
    """A walk through a window: how far it is, and scratch."""

    survival: float = f8()  # probability that no outcome has come
    settled: float = f8()  # that one has come after which the run goes on
    elapsed: float = f8(unit="days")
    epidemic: int = i8()  # 1 if there is one at this point
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
def begin_window(world: State, params: Params, tables: Tables, first: int, last: int, work: WindowWork) -> None:
    """Set out on a window: close refused talks, and fill what actors want, what flows now and what may come.

    Parameters
    ----------
    world, params, tables : State, Params, Tables
        A copy of the world in which the moves stand that are to be valued; changed.
    first, last : int
        The actors from `first` to the one before `last` are looked at.
    work : record of WINDOW_WORK
        Filled.
    """
    for actor in range(first, last):
        effective_weights(world, params, actor, work.weights[actor])
    work.epidemic = 1 if epidemic_now(world, params) else 0
    work.survival = 1.0
    work.settled = 0.0
    work.elapsed = 0.0
    begin_path(world, params, tables, work.rates)
    for actor in range(first, last):
        for outcome in range(1, params.outcomes + 1):
            work.worth[actor, outcome] = outcome_value(world, params, actor, outcome)
        flow_terms(world, params, actor, work.weights[actor], work.features, work.now[actor])


@compiled
def turn_on_the_way(
    world: State,
    params: Params,
    tables: Tables,
    walker: int,
    move: int,
    step: int,
    work: WindowWork,
    terms: Numbers,
    row: int,
) -> None:
    """Let the walker, who alone is looked at, change its move at the start of a step, and pay for it.

    Parameters
    ----------
    world, params, tables : State, Params, Tables
        The world under way; changed.
    walker, move, step : int
        Who changes to what, and when.
    work : record of WINDOW_WORK
        The walk so far; changed.
    terms : ndarray, shape (rows, COLUMNS)
        The cost of the change is taken off row `row` (util).
    row : int
        See `terms`.
    """
    if world.standing[walker] == move:
        return
    cost = enter_move(world, params, tables, walker, move, True)
    discount = discount_at(world, params, walker, walker, step, work.elapsed)
    terms[row, AT_ONCE] -= (work.survival + work.settled) * discount * cost
    begin_path(world, params, tables, work.rates)
    flow_terms(world, params, walker, work.weights[walker], work.features, work.now[walker])


@compiled
def walk_window(
    world: State,
    params: Params,
    tables: Tables,
    walker: int,
    first: int,
    last: int,
    start: int,
    end: int,
    work: WindowWork,
    terms: Numbers,
    row: int,
) -> float:
    """Walk a world through steps of a window and add what actors get in them, discounted to the window's start.

    Parameters
    ----------
    world, params, tables : State, Params, Tables
        The world under way; changed.
    walker : int
        The actor whose window and steps are walked.
    first, last : int
        The actors from `first` to the one before `last` are looked at.
    start, end : int
        The steps from `start` to the one before `end` are walked.
    work : record of WINDOW_WORK
        The walk so far, as `begin_window` begins it; changed.
    terms : ndarray, shape (rows, COLUMNS)
        Flow terms, costs of releases and values of outcomes are added to row `row` for the first of these actors, to
        the next row for the next, and so on (util).
    row : int
        See `terms`.

    Returns
    -------
    float
        Probability that the run goes on beyond these steps.
    """
    path = profile_of(world, walker)
    for step in range(start, end):
        length = params.path_row[path, step]
        days = params.length_days[length]
        for actor in range(params.actors):
            work.costs[actor] = 0.0
        ticks = int(params.path_dt[path, step])
        any_exit = expected_step(world, params, tables, ticks, length, work.rates, work.exits, work.costs)
        epidemic = 1 if epidemic_now(world, params) else 0
        reweigh = epidemic != work.epidemic
        work.epidemic = epidemic
        survival = work.survival
        running = survival + work.settled
        for outcome in range(1, params.outcomes + 1):
            if params.outcome_goes_on[outcome] != 0:
                work.settled += survival * work.exits[outcome]
        undecided = survival * (1.0 - any_exit)
        going_on = undecided + work.settled
        elapsed = work.elapsed
        for actor in range(first, last):
            discount = discount_at(world, params, walker, actor, step, elapsed)
            middle = 0.5 * (discount + discount_at(world, params, walker, actor, step + 1, elapsed + days))
            half = 0.5 * discount * discounted_length(world, params, walker, actor, step, days)
            count = params.terms[actor]
            if reweigh:
                effective_weights(world, params, actor, work.weights[actor])
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
        work.survival = undecided
        work.elapsed = elapsed + days
    return work.survival + work.settled
