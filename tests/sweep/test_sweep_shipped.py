"""The experiments that ship run: each in small, through the runner, to the end."""

import pytest

import sim
from sim.experiments.definition import experiment_names, load_experiment


@pytest.mark.slow
@pytest.mark.parametrize("name", experiment_names())
def test_a_shipped_experiment_runs(name, tmp_path):
    """Every design row that is left in a smaller design makes a scenario, and no run of it fails."""
    full = load_experiment(name)
    small = full.resized(rows=max(2 * len(full.factors) + 4, 8), replications=1)
    sweep = sim.sweep(small, tmp_path / "sweep")
    assert sweep.complete
    assert sweep.failed == 0
    assert set(sweep.frame()["row"]) == set(range(len(small.points[small.names[0]])))
