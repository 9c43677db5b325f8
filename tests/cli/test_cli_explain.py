"""``sim explain``: text, JSON, warnings and refusals."""

import json

import pytest
from command_line import everything_in, sim_here

import sim
from sim.experiments.run_record_of import run_record_of
from sim.store import RunRecord, build_manifest, write_run_record


def recorded(desk, **facts):
    """Write the record of a run of the small scenario, with other facts in its manifest."""
    record = run_record_of(sim.run(sim.load("small.yaml"), seed=5))
    known = ("scenario", "scenario_sha256", "seed", "replication", "engine", "model_source_digest", "digest")
    manifest = build_manifest(**{name: record.manifest[name] for name in known} | facts)
    return write_run_record(desk / "record", RunRecord(manifest, record.events, record.series, record.outcome))


def test_a_date_is_explained(capsys, desk):
    """What is printed is the explanation of the run, in short or with --terms whole; nothing is written."""
    folder = recorded(desk)
    before = everything_in(desk)
    told = sim.run(sim.load("small.yaml"), seed=5).explain("2020-03-14")
    code, out, err = sim_here(capsys, "explain", folder, "--at", "2020-03-14")
    assert (code, err) == (0, "")
    assert out == f"{told.brief(120)}\n\nEvery move and its terms: --terms\n"
    assert told.decisions[0].reason.split()[0] in out
    code, out, err = sim_here(capsys, "explain", folder, "--at", "2020-03-14", "--terms")
    assert (code, err) == (0, "")
    assert out == f"{told.text(120)}\n"
    assert "north" in out
    assert everything_in(desk) == before


def test_a_day_number_means_its_date(capsys, desk):
    """Day 14 is the same as its date."""
    folder = recorded(desk)
    assert sim_here(capsys, "explain", folder, "--at", "14") == sim_here(
        capsys, "explain", folder, "--at", "2020-03-14"
    )


def test_json(capsys, desk):
    """--json holds the decisions with values, terms, probabilities and luck."""
    code, out, _ = sim_here(capsys, "explain", recorded(desk), "--at", "14", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["date"], told["warning"]) == ("2020-03-14", None)
    (decision,) = told["decisions"]
    assert decision["actor"] == "north"
    assert sum(move["probability"] for move in decision["moves"]) == pytest.approx(1.0)
    best = max((m for m in decision["moves"] if m["probability"] > 0.0), key=lambda move: move["with_luck"])
    assert best["move"] == decision["chosen"]


def test_a_record_of_other_code_is_explained_with_a_warning(capsys, desk):
    """If the run comes out otherwise today, stderr says so, and the answer is about today's run."""
    folder = recorded(desk, scenario=sim.load("small.yaml").replace({"actors.north.review.every_days": 8}).to_dict())
    code, out, err = sim_here(capsys, "explain", folder, "--at", "16", "--terms")
    assert code == 0
    assert "warning: " in err
    assert "today's code gives another run" in err
    assert "sim rerun" in err
    assert "Why: " in out


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2020-02-28", "from 2020-02-29 (day 0) to 2020-04-29 (day 60)"),
        ("2021-01-01", "The nearest decisions were taken on 2020-"),
        ("-1", "found 2020-02-28 (day -1)"),
        ("Easter", "found 'Easter', expected a date such as '2020-02-29'"),
        ("2020-13-01", "found '2020-13-01', expected a date"),
    ],
)
def test_dates_outside_the_run(capsys, desk, at, said):
    """The message has the first and the last date and decisions nearby; exit code 2."""
    code, out, err = sim_here(capsys, "explain", recorded(desk), f"--at={at}")
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_what_is_no_record(capsys, desk):
    """A missing folder, a folder without a record and a missing date are bad usage."""
    for folder, said in (("nowhere", "not found, expected the folder"), (".", "expected the manifest of a run record")):
        code, out, err = sim_here(capsys, "explain", folder, "--at", "3")
        assert (code, out) == (2, "")
        assert said in err
    code, out, err = sim_here(capsys, "explain", recorded(desk))
    assert code == 2
    assert "--at" in out + err
