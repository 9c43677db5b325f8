"""Figures of sensitivity show the numbers of the result: bars, marks, intervals, lines, notes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from SALib.sample import morris
from sensitivity_functions import g_function, one_by_one, own_luck, saltelli
from swept_results import frame_of, swept

from sim.errors import UsageError
from sim.experiments.sensitivity import Sensitivity, sensitivity_in
from sim.plots import figure_bytes
from sim.plots.index_convergence import LINES, index_convergence_figure
from sim.plots.morris_plane import MOST_NAMED, morris_plane_figure
from sim.plots.sensitivity_page import KIND_COLOURS
from sim.plots.sobol_bars import MOST, UNSETTLED, sobol_bars_figure
from sim.plots.style import words

KINDS = ("deal.outcomes.", "actors.state.payoff.", "actors.rebels.rule.", "world.", "deal.captives.")


def paths_of(count: int) -> dict[str, str]:
    """Name factors, kind after kind."""
    return {f"factor_{i}": f"{KINDS[i % len(KINDS)]}x{i}" for i in range(count)}


def analysed(points: np.ndarray, runs: np.ndarray, widest: float = 9.0) -> Sensitivity:
    """Analyse runs of as many factors as the points have."""
    experiment = swept(points, runs.shape[1], paths_of(points.shape[1]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sensitivity_in(frame_of(runs), experiment, "released", widest=widest, resamples=30)


def by_sobol(factors: int, blocks: int = 64, **more: Any) -> Sensitivity:
    """Return indices of the g-function under luck, with a few failed runs."""
    points = saltelli(blocks, one_by_one(factors), seed=1).reshape(-1, factors)
    runs = own_luck(g_function(np.linspace(0.0, 20.0, factors)).function(points), 0.2, 4, seed=1)
    runs[3, 0] = np.nan
    return analysed(points, runs, **more)


def by_morris(factors: int) -> Sensitivity:
    """Return elementary effects of the g-function under luck."""
    box = {"num_vars": factors, "names": list(paths_of(factors)), "bounds": [[0, 1]] * factors}
    points = morris.sample(box, 20, seed=np.random.default_rng(1))
    return analysed(points, own_luck(g_function(np.linspace(0.0, 20.0, factors)).function(points), 0.2, 4, seed=1))


@pytest.fixture(scope="module")
def sobol() -> Sensitivity:
    """Return indices of five factors."""
    return by_sobol(5, blocks=256)


@pytest.fixture(scope="module")
def effects() -> Sensitivity:
    """Return elementary effects of five factors."""
    return by_morris(5)


def footer_of(figure: Figure) -> str:
    """Return everything that is written on a figure outside its axes, in one line."""
    return " ".join(" ".join(text.get_text().split()) for text in figure.texts)


def intervals_of(figure: Figure) -> np.ndarray:
    """Return the ends of all interval lines of the first axes, shape (lines, 2, 2)."""
    found = [c for c in figure.axes[0].collections if isinstance(c, LineCollection)]
    return np.concatenate([np.array(c.get_segments()) for c in found])


def test_bars_are_the_indices(sobol: Sensitivity) -> None:
    """Each factor has a bar of its first-order and one of its total index, the largest total on top."""
    assert sobol.sobol is not None
    axes = sobol_bars_figure(sobol).axes[0]
    order = np.argsort(-sobol.sobol.total, kind="stable")
    widths = np.array([bar.get_width() for bar in axes.patches])
    np.testing.assert_allclose(widths, np.clip(np.r_[sobol.sobol.first[order], sobol.sobol.total[order]], 0.0, 1.0))
    assert [t.get_text() for t in axes.get_yticklabels()] == [words(sobol.names[i]) for i in order]
    low, high = axes.get_ylim()
    assert low > high


def ends_of(result: Sensitivity) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the intervals of first-order and total indices."""
    assert result.sobol is not None
    return [result.sobol.first_interval, result.sobol.total_interval]


def test_intervals_are_those_of_the_result(sobol: Sensitivity) -> None:
    """A line from end to end of each interval, cut to [0, 1], lies inside the axes; what is unsettled is hatched."""
    assert sobol.sobol is not None
    figure = sobol_bars_figure(sobol)
    drawn = np.sort(intervals_of(figure)[:, :, 0].ravel())
    ends = [*sobol.sobol.first_interval, *sobol.sobol.total_interval]
    np.testing.assert_allclose(drawn, np.sort(np.clip(np.concatenate(ends), 0.0, 1.0)))
    left, right = figure.axes[0].get_xlim()
    assert left < drawn[0]
    assert drawn[-1] < right
    order = np.argsort(-sobol.sobol.total, kind="stable")
    spans = [(high - low)[order] for low, high in ends_of(sobol)]
    hatched = [bar.get_hatch() is not None for bar in figure.axes[0].patches]
    assert hatched == [bool(span > UNSETTLED) for span in np.concatenate(spans)]


def test_every_kind_is_in_the_legend(sobol: Sensitivity, effects: Sensitivity) -> None:
    """The legend names the kinds that occur and no other, beside what else is drawn."""
    for figure in (sobol_bars_figure(sobol), morris_plane_figure(effects)):
        labels = {text.get_text() for text in figure.legends[0].get_texts()}
        assert labels & set(KIND_COLOURS) == set(sobol.kinds)


@pytest.mark.parametrize("draw", [sobol_bars_figure, index_convergence_figure])
def test_the_footer_says_what_it_came_from(sobol: Sensitivity, draw: Any) -> None:
    """Scenario, digest, seed and runs stand below, with luck, shares by kind and failed runs."""
    text = footer_of(draw(sobol))
    for part in (
        sobol.scenario.title,
        f"scenario {sobol.scenario.sha256[:12]}",
        "seed 3",
        f"{sobol.failures.runs:,} runs",
        f"{100 * sobol.split.luck_share:.0f} % of the variance of a single run is luck",
        "1 of 7,168 runs failed; 0 of 256 blocks left out",
        f"{sobol.shares[0].kind} {round(100 * sobol.shares[0].share)} ±",
        "Mean of released: ",
    ):
        assert part in text


def test_what_has_not_converged_says_so() -> None:
    """The advice stands in the footer, and only where there is one."""
    wide = by_sobol(3, widest=0.01)
    assert wide.advice is not None
    assert f"Not converged: {wide.advice}" in footer_of(sobol_bars_figure(wide))
    assert "Not converged" not in footer_of(sobol_bars_figure(by_sobol(3)))


def test_luck_alone_is_not_drawn() -> None:
    """Where the variance cannot be told from luck there are no bars and no lines that could be taken for results."""
    points = saltelli(64, one_by_one(3), seed=1).reshape(-1, 3)
    alone = analysed(points, np.random.default_rng(8).normal(size=(len(points), 2)))
    for draw in (sobol_bars_figure, index_convergence_figure):
        with pytest.raises(UsageError, match="luck is all that shows"):
            draw(alone)


def test_many_factors_are_cut_and_counted() -> None:
    """More factors than fit are left out, the least important ones, and the note counts them."""
    many = by_sobol(MOST + 4, blocks=64)
    figure = sobol_bars_figure(many)
    assert len(figure.axes[0].get_yticklabels()) == MOST
    assert "4 factors with smaller totals are not shown" in footer_of(figure)
    lines = index_convergence_figure(many)
    assert len([line for line in lines.axes[0].lines if not line.get_label().startswith("_")]) == len(LINES)
    assert f"{MOST + 4 - len(LINES)} factors with smaller indices are not shown" in footer_of(lines)


def test_marks_stand_at_mu_star_and_sigma(effects: Sensitivity) -> None:
    """Each factor is one mark, with its interval level with it and its name beside it."""
    found = effects.morris
    assert found is not None
    axes = morris_plane_figure(effects).axes[0]
    marks = np.concatenate([line.get_xydata() for line in axes.lines if line.get_linestyle() == "None"])
    expected = np.column_stack([found.mu_star, found.sigma])
    np.testing.assert_allclose(np.sort(marks, axis=0), np.sort(expected, axis=0))
    drawn = intervals_of(morris_plane_figure(effects))
    np.testing.assert_allclose(np.sort(drawn[:, 0, 0]), np.sort(np.maximum(found.mu_star_interval[0], 0.0)))
    np.testing.assert_allclose(np.sort(drawn[:, 1, 0]), np.sort(found.mu_star_interval[1]))
    assert {text.get_text() for text in axes.texts} == {words(name) for name in effects.names}


def test_luck_has_its_line(effects: Sensitivity) -> None:
    """The dashed line stands at the mu* of luck alone; without replications there is none."""
    assert effects.morris is not None
    lines = {line.get_label(): line for line in morris_plane_figure(effects).axes[0].lines}
    assert lines["mu* of luck alone"].get_xdata()[0] == pytest.approx(effects.morris.mu_star_of_luck.max())
    box = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    points = morris.sample(box, 10, seed=np.random.default_rng(1))
    alone = analysed(points, g_function([0, 1, 9]).function(points)[:, None])
    figure = morris_plane_figure(alone)
    assert "mu* of luck alone" not in {line.get_label() for line in figure.axes[0].lines}
    assert "cannot tell luck from effect" in footer_of(figure)


def test_names_do_not_cover_one_another() -> None:
    """With more factors than are named, the drawn names lie apart."""
    result = by_morris(MOST_NAMED + 3)
    figure = morris_plane_figure(result)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    # of the letters alone: an annotation's own extent includes its line
    boxes = [Text.get_window_extent(text, renderer) for text in figure.axes[0].texts]
    assert len(boxes) == MOST_NAMED
    assert f"The {MOST_NAMED} factors with the largest mu* of {MOST_NAMED + 3} are named" in footer_of(figure)
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            width = min(one.x1, other.x1) - max(one.x0, other.x0)
            height = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert width <= 2.0 or height <= 2.0


@pytest.mark.parametrize("order", ["total", "first"])
def test_lines_follow_the_sequence(sobol: Sensitivity, order: Any) -> None:
    """Each line has one point a step of the sequence, at its index; ticks are the numbers of blocks."""
    axes = index_convergence_figure(sobol, order).axes[0]
    lines = [line for line in axes.lines if not line.get_label().startswith("_")]
    assert len(lines) == 5
    for line in lines:
        i = [words(name) for name in sobol.names].index(line.get_label())
        np.testing.assert_allclose(line.get_ydata(), [getattr(step, order)[i] for step in sobol.sequence])
    assert [t.get_text() for t in axes.get_xticklabels()] == [f"{step.blocks}" for step in sobol.sequence]


def test_the_other_method_is_named(sobol: Sensitivity, effects: Sensitivity) -> None:
    """A figure of the wrong method says which to draw."""
    with pytest.raises(UsageError, match="morris_plane_figure"):
        sobol_bars_figure(effects)
    with pytest.raises(UsageError, match="sobol_bars_figure"):
        morris_plane_figure(sobol)
    with pytest.raises(UsageError, match="saltelli"):
        index_convergence_figure(effects)
    with pytest.raises(UsageError, match="'second'"):
        index_convergence_figure(sobol, "second")  # type: ignore[arg-type]


def test_equal_results_give_equal_files(sobol: Sensitivity) -> None:
    """The bytes of a figure repeat, as PNG and as SVG."""
    assert figure_bytes(sobol_bars_figure(sobol)) == figure_bytes(sobol_bars_figure(sobol))
