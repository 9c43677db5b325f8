"""What happened, as numbers: the buffer that a dispatch writes events to (`sim.scenario.events` describes their kinds).

The buffer is a structured array whose first row's `kind` counts the rows used; a buffer of one row logs nothing. The
event engine reads it after each dispatch; the batch engine passes one of one row.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sim.compiled import compiled
from sim.rules.columns import COLUMNS
from sim.scenario.catalogue import MAX_MOVES
from sim.scenario.events import COMMANDERS_FREED as COMMANDERS_FREED
from sim.scenario.events import DECISION as DECISION
from sim.scenario.events import DISPUTE_ENDS as DISPUTE_ENDS
from sim.scenario.events import DISPUTE_OPENS as DISPUTE_OPENS
from sim.scenario.events import MASS_CASUALTY as MASS_CASUALTY
from sim.scenario.events import MOVE as MOVE
from sim.scenario.events import OFFICE_CLAIMED_TWICE as OFFICE_CLAIMED_TWICE
from sim.scenario.events import OFFICE_RESOLVED as OFFICE_RESOLVED
from sim.scenario.events import OUTCOME as OUTCOME
from sim.scenario.events import PLEDGE_BROKEN as PLEDGE_BROKEN
from sim.scenario.events import PREPARATION as PREPARATION
from sim.scenario.events import PROGRAMME_DONE as PROGRAMME_DONE
from sim.scenario.events import RECALL as RECALL
from sim.scenario.events import RELEASE as RELEASE
from sim.scenario.events import REPUTATION as REPUTATION
from sim.scenario.events import SHOCK as SHOCK
from sim.scenario.events import TALKS_BROKE_DOWN as TALKS_BROKE_DOWN
from sim.scenario.events import TALKS_OPENED as TALKS_OPENED
from sim.scenario.events import THREAT_EXECUTED as THREAT_EXECUTED
from sim.scenario.events import WAYPOINT as WAYPOINT
from sim.scenario.events import WITHDRAWAL_STEP as WITHDRAWAL_STEP

LOG: Final[np.dtype[Any]] = np.dtype(
    (
        np.record,
        np.dtype(
            [("tick", np.int32), ("kind", np.int32), ("entity", np.int32), ("other", np.int32), ("value", np.float64)],
            align=True,
        ),
    )
)
LOG_ROWS: Final = 129

DECISION_RECORD: Final[np.dtype[Any]] = np.dtype(
    (
        np.record,
        np.dtype(
            [
                ("actor", np.int64),
                ("clock", np.int64),
                ("before", np.int64),
                ("chosen", np.int64),
                ("draw", np.float64),
                ("cost", np.float64),
                ("values", np.float64, (MAX_MOVES,)),
                ("probabilities", np.float64, (MAX_MOVES,)),
                ("terms", np.float64, (MAX_MOVES, COLUMNS)),
            ],
            align=True,
        ),
    )
)
"""The last decision: every move's value (minus infinity if illegal), terms and probability, and the draw."""


@compiled
def record_event(log: Any, tick: int, kind: int, entity: int, other: int, value: float) -> None:
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
