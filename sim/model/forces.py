"""Armed forces: their kinds and their owners."""

from __future__ import annotations

from typing import Final

from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.scenario.catalogue import MAX_FORCES

INSURGENT: Final = 0
REGULAR: Final = 1
OUTSIDE: Final = 2


class ForceParams(Part):
    """What a force is."""

    kind: Integers = i8(MAX_FORCES)
    owner: Integers = i8(MAX_FORCES)  # -1 for an outside force
    strength_start: Numbers = f8(MAX_FORCES, unit="thousand")
