r"""Talks: what opens them and what breaks them.

Hazards per day (:math:`q` talks, :math:`[x]` one if x):

.. math::

   \text{open} &= \lambda_t\,[\text{condition}]\,(1 - \text{dispute})\,
       \textstyle\prod_{\text{parties}} \text{participation}\,(1-q) \\
   \text{break down} &= q\,\lambda_b\,\text{profiteers}

with :math:`\lambda_t` and :math:`\lambda_b` as the scenario declares them, factors and all (`sim.model.factors`). A
party that refuses closes open talks at the end of the step; one may fight while it sits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.elementary import exp
from sim.model.conditions import holds
from sim.model.disputes import dispute_free
from sim.model.factors import hazard_rate
from sim.model.hazards import BREAKDOWN_HAZARD, TALKS_HAZARD, integrate_hazard
from sim.model.lanes import some, where
from sim.model.log import Log, record_event
from sim.model.record import Numbers, Part, f8, i4, i8
from sim.model.switches import ON_PROFITEERS, ON_TRIGGERS
from sim.model.world import NEVER
from sim.scenario.catalogue import MAX_ACTORS, MAX_MOVES
from sim.scenario.events import TALKS_BROKE_DOWN, TALKS_OPENED

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables


class TalksState(Part):
    """Whether talks are open, and when they first were."""

    talks: float = f8()  # 0 or 1; its probability on a mean path
    talks_tick: int = i4(unit="ticks")  # first opening
    sitting: float = f8()  # product over the parties: refuse 0, technical contacts, sit 1; read off the standing moves


class TalksParams(Part):
    """What opens and breaks talks, and who sits."""

    participation: Numbers = f8(MAX_ACTORS, MAX_MOVES)  # refuse 0, technical, sit 1
    opens_when: int = i8()  # Tables: program; -1 none
    talks_hazard: int = i8()  # Tables: hazard; -1 none
    breakdown_hazard: int = i8()  # Tables: hazard; -1 none
    breakdown_shock: float = f8()  # probability that a mass-casualty attack breaks talks
    profiteers: float = f8()


@compiled
def read_sitting(state: State, params: Params) -> None:
    """Set `sitting` from the moves that stand."""
    state.sitting = 1.0
    for actor in range(params.actors):
        if params.party[actor] != 0:
            state.sitting *= params.participation[actor, state.standing[actor]]


@compiled
def refuses_talks(state: State, params: Params, actor: int) -> bool:
    """Return whether an actor's standing move refuses talks."""
    return bool(params.participation[actor, state.standing[actor]] <= 0.0)


@compiled
def talks_rate(state: State, params: Params, tables: Tables) -> float:
    """Return the hazard per day that talks open, while they are closed."""
    if params.talks_hazard < 0:
        return 0.0
    possible = state.sitting
    if not some(possible > 0.0):
        return 0.0
    possible = where(holds(state, params, tables, params.opens_when), possible, 0.0)
    if not some(possible > 0.0):
        return 0.0
    return hazard_rate(state, params, tables, params.talks_hazard, dispute_free(state, params)) * possible


@compiled
def breakdown_rate(state: State, params: Params, tables: Tables) -> float:
    """Return the hazard per day that talks break down, while they are open."""
    factor = params.profiteers if params.on[ON_PROFITEERS] != 0 else 1.0
    return hazard_rate(state, params, tables, params.breakdown_hazard, factor)


@compiled
def shock_rate(state: State, params: Params) -> float:
    """Return the hazard per day that a mass-casualty attack breaks open talks; a sampled world draws such attacks."""
    rate = 0.0
    if params.breakdown_shock > 0.0 and params.on[ON_TRIGGERS] != 0:
        for stream in range(params.streams):
            rate += params.breakdown_shock * state.intensity[stream] * params.mass_probability[stream]
    return rate


@compiled
def expected_talks(talks: float, opening: float, settling: float, breaking: float, days: float) -> float:
    """Return the probability that talks are open after some days, given that the run goes on.

    Parameters
    ----------
    talks : float
        That probability now.
    opening, settling, breaking : float
        Hazards per day.
    days : float
        Length of the step.
    """
    later = talks
    if some(talks > 0.0):
        settled = talks * (1.0 - exp(-settling * days))
        going_on = where(settled < 1.0, 1.0 - settled, 1.0)
        later = where(settled < 1.0, (talks - settled) / going_on, 0.0) * exp(-breaking * days)
    if some(opening > 0.0):
        later += (1.0 - talks) * (1.0 - exp(-opening * days))
    return min(later, 1.0)


@compiled
def close_refused_talks(state: State) -> None:
    """Close talks in which a party refuses to sit, at the start of a mean path."""
    state.talks = where(state.sitting > 0.0, state.talks, 0.0)


@compiled
def integrate_talks(state: State, params: Params, tables: Tables, days: float) -> None:
    """Integrate the hazards that talks break down and open in the step that starts now."""
    open_now = state.talks > 0.0
    breaking = breakdown_rate(state, params, tables) if open_now else 0.0
    opening = 0.0 if open_now else talks_rate(state, params, tables)
    integrate_hazard(state, BREAKDOWN_HAZARD, open_now, breaking, days)
    if open_now and state.sitting <= 0.0:
        state.hazard_fired[BREAKDOWN_HAZARD] = 1
    integrate_hazard(state, TALKS_HAZARD, not open_now, opening, days)


@compiled
def break_and_open_talks(state: State, log: Log) -> None:
    """Let a breakdown or an opening that fired take effect."""
    if state.hazard_fired[BREAKDOWN_HAZARD] != 0:
        state.talks = 0.0
        record_event(log, state.tick, TALKS_BROKE_DOWN, -1, -1, 0.0)
    if state.hazard_fired[TALKS_HAZARD] != 0:
        state.talks = 1.0
        if state.talks_tick == NEVER:
            state.talks_tick = state.tick
        record_event(log, state.tick, TALKS_OPENED, -1, -1, 0.0)
