"""The figure of record percentiles shows each quantity's place among the runs, and says what was fitted."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import sim
from sim.errors import UsageError
from sim.plots import figure_bytes
from sim.plots.calendar_axis import day_month_year
from sim.plots.record_percentiles import Z, record_percentiles_figure
from sim.plots.style import BLUE
from sim.record import load_record


@pytest.fixture(scope="module")
def scenario() -> sim.Scenario:
    """Return a scenario with a record."""
    return sim.load("doha_2020/baseline")


@pytest.fixture(scope="module")
def result(scenario: sim.Scenario) -> pd.DataFrame:
    """Hold a few runs against the record, with a yardstick."""
    batch, coin = (sim.replicate(s, runs=60, seed=3) for s in (scenario, sim.load("doha_2020/uniform")))
    return sim.record_scores(batch, load_record("doha_2020"), baselines={"uniform": coin})


@pytest.fixture(scope="module")
def figure(result: pd.DataFrame, scenario: sim.Scenario) -> Figure:
    """Return its figure."""
    return record_percentiles_figure(result, scenario)


def dots(figure: Figure) -> dict[str, Line2D]:
    """Return the dots by quantity."""
    return {str(line.get_label()): line for line in figure.axes[0].lines if line.get_marker() == "o"}


def test_dots_stand_at_the_percentiles(result: pd.DataFrame, figure: Figure) -> None:
    """Each quantity with a percentile has a dot there, in the row of its name, and no other has one."""
    drawn = dots(figure)
    known = result[result.percentile.notna()]
    assert set(drawn) == set(known.quantity)
    for place, row in known.iterrows():
        assert drawn[row.quantity].get_xdata() == [row.percentile]
        assert drawn[row.quantity].get_ydata() == [place]


def test_bars_are_intervals_of_simulation(result: pd.DataFrame, figure: Figure) -> None:
    """The bar through a dot is its 95 % interval, cut at 0 and 100."""
    bars = [
        tuple(line.get_xdata())
        for line in figure.axes[0].lines
        if line.get_color() == BLUE and line.get_marker() == "None"
    ]
    known = result[result.percentile.notna()]
    ends = np.clip(known.percentile.to_numpy()[:, None] + Z * known.percentile_se.to_numpy()[:, None] * [-1, 1], 0, 100)
    assert np.allclose(sorted(bars), sorted(map(tuple, ends)))


def test_what_was_fitted_is_hollow(result: pd.DataFrame, figure: Figure) -> None:
    """Facts that numbers were fitted to are hollow, all others filled; there are both."""
    faces = {name: dot.get_markerfacecolor() for name, dot in dots(figure).items()}
    known = result[result.percentile.notna()].set_index("quantity").used_to_fit
    assert set(known) == {True, False}
    assert faces == {name: "white" if fitted else BLUE for name, fitted in known.items()}


def test_columns_say_the_same_in_units(result: pd.DataFrame, scenario: sim.Scenario, figure: Figure) -> None:
    """Beside each strip stand the date of the record, the share of runs and the skill against the yardstick."""
    written = [text.get_text() for text in figure.axes[0].texts]
    first = result.iloc[0]
    assert first.unit == "days"
    assert day_month_year(scenario.start + dt.timedelta(days=int(first.observed))) in written
    assert f"{100 * first.runs_with:.0f} %" in written
    skill = f"{first.skill_uniform:.2f}".replace("-", "−")
    assert any(text.startswith(skill) and "±" in text for text in written)
    assert "skill against\ncoin flips" in written


def test_an_end_that_never_comes_is_never(result: pd.DataFrame, scenario: sim.Scenario) -> None:
    """Where fewer than 95 % of runs have the date, the upper end is `never`, not a date."""
    row = result.index[result.unit == "days"][0]
    changed = result.copy()
    changed.attrs = result.attrs
    changed.loc[row, "high"] = np.nan
    written = [text.get_text() for text in record_percentiles_figure(changed, scenario).axes[0].texts]
    assert any("to never)" in text for text in written)


def test_what_cannot_be_placed_says_why(result: pd.DataFrame, scenario: sim.Scenario) -> None:
    """A row without a percentile has its note in place of a dot."""
    row = result.index[result.unit == "days"][0]
    changed = result.copy()
    changed.attrs = result.attrs
    changed.loc[row, ["percentile", "percentile_se", "median", "low", "high"]] = np.nan
    changed.loc[row, "note"] = "the record has no such milestone"
    figure = record_percentiles_figure(changed, scenario)
    assert result.quantity[row] not in dots(figure)
    assert "the record has no such milestone" in [text.get_text() for text in figure.axes[0].texts]


def test_the_footer_reproduces_the_figure(scenario: sim.Scenario, figure: Figure, result: pd.DataFrame) -> None:
    """Digests of scenario and record, seed and runs stand at the foot, and equal frames give equal files."""
    foot = figure.texts[-1].get_text()
    for part in (scenario.sha256[:12], load_record("doha_2020").sha256[:12], "seed 3", "60 runs"):
        assert part in foot
    assert figure_bytes(figure) == figure_bytes(record_percentiles_figure(result, scenario))


def test_nothing_is_cut_off(figure: Figure) -> None:
    """Every word lies inside the page."""
    figure.draw_without_rendering()
    box, page = figure.axes[0].get_tightbbox(), figure.bbox
    assert box is not None
    assert box.x0 >= page.x0
    assert box.x1 <= page.x1
    assert box.y1 <= page.y1


def test_a_record_without_facts_is_refused(result: pd.DataFrame, scenario: sim.Scenario) -> None:
    """Nothing to show is an error that says so."""
    with pytest.raises(UsageError, match="no quantity"):
        record_percentiles_figure(result.iloc[:0], scenario)


def test_rows_have_titles_and_the_figure_a_finding(result: pd.DataFrame, figure: Figure) -> None:
    """A row is called by what it dates or by series and window, never by a key; the title counts what lies outside."""
    labels = [label.get_text().replace("\n", " ") for label in figure.axes[0].get_yticklabels()]
    assert "Date of government collapse" in labels
    assert not any("_" in label for label in labels)
    assert not {"Kabul", "Attacks first 45 days"} & set(labels)
    assert any("1 Mar to 15 Apr 2020" in label for label in labels)
    known = result[result.percentile.notna()]
    outside = ((known.percentile < 5.0) | (known.percentile > 95.0)).sum()
    title = figure.texts[0].get_text()
    assert title.startswith(f"{outside} of {len(known)} facts" if outside else f"All {len(known)} facts")


def test_the_line_of_the_middle_crosses_no_words(result: pd.DataFrame, figure: Figure) -> None:
    """It is drawn in the rows that have a dot and in no other."""
    at = [line.get_ydata() for line in figure.axes[0].lines if list(line.get_xdata()) == [50.0, 50.0]]
    assert sorted(float(np.mean(y)) for y in at) == list(np.flatnonzero(result.percentile.notna()))
