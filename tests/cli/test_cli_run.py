"""``sim run``: what it prints, what it writes, and that the same seed gives the same record."""

import json
import subprocess
import sys

from command_line import everything_in, sim_here

import sim
from sim.cli.arguments import record_name
from sim.cli.run_report import share_line
from sim.experiments.outcome_share import OutcomeShare
from sim.store import read_run_record


def records(folder):
    """List the record folders under a results folder."""
    return sorted(path.parent for path in folder.glob("*/*/manifest.json"))


def test_the_main_job(capsys, desk):
    """A run of a built-in scenario tells its turning points, the outcome, payoffs, shares with errors, and where."""
    code, out, _ = sim_here(capsys, "run", "doha_2020/baseline", "--seed", 7, "--no-figure", "--runs", 50)
    assert code == 0
    (folder,) = records(desk / "results")
    assert folder.parent.name == "doha_2020_baseline"
    record = read_run_record(folder)
    run = sim.run(sim.load("doha_2020/baseline"), seed=7)
    assert record.digest == run.digest
    assert record.replications.num_rows == 50
    assert record.manifest["command"][0] == "sim"
    told = [line for line in out.splitlines() if line.startswith("20")]
    assert told == [f"{date}  {text}" for date, text in run.turning_points()]
    assert f"{len(run.story()) - len(told)} other events with --full" in out
    assert f"Outcome: {run.outcome['outcome'].replace('_', ' ')}" in out
    assert f"Taliban            {run.outcome['payoff_taliban']:+.3f}" in out
    assert "Outcomes of 50 replications, share +- Monte Carlo standard error" in out
    assert str(folder.relative_to(desk)) in out
    assert run.digest in out


def test_json_is_one_object(capsys, desk):
    """With --json stdout holds one object with the outcome, the story, the shares and the place of the record."""
    code, out, _ = sim_here(capsys, "run", "small.yaml", "--no-figure", "--runs", 20, "--json")
    assert code == 0
    told = json.loads(out)
    run = sim.run(sim.load("small.yaml"), seed=0)
    assert told["digest"] == run.digest
    assert told["outcome"]["outcome"] == run.outcome["outcome"]
    assert told["outcome"]["outcome_day"] == run.outcome["outcome_day"]
    assert sum(share["count"] for share in told["shares"]) == told["replications"] == 20
    assert read_run_record(desk / told["folder"]).manifest["run_id"] == told["run_id"]
    assert [step["text"] for step in told["story"]] == [text for _, text in run.story()]


def test_the_same_seed_gives_the_same_record(capsys, desk):
    """Twice the same command gives one run id and one digest; another seed gives others."""
    for seed in (3, 3, 4):
        assert sim_here(capsys, "run", "small.yaml", "--seed", seed, "--no-figure", "--runs", 5)[0] == 0
    digests = {read_run_record(folder).digest for folder in records(desk / "results")}
    assert len(digests) == len(records(desk / "results")) == 2


def test_overrides(capsys, desk):
    """--set changes the scenario that is run and recorded; the value is read as a file would read it."""
    options = ["--no-figure", "--runs", 0, "--out", "elsewhere", "--set", "horizon_days=30", "--set", "title=Short"]
    code, out, _ = sim_here(capsys, "run", "small.yaml", *options)
    assert code == 0
    assert out.startswith("Short: 2020-02-29 to at most 2020-03-30, seed 0")
    (folder,) = records(desk / "elsewhere")
    assert read_run_record(folder).manifest["scenario"]["horizon_days"] == 30
    assert read_run_record(folder).replications is None
    assert not (desk / "results").exists()


def test_figures(capsys, desk):
    """The record holds the figure as PNG and SVG, and the same command gives the same bytes."""
    seen = []
    for out in ("a", "b"):
        assert sim_here(capsys, "run", "doha_2020/baseline", "--runs", 20, "--out", out)[0] == 0
        (folder,) = records(desk / out)
        seen.append(everything_in(folder / "figures"))
    assert sorted(seen[0]) == ["trajectories.png", "trajectories.svg"]
    assert seen[0]["trajectories.png"].startswith(b"\x89PNG")
    assert seen[0] == seen[1]


def test_names_of_records():
    """A built-in scenario keeps its name even if given as a path; a file gives its own name."""
    root = sim.scenario.builtin_root()
    assert record_name("doha_2020/baseline") == "doha_2020/baseline"
    assert record_name(str(root / "doha_2020" / "baseline.yaml")) == "doha_2020/baseline"
    assert record_name("drafts/my_deal.yaml") == "my_deal"


def test_lines_of_shares():
    """A share has its standard error; one of nothing or all has a bound instead of a zero error."""
    told = share_line(OutcomeShare("settlement", 90, 200), "settlement")
    assert told.split() == ["settlement", "0.450", "+-", "0.035"]
    assert share_line(OutcomeShare("deal_void", 0, 200), "deal void").endswith("0 of 200, 95 % below 0.019")
    assert share_line(OutcomeShare("deal_void", 200, 200), "deal void").endswith("all 200, 95 % above 0.981")


def test_full_tells_every_event(capsys):
    """With --full every event of the story has its line, and none is said to be left out."""
    code, out, _ = sim_here(capsys, "run", "doha_2020/baseline", "--seed", 7, "--no-figure", "--runs", 0, "--full")
    assert code == 0
    story = sim.run(sim.load("doha_2020/baseline"), seed=7).story()
    assert [line for line in out.splitlines() if line.startswith("20")] == [f"{date}  {text}" for date, text in story]
    assert "other events" not in out


def test_brief_leaves_out_what_decided_nothing(capsys):
    """With --brief the story has no turns between moves of equal value, and their number is said."""
    code, out, _ = sim_here(capsys, "run", "doha_2020/baseline", "--seed", 7, "--no-figure", "--runs", 0, "--brief")
    assert code == 0
    run = sim.run(sim.load("doha_2020/baseline"), seed=7)
    story = run.story(brief=True)
    dates = tuple(str(date) for date, _ in story)
    assert [line[:10] for line in out.splitlines() if line.startswith(dates)] == list(dates)
    idle = len(run.story()) - len(story)
    assert (f"({idle:,} turns that decided nothing with --full)" in " ".join(out.split())) == (idle > 0)


def test_lines_fit_the_console(capsys, monkeypatch):
    """At 80 columns no line is longer, and at 60 only those that hold a path or a digest."""
    for columns in (80, 60):
        monkeypatch.setenv("COLUMNS", str(columns))
        code, out, _ = sim_here(capsys, "run", "doha_2020/baseline", "--seed", 7, "--no-figure", "--runs", 20)
        assert code == 0
        unbroken = ("Record: ", "  digest ") if columns < 80 else ()
        assert max(len(line) for line in out.splitlines() if not line.startswith(unbroken)) <= columns


def test_a_run_loads_no_data_frames():
    """Running, recording and printing load neither pandas nor scipy.stats, which cost more than the run."""
    code = (
        "import sys; from sim.cli import main; code = main(['run', 'doha_2020/baseline', '--runs', '5', '--json'])\n"
        "print(code, [name for name in ('pandas', 'scipy.stats', 'quantecon') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "0 []\n"
