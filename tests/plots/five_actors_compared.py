"""A comparison that the tests of several figures draw: a toy, a change of it with a long name, and the baselines."""

from __future__ import annotations

from functools import lru_cache

import sim

LONG = "A neighbour that pauses whenever it likes, and a settlement that comes sooner than anybody thought"


@lru_cache(maxsize=1)
def five_actors_compared() -> sim.Comparison:
    """Run it once for all tests of a process."""
    toy = sim.load("toys/five_actors")
    sooner = toy.replace({"deal.outcomes.settlement.per_day": 0.01})
    return sim.compare([toy, sooner], runs=80, seed=5, names=["as it is", LONG])
