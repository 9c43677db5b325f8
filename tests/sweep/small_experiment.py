"""A small experiment for tests of the runner: how fast the toy deal of two actors is settled, at a few paces."""

from __future__ import annotations

from typing import Any

from sim.experiments.definition import Experiment, experiment_from
from sim.scenario.load import load

PACE = "deal.outcomes.settlement.per_day"


def small_experiment(
    *, rows: int = 4, replications: int = 25, days: int = 30, changes: dict[str, Any] | None = None, **more: Any
) -> Experiment:
    """Return an experiment of `rows` paces, `replications` runs of `days` days each."""
    scenario = load("toys/two_actors").replace({"horizon_days": days} | (changes or {}))
    content = {
        "schema_version": 1,
        "title": "How fast the toy deal is settled",
        "scenario": scenario,
        "vary": {"pace": {"path": PACE}},
        "design": {"rows": {"values": {"pace": [0.004 * (row + 1) for row in range(rows)]}}},
        "replications": replications,
        "seed": 7,
    }
    return experiment_from(content | more)
