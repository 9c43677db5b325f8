"""The signatures by which compiled code calls rules, payoff models and features through their addresses.

Each is stated here once; who sets and who calls each address is in the table of ``docs/architecture.md``.
"""

from __future__ import annotations

from typing import Any, Final

import numba

from sim.model.layout import PARAMS, STATE

WORLD: Final[Any] = numba.from_dtype(STATE)
PARAMETERS: Final[Any] = numba.from_dtype(PARAMS)
INT: Final[Any] = numba.types.int64
VECTOR: Final[Any] = numba.types.float64[::1]
MATRIX: Final[Any] = numba.types.float64[:, ::1]
NOTHING: Final[Any] = numba.types.void

VALUATION: Final[Any] = NOTHING(WORLD, PARAMETERS, VECTOR, INT, VECTOR, MATRIX)
"""state, params, tables, actor, values, terms."""
RESPONSE: Final[Any] = NOTHING(VECTOR, WORLD, PARAMETERS, VECTOR, INT, VECTOR)
"""values, state, params, tables, actor, probabilities."""
PAYOFF_MODEL: Final[Any] = NOTHING(VECTOR, VECTOR, VECTOR, INT, VECTOR)
"""features, weights, parameters, count, terms."""
FEATURE: Final[Any] = numba.types.float64(WORLD, PARAMETERS, INT, INT, INT)
"""state, params, code, first entity, second entity; returns the feature's value."""
