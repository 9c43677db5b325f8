"""Why a move could not be chosen: its guard, a dispute, or its cooldown, in words with the numbers of the day.

The same tests in the same order as `sim.model.moves.is_legal`, read off a copy of the world as the decision found it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.encode.names import Names
from sim.engine.bound import Bound
from sim.model.conditions import holds
from sim.model.dispute import disputed_by
from sim.model.features import feature
from sim.scenario.condition import And, Compare, Condition, Not, Or


def why_not(state: NDArray[np.record], ready: Bound, actor: int, move: int) -> str:
    """Say why an actor could not choose a move; empty if it could.

    Parameters
    ----------
    state : ndarray of STATE, shape (1,)
        The world as the decision finds it; not changed.
    ready : Bound
        The scenario.
    actor, move : int
        Rows.

    Returns
    -------
    str
        Such as ``needs day > 135; day was 44``.
    """
    world, params = state[0], ready.params[0]
    content = list(list(ready.scenario.actors.values())[actor].moves.values())[move]
    if not holds(world, params, ready.tables, int(params.guard[actor, move])):
        return f"needs {content.when}; {_readings(content.when, world, params, ready.names)}"
    if params.blocked_by_dispute[actor, move] != 0 and disputed_by(world, params, actor):
        claimed = [g for row, g in enumerate(ready.names.groups) if params.claimant[row] == actor]
        open_now = [g for g in claimed if world.dispute[ready.names.groups.index(g)] >= 0.5]
        return f"blocked by the open dispute over {', '.join(open_now)}"
    waited = int(world.tick) - int(world.left[actor, move])
    if move != world.standing[actor] and waited < params.cooldown[actor, move]:
        dt = float(params.dt)
        return (
            f"cooldown of {params.cooldown[actor, move] * dt:g} days: left {waited * dt:g} days before, open again "
            f"in {(params.cooldown[actor, move] - waited) * dt:g}"
        )
    return ""


def _readings(condition: Condition, world: Any, params: Any, names: Names) -> str:
    """Write what each feature of a condition was, once each."""
    said: dict[str, str] = {}
    for compare in _comparisons(condition):
        code, a, b = names.feature(compare.feature)
        said[str(compare.feature)] = f"{compare.feature} was {feature(world, params, code, a, b):.4g}"
    return ", ".join(said.values())


def _comparisons(condition: Condition) -> list[Compare]:
    if isinstance(condition, Compare):
        return [condition]
    if isinstance(condition, Not):
        return _comparisons(condition.term)
    assert isinstance(condition, And | Or)
    return [compare for term in condition.terms for compare in _comparisons(term)]
