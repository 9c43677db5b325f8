"""Simulate, sweep and solve the implementation of phased peace deals.

One scenario file, two engines: one plays a world event by event with a full log, one plays thousands at compiled
speed. `list_scenarios` says what there is to begin with.

>>> import sim
>>> scenario = sim.load("doha_2020/baseline")
>>> sim.run(scenario, seed=7).outcome["outcome"] in scenario.outcomes
True

Names are imported when they are first used (PEP 562), so ``import sim`` loads no compiler and no plotting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import lazy_names
from sim.version import __version__ as __version__

if TYPE_CHECKING:
    from sim import backtest as backtest
    from sim import games as games
    from sim import plots as plots
    from sim import scoring as scoring
    from sim.engine.batch import Batch as Batch
    from sim.engine.batch import replicate as replicate
    from sim.engine.run import Run as Run
    from sim.engine.run import run as run
    from sim.errors import SimError as SimError
    from sim.experiments.comparison.compare import compare as compare
    from sim.experiments.comparison.comparison import Comparison as Comparison
    from sim.experiments.comparison.recorded_comparison import open_comparison as open_comparison
    from sim.experiments.compliance import compliance as compliance
    from sim.experiments.definition import Experiment as Experiment
    from sim.experiments.definition import experiment_from as experiment_from
    from sim.experiments.definition import load_experiment as load_experiment
    from sim.experiments.definition.listing import list_experiments as list_experiments
    from sim.experiments.scenario_discovery import Discovery as Discovery
    from sim.experiments.scenario_discovery import discover as discover
    from sim.experiments.sensitivity.sensitivity import sensitivity_of as sensitivity_of
    from sim.experiments.sweep.begin import sweep as sweep
    from sim.experiments.sweep.sweep import Sweep as Sweep
    from sim.experiments.sweep.sweep import open_sweep as open_sweep
    from sim.experiments.tipping_point import tipping_point as tipping_point
    from sim.explorer.widget import explore as explore
    from sim.record import list_records as list_records
    from sim.rules.registry import register as register
    from sim.scenario.listing import list_scenarios as list_scenarios
    from sim.scenario.load import load as load
    from sim.scenario.scenario import Scenario as Scenario
    from sim.solving.folder import load_solution as load_solution
    from sim.solving.solution import Solution as Solution
    from sim.solving.solve import solve as solve

# One line a public name: where it is defined, inside the package; None for a module.
_EXPORTS: dict[str, str | None] = {
    "Batch": "engine.batch",
    "Comparison": "experiments.comparison.comparison",
    "Discovery": "experiments.scenario_discovery",
    "Experiment": "experiments.definition",
    "Run": "engine.run",
    "Scenario": "scenario.scenario",
    "SimError": "errors",
    "Solution": "solving.solution",
    "Sweep": "experiments.sweep.sweep",
    "backtest": None,
    "compare": "experiments.comparison.compare",
    "compliance": "experiments.compliance",
    "discover": "experiments.scenario_discovery",
    "experiment_from": "experiments.definition",
    "explore": "explorer.widget",
    "games": None,
    "list_experiments": "experiments.definition.listing",
    "list_records": "record",
    "list_scenarios": "scenario.listing",
    "load": "scenario.load",
    "load_experiment": "experiments.definition",
    "load_solution": "solving.folder",
    "open_comparison": "experiments.comparison.recorded_comparison",
    "open_sweep": "experiments.sweep.sweep",
    "plots": None,
    "record_scores": "experiments.comparison.record_scores",
    "register": "rules.registry",
    "replicate": "engine.batch",
    "run": "engine.run",
    "scoring": None,
    "sensitivity_of": "experiments.sensitivity.sensitivity",
    "solve": "solving.solve",
    "sweep": "experiments.sweep.begin",
    "tipping_point": "experiments.tipping_point",
}

__all__ = sorted([*_EXPORTS, "__version__"])
__getattr__, __dir__ = lazy_names(__name__, _EXPORTS)
