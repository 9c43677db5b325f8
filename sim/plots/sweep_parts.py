"""Figures of a sweep and one of its measures: heat map of a grid, indices, effects or boxes of other designs.

If no measure is named, that is taken whose mean varies most between rows, of those that the scenario shows first.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from sim.errors import ConvergenceWarning, UsageError
from sim.experiments.scenario_discovery import discover
from sim.experiments.sensitivity import sensitivity_of
from sim.experiments.sweep_cells import sweep_cells
from sim.experiments.sweep_extremes import extremes_of
from sim.plots.discovery_boxes import discovery_boxes_figure
from sim.plots.index_convergence import index_convergence_figure
from sim.plots.morris_plane import morris_plane_figure
from sim.plots.sobol_bars import sobol_bars_figure
from sim.plots.sweep_heat_map import sweep_heat_map_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.sensitivity import Sensitivity
    from sim.experiments.sweep.sweep import Sweep


def sweep_map(
    sweep: Sweep, output: str | None = None, x: str | None = None, y: str | None = None, ax: Axes | None = None
) -> Figure:
    """Draw a measure by two factors of a grid, the only two if it has two."""
    return sweep_heat_map_figure(sweep_cells(sweep, output or _usual(sweep), x, y), ax=ax)


def sweep_sobol(sweep: Sweep, output: str | None = None) -> Figure:
    """Draw the Sobol' indices of a measure."""
    return sobol_bars_figure(_analysed(sweep, output, "sobol"))


def sweep_convergence(sweep: Sweep, output: str | None = None) -> Figure:
    """Draw how the Sobol' indices of a measure settle as runs are added."""
    return index_convergence_figure(_analysed(sweep, output, "convergence"))


def sweep_morris(sweep: Sweep, output: str | None = None) -> Figure:
    """Draw Morris's elementary effects of a measure."""
    return morris_plane_figure(_analysed(sweep, output, "morris"))


def sweep_discovery(sweep: Sweep, output: str | None = None) -> Figure:
    """Draw the boxes of factors in which a measure is likely."""
    return discovery_boxes_figure(discover(sweep, output or _usual(sweep)))


def _usual(sweep: Sweep) -> str:
    extremes = extremes_of(sweep)
    if not extremes:
        raise UsageError(f"{sweep.folder}: found no measure that varies between rows, expected one. Name an output")
    return extremes[0].measure.name


def _analysed(sweep: Sweep, output: str | None, figure: str) -> Sensitivity:
    """Analyse a measure; raise UsageError if the design does not fit the figure."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the figure says so
        result = sensitivity_of(sweep, output or _usual(sweep))
    if (result.sobol is None) != (figure == "morris"):
        design = "Morris's" if result.sobol is None else "Saltelli's"
        fits = "sobol or convergence" if figure == "morris" else "morris"
        raise UsageError(f"figure {figure}: found a sweep with {design} design, expected another. It has: {fits}")
    return result
