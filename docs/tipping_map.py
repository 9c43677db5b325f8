"""Run the two-way grids of docs/sensitivity.md: figures, their numbers as JSON, and the table of tipping points.

``python docs/tipping_map.py`` (several minutes) writes ``docs/figures/tipping_map*.png`` and ``.json`` and rewrites the
table of tipping points of the page. The pairs are those that ``docs/sensitivity.py`` found to matter most.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
from make_tables import table, written

import sim
from sim.experiments.measures import MEASURES
from sim.experiments.tipping_map import FACTORS, GridAxis, TippingMap, tipping_map
from sim.plots import figure_bytes
from sim.plots.tipping_map import tipping_map_figure

PAGE = Path(__file__).with_name("sensitivity.md")
FIGURES = Path(__file__).with_name("figures")
SEED = 1
OWN = FACTORS.index(1.0)
"""Place of the scenario's own value on both axes."""

MAPS = {
    "tipping_map": (
        "deal.captives.taliban_prisoners.cost_per_1000.base",
        "actors.taliban.payoff.per_year.holding_fire",
    ),
    "tipping_map_settlement": (
        "actors.taliban.payoff.at_outcome.settlement",
        "actors.government.payoff.at_outcome.settlement",
    ),
    "tipping_map_hazards": (
        "deal.outcomes.civil_war.cohesion_midpoint",
        "deal.outcomes.government_collapse.balance_midpoint",
    ),
}


def nearest_tip(result: TippingMap, measure: str) -> str:
    """Say which cell nearest to the scenario's own lies surely on the other side of one half."""
    share, error = result.share(measure), result.standard_error(measure)
    above = share[OWN, OWN] > 0.5
    crossed = (share + 2.0 * error < 0.5) if above else (share - 2.0 * error > 0.5)
    if not crossed.any():
        return "none"

    def distance(cell: tuple[int, int]) -> tuple[float, float]:
        steps = sorted(abs(math.log2(FACTORS[k])) for k in cell)
        return steps[1], steps[0]

    i, j = min(((int(i), int(j)) for i, j in np.argwhere(crossed)), key=distance)
    return f"x × {FACTORS[j]:.2f}, y × {FACTORS[i]:.2f}: {100 * share[i, j]:.0f} ± {100 * error[i, j]:.1f}"


def tipping_points(maps: dict[str, TippingMap]) -> str:
    """Tabulate for each map and measure the own share, the range over the grid and the nearest tipping cell."""
    rows = []
    for name, result in maps.items():
        for measure in MEASURES:
            share, error = result.share(measure), result.standard_error(measure)
            own = f"{100 * share[OWN, OWN]:.1f} ± {100 * error[OWN, OWN]:.1f}"
            spread = f"{100 * share.min():.1f} to {100 * share.max():.1f}"
            rows.append([f"`{name}`", f"`{measure}`", own, spread, nearest_tip(result, measure)])
    runs = next(iter(maps.values())).runs
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
        axes = GridAxis.around(scenario, x), GridAxis.around(scenario, y)
        maps[name] = tipping_map(scenario, *axes, runs=options.runs, seed=SEED)
        FIGURES.mkdir(exist_ok=True)
        (FIGURES / f"{name}.png").write_bytes(figure_bytes(tipping_map_figure(maps[name]))["png"])
        (FIGURES / f"{name}.json").write_text(json.dumps(maps[name].to_dict(), indent=1) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written(page, "tipping", tipping_points(maps)), encoding="utf-8")


if __name__ == "__main__":
    main()
