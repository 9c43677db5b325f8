"""``sim solve`` and ``sim mediate``: what they print, what they write, how they end."""

import json
from pathlib import Path

import pytest

import sim
from sim.cli.application import run_application

GAMES = Path(__file__).parents[1] / "solving"


def test_a_dry_run_says_what_it_takes_and_plays_nothing(capsys):
    """Policies of each player and numbers of worlds, as text and as JSON."""
    assert run_application(["solve", "toys/two_actors", "--dry-run", "--runs", "50"]) == 0
    assert "state 4 (+6 tried)" in capsys.readouterr().out
    assert run_application(["solve", "toys/two_actors", "--dry-run", "--runs", "50", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["worlds_of_first_table"] == 4 * 4 * 50


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--effort", "fast"], "expected one of quick, standard, thorough"),
        (["--runs", "1"], "runs: found 1"),
        (["--runs", "90000"], None),
        (["--within", "-1", "--runs", "2", "--effort", "quick"], "within: found -1.0"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_played(arguments, said, capsys):
    """With what was found, what was expected, and exit code 2."""
    code = run_application(["solve", str(GAMES / "exchange.yaml"), *arguments, *([] if said else ["--dry-run"])])
    if said is None:
        assert code == 0  # two players with few policies: within the bound
        return
    assert code == 2
    assert said in capsys.readouterr().err


def test_a_solve_writes_what_can_be_played(tmp_path, capsys):
    """The folder holds the solution, its table and a scenario that plays it; the answer names the equilibrium."""
    out = tmp_path / "solved"
    code = run_application(
        ["solve", str(GAMES / "exchange.yaml"), "--runs", "4", "--effort", "quick", "--seed", "7", "--out", str(out)]
    )
    printed = capsys.readouterr().out
    assert code == 0
    assert printed.startswith("Selected equilibrium: hill:")
    assert "Not known: what a better learner would gain" in printed.replace("\n  ", " ").replace("\n", " ")
    assert {path.name for path in out.iterdir()} == {"solution.json", "profiles.csv", "play.yaml", "work"}
    played = sim.replicate(sim.load(out / "play.yaml"), 3, seed=1)
    assert (played.outcomes["freed_hill_men"] == 100).all()
    assert run_application(["solve", str(GAMES / "exchange.yaml"), "--runs", "4", "--out", str(out)]) != 0
    assert "--resume" in capsys.readouterr().err


def test_mediate_says_who_blocks(tmp_path, capsys):
    """A deal in which one side frees for nothing is blocked by it, and no bargain picks it."""
    base = sim.load(GAMES / "exchange.yaml")
    never = base.replace({f"actors.{player}.rule": {"response": "scripted"} for player in base.actors})
    gift = never.replace({"actors.hill.opening_move": "exchange", "actors.river.opening_move": "keep"})
    for name, deal in (("never", never), ("gift", gift)):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(deal.to_dict()), encoding="utf-8")
    arguments = ["mediate", str(tmp_path / "gift.yaml"), "--over", str(tmp_path / "never.yaml"), "--runs", "5"]
    assert run_application(arguments) == 0
    printed = capsys.readouterr().out
    assert "gift is blocked by hill" in printed
    assert "no deal is better for everybody than never" in printed
    assert run_application([*arguments, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [row["blocks"] for row in answer["gains"]] == [True, False]


def test_mediate_by_date(tmp_path, capsys):
    """Worlds of the status quo go over to the deal on each date; the table and JSON say the same."""
    never = sim.load("toys/two_actors").replace({"actors.state.rule": {"response": "scripted"}})
    (tmp_path / "never.yaml").write_text(json.dumps(never.to_dict()), encoding="utf-8")
    arguments = ["mediate", "toys/two_actors", "--over", str(tmp_path / "never.yaml"), "--runs", "12", "--seed", "7"]
    assert run_application([*arguments, "--on", "2030-02-01,2030-12-30"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "2030-02-01 (12 of 12 worlds still run): " in printed
    assert "gain over never from the date on, util of day 0 ± one standard error" in printed
    assert run_application([*arguments, "--on", "31,363", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [row["date"] for row in answer["zone"]] == ["2030-02-01", "2030-12-30"]
    assert f"two_actors: {answer['zone'][0]['zone']}; state {answer['zone'][0]['state']:+.3f}" in printed
    assert run_application([*arguments, "--on", "2031-05-01"]) == 2
    assert "found day 485, expected one from 2030-01-01 to 2030-12-31" in " ".join(capsys.readouterr().err.split())


def test_mediate_compares_solutions_and_says_what_a_map_takes(tmp_path, capsys):
    """Folders of solutions are compared at their equilibria; a map's worlds are said; what does not fit is refused."""
    for name, bonus in (("poor", "0.5"), ("rich", "0.9")):
        arguments = ["--runs", "4", "--effort", "quick", "--seed", "7", "--out", str(tmp_path / name)]
        arguments += ["--set", f"actors.hill.payoff.at_outcome.all_home={bonus}"]
        assert run_application(["solve", str(GAMES / "exchange.yaml"), *arguments]) == 0
    capsys.readouterr()
    rich, poor = str(tmp_path / "rich"), str(tmp_path / "poor")
    assert run_application(["mediate", rich, "--over", poor]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "at the one pair of equilibria: payoff_hill +0.400 [+0.400, +0.400]." in printed
    assert run_application(["mediate", rich, "--over", poor, "--json"]) == 0
    rows = {row["quantity"]: row for row in json.loads(capsys.readouterr().out)["quantities"]}
    assert rows["payoff_hill"]["survives"]
    assert not rows["payoff_river"]["survives"]
    grid = ["--rows", "patience=0.1,0.2", "--columns", "recognised=0.5,1"]
    assert run_application(["mediate", "toys/two_actors", *grid, "--dry-run"]) == 0
    assert capsys.readouterr().out == "some 172,480 worlds\n"
    for wrong, said in (
        ([rich], "found neither --over nor --rows and --columns"),
        ([rich, "--over", "toys/two_actors"], "expected all solved"),
        (["toys/two_actors", *grid, "--over", poor], "expected one scenario with --rows and --columns"),
        ([rich, "--over", poor, "--on", "10"], "--on: found the solution"),
        (["toys/two_actors", "--rows", "patience=0.1", "--columns", "recognized=1"], "Did you mean 'recognised'"),
    ):
        assert run_application(["mediate", *wrong]) == 2
        assert said in " ".join(capsys.readouterr().err.split())


def test_a_dry_run_without_a_map_is_refused(capsys):
    """Only the map takes so long that one asks beforehand."""
    assert run_application(["mediate", "toys/two_actors", "--over", "toys/two_actors", "--dry-run"]) == 2
    assert "--dry-run: found it without a map, expected --rows and --columns" in capsys.readouterr().err
