"""Call a function by its address, so that a rule chosen at run time costs nanoseconds and compiles nothing.

Numba passes first-class functions from Python at over 100 microseconds a call (measured), and a tuple of them makes its
length part of the caller's type. An address is one integer: it sits in an array, its type never changes, and the callee
was compiled alone. `address_of` compiles a function for one fixed signature and returns its address; `call_function`
calls it from compiled code. With ``NUMBA_DISABLE_JIT=1`` the "address" is a place in a list of Python functions.

A compiled callee that raises cannot pass the exception on: it prints it and returns early, which the caller must be
able to see in the buffers (it fills them with NaN before the call).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir
from numba.extending import intrinsic

from sim.compiled import cfunc, config, decorate_cached, makes_arrays

_interpreted: list[Callable[..., Any]] = []
_addresses: dict[Callable[..., Any], int] = {}
_kept: list[Any] = []
_lock = threading.Lock()


def address_of(function: Callable[..., Any], signature: Any) -> int:
    """Return the number by which compiled code calls a function.

    Parameters
    ----------
    function : callable
        Plain Python in the subset that Numba compiles; compiled on the first request of a process or read from the
        cache.
    signature : numba signature
        Types of its arguments; it returns nothing or a float.

    Returns
    -------
    int
        An address in this process (or a place in the list of interpreted functions): never store it.
    """
    if function in _addresses:
        return _addresses[function]
    with _lock:
        if function not in _addresses:
            if config.DISABLE_JIT:
                _interpreted.append(function)
                _addresses[function] = len(_interpreted) - 1
            else:
                pointer = decorate_cached(
                    function,
                    lambda f, keep: cfunc(signature, cache=keep, error_model="numpy", _nrt=makes_arrays(f))(f),
                )
                _kept.append(pointer)
                _addresses[function] = int(pointer.address)
    return _addresses[function]


if config.DISABLE_JIT:

    def call_function(address: int, *arguments: Any) -> None:
        """Call the interpreted function of this number."""
        _interpreted[address](*arguments)

    def call_for_number(address: int, *arguments: Any) -> float:
        """Call the interpreted function of this number and return its float."""
        return float(_interpreted[address](*arguments))

else:

    def _call(returned: Any, kind: ir.Type, arguments: Any) -> Any:
        """Return the typing and the code of a call that returns nothing or a float."""
        types = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], tuple) else arguments

        def codegen(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            packed = signature.args[1]
            unpacked = [builder.extract_value(values[1], i) for i in range(len(packed.types))]
            callee = ir.FunctionType(kind, [context.get_value_type(t) for t in packed.types])
            result = builder.call(builder.inttoptr(values[0], callee.as_pointer()), unpacked)
            return context.get_dummy_value() if returned == numba.types.void else result

        packed_type: Any = numba.types.StarArgTuple
        return returned(numba.types.int64, packed_type(types)), codegen

    @intrinsic
    def call_function(typingctx: Any, address: Any, *arguments: Any) -> Any:  # noqa: ARG001 - numba names the first
        """Call the compiled function at this address; the arguments must have its signature's types."""
        return _call(numba.types.void, ir.VoidType(), arguments)

    @intrinsic
    def call_for_number(typingctx: Any, address: Any, *arguments: Any) -> Any:  # noqa: ARG001 - numba names the first
        """Call the compiled function at this address, which returns a float."""
        return _call(numba.types.float64, ir.DoubleType(), arguments)
