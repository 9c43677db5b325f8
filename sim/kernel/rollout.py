r"""Lookahead: play each move ahead in sampled worlds by the kernel, and value where they stop along the mean path.

.. math::

   W_m = \frac1n \sum_{r=1}^n \Big[\sum_{\text{payoffs until } \tau_r} e^{-\rho (t - t_0)} u
         + [\text{run goes on}]\, e^{-\rho (\tau - t_0)}\, V_\text{drift}(x_r(\tau))\Big] + \text{inertia},

with :math:`\tau` as many of the actor's review intervals, or mean times between opportunities, ahead as ``depth`` says,
and :math:`V_\text{drift}` the drift value (`sim.rules.valuation.drift`, over the rule's ``horizon_days``) of the move
that stands there. These are truncated rollouts (Tesauro and Galperin 1997).

*Luck.* The worlds inside have a seed of their own (`sim.random.stream.subseed`): they never see the luck to come.
What is hidden from the actor is drawn anew in each of them: running hazards (which have no memory), opportunities to
reconsider, set-up lags that have not begun, the share of returners, and the types and weights of the others. All moves
of one decision share that luck, so their values differ by what the moves do.

*The others* follow a named model, parameter ``others``: ``as_they_decide`` (each one's own response and valuation, but
drift in place of lookahead), ``standing`` (what stands goes on) or ``coin_flip``. The actor itself goes on by its own
response to drift values. So no rollout holds a rollout, which ends the recursion. Events happen in the worlds inside,
but no actor becomes another there.

References
----------
Tesauro, G. and Galperin, G. R. (1997). On-line policy improvement using Monte-Carlo search. Advances in Neural
Information Processing Systems 9, 1068-1074.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.function_pointer import address_of, call_function
from sim.kernel.decision import DECISION_RECORD, adopt
from sim.kernel.dispatch import dispatch
from sim.kernel.signatures import DISPATCH
from sim.model.actors import profile_of
from sim.model.captives import draw_return_probability
from sim.model.clocks import REVIEW_CLOCK, next_clock, next_opportunity
from sim.model.columns import AT_ONCE, AT_OUTCOME, BEYOND_WINDOW, COLUMNS, ILLEGAL, INERTIA, PLAYED_AHEAD
from sim.model.hazards import HAZARDS
from sim.model.layout import PARAMS, STATE, Params, State, Tables
from sim.model.log import LOG
from sim.model.payoffs import discount_at_tick, discount_factor, draw_actor, outcome_value
from sim.model.releases import draw_setup_lag
from sim.model.rule_parameter import Parameter
from sim.model.world import ENDED, FAILED, NEVER, RUNS
from sim.random.causes import ROLLOUT
from sim.random.stream import subseed
from sim.rules.registry import address, number_of
from sim.scenario.catalogue import MAX_ACTORS, MAX_MOVES, MAX_PROFILES, MAX_TERMS, RUNNING

DEPTH: Final = 0
ROLLOUTS: Final = 1
OTHERS: Final = 2
OTHERS_MODELS: Final = ("as_they_decide", "standing", "coin_flip")
PARAMETERS: Final = (
    Parameter("depth", 4.0, 1.0, 1000.0),
    Parameter("rollouts", 16.0, 1.0, 10_000.0),
    Parameter("others", "as_they_decide", choices=OTHERS_MODELS),
)


@compiled
def hide_luck(world: State, params: Params, actor: int, seed: int, rollout: int) -> None:
    """Give a copied world luck of its own, and draw anew what the actor does not know.

    Parameters
    ----------
    world : State
        A copy of the real one; changed.
    params : Params
        The scenario.
    actor : int
        Who looks ahead: it knows its own type and weights.
    seed, rollout : int
        Address of the luck inside.
    """
    world.seed = seed
    world.replication = rollout
    for hazard in range(HAZARDS):
        world.hazard_limit[hazard] = 0.0
    for event in range(params.events):
        world.event_limit[event] = 0.0
        world.event_used[event] = 0.0
    for group in range(params.groups):
        if world.ready_tick[group] == NEVER:
            draw_setup_lag(world, params, group)
        draw_return_probability(world, params, group)
    for other in range(params.actors):
        if other != actor:
            draw_actor(world, params, other)
        if params.reconsiders[other] > 0.0:
            world.clock[REVIEW_CLOCK + other] = next_opportunity(world, params, other, world.tick)


@compiled
def leaf_value(world: State, params: Params, tables: Tables, actor: int, values: Any, terms: Any) -> float:
    """Return the drift value of the move that stands for an actor, its inertia bonus left out."""
    standing = world.standing[actor]
    for move in range(MAX_MOVES):
        values[move] = ILLEGAL
    for column in range(COLUMNS):
        terms[standing, column] = 0.0
    values[standing] = 0.0
    call_function(params.drift_address, world, params, tables, actor, values, terms)
    return float(values[standing] - terms[standing, INERTIA])


def lookahead(
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    values: NDArray[np.float64],
    terms: NDArray[np.float64],
) -> None:
    """Fill the mean value of each legal move over worlds played ahead, and its terms.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world at the epoch; not changed.
    actor : int
        Row of the mover.
    values : ndarray, shape (MAX_MOVES,)
        Minus infinity for illegal moves, which stay; filled for the others (util).
    terms : ndarray, shape (MAX_MOVES, COLUMNS)
        Zero on entry; filled so that each row sums to the move's value.
    """
    scenario = np.empty(1, PARAMS)
    scenario[0] = params
    profile = profile_of(state, actor)
    for other in range(MAX_PROFILES):
        inner = scenario[0]  # taken anew in every loop: an array of which only a record is used would be freed
        inner.profiles_stand = 1
        inner.response_address[other] = params.rollout_response[profile, other]
        inner.valuation_address[other] = params.rollout_valuation[profile, other]
    copy = np.empty(1, STATE)
    decisions = np.zeros(1, DECISION_RECORD)
    log = np.zeros(1, LOG)
    work = np.zeros((3, MAX_TERMS))
    series = np.zeros((0, 1))
    ledger = np.zeros((0, 1))
    leaf_values = np.empty(MAX_MOVES)
    leaf_terms = np.zeros((MAX_MOVES, COLUMNS))
    rollouts = int(params.valuation_parameters[profile, ROLLOUTS])
    ahead = int(params.valuation_parameters[profile, DEPTH]) * params.review_every[actor]
    until = min(state.tick + ahead, params.horizon_tick)
    now = discount_factor(state, params, actor)
    seed = subseed(state.seed, state.replication, ROLLOUT, actor, state.tick, 0)
    for move in range(params.moves[actor]):
        if values[move] == ILLEGAL:
            continue
        at_once, ended, beyond, played = 0.0, 0.0, 0.0, 0.0
        for rollout in range(rollouts):
            copy[0] = state
            world, inner = copy[0], scenario[0]
            hide_luck(world, inner, actor, seed, rollout)
            adopt(world, inner, tables, actor, move, decisions[0], log, ledger)
            entered = world.payoff[actor]
            while world.status == RUNS:
                clock = next_clock(world)
                if clock < 0 or world.clock[clock] > until:
                    break
                call_function(
                    params.dispatch_address, world, inner, tables, clock, decisions[0], work, log, series, ledger
                )
            gained = (world.payoff[actor] - entered) / now
            at_once += (entered - state.payoff[actor]) / now
            discount = discount_factor(world, params, actor) / now
            if world.status == FAILED:
                return
            value = 0.0
            if state.outcome == RUNNING and world.outcome != RUNNING:
                came = discount_at_tick(world, params, actor, world.outcome_tick) / now
                value = came * outcome_value(world, inner, actor, world.outcome)
            ended += value
            played += gained - value
            if world.status != ENDED:
                beyond += discount * leaf_value(world, inner, tables, actor, leaf_values, leaf_terms)
        terms[move, AT_ONCE] = at_once / rollouts
        terms[move, AT_OUTCOME] = ended / rollouts
        terms[move, BEYOND_WINDOW] = beyond / rollouts
        terms[move, PLAYED_AHEAD] = played / rollouts
        if move == state.standing[actor]:
            terms[move, INERTIA] = params.inertia[profile]
        total = 0.0
        for column in range(COLUMNS):
            total += terms[move, column]
        values[move] = total


def bind_rollouts(params: NDArray[np.record]) -> NDArray[np.record]:
    """Return bound parameters with the addresses of the rules that actors follow inside rollouts.

    Parameters
    ----------
    params : ndarray of PARAMS, shape (n,)
        As `sim.rules.registry.bind` returns them; not changed.
    """
    number = number_of("valuation", "lookahead")
    bound = params.copy()
    if not (bound["valuation"] == number).any():
        return bound
    drifts = address("valuation", "drift")
    bound["dispatch_address"] = address_of(getattr(dispatch, "py_func", dispatch), DISPATCH)
    for row in bound:
        rows = [*range(int(row.actors)), *range(MAX_ACTORS, MAX_ACTORS + int(row.profiles))]
        for looker in rows:
            if row.valuation[looker] != number:
                continue
            model = OTHERS_MODELS[int(row.valuation_parameters[looker, OTHERS])]
            for other in rows:
                response, valuation = row.response_address[other], row.valuation_address[other]
                if row.valuation[other] == number:
                    valuation = drifts
                if row.profile_actor[other] != row.profile_actor[looker] and model != "as_they_decide":
                    response = address("response", "scripted" if model == "standing" else "uniform")
                    valuation = address("valuation", "none")
                row.rollout_response[looker, other] = response
                row.rollout_valuation[looker, other] = valuation
    return bound
