"""The registry of valuations, responses and payoff models, and their binding to one process's compiled code.

A scenario names a rule; Params holds its number, which is its place here; an engine *binds* Params before it runs: it
writes the addresses of the functions that are really used, compiling those that were not yet. Adding a rule touches one
new file and one line here; a user's rule is registered from Python and gets the next number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.function_pointer import address_of
from sim.model.features import read_feature
from sim.model.layout import PARAMS, STATE
from sim.model.payoff_models.linear import linear
from sim.rules.response.argmax import argmax
from sim.rules.response.logit import logit
from sim.rules.response.scripted import scripted
from sim.rules.response.uniform import uniform
from sim.rules.valuation.drift import drift
from sim.rules.valuation.none import none

_state, _params = numba.from_dtype(STATE), numba.from_dtype(PARAMS)
_vector, _matrix, _int = numba.types.float64[::1], numba.types.float64[:, ::1], numba.types.int64
_nothing = numba.types.void

SIGNATURES: dict[str, Any] = {
    "valuation": _nothing(_state, _params, _vector, _int, _vector, _matrix),
    "response": _nothing(_vector, _state, _params, _vector, _int, _vector),
    "payoff_model": _nothing(_vector, _vector, _vector, _int, _vector),
    "feature": numba.types.float64(_state, _params, _int, _int, _int),
}

REGISTRY: dict[str, dict[str, Callable[..., None]]] = {
    "valuation": {"none": none, "drift": drift},
    "response": {"argmax": argmax, "logit": logit, "uniform": uniform, "scripted": scripted},
    "payoff_model": {"linear": linear},
}


def register(kind: str, name: str, function: Callable[..., None]) -> None:
    """Register a user's function under a name that scenarios can use.

    Parameters
    ----------
    kind : {"valuation", "response", "payoff_model"}
        What it is; its signature is that of `sim.rules` or `sim.model.payoff`.
    name : str
        As written in scenarios; a name that exists already is refused.
    function : callable
        In the subset of Python that Numba compiles.

    Raises
    ------
    UsageError
        If the kind is unknown or the name is taken by another function.
    """
    if kind not in REGISTRY:
        raise UsageError(f"kind {kind!r} is none of {', '.join(REGISTRY)}")
    known = REGISTRY[kind].get(name)
    if known is not None and known is not function:
        raise UsageError(f"the {kind} {name!r} exists already; choose another name")
    REGISTRY[kind][name] = function


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


def bind(params: NDArray[np.record]) -> NDArray[np.record]:
    """Return a copy of encoded parameters with the addresses of this process's functions.

    Parameters
    ----------
    params : ndarray of PARAMS, shape (n,)
        As encoded; not changed.
    """
    bound = params.copy()
    bound["feature_address"] = address_of(read_feature, SIGNATURES["feature"])
    for kind, field, address in (
        ("valuation", "valuation", "valuation_address"),
        ("response", "response", "response_address"),
        ("payoff_model", "payoff_model", "payoff_address"),
    ):
        functions = list(REGISTRY[kind].values())
        for number in np.unique(bound[field]):
            bound[address][bound[field] == number] = address_of(functions[int(number)], SIGNATURES[kind])
    return bound
