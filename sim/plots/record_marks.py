"""What really happened, as black marks on an axis of days: a dot for a day, a bar for a window, a bar for a range.

Each definition of a series (who counted what) has its own shape, because sources that count differently contradict each
other and a reader must see which is which. Filled is the definition with the most observations, open are the others.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.plots.style import BLACK
from sim.record.observation import Observation
from sim.record.record import Record

SHAPES: Final = ("o", "s", "^", "D", "v", "P", "X", "*")
HANDLES: Final[dict[str, Any]] = {"color": BLACK, "markersize": 4.0, "markeredgewidth": 0.8, "linewidth": 0.9}


def observations_of(record: Record | None, feature: str, entity: str, alone: bool) -> tuple[Observation, ...]:
    """Return what a record says about a feature of an entity.

    Parameters
    ----------
    record : Record or None
        What happened.
    feature, entity : str
        As in ``feature(entity)``.
    alone : bool
        Whether the scenario has no other such entity, so that a record of the sum (``feature`` alone) is about it.
    """
    if record is None:
        return ()
    observed = record.series(f"{feature}({entity})")
    return observed or (record.series(feature) if alone else ())


def mark_observations(
    axes: Axes, observations: Sequence[Observation], start: dt.date, days: int, *, first: int = 0, hollow: bool = False
) -> list[Line2D]:
    """Draw observations and return one legend entry a definition.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Whose data are days since the start.
    observations : sequence of Observation
        Of one series.
    start : datetime.date
        Day 0.
    days : int
        Length of the axis; what lies outside is left out, bars are cut.
    first : int
        Place in `SHAPES` of the first definition.
    hollow : bool
        Whether the first definition is drawn open as well.

    Returns
    -------
    list of Line2D
        Labelled with the definitions; empty if no observation lies on the axis.
    """
    visible = [o for o in observations if (o.end_date - start).days >= 0 and (o.date - start).days <= days]
    entries: list[Line2D] = []
    for i, (definition, _count) in enumerate(Counter(o.definition for o in visible).most_common()):
        face = BLACK if i == 0 and not hollow else "white"
        place = (first + i) % len(SHAPES)
        _mark(axes, [o for o in visible if o.definition == definition], start, days, place, face)
        label = definition or "recorded"
        settings = _line_settings(visible, definition)
        entries.append(Line2D([], [], marker=SHAPES[place], markerfacecolor=face, label=label, **settings))
    return entries


def _mark(axes: Axes, observations: Sequence[Observation], start: dt.date, days: int, place: int, face: str) -> None:
    """Draw the observations of one definition; earlier definitions lie on top."""
    points: list[tuple[float, float]] = []
    windows: list[tuple[float, float, float]] = []
    ranges: list[tuple[float, float, float]] = []
    for o in observations:
        begin, end = (o.date - start).days, (o.end_date - start).days
        middle = float(begin)
        if o.end_date > o.date:
            middle = (begin + end + 1) / 2
            windows.append((o.value, max(begin, 0), min(end + 1, days)))
        if 0 <= middle <= days:
            points.append((middle, o.value))
            low = o.value if math.isnan(o.low) else o.low
            high = o.value if math.isnan(o.high) else o.high
            if high > low:
                ranges.append((middle, low, high))
    order = 6.0 - 0.1 * place
    bars = {"colors": BLACK, "linewidth": HANDLES["linewidth"], "zorder": order - 0.05}
    if windows:
        axes.hlines(*zip(*windows, strict=True), **bars)
    if ranges:
        axes.vlines(*zip(*ranges, strict=True), **bars)
    if points:
        settings = HANDLES | {"linestyle": "none", "clip_on": False}
        axes.plot(*zip(*points, strict=True), marker=SHAPES[place], markerfacecolor=face, zorder=order, **settings)


def _line_settings(observations: Sequence[Observation], definition: str) -> dict[str, Any]:
    """Return how a definition stands in a legend: with a bar if any of its observations has a window."""
    window = any(o.end_date > o.date for o in observations if o.definition == definition)
    return {**HANDLES, "linestyle": "-" if window else "none"}
