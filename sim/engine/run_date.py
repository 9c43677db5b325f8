"""Dates of a run as callers write them: an ISO text, a date, or the number of a day."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from sim.errors import UsageError


def day_number(date: Any, start: dt.date) -> int:
    """Return the number of the day that a caller means; day 0 is the start.

    Parameters
    ----------
    date : str, datetime.date, int or float
        An ISO date such as ``"2020-05-17"``, a date, or days since the start; a moment stands for its day.
    start : datetime.date
        Date of day 0.

    Raises
    ------
    UsageError
        If it is none of these.

    Examples
    --------
    >>> [day_number(d, dt.date(2020, 2, 29)) for d in ("2020-03-10", dt.date(2020, 3, 10), 10, 10.5)]
    [10, 10, 10, 10]
    """
    if isinstance(date, dt.datetime):
        date = date.date()
    if isinstance(date, str):
        text = date.strip()
        try:
            date = dt.date.fromisoformat(text)
        except ValueError:
            if text.removeprefix("-").isdecimal() and len(text) < 7:
                return int(text)
            raise UsageError(
                f"date: found {text[:40]!r}, expected a date such as {start.isoformat()!r}, or the number of a day"
            ) from None
    if isinstance(date, dt.date):
        return (date - start).days
    if hasattr(date, "item"):
        date = date.item()
    if isinstance(date, int | float) and not isinstance(date, bool) and math.isfinite(date):
        return math.floor(date)
    raise UsageError(
        f"date: found {type(date).__name__} {str(date)[:40]!r}, expected a date such as {start.isoformat()!r}, "
        "or the number of a day"
    )


def day_of_run(run: Any, date: Any) -> int:
    """Return the number of a day on which a run was under way.

    Parameters
    ----------
    run : Run
        What was simulated.
    date : str, datetime.date, int or float
        As in `day_number`.

    Raises
    ------
    UsageError
        If the date lies outside the run; the message names its first and last date and the decision dates nearby.
    """
    scenario = run.scenario
    start: dt.date = scenario.start
    day = day_number(date, start)
    last = last_day(run)
    if 0 <= day <= last:
        return day
    try:
        requested = (start + dt.timedelta(days=day)).isoformat()
    except OverflowError:
        requested = "far from any date"
    end = start + dt.timedelta(days=last)
    ended = run.scenario.outcome_labels.get(run.outcome["outcome"], "a failure")
    message = (
        f"date: found {requested} (day {day}), expected a date of the run, from {start} (day 0) to {end} (day {last}), "
        f"when it ended with {ended}"
    )
    near = _near(run, day)
    if near:
        message += f". The nearest decisions were taken on {', '.join(d.isoformat() for d in near)}"
    raise UsageError(f"{message}. Choose a date between them.")


def last_day(run: Any) -> int:
    """Return the number of the day on which a run ended."""
    day = run.outcome["end_day"]
    return int(run.scenario.horizon_days) if math.isnan(day) else math.floor(day)


def _near(run: Any, day: int, count: int = 3) -> list[dt.date]:
    """List the dates of the decisions nearest to a day, in order."""
    days = sorted({math.floor(d.day) for d in run.decisions}, key=lambda d: (abs(d - day), d))[:count]
    start: dt.date = run.scenario.start
    return [start + dt.timedelta(days=d) for d in sorted(days)]
