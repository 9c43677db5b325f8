"""``sim validate`` and ``sim schema``."""

import json
from pathlib import Path

import pytest
from command_line import sim_here

import sim
from sim.cli.validate import resolved_text
from sim.scenario import builtin_names, schema_document


@pytest.mark.parametrize("name", builtin_names())
def test_built_in_scenarios_are_sound(capsys, name):
    """Every built-in scenario passes."""
    code, out, err = sim_here(capsys, "validate", name)
    assert (code, err) == (0, "")
    assert out.startswith(f"{name}: sound. ")


def test_all_files_are_checked(capsys, desk):
    """Sound and unsound files may be mixed: each is reported and the exit code is that of the worst."""
    (desk / "bad.yaml").write_text("schema_version: 1\ntitle: Bad\nstrat: 2020-01-01\n")
    code, out, err = sim_here(capsys, "validate", "bad.yaml", "small.yaml")
    assert code == 2
    assert "small.yaml: sound" in out
    assert "bad.yaml:3:1: strat: found the unknown key 'strat'" in err


def test_sources(capsys):
    """--sources lists the numbers without a source with their places, and only them."""
    code, out, _ = sim_here(capsys, "validate", "small.yaml", "--sources")
    assert code == 0
    assert "small.yaml:4:15: horizon_days: no source" in out.splitlines()
    assert len(out.splitlines()) == 1 + len(sim.load("small.yaml").unsourced())


def test_resolved_loads_to_the_same_scenario(capsys):
    """--resolved prints a scenario in full that is a scenario file itself, with the same content and sources."""
    for name in ("small.yaml", "doha_2020/hawkish"):
        code, out, err = sim_here(capsys, "validate", name, "--resolved")
        assert code == 0
        assert ": sound." in err
        Path("full.yaml").write_text(out)
        again, first = sim.load("full.yaml"), sim.load(name)
        assert again.sha256 == first.sha256
        assert again.provenance.keys() == first.provenance.keys()
        assert out == resolved_text(first) + "\n"


def test_json(capsys, desk):
    """--json gives one object with a report a file."""
    (desk / "bad.yaml").write_text("schema_version: 1\n")
    code, out, _ = sim_here(capsys, "validate", "small.yaml", "bad.yaml", "--json", "--sources", "--resolved")
    told = json.loads(out)
    assert code == 2
    assert told["valid"] is False
    assert [report["valid"] for report in told["scenarios"]] == [True, False]
    assert told["scenarios"][0]["sha256"] == sim.load("small.yaml").sha256
    assert "horizon_days" in told["scenarios"][0]["unsourced_paths"]
    assert told["scenarios"][0]["resolved"]["title"] == "Two who talk"
    assert told["scenarios"][1]["problems"]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_schema(capsys, options):
    """``sim schema`` prints the JSON Schema of the models, with or without --json."""
    code, out, err = sim_here(capsys, "schema", *options)
    assert (code, err) == (0, "")
    assert json.loads(out) == schema_document()


def test_warnings_are_counted_listed_and_refused(capsys, desk):
    """Plain: a count; --lint: each with its place, exit code 0; --strict: exit code 1."""
    code, out, _ = sim_here(capsys, "validate", "small.yaml")
    assert (code, out.splitlines()[0].partition("do not; ")[2]) == (0, "1 warning (--lint lists them)")
    code, out, err = sim_here(capsys, "validate", "small.yaml", "--lint")
    twin = (
        "small.yaml:9:27: actors.north.moves.go: sets its levers as the move 'wait' does: choosing it changes nothing"
    )
    assert (code, err) == (0, "")
    assert out.splitlines()[0].endswith("; 1 warning:")
    assert out.splitlines()[1:] == [twin]
    code, out, _ = sim_here(capsys, "validate", "small.yaml", "--strict")
    assert (code, out.splitlines()[1:]) == (1, [twin])
    code, out, _ = sim_here(capsys, "validate", "toys/two_actors", "--strict")
    assert code == 0
    assert out.endswith("; no warnings\n")
    (desk / "bad.yaml").write_text("schema_version: 1\n")
    assert sim_here(capsys, "validate", "small.yaml", "bad.yaml", "--strict")[0] == 2


def test_warnings_as_json(capsys):
    """--json holds every warning with its place, whether or not --lint is given."""
    code, out, _ = sim_here(capsys, "validate", "small.yaml", "--json")
    (warning,) = json.loads(out)["scenarios"][0]["warnings"]
    assert code == 0
    assert {key: warning[key] for key in ("file", "line", "column", "path")} == {
        "file": "small.yaml",
        "line": 9,
        "column": 27,
        "path": "actors.north.moves.go",
    }
    assert sim_here(capsys, "validate", "small.yaml", "--json", "--strict")[0] == 1


def test_the_record_beside_the_file_is_found(capsys, desk):
    """A record that stands in the scenario's folder is no missing record, as in comparisons."""
    small = (desk / "small.yaml").read_text().replace(", go: {when: day > 10, expects: {south: wait}}", "")
    (desk / "small.yaml").write_text(small + "record: mine\n")
    assert sim_here(capsys, "validate", "small.yaml", "--strict")[0] == 1
    row = "2020-03-01,outcome(unresolved),1,reached,press,high,no\n"
    (desk / "mine.csv").write_text("date,series,value,unit,source,confidence,used_to_fit\n" + row)
    assert sim_here(capsys, "validate", "small.yaml", "--strict")[0] == 0


def test_as_of_lists_what_could_not_have_been_known(capsys):
    """--as-of names each number that is from later, with its place and why; a date is checked."""
    code, out, _ = sim_here(capsys, "validate", "doha_2020/baseline", "--as-of", "2020-03-15")
    lines = out.splitlines()
    assert code == 0
    assert lines[1] == f"{len(lines) - 2} numbers could not have been known on 2020-03-15:"
    assert any("presidency.dual.mean_days: public since 2020-05-17; fitted to power_shared" in line for line in lines)
    code, out, _ = sim_here(capsys, "validate", "doha_2020/baseline", "--as-of", "2021-12-31", "--json")
    assert json.loads(out)["scenarios"][0]["not_known"] == []
    code, _, err = sim_here(capsys, "validate", "doha_2020/baseline", "--as-of", "soon")
    assert code == 2
    assert "expected a date such as 2020-03-15" in err
