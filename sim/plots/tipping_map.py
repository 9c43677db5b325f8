"""The picture of a tipping map: one small heat map an outcome, with the line where it comes as often as not.

Every cell states its share in per cent; the colour (cividis, which colour-blind readers and grey print keep in order)
goes from 0 to 100 % in all panels alike. The thick line is the contour P = 1/2 through the centres of the cells, drawn
where the share crosses one half; the frame marks the cell of the scenario's own values, if the grid has it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.experiments.measures import MEASURES
from sim.experiments.scenario_number import number_at
from sim.plots.heat_cells import frame_cell, heat_cells
from sim.plots.style import DOTS_PER_INCH, NORMAL, SMALL, ResultFigure, footer, heading, look, words

if TYPE_CHECKING:
    from sim.experiments.tipping_map import GridAxis, TippingMap


def tipping_map_figure(result: TippingMap) -> Figure:
    """Draw a tipping map.

    Parameters
    ----------
    result : TippingMap
        Outcomes that no run of any cell had get no panel; a note names them.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If every run stopped itself, so that there is nothing to show.

    Examples
    --------
    >>> import sim
    >>> from sim.experiments.tipping_map import GridAxis, tipping_map
    >>> toy = sim.load("toys/two_actors")
    >>> x = GridAxis.around(toy, "actors.state.payoff.per_year.attacks", (0.5, 2.0))
    >>> y = GridAxis.around(toy, "actors.rebels.payoff.per_year.holding_fire", (0.5, 2.0))
    >>> figure = tipping_map_figure(tipping_map(toy, x, y, runs=20, seed=7))
    >>> figure.axes[0].get_title(loc="left")
    'Settlement'
    """
    shown = [name for name in MEASURES if result.share(name).any()]
    if not shown:
        raise UsageError("tipping map: found no run that ended, expected at least one")
    columns = min(4 if len(shown) > 6 else 3, len(shown))
    rows = math.ceil(len(shown) / columns)
    width, height = max(2.0 + 2.75 * columns, 5.5), 1.75 + 2.5 * rows
    with look():
        figure = ResultFigure(figsize=(width, height), dpi=DOTS_PER_INCH)
        grid = figure.add_gridspec(
            rows,
            columns,
            left=0.95 / width,
            right=1 - 0.95 / width,
            bottom=1.1 / height,
            top=1 - 0.85 / height,
            wspace=0.12,
            hspace=0.2,
        )
        panels = []
        for i, name in enumerate(shown):
            axes = figure.add_subplot(grid[i // columns, i % columns])
            _panel(axes, result, name)
            lowest = i + columns >= len(shown)
            _ticks(axes, result, below=lowest, left=i % columns == 0)
            panels.append(axes)
        heading(figure, "How often each outcome comes, by two numbers", result.scenario.title, 1 - 0.1 / height)
        figure.supxlabel(result.x.path, fontsize=NORMAL, y=0.52 / height)
        figure.supylabel(result.y.path, fontsize=NORMAL, x=0.012)
        bar_axes = figure.add_axes((1 - 0.75 / width, 1.1 / height, 0.14 / width, 1 - 1.95 / height))
        bar = figure.colorbar(panels[0].collections[0], cax=bar_axes)
        bar.set_label("share of runs, %", fontsize=NORMAL)
        bar.ax.tick_params(labelsize=SMALL)
        footer(figure, result.scenario, result.seed, result.runs, _notes(result, shown))
    return figure


def _panel(axes: Axes, result: TippingMap, name: str) -> None:
    """Draw the cells, their numbers, the line of one half and the scenario's own cell."""
    percent = 100.0 * result.share(name)
    heat_cells(axes, percent, 0.0, 100.0, lambda value: f"{value:.0f}", level=50.0)
    j, i = _own(result, result.x), _own(result, result.y)
    if i is not None and j is not None:
        frame_cell(axes, i, j)
    axes.set_title(words(name), fontsize=NORMAL, fontweight="bold", loc="left", pad=3)


def _own(result: TippingMap, axis: GridAxis) -> int | None:
    """Return the place on an axis of the value that the scenario has, None if the axis has no such value."""
    value = number_at(result.scenario, axis.path)
    return next((k for k, v in enumerate(axis.values) if math.isclose(v, value, rel_tol=1e-9)), None)


def _ticks(axes: Axes, result: TippingMap, *, below: bool, left: bool) -> None:
    for axis, values, named in ((axes.xaxis, result.x.values, below), (axes.yaxis, result.y.values, left)):
        axis.set_ticks(np.arange(len(values)) + 0.5, labels=[f"{v:.3g}" if named else "" for v in values])
    axes.tick_params(labelsize=6.5, length=2, width=0.6, color="#444444")


def _notes(result: TippingMap, shown: list[str]) -> list[str]:
    worst = max(float(result.standard_error(name).max()) for name in shown)
    notes = [
        f"{result.runs:,} runs a cell on the same luck; standard error of a cell at most {100 * worst:.1f} points; "
        "red line: share of one half; frame: the scenario's own values."
    ]
    never = [words(name).lower() for name in MEASURES if name not in shown]
    if never:
        notes.append(f"In no run of any cell: {', '.join(never)}.")
    failed = int(result.failed.sum())
    if failed:
        notes.append(f"{failed} runs stopped themselves and count for no outcome.")
    return notes
