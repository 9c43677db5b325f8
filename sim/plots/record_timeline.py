"""What was promised for which date, and what really happened when: the record's dates under those of the deal.

Diamonds are promises on the day they fall due; hollow ones fall due some days after something, and stand where the
record dates that. Dots are what the record dates: milestones, talks, the outcome. Both on one calendar, no run among
them.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure

from sim.encode.deeds import due_date
from sim.errors import UsageError
from sim.experiments.comparison.record_quantity import milestone_of, quantity_words
from sim.experiments.compliance import due_words
from sim.plots.calendar_axis import calendar_axis, day_month_year
from sim.plots.style import BLACK, BLUE, SMALL, ResultFigure, footer, heading, look
from sim.plots.takes import takes
from sim.record.record import Record, load_record, record_names
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

ROW: Final = 0.26
"""Height of a date (inches)."""
_NAME: Final = 58


@dataclass(frozen=True, slots=True)
class Entry:
    """A date of the timeline.

    Attributes
    ----------
    date : datetime.date
        When.
    text : str
        What.
    promised : bool
        Whether it was promised, or else happened.
    depends : str
        Of a promise, on what its date depends; empty if on nothing.
    """

    date: dt.date
    text: str
    promised: bool
    depends: str = ""


@takes("Scenario", "sim.load(name)")
def record_timeline_figure(scenario: Scenario, record: Record | None = None) -> Figure:
    """Draw the dates of a deal above those of what happened.

    Parameters
    ----------
    scenario : Scenario
        With promises that have dates.
    record : Record, optional
        What happened; the built-in one that the scenario names if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If no record is given or named, or there is no date to draw.

    Examples
    --------
    >>> import sim
    >>> figure = record_timeline_figure(sim.load("doha_2020/baseline"))
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels() if label.get_fontweight() == "bold"]
    ['Promised for', 'Happened on']
    """
    if record is None and scenario.record in record_names():
        record = load_record(str(scenario.record))
    if record is None:
        raise UsageError(f"timeline: found no record of {scenario.title!r}, expected one (record: NAME)")
    entries = timeline(scenario, record)
    if not entries:
        raise UsageError(f"timeline: found no date of {scenario.title!r} or of its record, expected some")
    heads = [k for k in range(len(entries)) if k == 0 or entries[k].promised != entries[k - 1].promised]
    rows = [k + sum(head <= k for head in heads) for k in range(len(entries))]
    last = max((entry.date - scenario.start).days for entry in entries)
    days = max(scenario.horizon_days, int(1.02 * last) + 1)
    width, tall = 9.6, ROW * (len(entries) + len(heads))
    height = tall + 1.55
    with look():
        figure = ResultFigure(figsize=(width, height))
        axes = figure.add_axes((3.75 / width, 0.78 / height, (width - 4.1) / width, tall / height))
        calendar_axis(axes, scenario.start, days, most=9)
        axes.set_ylim(len(entries) + len(heads) - 0.5, -0.5)
        for row, entry in zip(rows, entries, strict=True):
            day, colour = (entry.date - scenario.start).days, BLUE if entry.promised else BLACK
            face = "white" if entry.depends else colour
            axes.plot([0, day], [row, row], color="#DDDDDD", linewidth=0.8, zorder=1)
            axes.plot(
                [day], [row], marker="D" if entry.promised else "o", markersize=5, color=colour, markerfacecolor=face,
                linestyle="none", clip_on=False, zorder=3,
            )  # fmt: skip
            said = day_month_year(entry.date) + (f" ({entry.depends})" if entry.depends else "")
            late = day > 0.6 * days
            axes.annotate(
                said, (day, row), xytext=(-7 if late else 7, 0), textcoords="offset points", fontsize=SMALL,
                va="center", ha="right" if late else "left",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )  # fmt: skip
        names = {rows[k]: textwrap.shorten(entry.text, _NAME, placeholder=" …") for k, entry in enumerate(entries)}
        names |= {rows[k] - 1: "Promised for" if entries[k].promised else "Happened on" for k in heads}
        axes.set_yticks(list(names), labels=list(names.values()))
        for label in axes.get_yticklabels()[len(entries) :]:
            label.set_fontweight("bold")
        axes.tick_params(axis="y", length=0, labelsize=SMALL)
        axes.grid(axis="x", color="#EEEEEE", linewidth=0.5)
        heading(figure, _finding(entries), f"{scenario.title}: what was promised, and what happened", 1 - 0.09 / height)
        notes = [
            "Hollow: the date follows from another that the record has. No run is drawn.",
            f"Record {record.name} ({record.sha256[:12]}): the source of every date in its file.",
        ]
        footer(figure, scenario, None, None, notes)
    return figure


def timeline(scenario: Scenario, record: Record) -> list[Entry]:
    """List what was promised and then what happened, each in order of time.

    Parameters
    ----------
    scenario : Scenario
        With its promises.
    record : Record
        With its milestones and outcome.
    """
    words = words_of(scenario)
    promises = []
    for name, promise in scenario.deal.promises.items():
        text = f"{capital(words.actor(promise.by))}: {promise.label or name}"
        if promise.due is None:
            continue
        after, days = due_date(scenario, name)
        if not after:
            promises.append(Entry(scenario.start + dt.timedelta(days=int(days)), text, True))
            continue
        begun = milestone_of(record, after)
        if begun is not None:
            date = begun.date + dt.timedelta(days=int(days))
            promises.append(Entry(date, text, True, due_words(scenario, name)))
    end = None if record.outcome is None else record.outcome.date
    facts = [
        Entry(fact.date, capital(quantity_words(name, scenario)), False)
        for name, fact in record.milestones.items()
        if fact.date >= scenario.start and (name in scenario.milestones or fact.date != end)  # the end once
    ]
    if record.outcome is not None and record.outcome.date >= scenario.start:
        facts.append(Entry(record.outcome.date, capital(words.of("outcome", record.outcome.arguments[0])), False))
    return [*sorted(promises, key=lambda entry: entry.date), *sorted(facts, key=lambda entry: entry.date)]


def _finding(entries: list[Entry]) -> str:
    """Say when the first promise fell due and what the record ends with."""
    promises = [entry for entry in entries if entry.promised]
    facts = [entry for entry in entries if not entry.promised]
    first = f"First promise due {day_month_year(promises[0].date)}" if promises else "No promise has a date"
    return f"{first}, last event {day_month_year(facts[-1].date)}: {facts[-1].text}" if facts else first
