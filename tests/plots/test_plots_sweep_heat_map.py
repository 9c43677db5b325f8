"""The heat map of a sweep shows the cells that the sweep has, and where they tip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import sim
from sim.errors import UsageError
from sim.experiments.definition import experiment_from
from sim.experiments.sweep_cells import SweepCells, sweep_cells
from sim.plots.sweep_heat_map import sweep_heat_map_figure
from sim.scenario.schema.scenario import Content
from sim.scenario.schema.walk import description_at

SETTLES = "deal.outcomes.settlement.per_day"
CONTENT = {
    "schema_version": 1,
    "title": "Hazard, response and patience",
    "scenario": "toys/two_actors",
    "vary": {
        "settles": {"path": SETTLES, "choices": [0.0001, 0.004, 0.05]},
        "response": {"path": "actors.state.rule.response", "choices": {"by value": "logit", "by coin": "uniform"}},
        "patience": {"path": "actors.state.discount_per_year", "range": [0.1, 0.3]},
    },
    "design": {"grid": {"levels": 3}},
    "replications": 20,
    "seed": 5,
}


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> sim.Sweep:
    """Sweep a toy on a grid of three factors."""
    folder: Path = tmp_path_factory.mktemp("grid")
    return sim.sweep(experiment_from(CONTENT), folder / "out")


@pytest.fixture(scope="module")
def cells(swept: sim.Sweep) -> SweepCells:
    """Return settlement by hazard and patience."""
    return sweep_cells(swept, "settlement", "settles", "patience")


def text_of(figure: Figure) -> str:
    """Return everything that is written outside the axes."""
    return " ".join(" ".join(text.get_text().split()) for text in figure.texts)


def test_cells_are_means_over_the_rows_of_the_frame(swept: sim.Sweep, cells: SweepCells) -> None:
    """Each cell is the share over all runs with its two values, whatever the third factor."""
    frame = swept.frame()
    by_hand = (frame["outcome"] == "settlement").groupby([frame["patience"], frame["settles"]]).mean()
    np.testing.assert_allclose(cells.mean, by_hand.unstack().to_numpy())
    assert (cells.runs == 40).all()
    assert cells.averaged == ("response",)
    assert cells.x.values == (0.0001, 0.004, 0.05)


def test_the_error_of_a_cell_is_that_of_means_by_luck(swept: sim.Sweep, cells: SweepCells) -> None:
    """Runs of a cell that share their luck count as one: the error is that of the means by replication."""
    frame = swept.frame()
    own = frame[(frame["patience"] == cells.y.values[1]) & (frame["settles"] == 0.004)]
    by_luck = (own["outcome"] == "settlement").groupby(own["replication"]).mean()
    assert cells.standard_error[1, 1] == pytest.approx(by_luck.std(ddof=1) / np.sqrt(20))


def test_numbers_line_and_frame(cells: SweepCells) -> None:
    """Cells carry their shares in per cent, the line of one half divides them, the scenario's own cell is framed."""
    axes = sweep_heat_map_figure(cells).axes[0]
    assert [float(t.get_text()) for t in axes.texts] == [float(f"{100 * v:.0f}") for v in cells.mean.ravel()]
    assert cells.mean[:, 0].max() < 0.5 < cells.mean[:, 2].min()
    points = np.concatenate([path.vertices for path in axes.collections[-1].get_paths()])
    assert len(axes.collections) == 2
    assert ((points[:, 0] > 0.5) & (points[:, 0] < 2.5)).all()
    frames = {patch.get_xy() for patch in axes.patches if isinstance(patch, Rectangle)}
    assert (cells.x.own, cells.y.own) == (1, 1)
    assert frames == {(1, 1)}


def test_axes_name_factors_paths_and_values(cells: SweepCells) -> None:
    """Axes say what varies and what the format says of it; the foot says where it stands in the scenario."""
    figure = sweep_heat_map_figure(cells)
    axes = figure.axes[0]
    name, *meaning = axes.get_xlabel().split("\n")
    assert name == "Settles"
    assert " ".join(meaning) == description_at(Content, SETTLES.split(".")).partition(";")[0]
    assert f"Settles is {SETTLES}; patience is {cells.y.paths[0]}." in text_of(figure)
    assert [t.get_text() for t in axes.get_xticklabels()] == ["0.0001", "0.004", "0.05"]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["0.1", "0.2", "0.3"]


def test_the_footer_says_what_it_came_from(cells: SweepCells) -> None:
    """Scenario, digest, seed, runs, error, and what the means are over."""
    text = text_of(sweep_heat_map_figure(cells))
    worst = f"{100 * cells.standard_error.max():.1f} points"
    for part in (cells.scenario.sha256[:12], "seed 5", "360 runs", "40 runs a cell", worst, "values of response"):
        assert part in text
    assert "Hazard, response and patience" in text


def test_choices_have_labels_and_no_line(swept: sim.Sweep) -> None:
    """Between two choices nothing lies, so no line is drawn; they are called as the experiment calls them."""
    found = sweep_cells(swept, "settlement", "settles", "response")
    figure = sweep_heat_map_figure(found)
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == ["by value", "by coin"]
    assert len(figure.axes[0].collections) == 1
    assert "orange line" not in text_of(figure)


def test_numbers_have_their_unit_and_a_level(swept: sim.Sweep) -> None:
    """A count is coloured from its least to its greatest mean; a level is drawn where one is asked for."""
    found = sweep_cells(swept, "attacks", "settles", "patience")
    figure = sweep_heat_map_figure(found)
    assert figure.axes[1].get_ylabel() == "attacks"
    low, high = figure.axes[0].collections[0].get_clim()
    assert (low, high) == (found.mean.min(), found.mean.max())
    assert len(figure.axes[0].collections) == 1
    middle = float(found.mean.min() + found.mean.max()) / 2.0
    assert len(sweep_heat_map_figure(found, level=middle).axes[0].collections) == 2
    assert "No cell is on the other side of 1e+09" in text_of(sweep_heat_map_figure(found, level=1e9))


def test_failed_runs_are_counted_and_empty_cells_stay_pale(cells: SweepCells) -> None:
    """A cell without a run that ended has no number; the footer counts what failed."""
    mean, failed = cells.mean.copy(), cells.failed.copy()
    mean[0, 0], failed[0, 0] = np.nan, 40
    figure = sweep_heat_map_figure(replace(cells, mean=mean, failed=failed))
    assert len(figure.axes[0].texts) == cells.mean.size - 1
    assert "40 of 360 runs failed and are left out" in text_of(figure)
    with pytest.raises(UsageError, match="no run that ended"):
        sweep_heat_map_figure(replace(cells, mean=np.full_like(mean, np.nan)))


def test_factors_must_be_named_and_form_a_grid(swept: sim.Sweep, tmp_path: Path) -> None:
    """Of three factors two must be named, and every pair of their values needs rows."""
    with pytest.raises(UsageError, match="expected x and y"):
        sweep_cells(swept, "settlement")
    with pytest.raises(UsageError, match="found 'pace', expected one of"):
        sweep_cells(swept, "settlement", "pace", "patience")
    with pytest.raises(UsageError, match="twice"):
        sweep_cells(swept, "settlement", "patience", "patience")
    two = {name: CONTENT["vary"][name] for name in ("settles", "patience")}  # type: ignore[index]
    rows = {"values": {"settles": [0.0001, 0.004], "patience": [0.1, 0.2]}}
    scattered = sim.sweep(experiment_from(CONTENT | {"vary": two, "design": {"rows": rows}}), tmp_path / "out")
    with pytest.raises(UsageError, match=r"2 of 4 pairs.*grid"):
        sweep_cells(scattered, "settlement")
