"""``sim sensitivity``: what it prints of a sweep, its figures, its JSON, its refusals."""

import json

import pytest
from command_line import sim_here

import sim
from sim.experiments.definition import experiment_from
from sim.experiments.sensitivity import sensitivity_of

CONTENT = {
    "schema_version": 1,
    "title": "A hazard, a payoff and a rule",
    "scenario": "toys/two_actors",
    "vary": {
        "hazard": {"path": "deal.outcomes.settlement.per_day", "range": [0.0001, 0.05], "scale": "log"},
        "quiet": {"path": "actors.rebels.payoff.per_year.holding_fire", "range": [-0.8, 0.0]},
        "precision": {"path": "actors.state.rule.lam_per_util", "range": [5, 40]},
    },
    "replications": 6,
    "seed": 5,
}


def swept(folder, design):
    """Sweep the toy with a design."""
    return sim.sweep(experiment_from(CONTENT | {"design": design}), folder)


@pytest.fixture(scope="module")
def blocks(tmp_path_factory):
    """Return a sweep with Saltelli's design."""
    return swept(tmp_path_factory.mktemp("sweeps") / "blocks", {"saltelli": {"base_rows": 32}})


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Return a sweep with Morris's design."""
    return swept(tmp_path_factory.mktemp("sweeps") / "paths", {"morris": {"trajectories": 12}})


def test_factors_stand_in_order_with_kind_and_intervals(capsys, blocks):
    """An output that is asked for shows every factor, the share of luck and of the kinds, and the advice."""
    code, out, err = sim_here(capsys, "sensitivity", blocks.folder, "--output", "settlement")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].startswith("settlement: luck ")
    assert lines[0].endswith("none of 960 runs failed")
    assert lines[1].split() == ["factor", "kind", "first", "order", "[95", "%]", "total", "[95", "%]"]
    assert lines[2].split()[:2] == ["hazard", "hazards"]
    assert {line.split()[0] for line in lines[3:5]} == {"quiet", "precision"}
    assert lines[5].startswith("  share of the totals (sums of total indices): hazards ")
    assert lines[6].startswith("  not converged: ")


def test_without_an_output_every_outcome_that_varies_is_shown(capsys, blocks):
    """Outcomes and milestones that every run or none had are left out."""
    code, out, _ = sim_here(capsys, "sensitivity", blocks.folder)
    frame = blocks.frame(["outcome", "talks_day", "first_release_day", "all_counted_day"])
    names = blocks.experiment.scenario.outcome_names
    varied = {name for name in names if 0 < (frame["outcome"] == name).sum() < len(frame)}
    dates = {"talks_began": "talks_day", "first_release": "first_release_day", "all_counted": "all_counted_day"}
    varied |= {name for name, column in dates.items() if 0 < frame[column].isna().sum() < len(frame)}
    assert code == 0
    assert {line.split(":")[0] for line in out.splitlines() if line and not line.startswith(" ")} == varied
    assert "settlement" in varied


def test_elementary_effects(capsys, paths):
    """Morris's design shows mu*, what luck alone gives, sigma and mu."""
    code, out, _ = sim_here(capsys, "sensitivity", paths.folder, "--output", "settlement")
    assert code == 0
    assert out.splitlines()[1].split()[:2] == ["factor", "kind"]
    assert "of luck alone" in out.splitlines()[1]
    assert out.splitlines()[2].split()[0] == "hazard"


@pytest.mark.parametrize(
    ("sweep", "names"),
    [("blocks", ["settlement_sobol_bars", "settlement_index_convergence"]), ("paths", ["settlement_morris_plane"])],
)
def test_figures_and_json(capsys, request, tmp_path, sweep, names):
    """--out writes the figures of the method; --json holds every number of the result and the files."""
    done = request.getfixturevalue(sweep)
    out = tmp_path / "figures"
    arguments = ("--output", "settlement", "--widest", "9", "--out", out, "--json")
    code, text, _ = sim_here(capsys, "sensitivity", done.folder, *arguments)
    told = json.loads(text)
    assert code == 0
    assert sorted(path.name for path in out.iterdir()) == sorted(f"{n}.{end}" for n in names for end in ("png", "svg"))
    assert sorted(told["figures"]) == sorted(str(path) for path in out.iterdir())
    found = sensitivity_of(done, "settlement", widest=9.0)
    assert told["outputs"]["settlement"]["factors"] == found.frame().to_dict("records")
    assert told["outputs"]["settlement"]["converged"] is True


def test_refusals(capsys, blocks, tmp_path):
    """A folder without a sweep, an output that does not exist, a grid: said in words, exit code 2."""
    grid = swept(tmp_path / "grid", {"grid": {"levels": 2}})
    for arguments, words in (
        ([tmp_path / "none"], "not found"),
        ([blocks.folder, "--output", "setlement"], "Did you mean 'settlement'?"),
        ([blocks.folder, "--output", "hazard"], "the factor 'hazard'"),
        ([blocks.folder, "--output", "settlement", "--widest", "0"], "widest"),
        ([grid.folder, "--output", "settlement"], "saltelli"),
    ):
        code, out, err = sim_here(capsys, "sensitivity", *arguments)
        assert (code, out) == (2, ""), arguments
        assert words in err
        assert "Traceback" not in err
