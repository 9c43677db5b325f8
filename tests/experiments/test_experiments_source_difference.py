"""Records and scenarios compared: what each name opens, which seed is taken, and warnings."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError, StoreError, UsageError
from sim.experiments.recorded_run import recorded_run
from sim.experiments.run_record_of import run_record_of
from sim.experiments.source_difference import compare_sources
from sim.store import RunRecord, build_manifest, write_run_record
from sim.store.run_record import record_digest

TOY = "toys/two_actors"


def recorded(folder: Path, run: sim.Run) -> Path:
    """Write the record of a run."""
    return write_run_record(folder, run_record_of(run))


def damaged_by_time(folder: Path, run: sim.Run) -> Path:
    """Write a record that other code might have written: consistent in itself, but with another outcome."""
    record = run_record_of(run)
    outcome = dict(record.outcome) | {"attacks": record.outcome["attacks"] + 1.0}
    known = ("scenario", "scenario_sha256", "seed", "replication", "engine", "model_source_digest")
    facts = {name: record.manifest[name] for name in known}
    digest = record_digest(record.events, record.series, outcome)
    return write_run_record(
        folder, RunRecord(build_manifest(**facts, digest=digest), record.events, record.series, outcome)
    )


def test_a_record_comes_out_again(tmp_path: Path) -> None:
    """Scenario, seed and replication are those of the manifest, and nothing is to be warned of."""
    run = sim.run(sim.load(TOY), seed=11, replication=4)
    again = recorded_run(recorded(tmp_path / "a", run))
    assert (again.run.digest, again.run.seed, again.run.replication) == (run.digest, 11, 4)
    assert again.warning == ""


def test_a_record_of_other_code_is_warned_of(tmp_path: Path) -> None:
    """If the run comes out otherwise, both digests are named, and what to ask."""
    folder = damaged_by_time(tmp_path / "a", sim.run(sim.load(TOY), seed=1))
    again = recorded_run(folder)
    assert again.run.digest[:16] in again.warning
    assert again.record.digest[:16] in again.warning
    assert f"sim rerun {folder}" in again.warning


def test_a_record_does_not_differ_from_itself_nor_from_its_scenario(tmp_path: Path) -> None:
    """The scenario on the other side takes the record's seed and replication, so it is the same run."""
    folder = recorded(tmp_path / "a", sim.run(sim.load(TOY), seed=11, replication=2))
    assert not compare_sources(folder, folder).difference
    with_scenario = compare_sources(folder, TOY)
    assert not with_scenario.difference
    assert (with_scenario.b.seed, with_scenario.b.replication) == (11, 2)
    assert not compare_sources(TOY, folder).difference


def test_a_seed_is_for_scenarios_and_records_keep_their_own(tmp_path: Path) -> None:
    """With a seed given, a record still is the run that it recorded."""
    folder = recorded(tmp_path / "a", sim.run(sim.load(TOY), seed=11))
    compared = compare_sources(folder, TOY, seed=5)
    assert (compared.a.seed, compared.b.seed) == (11, 5)
    assert "~ seed: 11 -> 5" in compared.difference.inputs


def test_scenarios_are_run_on_one_seed() -> None:
    """Two names, one seed: 0 unless said otherwise; the difference is that of the two runs."""
    for seed, used in ((None, 0), (9, 9)):
        compared = compare_sources("doha_2020/baseline", "doha_2020/dovish", seed)
        runs = [sim.run(sim.load(f"doha_2020/{name}"), used) for name in ("baseline", "dovish")]
        assert [compared.a.digest, compared.b.digest] == [run.digest for run in runs]
        assert str(compared.difference) == str(runs[0].diff(runs[1]))


def test_warnings_are_carried(tmp_path: Path) -> None:
    """Each record that does not come out again is named once."""
    folder = damaged_by_time(tmp_path / "a", sim.run(sim.load(TOY), seed=1))
    assert len(compare_sources(folder, TOY).warnings) == 1


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    """A folder without a record, a name without a scenario and a seed out of range are errors of their own kind."""
    with pytest.raises(StoreError, match="expected the manifest of a run record"):
        compare_sources(tmp_path, TOY)
    with pytest.raises(ScenarioError, match="no such scenario"):
        compare_sources(TOY, "toys/two_actor")
    with pytest.raises(UsageError, match="seed"):
        compare_sources(TOY, TOY, seed=-1)
