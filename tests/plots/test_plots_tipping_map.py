"""The figure of a tipping map shows what the map says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.patches import Rectangle

import sim
from sim.errors import UsageError
from sim.experiments.tipping_map import GridAxis, TippingMap, tipping_map
from sim.plots import figure_bytes
from sim.plots.style import words
from sim.plots.tipping_map import tipping_map_figure

SETTLES = "deal.outcomes.settlement.per_day"
QUIET = "actors.rebels.payoff.per_year.holding_fire"


@pytest.fixture(scope="module")
def toy_map() -> TippingMap:
    """Return a map whose middle column is the scenario's own."""
    x = GridAxis(SETTLES, (0.0001, 0.004, 0.05))
    return tipping_map(sim.load("toys/two_actors"), x, GridAxis(QUIET, (-0.8, -0.4)), runs=60, seed=3)


def test_one_panel_an_outcome_that_came(toy_map: TippingMap) -> None:
    """Panels are those measures that some run had; the footer names the rest, the seed and the digest."""
    figure = tipping_map_figure(toy_map)
    titles = [axes.get_title(loc="left") for axes in figure.axes[:-1]]
    assert titles == [words(name) for name in sim.OUTCOMES[1:] if toy_map.share(name).any()] + ["Talks began"]
    text = "\n".join(t.get_text() for t in figure.texts)
    assert "civil war" in text
    assert toy_map.scenario.sha256[:12] in text
    assert "seed 3" in text


def test_cells_carry_their_shares(toy_map: TippingMap) -> None:
    """The number in a cell is its share in per cent."""
    axes = tipping_map_figure(toy_map).axes[0]
    numbers = [float(t.get_text()) for t in axes.texts]
    assert numbers == [float(f"{100 * v:.0f}") for v in toy_map.share("settlement").ravel()]


def test_the_line_stands_where_the_share_crosses_one_half(toy_map: TippingMap) -> None:
    """Only panels whose share crosses one half have a contour, and it lies between the cells that it divides."""
    figure = tipping_map_figure(toy_map)
    share = toy_map.share("settlement")
    assert share[:, 0].max() < 0.5 < share[:, 2].min()
    contour = figure.axes[0].collections[-1]
    points = np.concatenate([path.vertices for path in contour.get_paths()])
    assert ((points[:, 0] > 0.5) & (points[:, 0] < 2.5)).all()
    void = next(axes for axes in figure.axes if axes.get_title(loc="left") == "Government collapse")
    assert len(void.collections) == 1


def test_the_own_cell_is_framed(toy_map: TippingMap) -> None:
    """The frame is on the cell of the scenario's own values, and there is none on a grid without them."""
    frames = [patch for patch in tipping_map_figure(toy_map).axes[0].patches if isinstance(patch, Rectangle)]
    assert {frame.get_xy() for frame in frames} == {(1, 1)}
    x = GridAxis(SETTLES, (0.001, 0.002))
    other = tipping_map(toy_map.scenario, x, toy_map.y, runs=5, seed=3)
    assert not tipping_map_figure(other).axes[0].patches


def test_equal_maps_give_equal_files(toy_map: TippingMap) -> None:
    """The bytes of a figure repeat."""
    assert figure_bytes(tipping_map_figure(toy_map)) == figure_bytes(tipping_map_figure(toy_map))


def test_runs_that_stopped_are_named(toy_map: TippingMap) -> None:
    """The footer counts runs without an outcome, and a map of nothing else is refused."""
    counts = toy_map.counts.copy()
    counts[0, 0] = 0
    texts = tipping_map_figure(dataclasses.replace(toy_map, counts=counts)).texts
    assert any("60 runs stopped themselves" in t.get_text() for t in texts)
    with pytest.raises(UsageError, match="no run"):
        tipping_map_figure(dataclasses.replace(toy_map, counts=0 * counts))
