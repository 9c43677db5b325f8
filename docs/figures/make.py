"""Draw every figure that the documentation shows, from scenarios, seed and number of runs.

    python docs/figures/make.py            # all of them, beside this file
    python docs/figures/make.py --check    # draw nothing, list what would be drawn

Nothing else goes into them: the footer of each figure says what it came from. The tipping maps are drawn by
``docs/tipping_map.py``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sim
from sim.plots import figure_bytes, outcome_shares_figure, trajectories_figure
from sim.store.atomic import write_atomically

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a figure is drawn from, and how.

    Attributes
    ----------
    name : str
        Of its file.
    draw : callable
        From the recipe to a matplotlib Figure.
    scenarios : tuple of str
        Built-in names; the first is the reference of a comparison.
    seed, runs : int
        Of every scenario.
    """

    name: str
    draw: Callable[[Recipe], Any]
    scenarios: tuple[str, ...]
    seed: int
    runs: int


def _trajectories(recipe: Recipe) -> Any:
    scenario = sim.load(recipe.scenarios[0])
    batch = sim.replicate(scenario, runs=recipe.runs, seed=recipe.seed)
    return trajectories_figure(batch, run=sim.run(scenario, seed=recipe.seed))


def _outcome_shares(recipe: Recipe) -> Any:
    scenarios = [sim.load(name) for name in recipe.scenarios]
    return outcome_shares_figure(sim.compare(scenarios, recipe.runs, recipe.seed, called_by="title", record=False))


RECIPES = (
    Recipe("baseline_trajectories", _trajectories, ("doha_2020/baseline",), seed=7, runs=2_000),
    Recipe(
        "comparison",
        _outcome_shares,
        (
            "doha_2020/baseline",
            "doha_2020/deals/third_party_verification",
            "doha_2020/deals/one_president",
            "doha_2020/deals/conditional_tranches",
            "doha_2020/deals/withdrawal_regardless",
            "doha_2020/no_release",
        ),
        seed=7,
        runs=500,
    ),
)


def main() -> None:
    """Draw the figures."""
    parser = argparse.ArgumentParser(description="Draw every figure that the documentation shows.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the figures; beside this file by default")
    parser.add_argument("--check", action="store_true", help="list the figures without drawing them")
    chosen = parser.parse_args()
    for recipe in RECIPES:
        drawn = ""
        if not chosen.check:
            png = figure_bytes(recipe.draw(recipe))["png"]
            drawn = f" -> {write_atomically(chosen.out / f'{recipe.name}.png', png)}"
        print(f"{recipe.name}: {', '.join(recipe.scenarios)}, seed {recipe.seed}, {recipe.runs:,} runs{drawn}")


if __name__ == "__main__":
    main()
