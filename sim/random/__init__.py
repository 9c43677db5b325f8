"""Addressed random numbers and samplers by inversion: the luck of a run is looked up, never drawn in sequence.

Every uniform has an address (seed, replication, cause, entity, occasion, draw), so that a changed rate or an added
event shifts no other number, and scenarios with one seed share their luck. Compiled code imports the modules directly
(``from sim.random.stream import uniform``, ``from sim.random.poisson import poisson``); the names below are for Python
callers and are imported when first used (PEP 562), so that ``import sim.random`` loads no compiler. Samplers are not
among them: each has the name of its module.

Examples
--------
>>> import sim.random
>>> sim.random.check_seed(7)
7
"""

from __future__ import annotations

import importlib
from typing import Any

# One line a public name: the name, and the module of this package that defines it.
_EXPORTS: dict[str, str] = {
    "check_replication": "seed",
    "check_seed": "seed",
    "philox4x32": "philox",
    "signed_seed": "seed",
    "subseed": "stream",
    "uniform": "stream",
}

__all__ = sorted(_EXPORTS)


def __getattr__(name: str) -> Any:
    """Import the module that defines `name` and keep the attribute."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *_EXPORTS})
