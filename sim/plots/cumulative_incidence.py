"""By when talks began and runs ended: cumulative incidence of events by scenario, with bands, on a calendar.

One panel a scenario. A line is the share of all runs that have had an event by that day, with its pointwise 95 % band;
events compete, so a run that ended otherwise counts in the denominator for ever. The thin dashed lines are the
reference, in every panel. A triangle on the upper edge, with a dotted line, is the date on which the event came in the
record of what really happened. Each line has its last value at its right end.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.errors import UsageError
from sim.experiments.comparison.export import incidence_seen
from sim.experiments.comparison.finding import share_finding
from sim.experiments.comparison.record_quantity import milestone_of
from sim.experiments.measures import TALKS
from sim.plots.calendar_axis import calendar_axis, day_month_year
from sim.plots.outcome_areas import apart
from sim.plots.scenario_rows import declared_outcomes, foot_lines, scenario_names, words_around, wrapped
from sim.plots.style import (
    BLUE,
    GREEN,
    GREY,
    NORMAL,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    SMALL,
    VERMILLION,
    ResultFigure,
    look,
    number_axis,
    outcome_colours,
)
from sim.plots.takes import takes
from sim.record.record import Record, load_record, record_names

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.outcomes import Outcome

_DASHES: Final[tuple[Any, ...]] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)), (0, (8, 2, 1, 2, 1, 2)))
_OTHERS: Final = (ORANGE, SKY_BLUE, PURPLE, GREEN, VERMILLION)
_PANEL: Final = (2.55, 1.35)
"""Width and height of a panel (inches)."""
_BETWEEN: Final = (0.72, 0.62)
_LEFT: Final = 0.62
_NAME: Final = 40
MOST_USUAL: Final = 3
"""Events that are drawn if none is asked for."""


@takes("Comparison", "sim.compare([first, second])")
def cumulative_incidence_figure(comparison: Comparison, events: Sequence[str] | None = None) -> Figure:
    """Draw by when events came, scenario by scenario.

    Parameters
    ----------
    comparison : Comparison
        As `sim.compare` returns it.
    events : sequence of str, optional
        One to five outcomes, milestones or ``talks_began``. By default what the reference puts first, else talks, the
        two ways of ending before the horizon that are most frequent over all scenarios, and milestones, three in all.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If there are no events or more than five, or a scenario knows no such event.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> quiet = toy.replace({"deal.outcomes.settlement.per_day": 0.01, "title": "Settled sooner"})
    >>> figure = cumulative_incidence_figure(sim.compare([toy, quiet], runs=30, seed=7), ["talks_began"])
    >>> figure.axes[0].get_ylabel()
    '% of runs'
    """
    chosen = list(events) if events is not None else _usual(comparison)
    if not 0 < len(chosen) <= len(_DASHES):
        raise UsageError(f"events: found {len(chosen)}, expected one to {len(_DASHES)}")
    names = scenario_names(comparison)
    curves = {event: comparison.incidence(event) for event in chosen}
    record = _record(comparison)
    colours = _colours(chosen, declared_outcomes(comparison))
    with look():
        figure, panels = _grid(comparison, chosen, record)
        for i, (name, axes) in enumerate(zip(names, panels, strict=True)):
            _panel(axes, curves, names[0], name, colours)
            scenario = comparison.scenarios[name]
            calendar_axis(axes, scenario.start, int(scenario.horizon_days), most=5)
            number_axis(axes, "% of runs" if i % _columns(len(names)) == 0 else "")
            if record is not None:
                _mark_record(axes, record, scenario, chosen, colours)
        called = {event: comparison.measures[event].label for event in chosen}
        _legend(figure, colours, called, len(names) > 1, record)
    return figure


def _usual(comparison: Comparison) -> list[str]:
    """Return what the reference puts first; else talks, the two most frequent ends before the horizon, milestones."""
    headline = [name for name in comparison.scenarios[comparison.reference].headline if name in comparison.events]
    if headline:
        return headline[: len(_DASHES)]
    share = comparison.shares["share"].groupby(level="outcome").mean()
    seen = list(incidence_seen(comparison.batches.values()))
    kind = {name: comparison.measures[name].kind for name in seen}
    ends = sorted((name for name in seen if kind[name] == "outcome"), key=lambda name: -float(share[name]))
    chosen = [name for name in seen if kind[name] == "talks"] + ends[:2]
    milestones = [name for name in seen if kind[name] == "milestone"]
    return chosen + milestones[: MOST_USUAL - len(chosen)] or [comparison.events[0]]


def _colours(events: Sequence[str], outcomes: Mapping[str, Outcome]) -> dict[str, tuple[str, Any]]:
    """Return colour and dashes of each event: those of outcomes are the same in every figure."""
    spare = itertools.cycle(_OTHERS)
    dark = {**outcome_colours(outcomes), TALKS: BLUE}
    return {event: (dark.get(event) or next(spare), _DASHES[i]) for i, event in enumerate(events)}


def _record(comparison: Comparison) -> Record | None:
    """Return the record that the reference names, if it is built in."""
    name = comparison.scenarios[scenario_names(comparison)[0]].record
    return load_record(name) if name is not None and name in record_names() else None


def _columns(count: int) -> int:
    """Return how many panels stand beside each other."""
    return min(count, 2 if count <= 4 else 3 if count <= 9 else 4)


def _grid(comparison: Comparison, events: Sequence[str], record: Record | None) -> tuple[Figure, list[Axes]]:
    names = scenario_names(comparison)
    columns = _columns(len(names))
    rows = math.ceil(len(names) / columns)
    wide = max(_PANEL[0], (7.2 - _LEFT) / columns - _BETWEEN[0])
    tall = max(_PANEL[1], 0.5 * wide)
    titles = [wrapped(comparison.titles[name], max(int(wide / 0.068), _NAME)) for name in names]
    lines = max(len(title) for title in titles)
    between = _BETWEEN[1] + 0.13 * (lines - 1)
    width = _LEFT + columns * (wide + _BETWEEN[0])
    notes = ["Share of all runs that have had the event by that day; bands: pointwise 95 % intervals of simulation."]
    rest = [
        comparison.measures[event].label for event in incidence_seen(comparison.batches.values()) if event not in events
    ]
    if rest:
        notes.append(f"Not drawn: {', '.join(rest)}.")
    if record is not None:
        notes.append(f"Record {record.name} ({record.sha256[:12]}): sources in its file.")
    foot = foot_lines(comparison, notes, width)
    top, bottom = 1.15 + 0.13 * lines, 0.62 + 0.115 * len(foot)
    height = top + rows * tall + (rows - 1) * between + bottom
    figure = ResultFigure(figsize=(width, height))
    panels = []
    for i, title in enumerate(titles):
        x = _LEFT + (i % columns) * (wide + _BETWEEN[0])
        y = height - top - tall - (i // columns) * (tall + between)
        axes = figure.add_axes((x / width, y / height, wide / width, tall / height))
        weight = "bold" if i == 0 and len(names) > 1 else "normal"
        axes.set_title("\n".join(title), fontsize=NORMAL, fontweight=weight, loc="left", pad=6.0)
        panels.append(axes)
    words_around(figure, comparison, share_finding(comparison, events), foot)
    return figure, panels


def _panel(axes: Axes, curves: dict[str, Any], reference: str, name: str, colours: dict[str, tuple[str, Any]]) -> None:
    """Draw the lines of one scenario over those of the reference."""
    axes.set_ylim(0.0, 100.0)
    ends: list[tuple[float, str]] = []
    for event, table in curves.items():
        colour, dashes = colours[event]
        if name not in table.index.unique("scenario"):
            continue
        own = table.xs(name, level="scenario")
        days = own.index.to_numpy(dtype=float)
        share, low, high = (100.0 * own[c].to_numpy(dtype=float) for c in ("incidence", "low", "high"))
        axes.fill_between(days, low, high, color=colour, alpha=0.22, linewidth=0, zorder=1.5)
        axes.plot(days, share, color=colour, linestyle=dashes, linewidth=1.5, zorder=3, label=event)
        if name != reference and reference in table.index.unique("scenario"):
            other = table.xs(reference, level="scenario")
            values = 100.0 * other["incidence"].to_numpy(dtype=float)
            axes.plot(other.index.to_numpy(dtype=float), values, color=colour, linewidth=0.7, alpha=0.9, zorder=2)
        ends.append((float(share[-1]), colour))
    ends.sort()
    for (share, colour), place in zip(ends, apart([share for share, _ in ends], 9.0), strict=True):
        axes.annotate(
            f"{share:.0f} %", (1.0, place / 100.0), xycoords="axes fraction", xytext=(3, 0), textcoords="offset points",
            fontsize=SMALL, va="center", ha="left", color=colour, annotation_clip=False,
        )  # fmt: skip


def _mark_record(
    axes: Axes, record: Record, scenario: Scenario, events: Sequence[str], colours: dict[str, tuple[str, Any]]
) -> None:
    """Mark the dates of the record."""
    for event in events:
        date = _recorded(record, event)
        if date is None or not 0 <= (date - scenario.start).days <= scenario.horizon_days:
            continue
        day = (date - scenario.start).days
        colour = colours[event][0]
        axes.axvline(day, color=colour, linewidth=1.0, linestyle=(0, (1, 1.5)), zorder=2.5, label=f"record {event}")
        axes.plot([day], [100.0], marker="v", markersize=5.0, color=colour, clip_on=False, zorder=5)


def _recorded(record: Record, event: str) -> Any:
    """Return the date on which an event came in the record, None if it has none."""
    outcome = record.outcome
    if outcome is not None and outcome.arguments[0] == event:
        return outcome.date
    milestone = milestone_of(record, event)
    return None if milestone is None else milestone.date


def _legend(
    figure: Figure, colours: dict[str, tuple[str, Any]], called: dict[str, str], several: bool, record: Record | None
) -> None:
    entries: list[Any] = []
    for event, (colour, dashes) in colours.items():
        date = _recorded(record, event) if record is not None else None
        happened = f" (what happened: {day_month_year(date)})" if date is not None else ""
        entries.append(
            Line2D(
                [],
                [],
                color=colour,
                linestyle=dashes,
                linewidth=1.5,
                label=called[event][:1].upper() + called[event][1:] + happened,
            )
        )
    entries.append(Patch(color=GREY, alpha=0.3, linewidth=0, label="95 % band"))
    if several:
        entries.append(Line2D([], [], color=GREY, linewidth=0.7, label="thin: the first scenario"))
    if any(str(line.get_label()).startswith("record ") for axes in figure.axes for line in axes.lines):
        mark: dict[str, Any] = {"linestyle": (0, (1, 1.5)), "marker": "v", "markersize": 4.5}
        entries.append(Line2D([], [], color=GREY, linewidth=1.0, label="what happened", **mark))
    place = (0.006, 1.0 - 0.45 / figure.get_figheight())
    widest = max(len(str(entry.get_label())) for entry in entries)
    per_row = max(1, min(len(entries), int((figure.get_figwidth() - 0.2) / (0.68 + 0.056 * widest))))
    figure.legend(
        handles=entries, loc="upper left", bbox_to_anchor=place, ncols=per_row, fontsize=SMALL, frameon=False,
        columnspacing=1.4, handlelength=2.4,
    )  # fmt: skip
