"""``sim plot``: figures of scenarios, records, comparisons and sweeps, and what is refused."""

import json

import pytest
from command_line import sim_here

import sim
from sim.experiments.comparison.recorded_comparison import open_comparison, recorded_comparison
from sim.experiments.definition import experiment_from
from sim.plots.catalogue import figures_of

GRID = {
    "schema_version": 1,
    "title": "Two hazards",
    "scenario": "toys/two_actors",
    "vary": {
        "settle": {"path": "deal.outcomes.settlement.per_day", "range": [0.001, 0.02]},
        "fall": {"path": "deal.outcomes.government_collapse.per_day", "range": [0.001, 0.1]},
    },
    "design": {"grid": {"levels": {"settle": 3, "fall": 2}}},
    "replications": 20,
}


@pytest.fixture
def written(capsys, desk):
    """Return the folder of a comparison of the small scenario with itself under other moves."""
    (desk / "other.yaml").write_text("extends: small.yaml\ntitle: Another\nhorizon_days: 50\n")
    code, *_ = sim_here(
        capsys, "compare", "small.yaml", "other.yaml", "--runs", "8", "--out", "compared", "--no-figures"
    )
    assert code == 0
    return desk / "compared"


@pytest.mark.usefixtures("written")
def test_a_comparison_is_drawn_from_its_folder(capsys, desk):
    """The folder says what was compared; the figure stands where --out says, as PNG and SVG."""
    code, out, err = sim_here(capsys, "plot", "compared", "differences", "--out", "drawn")
    assert (code, err) == (0, "")
    assert out.splitlines() == ["drawn/compared_differences.png", "drawn/compared_differences.svg"]
    assert (desk / "drawn" / "compared_differences.png").read_bytes().startswith(b"\x89PNG")


def test_a_comparison_opens_to_the_same_worlds(written):
    """Names, titles, runs and every outcome are those that were written."""
    stated = json.loads((written / "comparison.json").read_text())
    again = open_comparison(written)
    assert again.digest == stated["digest"]
    assert list(again.batches) == [scenario["name"] for scenario in stated["scenarios"]]
    assert (again.runs, again.seed, again.called_by) == (8, 0, "title")


def test_a_comparison_of_other_code_warns(capsys, written):
    """If the digest is another one, the command warns and Python refuses."""
    path = written / "scenarios.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"digest": "0" * 64}))
    assert "today's code gives other runs" in recorded_comparison(written).warning
    with pytest.raises(sim.SimError, match="compare again"):
        open_comparison(written)
    code, _, err = sim_here(capsys, "plot", "compared", "--out", "drawn")
    assert code == 0
    assert "warning: " in err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"runs": "many"}, "runs: found 'many'"),
        ({"runs": 10**9}, "runs: found 1000000000"),
        ({"scenarios": {}}, "scenarios: found {}"),
        ({"scenarios": {"small": {"title": 3}}}, "small"),
        ({"called_by": "nobody"}, "called_by: found 'nobody'"),
    ],
)
def test_a_damaged_comparison_is_told(capsys, written, change, said):
    """Each wrong key is named with what was found; nothing is drawn and no traceback shown."""
    path = written / "scenarios.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    code, out, err = sim_here(capsys, "plot", "compared", "--out", "drawn")
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("desk")
def test_a_record_and_a_scenario_have_figures_of_one_run_and_of_many(capsys):
    """--list names both kinds; a record is drawn with as many runs as it was kept with."""
    assert sim_here(capsys, "run", "small.yaml", "--runs", "5", "--no-figure", "--out", "kept")[0] == 0
    code, out, _ = sim_here(capsys, "plot", "kept", "--list", "--json")
    listed = json.loads(out)["figures"]
    assert code == 0
    assert set(listed) == {*figures_of("run"), *figures_of("batch")}
    assert sim_here(capsys, "plot", "small.yaml", "--list", "--json")[1] == out
    code, out, err = sim_here(capsys, "plot", "kept", "ribbon", "--out", "drawn", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["files"] == ["drawn/kept_ribbon.png", "drawn/kept_ribbon.svg"]


def test_a_grid_is_drawn_at_its_end_and_on_demand(capsys, desk):
    """The command draws heat maps of what varies most; --output asks for another; other designs are refused."""
    sim.sweep(experiment_from(GRID), desk / "grid")
    (desk / "grid.yaml").write_text(json.dumps(GRID))
    code, out, err = sim_here(capsys, "sweep", "grid.yaml", "--out", "grid", "--resume")
    assert code == 0, err
    assert "Least and most between rows" in out
    assert "grid/figures/heat_map_settlement.png" in out
    assert (desk / "grid" / "figures" / "heat_map_settlement.svg").exists()
    code, out, _ = sim_here(capsys, "plot", "grid", "--output", "talks_began", "--out", "drawn")
    assert (code, out.splitlines()[0]) == (0, "drawn/grid_heat_map_talks_began.png")
    code, out, err = sim_here(capsys, "plot", "grid", "sobol", "--out", "drawn")
    assert (code, out) == (2, "")
    assert "neither Saltelli's blocks" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["small.yaml", "ribon"], "Did you mean 'ribbon'"),
        (["small.yaml", "ribbon", "--output", "x"], "--output: found 'x' of what is no sweep"),
        (["nowhere"], "nowhere"),
        (["."], "expected the manifest of a run record"),
        (["small.yaml", "compliance"], "promises"),
    ],
)
def test_what_has_no_such_figure(capsys, desk, arguments, said):
    """Wrong names, folders without results and scenarios without what is drawn are bad usage."""
    code, out, err = sim_here(capsys, "plot", *arguments, "--out", "drawn")
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert not (desk / "drawn").exists()
