"""Experiment files: what they may say, and errors that point at the characters they are about."""

import re

import pytest
from experiment_texts import MINIMAL, mapping

from sim.errors import ScenarioError
from sim.experiments.definition import (
    experiment_from,
    experiment_from_dict,
    experiment_names,
    load_experiment,
)
from sim.experiments.definition.load import experiment_columns
from sim.experiments.measures import measures_of


def written(tmp_path, text, name="x.yaml"):
    """Write an experiment and return its path."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def problem_of(tmp_path, text):
    """Return the first problem of a file."""
    with pytest.raises(ScenarioError) as error:
        load_experiment(written(tmp_path, text))
    return error.value.problems[0]


def test_a_file_says_what_is_run(tmp_path):
    """Rows, runs, values and scenarios follow from the file."""
    experiment = load_experiment(written(tmp_path, MINIMAL))
    assert (experiment.rows, experiment.runs, experiment.names) == (9, 36, ("state", "rebels"))
    assert experiment.points["state"][[0, 3, 6]] == pytest.approx([0.05, 0.2, 0.8])
    assert experiment.overrides(1) == {"actors.state.discount_per_year": 0.05, "actors.rebels.discount_per_year": 0.275}
    assert experiment.scenario_at(1) == experiment.scenario.replace(experiment.overrides(1))


@pytest.mark.parametrize(
    ("old", "new", "place", "found", "said"),
    [
        ("replications: 4", "replicatons: 4", (8, 1), "unknown key", "Did you mean 'replications'"),
        ("replications: 4", "replications: 0", (8, 15), "0", "at least 1"),
        ("seed: 7", "seed: -1", (9, 7), "-1", "at least 0"),
        ("title: Patience of both sides", "", (1, 1), "no key 'title'", "one line"),
        ("toys/two_actors", "toys/two_actor", (3, 11), "toys/two_actor", "Did you mean 'toys/two_actors'"),
        ("scale: log", "scale: lg", (5, 76), "'lg'", "'log'"),
        ("[0.05, 0.8]", "[0.8, 0.05]", (5, 56), "a list", "rising order"),
        ("[0.05, 0.8]", "[0, 0.8]", (5, 10), "logarithmic range from 0", "positive"),
        (
            "path: actors.state.discount_per_year",
            "path: actors.state.discont_per_year",
            (5, 17),
            "discont",
            "discount_per",
        ),
        ("range: [0.05, 0.5]", "range: [-0.5, 0.5]", (6, 58), "-0.5", "at least 0"),
        ("range: [0.05, 0.5]", "choices: [low, high]", (6, 60), "'low'", "a number"),
        ("range: [0.05, 0.5]", "prior: true", (6, 58), "no prior at actors.rebels", "states one"),
        ("range: [0.05, 0.5]", "prior: {unifrom: [0, 1]}", (6, 59), "'unifrom'", "Did you mean 'uniform'"),
        ("range: [0.05, 0.5]", "prior: {beta: [2]}", (6, 58), "a list", "[a, b]"),
        ("range: [0.05, 0.5]", "range: [0, 1], choices: [1]", (6, 11), "range and choices", "one of range"),
        (", range: [0.05, 0.5]", "", (6, 11), "neither range", "one of them"),
        ("  rebels: {", "  outcome: {", (6, 3), "a factor called 'outcome'", "another name"),
        ("rebels.discount", "state.discount", (6, 11), "again", "'state' drives it"),
        ("grid: {levels: 3}", "grd: {levels: 3}", (7, 10), "'grd'", "Did you mean 'grid'"),
        ("grid: {levels: 3}", "grid: {levels: {state: 3, rebel: 3}}", (7, 16), "'rebel'", "Did you mean 'rebels'"),
        ("grid: {levels: 3}", "sobol: {rows: 100}", (7, 24), "100", "64 or 128"),
        ("grid: {levels: 3}", "grid: {levels: 9999}", (7, 16), "99,980,001 rows", "at most"),
        ("grid: {levels: 3}", "morris: {trajectories: 2, levels: 5}", (7, 44), "5", "even number, such as 6"),
        ("grid: {levels: 3}", "grid: {levels: 3}, sobol: {rows: 4}", (7, 9), "grid and sobol", "one of"),
        ("grid: {levels: 3}", "rows: {csv: ../rows.csv}", (7, 22), "../rows.csv", "inside the folder tree"),
        ("grid: {levels: 3}", "rows: {csv: rows.csv}", (7, 22), "does not exist", "a file"),
        ("seed: 7", "seed: 7\noutputs: [deaths, deaths]", (10, 19), "'deaths' again", "each output once"),
        ("{grid: {levels: 3}}", "{sobol: null}", (7, 9), "sobol with nothing in it", "the keys of sobol"),
        ("{grid: {levels: 3}}", "{grid: }", (7, 9), "grid with nothing in it", "the keys of grid"),
        ("seed: 7", "seed: 7\noutputs: [outcom]", (10, 11), "'outcom'", "Did you mean 'outcome'"),
        ("seed: 7", "seed: 7\nset: {actors.state.discont: 1}", (10, 29), "'discont'", "one of"),
        ("seed: 7", "seed: 7\nset: {horizon_days: -1}", (10, 21), "-1", "at least 1"),
        ("seed: 7", "seed: 7\ntipping_point: {factor: stat, measure: settlement}", (10, 25), "'stat'", "'state'"),
        ("seed: 7", "seed: 7\ntipping_point: {factor: state, measure: setlement}", (10, 41), "'setl", "'settlement'"),
        ("schema_version: 1", "schema_version: 2", (1, 17), "2", "newer negotiation-sim"),
    ],
)
def test_errors_point_at_what_is_wrong(tmp_path, old, new, place, found, said):
    """Each mistake is named with its line and column, what was found, and what would be right."""
    assert old in MINIMAL
    problem = problem_of(tmp_path, MINIMAL.replace(old, new, 1))
    assert (problem.line, problem.column) == place, str(problem)
    assert problem.file.endswith("x.yaml")
    assert found in problem.found
    assert said in f"{problem.expected}. {problem.hint}"


def test_vary_must_name_something(tmp_path):
    """An empty mapping, and a word other than priors, vary nothing."""
    head, tail = MINIMAL[: MINIMAL.index("vary:")], MINIMAL[MINIMAL.index("design:") :]
    for vary in ("vary: {}\n", "vary: prior\n", "vary:\n"):
        problem = problem_of(tmp_path, head + vary + tail)
        assert problem.path == "vary"
        assert problem.line in (4, 5)


def test_rows_of_a_csv_file_are_taken_as_written(tmp_path):
    """Columns may stand in any order; a factor without a range takes what its column holds."""
    written(tmp_path, "rebels,state\n0.5,0.3\n0.05,0.1\n\n0.2,0.2\n", "rows.csv")
    text = re.sub(r", range: \[0\.05, 0\.8\], scale: log", "", MINIMAL).replace(
        "grid: {levels: 3}", "rows: {csv: rows.csv}"
    )
    experiment = load_experiment(written(tmp_path, text))
    assert experiment.points["state"].tolist() == [0.3, 0.1, 0.2]
    assert experiment.points["rebels"].tolist() == [0.5, 0.05, 0.2]
    assert experiment.overrides(2)["actors.state.discount_per_year"] == 0.2
    assert experiment_from_dict(experiment.to_dict()).digest == experiment.digest


@pytest.mark.parametrize(
    ("rows", "place", "found"),
    [
        ("state,rebls\n1,2\n", (1, 7), "'rebls'"),
        ("state\n0.1\n", (1, 1), "no column 'rebels'"),
        ("state,rebels\n0.1,0.2\n0.1\n", (3, 1), "1 cells"),
        ("state,rebels\n0.1,\n", (2, 5), "null"),
        ("state,rebels\n0.1,.inf\n", (2, 5), ".inf"),
        ("state,rebels\n", (1, 1), "no rows"),
        ("state,state,rebels\n1,1,1\n", (1, 7), "again"),
        ('state,rebels\n"0.1,0.2\n', (2, 1), "no CSV"),
        ("state,rebels\n0.1,0.2\x00\n", (2, 1), "0x00"),
    ],
)
def test_errors_in_csv_files_have_their_place(tmp_path, rows, place, found):
    """A malformed table is refused with line and column of the cell."""
    written(tmp_path, rows, "rows.csv")
    problem = problem_of(tmp_path, MINIMAL.replace("grid: {levels: 3}", "rows: {csv: rows.csv}"))
    assert problem.file.endswith("rows.csv")
    assert (problem.line, problem.column) == place
    assert found in problem.found


def test_rows_outside_a_range_are_refused(tmp_path):
    """A value that its factor cannot have is named with its row."""
    written(tmp_path, "state,rebels\n0.1,0.2\n0.1,0.9\n", "rows.csv")
    problem = problem_of(tmp_path, MINIMAL.replace("grid: {levels: 3}", "rows: {csv: rows.csv}"))
    assert "0.9 for 'rebels' in row 2" in problem.found


@pytest.mark.parametrize(
    "hostile",
    [
        "vary: &a [*a]\n",
        "vary: " + "[" * 40 + "]" * 40,
        "scenario: /etc/passwd\n",
        "scenario: !!python/object/apply:os.system [ls]\n",
        "replications: 1e30\n",
        "seed: .nan\n",
        "vary: {x: {path: " + "a." * 300 + "b, range: [0, 1]}}\n",
        "vary: {x: {path: [], range: [0, 1]}}\n",
        "vary: {x: {path: a, range: {}}}\n",
        "vary: {not: {path: a, range: [0, 1]}}\n",
        "vary: {x: 3}\n",
        "vary: 3\n",
        "design: 3\n",
        "design: {}\n",
        "design: {grid: {levels: true}}\n",
        "design: {rows: {csv: /etc/passwd}}\n",
        "design: {rows: {csv: x.yaml, values: {state: [1]}}}\n",
        "design: {rows: {values: {state: [1, 2], rebels: [1]}}}\n",
        "set: {horizon_days: null}\n",
        "set: {'': 1}\n",
        "outputs: 3\n",
    ],
)
def test_hostile_files_end_in_an_error_with_a_place(tmp_path, hostile):
    """Whatever stands in a file, what comes out is an input error about that file."""
    key = hostile.partition(":")[0]
    lines = [
        line for line in MINIMAL.splitlines() if not (line.startswith(f"{key}:") or (key == "vary" and line[0] == " "))
    ]
    problem = problem_of(tmp_path, "\n".join([*lines, hostile]))
    assert problem.file


def test_rows_that_are_no_scenario_are_found_one_by_one():
    """A combination that makes no scenario is an error of its row; the others stand."""
    steps = "deal.withdrawal.us_troops.steps"
    vary = {
        "first": {"path": f"{steps}.0.day", "range": [100, 500]},
        "last": {"path": f"{steps}.1.day", "range": [200, 600]},
    }
    experiment = experiment_from(mapping(scenario="doha_2020/baseline", vary=vary))
    valid = []
    for row in range(experiment.rows):
        try:
            experiment.scenario_at(row)
        except ScenarioError:
            continue
        valid.append(row)
    later = experiment.points["first"] < experiment.points["last"]
    assert valid == [row for row in range(9) if later[row]]


def test_a_design_without_any_scenario_is_refused():
    """If no row that is tried is a scenario, the experiment is refused with what is wrong with one."""
    steps = "deal.withdrawal.us_troops.steps"
    vary = {
        "first": {"path": f"{steps}.0.day", "range": [500, 600]},
        "last": {"path": f"{steps}.1.day", "range": [200, 300]},
    }
    with pytest.raises(ScenarioError, match="no row that is a scenario"):
        experiment_from(mapping(scenario="doha_2020/baseline", vary=vary))


def test_names_of_experiments(tmp_path):
    """Built-in experiments load by name; others suggest the nearest."""
    assert load_experiment("experiments/all_priors") == load_experiment("all_priors")
    with pytest.raises(ScenarioError, match="Did you mean 'all_priors'"):
        load_experiment("all_prior")
    with pytest.raises(ScenarioError, match="no such file"):
        load_experiment(tmp_path / "none.yaml")
    assert len(experiment_names()) >= 6


def test_all_priors_become_factors():
    """Every number with a prior is a factor of its own, driven by that prior."""
    experiment = load_experiment("all_priors")
    noted = {path: note.prior for path, note in experiment.scenario.provenance.items() if note.prior}
    assert {factor.paths: (factor.kind, factor.parameters) for factor in experiment.factors} == {
        (path,): (prior.kind, prior.parameters) for path, prior in noted.items()
    }
    assert len(set(experiment.names)) == len(noted)
    assert not set(experiment.names) & {
        *experiment_columns(experiment.scenario),
        *measures_of(experiment.scenario),
        "run",
        "row",
        "seed",
    }
