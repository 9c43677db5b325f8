"""Run the two-way grids of docs/sensitivity.md: figures, their numbers as JSON, and the table of tipping points.

``python docs/tipping_map.py`` (several minutes) sweeps each pair of numbers over a grid, all cells on the same luck,
writes ``docs/figures/tipping_map*.png`` and ``.json`` and rewrites the table of tipping points of the page. The pairs
are those that ``docs/sensitivity.py`` found to matter most.

Each figure is one small heat map an outcome, all on one scale of colours; `sim.plots.sweep_heat_map_figure` draws one
outcome alone.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from make_tables import table, written
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

import sim
from sim.engine.wilson_interval import share_error
from sim.experiments.measures import measures_of
from sim.experiments.scenario_number import number_at
from sim.experiments.sweep_cells import SweepCells, sweep_cells
from sim.plots import figure_bytes
from sim.plots.heat_cells import frame_cell, heat_cells
from sim.plots.style import DOTS_PER_INCH, NORMAL, SMALL, ResultFigure, footer, heading, look, words

PAGE = Path(__file__).with_name("sensitivity.md")
FIGURES = Path(__file__).with_name("figures")
SEED = 1
FACTORS = tuple(2.0 ** (k / 3.0) for k in range(-3, 4))
"""Seven factors from a half to two, equal steps of a logarithm."""
OWN = FACTORS.index(1.0)
"""Place of the scenario's own value on both axes."""

MAPS = {
    "tipping_map": (
        "deal.captives.taliban_prisoners.cost_per_1000.base",
        "actors.taliban.payoff.terms.settlement.territory",
    ),
    "tipping_map_settlement": (
        "actors.taliban.payoff.at_outcome.settlement",
        "actors.government.payoff.at_outcome.settlement",
    ),
    "tipping_map_hazards": (
        "deal.outcomes.civil_war.factors.weakness.midpoint",
        "deal.outcomes.government_collapse.factors.land.midpoint",
    ),
}

Cells = Mapping[str, SweepCells]
"""The cells of one grid, by measure."""


def swept(scenario: sim.Scenario, x: str, y: str, runs: int) -> Cells:
    """Sweep two numbers of a scenario over multiples of their own values."""
    content = {
        "schema_version": 1,
        "title": f"{scenario.title}: two numbers"[:200],
        "scenario": scenario,
        "vary": {
            axis: {"path": path, "choices": [number_at(scenario, path) * factor for factor in FACTORS]}
            for axis, path in (("x", x), ("y", y))
        },
        "design": {"grid": {"levels": len(FACTORS)}},
        "replications": runs,
        "seed": SEED,
        "outputs": ["outcome", "talks_day"],
    }
    with tempfile.TemporaryDirectory() as folder:
        sweep = sim.sweep(sim.experiment_from(content), Path(folder) / "sweep")
        known = measures_of(sweep.experiment.scenario).events
        wanted = [event.name for event in known if event.kind in ("outcome", "talks")]
        cells = {measure: sweep_cells(sweep, measure, "x", "y") for measure in wanted}
    if any(one.failed.any() for one in cells.values()):
        raise SystemExit("some runs stopped themselves, so the shares would not be those of all runs")
    return cells


def error_of(cells: SweepCells) -> NDArray[np.float64]:
    """Return the Monte Carlo standard error of each share."""
    return share_error(cells.mean, cells.runs)


def as_data(cells: Cells) -> dict[str, Any]:
    """Return a map as plain data for JSON; shares and standard errors as lists of rows."""
    one = next(iter(cells.values()))
    return {
        "scenario": one.scenario.title,
        "scenario_sha256": one.scenario.sha256,
        "seed": one.seed,
        "runs_per_cell": int(one.runs[0, 0]),
        "x": {"path": one.x.paths[0], "values": list(one.x.values)},
        "y": {"path": one.y.paths[0], "values": list(one.y.values)},
        "failed": one.failed.tolist(),
        "measures": {
            name: {"share": each.mean.tolist(), "standard_error": error_of(each).tolist()}
            for name, each in cells.items()
        },
    }


def figure_of(cells: Cells) -> Figure:
    """Draw one panel for each measure that some run had, with the line where its share is one half."""
    drawn = [name for name in cells if cells[name].mean.any()]
    one = cells[drawn[0]]
    columns = min(4 if len(drawn) > 6 else 3, len(drawn))
    rows = math.ceil(len(drawn) / columns)
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
        for i, name in enumerate(drawn):
            axes = figure.add_subplot(grid[i // columns, i % columns])
            heat_cells(axes, 100.0 * cells[name].mean, 0.0, 100.0, lambda value: f"{value:.0f}", level=50.0)
            frame_cell(axes, OWN, OWN)
            axes.set_title(words(name), fontsize=NORMAL, fontweight="bold", loc="left", pad=3)
            _ticks(axes, one, below=i + columns >= len(drawn), left=i % columns == 0)
        heading(figure, "How often each outcome comes, by two numbers", one.scenario.title, 1 - 0.1 / height)
        figure.supxlabel(one.x.paths[0], fontsize=NORMAL, y=0.52 / height)
        figure.supylabel(one.y.paths[0], fontsize=NORMAL, x=0.012)
        bar_axes = figure.add_axes((1 - 0.75 / width, 1.1 / height, 0.14 / width, 1 - 1.95 / height))
        bar = figure.colorbar(figure.axes[0].collections[0], cax=bar_axes)
        bar.set_label("share of runs, %", fontsize=NORMAL)
        bar.ax.tick_params(labelsize=SMALL)
        footer(figure, one.scenario, one.seed, int(one.runs[0, 0]), _notes(cells, drawn))
    return figure


def _ticks(axes: Axes, cells: SweepCells, *, below: bool, left: bool) -> None:
    for axis, values, named in ((axes.xaxis, cells.x.values, below), (axes.yaxis, cells.y.values, left)):
        axis.set_ticks(np.arange(len(values)) + 0.5, labels=[f"{v:.3g}" if named else "" for v in values])
    axes.tick_params(labelsize=6.5, length=2, width=0.6, color="#444444")


def _notes(cells: Cells, drawn: list[str]) -> list[str]:
    worst = max(float(error_of(cells[name]).max()) for name in drawn)
    notes = [
        f"{int(cells[drawn[0]].runs[0, 0]):,} runs a cell on the same luck; standard error of a cell at most "
        f"{100 * worst:.1f} points; red line: share of one half; frame: the scenario's own values."
    ]
    never = [words(name).lower() for name in cells if name not in drawn]
    if never:
        notes.append(f"In no run of any cell: {', '.join(never)}.")
    return notes


def nearest_tip(cells: SweepCells) -> str:
    """Say which cell nearest to the scenario's own lies surely on the other side of one half."""
    share, error = cells.mean, error_of(cells)
    above = share[OWN, OWN] > 0.5
    crossed = (share + 2.0 * error < 0.5) if above else (share - 2.0 * error > 0.5)
    if not crossed.any():
        return "none"

    def distance(cell: tuple[int, int]) -> tuple[float, float]:
        steps = sorted(abs(math.log2(FACTORS[k])) for k in cell)
        return steps[1], steps[0]

    i, j = min(((int(i), int(j)) for i, j in np.argwhere(crossed)), key=distance)
    return f"x × {FACTORS[j]:.2f}, y × {FACTORS[i]:.2f}: {100 * share[i, j]:.0f} ± {100 * error[i, j]:.1f}"


def tipping_points(maps: Mapping[str, Cells]) -> str:
    """Tabulate for each map and measure the own share, the range over the grid and the nearest tipping cell."""
    rows = []
    for name, cells in maps.items():
        for measure in cells:
            share, error = cells[measure].mean, error_of(cells[measure])
            own = f"{100 * share[OWN, OWN]:.1f} ± {100 * error[OWN, OWN]:.1f}"
            spread = f"{100 * share.min():.1f} to {100 * share.max():.1f}"
            rows.append([f"`{name}`", f"`{measure}`", own, spread, nearest_tip(cells[measure])])
    runs = int(next(iter(next(iter(maps.values())).values())).runs[0, 0])
    note = (
        f"Per cent of {runs:,} runs a cell, seed {SEED}, ± Monte Carlo standard error. The last column is the cell"
        " nearest to the own values whose share is beyond one half, on the other side, by two standard errors."
    )
    return table(["map", "measure", "own values", "over the grid", "nearest tipping"], rows) + "\n\n" + note


def main() -> None:
    """Run the grids and write figures, numbers and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500, help="runs of each cell")
    options = parser.parse_args()
    scenario = sim.load("doha_2020/baseline")
    maps = {}
    for name, (x, y) in MAPS.items():
        maps[name] = swept(scenario, x, y, options.runs)
        FIGURES.mkdir(exist_ok=True)
        (FIGURES / f"{name}.png").write_bytes(figure_bytes(figure_of(maps[name]))["png"])
        (FIGURES / f"{name}.json").write_text(json.dumps(as_data(maps[name]), indent=1) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written(page, "tipping", tipping_points(maps)), encoding="utf-8")


if __name__ == "__main__":
    main()
