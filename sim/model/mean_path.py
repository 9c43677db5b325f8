r"""The mean path: a world moved on by expectations, flags as probabilities, hazards as mixtures.

Decision rules that look ahead value a move on it. One step of :math:`h` days moves every mechanism on by its exact
solution for rates that are held, troops at their mean over the step; hazards are the means of their values at both
ends (trapezoid), so steps may grow from days to weeks with an error of second order in what they drive. The probability
of each outcome in a step is

.. math:: P(k) = \frac{\bar\lambda_k}{\sum_j \bar\lambda_j}\,(1 - e^{-\sum_j \bar\lambda_j\,h}), \qquad
   \bar\lambda_k = \tfrac12\big(\lambda_k(t) + \lambda_k(t+h)\big),

and the probability :math:`q` that talks are open follows the hazards that open and break them, less those open worlds
in which an outcome of the talks has come. An outcome by a condition comes at the first node at which it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.capacity import drift_insurgents, drift_regulars
from sim.model.captives import expected_release, stocks_first
from sim.model.defection import defect
from sim.model.disputes import expected_disputes
from sim.model.lanes import some
from sim.model.offices import drift_cohesion, expected_resolutions
from sim.model.outcomes import comes_by_condition, expected_outcomes, outcome_rate
from sim.model.reading import read_world
from sim.model.recall import expected_recall
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.model.reputation import expected_reviews
from sim.model.talks import breakdown_rate, close_refused_talks, expected_talks, shock_rate, talks_rate
from sim.model.territory import drift_territory
from sim.model.threats import expected_threats
from sim.model.violence import expected_attacks, expected_deaths, kill_rivals, read_outside_intensity
from sim.model.withdrawal import present_share, withdraw
from sim.scenario.catalogue import MAX_ACTORS, MAX_PATH_STEPS, MAX_PROFILES, OUTCOME_NUMBERS

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

SETTLING: Final = OUTCOME_NUMBERS
BREAKING: Final = OUTCOME_NUMBERS + 1
OPENING: Final = OUTCOME_NUMBERS + 2
PATH_RATES: Final = OUTCOME_NUMBERS + 3
"""Length of the array of hazards that a path carries along: by outcome, then of talks that settle, break and open."""


class PathParams(Part):
    """The steps in which an actor of each profile looks ahead."""

    path_steps: Integers = i8(MAX_PROFILES)
    path_dt: Numbers = f8(MAX_PROFILES, MAX_PATH_STEPS, unit="ticks")
    path_row: Integers = i8(MAX_PROFILES, MAX_PATH_STEPS)  # of each step's length; equal lengths share one
    path_discount: Numbers = f8(
        MAX_PROFILES, MAX_PATH_STEPS + 1
    )  # exp(-rho t) at the start of each step and at the end
    hold_step: Integers = i8(MAX_PROFILES)  # from which on it expects to do what is best; 0 if it holds its move
    then_move: Integers = i8(MAX_ACTORS)  # what that is; -1 is to be found
    path_length: Numbers = f8(MAX_PROFILES, MAX_PATH_STEPS, unit="days")  # of each step, discounted to its start


@compiled
def read_talks_rates(state: State, params: Params, tables: Tables, rates: Numbers) -> None:
    """Fill the hazards per day of talks that open while closed, and of outcomes and a breakdown while they are open."""
    rates[OPENING] = talks_rate(state, params, tables) if some(state.talks < 1.0) else 0.0
    possible = some(state.talks + rates[OPENING] > 0.0)
    rates[SETTLING] = 0.0
    if params.any_in_talks != 0:
        for outcome in range(1, params.outcomes + 1):
            if params.outcome_in_talks[outcome] != 0:
                rates[outcome] = outcome_rate(state, params, tables, outcome) if possible else 0.0
                rates[SETTLING] += rates[outcome]
    rates[BREAKING] = breakdown_rate(state, params, tables) + shock_rate(state, params)


@compiled
def read_outcome_rates(state: State, params: Params, tables: Tables, rates: Numbers) -> None:
    """Fill the hazards per day of the outcomes, right after `read_talks_rates` has for those in open talks."""
    for outcome in range(1, params.outcomes + 1):
        if params.outcome_in_talks[outcome] != 0:
            rates[outcome] *= state.talks
        else:
            rates[outcome] = outcome_rate(state, params, tables, outcome)


@compiled
def begin_path(state: State, params: Params, tables: Tables, rates: Numbers) -> None:
    """Close refused talks and fill the hazards at the start of a path, as `expected_step` leaves them at its end.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; talks in which a party refuses are closed.
    rates : ndarray, shape (PATH_RATES,)
        Filled, per day.
    """
    if some(state.sitting <= 0.0):
        close_refused_talks(state)
        read_outside_intensity(state, params)
    read_talks_rates(state, params, tables, rates)
    read_outcome_rates(state, params, tables, rates)


@compiled
def expected_step(
    state: State,
    params: Params,
    tables: Tables,
    ticks: int,
    length: int,
    rates: Numbers,
    exits: Numbers,
    costs: Numbers,
) -> float:
    """Move a world on along its mean path and return the probability that an outcome comes in the step.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed. `read_world` must be current, and is on return.
    ticks, length : int
        Length of the step, and its row.
    rates : ndarray, shape (PATH_RATES,)
        Hazards at the start of the step (`begin_path`); those at its end on return.
    exits : ndarray, shape (OUTCOME_NUMBERS,)
        Filled with the probability of each outcome in the step.
    costs : ndarray, shape (MAX_ACTORS,)
        Costs of releases are added to their holders, in util.

    Returns
    -------
    float
        Probability of any outcome, in [0, 1].
    """
    days = params.length_days[length]
    opening, settling, breaking = rates[OPENING], rates[SETTLING], rates[BREAKING]
    for outcome in range(1, params.outcomes + 1):
        exits[outcome] = rates[outcome]
    expected_reviews(state, params, length)
    expected_deaths(state, params)
    withdraw(state, params, days)
    state.troop_share = 0.5 * (state.troop_share + present_share(state, params))
    drift_insurgents(state, params, days)
    drift_regulars(state, params, days)
    drift_territory(state, params, length)
    drift_cohesion(state, params, length)
    expected_attacks(state, params, length)
    kill_rivals(state, params, days)
    expected_disputes(state, params, length)
    defect(state, params, tables, days)
    for row in range(params.groups):
        group = stocks_first(params, row)
        expected_recall(state, params, group, days)
        costs[params.holder[group]] += expected_release(state, params, tables, group, length)
    expected_resolutions(state, params, days)
    expected_threats(state, params, tables, days)
    state.tick += ticks
    read_world(state, params)
    read_talks_rates(state, params, tables, rates)
    opening, settling = 0.5 * (opening + rates[OPENING]), 0.5 * (settling + rates[SETTLING])
    breaking = 0.5 * (breaking + rates[BREAKING])
    state.talks = expected_talks(state.talks, opening, settling, breaking, days)
    read_outside_intensity(state, params)
    read_outcome_rates(state, params, tables, rates)
    any_exit = expected_outcomes(exits, rates, days, exits, params.outcomes)
    if params.any_by_condition != 0:
        for outcome in range(1, params.outcomes + 1):
            comes = comes_by_condition(state, params, tables, outcome)
            if some(comes > 0.0):
                exits[outcome] = (1.0 - any_exit) * comes
                any_exit += exits[outcome]
    return any_exit
