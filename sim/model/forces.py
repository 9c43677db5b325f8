"""Armed forces: their kinds, their owners, and whom they attack.

What one force does to one of its targets is a *stream* of attacks with a row of its own; a force that declares no
targets has one. Streams stand in the order of forces, and of targets within a force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.scenario.catalogue import MAX_FORCES, MAX_STREAMS

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
    streams: int = i8()
    first_stream: Integers = i8(MAX_FORCES + 1)  # of each force, and where those of the last one end
    stream_force: Integers = i8(MAX_STREAMS)
    stream_target: Integers = i8(MAX_STREAMS)  # row of the target's name; -1 for the one target of a force
    stream_luck: Integers = i8(MAX_STREAMS)  # entity in addresses of luck: for the first target that of the force
    rival: Integers = i8(MAX_STREAMS)  # the force whose fighters it kills; -1 for none


@compiled
def thousand_each(params: Params, force: int) -> float:
    """Return the fighters (thousand) of one unit of a force's strength, which of a regular force is an index."""
    return params.strength_start[force] if params.kind[force] == REGULAR else 1.0
