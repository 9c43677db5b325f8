"""A horizontal axis of days since the start that reads as a calendar: month names, the year under its first tick.

Ticks stand on the first of a month (every 1, 2, 3, 4 or 6 months, or of whole years when that is too many), on days
when the whole axis is shorter than two months. Names are English whatever the locale: figures do not depend on it.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator

from sim.plots.style import NORMAL

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_TICKS: Final = 12


def day_month_year(date: dt.date) -> str:
    """Write a date.

    Examples
    --------
    >>> day_month_year(dt.date(2020, 4, 8))
    '8 Apr 2020'
    """
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def calendar_ticks(start: dt.date, days: int, most: int = MOST_TICKS) -> list[tuple[int, str]]:
    r"""Choose ticks: the day since the start and the label of each.

    Parameters
    ----------
    start : datetime.date
        Day 0.
    days : int
        Length of the axis.
    most : int
        Ticks that fit.

    Returns
    -------
    list of (int, str)
        In order; the first of each year carries the year on a second line.

    Examples
    --------
    >>> calendar_ticks(dt.date(2020, 2, 29), 130)[:2]
    [(1, 'Mar\n2020'), (32, 'Apr')]
    """
    if days < 60:
        step = next(s for s in (1, 2, 5, 7, 10, 14) if days // s < most)
        dates = [start + dt.timedelta(days=d) for d in range(0, days + 1, step)]
        labels = [f"{date.day} {MONTHS[date.month - 1]}" for date in dates]
    else:
        first = start.year * 12 + start.month - 1 + (start.day > 1)
        end = start + dt.timedelta(days=days)
        last = end.year * 12 + end.month - 1
        step = next(s for s in (1, 2, 3, 4, 6, 12, 24, 60, 120, 240, 600) if (last - first) // s < most)
        months = [month for month in range(first, last + 1) if month % step == 0]
        dates = [dt.date(month // 12, month % 12 + 1, 1) for month in months]
        labels = [MONTHS[date.month - 1] if step < 12 else str(date.year) for date in dates]
        if step >= 12:
            return [((date - start).days, label) for date, label in zip(dates, labels, strict=True)]
    for i, date in enumerate(dates):
        if i == 0 or date.year != dates[i - 1].year:
            labels[i] += f"\n{date.year}"
    return [((date - start).days, label) for date, label in zip(dates, labels, strict=True)]


def calendar_axis(axes: Axes, start: dt.date, days: int, *, labelled: bool = True, most: int = MOST_TICKS) -> None:
    """Make the horizontal axis a calendar from the start over so many days.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Whose data are days since the start.
    start : datetime.date
        Day 0.
    days : int
        Length.
    labelled : bool
        Whether the ticks are named; panels above another of the same axis need no names.
    most : int
        Ticks that fit.
    """
    ticks = calendar_ticks(start, days, most)
    axes.set_xlim(0, days)
    axes.xaxis.set_major_locator(FixedLocator([day for day, _ in ticks]))
    axes.xaxis.set_major_formatter(FixedFormatter([label if labelled else "" for _, label in ticks]))
    axes.tick_params(axis="x", labelsize=NORMAL, length=3, width=0.6, color="#444444")
