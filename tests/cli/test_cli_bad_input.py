"""A user's mistake: exit code 2, one clear message, no traceback, nothing left behind."""

import json
import os
import sys

import pytest
from command_line import everything_in, sim_here, sim_process

MISTAKES = {
    "a seed below the range": (["run", "small.yaml", "--seed", "-1"], "seed: found -1, expected an integer from 0"),
    "a seed above the range": (["run", "small.yaml", "--seed", str(2**64)], f"seed: found {2**64}, expected"),
    "a missing file": (["run", "nowhere.yaml"], "nowhere.yaml"),
    "an unknown built-in": (["run", "doha_2020/basline"], "Did you mean 'doha_2020/baseline'?"),
    "a folder": (["run", "."], "."),
    "an unknown path": (["run", "small.yaml", "--set", "actors.north.reviw.every_days=3"], "Did you mean 'review'?"),
    "an unknown actor": (["run", "small.yaml", "--set", "actors.nrth.opening_move=go"], "Did you mean 'north'?"),
    "a wrong value": (["run", "small.yaml", "--set", "horizon_days=soon"], "horizon_days: found text 'soon', expected"),
    "a negative value": (["run", "small.yaml", "--set", "horizon_days=-3"], "horizon_days: found -3, expected"),
    "not a number": (
        ["run", "small.yaml", "--set", "horizon_days=.nan"],
        "horizon_days: found .nan, expected a finite number",
    ),
    "no value": (["run", "small.yaml", "--set", "horizon_days"], "expected path=value"),
    "no path": (["run", "small.yaml", "--set", "=3"], "expected path=value"),
    "a path twice": (["run", "small.yaml", "--set", "title=a", "--set", "title=b"], "found title twice"),
    "an out that is a file": (["run", "small.yaml", "--out", "small.yaml"], "small.yaml: cannot be written"),
    "an out below a file": (["run", "small.yaml", "--out", "small.yaml/deep/er"], "cannot be written"),
    "an out too long": (["run", "small.yaml", "--out", "x" * 300], "cannot be written"),
    "a record that is none": (["rerun", "."], "not found, expected the manifest of a run record"),
    "a record that is missing": (["rerun", "nowhere"], "nowhere: not found"),
    "a record that is a file": (["rerun", "small.yaml"], "found a file, expected the folder"),
    "a scenario that is none": (["validate", "bad.yaml"], "bad.yaml:3:1: "),
    "one sound, one missing": (["validate", "small.yaml", "nowhere.yaml"], "nowhere.yaml"),
    "an init over a file": (["init", "started"], "started/scenario.yaml: found a file already"),
    "an init below a file": (["init", "small.yaml"], "small.yaml"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_one_message_and_nothing_left(capsys, desk, mistake):
    """Each mistake is refused with exit code 2 and a message that names it; the working folder is untouched."""
    arguments, message = MISTAKES[mistake]
    (desk / "bad.yaml").write_text("schema_version: 1\ntitle: Bad\nstrat: 2020-01-01\n")
    (desk / "started").mkdir()
    (desk / "started" / "scenario.yaml").write_text("mine\n")
    before = everything_in(desk)
    code, out, err = sim_here(capsys, *arguments)
    assert code == 2
    assert message in err
    assert "Traceback" not in out + err
    assert everything_in(desk) == before


def test_the_message_is_plain(desk):
    """In a process of its own the command prints the problem on stderr, one line, and nothing on stdout."""
    done = sim_process("run", "small.yaml", "--set", "horizon_days=soon", "--no-figure", cwd=desk)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "override: horizon_days: found text 'soon', expected a whole number\n"


def test_several_problems_are_several_lines(capsys, desk):
    """Everything that is wrong in a file is said at once, a line each, in order."""
    text = (desk / "small.yaml").read_text()
    (desk / "worse.yaml").write_text(
        text.replace("horizon_days: 60", "horizon_days: -60").replace("offset_days: 3", "ofset_days: 3")
    )
    code, _, err = sim_here(capsys, "run", "worse.yaml")
    assert code == 2
    lines = err.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("worse.yaml:") for line in lines)


def test_json_says_what_was_wrong(capsys, desk):
    """With --json the one object on stdout holds the error and its problems with line and column."""
    (desk / "bad.yaml").write_text((desk / "small.yaml").read_text().replace("horizon_days: 60", "horizon_days: -60"))
    code, out, err = sim_here(capsys, "run", "bad.yaml", "--json")
    told = json.loads(out)
    assert code == told["exit_code"] == 2
    assert told["error"]["kind"] == "ScenarioError"
    assert (told["error"]["problems"][0]["line"], told["error"]["problems"][0]["path"]) == (4, "horizon_days")
    assert told["error"]["message"] in err


def test_a_run_that_stops_itself(capsys, desk):
    """A run whose numbers become impossible ends with its day and field, and leaves nothing."""
    extreme = ["--set", "actors.us.payoff.per_year.troops=1e308", "--set", "actors.us.payoff.per_year.attacks=1e308"]
    code, out, err = sim_here(capsys, "run", "doha_2020/baseline", *extreme, "--no-figure")
    assert "Traceback" not in out + err
    assert code == 2
    assert not (desk / "results").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(capsys, desk):
    """A folder that may not be written to is refused before anything runs."""
    (desk / "locked").mkdir(mode=0o500)
    code, _, err = sim_here(capsys, "run", "small.yaml", "--out", "locked/results")
    assert code == 2
    assert "Choose a folder that you may write to, with --out." in err


def test_a_read_only_place(capsys):
    """Even root cannot make folders in /proc: refused before anything runs, in words."""
    if not os.path.isdir("/proc/self"):
        pytest.skip("this system has no /proc")
    code, _, err = sim_here(capsys, "run", "small.yaml", "--out", "/proc/self/results", "--no-figure")
    assert code == 2
    assert "/proc/self/results: cannot be written" in err


@pytest.mark.parametrize("given", [["run", "--seed", "x"], ["frobnicate"], ["compare", "--runs", "-1", "small.yaml"]])
def test_a_command_line_that_cannot_be_read_is_one_json_object(capsys, given):
    """With --json a mistake in the command line itself is one object too, and standard error says what it is."""
    code, out, err = sim_here(capsys, *given, "--json")
    assert code == 2
    assert json.loads(out)["error"]["kind"] == "UsageError"
    assert err


@pytest.mark.parametrize("command", [["compare", "small.yaml", "small.yaml"], ["run", "small.yaml"]])
def test_more_runs_than_memory_holds(capsys, monkeypatch, command):
    """What the outcomes of all runs would take is said before the first, on a computer too small for them."""
    sizes = {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", lambda name: sizes[name])
    code, _, err = sim_here(capsys, *command, "--runs", "500000")
    assert code == 2
    assert "expected at most half of the 0.0 GB of this computer. Take fewer, or a sweep" in err
    assert f"{2.0 if command[0] == 'compare' else 0.5} GB" in err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are text")
def test_an_out_with_bytes_that_are_no_text(capsys):
    """A folder's name may be any bytes: the record is written there after the run, and read again."""
    out = os.fsdecode(b"o/\xff")
    code, _, err = sim_here(capsys, "run", "small.yaml", "--out", out, "--runs", "0", "--no-figure")
    assert (code, err) == (0, "")
    code, said, _ = sim_here(capsys, "rerun", out)
    assert (code, "identical" in said) == (0, True)
