"""Heat maps at the end of a sweep: of a grid of two factors, for the measures that vary most between its cells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.experiments.sweep.sweep import Sweep

MOST_MAPS = 3
"""Measures that are drawn; others are for ``sim plot``."""
FIGURES = "figures"


def draw_grid(sweep: Sweep) -> list[Path]:
    """Draw a sweep whose design is a grid of two factors; nothing of any other.

    Parameters
    ----------
    sweep : Sweep
        Some runs may have failed.

    Returns
    -------
    list of Path
        The files, in the folder ``figures`` of the sweep.
    """
    from sim.experiments.designs.grid import Grid
    from sim.experiments.sweep_extremes import extremes_of

    if len(sweep.experiment.factors) != 2 or not isinstance(sweep.experiment.design, Grid):
        return []
    from sim.experiments.sweep_cells import sweep_cells
    from sim.plots.saving import save_figure
    from sim.plots.sweep_heat_map import sweep_heat_map_figure

    files: list[Path] = []
    for measure in [one.measure for one in extremes_of(sweep)][:MOST_MAPS]:
        try:
            cells = sweep_cells(sweep, measure.name)
        except UsageError:  # its columns are not kept, or a factor has more values than a map has room for
            continue
        files += save_figure(sweep_heat_map_figure(cells), sweep.folder / FIGURES, f"heat_map_{measure.name}")
    return files
