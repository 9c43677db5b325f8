"""The registry of valuations, responses and payoff models, and their binding to one process's compiled code.

A scenario names a rule; Params holds its number, which is its place here; an engine *binds* Params before it runs: it
writes the addresses of the functions that are really used, compiling those that were not yet. Adding a rule touches one
new file and one line here; a user's rule is registered from Python and gets the next number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import numba
import numpy as np
from numba.core.errors import NumbaError, UnsupportedBytecodeError
from numpy.typing import NDArray

from sim.compiled import config
from sim.errors import UsageError
from sim.function_pointer import address_of
from sim.model.features import read_feature
from sim.model.payoff_models import cobb_douglas, power, prospect
from sim.model.payoff_models.linear import linear
from sim.model.rule_parameter import Parameter, declared
from sim.rules.interpreted import bridge
from sim.rules.registration import Registration
from sim.rules.response import reciprocal
from sim.rules.response.argmax import argmax
from sim.rules.response.logit import logit
from sim.rules.response.schedule_as_written import schedule_as_written
from sim.rules.response.scripted import scripted
from sim.rules.response.uniform import uniform
from sim.rules.signatures import FEATURE, PAYOFF_MODEL, RESPONSE, VALUATION
from sim.rules.valuation import ewa, fictitious_play
from sim.rules.valuation.drift import drift
from sim.rules.valuation.none import none
from sim.scenario.rule_names import Kind, register_names

SIGNATURES: dict[str, Any] = {"valuation": VALUATION, "response": RESPONSE, "payoff_model": PAYOFF_MODEL}
FIELDS: dict[str, tuple[str, str]] = {
    "valuation": ("valuation", "valuation_address"),
    "response": ("response", "response_address"),
    "payoff_model": ("payoff_model", "payoff_address"),
}
"""For each kind the fields of Params that hold its number and its address."""
SECTIONS: dict[str, Kind] = {"valuation": "valuation", "response": "response", "payoff_model": "payoff"}
"""For each kind what scenario files call it."""

REGISTRY: dict[str, dict[str, Registration]] = {
    "valuation": {
        "none": Registration(none),
        "drift": Registration(drift),
        "ewa": Registration(ewa.ewa, ewa.PARAMETERS),
        "fictitious_play": Registration(fictitious_play.fictitious_play, fictitious_play.PARAMETERS),
    },
    "response": {
        "argmax": Registration(argmax),
        "logit": Registration(logit),
        "uniform": Registration(uniform),
        "scripted": Registration(scripted),
        "schedule_as_written": Registration(schedule_as_written),
        "reciprocal": Registration(reciprocal.reciprocal, reciprocal.PARAMETERS),
    },
    "payoff_model": {
        "linear": Registration(linear),
        "power": Registration(power.power, power.PARAMETERS),
        "prospect": Registration(prospect.prospect, prospect.PARAMETERS),
        "cobb_douglas": Registration(cobb_douglas.cobb_douglas, cobb_douglas.PARAMETERS),
    },
}
_JIT_IS_OFF = bool(config.DISABLE_JIT)
_interpreted: dict[Callable[..., object], int] = {}
_compiled: dict[Callable[..., object], int] = {}
_kept: list[Any] = []


def register(
    kind: str,
    name: str,
    function: Callable[..., object],
    parameters: Mapping[str, float] | Sequence[Parameter] = (),
) -> None:
    """Register a user's function under a name that scenarios can use.

    A function in the subset of Python that Numba compiles runs at full speed in both engines. Any other runs in the
    interpreter: in the event engine, and in `sim.replicate` on worker processes.

    Parameters
    ----------
    kind : {"valuation", "response", "payoff_model"}
        What it is; its signature is that of `sim.rules` or `sim.model.payoff`.
    name : str
        As written in scenarios; a name that another function has is refused.
    function : callable
        Fills its last argument (a valuation its last two) and may keep numbers in ``state.memory[actor]``.
    parameters : mapping of str to float, or sequence of Parameter
        Names and defaults of its parameters, in the order in which it reads them from
        ``params.valuation_parameters[actor]``, ``params.response_parameters[actor]`` or, a payoff model, `parameters`.

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
    >>> "stubborn" in REGISTRY["response"]
    True
    """
    if kind not in REGISTRY:
        raise UsageError(f"kind {kind!r} is none of {', '.join(REGISTRY)}")
    if not callable(function):
        raise UsageError(
            f"function: found {type(function).__name__}, expected a callable with the signature of a {kind}"
        )
    entry = Registration(function, declared(parameters))
    known = REGISTRY[kind].get(name)
    if known is not None and known != entry:
        raise UsageError(f"the {kind} {name!r} exists already; choose another name")
    register_names(SECTIONS[kind], name)
    REGISTRY[kind][name] = entry


def number_of(kind: str, name: str) -> int:
    """Return the number of a registered function.

    Raises
    ------
    UsageError
        If no function of that kind has the name.
    """
    names = list(REGISTRY[kind])
    if name not in names:
        raise UsageError(f"no {kind} is called {name!r}; there are: {', '.join(names)}")
    return names.index(name)


def address(kind: str, name: str) -> int:
    """Return the number by which this process's compiled code calls a registered function.

    Built-in functions are compiled or read from the cache. A user's function is compiled anew in each process, since no
    cache sees an edit of what it calls; one that does not compile is called through the interpreter.
    """
    function = REGISTRY[kind][name].function
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


def _bridge_address(kind: str, function: Callable[..., object]) -> int:
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
        names = list(REGISTRY[kind])
        for number in np.unique(bound[field]):
            bound[target][bound[field] == number] = address(kind, names[int(number)])
    return bound


def interpreted_rules(params: NDArray[np.record]) -> tuple[str, ...]:
    """List the functions of bound parameters that run in the interpreter, such as ``response stubborn``.

    Parameters
    ----------
    params : ndarray of PARAMS, shape (n,)
        As `bind` returns them.
    """
    found = []
    for kind, (field, _) in FIELDS.items():
        names = list(REGISTRY[kind])
        rows = np.arange(params[field].shape[1]) < params["actors"][:, None]
        for number in np.unique(params[field][rows]):
            if REGISTRY[kind][names[int(number)]].function in _interpreted:
                found.append(f"{kind} {names[int(number)]}")
    return tuple(found)
