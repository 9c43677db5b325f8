"""An experiment is what it says and nothing else: digests, storage, addresses, sizes."""

import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from experiment_texts import MINIMAL, mapping
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.experiments.definition import (
    experiment_from,
    experiment_from_dict,
    experiment_names,
    load_experiment,
)
from sim.experiments.variants import run_variants

DESIGNS = {
    "grid": {"levels": 3},
    "rows": {"values": {"state": [0.1, 0.2, 0.3], "rebels": [0.1, 0.5, 0.2]}},
    "latin_hypercube": {"rows": 7, "seed": 3},
    "sobol": {"rows": 8, "seed": 3},
    "saltelli": {"base_rows": 4, "seed": 3},
    "morris": {"trajectories": 3, "seed": 3},
}


def with_design(kind, **changes):
    """Return a small experiment with a design."""
    return experiment_from(mapping(design={kind: DESIGNS[kind]}, **changes))


@pytest.mark.parametrize("kind", DESIGNS)
def test_an_experiment_survives_storage(kind):
    """Through JSON, and through pickle, an experiment keeps digest, points and scenarios."""
    experiment = with_design(kind)
    stored = json.loads(json.dumps(experiment.to_dict(points=True)))
    for other in (experiment_from_dict(stored), pickle.loads(pickle.dumps(experiment))):
        assert other == experiment
        assert other.digest == experiment.digest
        assert all(np.array_equal(other.points[name], experiment.points[name]) for name in experiment.names)
        assert other.scenario_at(2) == experiment.scenario_at(2)
    assert stored["points"]["state"] == experiment.points["state"].tolist()


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 8},
        {"replications": 5},
        {"common_luck": False},
        {"outputs": ["outcome"]},
        {"set": {"horizon_days": 300}},
        {"design": {"grid": {"levels": 4}}},
        {"tipping_point": {"factor": "state", "measure": "settlement"}},
        {"vary": {"state": {"path": "actors.state.discount_per_year", "range": [0.05, 0.9]}}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_decides_results_decides_the_digest(changes):
    """A change of anything that decides what runs or what is kept changes the digest."""
    assert experiment_from(mapping(**changes)).digest != experiment_from(mapping()).digest


def test_what_decides_nothing_leaves_the_digest(tmp_path):
    """Titles, file names, bounds on failures and the way in which a range is written leave the digest."""
    path = tmp_path / "x.yaml"
    path.write_text("# a comment\n" + MINIMAL, encoding="utf-8")
    vary = mapping()["vary"]
    vary["state"] = {"path": ["actors.state.discount_per_year"], "prior": {"log_uniform": [0.05, 0.8]}}
    same = experiment_from(mapping(title="Other", description="Why?", max_failures=3, vary=vary))
    assert same.digest == load_experiment(path).digest == experiment_from(mapping()).digest


@pytest.mark.slow
def test_a_digest_is_the_same_in_another_process():
    """Points and digests of the shipped experiments depend on the files alone: another process finds the same."""
    code = (
        "from sim.experiments.definition import *\n"
        "for name in experiment_names(): print(name, load_experiment(name).digest)"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.split("\n")[:-1] == [f"{n} {load_experiment(n).digest}" for n in experiment_names()]


@given(st.data())
def test_runs_have_addresses_of_their_own(data):
    """Run k is replication k mod R of row k div R; common luck repeats by row, else each run has its own."""
    common = data.draw(st.booleans())
    experiment = EXPERIMENTS[common]
    run = data.draw(st.integers(0, experiment.runs - 1))
    row, replication, seed = experiment.address(run)
    assert (row, seed) == (run // experiment.replications, experiment.seed)
    assert replication == (run % experiment.replications if common else run) < 2**32
    rows, replications = experiment.addresses(run, experiment.runs)
    assert (rows[0], replications[0], len(rows)) == (row, replication, experiment.runs - run)


EXPERIMENTS = {common: experiment_from(mapping(common_luck=common)) for common in (False, True)}


@pytest.mark.parametrize("number", [-1, 36, 2**40, 1.5, True, None])
def test_runs_and_rows_that_are_not_there_are_refused(number):
    """A number outside the experiment is a usage error that says the range."""
    with pytest.raises(UsageError, match="from 0 to 35"):
        EXPERIMENTS[True].address(number)
    with pytest.raises(UsageError, match="from 0 to 8"):
        EXPERIMENTS[True].overrides(number)


def test_a_row_runs_as_its_scenario_does():
    """The worlds of a row are those of the scenario with its values replaced, sources or not."""
    experiment = with_design("latin_hypercube")
    rows = run_variants([experiment.scenario_at(3)], runs=20, seed=7)
    other = run_variants([experiment.scenario.replace(experiment.overrides(3))], runs=20, seed=7)
    assert rows.tobytes() == other.tobytes()


@pytest.mark.parametrize("kind", DESIGNS)
def test_resizing_leaves_the_rest(kind):
    """A smaller experiment has fewer rows and runs, the same factors, scenario and luck, and a digest of its own."""
    experiment = with_design(kind)
    rows = 4 if kind in ("grid", "saltelli") else 3 if kind == "morris" else 2
    small = experiment.resized(rows=rows, replications=2)
    assert 0 < small.rows <= rows
    assert (small.replications, small.runs) == (2, 2 * small.rows)
    assert (small.factors, small.scenario, small.seed) == (experiment.factors, experiment.scenario, experiment.seed)
    assert small.digest != experiment.digest
    assert experiment.resized(replications=experiment.replications) == experiment
    for wrong in ({"rows": 0}, {"replications": 0}, {"rows": 1.5}, {"replications": 2**40}):
        with pytest.raises(UsageError):
            experiment.resized(**wrong)


def test_an_experiment_from_python_objects():
    """Scenarios and arrays can stand where a file has names and lists, and nobody's array is changed or shared."""
    base = EXPERIMENTS[True].scenario
    column = np.array([0.1, 0.2])
    data = mapping(scenario=base, vary={"x": {"path": "actors.state.discount_per_year"}}, seed=np.int64(3))
    experiment = experiment_from(data | {"design": {"rows": {"values": {"x": column}}}})
    column[0] = 9.0
    assert experiment.points["x"].tolist() == [0.1, 0.2]
    assert experiment.scenario == base
    with pytest.raises(ValueError, match="read-only"):
        experiment.points["x"][0] = 1.0
    with pytest.raises(AttributeError):
        experiment.seed = 4
