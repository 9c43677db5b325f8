"""The logistic function, from log-odds to a probability."""

from __future__ import annotations

from sim.compiled import compiled
from sim.elementary import exp
from sim.model.lanes import where


@compiled
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)) without overflow."""
    e = exp(-abs(x))
    return where(x >= 0.0, 1.0, e) / (1.0 + e)
