"""The figure of cumulative incidence shows by when events came, with bands, the reference, and the record's dates."""

from __future__ import annotations

import numpy as np
import pytest
from five_actors_compared import five_actors_compared
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import sim
from sim.errors import UsageError
from sim.plots import figure_bytes
from sim.plots.cumulative_incidence import cumulative_incidence_figure
from sim.record import load_record

EVENTS = ["talks_began", "settlement", "deal_void"]


@pytest.fixture(scope="module")
def figure() -> Figure:
    """Draw the comparison."""
    return cumulative_incidence_figure(five_actors_compared(), EVENTS)


def line(axes: Axes, label: str) -> Line2D:
    """Return the line with a label."""
    return next(found for found in axes.lines if found.get_label() == label)


def test_a_panel_a_scenario_with_its_curves(figure: Figure) -> None:
    """Panels are the scenarios in order; each line is the incidence by day, each band from its low to its high."""
    comparison = five_actors_compared()
    titles = [axes.get_title(loc="left").replace("\n", " ") for axes in figure.axes]
    assert titles == list(comparison.titles.values())
    for name, axes in zip(comparison.scenarios, figure.axes, strict=True):
        bands = [c for c in axes.collections if isinstance(c, PolyCollection)]
        assert len(bands) == len(EVENTS)
        for event, band in zip(EVENTS, bands, strict=True):
            table = comparison.incidence(event).loc[name]
            assert np.allclose(line(axes, event).get_xdata(), table.index)
            assert np.allclose(line(axes, event).get_ydata(), 100 * table.incidence)
            heights = band.get_paths()[0].vertices[:, 1]
            assert np.isclose(heights.max(), 100 * table.high.max())
            assert np.isclose(heights.min(), 100 * table.low.min())


def test_the_reference_is_in_every_other_panel(figure: Figure) -> None:
    """A thin line repeats the first scenario's curve in each other panel."""
    reference = figure.axes[0]
    for axes in figure.axes[1:]:
        thin = [found for found in axes.lines if found.get_linewidth() < 1.0]
        assert len(thin) == len(EVENTS)
        for event, found in zip(EVENTS, thin, strict=True):
            assert np.allclose(found.get_ydata(), line(reference, event).get_ydata())


def test_lines_differ_without_colour(figure: Figure) -> None:
    """Each event has its own dashes as well as its own colour."""
    lines = [line(figure.axes[0], event) for event in EVENTS]
    assert len({str(found._unscaled_dash_pattern) for found in lines}) == len(EVENTS)
    assert len({found.get_color() for found in lines}) == len(EVENTS)


def test_the_last_values_stand_at_the_right(figure: Figure) -> None:
    """Each line's last value is written beside its end."""
    comparison = five_actors_compared()
    for name, axes in zip(comparison.scenarios, figure.axes, strict=True):
        written = sorted(text.get_text() for text in axes.texts)
        expected = sorted(f"{100 * comparison.incidence(event).loc[name].incidence.iloc[-1]:.0f} %" for event in EVENTS)
        assert written == expected


def test_the_axis_is_a_calendar(figure: Figure) -> None:
    """Months are named, and the year under its first."""
    figure.draw_without_rendering()
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert labels[0] == "Jan\n2030"


def test_the_record_is_marked() -> None:
    """The dates of the record that the reference names stand in every panel and in the legend."""
    scenario = sim.load("doha_2020/baseline")
    comparison = sim.compare([scenario], runs=20, seed=3)
    figure = cumulative_incidence_figure(comparison, ["talks_began", "government_collapse"])
    record = load_record("doha_2020")
    assert record.outcome is not None
    dates = {"talks_began": record.milestones["talks_open"].date, "government_collapse": record.outcome.date}
    for axes in figure.axes:
        for event, date in dates.items():
            assert line(axes, f"record {event}").get_xdata()[0] == (date - scenario.start).days
    legend = " ".join(text.get_text() for text in figure.legends[0].get_texts())
    assert "what happened: 12 Sep 2020" in legend
    assert record.sha256[:12] in figure.texts[-1].get_text()


def test_by_default_talks_and_the_most_frequent_ends() -> None:
    """Without events asked for, talks come first, then the two most frequent ends over all scenarios."""
    comparison = five_actors_compared()
    share = comparison.shares.share.groupby(level="outcome").mean()
    ends = share[["settlement", "deal_void", "civil_war", "government_collapse"]].nlargest(2)
    drawn = [found.get_label() for found in cumulative_incidence_figure(comparison).axes[0].lines]
    assert [label for label in drawn if not label.startswith("_")] == ["talks_began", *ends.index]


def test_the_footer_reproduces_the_figure(figure: Figure) -> None:
    """Digests, seed and runs stand at the foot, and equal comparisons give equal files."""
    foot = " ".join(figure.texts[-1].get_text().split())
    assert "seed 5" in foot
    assert figure_bytes(figure) == figure_bytes(cumulative_incidence_figure(five_actors_compared(), EVENTS))


def test_events_that_cannot_be_drawn_are_refused() -> None:
    """No events, too many, and one that no scenario knows are errors with the number or the name."""
    comparison = five_actors_compared()
    with pytest.raises(UsageError, match="found 0"):
        cumulative_incidence_figure(comparison, [])
    with pytest.raises(UsageError, match="found 6"):
        cumulative_incidence_figure(comparison, ["settlement"] * 6)
    with pytest.raises(UsageError, match="peace"):
        cumulative_incidence_figure(comparison, ["peace"])
