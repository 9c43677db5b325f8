"""A record done again: the four levels, and what changed since."""

import numpy as np
import pyarrow as pa
import pytest

import sim
from sim.errors import ScenarioError, StoreError
from sim.experiments.rerun import rerun, rerun_record
from sim.experiments.run_record_of import run_record_of
from sim.store import RunRecord, build_manifest, record_digest, replications_digest, write_run_record

ENOUGH = 400
KNOWN = ("scenario", "scenario_sha256", "seed", "replication", "engine", "model_source_digest", "command")


@pytest.fixture(scope="module")
def baseline():
    """Return the baseline scenario."""
    return sim.load("doha_2020/baseline")


@pytest.fixture(scope="module")
def record(baseline):
    """Return the record of a run without companions."""
    return run_record_of(sim.run(baseline, seed=7))


@pytest.fixture(scope="module")
def large_record(baseline):
    """Return the record of a run with enough companions to compare distributions."""
    return run_record_of(sim.run(baseline, seed=7), sim.replicate(baseline, runs=ENOUGH, seed=7))


def altered(record, events=None, series=None, replications=None, **facts):
    """Return a record with other data or facts, whose manifest fits them."""
    events = record.events if events is None else events
    series = record.series if series is None else series
    replications = record.replications if replications is None else replications
    manifest = build_manifest(
        **{name: record.manifest[name] for name in KNOWN}
        | {
            "digest": record_digest(events, series, record.outcome),
            "replications_digest": None if replications is None else replications_digest(replications),
        }
        | facts
    )
    return RunRecord(manifest, events, series, record.outcome, replications)


def with_number(table, column, row, change):
    """Return a table with one number changed by a function."""
    values = table.column(column).to_numpy().copy()
    values[row] = change(values[row])
    return table.set_column(table.column_names.index(column), column, pa.array(values))


def attacks_series(record):
    """Return a row and a column of the series that hold a number well above 0."""
    column = next(name for name in record.series.column_names if name.startswith("daily_attacks"))
    return column, int(np.argmax(record.series.column(column).to_numpy()))


def test_today_again_is_identical(large_record):
    """A record of today's code on this platform comes out identical, companions included."""
    result = rerun_record(large_record)
    assert (result.comparison.level, result.agrees, result.changes()) == ("identical", True, ())
    assert result.rerun.replications.num_rows == ENOUGH


def test_one_ulp_is_the_same_events(record):
    """A last bit that differs gives level 2."""
    column, row = attacks_series(record)
    series = with_number(record.series, column, row, lambda x: np.nextafter(x, np.inf))
    result = rerun_record(altered(record, series=series))
    assert result.comparison.level == "same_events"
    assert result.comparison.number == 2
    assert result.agrees
    assert result.comparison.largest_float_difference_at == f"series row {row}, {column}"


def test_a_millionth_is_different(record):
    """A relative change of 1e-6 gives level 4 and names its place."""
    column, row = attacks_series(record)
    series = with_number(record.series, column, row, lambda x: x * (1 + 1e-6))
    result = rerun_record(altered(record, series=series))
    assert result.comparison.number == 4
    assert not result.agrees
    assert result.comparison.first_divergence.table == "series"
    assert (result.comparison.first_divergence.index, result.comparison.first_divergence.fields) == (row, (column,))


@pytest.mark.parametrize(
    "change",
    [{"actors.government.rule.lam_per_util": 5}, {"actors.taliban.rule.response": "uniform"}],
    ids=["precision", "response"],
)
def test_a_changed_rule_is_different(baseline, change):
    """A record that another rule made gives level 4 and its first divergent event, and says what differs."""
    made_by = run_record_of(sim.run(baseline.replace(change), seed=7))
    claimed = altered(made_by, scenario=baseline.to_dict())
    result = rerun_record(claimed)
    assert result.comparison.number == 4
    assert result.comparison.first_divergence.table == "events"
    assert result.comparison.first_divergence.index is not None
    assert any(sentence.startswith("scenario: ") for sentence in result.changes())


def test_a_changed_rule_is_different_with_companions(baseline):
    """With enough companions a rule that moves the distribution of outcomes is told from luck."""
    changed = baseline.replace({"actors.taliban.rule.response": "uniform"})
    made_by = run_record_of(sim.run(changed, seed=7), sim.replicate(changed, runs=ENOUGH, seed=7))
    result = rerun_record(altered(made_by, scenario=baseline.to_dict()))
    assert result.comparison.number == 4
    assert min(test.adjusted_p_value for test in result.comparison.tests) < 0.01


def test_another_course_with_the_same_distribution_is_equivalent(baseline, large_record):
    """A run that took another course, with companions of the same distribution, gives level 3 by named tests."""
    other = sim.replicate(baseline, runs=ENOUGH, seed=8).outcome_table
    elsewhere = run_record_of(sim.run(baseline, seed=8))
    swapped = altered(large_record, events=elsewhere.events, series=elsewhere.series, replications=other)
    result = rerun_record(swapped)
    assert result.comparison.level == "statistically_equivalent"
    assert result.comparison.number == 3
    assert result.agrees
    methods = {test.method for test in result.comparison.tests}
    assert "Kolmogorov-Smirnov" in methods
    assert any(method.endswith("chi-square") for method in methods)
    assert result.comparison.first_divergence is not None


def test_too_few_companions_cannot_tell(baseline, record):
    """The same other course without companions is level 4: there is nothing to test."""
    elsewhere = run_record_of(sim.run(baseline, seed=8))
    result = rerun_record(altered(record, events=elsewhere.events, series=elsewhere.series))
    assert result.comparison.number == 4
    assert "at least 200 replications" in result.comparison.note


def test_what_changed_is_said(record):
    """Other sources of the model and another version are named even if the result is identical."""
    older = altered(record, model_source_digest="ab" * 32)
    older.manifest["package_version"] = "0.0.1"
    result = rerun_record(older)
    assert result.comparison.level == "identical"
    assert result.changes()[0].startswith(f"source of the model: {'ab' * 8}... -> ")
    assert any(sentence.startswith("package version: 0.0.1 -> ") for sentence in result.changes())


def test_a_replication_reruns_as_itself(baseline):
    """The record of a later replication is done again as that replication."""
    result = rerun_record(run_record_of(sim.run(baseline, seed=7, replication=5)))
    assert result.comparison.level == "identical"
    assert result.rerun.manifest["replication"] == 5


def test_a_damaged_record_is_refused(record, tmp_path):
    """A record whose data do not fit its manifest is refused before anything is run."""
    folder = write_run_record(tmp_path / "record", record)
    (folder / "outcome.json").write_text("{}\n")
    with pytest.raises(StoreError, match="digest"):
        rerun(folder)


def test_a_scenario_of_another_format_is_refused(record):
    """A scenario that this version cannot read is refused with the version that wrote the record."""
    scenario = {**record.manifest["scenario"], "schema_version": 99}
    with pytest.raises(ScenarioError, match=r"rerun it with that version") as caught:
        rerun_record(altered(record, scenario=scenario), "record/manifest.json, scenario")
    assert "schema_version" in str(caught.value)
