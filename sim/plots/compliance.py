"""Compliance: how many runs kept each promise in time, late or not at all, and what share of it was done when due.

One row a promise, grouped by the actor that gave it. The bar has all runs: kept in time, late, not kept, and not due
because the run was over before. The line is the 95 % Wilson interval of the share kept in time. The dot at the right is
the mean share done when it fell due; beside it stand the due date and the median day on which it was done.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from typing import TYPE_CHECKING, Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.errors import UsageError
from sim.experiments.comparison.finding import percent_words
from sim.experiments.compliance import STATES, compliance
from sim.plots.calendar_axis import day_month_year
from sim.plots.scenario_rows import wrapped
from sim.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    NORMAL,
    ORANGE,
    PALE,
    SMALL,
    VERMILLION,
    ResultFigure,
    footer,
    heading,
    look,
)
from sim.plots.takes import takes

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.batch import Batch

COLOURS: Final = {"in_time": GREEN, "late": ORANGE, "not_kept": VERMILLION, "not_due": PALE}
CALLED: Final = {
    "in_time": "in time, or kept", "late": "late", "not_kept": "not kept", "not_due": "run over before it was due",
}  # fmt: skip
ROW: Final = 0.36
_GAP: Final = 0.26
"""Height of the line with an actor's name (inches)."""
_NAME: Final = 30
_NOTE: Final = 34
"""Characters in a line at the right."""


@takes("Batch", "sim.replicate(scenario, runs, seed)")
def compliance_figure(batch: Batch) -> Figure:
    """Draw what became of each promise.

    Parameters
    ----------
    batch : Batch
        Of a scenario with promises.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If the scenario has no promises.

    Examples
    --------
    >>> import sim
    >>> figure = compliance_figure(sim.replicate(sim.load("doha_2020/baseline"), runs=30, seed=7))
    >>> [label.get_text().replace(chr(10), " ") for label in figure.axes[0].get_yticklabels()][0]
    '5,000 Taliban prisoners freed'
    """
    scenario = batch.scenario
    if not scenario.deal.promises:
        raise UsageError(f"compliance: found no promise in {scenario.title!r}, expected deal.promises")
    table = compliance(batch)
    places, heads, height = _places([str(actor) for actor in table.by])
    with look():
        width, tall = 9.6, height + 1.95
        figure = ResultFigure(figsize=(width, tall))
        bottom = 0.98 / tall
        bars = figure.add_axes((2.35 / width, bottom, 3.7 / width, height / tall))
        done = figure.add_axes((6.35 / width, bottom, 1.1 / width, height / tall))
        for axes in (bars, done):
            axes.set_xlim(0.0, 100.0)
            axes.set_ylim(height, 0.0)
            axes.set_xticks([0, 50, 100])
            axes.tick_params(axis="x", labelsize=SMALL, length=3, width=0.6, color="#444444")
            axes.tick_params(axis="y", length=0, labelsize=NORMAL, pad=3)
            axes.grid(axis="x", color="#DDDDDD", linewidth=0.5)
            axes.spines["left"].set_visible(False)
        labels = ["\n".join(wrapped(str(label), _NAME)) for label in table.label]
        bars.set_yticks(places, labels=labels)
        done.set_yticks(places, labels=[""] * len(places))
        for place, row in zip(places, table.to_dict("records"), strict=True):
            _row(bars, done, place, row, scenario.start)
        for actor, place in heads:
            called = scenario.actors[actor].label or actor
            bars.annotate(
                called, (-2.28 / 3.7, place), xycoords=("axes fraction", "data"), fontsize=NORMAL, fontweight="bold",
                va="center", annotation_clip=False,
            )  # fmt: skip
        bars.set_xlabel("share of runs, %", fontsize=NORMAL)
        done.set_xlabel("done when due, %", fontsize=NORMAL)
        done.set_title(
            "due; median day on which it was done\n(of those broken: of the first breach)",
            fontsize=SMALL,
            loc="left",
            x=1.12,
            pad=4.0,
            color="#444444",
        )
        _legend(figure)
        below = f"{scenario.title}: promises and what became of them in {len(batch):,} runs"
        heading(figure, _finding(table), below, 1 - 0.09 / tall)
        notes = [
            "Lines: 95 % interval of the share in time. Done: mean share of the way when due, or of the days kept."
        ]
        footer(figure, scenario, batch.seed, len(batch), notes)
    return figure


def _finding(table: pd.DataFrame) -> str:
    """Say which promise is kept most and which least."""
    ordered = table.sort_values("in_time", kind="stable")
    most, least = ordered.iloc[-1], ordered.iloc[0]
    if len(table) == 1 or most.in_time == least.in_time:
        return f"{most.label}: kept in time in {percent_words(most.in_time)} of runs"
    first, last = (f"{row.label} in {percent_words(row.in_time)}" for row in (most, least))
    return f"Kept in time: {first} of runs, {last}"


def _places(actors: list[str]) -> tuple[list[float], list[tuple[str, float]], float]:
    """Return where rows and the names of actors stand (inches from the top), and the height of all."""
    places: list[float] = []
    heads: list[tuple[str, float]] = []
    top = 0.0
    for i, actor in enumerate(actors):
        if i == 0 or actors[i - 1] != actor:
            heads.append((actor, top + _GAP / 2))
            top += _GAP
        places.append(top + ROW / 2)
        top += ROW
    return places, heads, top


def _row(bars: Axes, done: Axes, place: float, row: dict[Any, Any], start: dt.date) -> None:
    """Draw one promise."""
    left = 0.0
    for state in STATES:
        share = 100.0 * row[state]
        bars.barh(place, share, left=left, height=0.6 * ROW, color=COLOURS[state], alpha=0.75, linewidth=0, label=state)
        left += share
    bars.hlines(place, 100.0 * row["low"], 100.0 * row["high"], color=BLACK, linewidth=1.0, zorder=3)
    done.plot([100.0 * row["share_done"]], [place], marker="o", markersize=4.2, color=BLUE, clip_on=False, zorder=4)
    kept = not row["due"]
    due = "all the time" if kept else str(row["due"])
    if not kept and due[:4].isdecimal():
        due = day_month_year(dt.date.fromisoformat(due))
    first = row["median_day"]
    reached = "never" if math.isinf(first) else day_month_year(start + dt.timedelta(days=math.floor(first)))
    said = f"done {reached}"
    if row["to_keep"]:
        when = f", then {reached}" if row["broken"] > 0.0 else ""
        said = f"broken in {percent_words(row['broken'])} of runs{when}"
    done.annotate(
        textwrap.fill(f"{due}; {said}", _NOTE), (1.12, place), xycoords=("axes fraction", "data"), fontsize=SMALL,
        va="center", color="#444444", annotation_clip=False,
    )  # fmt: skip


def _legend(figure: Figure) -> None:
    entries: list[Any] = [Patch(color=COLOURS[state], alpha=0.75, linewidth=0, label=CALLED[state]) for state in STATES]
    entries.append(Line2D([], [], color=BLUE, marker="o", markersize=4.2, linestyle="none", label="mean share done"))
    place = (0.006, 1.0 - 0.45 / figure.get_figheight())
    figure.legend(
        handles=entries, loc="upper left", bbox_to_anchor=place, ncols=5, fontsize=SMALL, frameon=False,
        columnspacing=1.4,
    )  # fmt: skip
