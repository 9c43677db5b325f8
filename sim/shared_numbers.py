"""Read a large array by its address, so that all worlds of a process share it and no record copies it.

Params are copied for every scenario and for every rollout, and compiled signatures are fixed. An array that is large
and the same for all runs, such as the coefficients of a policy, therefore stays where it is: `share` returns one
integer that a field of Params holds, and `number_at` reads an element from compiled code. With ``NUMBA_DISABLE_JIT=1``
the "address" is a place in a list of arrays.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.compiled import config
from sim.errors import UsageError

_shared: dict[str, tuple[int, NDArray[np.float64]]] = {}
_interpreted: list[NDArray[np.float64]] = []
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class SharedNumbers:
    """A vector of numbers that is kept once in a process; equal vectors are equal.

    Attributes
    ----------
    digest : str
        SHA-256 over its bytes, 64 hex digits.
    numbers : ndarray of float64, shape (n,)
        Read-only.

    Examples
    --------
    >>> SharedNumbers.of([0.0, 1.5]) == SharedNumbers.of([0.0, 1.5])
    True
    """

    digest: str
    numbers: NDArray[np.float64] = field(repr=False, compare=False)

    @classmethod
    def of(cls, numbers: Any) -> SharedNumbers:
        """Keep a copy of a vector.

        Raises
        ------
        UsageError
            If it is no vector of finite numbers.
        """
        kept = np.array(numbers, dtype=np.float64, order="C")
        if kept.ndim != 1 or not np.isfinite(kept).all():
            raise UsageError(f"numbers: found an array of shape {kept.shape}, expected a vector of finite numbers")
        kept.flags.writeable = False
        return cls(hashlib.sha256(kept.tobytes()).hexdigest(), kept)

    @property
    def address(self) -> int:
        """The integer by which `number_at` finds it, in this process: never store it."""
        with _lock:
            if self.digest not in _shared:
                _interpreted.append(self.numbers)
                place = len(_interpreted) - 1 if config.DISABLE_JIT else self.numbers.ctypes.data
                _shared[self.digest] = (int(place), self.numbers)
            return _shared[self.digest][0]


if config.DISABLE_JIT:

    def number_at(address: int, place: int) -> float:
        """Return an element of a shared vector."""
        return float(_interpreted[address][place])

else:

    @intrinsic
    def number_at(typingctx: Any, address: Any, place: Any) -> Any:  # noqa: ARG001 - numba names the first
        """Return an element of a shared vector; nothing checks that the place lies within it."""

        def codegen(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ARG001 - fixed
            start = builder.inttoptr(values[0], ir.DoubleType().as_pointer())
            return builder.load(builder.gep(start, [values[1]]))

        return numba.types.float64(numba.types.int64, numba.types.int64), codegen
