"""``sim compare``: what it prints, writes and refuses."""

import json

import pytest
from command_line import SMALL, everything_in, sim_here

import sim
from sim.scenario.load import builtin_root

TOY = "toys/two_actors"


@pytest.fixture
def quick(desk):
    """Return a faster variant of the toy as a file."""
    path = desk / "quick.yaml"
    path.write_text(
        "extends: toys/two_actors\ntitle: Quick\nactors: {state: {moves: {free: {release: {per_day: 40}}}}}\n"
        "devices: {list: {label: a list, changes: {deal.captives.prisoners.counted_at_once.own: 1.0}}}\n"
        "payoff_sets: {as_given: {changes: {}}, keen: {changes: {actors.state.payoff.per_year.talks: 2.0}}}\n"
    )
    return "quick.yaml"


def test_it_prints_tables_and_ends_in_words(capsys, quick, monkeypatch):
    """Each table is there in 100 columns, a standard error stands beside every share, and the gist comes last."""
    monkeypatch.setenv("COLUMNS", "100")
    code, out, err = sim_here(capsys, "compare", quick, TOY, "--runs", "30", "--seed", "1", "--full")
    assert (code, err) == (0, "")
    for title in (
        "Outcomes, per cent",
        "Differences from: Quick",
        "Cumulative incidence",
        "Means over",
        "What makes the differences of payoffs",
        "Payoffs, util",
    ):
        assert title in out
    assert "What each commitment device is worth in the reference" in out
    assert "a list" in out
    assert " +- " in out
    assert "(< 11.4)" in out, "no run of thirty had it: the bound, not 0"
    words = out.split("In words")[1]
    assert "- Two actors, captives for quiet: " in words
    assert max(len(line) for line in out.splitlines()) <= 100
    assert "by luck alone" in words.replace("\n  ", " ")
    assert out.splitlines()[-1].startswith("Digest ")


def test_the_verdict_comes_first_and_fits(capsys, quick, monkeypatch):
    """Without --full at most 25 lines of 80 columns are printed: titles, sizes as in the tables, the digest."""
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = sim_here(capsys, "compare", TOY, quick, "--runs", "60", "--seed", "1")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("Two actors, captives for quiet: ")
    comparison = sim.compare([sim.load(TOY), sim.load(quick)], runs=60, seed=1)
    ends = [*comparison.scenarios[comparison.reference].outcome_names, "talks_began"]
    text = " ".join(" ".join(line.split()) for line in lines)
    for name, title in (("Quick", "Quick"), ("uniform", "Every actor tossing coins")):
        assert any(line.startswith(f"{title}: ") for line in lines)
        rows = comparison.differences.loc[name]
        sure = rows[(rows.low > 0) | (rows.high < 0)]
        said = text.split(f"{title}: ")[1]
        if len(sure):
            at_end = sure.loc[[measure for measure in ends if measure in sure.index]]
            first = (at_end if len(at_end) else sure).difference.abs().idxmax()
            size = f"{100 * sure.loc[first, 'difference']:+.1f} ["
            assert said.startswith("surely ")
            assert size in said[:60]
        else:
            assert said.startswith(("nothing surely", "the same shares"))
    assert lines[-1] == f"Digest {comparison.digest}"


def test_regret_and_rules_stand_under_the_verdict(capsys, quick):
    """What was asked for is printed without --full, too."""
    code, out, _ = sim_here(capsys, "compare", quick, TOY, "--runs", "10", "--regret", "--rules", "logit,uniform")
    assert code == 0
    assert "deal of minimax regret" in out
    assert "The same sure sign under all of 2 rules" in out.replace("\n", " ")
    assert "Outcomes, per cent" not in out


def test_draws_of_what_nobody_knows_stand_beside_luck(capsys, quick, monkeypatch):
    """The verdict says what was drawn, the table has both intervals, JSON too; too few draws are refused at once."""
    monkeypatch.setenv("COLUMNS", "120")
    arguments = ("compare", TOY, quick, "--runs", "20", "--draws", "40")
    code, out, _ = sim_here(capsys, *arguments, "--full")
    assert code == 0
    told = " ".join(out.split())
    assert (
        "the interval excludes 0, and so does the one over draws. Over draws: the 95 % interval over 40 draws" in told
    )
    assert "* both intervals exclude 0" in told
    code, out, _ = sim_here(capsys, *arguments, "--json")
    found = json.loads(out)
    assert found["over_draws"]["draws"] == 40
    (settlement,) = [r for r in found["differences"] if (r["scenario"], r["outcome"]) == ("quick", "settlement")]
    assert f"[{100 * settlement['drawn_low']:.1f}, {100 * settlement['drawn_high']:.1f}]" in told
    code, _, err = sim_here(capsys, *arguments[:-1], "5")
    assert code == 2
    assert "draws: found 5, expected a whole number from 40" in err


def test_the_built_in_case_with_its_record(capsys):
    """Where the record falls is printed with scores against both baselines, and what was fitted is marked."""
    code, out, _ = sim_here(capsys, "compare", "doha_2020/baseline", "doha_2020/no_release", "--runs", "10", "--full")
    assert code == 0
    assert "Where the record doha_2020 falls among the runs of: Doha, as decreed on 11 March 2020" in out
    assert "first prisoners out (fitted)" in out
    heads = [line.split() for line in out.split("Where the record")[1].splitlines()]
    assert any("skill" in line for line in heads)
    assert any("uniform" in line for line in heads)


def test_one_json_object(capsys, quick):
    """With --json stdout is one object with every table, and nothing else."""
    code, out, err = sim_here(capsys, "compare", quick, TOY, "--runs", "10", "--json", "--regret")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert answer["reference"] == "quick"
    assert [s["name"] for s in answer["scenarios"]] == ["quick", TOY, "uniform", "schedule_as_written"]
    assert {"shares", "differences", "numbers", "payoffs", "incidence", "devices", "minimax_regret"} <= set(answer)
    assert len(answer["digest"]) == 64


def test_regret_and_rules(capsys, quick):
    """Regret shows the deal of minimax regret; rules show signs and what survives."""
    code, out, _ = sim_here(
        capsys, "compare", quick, TOY, "--runs", "20", "--regret", "--rules", "logit,uniform", "--full"
    )
    assert code == 0
    assert "deal of minimax regret" in out
    assert "under each rule" in out
    assert "logit (20)" in out
    assert "The same sure sign under all of 2 rules" in out.replace("\n  ", " ")


def test_it_writes_tables_and_figures(capsys, quick, desk):
    """--out holds tables, every run, the answer and figures; other files there are left alone."""
    (desk / "kept").mkdir()
    (desk / "kept" / "mine.txt").write_text("mine")
    code, out, _ = sim_here(capsys, "compare", quick, TOY, "--runs", "10", "--seed", "3", "--out", "kept")
    assert code == 0
    files = everything_in(desk / "kept")
    assert files["mine.txt"] == b"mine"
    assert {
        "shares.csv",
        "differences.csv",
        "payoffs.csv",
        "outcomes.parquet",
        "incidence.parquet",
        "scenarios.json",
    } <= set(files)
    assert {f"figures/{name}.{end}" for name in ("outcome_shares", "payoff_changes") for end in ("png", "svg")} <= set(
        files
    )
    assert json.loads(files["comparison.json"])["seed"] == 3
    assert "Written to kept" in out
    again = files
    sim_here(capsys, "compare", quick, TOY, "--runs", "10", "--seed", "3", "--out", "kept", "--no-figures")
    now = everything_in(desk / "kept")
    assert all(now[name] == again[name] for name in now if name.endswith((".csv", ".parquet", ".png")))


def test_overrides_hold_for_every_scenario(capsys, quick):
    """--set changes a number of all scenarios."""
    _, out, _ = sim_here(capsys, "compare", quick, TOY, "--runs", "2", "--set", "horizon_days=50", "--json")
    assert {s["horizon_days"] for s in json.loads(out)["scenarios"]} == {50}


def test_an_expected_sign_has_its_verdict(capsys, desk):
    """What a scenario expected of itself is scored against the scenario that it names, in a table and in words."""
    (desk / "mine.yaml").write_text(
        "extends: toys/two_actors\n"
        "expects: {settlement: {sign: up, against: toys/two_actors, why: hazard, pre_registered: 2026-11-22}}\n"
        "deal: {outcomes: {settlement: {per_day: 0.05}}}\n"
    )
    code, out, err = sim_here(capsys, "compare", TOY, "mine.yaml", "--runs", "60", "--full")
    assert (code, err) == (0, "")
    table = out.split("Signs that scenarios expected of themselves")[1].split("In words")[0]
    (row,) = (line.split() for line in table.splitlines() if line.strip().startswith("mine"))
    assert row[1:4] == ["settlement", "up", TOY]
    assert row[-2:] == ["borne", "out"]
    words = out.split("In words")[1].replace("\n  ", " ")
    assert f"mine expected settlement to go up against {TOY}: borne out (+" in words


def test_two_files_of_one_name_keep_apart(capsys, desk):
    """Files that are called alike are named by their paths."""
    for folder in ("a", "b"):
        (desk / folder).mkdir()
        (desk / folder / "deal.yaml").write_text(SMALL)
    code, out, _ = sim_here(capsys, "compare", "a/deal.yaml", "b/deal.yaml", "--runs", "2", "--full")
    assert code == 0
    assert "b/deal.yaml: the same as a/deal.yaml in every run." in out


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], "Missing argument"),
        (["nowhere.yaml"], "no such file"),
        ([TOY, TOY], "twice"),
        ([TOY, "--runs", "0"], "--runs"),
        ([TOY, "--runs", "2", "--seed", "-1"], "seed"),
        ([TOY, "--runs", "2", "--rules", "logic"], "Did you mean"),
        ([TOY, "--runs", "2", "--rules", "logit"], "at least two that differ"),
        ([TOY, "--runs", "2", "--regret"], "payoff_sets"),
        ([TOY, "--runs", "2", "--set", "horizon=3"], "horizon_days"),
        ([TOY, "--runs", "2", "--out", "small.yaml"], "small.yaml"),
    ],
)
def test_bad_usage_is_told_without_a_traceback(capsys, desk, arguments, wanted):
    """What cannot be compared exits with 2, says why, answers nothing and leaves nothing."""
    before = everything_in(desk)
    code, out, err = sim_here(capsys, "compare", *arguments)
    assert code == 2
    assert wanted.lower() in err.lower()
    assert out == ""
    assert "Traceback" not in err
    assert everything_in(desk) == before


def test_a_record_of_ones_own_stands_beside_the_scenario(capsys, desk):
    """A named record is looked for in the folder of the scenario; one that nobody knows is refused first."""
    (desk / "mine.yaml").write_text("extends: toys/two_actors\nrecord: my_peace\nmilestones: {own_step: day >= 10}\n")
    code, out, err = sim_here(capsys, "compare", "mine.yaml", "--runs", "2")
    assert (code, out) == (2, "")
    assert "no such record" in err
    (desk / "my_peace.csv").write_bytes((builtin_root() / "records" / "doha_2020.csv").read_bytes())
    code, out, err = sim_here(capsys, "compare", "mine.yaml", "--runs", "2", "--full")
    assert (code, err) == (0, "")
    assert "Where the record my_peace falls" in out
    table = out.split("Where the record my_peace falls")[1]
    lacking = next(line.split() for line in table.splitlines() if line.strip().startswith("own step"))
    assert lacking[:4] == ["own", "step", "no", "fact"]
