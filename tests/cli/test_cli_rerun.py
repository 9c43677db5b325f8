"""``sim rerun``: the level in words, the exit code, and what changed since."""

import json

from command_line import sim_here

import sim
from sim.experiments.run_record_of import run_record_of
from sim.store import RunRecord, build_manifest, write_run_record


def recorded(desk, **facts):
    """Write the record of a run of the small scenario, with other facts in its manifest."""
    record = run_record_of(sim.run(sim.load("small.yaml"), seed=5), command=("sim", "run", "small.yaml"))
    known = ("scenario", "scenario_sha256", "seed", "replication", "engine", "model_source_digest", "digest")
    manifest = build_manifest(**{name: record.manifest[name] for name in known} | facts)
    return write_run_record(
        desk / "record", RunRecord(manifest, record.events, record.series, record.outcome, record.replications)
    )


def test_identical(capsys, desk):
    """A record of today's code reruns identically: exit code 0, and nothing is written."""
    folder = recorded(desk)
    before = sorted(desk.rglob("*"))
    code, out, _ = sim_here(capsys, "rerun", folder)
    assert code == 0
    assert out == "level 1 of 4, identical: equal to the last bit\n"
    assert sorted(desk.rglob("*")) == before


def test_other_sources_are_named(capsys, desk):
    """If the sources of the model were others, that is said even if the result is the same."""
    code, out, _ = sim_here(capsys, "rerun", recorded(desk, model_source_digest="cd" * 32))
    assert code == 0
    assert f"changed since the record: source of the model: {'cd' * 8}... -> " in out
    assert "level 1 of 4, identical" in out


def test_a_changed_rule_is_different(capsys, desk):
    """A record of other rules than its manifest says is different: exit code 1 and the first divergent event."""
    other = sim.load("small.yaml").replace(
        {"actors.north.opening_move": "go", "actors.north.moves.go": {"expects": {"south": "wait"}}}
    )
    code, out, _ = sim_here(capsys, "rerun", recorded(desk, scenario=other.to_dict()))
    assert code == 1
    assert "level 4 of 4, different" in out
    assert "first divergence: events row " in out
    assert "changed since the record: scenario: " in out


def test_json(capsys, desk):
    """--json holds the level, the divergence and the changes."""
    folder = recorded(desk)
    code, out, _ = sim_here(capsys, "rerun", folder, "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["level"], told["level_number"], told["first_divergence"], told["changes"]) == (
        "identical",
        1,
        None,
        [],
    )
