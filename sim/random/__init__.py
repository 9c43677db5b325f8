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

from sim.lazy import lazy_names

# One line a public name: the name, and the module of this package that defines it.
_EXPORTS: dict[str, str | None] = {
    "check_replication": "seed",
    "check_seed": "seed",
    "philox4x32": "philox",
    "signed_seed": "seed",
    "subseed": "stream",
    "uniform": "stream",
}

__all__ = sorted(_EXPORTS)
__getattr__, __dir__ = lazy_names(__name__, _EXPORTS)
