"""Measure the tables of docs/deals.md: what the deals on the table do against the baseline, and their stated signs.

``python docs/make_deals.py`` (three minutes) runs every scenario of ``scenarios/doha_2020/deals`` and the baseline on
shared luck, rewrites what stands between the marks of ``docs/deals.md``, and renews the line ``# Found:`` in the header
of each scenario. Numbers stand on the page alone; a header has the word.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from make_tables import table, written

import sim
from sim.experiments.comparison.expected_sign import SignCheck, Verdict, batches_of, check_signs, values_of
from sim.experiments.measures import Measure, measures_of
from sim.experiments.paired_effect import PairedEffect, paired_effect
from sim.scenario import builtin_names, builtin_root

PAGE = Path(__file__).with_name("deals.md")
FOLDER = "doha_2020/deals/"
BASELINE = "doha_2020/baseline"
SEED = 1
RUNS = 4000
OTHERS = ("talks_began", "settlement", "civil_war", "government_collapse")
FOUND = re.compile(r"^# Found: .*\n", re.MULTILINE)
EXPECTED = re.compile(r"^# Expected \(.*\n", re.MULTILINE)


def deals() -> tuple[str, ...]:
    """Name the scenarios of the page."""
    return tuple(name for name in builtin_names() if name.startswith(FOLDER))


def short(name: str) -> str:
    """Write a scenario as the page does: a link to its file under the last part of its name."""
    last = name.removeprefix(FOLDER)
    return f"[`{last}`](../scenarios/{name}.yaml)"


def difference(measure: Measure, effect: PairedEffect) -> str:
    """Write an effect with its interval: percentage points for shares of runs, else the measure's own unit."""
    scale = 100.0 if measure.is_share else 1.0
    middle, low, high = (f"{scale * value:+.1f}" for value in (effect.difference, effect.low, effect.high))
    return f"{middle} [{low}, {high}]".replace("-0.0", "0.0").replace("+0.0", "0.0")


def signs(checks: Sequence[SignCheck], runs: int) -> str:
    """Tabulate the stated signs and what came of them."""
    rows = []
    for check in checks:
        scale = 100.0 if check.measure.is_share else 1.0
        levels = f"{scale * check.effect.before:.1f} → {scale * check.effect.after:.1f}"
        cells = [f"`{check.measure.name}`", check.expected.sign, levels, difference(check.measure, check.effect)]
        rows.append([short(check.scenario), *cells, check.verdict])
    head = ["deal", "measure", "expected", "baseline → deal", "difference [95 %]", "what came of it"]
    note = f"{runs:,} runs each, seed {SEED}, on shared luck; shares in per cent, differences in percentage points."
    return table(head, rows) + "\n\n" + note


def summary(checks: Sequence[SignCheck]) -> str:
    """Count the verdicts, naming the deals of all but the first."""
    parts = []
    for verdict in get_args(Verdict):
        names = [f"`{check.scenario.removeprefix(FOLDER)}`" for check in checks if check.verdict == verdict]
        named = f" ({', '.join(names)})" if names and verdict != "borne out" else ""
        parts.append(f"{len(names)} {verdict}{named}")
    return f"Of {len(checks)} signs, {', '.join(parts[:-1])} and {parts[-1]}."


def others(batches: Mapping[str, sim.Batch]) -> str:
    """Tabulate what else moved, on measures of which nothing was expected beforehand."""
    base = batches[BASELINE]
    known = measures_of(base.scenario)
    rows = []
    for name in deals():
        effects = [paired_effect(values_of(base, measure), values_of(batches[name], measure)) for measure in OTHERS]
        cells = [
            f"**{difference(known[measure], effect)}**" if effect.sign else difference(known[measure], effect)
            for measure, effect in zip(OTHERS, effects, strict=True)
        ]
        days = [values_of(batch, "talks_day") for batch in (base, batches[name])]
        both = ~(np.isnan(days[0]) | np.isnan(days[1]))
        if both.sum() > 1:
            later = paired_effect(*days)
            shown = difference(known["talks_day"], later)
            cells.append(f"**{shown}**" if later.sign else shown)
        else:
            cells.append("no talks")
        rows.append([short(name), *cells])
    head = ["deal", *(f"`{measure}`" for measure in OTHERS), "days to talks, where both have them"]
    return table(head, rows)


def with_found(text: str, checks: Sequence[SignCheck], page: str = "docs/deals.md") -> str:
    """Return a scenario file with the line ``# Found:`` of its header renewed, after that of what it expected."""
    words = "; ".join(f"{check.measure.name} {check.expected.sign}, {check.verdict}" for check in checks)
    line = f"# Found: {words}. The effect with its interval is in {page}.\n"
    bare = FOUND.sub("", text)
    if len(EXPECTED.findall(bare)) != 1:
        raise SystemExit("expected one header line that begins with: # Expected (committed in")
    return EXPECTED.sub(lambda match: match.group(0) + line, bare)


def main() -> None:
    """Run everything, rewrite the page and the headers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each scenario")
    options = parser.parse_args()
    names = deals()
    batches = batches_of(
        names, options.runs, SEED, progress=lambda done, total: print(f"{done} of {total} scenarios", file=sys.stderr)
    )
    checks = check_signs(names, batches)
    page = PAGE.read_text(encoding="utf-8")
    page = written(page, "summary", summary(checks))
    page = written(page, "signs", signs(checks, options.runs))
    page = written(page, "others", others(batches))
    PAGE.write_text(page, encoding="utf-8")
    for name in names:
        path = builtin_root() / f"{name}.yaml"
        own = [check for check in checks if check.scenario == name]
        path.write_text(with_found(path.read_text(encoding="utf-8"), own), encoding="utf-8")


if __name__ == "__main__":
    main()
