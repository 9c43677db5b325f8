"""The columns of ``terms``: what the value of a move is made of.

The first `MAX_TERMS` columns are the actor's flow terms in the order of its payoff; the others follow here.
"""

from __future__ import annotations

import math
from typing import Final

from sim.scenario.catalogue import MAX_TERMS

RELEASE_COST: Final = MAX_TERMS
AT_ONCE: Final = MAX_TERMS + 1
AT_OUTCOME: Final = MAX_TERMS + 2
BEYOND_WINDOW: Final = MAX_TERMS + 3
INERTIA: Final = MAX_TERMS + 4
REMEMBERED: Final = MAX_TERMS + 5
PLAYED_AHEAD: Final = MAX_TERMS + 6
COLUMNS: Final = MAX_TERMS + 7
COLUMN_NAMES: Final[tuple[str, ...]] = (
    "release_cost",
    "at_once",
    "at_outcome",
    "beyond_window",
    "inertia",
    "remembered",
    "played_ahead",
)
"""Names of the columns from `RELEASE_COST` on."""
ILLEGAL: Final = -math.inf
"""The value of a move that may not be chosen."""
