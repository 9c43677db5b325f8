"""The figure of outcome shares shows each share with its interval, and names what never came."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from five_actors_compared import LONG, five_actors_compared
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

import sim
from sim.plots import figure_bytes
from sim.plots.outcome_shares import outcome_shares_figure
from sim.plots.scenario_rows import measure_title, wrapped


@pytest.fixture(scope="module")
def figure() -> Figure:
    """Draw the comparison."""
    return outcome_shares_figure(five_actors_compared())


def test_a_column_an_outcome_that_came(figure: Figure) -> None:
    """Columns are the outcomes that some run had, in their order; the rest are named at the foot."""
    shares = five_actors_compared().shares.share
    seen = [o for o in shares.index.unique("outcome") if (shares.xs(o, level="outcome") > 0).any()]
    came = [o for o in seen if five_actors_compared().measures[o].kind in ("outcome", "talks")]
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        measure_title(five_actors_compared(), o) for o in came
    ]
    foot = figure.texts[-1].get_text()
    for outcome in set(shares.index.unique("outcome")) - set(came):
        assert five_actors_compared().measures[outcome].label in foot.replace("\n", " ")


def test_rows_are_the_scenarios_in_order(figure: Figure) -> None:
    """Names stand at the left, wrapped but whole, the reference first and in bold."""
    labels = figure.axes[0].get_yticklabels()
    assert [label.get_text().replace("\n", " ") for label in labels] == list(five_actors_compared().titles.values())
    assert "\n" in labels[1].get_text()
    assert [label.get_fontweight() == "bold" for label in labels] == [True, False, False, False]


def test_bars_dots_and_lines_are_shares_and_intervals(figure: Figure) -> None:
    """A bar is as long as the share, the dot stands at its end, the line from the lower to the upper end."""
    shares = five_actors_compared().shares
    titles = {measure_title(five_actors_compared(), o): o for o in shares.index.unique("outcome")}
    for axes in figure.axes:
        table = shares.xs(titles[axes.get_title(loc="left")], level="outcome").loc[
            list(five_actors_compared().scenarios)
        ]
        assert np.allclose([bar.get_width() for bar in axes.patches], 100 * table.share)
        dots = next(line for line in axes.lines if line.get_marker() == "o")
        assert np.allclose(dots.get_xdata(), 100 * table.share)
        assert np.allclose(dots.get_ydata(), axes.get_yticks())
        segments = next(c for c in axes.collections if isinstance(c, LineCollection)).get_segments()
        assert np.allclose([s[:, 0] for s in segments], 100 * table[["low", "high"]].to_numpy())


def test_no_share_lacks_an_interval(figure: Figure) -> None:
    """Also a share of zero has a line of some length."""
    for axes in figure.axes:
        segments = next(c for c in axes.collections if isinstance(c, LineCollection)).get_segments()
        assert all(s[1, 0] > s[0, 0] for s in segments)


def test_an_inch_is_the_same_in_every_column(figure: Figure) -> None:
    """Lengths compare across columns."""
    scales = [
        (axes.get_xlim()[1] - axes.get_xlim()[0]) / (axes.get_position().width * figure.get_figwidth())
        for axes in figure.axes
    ]
    assert np.allclose(scales, scales[0])


def test_the_footer_reproduces_the_figure(figure: Figure) -> None:
    """Digests of all scenarios in order, seed, runs and version stand at the foot, with the comparison's notes."""
    foot = " ".join(figure.texts[-1].get_text().split())
    for part in ("seed 5", "80 runs", sim.__version__, five_actors_compared().notes[0]):
        assert part in foot
    assert figure_bytes(figure) == figure_bytes(outcome_shares_figure(five_actors_compared()))


def test_words_do_not_touch(figure: Figure) -> None:
    """Titles of columns end before the next column's, names before the first column, and all lies on the page."""
    figure.draw_without_rendering()
    boxes = [axes._left_title.get_window_extent() for axes in figure.axes]
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes))
    first = figure.axes[0]
    assert all(label.get_window_extent().x1 < first.bbox.x0 for label in first.get_yticklabels())
    assert all(label.get_window_extent().x0 > 0 for label in first.get_yticklabels())
    assert all(text.get_window_extent().x1 <= figure.bbox.x1 for text in figure.texts)
    assert len(LONG) > 60


@given(st.text(st.sampled_from("ab_/ "), max_size=60), st.integers(5, 20))
def test_names_are_wrapped_without_loss(name: str, width: int) -> None:
    """Lines fit, nothing but spaces is lost, and a word is cut only if no slash or underscore is near."""
    lines = wrapped(name, width)
    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert not any(line.startswith(" ") or line.endswith(" ") for line in lines)
