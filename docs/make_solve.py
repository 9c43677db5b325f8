"""Write the measured tables and figures of docs/solve.md: ``python docs/make_solve.py [--only KEY] [--work DIR]``.

With ``--work`` what is computed is kept there, and a run that was stopped goes on. ``--effort`` is quick by default.

Three scenarios are solved (the Doha baseline, Northern Ireland and a toy), and what a mediator asks is answered for
Doha. Each table stands between ``<!-- table NAME -->`` and ``<!-- end NAME -->`` and is replaced; nothing else is.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import sim
from sim.plots import save_figure

DOCS = Path(__file__).parent
PAGE = DOCS / "solve.md"
SCENARIOS = {
    "toy": "toys/two_actors",
    "doha": "doha_2020/baseline",
    "northern_ireland": "northern_ireland_1998/baseline",
}
SEED = 7
RUNS = 100


def main(arguments: list[str]) -> None:
    """Solve, and write what came out."""
    effort = arguments[arguments.index("--effort") + 1] if "--effort" in arguments else "quick"
    work = Path(arguments[arguments.index("--work") + 1]) if "--work" in arguments else None
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else None
    for key, name in SCENARIOS.items():
        if only not in (None, key):
            continue
        began, before = time.perf_counter(), time.process_time()
        out = None if work is None else work / key
        solution = sim.solve(sim.load(name), RUNS, SEED, effort=effort, progress=_told, out=out, resume=True)
        spent = time.process_time() - before, time.perf_counter() - began
        replace_table(f"{key} families", families_table(solution))
        replace_table(f"{key} certificate", certificate_table(solution, effort, spent))
        _, drawn_twice = save_figure(solution.plot(), DOCS / "figures", f"solve_{key}")
        drawn_twice.unlink()  # the pages show the PNG


def _told(what: str, _done: int, _total: int) -> None:
    print(what, file=sys.stderr, flush=True)


def families_table(solution: Any) -> str:
    """Return a row a family: frequency, outcomes, what is known against it, who plays what."""
    labels = solution.scenario.outcome_labels
    families = solution.families
    shown = [name for name in labels if name in families and (families[name] >= 0.005).any()]
    head = ["family", "in resampled tables", *(labels[name] for name in shown), "known against it, util", "play"]
    rows = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for family, row in families.iterrows():
        looked = f"{row['exploitability']:.3f}" + ("" if row["learned_against"] else " (no learner looked)")
        cells = [str(family), f"{row['frequency']:.0%}", *(f"{row[name]:.0%}" for name in shown), looked, row["play"]]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def certificate_table(solution: Any, effort: str, spent: tuple[float, float]) -> str:
    """Return what the best deviation of each player gains against the selected equilibrium."""
    rows = [
        "| player | payoff | largest known gain | by | found by | of deviations |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    chosen = solution.selected
    for player in solution.players:
        best = chosen.best_deviation(player)
        value, error = chosen.values[player]
        count = sum(1 for gain in chosen.gains if gain.player == player)
        rows.append(
            f"| {player} | {value:+.3f} ± {error:.3f} | {best.gain:+.3f} ± {best.error:.3f} | {best.deviation} | "
            f"{best.kind} | {count} |"
        )
    count = len(solution.rounds)
    rounds = f"{count} round{'' if count == 1 else 's'}"
    state = "converged" if solution.converged else "not converged"
    rows.append("")
    rows.append(
        f"Known exploitability {chosen.exploitability:.3f} util, of play as declared "
        f"{solution.declared_exploitability:.3f}; {state} in {rounds}; effort {effort}, "
        f"{solution.diagnostics['runs']} worlds a profile, seed {SEED}, {spent[0]:.0f} s of processor time. ± is one "
        "standard error over fresh worlds."
    )
    return "\n".join(rows)


def replace_table(name: str, text: str) -> None:
    """Put a table in its place on the page."""
    page = PAGE.read_text(encoding="utf-8")
    start, end = f"<!-- table {name} -->", f"<!-- end {name} -->"
    head, _, rest = page.partition(start)
    _, _, tail = rest.partition(end)
    PAGE.write_text(f"{head}{start}\n{text}\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
