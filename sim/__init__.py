"""Simulate, sweep and solve the implementation of phased peace deals.

One scenario file, three readers: an event engine with a full log, a batch engine at compiled speed, and (later) a
solver.

>>> import sim
>>> scenario = sim.load("doha_2020/baseline")
>>> sim.run(scenario, seed=7).outcome["outcome"] in sim.OUTCOMES
True

Names are imported when they are first used (PEP 562), so ``import sim`` loads no compiler and no plotting.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sim import games as games
    from sim import scoring as scoring
    from sim.engine.batch import Batch as Batch
    from sim.engine.batch import replicate as replicate
    from sim.engine.run import Run as Run
    from sim.engine.run import run as run
    from sim.errors import SimError as SimError
    from sim.experiments.comparison.compare import compare as compare
    from sim.experiments.comparison.comparison import Comparison as Comparison
    from sim.experiments.definition import Experiment as Experiment
    from sim.experiments.definition import load_experiment as load_experiment
    from sim.experiments.sensitivity.sensitivity import sensitivity_of as sensitivity_of
    from sim.experiments.sweep.begin import sweep as sweep
    from sim.experiments.sweep.sweep import Sweep as Sweep
    from sim.experiments.sweep.sweep import open_sweep as open_sweep
    from sim.experiments.tipping_point import tipping_point as tipping_point
    from sim.rules.registry import register as register
    from sim.scenario.catalogue import OUTCOMES as OUTCOMES
    from sim.scenario.load import load as load
    from sim.scenario.scenario import Scenario as Scenario

# One line a public name: where it is defined; None is the attribute's own module.
_EXPORTS: dict[str, tuple[str, str | None]] = {
    "Batch": ("sim.engine.batch", "Batch"),
    "Comparison": ("sim.experiments.comparison.comparison", "Comparison"),
    "Experiment": ("sim.experiments.definition", "Experiment"),
    "OUTCOMES": ("sim.scenario.catalogue", "OUTCOMES"),
    "Run": ("sim.engine.run", "Run"),
    "Scenario": ("sim.scenario.scenario", "Scenario"),
    "SimError": ("sim.errors", "SimError"),
    "Sweep": ("sim.experiments.sweep.sweep", "Sweep"),
    "compare": ("sim.experiments.comparison.compare", "compare"),
    "games": ("sim.games", None),
    "load": ("sim.scenario.load", "load"),
    "load_experiment": ("sim.experiments.definition", "load_experiment"),
    "record_scores": ("sim.experiments.comparison.record_scores", "record_scores"),
    "open_sweep": ("sim.experiments.sweep.sweep", "open_sweep"),
    "register": ("sim.rules.registry", "register"),
    "replicate": ("sim.engine.batch", "replicate"),
    "run": ("sim.engine.run", "run"),
    "scoring": ("sim.scoring", None),
    "sensitivity_of": ("sim.experiments.sensitivity.sensitivity", "sensitivity_of"),
    "sweep": ("sim.experiments.sweep.begin", "sweep"),
    "tipping_point": ("sim.experiments.tipping_point", "tipping_point"),
}

__all__ = sorted([*_EXPORTS, "__version__"])


def __getattr__(name: str) -> Any:
    """Import the module that defines `name` and keep the attribute."""
    if name not in _EXPORTS:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, attribute = _EXPORTS[name]
    value = importlib.import_module(module)
    globals()[name] = value if attribute is None else getattr(value, attribute)
    return globals()[name]


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *_EXPORTS})
