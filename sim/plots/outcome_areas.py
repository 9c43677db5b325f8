"""How many runs are undecided and how the others turned out, day by day: stacked shares and their last values.

With T the day on which a run had its outcome, and K which, the area of outcome k at day t has the height
#{T <= t, K = k} / n: the cumulative incidence of competing risks without censoring before the horizon. What is left
below them is undecided. At the horizon those runs have an outcome too, which the bar at the right end tells apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.plots.calendar_axis import calendar_axis
from sim.plots.style import NORMAL, PALE, SMALL, number_axis, outcome_colours


def outcome_days(batch: Batch) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Return how and on which day each run turned out; runs that failed are left out."""
    table = batch.outcome_table
    ended = np.array([outcome is not None for outcome in table["outcome"]], dtype=bool)
    return table["outcome"][ended], table["outcome_day"][ended].astype(np.float64)


def shares_by_day(
    outcome: NDArray[np.object_], day: NDArray[np.float64], days: int, names: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Return the share of runs that turned out in each way by each day 0 to `days`.

    Parameters
    ----------
    outcome : ndarray of str, shape (n,)
        How the runs turned out.
    day : ndarray, shape (n,)
        When (days since the start).
    days : int
        Horizon.
    names : sequence of str
        The outcomes that come before the horizon.

    Returns
    -------
    dict of str to ndarray, shape (days + 1,)
        For each of these.

    Examples
    --------
    >>> turned_out = np.array(["settlement", "stalemate"], dtype=object)
    >>> shares = shares_by_day(turned_out, np.array([1.0, 3.0]), 3, ["settlement"])
    >>> shares["settlement"]
    array([0. , 0.5, 0.5, 0.5])
    """
    n = max(len(outcome), 1)
    shares = {}
    for name in names:
        ends = np.ceil(day[outcome == name]).astype(np.int64)
        shares[name] = np.cumsum(np.bincount(np.clip(ends, 0, days), minlength=days + 1)) / n
    return shares


def draw_outcomes(axes: Axes, batch: Batch, start: dt.date, days: int) -> None:
    """Fill a panel with the shares of runs by day, a bar of the last shares at its right end, and their labels."""
    outcome, day = outcome_days(batch)
    declared = batch.scenario.outcomes
    before = [name for name, o in declared.items() if not o.at_horizon]
    colours, labels = outcome_colours(declared), batch.scenario.outcome_labels
    shares = shares_by_day(outcome, day, days, before)
    x = np.arange(days + 1)
    floor: NDArray[np.float64] = 1.0 - sum(shares.values(), start=np.zeros(days + 1))
    axes.fill_between(x, 0.0, 100 * floor, color=PALE, linewidth=0, step="post")
    axes.plot(x, 100 * floor, color="#444444", linewidth=0.8, drawstyle="steps-post")
    last: list[tuple[str, float, float]] = []
    height = 0.0
    for name in (name for name, o in declared.items() if o.at_horizon):
        share = float((outcome == name).mean()) if len(outcome) else 0.0
        last.append((name, height, share))
        height += share
    for name in before:
        top = floor + shares[name]
        axes.fill_between(x, 100 * floor, 100 * top, color=colours[name], linewidth=0, step="post", label=name)
        last.append((name, float(floor[-1]), float(shares[name][-1])))
        floor = top
    axes.set_ylim(0, 100)
    number_axis(axes, "% of runs")
    axes.set_title(
        "Undecided runs (grey, below the line), and how the others turned out", fontsize=NORMAL, loc="left", pad=4.0
    )
    calendar_axis(axes, start, days)
    _final_bar(axes, [(labels[name], colours[name], bottom, share) for name, bottom, share in last], days)
    if 100 * (1.0 - sum(s[days // 8] for s in shares.values())) > 30:
        axes.text(0.02, 0.08, "undecided", transform=axes.transAxes, fontsize=SMALL, color="#444444")


def _final_bar(axes: Axes, last: list[tuple[str, str, float, float]], days: int) -> None:
    """Draw the shares at the horizon beside the axis and label those that came."""
    visible = [entry for entry in last if entry[3] > 0]
    gap, width = 0.006 * days, 0.016 * days
    for _, colour, bottom, share in visible:
        box = Rectangle((days + gap, 100 * bottom), width, 100 * share, facecolor=colour, linewidth=0, clip_on=False)
        axes.add_patch(box)
    spacing = 13.0
    places = apart([100 * (bottom + share / 2) for _, _, bottom, share in visible], spacing)
    for (label, _, _, share), y in zip(visible, places, strict=True):
        percent = f"{100 * share:.0f}" if share >= 0.01 else "< 1"
        axes.text(
            days + gap + 1.5 * width,
            y,
            f"{label} {percent} %",
            fontsize=NORMAL,
            va="center",
            ha="left",
            clip_on=False,
        )


def apart(places: list[float], spacing: float) -> list[float]:
    """Move ascending places apart so that labels at them do not touch, and keep them under 100.

    Examples
    --------
    >>> apart([1.0, 2.0, 99.0], 10.0)
    [1.0, 11.0, 99.0]
    """
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + spacing) if moved else place)
    ceiling = 100.0
    for i in reversed(range(len(moved))):
        moved[i] = min(moved[i], ceiling)
        ceiling = moved[i] - spacing
    return moved
