"""``sim diff``: exit codes, text, JSON, seeds and refusals."""

import json

import pytest
from command_line import SMALL, everything_in, sim_here

import sim
from sim.experiments.run_record_of import run_record_of
from sim.store import write_run_record


@pytest.fixture
def other(desk):
    """Write a second scenario, in which one actor may move earlier."""
    (desk / "other.yaml").write_text(SMALL.replace("day > 10", "day > 5"))
    return "other.yaml"


def recorded(desk, seed):
    """Write the record of a run of the small scenario."""
    return write_run_record(desk / f"record{seed}", run_record_of(sim.run(sim.load("small.yaml"), seed=seed)))


def test_no_difference(capsys, desk):
    """A record, or a scenario, against itself: exit code 0, one line, nothing written."""
    folder = recorded(desk, 5)
    before = everything_in(desk)
    for a, b in ((folder, folder), ("small.yaml", "small.yaml"), (folder, "small.yaml")):
        assert sim_here(capsys, "diff", a, b) == (0, "no difference\n", "")
    assert everything_in(desk) == before


def test_a_difference(capsys, other):
    """Two scenarios on one seed: exit code 1, and the difference of their runs."""
    code, out, err = sim_here(capsys, "diff", "small.yaml", other, "--seed", "3")
    assert (code, err) == (1, "")
    runs = [sim.run(sim.load(name), seed=3) for name in ("small.yaml", other)]
    assert out == f"{runs[0].diff(runs[1])}\n"
    assert "~ actors.north.moves.go.when: day > 10 -> day > 5" in out


def test_two_records_on_two_seeds(capsys, desk):
    """Records keep their seeds, and the difference of seeds is the first thing said."""
    code, out, _ = sim_here(capsys, "diff", recorded(desk, 1), recorded(desk, 2))
    assert code == 1
    assert "~ seed: 1 -> 2" in out


def test_json(capsys, other):
    """--json holds whether there is a difference, inputs, the first decision and what followed."""
    code, out, _ = sim_here(capsys, "diff", "small.yaml", other, "--json", "--seed", "4")
    told = json.loads(out)
    assert code == 1
    assert told["differs"] is True
    assert told["inputs"] == ["~ actors.north.moves.go.when: day > 10 -> day > 5"]
    assert told["first_decision"]["actor"] == "north"
    code, out, _ = sim_here(capsys, "diff", "small.yaml", "small.yaml", "--json")
    assert (code, json.loads(out)["differs"]) == (0, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["small.yaml", "smal.yaml"], "no such file"),
        (["small.yaml", "."], "expected the manifest of a run record"),
        (["small.yaml", "small.yaml", "--seed", "-1"], "seed"),
    ],
)
def test_refusals(capsys, arguments, said):
    """What is neither record nor scenario, or no seed, is bad input: exit code 2 and a plain sentence."""
    code, out, err = sim_here(capsys, "diff", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
