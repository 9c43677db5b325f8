"""Rules in plain Python that Numba does not compile: called from compiled code through the interpreter.

The kernel calls every rule by an address. For a function that does not compile, the address is that of a small compiled
*bridge* which takes the interpreter's lock, calls the function and comes back. The function gets State and Params as
copies (NumPy records with named fields); what it may change are the buffers that it fills and its own row of
``state.memory``, which the bridge copies back. A call costs some 50 microseconds (measured) against under 0.1 compiled.

Compiled code cannot pass an exception on. The bridge keeps it and leaves NaN in the buffers, so the kernel stops that
run with the actor's name, and the event engine raises with the exception as its cause (`take_failure`).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import numba
from numba import objmode

from sim.compiled import config

_failures = threading.local()


def take_failure() -> BaseException | None:
    """Return the last exception that an interpreted rule of this thread raised, and forget it."""
    failure: BaseException | None = getattr(_failures, "last", None)
    _failures.last = None
    return failure


def guarded(kind: str, function: Callable[..., object]) -> Callable[..., Any]:
    """Return a function of the same signature that raises nothing: on failure its buffers hold NaN.

    Parameters
    ----------
    kind : {"valuation", "response", "payoff_model"}
        Which of the arguments are buffers.
    function : callable
        With the fixed signature of its kind.

    Returns
    -------
    callable
        Returns the memory of the state that it was given; None for a payoff model.
    """
    if kind == "payoff_model":

        def payoff_model(features: Any, weights: Any, parameters: Any, count: int, terms: Any) -> None:
            try:
                function(features, weights, parameters, count, terms)
            except BaseException as error:
                _failures.last = error
                terms[:count] = math.nan

        return payoff_model
    if kind == "response":

        def response(values: Any, state: Any, params: Any, tables: Any, actor: int, probabilities: Any) -> Any:
            try:
                function(values, state, params, tables, actor, probabilities)
            except BaseException as error:
                _failures.last = error
                probabilities[:] = math.nan
            return state.memory

        return response

    def valuation(state: Any, params: Any, tables: Any, actor: int, values: Any, terms: Any) -> Any:
        try:
            function(state, params, tables, actor, values, terms)
        except BaseException as error:
            _failures.last = error
            values[values != -math.inf] = math.nan
        return state.memory

    return valuation


def bridge(kind: str, function: Callable[..., object]) -> Callable[..., Any]:
    """Return a compilable function of the same signature that calls a Python function.

    Parameters
    ----------
    kind : {"valuation", "response", "payoff_model"}
        Which signature.
    function : callable
        Any callable.
    """
    call = guarded(kind, function)
    if config.DISABLE_JIT:
        return call
    if kind == "payoff_model":

        @numba.njit
        def cross_payoff(x: Any, w: Any, numbers: Any, n: int, out: Any) -> None:
            with objmode():
                call(x, w, numbers, n, out)

        def payoff_model(x: Any, w: Any, numbers: Any, n: int, out: Any) -> None:
            cross_payoff(x, w, numbers, n, out)

        return payoff_model
    if kind == "response":

        @numba.njit
        def cross_response(worth: Any, world: Any, numbers: Any, lists: Any, row: int, out: Any) -> None:
            with objmode(memory="float64[:, ::1]"):
                memory = call(worth, world, numbers, lists, row, out)
            for place in range(memory.shape[1]):
                world.memory[row, place] = memory[row, place]

        def response(worth: Any, world: Any, numbers: Any, lists: Any, row: int, out: Any) -> None:
            cross_response(worth, world, numbers, lists, row, out)

        return response

    @numba.njit
    def cross_valuation(world: Any, numbers: Any, lists: Any, row: int, worth: Any, parts: Any) -> None:
        with objmode(memory="float64[:, ::1]"):
            memory = call(world, numbers, lists, row, worth, parts)
        for place in range(memory.shape[1]):
            world.memory[row, place] = memory[row, place]

    def valuation(world: Any, numbers: Any, lists: Any, row: int, worth: Any, parts: Any) -> None:
        cross_valuation(world, numbers, lists, row, worth, parts)

    return valuation
