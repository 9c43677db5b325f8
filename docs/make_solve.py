"""Write the measured tables and figures of docs/solve.md: ``python docs/make_solve.py [--only KEY] [--work DIR]``.

With ``--work`` what is computed is kept there, and a run that was stopped goes on. ``--effort`` is quick by default.

Three scenarios are solved (the Doha baseline, Northern Ireland and a toy), and what a mediator asks is answered for
Doha (``--only doha``, ``--only deals``, ``--only zone``, ``--only map``; deals for Northern Ireland too). Each table
stands between ``<!-- table NAME -->`` and ``<!-- end NAME -->`` and is replaced; nothing else is.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import sim
from sim.plots import save_figure
from sim.scenario.load import builtin_names
from sim.solving.across import AcrossEquilibria, across_equilibria
from sim.solving.cross_entropy import Search
from sim.solving.enforcement import Axis, Cell, EnforcementMap, enforcement_map
from sim.solving.mediation import Mediation, mediate
from sim.solving.oracle import EFFORTS, Effort
from sim.solving.reach import commitments, recommended_range
from sim.solving.zone import Zone, zone_by_date

DOCS = Path(__file__).parent
PAGE = DOCS / "solve.md"
SCENARIOS = {
    "toy": "toys/two_actors",
    "doha": "doha_2020/baseline",
    "northern_ireland": "northern_ireland_1998/baseline",
}
SEED = 7
RUNS = 100
STATUS_QUO = "doha_2020/no_release"
DEALS = "doha_2020/deals"
DEAL_RUNS = 600
BARGAINS = {"nash": "Nash", "kalai_smorodinsky": "Kalai-Smorodinsky", "egalitarian": "The egalitarian rule"}
SHUT = {f"actors.government.moves.{move}.when": "day >= 100000" for move in ("decree", "own_batches", "their_list")}
HELD = {f"actors.london.moves.{move}.when": "day >= 100000" for move in ("free", "free_and_normalise", "suspend")}
LICENCE = "northern_ireland_1998/"
LICENCE_DEALS = ("baseline", "no_revocation", "releases_after_decommissioning")
ZONE_DEALS = ("baseline", "deals/commanders_first", "deals/extended_reduction", "deals/third_party_verification")
ZONE_DATES = ("2020-03-15", "2020-04-29", "2020-06-28", "2020-10-26")
ZONE_RUNS = 200
MAP_EFFORT = Effort(1, 1, Search(4, 15, 60), 1, 100, 300)
"""Less than quick: what the four cells take is some ten minutes of a processor."""
RATES = Axis(tuple(f"actors.{actor}.discount_per_year" for actor in ("government", "taliban", "us")), (0.05, 0.5))
UNSEEN = Axis(
    tuple(
        f"world.armed_forces.taliban_fighters.targets.{target}.unattributed_share"
        for target in ("army", "cities", "foreigners")
    ),
    (0.05, 0.6),
)


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
        if key == "doha":
            replace_table("doha reach", reach_table(solution))
        if key == "toy":
            quick = solution.scenario.replace({"actors.state.moves.free.release.per_day": 40})
            other = sim.solve(quick, RUNS, SEED, effort=effort)
            replace_table("toy across", across_rows(across_equilibria({"slow": solution, "quick": other}, "slow")))
    if only in (None, "deals"):
        names = [name for name in builtin_names() if name.startswith(DEALS)]
        found = mediate({name: sim.load(name) for name in (STATUS_QUO, *names)}, STATUS_QUO, DEAL_RUNS, SEED)
        replace_table("doha deals", deals_table(found))
        over = {name: sim.load(LICENCE + name) for name in LICENCE_DEALS}
        over["nobody freed"] = over["baseline"].replace(HELD)
        replace_table("northern_ireland deals", deals_table(mediate(over, "nobody freed", DEAL_RUNS, SEED)))
    if only in (None, "zone"):
        deals = {name.rpartition("/")[2]: sim.load(f"doha_2020/{name}") for name in ZONE_DEALS}
        deals["nobody freed"] = sim.load(SCENARIOS["doha"]).replace(SHUT)
        replace_table("doha zone", zone_table(zone_by_date(deals, "nobody freed", ZONE_DATES, ZONE_RUNS, SEED)))
    if only in (None, "map"):
        before = time.process_time()
        drawn = enforcement_map(sim.load(SCENARIOS["doha"]), RATES, UNSEEN, SEED, effort=MAP_EFFORT)
        replace_table("doha map", map_table(drawn, time.process_time() - before))


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


def deals_table(found: Mediation) -> str:
    """Return what each deal brings each actor over the status quo, and which deals bargaining picks."""
    rows = [["deal", *(f"{actor}, util" for actor in found.actors), "surely blocked by"]]
    for d, deal in enumerate(found.deals):
        gains = ["{:+.3f} ± {:.3f}".format(*found.estimate(d, i)) for i in range(len(found.actors))]
        rows.append([deal.rpartition("/")[2], *gains, ", ".join(found.blockers(deal)) or "nobody"])
    lines = [_table(rows), ""]
    for rule, (picked, shares) in found.picks().items():
        likely = [(share, deal) for deal, share in shares.items() if share >= 0.05]
        said = ", ".join(f"{deal.rpartition('/')[2]} {share:.0%}" for share, deal in sorted(likely, reverse=True))
        name = "no deal" if picked is None else picked.rpartition("/")[2]
        lines.append(f"{BARGAINS[rule]} picks {name}; of resampled runs: {said}.\n")
    return "\n".join(lines).rstrip()


def zone_table(found: Zone) -> str:
    """Return what each deal brings each actor if it begins on a date, and whether it lies in the zone."""
    rows = [["date", "worlds that still run", "deal", *(f"{actor}, util" for actor in found.actors), "zone"]]
    for t, date in enumerate(found.dates):
        for d, deal in enumerate(found.deals):
            gains = ["{:+.3f} ± {:.3f}".format(*found.estimate(t, d, i)) for i in range(len(found.actors))]
            rows.append([date.isoformat(), str(found.running(t)), deal, *gains, found.verdict(t, d)])
    return "\n\n".join((_table(rows), *found.notes))


def reach_table(solution: Any) -> str:
    """Return what recommendations can reach, and the commitment that is worth most to each player."""
    rows = [["player", "at the selected equilibrium", "under recommendations", "best commitment", "then", "worth"]]
    for player, row in recommended_range(solution).iterrows():
        best = commitments(solution, str(player))[0]
        then = f"{best.worst:+.3f}" if best.worst == best.best else f"{best.worst:+.3f} to {best.best:+.3f}"
        reach = f"{row['low']:+.3f} to {row['high']:+.3f}"
        rows.append([str(player), f"{row['selected']:+.3f}", reach, best.policy, then, f"{best.worth:+.3f}"])
    errors = ", ".join(f"{player} {solution.errors[..., i].mean():.3f}" for i, player in enumerate(solution.players))
    return _table(rows) + f"\n\nMeans of the table, util; one standard error of a cell is in the mean {errors}."


def across_rows(found: tuple[AcrossEquilibria, ...]) -> str:
    """Return what changes at every pair of equilibria."""
    rows = [["quick less slow", "least", "most", "95 % at all pairs", "survives"]]
    for one in found:
        if (one.least, one.most) != (0.0, 0.0):
            ends = f"{one.low:+.3f} to {one.high:+.3f}"
            rows.append([one.quantity, f"{one.least:+.3f}", f"{one.most:+.3f}", ends, "yes" if one.survives else "no"])
    return _table(rows)


def map_table(found: EnforcementMap, spent: float) -> str:
    """Return who leaves the play that keeps the deal, cell by cell."""
    columns = found.columns.values
    rows = [["discount a year", *(f"{share:.0%} of attacks unattributed" for share in columns)]]
    for k, rate in enumerate(found.rows.values):
        cells = found.cells[k * len(columns) : (k + 1) * len(columns)]
        rows.append([f"{rate:g}", *(_cell(cell) for cell in cells)])
    return f"{_table(rows)}\n\n{_map_effort()} {found.worlds:,} worlds, seed {SEED}, {spent:.0f} s of processor time."


def _map_effort() -> str:
    """Say how much less than quick the learners look in each cell of the map."""
    quick, less = EFFORTS["quick"], MAP_EFFORT
    return (
        f"Effort in each cell is less than `quick`: {less.search.runs} worlds a candidate for {quick.search.runs}, "
        f"{less.search.generations} generations of {less.search.population} for {quick.search.generations} of "
        f"{quick.search.population}, {less.forked_worlds} forked worlds for {quick.forked_worlds}, gains measured on "
        f"{less.test_runs} worlds for {quick.test_runs}."
    )


def _cell(cell: Cell) -> str:
    said = [
        f"{player} {gain.gain:+.3f} ± {gain.error:.3f} by {gain.deviation}"
        for player, gain in cell.gains.items()
        if gain.sure
    ]
    return "; ".join(said) or f"nobody is known to gain, of {cell.deviations} deviations"


def _table(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def replace_table(name: str, text: str) -> None:
    """Put a table in its place on the page."""
    page = PAGE.read_text(encoding="utf-8")
    start, end = f"<!-- table {name} -->", f"<!-- end {name} -->"
    head, _, rest = page.partition(start)
    _, _, tail = rest.partition(end)
    PAGE.write_text(f"{head}{start}\n{text}\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
