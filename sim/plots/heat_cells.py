"""Cells of a heat map in one panel: colour, the number in each cell, the line of a level, a frame around one cell.

Colours are cividis, which colour-blind readers and grey print keep in order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.plots.style import PALE, VERMILLION

COLOURS = "cividis"


def heat_cells(
    axes: Axes,
    values: NDArray[np.float64],
    low: float,
    high: float,
    text_of: Callable[[float], str],
    *,
    level: float | None = None,
    size: float = 6.0,
) -> QuadMesh:
    """Draw cells with their numbers, and the contour of a level through the centres of the cells.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Cell (i, j) covers x from j to j + 1 and y from i to i + 1.
    values : ndarray of float64, shape (rows, columns)
        NaN cells stay pale.
    low, high : float
        Ends of the colour scale.
    text_of : callable
        Turns a value into the text of its cell.
    level : float, optional
        Drawn where the values cross it.
    size : float
        Of the numbers, in points.

    Returns
    -------
    matplotlib.collections.QuadMesh
        For a colour bar.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().add_subplot()
    >>> _ = heat_cells(axes, np.array([[0.0, 40.0], [60.0, 100.0]]), 0.0, 100.0, lambda v: f"{v:.0f}", level=50.0)
    >>> [text.get_text() for text in axes.texts]
    ['0', '40', '60', '100']
    """
    axes.set_facecolor(PALE)
    mesh = axes.pcolormesh(
        np.ma.masked_invalid(values), cmap=COLOURS, vmin=low, vmax=high, edgecolors="white", linewidth=0.3
    )
    for (i, j), value in np.ndenumerate(values):
        if np.isfinite(value):
            ink = "black" if value - low > 0.5 * (high - low) else "white"
            axes.text(j + 0.5, i + 0.5, text_of(float(value)), ha="center", va="center", fontsize=size, color=ink)
    finite: Any = values[np.isfinite(values)]
    if level is not None and finite.size and min(values.shape) > 1 and finite.min() < level < finite.max():
        centres = (np.arange(values.shape[1]) + 0.5, np.arange(values.shape[0]) + 0.5)
        filled = np.ma.masked_invalid(values)
        axes.contour(*centres, filled, levels=[level], colors=[VERMILLION], linewidths=2.0)
    return mesh


def frame_cell(axes: Axes, i: int, j: int) -> None:
    """Draw a frame around the cell in row i and column j."""
    axes.add_patch(Rectangle((j, i), 1, 1, fill=False, edgecolor="black", linewidth=1.6, zorder=5))
    axes.add_patch(Rectangle((j, i), 1, 1, fill=False, edgecolor="white", linewidth=0.6, zorder=6))
