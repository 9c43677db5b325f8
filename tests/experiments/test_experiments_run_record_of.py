"""From a run to its record."""

import pytest

import sim
from sim.compiled import source_digest
from sim.errors import UsageError
from sim.experiments.run_record_of import run_record_of, user_rules_of
from sim.rules.registry import REGISTERED, Registration
from sim.store import read_run_record, write_run_record


@pytest.fixture(scope="module")
def baseline():
    """Return the baseline scenario."""
    return sim.load("doha_2020/baseline")


def test_a_record_says_what_was_run(baseline, tmp_path):
    """What is read back has the run's digest, outcome, scenario, seed and sources, and the batch's rows."""
    run, batch = sim.run(baseline, seed=7), sim.replicate(baseline, runs=12, seed=7)
    written = run_record_of(run, batch, ("sim", "run"))
    record = read_run_record(write_run_record(tmp_path / "record", written))
    assert record.digest == run.digest
    assert record.events.num_rows == len(run.events)
    assert record.series.num_rows == len(run.series)
    assert record.outcome["outcome"] == run.outcome["outcome"]
    assert record.replications.column("deaths").to_pylist() == batch.outcomes["deaths"].to_list()
    assert record.manifest["model_source_digest"] == source_digest("model")
    assert record.manifest["command"] == ["sim", "run"]
    assert sim.Scenario.from_dict(record.manifest["scenario"]).sha256 == baseline.sha256


def test_the_run_is_the_first_companion(baseline):
    """Row 0 of the companions is the run itself."""
    record = run_record_of(sim.run(baseline, seed=3), sim.replicate(baseline, runs=2, seed=3))
    first = {name: record.replications.column(name)[0].as_py() for name in record.replications.column_names}
    known = {name: value for name, value in record.outcome.items() if value is not None and value == value}
    assert {name: first[name] for name in known} == known


def test_the_run_id_depends_on_what_determines_the_result(baseline):
    """Seed, replication and scenario change the run id; companions and the command line do not."""

    def run_id(scenario, companions=None, command=(), **address):
        return run_record_of(sim.run(scenario, **address), companions, command).manifest["run_id"]

    first = run_id(baseline, seed=7)
    assert run_id(baseline, sim.replicate(baseline, runs=2, seed=7), ("sim",), seed=7) == first
    others = {
        run_id(baseline, seed=8),
        run_id(baseline, seed=7, replication=1),
        run_id(baseline.replace({"actors.us.discount_per_year": 0.1}), seed=7),
    }
    assert len(others | {first}) == 4


@pytest.mark.parametrize("change", ["seed", "scenario"])
def test_companions_of_something_else_are_refused(baseline, change):
    """Replications of another scenario or seed are no companions."""
    other = baseline.replace({"actors.us.discount_per_year": 0.1}) if change == "scenario" else baseline
    with pytest.raises(UsageError, match="replicate the scenario of the run with its seed"):
        run_record_of(sim.run(baseline, seed=7), sim.replicate(other, runs=1, seed=8 if change == "seed" else 7))


def test_rules_of_the_user_are_named_with_their_source(baseline, monkeypatch):
    """A rule from outside the package is in the record with a digest that changes with its source."""

    def stubborn(*buffers):
        buffers[-1][0] = 1.0

    def gentle(*buffers):
        buffers[-1][1] = 1.0

    digests = set()
    for function in (stubborn, gentle):
        monkeypatch.setitem(REGISTERED, ("response", "logit"), Registration(function))
        rules = user_rules_of(baseline)
        assert list(rules) == ["response:logit"]
        digests.add(rules["response:logit"])
    assert len(digests) == 2
