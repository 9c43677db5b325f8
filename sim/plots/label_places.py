"""Places for the names of points, so that names cover neither one another nor the points.

Each name, in the order given, takes the first of a list of places around its point that is free and inside the axes:
right, left, then further away. The width of a name is estimated from its letters, which is enough for names of
one size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

WIDTH_OF_LETTER = 0.56
"""Mean width of a letter of DejaVu Sans over its size."""
GAP = 6.0
"""From the point to its name, in points of type."""

Box = tuple[float, float, float, float]


def free_places(
    axes: Axes,
    points: NDArray[np.float64],
    texts: Sequence[str],
    size: float,
    lines: Sequence[tuple[float, float, float, float]] = (),
) -> list[tuple[float, float]]:
    """Find a place for the name of each point.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits and its place in the figure set.
    points : ndarray of float64, shape (n, 2)
        In data units.
    texts : sequence of str
        The names.
    size : float
        Of the type, in points.
    lines : sequence of (float, float, float, float)
        Level or upright lines, x and y of both ends in data units, that names keep off too.

    Returns
    -------
    list of (float, float)
        Offsets from the point to the near end of the name's middle line, in points of type; a negative first one means
        that the name ends there.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure(figsize=(4, 4)).add_axes((0, 0, 1, 1))
    >>> places = free_places(axes, np.array([[0.5, 0.5], [0.5, 0.5]]), ["one", "two"], 7.0)
    >>> places[0] != places[1]
    True
    """
    figure = axes.figure
    per_point = 72.0 / figure.dpi
    pixels = axes.transData.transform(points) * per_point
    left, bottom, right, top = (v * per_point for v in axes.bbox.extents)
    occupied: list[Box] = [(x - 4.0, y - 4.0, x + 4.0, y + 4.0) for x, y in pixels]
    for x1, y1, x2, y2 in lines:
        (a, b), (c, d) = axes.transData.transform([(x1, y1), (x2, y2)]) * per_point
        occupied.append((min(a, c), min(b, d) - 1.0, max(a, c), max(b, d) + 1.0))
    offsets = _offsets(size)
    places = []
    for (x, y), text in zip(pixels.tolist(), texts, strict=True):
        width, half = WIDTH_OF_LETTER * size * len(text), 0.6 * size
        best = (GAP, 0.0)
        for dx, dy in offsets:
            start = x + dx
            end = start + math.copysign(width, dx)
            box = (min(start, end), y + dy - half, max(start, end), y + dy + half)
            inside = box[0] >= left and box[2] <= right and box[1] >= bottom and box[3] <= top
            if inside and not any(_overlap(box, other) for other in occupied):
                best = (dx, dy)
                occupied.append(box)
                break
        places.append(best)
    return places


def _offsets(size: float) -> list[tuple[float, float]]:
    """Return offsets to try, the nearest first, rather up and to the right."""
    rows = [0.6 * size * k for k in range(-50, 51)]
    ways = [(side * (GAP + shift), dy) for shift in (0.0, 35.0, 80.0, 140.0) for side in (1.0, -1.0) for dy in rows]
    return sorted(ways, key=lambda way: abs(way[1]) * (1.0 if way[1] >= 0.0 else 1.01) + 0.6 * abs(way[0] - GAP / 2.0))


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
