"""The signatures by which the kernel's two large functions are called through their addresses (`sim.function_pointer`).

Those of rules, payoff models and features are in `sim.rules.signatures`.
"""

from __future__ import annotations

from typing import Any, Final

import numba

from sim.kernel.decision import DECISION_RECORD
from sim.model.log import LOG
from sim.rules.signatures import INT, MATRIX, NOTHING, PARAMETERS, VECTOR, WORLD

_log = numba.types.Array(numba.from_dtype(LOG), 1, "C")

BEGIN: Final[Any] = NOTHING(WORLD, PARAMETERS, VECTOR, INT, INT)
"""`sim.kernel.begin.begin`: state, params, tables, seed, replication."""
DISPATCH: Final[Any] = NOTHING(
    WORLD, PARAMETERS, VECTOR, INT, numba.from_dtype(DECISION_RECORD), MATRIX, _log, MATRIX, MATRIX
)
"""`sim.kernel.dispatch.dispatch`: state, params, tables, clock, decision, work, log, series, ledger."""
