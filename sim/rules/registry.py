"""The functions of valuations, responses and payoff models, and their binding to one process's compiled code.

A scenario names a rule; Params holds its number (`sim.scenario.named_functions`); an engine *binds* Params before it
runs: it writes the addresses of the functions that are really used, importing and compiling those that were not yet. A
user's rule is registered from Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import FunctionType
from typing import Any, Final

import numba
import numpy as np
from numba.core.errors import NumbaError, UnsupportedBytecodeError
from numpy.typing import NDArray

from sim.compiled import config
from sim.errors import UsageError
from sim.function_pointer import address_of
from sim.model.features import read_feature
from sim.model.rule_parameter import Parameter, declared
from sim.rules.interpreted import bridge
from sim.rules.registration import Registration
from sim.rules.signatures import FEATURE, PAYOFF_MODEL, RESPONSE, VALUATION
from sim.scenario.catalogue import MAX_ACTORS
from sim.scenario.named_functions import (
    BUILT_IN,
    Kind,
    NamedFunction,
    Need,
    function_named,
    functions,
    names,
    register_function,
)

SIGNATURES: Final[dict[Kind, Any]] = {"valuation": VALUATION, "response": RESPONSE, "payoff_model": PAYOFF_MODEL}
FIELDS: Final[dict[Kind, tuple[str, str]]] = {
    "valuation": ("valuation", "valuation_address"),
    "response": ("response", "response_address"),
    "payoff_model": ("payoff_model", "payoff_address"),
}
"""For each kind the fields of Params that hold its number and its address."""

REGISTERED: Final[dict[tuple[Kind, str], Registration]] = {}
"""The functions that users registered, by kind and name."""

_JIT_IS_OFF = bool(config.DISABLE_JIT)
_interpreted: dict[Callable[..., object], int] = {}
_compiled: dict[Callable[..., object], int] = {}
_kept: list[Any] = []


def register(
    kind: Kind,
    name: str,
    function: Callable[..., object],
    parameters: Mapping[str, float] | Sequence[Parameter] = (),
    *,
    words: str = "",
    needs: Sequence[Need] = (),
) -> None:
    """Register a user's function under a name that scenarios can use.

    A function in the subset of Python that Numba compiles runs at full speed in both engines. Any other runs in the
    interpreter: in the event engine, and in `sim.replicate` on worker processes.

    Parameters
    ----------
    kind : {"valuation", "response", "payoff_model"}
        What it is; its signature is that of `sim.rules` or `sim.model.payoffs`.
    name : str
        As written in scenarios; a name that another function has is refused.
    function : callable
        Fills its last argument (a valuation its last two) and may keep numbers in ``state.memory[actor]``.
    parameters : mapping of str to float, or sequence of Parameter
        Names and defaults of its parameters, in the order in which it reads them from
        ``params.valuation_parameters[state.profile[actor]]``, ``params.response_parameters[state.profile[actor]]`` or,
        a payoff model, `parameters`.
    words : str
        What it does, for explanations, such as "takes the move that stands" of a response.
    needs : sequence of str
        What an actor that uses it must declare: ``valuation``, ``lam_per_util``, ``horizon_days``, ``keeps_deal``,
        ``answers_breach``.

    Raises
    ------
    UsageError
        If the kind is unknown, the name is taken by another function or is no identifier, or there are too many
        parameters.

    Examples
    --------
    >>> def stubborn(values, state, params, tables, actor, probabilities):
    ...     probabilities[:] = 0.0
    ...     probabilities[state.standing[actor]] = 1.0
    >>> register("response", "stubborn", stubborn)
    >>> registration("response", "stubborn").function is stubborn
    True
    """
    if kind not in BUILT_IN:
        raise UsageError(f"kind {kind!r} is none of {', '.join(BUILT_IN)}")
    if not callable(function):
        raise UsageError(
            f"function: found {type(function).__name__}, expected a callable with the signature of a {kind}"
        )
    entry = Registration(function, declared(parameters))
    if any(known.name == name for known in BUILT_IN[kind]) or REGISTERED.get((kind, name), entry) != entry:
        raise UsageError(f"the {kind} {name!r} exists already; choose another name")
    register_function(kind, name, words, tuple(needs))
    REGISTERED[kind, name] = entry


def is_registered(kind: Kind, name: str) -> bool:
    """Return whether this process has a function of a name: a scenario may come from one that had more."""
    return name in names(kind) and (bool(function_named(kind, name).package) or (kind, name) in REGISTERED)


def registration(kind: Kind, name: str) -> Registration:
    """Return a function and its parameters; a built-in one is imported when it is first asked for.

    Raises
    ------
    UsageError
        If this process has no function of that kind and name.
    """
    if (kind, name) in REGISTERED:
        return REGISTERED[kind, name]
    if not is_registered(kind, name):
        raise UsageError(f"no {kind} is called {name!r}; there are: {', '.join(names(kind))}")
    return _built_in(function_named(kind, name))


@cache
def _built_in(described: NamedFunction) -> Registration:
    module_name, _, function_name = described.target.partition(":")
    module = import_module(module_name)
    return Registration(getattr(module, function_name), getattr(module, "PARAMETERS", ()))


def number_of(kind: Kind, name: str) -> int:
    """Return the number by which Params names a function.

    Raises
    ------
    UsageError
        If no function of that kind has the name.
    """
    return function_named(kind, name).number


def address(kind: Kind, name: str) -> int:
    """Return the number by which this process's compiled code calls a registered function.

    Built-in functions are compiled or read from the cache. A user's function is compiled anew in each process, since no
    cache sees an edit of what it calls; one that does not compile is called through the interpreter.
    """
    function = registration(kind, name).function
    plain = getattr(function, "py_func", function)
    if str(getattr(plain, "__module__", "")).startswith("sim."):
        return address_of(plain, SIGNATURES[kind])
    if function not in _compiled and function not in _interpreted:
        if isinstance(plain, FunctionType) and not _JIT_IS_OFF:
            try:
                pointer = numba.cfunc(SIGNATURES[kind], error_model="numpy")(plain)
            except (
                NumbaError,
                UnsupportedBytecodeError,
            ):  # an import inside, say, is the latter, which is no NumbaError
                _interpreted[function] = _bridge_address(kind, function)
            else:
                _kept.append(pointer)
                _compiled[function] = int(pointer.address or 0)
        else:
            _interpreted[function] = _bridge_address(kind, function)
    return _compiled.get(function, _interpreted.get(function, -1))


def _bridge_address(kind: Kind, function: Callable[..., object]) -> int:
    crossing = bridge(kind, function)
    if _JIT_IS_OFF:
        return address_of(crossing, SIGNATURES[kind])
    pointer = numba.cfunc(SIGNATURES[kind], error_model="numpy")(crossing)
    _kept.append(pointer)
    return int(pointer.address or 0)


def bind(params: NDArray[np.record]) -> NDArray[np.record]:
    """Return a copy of encoded parameters with the addresses of this process's functions.

    Parameters
    ----------
    params : ndarray of PARAMS, shape (n,)
        As encoded; not changed.
    """
    bound = params.copy()
    bound["feature_address"] = address_of(read_feature, FEATURE)
    if (bound["valuation"] != number_of("valuation", "none")).any():
        bound["drift_address"] = address("valuation", "drift")
    for kind, (field, target) in FIELDS.items():
        used = set(np.unique(bound[field]).tolist())
        for function in functions(kind):
            if function.number in used:
                bound[target][bound[field] == function.number] = address(kind, function.name)
    return bound


def interpreted_rules(params: NDArray[np.record]) -> tuple[str, ...]:
    """List the functions of bound parameters that run in the interpreter, such as ``response stubborn``.

    Parameters
    ----------
    params : ndarray of PARAMS, shape (n,)
        As `bind` returns them.
    """
    interpreted = []
    for kind, (field, _) in FIELDS.items():
        row = np.arange(params[field].shape[1])  # of actors, or of profiles, which go on behind them
        further = (row >= MAX_ACTORS) & (row < MAX_ACTORS + params["profiles"][:, None])
        rows = (row < params["actors"][:, None]) | further
        used = set(np.unique(params[field][rows]).tolist())
        for function in sorted(functions(kind), key=lambda f: f.number):
            if function.number in used and registration(kind, function.name).function in _interpreted:
                interpreted.append(f"{kind} {function.name}")
    return tuple(interpreted)
