"""Experiments: what is varied in a scenario, at which points, how often, under which luck.

An experiment file (or a mapping from Python) is validated like a scenario and resolved once: its scenario, its factors
with their distributions, and the points of its design. From then on nothing but the experiment decides what a run is:
run k is replication k mod R of row k div R, and its seed and replication number follow from k. So a sweep can be cut,
resumed and spread over machines.

Examples
--------
>>> experiment = experiment_from(
...     {
...         "schema_version": 1,
...         "title": "Patience of both sides",
...         "scenario": "toys/two_actors",
...         "vary": {
...             "state": {"path": "actors.state.discount_per_year", "range": [0.05, 0.8], "scale": "log"},
...             "rebels": {"path": "actors.rebels.discount_per_year", "choices": [0.05, 0.5]},
...         },
...         "design": {"grid": {"levels": 3}},
...         "replications": 10,
...         "seed": 7,
...     }
... )
>>> experiment.rows, experiment.runs, experiment.overrides(1)
(6, 60, {'actors.state.discount_per_year': 0.05, 'actors.rebels.discount_per_year': 0.5})
>>> experiment.address(13)
Address(row=1, replication=3, seed=7)
"""

from __future__ import annotations

from sim.experiments.definition.experiment import Address, Experiment, TippingTarget
from sim.experiments.definition.load import experiment_from, experiment_from_dict, experiment_names, load_experiment
from sim.experiments.factor import Factor

__all__ = [
    "Address",
    "Experiment",
    "Factor",
    "TippingTarget",
    "experiment_from",
    "experiment_from_dict",
    "experiment_names",
    "load_experiment",
]
