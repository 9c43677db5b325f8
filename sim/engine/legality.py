"""Why a move could not be chosen, in words with the numbers of the day: one entry for each reason of the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.condition_readings import condition_readings, said
from sim.kernel.bound import Bound
from sim.model.columns import ILLEGAL
from sim.model.moves import COOLING, DEMAND_MET, GUARDED, IN_DISPUTE, LEGAL, legality, stands_for
from sim.scenario.words import words_of


@dataclass(frozen=True, slots=True)
class _Case:
    """A move of an actor in the world as a decision found it."""

    state: NDArray[np.record]
    bound: Bound
    actor: int
    move: int


def why_not(state: NDArray[np.record], bound: Bound, actor: int, move: int) -> str:
    """Say why an actor could not choose a move; empty if it could.

    Parameters
    ----------
    state : ndarray of STATE, shape (1,)
        The world as the decision finds it; not changed.
    bound : Bound
        The scenario.
    actor, move : int
        Rows.

    Returns
    -------
    str
        Such as ``needs day > 135; day was 44`` or ``does the same as stall``.
    """
    world, params = state[0], bound.params[0]
    reason = legality(world, params, bound.tables, actor, move)
    if reason == LEGAL:
        reasons = [legality(world, params, bound.tables, actor, m) for m in range(int(params.moves[actor]))]
        values = np.array([0.0 if other == LEGAL else ILLEGAL for other in reasons])
        other = int(stands_for(world, params, bound.tables, actor, move, values))
        if other == move:
            return ""
        mover = bound.names.actors[actor]
        return f"does the same as {words_of(bound.scenario).move(mover, bound.names.moves[actor][other])}"
    return REASONS[reason](_Case(state, bound, actor, move))


def _guard(case: _Case) -> str:
    actor = list(case.bound.scenario.actors.values())[case.actor]
    condition = list(actor.moves.values())[case.move].when
    assert condition is not None, "a move without a condition is never illegal by it"
    return f"needs {condition}; {said(condition_readings(condition, case.state, case.bound))}"


def _dispute(case: _Case) -> str:
    claimant, groups = case.bound.params[0].claimant, case.bound.names.groups
    disputed = [g for row, g in enumerate(groups) if claimant[row] == case.actor and case.state[0].dispute[row] >= 0.5]
    return f"blocked by the open dispute over {', '.join(disputed)}"


def _cooldown(case: _Case) -> str:
    params = case.bound.params[0]
    dt, cooldown = float(params.dt), params.cooldown[case.actor, case.move]
    waited = int(case.state[0].tick) - int(case.state[0].left[case.actor, case.move])
    return (
        f"cooldown of {cooldown * dt:g} days: left {waited * dt:g} days before, open again "
        f"in {(cooldown - waited) * dt:g}"
    )


def _met(case: _Case) -> str:
    actor = list(case.bound.scenario.actors.values())[case.actor]
    pressure = list(actor.moves.values())[case.move].pressure
    assert pressure is not None, "a move that threatens nobody has no demand"
    return f"threatens over what is done already ({pressure.until}), or nothing is left to cut"


REASONS: Final[dict[int, Callable[[_Case], str]]] = {
    GUARDED: _guard,
    IN_DISPUTE: _dispute,
    COOLING: _cooldown,
    DEMAND_MET: _met,
}
