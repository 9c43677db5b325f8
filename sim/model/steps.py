"""Lengths of steps: rows of the tables of what is left of things that relax at fixed rates.

Sampled worlds step by one tick, reputations are reviewed at their own interval, mean paths step by days to weeks. Only
so many lengths occur in a scenario, so what an exponential would give for each of them is worked out once
(`sim.encode.derived`): a table ``kept_...[length, entity]`` in the part of the mechanism that it belongs to.
"""

from __future__ import annotations

from typing import Final

from sim.model.record import Numbers, Part, f8
from sim.scenario.catalogue import MAX_ACTORS, MAX_PATH_STEPS

TICK_LENGTH: Final = 0  # one tick: the sampled step
REVIEW_LENGTH: Final = 1  # from one reputation review to the next
PATH_LENGTHS: Final = 2  # the first of those on mean paths
LENGTHS: Final = PATH_LENGTHS + MAX_ACTORS * MAX_PATH_STEPS


class StepParams(Part):
    """The lengths that occur."""

    length_days: Numbers = f8(LENGTHS, unit="days")
