"""Measure the tables of docs/northern_ireland.md: the case against its record, and the signs of its counterfactuals.

``python docs/make_northern_ireland.py`` (some minutes) runs every scenario of ``scenarios/northern_ireland_1998`` and
the two yardsticks on shared luck, rewrites what stands between the marks of the page, and renews the line ``# Found:``
in the header of each counterfactual. Numbers stand on the page alone; a header has the word.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from make_deals import difference, with_found
from make_tables import shares, table, written

import sim
from sim.experiments.comparison.actor_rules import under_rule
from sim.experiments.comparison.expected_sign import SignCheck, check_signs, signs_of, values_of
from sim.experiments.measures import measures_of
from sim.experiments.paired_effect import paired_effect
from sim.experiments.scenario_number import number_at
from sim.record import load_record
from sim.scenario import builtin_names, builtin_root

PAGE = Path(__file__).with_name("northern_ireland.md")
FOLDER = "northern_ireland_1998/"
BASELINE = f"{FOLDER}baseline"
HISTORICAL = f"{FOLDER}historical"
YARDSTICKS = ("uniform", "schedule_as_written")
SEED = 1
RUNS = 2000
WEIGHT = "actors.republicans.payoff.beyond_window.disarmed(ira)"
WEIGHTS = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30)
OTHERS = (
    "talks_began",
    "deal_void",
    "released",
    "first_disarmament_day",
    "all_disarmed_day",
    "returned_republican_prisoners",
    "deaths",
)


def names() -> tuple[str, ...]:
    """Name the scenarios of the page."""
    return tuple(name for name in builtin_names() if name.startswith(FOLDER))


def counterfactuals() -> tuple[str, ...]:
    """Name the scenarios that stated a sign before they were run."""
    return tuple(name for name in names() if signs_of(sim.load(name)))


def short(name: str) -> str:
    """Write a scenario as the page does: a link to its file under the last part of its name."""
    return f"[`{name.removeprefix(FOLDER)}`](../scenarios/{name}.yaml)"


def number(value: float, digits: int = 0) -> str:
    """Write a number; what is not known as a dash."""
    return "–" if np.isnan(value) else f"{value:,.{digits}f}"


def against_record(batch: sim.Batch, yardsticks: Mapping[str, sim.Batch]) -> str:
    """Tabulate where each quantity of the record falls among runs, with its scores."""
    record = load_record(batch.scenario.record)
    frame = sim.record_scores(batch, record, baselines=yardsticks)
    rows = []
    for row in frame.to_dict("records"):
        band = f"{number(row['median'])} ({number(row['low'])} to {number(row['high'])})"
        place = "–" if np.isnan(row["percentile"]) else f"{row['percentile']:.1f} ± {row['percentile_se']:.1f}"
        skills = [
            f"{number(row[f'skill_{name}'], 2)} ± {number(row[f'skill_{name}_se'], 2)}"
            if not np.isnan(row[f"skill_{name}"])
            else "–"
            for name in yardsticks
        ]
        rows.append(
            [
                f"`{row['quantity']}`",
                row["unit"],
                number(row["observed"]),
                "yes" if row["used_to_fit"] else "no",
                f"{100 * row['runs_with']:.1f} %",
                band if row["unit"] != "yes or no" else "–",
                place,
                number(row["crps"], 2),
                number(row["log_score"], 2),
                *skills,
            ]
        )
    head = [
        "quantity",
        "unit",
        "record",
        "used to fit",
        "runs with it",
        "median (90 %)",
        "percentile",
        "CRPS",
        "log score",
    ]
    note = (
        f"{len(batch):,} runs, seed {SEED}; ± Monte Carlo standard error. A dash in a range: never within the runs. A"
        " percentile of 50 is the middle of the runs, 0 is before all of them and 100 after."
    )
    return table([*head, *(f"skill against `{name}`" for name in yardsticks)], rows) + "\n\n" + note


def signs(checks: Sequence[SignCheck], runs: int) -> str:
    """Tabulate the stated signs and what came of them."""
    rows = []
    for check in checks:
        scale = 100.0 if check.measure.is_share else 1.0
        levels = f"{scale * check.effect.before:.1f} → {scale * check.effect.after:.1f}"
        cells = [f"`{check.measure.name}`", check.expected.sign, levels, difference(check.measure, check.effect)]
        rows.append([short(check.scenario), *cells, check.verdict])
    head = ["scenario", "measure", "expected", "before → after", "difference [95 %]", "what came of it"]
    note = f"{runs:,} runs each, seed {SEED}, on shared luck; shares in per cent, dates where both runs have one."
    return table(head, rows) + "\n\n" + note


def others(batches: Mapping[str, sim.Batch]) -> str:
    """Tabulate what else moved, on measures of which nothing was expected beforehand."""
    base = batches[BASELINE]
    known = measures_of(base.scenario)
    rows = []
    for name in counterfactuals():
        cells = []
        for measure in OTHERS:
            before, after = values_of(base, measure), values_of(batches[name], measure)
            if before.dtype != bool and not (~np.isnan(before) & ~np.isnan(after)).any():
                cells.append("never")
                continue
            effect = paired_effect(before, after)
            shown = difference(known[measure], effect)
            cells.append(f"**{shown}**" if effect.sign else shown)
        rows.append([short(name), *cells])
    return table(["scenario", *(f"`{measure}`" for measure in OTHERS)], rows)


def weight(runs: int) -> str:
    """Tabulate what hangs on the one weight that was added after the first runs."""
    scenario, rows = sim.load(BASELINE), []
    here = number_at(scenario, WEIGHT)
    for value in WEIGHTS:
        columns = sim.replicate(scenario.replace({WEIGHT: value}), runs=runs, seed=SEED).outcome_table
        cells = [f"**{value:.2f}**" if value == here else f"{value:.2f}"]
        for measure in ("first_disarmament_day", "all_disarmed_day", "talks_day"):
            days = columns[measure]
            p, known = float((~np.isnan(days)).mean()), days[~np.isnan(days)]
            middle = f"; day {np.median(known):,.0f}" if len(known) else ""
            cells.append(f"{100 * p:.1f} ± {100 * np.sqrt(p * (1 - p) / runs):.1f}{middle}")
        rows.append(cells)
    note = f"Per cent of {runs:,} runs (seed {SEED}) ± standard error; median day of those. Bold: the baseline."
    return (
        table(["weight (util)", "disarmament begins", "all disarmed", "institutions sit at some time"], rows)
        + "\n\n"
        + note
    )


def provenance() -> str:
    """Say where the numbers of the baseline come from."""
    notes = sim.load(BASELINE).provenance.values()
    fitted = [note for note in notes if note.used_to_fit]
    sourced = sum(note.source is not None and not note.used_to_fit for note in notes)
    facts = sorted({fact for note in fitted for fact in note.used_to_fit})
    return (
        f"Of {len(notes)} numbers, {sourced} are read off a source, {len(notes) - sourced - len(fitted)} are"
        f" assumptions, and {len(fitted)} were chosen with what happened in view"
        f" ({', '.join(f'`{fact}`' for fact in facts)})."
    )


def measured(runs: int) -> dict[str, sim.Batch]:
    """Run every scenario of the page, and the baseline under the rules of the yardsticks, on shared luck."""
    scenarios: dict[str, Any] = {name: sim.load(name) for name in names()}
    scenarios |= {name: under_rule(scenarios[BASELINE], name)[0] for name in YARDSTICKS}
    batches = {}
    for done, (name, scenario) in enumerate(scenarios.items(), start=1):
        batches[name] = sim.replicate(scenario, runs=runs, seed=SEED)
        print(f"{done} of {len(scenarios)} scenarios", file=sys.stderr)
    return batches


def page_of(page: str, batches: Mapping[str, sim.Batch], checks: Sequence[SignCheck], runs: int) -> str:
    """Return the page with its tables renewed."""
    yardsticks = {name: batches[name] for name in YARDSTICKS}
    page = written(page, "provenance", provenance())
    page = written(page, "shares", shares({name: batches[name] for name in (*names(), *YARDSTICKS)}, runs))
    page = written(page, "record", against_record(batches[BASELINE], yardsticks))
    page = written(page, "historical", against_record(batches[HISTORICAL], {}))
    page = written(page, "signs", signs(checks, runs))
    page = written(page, "weight", weight(max(runs // 4, 10)))
    return written(page, "others", others(batches))


def main() -> None:
    """Run everything, rewrite the page and the headers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each scenario")
    options = parser.parse_args()
    batches = measured(options.runs)
    checks = check_signs(counterfactuals(), batches)
    text = page_of(PAGE.read_text(encoding="utf-8"), batches, checks, options.runs)
    PAGE.write_text(re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE), encoding="utf-8")
    for name in counterfactuals():
        path = builtin_root() / f"{name}.yaml"
        own = [check for check in checks if check.scenario == name]
        path.write_text(with_found(path.read_text(encoding="utf-8"), own, "docs/northern_ireland.md"), encoding="utf-8")


if __name__ == "__main__":
    main()
