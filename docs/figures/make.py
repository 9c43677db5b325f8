"""Draw every figure that the documentation shows, from scenario, seed and number of runs.

    python docs/figures/make.py            # all of them, beside this file
    python docs/figures/make.py --check    # draw nothing, list what would be drawn

Nothing else goes into them: the footer of each figure says what it came from.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import sim
from sim.plots import figure_bytes, trajectories
from sim.store.atomic import write_atomically

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a figure is drawn from."""

    name: str
    scenario: str
    seed: int
    runs: int


RECIPES = (Recipe("baseline_trajectories", "doha_2020/baseline", seed=7, runs=2_000),)


def draw(recipe: Recipe, folder: Path) -> Path:
    """Draw one figure and return its PNG."""
    scenario = sim.load(recipe.scenario)
    batch = sim.replicate(scenario, runs=recipe.runs, seed=recipe.seed)
    figure = trajectories(batch, run=sim.run(scenario, seed=recipe.seed))
    return write_atomically(folder / f"{recipe.name}.png", figure_bytes(figure)["png"])


def main() -> None:
    """Draw the figures."""
    parser = argparse.ArgumentParser(description="Draw every figure that the documentation shows.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the figures; beside this file by default")
    parser.add_argument("--check", action="store_true", help="list the figures without drawing them")
    chosen = parser.parse_args()
    for recipe in RECIPES:
        drawn = "" if chosen.check else f" -> {draw(recipe, chosen.out)}"
        print(f"{recipe.name}: {recipe.scenario}, seed {recipe.seed}, {recipe.runs:,} runs{drawn}")


if __name__ == "__main__":
    main()
