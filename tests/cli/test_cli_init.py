"""``sim init``: the starter is sound, runs, does what it says, and never replaces a file."""

import json

from command_line import sim_here

import sim


def test_the_starter_is_sound_and_runs(capsys):
    """What init writes passes validation and runs, as its next steps say."""
    code, out, _ = sim_here(capsys, "init", "deals/mine")
    assert code == 0
    assert "sim run deals/mine/scenario.yaml" in out
    assert sim_here(capsys, "validate", "deals/mine/scenario.yaml")[0] == 0
    assert sim_here(capsys, "run", "deals/mine/scenario.yaml", "--runs", 20, "--no-figure")[0] == 0


def test_the_starter_is_a_deal_worth_a_look(capsys):
    """It has two actors, frees captives in most runs, and ends in more than one outcome."""
    sim_here(capsys, "init", ".")
    scenario = sim.load("scenario.yaml")
    assert len(scenario.actors) == 2
    batch = sim.replicate(scenario, runs=200, seed=1)
    table = batch.outcome_table
    assert (table["released"] > 0).mean() > 0.5
    assert len({outcome for outcome in table["outcome"] if (table["outcome"] == outcome).mean() > 0.05}) >= 2


def test_nothing_is_replaced(capsys, desk):
    """A second init in one folder is refused and leaves the file alone; other files there do not matter."""
    (desk / "mine").mkdir()
    (desk / "mine" / "notes.txt").write_text("mine")
    assert json.loads(sim_here(capsys, "init", "mine", "--json")[1])["file"] == "mine/scenario.yaml"
    (desk / "mine" / "scenario.yaml").write_text("changed")
    assert sim_here(capsys, "init", "mine")[0] == 2
    assert (desk / "mine" / "scenario.yaml").read_text() == "changed"
    assert (desk / "mine" / "notes.txt").read_text() == "mine"


def test_advice_names_no_option_that_init_lacks(capsys, desk):
    """A folder that cannot be made is refused without advice to use an option of other commands."""
    (desk / "taken").write_text("a file")
    code, _, err = sim_here(capsys, "init", "taken")
    assert code == 2
    assert "choose another folder." in err
    assert "--out" not in err
