"""What happened, as numbers: the kinds of logged events and the buffer that a dispatch writes them to.

The buffer is a structured array whose first row's `kind` counts the rows used; a buffer of one row logs nothing. The
event engine reads it after each dispatch; the batch engine passes one of one row.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sim.compiled import compiled
from sim.rules.columns import COLUMNS
from sim.scenario.catalogue import MAX_MOVES

RELEASE: Final = 1
COMMANDERS_FREED: Final = 2
PROGRAMME_DONE: Final = 3
DISPUTE_OPENS: Final = 4
DISPUTE_ENDS: Final = 5
OFFICE_CLAIMED_TWICE: Final = 6
OFFICE_RESOLVED: Final = 7
THREAT_EXECUTED: Final = 8
TALKS_OPENED: Final = 9
TALKS_BROKE_DOWN: Final = 10
OUTCOME: Final = 11
MASS_CASUALTY: Final = 12
PLEDGE_BROKEN: Final = 13
WITHDRAWAL_STEP: Final = 14
WAYPOINT: Final = 15
MOVE: Final = 16
DECISION: Final = 17
SHOCK: Final = 18
REPUTATION: Final = 19
RECALL: Final = 20
PREPARATION: Final = 21

EVENT_NAMES: Final[dict[int, str]] = {
    RELEASE: "release",
    COMMANDERS_FREED: "commanders_freed",
    PROGRAMME_DONE: "programme_done",
    DISPUTE_OPENS: "dispute_opens",
    DISPUTE_ENDS: "dispute_ends",
    OFFICE_CLAIMED_TWICE: "office_claimed_twice",
    OFFICE_RESOLVED: "office_resolved",
    THREAT_EXECUTED: "threat_executed",
    TALKS_OPENED: "talks_opened",
    TALKS_BROKE_DOWN: "talks_broke_down",
    OUTCOME: "outcome",
    MASS_CASUALTY: "mass_casualty",
    PLEDGE_BROKEN: "pledge_broken",
    WITHDRAWAL_STEP: "withdrawal_step",
    WAYPOINT: "waypoint",
    MOVE: "move",
    DECISION: "decision",
    SHOCK: "shock",
    REPUTATION: "reputation",
    RECALL: "recall",
    PREPARATION: "preparation",
}

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
