"""How many runs still go on and how the others ended, day by day: stacked cumulative shares, and their last values.

With T the day on which a run ended, and K how, the area of outcome k at day t has the height #{T <= t, K = k} / n: the
cumulative incidence of competing risks without censoring before the horizon. What is left below them still goes on. At
the horizon those runs become `talks_open` or `stalemate`, which the bar at the right end tells apart.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.plots.calendar_axis import calendar_axis
from sim.plots.style import NORMAL, OUTCOME_COLOURS, PALE, SMALL, number_axis
from sim.scenario.catalogue import AT_HORIZON, ENDINGS


def outcome_days(batch: Batch) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Return how and on which day each run ended; runs that failed are left out."""
    table = batch.outcome_table
    ended = np.array([outcome is not None for outcome in table["outcome"]], dtype=bool)
    return table["outcome"][ended], table["outcome_day"][ended].astype(np.float64)


def shares_by_day(outcome: NDArray[np.object_], day: NDArray[np.float64], days: int) -> dict[str, NDArray[np.float64]]:
    """Return the share of runs that ended in each way by each day 0 to `days`.

    Parameters
    ----------
    outcome : ndarray of str, shape (n,)
        How the runs ended.
    day : ndarray, shape (n,)
        When (days since the start).
    days : int
        Horizon.

    Returns
    -------
    dict of str to ndarray, shape (days + 1,)
        For the outcomes that end a run before the horizon.

    Examples
    --------
    >>> shares = shares_by_day(np.array(["settlement", "stalemate"], dtype=object), np.array([1.0, 3.0]), 3)
    >>> shares["settlement"]
    array([0. , 0.5, 0.5, 0.5])
    """
    n = max(len(outcome), 1)
    shares = {}
    for name in ENDINGS:
        ends = np.ceil(day[outcome == name]).astype(np.int64)
        shares[name] = np.cumsum(np.bincount(np.clip(ends, 0, days), minlength=days + 1)) / n
    return shares


def draw_outcomes(axes: Axes, batch: Batch, start: dt.date, days: int) -> None:
    """Fill a panel with the shares of runs by day, a bar of the last shares at its right end, and their labels."""
    outcome, day = outcome_days(batch)
    shares = shares_by_day(outcome, day, days)
    x = np.arange(days + 1)
    floor: NDArray[np.float64] = 1.0 - sum(shares.values(), start=np.zeros(days + 1))
    axes.fill_between(x, 0.0, 100 * floor, color=PALE, linewidth=0, step="post")
    axes.plot(x, 100 * floor, color="#444444", linewidth=0.8, drawstyle="steps-post")
    last: list[tuple[str, float, float]] = []
    height = 0.0
    for name in AT_HORIZON:
        share = float((outcome == name).mean()) if len(outcome) else 0.0
        last.append((name, height, share))
        height += share
    for name in ENDINGS:
        top = floor + shares[name]
        axes.fill_between(x, 100 * floor, 100 * top, color=OUTCOME_COLOURS[name], linewidth=0, step="post", label=name)
        last.append((name, float(floor[-1]), float(shares[name][-1])))
        floor = top
    axes.set_ylim(0, 100)
    number_axis(axes, "% of runs")
    axes.set_title(
        "Runs that still go on (grey, below the line), and how the others ended", fontsize=NORMAL, loc="left", pad=4.0
    )
    calendar_axis(axes, start, days)
    _final_bar(axes, last, days)
    if 100 * (1.0 - sum(s[days // 8] for s in shares.values())) > 30:
        axes.text(0.02, 0.08, "still going on", transform=axes.transAxes, fontsize=SMALL, color="#444444")


def _final_bar(axes: Axes, last: list[tuple[str, float, float]], days: int) -> None:
    """Draw the shares at the horizon beside the axis and label those that came."""
    visible = [(name, bottom, share) for name, bottom, share in last if share > 0]
    gap, width = 0.006 * days, 0.016 * days
    for name, bottom, share in visible:
        box = Rectangle(
            (days + gap, 100 * bottom), width, 100 * share, facecolor=OUTCOME_COLOURS[name], linewidth=0, clip_on=False
        )
        axes.add_patch(box)
    spacing = 13.0
    places = apart([100 * (bottom + share / 2) for _, bottom, share in visible], spacing)
    for (name, _, share), y in zip(visible, places, strict=True):
        percent = f"{100 * share:.0f}" if share >= 0.01 else "< 1"
        axes.text(
            days + gap + 1.5 * width,
            y,
            f"{name.replace('_', ' ')} {percent} %",
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
