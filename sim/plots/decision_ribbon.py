"""Who did what when, and how sure each choice was: one run, by actor, over its dates.

Each actor has a panel with a lane a move. The band lies in the lane of the move that stands. A tick is a decision, in
the lane of the move that it chose; its colour is the probability that the actor's rule gave to that choice when it was
made, so a dark tick is a choice that the rule seldom makes. A tick with a dot was called by a deadline or by an event,
the others are the actor's regular reviews. Moves may also stand without a decision (orders of a script, a move that
became illegal): the band shows them, no tick does.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.engine.event_rows import Decision
from sim.engine.run import Run
from sim.errors import UsageError
from sim.plots.calendar_axis import calendar_axis, day_month_year
from sim.plots.date_strip import draw_dates, marks_in_rows, strip_height
from sim.plots.style import BLACK, GREY, NORMAL, ORANGE, SMALL, ResultFigure, footer, heading, look
from sim.plots.takes import takes
from sim.scenario.words import capital, words_of

COLOURS: Final = "cividis"
"""Colours of probabilities from 0 (dark) to 1 (light): in order for colour-blind readers and in grey print."""
BAND: Final = "#C9D3DE"
LANE: Final = 0.19
"""Height of a lane (inches)."""
_LINE: Final = 0.13
"""Height of a further line of a long name (inches)."""
_NAME: Final = 24
"""Characters in a line of a move's name."""
_MARKED: Final = {"talks_opened": "talks open", "talks_broke_down": "talks break down"}


@takes("Run", "sim.run(scenario, seed)")
def decision_ribbon_figure(run: Run) -> Figure:
    """Draw which move of each actor stood when, and its decisions.

    Parameters
    ----------
    run : Run
        One world, with its log.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If the run kept no log.

    Examples
    --------
    >>> import sim
    >>> figure = decision_ribbon_figure(sim.run(sim.load("toys/two_actors"), seed=7))
    >>> [axes.get_title(loc="left") for axes in figure.axes if axes.get_title(loc="left")]
    ['State', 'Rebels']
    """
    if not run.decisions and not len(run.event_table["kind"]):
        raise UsageError("run: found no log, expected a run with its events; run it with trace=True")
    scenario = run.scenario
    days = _length(run)
    end = run.outcome["end_day"]
    marks = marks_in_rows(_dates(run), days, 0.0088)
    called = words_of(scenario)
    lanes = {
        name: [textwrap.wrap(capital(called.move(name, move)), _NAME) for move in actor.moves]
        for name, actor in scenario.actors.items()
    }
    heights = [sum(LANE + _LINE * (len(lines) - 1) for lines in moves) for moves in lanes.values()]
    with look():
        figure, strip, panels = _grid(heights, strip_height(marks))
        for name, axes in zip(scenario.actors, panels, strict=True):
            _panel(axes, run, name, lanes[name])
            calendar_axis(axes, scenario.start, days, labelled=axes is panels[-1])
            if not math.isnan(end) and end < days:
                axes.axvspan(end, days, color="#F4F4F4", linewidth=0, zorder=0)
        draw_dates([strip], panels, marks, days)
        _texts(figure, run)
    return figure


def standing_moves(run: Run, actor: str) -> list[tuple[float, float, str]]:
    """Return the spans (from day, to day, move) in which each move of an actor stood, in order, to the end of the run.

    Parameters
    ----------
    run : Run
        One world, with its log.
    actor : str
        Name of an actor.

    Examples
    --------
    >>> import sim
    >>> spans = standing_moves(sim.run(sim.load("toys/two_actors"), seed=7), "state")
    >>> spans[0][0], spans[0][2], all(a[1] == b[0] for a, b in zip(spans, spans[1:]))
    (0.0, 'wait', True)
    """
    table = run.event_table
    changes = [
        (float(table["day"][i]), table["move"][i])
        for i in np.flatnonzero((table["kind"] == "move") & (table["actor"] == actor))
    ]
    changes = [(0.0, run.scenario.actors[actor].opening_move), *changes]
    ends = [day for day, _ in changes[1:]] + [_end(run)]
    return [(begin, end, move) for (begin, move), end in zip(changes, ends, strict=True) if end > begin]


def _end(run: Run) -> float:
    """Return the day on which the run ended."""
    end = float(run.outcome["end_day"])
    return float(run.scenario.horizon_days) if math.isnan(end) else end


def _length(run: Run) -> int:
    """Return how many days the axis has: those of the run and a little more, at most the horizon."""
    return int(min(math.ceil(1.03 * _end(run)) + 1, run.scenario.horizon_days))


def _dates(run: Run) -> list[tuple[float, str, str]]:
    """Return the days to mark: talks, milestones and the outcome, in order of time, those of one day together."""
    table, called = run.event_table, words_of(run.scenario)
    switches: dict[tuple[float, str], list[str]] = {}
    for day, kind, entity in zip(table["day"], table["kind"], table["entity"], strict=True):
        if kind in _MARKED:
            switches.setdefault((float(day), GREY), []).append(_MARKED[kind])
        elif kind == "milestone":
            switches.setdefault((float(day), GREY), []).append(called.of("milestone", entity))
        elif kind == "outcome":
            date = run.scenario.start + dt.timedelta(days=math.floor(day))
            switches[float(day), ORANGE] = [f"{called.of('outcome', entity)}, {day_month_year(date)}"]
    return [(day, ", ".join(texts), colour) for (day, colour), texts in sorted(switches.items())]


def _panel(axes: Axes, run: Run, actor: str, names: list[list[str]]) -> None:
    """Draw the lanes of an actor: the first move of the scenario on top."""
    moves = list(run.scenario.actors[actor].moves)
    tops = np.cumsum([0.0] + [LANE + _LINE * (len(lines) - 1) for lines in names])
    middle = {move: float(tops[i] + tops[i + 1]) / 2 for i, move in enumerate(moves)}
    axes.set_ylim(float(tops[-1]), 0.0)
    for edge in tops[1:-1]:
        axes.axhline(edge, color="#E8E8E8", linewidth=0.5, zorder=0.5)
    half = 0.36 * LANE
    for begin, end, move in standing_moves(run, actor):
        axes.fill_between([begin, end], middle[move] - half, middle[move] + half, color=BAND, linewidth=0, zorder=1)
    decisions = [decision for decision in run.decisions if decision.actor == actor]
    ticks = LineCollection(
        [[(d.day, middle[d.chosen] - half), (d.day, middle[d.chosen] + half)] for d in decisions],
        array=np.array([_probability(d) for d in decisions]),
        cmap=COLOURS,
        norm=Normalize(0.0, 1.0),
        linewidths=1.7,
        capstyle="butt",
        zorder=3,
    )
    ticks.set_label("decisions")
    axes.add_collection(ticks, autolim=False)
    unscheduled = [d for d in decisions if d.called_by != "review"]
    if unscheduled:
        axes.plot(
            [d.day for d in unscheduled],
            [middle[d.chosen] for d in unscheduled],
            linestyle="none",
            marker="o",
            markersize=2.6,
            markerfacecolor="white",
            markeredgecolor=BLACK,
            markeredgewidth=0.5,
            zorder=4,
            label="called by a deadline or an event",
        )
    axes.set_yticks([middle[move] for move in moves], labels=["\n".join(lines) for lines in names])
    axes.tick_params(axis="y", length=0, labelsize=NORMAL, pad=3)
    axes.spines["left"].set_visible(False)
    axes.set_title(
        capital(words_of(run.scenario).actor(actor)), fontsize=NORMAL, fontweight="bold", loc="left", pad=3.0
    )


def _probability(decision: Decision) -> float:
    """Return the probability of the move that was chosen."""
    return next(move.probability for move in decision.moves if move.move == decision.chosen)


def _grid(heights: list[float], strip: float) -> tuple[Figure, Axes, list[Axes]]:
    """Return the figure, the strip of dates and one panel an actor."""
    width, top, bottom, gap = 10.6, 0.80, 0.95, 0.30
    height = top + strip + sum(heights) + gap * len(heights) + bottom
    figure = ResultFigure(figsize=(width, height))
    left, across = 1.75 / width, (width - 1.75 - 1.55) / width
    level = height - top - strip
    lowest = figure.add_axes((left, level / height, across, strip / height))
    panels = []
    for tall in heights:
        level -= gap + tall
        panels.append(figure.add_axes((left, level / height, across, tall / height)))
    return figure, lowest, panels


def _texts(figure: Figure, run: Run) -> None:
    """Write title, legend, colour bar and footer."""
    scenario, (width, height) = run.scenario, figure.get_size_inches()
    number = "decision" if len(run.decisions) == 1 else "decisions"
    below = (
        f"{len(run.decisions):,} {number} of one run from {day_month_year(scenario.start)}: "
        f"replication {run.replication} of seed {run.seed}"
    )
    heading(figure, capital(end_words(run)), f"{scenario.title}: {below}", 1.0 - 0.09 / height)
    entries = [
        Patch(color=BAND, linewidth=0, label="the move stands"),
        Line2D([], [], color=BLACK, marker="|", markersize=7, markeredgewidth=1.7, linestyle="none", label="decision"),
        Line2D(
            [],
            [],
            marker="o",
            markersize=3.2,
            markerfacecolor="white",
            markeredgecolor=BLACK,
            markeredgewidth=0.6,
            linestyle="none",
            label="called by a deadline or an event",
        ),
    ]
    figure.legend(
        handles=entries,
        loc="upper left",
        bbox_to_anchor=(0.006, 1.0 - 0.48 / height),
        ncols=3,
        fontsize=NORMAL,
        frameon=False,
        columnspacing=1.6,
    )
    ticks = next(c for axes in figure.axes for c in axes.collections if c.get_label() == "decisions")
    bar_axes = figure.add_axes((1.0 - 1.25 / width, 0.95 / height, 0.14 / width, min(1.9, height - 2.2) / height))
    bar = figure.colorbar(ticks, cax=bar_axes)
    bar.set_label("probability of the move chosen", fontsize=NORMAL)
    bar.ax.tick_params(labelsize=SMALL)
    notes = ["Dark ticks are choices that the rule seldom makes: another draw would probably have gone another way."]
    footer(figure, scenario, run.seed, None, notes)


def end_words(run: Run) -> str:
    """Say how and when a run ended."""
    scenario, end, day = run.scenario, run.outcome["outcome"], run.outcome["outcome_day"]
    if end is None:
        return "no end"
    return f"{scenario.outcome_labels[end]}, {day_month_year(scenario.start + dt.timedelta(days=math.floor(day)))}"
