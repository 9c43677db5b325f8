"""Armed forces: their kinds and their owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.scenario.catalogue import MAX_FORCES

if TYPE_CHECKING:
    from sim.model.layout import Params

INSURGENT: Final = 0
REGULAR: Final = 1
OUTSIDE: Final = 2


class ForceParams(Part):
    """What a force is."""

    kind: Integers = i8(MAX_FORCES)
    owner: Integers = i8(MAX_FORCES)  # -1 for an outside force
    strength_start: Numbers = f8(MAX_FORCES, unit="thousand")


@compiled
def thousand_each(params: Params, force: int) -> float:
    """Return the fighters (thousand) of one unit of a force's strength, which of a regular force is an index."""
    return params.strength_start[force] if params.kind[force] == REGULAR else 1.0
