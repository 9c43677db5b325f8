"""The run itself: where its luck is addressed, where it stands, how many of everything there is."""

from __future__ import annotations

from typing import Final

from sim.model.record import Part, f8, i4, i8

NEVER: Final = 1 << 30
"""A tick that never comes; small enough that sums with it stay in 32 bits."""

RUNS: Final = 0
ENDED: Final = 1
FAILED: Final = 2


class WorldState(Part):
    """A run's address, its present tick and its status."""

    seed: int = i8()
    replication: int = i8()
    tick: int = i4(unit="ticks")
    status: int = i4()  # RUNS, ENDED or FAILED
    failed_actor: int = i4()  # whose values were not finite; -1 for the world itself


class WorldParams(Part):
    """Numbers of entities, the horizon and the length of a tick."""

    actors: int = i8()
    forces: int = i8()
    groups: int = i8()
    foreign: int = i8()
    flows: int = i8()
    offices: int = i8()
    horizon_tick: int = i8(unit="ticks")
    dt: float = f8(unit="days per tick")
    start_day_of_year: float = f8(unit="days")
