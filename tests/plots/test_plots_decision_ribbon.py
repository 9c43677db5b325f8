"""The decision ribbon shows which move stood when, and each decision with its probability."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

import sim
from sim.errors import UsageError
from sim.plots import figure_bytes
from sim.plots.decision_ribbon import decision_ribbon_figure, standing_moves
from sim.plots.style import words


@pytest.fixture(scope="module")
def run() -> sim.Run:
    """Return a run of five actors, one of whose moves has a long name."""
    return sim.run(sim.load("toys/five_actors"), seed=7)


@pytest.fixture(scope="module")
def figure(run: sim.Run) -> Figure:
    """Return its figure."""
    return decision_ribbon_figure(run)


def panel(figure: Figure, label: str) -> Axes:
    """Return the panel of an actor."""
    return next(axes for axes in figure.axes if axes.get_title(loc="left") == label)


def ticks(axes: Axes) -> LineCollection:
    """Return the decisions of a panel."""
    return next(c for c in axes.collections if isinstance(c, LineCollection) and c.get_label() == "decisions")


def test_a_panel_an_actor_and_a_lane_a_move(run: sim.Run, figure: Figure) -> None:
    """Panels have the actors' labels, lanes the names of their moves, in the order of the scenario."""
    actors = run.scenario.actors.values()
    assert [a.get_title(loc="left") for a in figure.axes if a.get_title(loc="left")] == [a.label for a in actors]
    for actor in actors:
        axes = panel(figure, actor.label)
        assert [t.get_text().replace("\n", " ") for t in axes.get_yticklabels()] == [words(m) for m in actor.moves]
        assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first move is on top"


def test_spans_cover_the_run_and_follow_the_log(run: sim.Run) -> None:
    """The moves that stand join without gaps from day 0 to the end, and the standing move at a day is the log's."""
    moved = run.events[run.events.kind == "move"]
    for name, actor in run.scenario.actors.items():
        spans = standing_moves(run, name)
        assert spans[0][0] == 0.0
        assert spans[0][2] == actor.opening_move
        assert spans[-1][1] == run.outcome["outcome_day"]
        assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))
        for begin, end, move in spans:
            before = moved[(moved.actor == name) & (moved.day < (begin + end) / 2)]
            assert move == (before.move.iloc[-1] if len(before) else actor.opening_move)


def test_the_bands_are_the_spans(run: sim.Run, figure: Figure) -> None:
    """Every span is drawn once, in the lane of its move."""
    for name, actor in run.scenario.actors.items():
        axes = panel(figure, actor.label)
        lanes = dict(zip(actor.moves, axes.get_yticks(), strict=True))
        drawn = []
        for band in (c for c in axes.collections if isinstance(c, PolyCollection)):
            corners = band.get_paths()[0].vertices
            drawn.append((corners[:, 0].min(), corners[:, 0].max(), (corners[:, 1].min() + corners[:, 1].max()) / 2))
        assert np.allclose(drawn, [(begin, end, lanes[move]) for begin, end, move in standing_moves(run, name)])


def test_ticks_are_the_decisions_coloured_by_their_probability(run: sim.Run, figure: Figure) -> None:
    """A tick stands on its day, in the lane of the move chosen, with the probability of that choice as its colour."""
    for name, actor in run.scenario.actors.items():
        axes = panel(figure, actor.label)
        lanes = dict(zip(actor.moves, axes.get_yticks(), strict=True))
        made = [d for d in run.decisions if d.actor == name]
        assert len(ticks(axes).get_segments()) == len(made)
        if not made:
            continue  # an actor that never has a choice decides nothing
        segments = np.array(ticks(axes).get_segments())
        assert np.allclose(segments[:, :, 0], np.array([[d.day] * 2 for d in made]))
        assert np.allclose(segments[:, :, 1].mean(axis=1), [lanes[d.chosen] for d in made])
        expected = [next(m.probability for m in d.moves if m.move == d.chosen) for d in made]
        assert np.allclose(ticks(axes).get_array(), expected)
        assert ticks(axes).get_clim() == (0.0, 1.0)


def test_dots_are_the_decisions_that_were_called(run: sim.Run, figure: Figure) -> None:
    """A dot is on every decision that no review made, and on no other."""
    dots = [
        (axes.get_title(loc="left"), day)
        for axes in figure.axes
        for line in axes.lines
        if line.get_label().startswith("called")
        for day in line.get_xdata()
    ]
    labels = {name: actor.label for name, actor in run.scenario.actors.items()}
    called = [(labels[d.actor], d.day) for d in run.decisions if d.called_by != "review"]
    assert called
    assert sorted(dots) == sorted(called)


def test_what_happened_is_marked_and_what_reproduces_it_written(run: sim.Run, figure: Figure) -> None:
    """The strip names the outcome with its date; the footer has the scenario's digest and the seed."""
    strip = " ".join(t.get_text() for t in figure.axes[0].texts)
    assert run.outcome["outcome"].replace("_", " ") in strip
    foot = figure.texts[-1].get_text()
    assert run.scenario.sha256[:12] in foot
    assert "seed 7" in foot


def test_nothing_is_cut_off(figure: Figure) -> None:
    """Every word lies inside the page."""
    figure.draw_without_rendering()
    page = figure.bbox
    for axes in figure.axes:
        box = axes.get_tightbbox()
        assert box is None or (box.x0 >= page.x0 and box.x1 <= page.x1 and box.y0 >= page.y0 and box.y1 <= page.y1)


def test_equal_runs_give_equal_files(run: sim.Run, figure: Figure) -> None:
    """The bytes of a figure repeat."""
    assert figure_bytes(figure) == figure_bytes(decision_ribbon_figure(run))


def test_a_run_without_a_log_is_refused() -> None:
    """An untraced run has no decisions to show, and the error says how to get them."""
    with pytest.raises(UsageError, match="trace=True"):
        decision_ribbon_figure(sim.run(sim.load("toys/two_actors"), seed=7, trace=False))
