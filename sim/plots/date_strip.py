"""The strip above a figure that says on which dates outcomes came, in the record and in a run, and events.

Each date is a line through the panels below and words beside its upper end; words that would touch stand in rows.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes

from sim.engine.run import Run
from sim.plots.calendar_axis import day_month_year
from sim.plots.style import BLACK, GREY, NORMAL, ORANGE
from sim.record.record import Record
from sim.scenario.events import EVENT, EVENTS
from sim.scenario.schema.events import every_effect

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

ROW: Final = 0.17
"""Height of a row of words (inches)."""
_BASE: Final = 0.09
"""Room under the lowest row for the triangles (inches)."""
_CHARACTER: Final = 0.0100
"""Width of a character as a share of the axis: 8 points on an axis of seven inches."""
MOST_EVENTS: Final = 6
"""Events that are marked at most, the earliest."""
_LONGEST: Final = 44
"""Characters of an event's words that are shown."""
_ROOM: Final = 1.2
"""How far words may reach beyond the axis into the margin at its right, as a share of it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A date to mark: its day since the start, words, their colour and row, and whether they stand left of it."""

    day: float
    text: str
    colour: str
    row: int
    leftward: bool


def marks_of(scenario: Scenario, run: Run | None, record: Record | None) -> list[Mark]:
    """List the dates to mark, in order of time, in rows in which no words touch.

    Parameters
    ----------
    scenario : Scenario
        Whose start and horizon bound the axis.
    run : Run or None
        Whose outcome is marked, and the first events of the scenario in it; without a run those that are due on a date.
    record : Record or None
        Whose outcome is marked, and its milestones that are called as an outcome is.
    """
    return marks_in_rows(_dates(scenario, run, record), float(scenario.horizon_days))


def marks_in_rows(dates: Sequence[tuple[float, str, str]], days: float, character: float = _CHARACTER) -> list[Mark]:
    """Give dates to mark their rows, so that no words touch.

    Parameters
    ----------
    dates : sequence of (float, str, str)
        Day, words and colour of each, in order of time.
    days : float
        Length of the axis.
    character : float
        Width of a character as a share of the axis.

    Returns
    -------
    list of Mark
        In the same order.

    Examples
    --------
    >>> [mark.row for mark in marks_in_rows([(1.0, "talks open", "black"), (2.0, "a settlement", "black")], 100.0)]
    [1, 0]
    """
    placed: list[tuple[Mark, float, float]] = []
    for day, text, colour in reversed(dates):
        width = (character * len(text) + 0.02) * days
        leftward = day + width > _ROOM * days
        left, right = (day - width, day) if leftward else (day, day + width)
        row = 0
        while any(
            (m.row == row and right >= x and left <= y) or (m.row > row and left <= m.day <= right)
            for m, x, y in placed
        ):
            row += 1
        placed.append((Mark(day, text, colour, row, leftward), left, right))
    return [mark for mark, _, _ in reversed(placed)]


def strip_height(marks: Sequence[Mark]) -> float:
    """Return the height that the words need (inches)."""
    return _BASE + 0.02 + ROW * (1 + max((mark.row for mark in marks), default=-1))


def draw_dates(strips: Sequence[Axes], panels: Sequence[Axes], marks: Sequence[Mark], days: float) -> None:
    """Draw the marks on the strips above and their lines through the panels."""
    height = strip_height(marks)
    for axes in strips:
        axes.axis("off")
        axes.set_xlim(0, days)
        axes.set_ylim(0, height)
        for mark in marks:
            level = _BASE + ROW * mark.row
            axes.plot([mark.day] * 2, [0.0, level + 0.1], color=mark.colour, linewidth=0.8, linestyle=(0, (1, 2)))
            axes.plot([mark.day], [0.0], marker="v", color=mark.colour, markersize=5, clip_on=False)
            x, side = (mark.day - 0.01 * days, "right") if mark.leftward else (mark.day + 0.01 * days, "left")
            ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
            axes.text(x, level, mark.text, fontsize=NORMAL, ha=side, va="bottom", bbox=ground)
    for axes in panels:
        for mark in marks:
            axes.axvline(mark.day, color=mark.colour, linewidth=0.8, linestyle=(0, (1, 2)), zorder=2.6)


def _dates(scenario: Scenario, run: Run | None, record: Record | None) -> list[tuple[float, str, str]]:
    """Return day, words and colour of what is marked, in order of time."""
    start: dt.date = scenario.start
    dates: list[tuple[float, str, str]] = []
    if record is not None:
        facts = [o for name, o in record.milestones.items() if name in scenario.outcomes]
        facts += [record.outcome] if record.outcome is not None else []
        labels = scenario.outcome_labels
        for fact in facts:
            name = str(fact.arguments[0])
            text = f"{labels.get(name, name.replace('_', ' '))} {day_month_year(fact.date)}"
            dates.append((float((fact.date - start).days), text, BLACK))
    if run is not None:
        end, name = run.outcome["outcome_day"], run.outcome["outcome"]
        if name is not None and not math.isnan(end):
            date = day_month_year(start + dt.timedelta(days=math.floor(end)))
            dates.append((end, f"this run: {scenario.outcome_labels[name]} {date}", ORANGE))
    dates += _events(scenario, run)
    return sorted(d for d in dates if 0 <= d[0] <= scenario.horizon_days)


def _events(scenario: Scenario, run: Run | None) -> list[tuple[float, str, str]]:
    """Return day, words and colour of the first events: those of a run, else those on dates that are certain."""
    texts = {str(path[-1]): effects.what for path, effects in every_effect(scenario.events)}
    days: dict[str, float] = {}
    if run is not None and run.traced:
        table = run.event_table
        for kind, name, day in zip(table["kind"], table["entity"], table["day"], strict=True):
            if kind == EVENTS[EVENT].name and not (name in scenario.events and scenario.events[name].one_of):
                days.setdefault(name, float(day))
    else:
        certain = ((name, e) for name, e in scenario.events.items() if e.probability == 1.0 and e.when is None)
        days = {name: event.day for name, event in certain if event.day is not None}
    first = sorted((day, textwrap.shorten(texts[name], _LONGEST, placeholder=" ...")) for name, day in days.items())
    return [(day, text, GREY) for day, text in first[:MOST_EVENTS]]
