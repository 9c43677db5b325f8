"""The figure of paired differences shows each difference with its interval, and says which signs the runs tell."""

from __future__ import annotations

import numpy as np
import pytest
from five_actors_compared import five_actors_compared
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import sim
from sim.errors import UsageError
from sim.plots import figure_bytes
from sim.plots.paired_differences import paired_differences_figure
from sim.plots.scenario_rows import measure_title
from sim.plots.style import BLUE, GREY


@pytest.fixture(scope="module")
def figure() -> Figure:
    """Draw the comparison."""
    return paired_differences_figure(five_actors_compared())


def rows(axes: Axes) -> list[tuple[float, float, float, str, str]]:
    """Return dot, ends, colour and filling of each row of a column."""
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    bars = [line for line in axes.lines if line.get_marker() == "None" and len(set(line.get_ydata())) == 1][
        -len(dots) :
    ]
    found = []
    for dot in dots:
        bar = next(b for b in bars if b.get_ydata()[0] == dot.get_ydata()[0] and b.get_color() != "#EEEEEE")
        found.append((dot.get_xdata()[0], *bar.get_xdata(), dot.get_markeredgecolor(), dot.get_markerfacecolor()))
    return found


def test_dots_and_lines_are_the_differences(figure: Figure) -> None:
    """Rows are the scenarios but for the reference; each dot and line is what the table says, in points."""
    comparison = five_actors_compared()
    names = list(comparison.scenarios)[1:]
    labels = figure.axes[0].get_yticklabels()
    assert [label.get_text().replace("\n", " ") for label in labels] == [comparison.titles[name] for name in names]
    titles = {measure_title(comparison, o): o for o in comparison.differences.index.unique("outcome")}
    for axes in figure.axes:
        outcome = titles[axes.get_title(loc="left")]
        table = comparison.differences.loc[(names, outcome), ["difference", "low", "high"]]
        assert np.allclose([row[:3] for row in rows(axes)], 100 * table.to_numpy())


def test_colour_says_whether_the_runs_tell_the_sign(figure: Figure) -> None:
    """Blue where the interval excludes zero, whichever way; hollow grey where it holds it; both occur here."""
    seen = set()
    for axes in figure.axes:
        for _middle, low, high, edge, face in rows(axes):
            expected = BLUE if low > 0 or high < 0 else GREY
            assert edge == expected
            assert face == ("white" if expected == GREY else expected)
            seen.add(expected)
    assert seen == {BLUE, GREY}


def test_every_interval_lies_within_its_column(figure: Figure) -> None:
    """No line is cut off."""
    for axes in figure.axes:
        low, high = axes.get_xlim()
        assert all(low <= row[1] <= row[2] <= high for row in rows(axes))


def test_what_shared_luck_was_worth_is_said(figure: Figure) -> None:
    """The foot says how many times as many runs independent seeds would need, and that intervals are of simulation."""
    foot = " ".join(figure.texts[-1].get_text().split())
    table = five_actors_compared().differences
    ratio = (table.independent_runs / table.pairs).replace(np.inf, np.nan).dropna()
    assert "with luck of its own, they would need " in foot
    assert f" to {ratio.max():.1f})." in foot
    assert "interval of simulation, not of the model" in foot
    assert "seed 5" in foot


def test_equal_comparisons_give_equal_files(figure: Figure) -> None:
    """The bytes of a figure repeat."""
    assert figure_bytes(figure) == figure_bytes(paired_differences_figure(five_actors_compared()))


def test_a_reference_alone_is_refused() -> None:
    """One scenario has no difference to show."""
    alone = sim.compare([sim.load("toys/two_actors")], runs=5, seed=1, baselines=False)
    with pytest.raises(UsageError, match="at least one other"):
        paired_differences_figure(alone)


def test_scenarios_that_do_not_differ_have_a_figure() -> None:
    """Where nothing differs one column says so, with an interval that is not empty."""
    toy = sim.load("toys/two_actors")
    same = sim.compare([toy, toy], runs=20, seed=1, names=["a", "b"], baselines=False)
    figure = paired_differences_figure(same)
    assert len(figure.axes) == 1
    ((middle, low, high, edge, _face),) = rows(figure.axes[0])
    assert middle == 0.0
    assert low < 0.0 < high
    assert edge == GREY
