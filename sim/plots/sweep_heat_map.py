"""Heat map of two factors of a sweep: the mean of an output in each cell, and the line where it tips.

For a share of runs the thick line is the contour 1/2; for another output a line is drawn where a
level is asked for. The frame marks the cell of the scenario's own values, if the grid has it.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.experiments.comparison.finding import percent_words
from sim.plots.heat_cells import frame_cell, heat_cells
from sim.plots.notes import wrapped
from sim.plots.output_words import mean_label, output_words
from sim.plots.style import (
    DOTS_PER_INCH,
    NORMAL,
    SMALL,
    ResultFigure,
    footer,
    heading,
    look,
    shortened,
    thousands,
    words,
)
from sim.plots.takes import takes
from sim.scenario.schema.scenario import Content
from sim.scenario.schema.walk import description_at
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.experiments.sweep_cells import CellAxis, SweepCells
    from sim.scenario.scenario import Scenario

HALF = 0.5


@takes("SweepCells", "sweep_cells(sweep, output)")
def sweep_heat_map_figure(cells: SweepCells, level: float | None = None, *, ax: Axes | None = None) -> Figure:
    """Draw the cells of two factors.

    Parameters
    ----------
    cells : SweepCells
        As `sim.experiments.sweep_cells.sweep_cells` takes them from a sweep.
    level : float, optional
        Where the line is, in the unit of the output (a share of runs between 0 and 1); one half for shares, no line for
        other outputs.
    ax : matplotlib.axes.Axes, optional
        Draw the cells there and nothing around them.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If every run failed.

    Examples
    --------
    >>> import numpy as np, sim
    >>> from sim.experiments.sweep_cells import CellAxis, SweepCells
    >>> axis = CellAxis("patience", ("actors.state.discount_per_year",), (0.1, 0.2), ("0.1", "0.2"), 1)
    >>> share, runs = np.array([[0.2, 0.6], [0.4, 0.9]]), np.full((2, 2), 50)
    >>> toy = sim.load("toys/two_actors")
    >>> cells = SweepCells("settlement", True, toy, "A grid", 7, axis, axis, share, share / 10, runs, 0 * runs, ())
    >>> [text.get_text() for text in sweep_heat_map_figure(cells).axes[0].texts]
    ['20', '60', '40', '90']
    """
    finite = cells.mean[np.isfinite(cells.mean)]
    if not finite.size:
        raise UsageError("heat map: found no run that ended, expected at least one")
    scale = 100.0 if cells.is_share else 1.0
    at = (HALF if cells.is_share else None) if level is None else level
    if not (cells.x.is_number and cells.y.is_number):
        at = None  # nothing lies between two choices
    crossed = at is not None and float(finite.min()) < at < float(finite.max())
    low, high = (0.0, 100.0) if cells.is_share else (float(finite.min()), float(finite.max()))
    high = high if high > low else low + 1.0
    rows, columns = cells.mean.shape
    width = min(max(2.4 + 0.62 * columns, 6.0), 12.0)
    height = min(max(2.3 + 0.42 * rows, 4.2), 10.0)
    if ax is not None:
        with look():
            _cells(ax, cells, scale, low, high, scale * at if at is not None and crossed else None)
            ax.set_title(output_words(cells.output, cells.is_share, cells.scenario), fontsize=NORMAL, loc="left")
        drawn = ax.figure
        assert isinstance(drawn, Figure)
        return drawn
    with look():
        figure = ResultFigure(figsize=(width, height), dpi=DOTS_PER_INCH)
        notes = wrapped(_notes(cells, at, crossed), width)
        bottom = 0.95 + 0.13 * len(notes)
        axes = figure.add_axes((1.5 / width, bottom / height, 1 - 2.6 / width, 1 - (bottom + 0.75) / height))
        mesh = _cells(axes, cells, scale, low, high, scale * at if at is not None and crossed else None)
        bar_axes = figure.add_axes((1 - 0.85 / width, bottom / height, 0.14 / width, 1 - (bottom + 0.75) / height))
        bar = figure.colorbar(mesh, cax=bar_axes)
        bar.set_label(mean_label(cells.output, cells.is_share, cells.scenario), fontsize=NORMAL)
        bar.ax.tick_params(labelsize=SMALL)
        below = f"{shortened(cells.title, 80)}: by {words(cells.x.name).lower()} and {words(cells.y.name).lower()}"
        heading(figure, _finding(cells), below, 1 - 0.1 / height)
        footer(figure, cells.scenario, cells.seed, int(cells.runs.sum()), notes)
    return figure


def _cells(axes: Axes, cells: SweepCells, scale: float, low: float, high: float, level: float | None) -> QuadMesh:
    """Draw cells with their numbers, the line of a level, the frame of the scenario's own values, and the two axes."""
    mesh = heat_cells(
        axes,
        scale * cells.mean,
        low,
        high,
        lambda value: f"{value:.0f}" if cells.is_share else _short(value),
        level=level,
        size=6.5 if cells.mean.shape[1] <= 12 else 5.0,
    )
    if cells.x.own is not None and cells.y.own is not None:
        frame_cell(axes, cells.y.own, cells.x.own)
    _ticks(axes, cells)
    return mesh


def _ticks(axes: Axes, cells: SweepCells) -> None:
    box = axes.get_window_extent()
    for axis, cell_axis, pixels in ((axes.xaxis, cells.x, box.width), (axes.yaxis, cells.y, box.height)):
        every = max(1, -(-len(cell_axis.values) // 15))
        places = np.arange(0, len(cell_axis.values), every)
        axis.set_ticks(places + 0.5, labels=[shortened(cell_axis.labels[k], 14) for k in places])
        letters = int(14.5 * pixels / DOTS_PER_INCH)
        axis.set_label_text(_axis_text(cell_axis, cells.scenario, letters), fontsize=NORMAL)
    axes.tick_params(labelsize=SMALL, length=2, width=0.6, color="#444444")


def _axis_text(axis: CellAxis, scenario: Scenario, letters: int) -> str:
    """Return the name of a factor and what the format says of the number it sets, in lines of so many letters."""
    path = [int(part) if part.isdecimal() else part for part in axis.paths[0].split(".")]
    meaning = next((m for end in range(len(path), 0, -1) if (m := description_at(Content, path[:end]))), "")
    owner = f"{capital(words_of(scenario).actor(str(path[1])))}: " if path[0] == "actors" and len(path) > 1 else ""
    more = f", and {len(axis.paths) - 1} more" if len(axis.paths) > 1 else ""
    said = f"{owner}{meaning.partition(';')[0] or axis.paths[0]}{more}"
    return "\n".join([words(axis.name), *textwrap.wrap(said, letters)[:2]])


def _finding(cells: SweepCells) -> str:
    """Say between which values the output lies."""
    called = output_words(cells.output, cells.is_share, cells.scenario)
    low, high = float(np.nanmin(cells.mean)), float(np.nanmax(cells.mean))
    if cells.is_share:
        return f"{called}: from {percent_words(low)} to {percent_words(high)}"
    return f"{called}: from {_short(low)} to {_short(high)}"


def _short(value: float) -> str:
    return thousands(round(value)) if abs(value) >= 100 else f"{value:.3g}"


def _level_words(cells: SweepCells, level: float) -> str:
    if not cells.is_share:
        return f"{level:g}"
    return "one half" if level == HALF else f"{100 * level:g} %"


def _notes(cells: SweepCells, level: float | None, crossed: bool) -> list[str]:
    lowest, highest = int(cells.runs.min()), int(cells.runs.max())
    each = f"{lowest:,}" if lowest == highest else f"{lowest:,} to {highest:,}"
    parts = [f"{each} runs a cell"]
    errors = cells.standard_error[np.isfinite(cells.standard_error)]
    if errors.size:
        worst = float(errors.max())
        parts.append(
            f"standard error of a cell at most {100 * worst:.1f} points"
            if cells.is_share
            else f"standard error of a cell at most {worst:.3g}"
        )
    if level is not None and crossed:
        parts.append(f"orange line: {_level_words(cells, level)}")
    if cells.x.own is not None and cells.y.own is not None:
        parts.append("frame: the scenario's own values")
    notes = ["; ".join(parts) + "."]
    if level is not None and not crossed:
        notes.append(f"No cell is on the other side of {_level_words(cells, level)}.")
    factors = [f"{words(axis.name).lower()} is {axis.paths[0]}" for axis in (cells.x, cells.y)]
    notes.append(f"{capital('; '.join(factors))}.")
    if cells.averaged:
        notes.append(f"Means over the values of {', '.join(cells.averaged)}.")
    failed = int(cells.failed.sum())
    if failed:
        notes.append(f"{failed:,} of {int(cells.runs.sum()):,} runs failed and are left out.")
    return notes
