r"""Outcomes: how the deal turns out, as its scenario declares it.

An outcome comes by a hazard (a rate times factors, `sim.model.factors`), as soon as a condition holds, or is what
stands at the horizon. A run has one, the first that comes; of two that come in one step the first in the file. One that
does not end the run leaves it running to its horizon, payoffs and all, with every other outcome out of reach.

Hazards compete. Those of outcomes that come only while talks are open are multiplied, on a mean path, by the
probability that they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.elementary import exp
from sim.model.columns import AT_OUTCOME
from sim.model.conditions import holds
from sim.model.factors import hazard_rate
from sim.model.hazards import OUTCOME_HAZARD, integrate_hazard_at
from sim.model.lanes import where
from sim.model.ledger import pay
from sim.model.log import Log, record_event
from sim.model.payoffs import discount_factor, outcome_value
from sim.model.record import Integers, Numbers, Part, i4, i8
from sim.model.world import ENDED
from sim.random.causes import HAZARD
from sim.scenario.catalogue import OUTCOME_NUMBERS, RUNNING
from sim.scenario.events import OUTCOME

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

BY_HAZARD: Final = 0
BY_CONDITION: Final = 1
AT_HORIZON: Final = 2


class OutcomeState(Part):
    """How the run turned out, and when."""

    outcome: int = i4()  # its number; RUNNING until one has come
    outcome_tick: int = i4(unit="ticks")


class OutcomeParams(Part):
    """The outcomes of the scenario, by number; row 0 is a run that goes on."""

    outcomes: int = i8()  # how many, without row 0
    outcome_comes: Integers = i8(OUTCOME_NUMBERS)  # BY_HAZARD, BY_CONDITION or AT_HORIZON
    outcome_when: Integers = i8(OUTCOME_NUMBERS)  # Tables: program; -1 always
    outcome_hazard: Integers = i8(OUTCOME_NUMBERS)  # Tables: hazard; -1 none
    outcome_in_talks: Integers = i8(OUTCOME_NUMBERS)  # 1 if it comes only while talks are open
    outcome_goes_on: Integers = i8(OUTCOME_NUMBERS)  # 1 if the run goes on
    outcome_from: Integers = i8(OUTCOME_NUMBERS, unit="ticks")
    outcome_until: Integers = i8(OUTCOME_NUMBERS, unit="ticks")
    outcome_luck: Integers = i8(OUTCOME_NUMBERS)  # address of its luck, whatever its place
    any_in_talks: int = i8()  # 1 if some outcome comes only while talks are open
    any_by_condition: int = i8()  # 1 if some outcome comes by a condition


@compiled
def outcome_rate(state: State, params: Params, tables: Tables, outcome: int) -> float:
    """Return the hazard per day of an outcome that comes by one; while talks are open, if it comes only then."""
    if params.outcome_comes[outcome] != BY_HAZARD:
        return 0.0
    if state.tick < params.outcome_from[outcome] or state.tick > params.outcome_until[outcome]:
        return 0.0
    share = where(state.outcome == RUNNING, 1.0, 0.0)
    if params.outcome_when[outcome] >= 0:
        share = where(holds(state, params, tables, params.outcome_when[outcome]), share, 0.0)
    return hazard_rate(state, params, tables, params.outcome_hazard[outcome], share)


@compiled
def comes_by_condition(state: State, params: Params, tables: Tables, outcome: int) -> float:
    """Return 1 if an outcome comes now because its condition holds, or the probability of it on a mean path."""
    if params.outcome_comes[outcome] != BY_CONDITION:
        return 0.0
    if state.tick < params.outcome_from[outcome] or state.tick > params.outcome_until[outcome]:
        return 0.0
    comes = where(state.outcome == RUNNING, 1.0, 0.0)
    comes = where(holds(state, params, tables, params.outcome_when[outcome]), comes, 0.0)
    return comes * state.talks if params.outcome_in_talks[outcome] != 0 else comes


@compiled
def expected_outcomes(before: Numbers, after: Numbers, days: float, exits: Numbers, count: int) -> float:
    """Fill the probability of each outcome by hazard in a step of the mean path and return their sum.

    Parameters
    ----------
    before, after : ndarray, shape (OUTCOME_NUMBERS,)
        Hazards per day at the ends of the step; `before` may be `exits`.
    days : float
        Length of the step.
    exits : ndarray, shape (OUTCOME_NUMBERS,)
        Filled from 1 to `count`.
    count : int
        Number of outcomes.
    """
    total = 0.0
    for outcome in range(1, count + 1):
        exits[outcome] = 0.5 * (before[outcome] + after[outcome])
        total += exits[outcome]
    any_exit = 1.0 - exp(-total * days)
    scale = where(total > 0.0, any_exit / where(total > 0.0, total, 1.0), 0.0)
    for outcome in range(1, count + 1):
        exits[outcome] *= scale
    return any_exit


@compiled
def integrate_outcomes(state: State, params: Params, tables: Tables, days: float) -> None:
    """Integrate the hazards of all outcomes that may come in the step that starts now."""
    for outcome in range(1, params.outcomes + 1):
        if params.outcome_comes[outcome] == BY_HAZARD:
            possible = state.outcome == RUNNING and (params.outcome_in_talks[outcome] == 0 or state.talks > 0.0)
            rate = outcome_rate(state, params, tables, outcome) if possible else 0.0
            luck = params.outcome_luck[outcome]
            integrate_hazard_at(state, OUTCOME_HAZARD + outcome - 1, HAZARD, luck, possible, rate, days)


@compiled
def outcome_of_step(state: State, params: Params, tables: Tables) -> int:
    """Return the outcome that comes now, by a hazard, a condition or at the horizon, or RUNNING."""
    for outcome in range(1, params.outcomes + 1):
        if params.outcome_comes[outcome] == BY_HAZARD:
            if state.hazard_fired[OUTCOME_HAZARD + outcome - 1] != 0:
                return outcome
        elif comes_by_condition(state, params, tables, outcome) > 0.0:
            return outcome
    if state.tick < params.horizon_tick:
        return RUNNING
    for outcome in range(1, params.outcomes + 1):
        if params.outcome_comes[outcome] == AT_HORIZON and holds(state, params, tables, params.outcome_when[outcome]):
            return outcome
    return RUNNING


@compiled
def take_outcome(state: State, params: Params, outcome: int, log: Log, ledger: Numbers) -> None:
    """Let an outcome come at the present tick, pay its value, and end the run unless it goes on."""
    state.outcome = outcome
    state.outcome_tick = state.tick
    for actor in range(params.actors):
        value = outcome_value(state, params, actor, outcome)
        pay(state, actor, AT_OUTCOME, value * discount_factor(state, params, actor), ledger)
    record_event(log, state.tick, OUTCOME, outcome, -1, 0.0)
    if params.outcome_goes_on[outcome] == 0:
        state.status = ENDED


@compiled
def end_step(state: State, params: Params, tables: Tables, log: Log, ledger: Numbers) -> None:
    """Let an outcome of the step come, and end the run at its horizon."""
    if state.outcome == RUNNING:
        outcome = outcome_of_step(state, params, tables)
        if outcome != RUNNING:
            take_outcome(state, params, outcome, log, ledger)
    if state.tick >= params.horizon_tick:
        state.status = ENDED
