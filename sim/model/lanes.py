"""Choices that read the same for one world and for several side by side.

The model is written once. Compiled for plain numbers it moves one world; compiled for *lanes*, a type of several
numbers that move together, it may move several. A branch on Params is the same for all of them and is an ``if``. A
choice on State may differ from lane to lane: it is a `where`, which takes both sides, and work that most worlds can
skip stands behind `some`, which asks whether any lane needs it. For plain numbers both are what they look like.
"""

from __future__ import annotations

from sim.compiled import compiled


@compiled
def where(condition: bool, value: float, otherwise: float) -> float:
    """Return `value` where a condition holds, else `otherwise`; both are computed."""
    return value if condition else otherwise


@compiled
def some(condition: bool) -> bool:
    """Return whether a condition holds in any lane."""
    return condition
