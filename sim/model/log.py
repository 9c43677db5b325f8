"""What happened, as numbers: the buffer that a dispatch writes events to (`sim.scenario.events` describes their kinds).

The buffer is a structured array whose first row's `kind` counts the rows used; a buffer of one row logs nothing. The
event engine reads it after each dispatch; the batch engine passes one of one row.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from sim.compiled import compiled
from sim.model.record import Part, Rows, f8, i4, lay_out


class LogRow(Part):
    """An event: when, of which kind, about whom, with which number."""

    tick: int = i4(unit="ticks")
    kind: int = i4()  # in the first row of a buffer: the number of rows used
    entity: int = i4()
    other: int = i4()
    value: float = f8()


LOG: Final = lay_out(LogRow)
LOG_ROWS: Final = 129
Log: TypeAlias = Rows[LogRow]


@compiled
def record_event(log: Log, tick: int, kind: int, entity: int, other: int, value: float) -> None:
    """Append an event to a log buffer, unless the buffer logs nothing or is full."""
    if log.shape[0] <= 1:
        return
    row = log[0].kind + 1
    if row >= log.shape[0]:
        return
    log[0].kind = row
    log[row].tick = tick
    log[row].kind = kind
    log[row].entity = entity
    log[row].other = other
    log[row].value = value
