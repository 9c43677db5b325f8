"""Choose the payoffs of the Doha baseline again, by a procedure that is written down, into docs/payoffs.md.

``python docs/choose_payoffs.py`` draws sets of all numbers that the baseline marks as fitted to the dates of 2020 and
2021, each between half and double what it is now, plays each set on the same luck and compares the dates of the facts
named below with the record. The page tabulates the sets that come closest on fresh luck beside the file's own;
whether one of them is taken over is an editor's decision, once, and the page says what was decided. Nothing else of the
record is looked at.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import sim
from sim.experiments.scenario_number import number_at
from sim.scoring import crps_ensemble

PAGE = Path(__file__).with_name("payoffs.md")
BASELINE = "doha_2020/baseline"
FACTS = {
    "first_release": ("first_release_day", 39),
    "thousandth": ("thousandth_day", 70),
    "all_counted": ("all_counted_day", 187),
    "talks_open": ("talks_day", 196),
    "quarter_of_land": ("quarter_of_land_day", 472),
    "half_of_land": ("half_of_land_day", 514),
    "kabul": ("kabul", 533),
}
"""The facts in sample: column of the outcomes, day of the record."""
SEED = 2020


def chosen_numbers(scenario: sim.Scenario) -> dict[str, float]:
    """Return the payoffs and costs that the file marks as fitted to these facts, by their paths."""
    found = {}
    for path, note in scenario.provenance.items():
        if set(note.used_to_fit) & set(FACTS) and (".payoff." in path or ".cost_per_1000." in path):
            found[path] = number_at(scenario, path)
    return found


def distance(scenario: sim.Scenario, runs: int, seed: int) -> tuple[float, dict[str, float]]:
    """Return how far a scenario is from the facts, and the mean error of each (days).

    The distance is the mean over facts of the continuous ranked probability score of the date, capped at the horizon
    and divided by the day of the record, so that early dates count as much as late ones.
    """
    table = sim.replicate(scenario, runs=runs, seed=seed).outcome_table
    horizon = float(scenario.horizon_days)
    scores = {}
    for fact, (column, day) in FACTS.items():
        if column == "kabul":
            days = np.where(table["outcome"] == "government_collapse", table["outcome_day"], np.nan)
        else:
            days = np.asarray(table[column], dtype=float)
        days = np.minimum(np.where(np.isnan(days), horizon, days), horizon)
        scores[fact] = float(crps_ensemble(days, day))
    return float(np.mean([scores[fact] / day for fact, (_, day) in FACTS.items()])), scores


def main() -> None:
    """Search and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=400, help="sets of numbers")
    parser.add_argument("--runs", type=int, default=100, help="runs of each set")
    options = parser.parse_args()
    scenario = sim.load(BASELINE)
    numbers = chosen_numbers(scenario)
    rng = np.random.default_rng(SEED)
    tried = [(distance(scenario, options.runs, SEED), numbers)]
    for _ in range(options.draws):
        drawn = {path: value * float(np.exp(rng.uniform(-np.log(2), np.log(2)))) for path, value in numbers.items()}
        tried.append((distance(scenario.replace(drawn), options.runs, SEED), drawn))
    tried.sort(key=lambda one: one[0][0])
    fresh = [(distance(scenario.replace(drawn), 5 * options.runs, SEED + 1), drawn) for _, drawn in tried[:8]]
    lines = ["| set | distance | " + " | ".join(FACTS) + " |", "| --- |" + " --- |" * (1 + len(FACTS))]
    rows = [("as the file has it", distance(scenario, 5 * options.runs, SEED + 1))]
    rows += [(f"draw {place}", found) for place, (found, _) in enumerate(fresh, start=1)]
    for label, (total, scores) in rows:
        lines.append(f"| {label} | {total:.3f} | " + " | ".join(f"{scores[fact]:.0f}" for fact in FACTS) + " |")
    note = (
        f"{options.draws} sets of {len(numbers)} numbers, {options.runs} runs each;"
        f" {5 * options.runs} fresh runs in the table."
    )
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition("<!-- table sets -->\n")
    tail = rest.partition("<!-- end sets -->")[2]
    table = "\n".join([*lines, "", note])
    PAGE.write_text(f"{head}<!-- table sets -->\n{table}\n<!-- end sets -->{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
