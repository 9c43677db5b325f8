"""The trajectories figure: panels, units, calendar, bands over the runs that still go on, record, provenance."""

import datetime as dt
import sys
import threading

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.text import Text

import sim
from sim.errors import UsageError
from sim.plots import figure_bytes, save_figure, trajectories_figure
from sim.plots.style import BLUE, outcome_colours
from sim.plots.trajectories import FEWEST
from sim.plots.trajectory_panels import panels_of
from sim.record import load_record

RUNS = 40
CEASEFIRE = {
    "schema_version": 1,
    "title": "A ceasefire without captives",
    "start": "2024-01-10",
    "horizon_days": 50,
    "roles": {"incumbents": ["north"], "challengers": ["south"]},
    "actors": {
        name: {
            "review": {"every_days": 7},
            "opening_move": "wait",
            "moves": {"wait": {"violence": "quiet"} if name == "south" else {}},
            "rule": {"response": "uniform"},
        }
        for name in ("north", "south")
    },
    "world": {
        "armed_forces": {
            "militia": {
                "kind": "insurgent",
                "actor": "south",
                "strength_thousand": 2,
                "attacks": {"per_day": 3},
                "posture": {"quiet": 0.2},
                "deaths_per_attack": {"mean": 0.5, "shape": 1},
            },
            "army": {"kind": "regular", "actor": "north", "strength_thousand": 9},
        }
    },
}


@pytest.fixture(scope="module")
def batch():
    """Run the baseline some times."""
    return sim.replicate(sim.load("doha_2020/baseline"), runs=RUNS, seed=7)


@pytest.fixture(scope="module")
def run():
    """Run the first of them with its log."""
    return sim.run(sim.load("doha_2020/baseline"), seed=7)


@pytest.fixture(scope="module")
def figure(batch, run):
    """Draw both, with the record that the scenario names."""
    return trajectories_figure(batch, run)


def texts(figure):
    """Return everything that is written."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def panel(figure, title):
    """Return the panel whose title begins so."""
    return next(axes for axes in figure.axes if axes.get_title(loc="left").startswith(title))


def test_panels_and_units(figure):
    """One panel a group, insurgent force and foreign force, and one for the runs; each axis has its unit."""
    assert [(axes.get_title(loc="left"), axes.get_ylabel()) for axes in figure.axes if axes.get_ylabel()] == [
        ("Taliban prisoners freed by Afghan government", "persons"),
        ("Government captives freed by Taliban", "persons"),
        ("Attacks by Taliban, mean of each week", "attacks a day"),
        ("United States: troops in the country", "persons"),
        ("Undecided runs (grey, below the line), and how the others turned out", "% of runs"),
    ]


def test_one_calendar(figure):
    """All panels share the days of the scenario; the lowest names the months, and the year under its first."""
    panels = [axes for axes in figure.axes if axes.get_ylabel()]
    assert {axes.get_xlim() for axes in panels} == {(0.0, 640.0)}
    figure.draw_without_rendering()
    labels = [label.get_text() for label in panels[-1].get_xticklabels()]
    assert labels[0] == "Mar\n2020"
    assert "Jan\n2021" in labels
    assert not any(label.get_text() for axes in panels[:-1] for label in axes.get_xticklabels())


def test_thousands_have_separators(figure):
    """Large numbers on an axis can be read."""
    axes = panel(figure, "United States")
    assert axes.yaxis.get_major_formatter()(5000.0, 0) == "5,000"


def test_footer_reproduces_the_figure(figure, batch):
    """Scenario, its digest, seed, runs and version stand at the foot."""
    foot = next(text for text in texts(figure) if "negotiation-sim" in text)
    for part in (batch.scenario.title, batch.scenario.sha256[:12], "seed 7", f"{RUNS} runs", sim.__version__):
        assert part in foot
    assert load_record("doha_2020").sha256[:12] in foot


def test_median_is_the_median_of_the_runs_that_still_go_on(figure, batch):
    """The blue line is the quantile that `bands` states, and stops when fewer than twenty runs go on."""
    name = "persons_freed(taliban_prisoners)"
    expected = batch.bands(name, [0.5]).loc[name]
    line = next(item for item in panel(figure, "Taliban prisoners").lines if item.get_color() == BLUE)
    values = np.asarray(line.get_ydata(), dtype=float)
    shown = ~np.isnan(values)
    assert np.array_equal(shown, expected.running.to_numpy() >= FEWEST)
    assert np.array_equal(values[shown], expected["q0.5"].to_numpy()[shown])
    assert not shown.all()


def test_weeks_are_means_of_whole_weeks(figure, run):
    """The line of the run in the panel of attacks is the mean of each seven days."""
    daily = run.series_table["daily_attacks(taliban_fighters)"]
    weeks = (len(daily) - 1) // 7
    line = next(item for item in panel(figure, "Attacks").lines if item.get_label() == "this run")
    assert np.allclose(line.get_ydata(), daily[1 : 1 + 7 * weeks].reshape(weeks, 7).mean(axis=1))
    assert np.array_equal(line.get_xdata(), 3.5 + 7 * np.arange(weeks))


def test_promise_and_schedule(figure):
    """The promise is a level line, the schedule goes down in the steps of the deal."""
    promise = next(item for item in panel(figure, "Taliban prisoners").lines if item.get_label() == "promised: 5,000")
    assert set(promise.get_ydata()) == {5000.0}
    steps = next(i for i in panel(figure, "United States").lines if i.get_label() == "most that the schedule allows")
    assert list(zip(steps.get_xdata(), steps.get_ydata(), strict=True)) == [
        (0, 13000),
        (135, 13000),
        (135, 8600),
        (425, 8600),
        (425, 0),
        (640, 0),
    ]


def test_what_happened_is_marked_where_it_happened(figure):
    """Every recorded level within the horizon is a black mark on its day; windows are bars."""
    record = load_record("doha_2020")
    start = dt.date(2020, 2, 29)
    marks = {
        (float(x), float(y))
        for line in panel(figure, "United States").lines
        if line.get_linestyle() == "None"
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    series = record.series("troop_count(us_troops)")
    expected = {(float((o.date - start).days), o.value) for o in series if 0 <= (o.date - start).days <= 640}
    assert marks == expected
    bars = [c for c in panel(figure, "Attacks").collections if not isinstance(c, PolyCollection)]
    windows = [segment for bar in bars for segment in bar.get_segments() if segment[0][1] == segment[1][1]]
    assert any(segment[0][0] == (dt.date(2020, 9, 1) - start).days for segment in windows)


def test_dates_of_outcomes_are_written(figure, run):
    """Talks and collapse of the record, and the outcome of the run, stand above the panels."""
    written = texts(figure)
    assert "talks open 12 Sep 2020" in written
    assert "government collapse 15 Aug 2021" in written
    assert any(t.startswith(f"this run: {run.outcome['outcome'].replace('_', ' ')}") for t in written)


def test_shares_at_the_right_are_those_of_the_batch(figure, batch):
    """Every outcome that came is labelled with its share in per cent."""
    written = texts(figure)
    for name, row in batch.shares.iterrows():
        label = next((t for t in written if t.startswith(f"{name.replace('_', ' ')} ") and t.endswith("%")), None)
        assert (label is not None) == (row.share > 0)
        if label is not None and row.share >= 0.01:
            assert label.endswith(f" {100 * row.share:.0f} %")


def test_each_outcome_has_its_colour():
    """No outcome is without a colour, and no two share one."""
    outcomes = sim.load("doha_2020/baseline").outcomes
    colours = outcome_colours(outcomes)
    assert set(colours) == set(outcomes)
    assert len(set(colours.values())) == len(colours)


def test_words_do_not_overlap(figure):
    """No two texts of the figure lie on one another."""
    figure.draw_without_rendering()
    beyond = set()
    for axes in figure.axes:  # matplotlib keeps labels of ticks that it does not draw
        for axis in (axes.xaxis, axes.yaxis):
            low, high = axis.get_view_interval()
            beyond |= {tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high}
    shown = [t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible() and t not in beyond]
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown]
    assert len(boxes) > 50
    for i, (first, a) in enumerate(boxes):
        for second, b in boxes[i + 1 :]:
            width = min(a.x1, b.x1) - max(a.x0, b.x0)
            height = min(a.y1, b.y1) - max(a.y0, b.y0)
            assert width <= 1 or height <= 3, (first, second)


def test_equal_results_give_equal_bytes(batch, run):
    """The SVG and the PNG of one result are the same whenever they are drawn, whatever the user has configured."""
    first = figure_bytes(trajectories_figure(batch, run))
    with mpl.rc_context({"font.size": 30, "axes.grid": True, "svg.hashsalt": "other", "lines.linewidth": 9}):
        second = figure_bytes(trajectories_figure(batch, run))
        assert mpl.rcParams["font.size"] == 30
    assert first["svg"] == second["svg"]
    assert first["png"] == second["png"]
    assert b"<dc:date>" not in first["svg"]


def test_figures_are_drawn_on_threads(batch):
    """Two threads that draw at once give the same picture as one that draws alone."""
    alone = figure_bytes(trajectories_figure(batch))["png"]
    drawn = []
    threads = [
        threading.Thread(target=lambda: drawn.append(figure_bytes(trajectories_figure(batch))["png"])) for _ in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [alone, alone]


def test_no_pyplot_is_loaded():
    """Figures keep no global state: pyplot is never imported by this package."""
    assert "matplotlib.pyplot" not in sys.modules


def test_files_are_written(figure, tmp_path):
    """PNG and SVG land in a folder that is made; a notebook gets the same PNG."""
    png, svg = save_figure(figure, tmp_path / "figures", "trajectories")
    assert png.read_bytes() == figure_bytes(figure)["png"] == figure._repr_png_()
    assert svg.read_bytes().startswith(b"<?xml")
    with pytest.raises(UsageError, match="name of a figure"):
        save_figure(figure, tmp_path, "../trajectories")


def test_without_record_nothing_claims_to_have_happened(batch):
    """`record=None` draws no marks and says nothing about them."""
    written = texts(trajectories_figure(batch, record=None))
    assert not any("what happened" in text or "Record" in text for text in written)


def test_a_run_of_another_scenario_is_refused(batch):
    """A line of one scenario has no place in the bands of another."""
    other = sim.run(sim.load("doha_2020/no_release"), seed=7)
    with pytest.raises(UsageError, match="expected one of the scenario of the batch"):
        trajectories_figure(batch, other)


def test_a_deal_without_captives_or_troops():
    """Only what the scenario has gets a panel; days name the axis when it is short."""
    scenario = sim.Scenario.from_dict(CEASEFIRE)
    figure = trajectories_figure(sim.replicate(scenario, runs=RUNS, seed=1), sim.run(scenario, seed=1))
    titles = [axes.get_title(loc="left") for axes in figure.axes if axes.get_ylabel()]
    assert titles[0] == "Attacks by South, mean of each week"
    assert len(titles) == 2
    figure.draw_without_rendering()
    assert "10 Jan\n2024" in [label.get_text() for label in figure.axes[-1].get_xticklabels()]


def test_a_deal_with_nothing_to_follow():
    """Without captives, attacks and troops there is still how the runs ended."""
    bare = {key: value for key, value in CEASEFIRE.items() if key not in ("world", "roles")}
    bare["actors"] = {name: {**actor, "moves": {"wait": {}}} for name, actor in CEASEFIRE["actors"].items()}
    figure = trajectories_figure(sim.replicate(sim.Scenario.from_dict(bare), runs=3, seed=1))
    assert [axes.get_ylabel() for axes in figure.axes if axes.get_ylabel()] == ["% of runs"]


def test_few_runs_have_no_bands(run):
    """Three runs are a median and nothing wider."""
    few = sim.replicate(sim.load("doha_2020/baseline"), runs=3, seed=7)
    figure = trajectories_figure(few, run, record=None)
    assert not [c for c in panel(figure, "Taliban prisoners").collections if isinstance(c, PolyCollection)]
    assert not any("90 % of runs" in text for text in texts(figure))


def test_many_panels_stand_in_two_columns():
    """Four groups of captives and two insurgents still fit a page."""
    data = {**CEASEFIRE, "deal": {"captives": {}}}
    for i in range(4):
        data["deal"]["captives"][f"group_{i}"] = {"holder": "north", "claimant": "south", "held": 10, "promised": 5}
    forces = data["world"]["armed_forces"]
    data["world"] = {"armed_forces": {**forces, "second": forces["militia"]}}
    scenario = sim.Scenario.from_dict(data)
    batch = sim.replicate(scenario, runs=RUNS, seed=1)
    assert len(panels_of(scenario, batch.series_names)) == 6
    figure = trajectories_figure(batch)
    assert figure.get_figwidth() > figure.get_figheight()
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert "Attacks by South (second), mean of each week" in titles
    assert "Group 0 freed by North" in titles
