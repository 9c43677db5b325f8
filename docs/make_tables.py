"""Measure the tables of docs/model.md: outcome shares, milestones and knife-edges, from the built-in scenarios.

``python docs/make_tables.py`` (a few minutes) runs every built-in scenario and rewrites what stands between the marks
of ``docs/model.md``. Every scenario is run under one seed, so differences between scenarios are paired by common luck.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.record import named_record
from sim.scenario import builtin_names

PAGE = Path(__file__).with_name("model.md")
SEED = 1
TABLES = ("shares", "milestones", "rules", "edges", "story", "provenance", "closeness")
COMPARED = (
    "doha_2020/baseline",
    "doha_2020/uniform",
    "doha_2020/schedule_as_written",
    "doha_2020/historical",
)
PROMISED = 5000
ACTORS = ("government", "taliban", "us")
GOVERNMENT, TALIBAN, US = (f"actors.{actor}.payoff" for actor in ACTORS)


def for_all(key: str, value: float) -> dict[str, float]:
    """Set one number of the decision rule of every actor."""
    return {f"actors.{actor}.rule.{key}": value for actor in ACTORS}


EDGES: dict[str, dict[str, Any]] = {
    "look ahead 91 days, not 182": for_all("horizon_days", 91),
    "look ahead 365 days": for_all("horizon_days", 365),
    "precision 12 per util, not 50": for_all("lam_per_util", 12),
    "precision 200 per util": for_all("lam_per_util", 200),
    "path of 16 steps, not 4": for_all("path_steps", 16),
    "moves expected to last 182 days, not 30 to 90": for_all("holds_days", 182),
    "release costs 0.05 util per 1,000, not 0.034": {"deal.captives.taliban_prisoners.cost_per_1000.base": 0.05},
    "government: aid_lost -0.78, not -0.65": {f"{GOVERNMENT}.per_year.aid_lost": -0.78},
    "government: talks beyond the window 0.25, not 0.35": {f"{GOVERNMENT}.beyond_window.talks": 0.25},
    "Taliban: land at a settlement 0.75, not 1.5": {f"{TALIBAN}.terms.settlement.territory": 0.75},
    "US: troops -0.20, not -0.30": {f"{US}.per_year.troops": -0.20},
    "no spread of the weights": {"payoff_spread.lognormal_sd": 0.0},
}

NEVER = "day < 0"
BASELINE, WIDER = "doha_2020/baseline", "doha_2020/wider"


def without(*mechanisms: str) -> dict[str, Any]:
    """Switch mechanisms off."""
    return {f"mechanisms.{name}": False for name in mechanisms}


def no_move(actor: str, *moves: str) -> dict[str, Any]:
    """Take moves away from an actor."""
    return {f"actors.{actor}.moves.{move}.when": NEVER for move in moves}


STORY: dict[str, tuple[str, dict[str, Any]]] = {
    "the decree": (BASELINE, no_move("government", "decree")),
    "its later batches only while fire is held": (
        BASELINE,
        {"actors.government.moves.decree.release.then.when": "day >= 0"},
    ),
    "own batches": (BASELINE, no_move("government", "own_batches")),
    "release by the Taliban's list": (BASELINE, no_move("government", "their_list")),
    "offensives": (BASELINE, no_move("government", "offensive")),
    "4,900 counted as the price of talks": (BASELINE, {"deal.talks.opens_when": "day >= 0"}),
    "disputes over who was freed": (BASELINE, without("disputes")),
    "the fifteen commanders": (BASELINE, without("commanders")),
    "a thousand captives in return": (BASELINE, without("reciprocity")),
    "pledges and biometric files": (BASELINE, without("guarantee")),
    "returns to arms": (BASELINE, without("returns")),
    "cheaper releases while prisons are ill": (BASELINE, without("epidemic")),
    "audience costs": (BASELINE, without("audience_costs")),
    "fighting the army and sparing cities": (BASELINE, no_move("taliban", "selective", "selective_surge")),
    "terms that follow the land": (
        BASELINE,
        {f"actors.{actor}.payoff.terms.settlement.territory": 0 for actor in ACTORS},
    ),
    "land that moves": (BASELINE, {"world.territory.per_day": 0}),
    "garrisons that surrender": (BASELINE, {"world.territory.surrenders": 0}),
    "recruits where insurgents rule": (BASELINE, {"world.territory.recruits": 0}),
    "air support": (BASELINE, {"world.contest.air_support": 0}),
    "opinions of who keeps pledges": (BASELINE, without("reputation")),
    "attacks that nobody can pin on anyone": (BASELINE, without("misattribution")),
    "ISIS-K": (BASELINE, without("spoilers")),
    "its answer to open talks": (BASELINE, without("spoiler_response")),
    "those who earn on the war": (BASELINE, without("profiteers")),
    "two presidents": (BASELINE, without("dual_office")),
    "releases divide the camp": (BASELINE, {"world.offices.presidency.per_1000_freed": 0}),
    "the dead of cities divide the camp": (BASELINE, {"world.offices.presidency.per_100_killed.cities": 0}),
    "the dead of cities weigh on the government": (
        BASELINE,
        {f"{GOVERNMENT}.per_year.deaths(taliban_fighters, cities)": 0},
    ),
    "its own dead weigh on the United States": (
        BASELINE,
        {f"{US}.per_year.deaths(taliban_fighters, foreigners)": 0},
    ),
    "fear of a refuge for terrorists": (BASELINE, {f"{US}.per_year.sanctuary_risk": 0}),
    "the threat to cut aid": (BASELINE, no_move("us", "threaten")),
    "a withdrawal that may be paused": (BASELINE, no_move("us", "pause")),
    "a withdrawal that may be hastened": (BASELINE, no_move("us", "accelerate")),
    "an America that leaves anyway": (BASELINE, without("types")),
    "wider: later batches only once talks have begun": (
        WIDER,
        {"actors.government.moves.decree.release.then.when": "holding_fire(taliban)"},
    ),
    "wider: an offer to the rival, and one team": (WIDER, no_move("government", "unite")),
    "wider: an American hostage": (WIDER, no_move("taliban", "free_hostage")),
    "wider: annexes that bind some of the Taliban": (WIDER, {"actors.taliban.types.bound_by_annex.probability": 0}),
    "wider: an election and a new administration": (
        WIDER,
        {"events.campaign.probability": 0, "events.election.one_of.in_office.probability": 1},
    ),
    "wider: the red line of an emirate": (WIDER, {f"{GOVERNMENT}.terms.settlement.quantity(emirate)": 0}),
    "wider: a country that falls apart": (WIDER, {"deal.outcomes.balkanisation.per_day": 0}),
}
"""Parts of the story, the scenario that tells each, and what leaves it out."""

DRIFT = {"lam_per_util": 50, "horizon_days": 182, "holds_days": 30, "inertia_util": 0.01}
RULES: dict[str, dict[str, Any]] = {
    "`drift`, `argmax` (myopic best reply)": {"response": "argmax", "valuation": "drift", **DRIFT},
    "`fictitious_play`, `logit`": {"response": "logit", "valuation": "fictitious_play", **DRIFT},
    "`ewa`, `logit`": {"response": "logit", "valuation": "ewa", **DRIFT},
    **{
        f"`reciprocal`, {strategy}": {"response": "reciprocal", "parameters": {"strategy": strategy}}
        for strategy in ("tit_for_tat", "generous", "grim", "trigger")
    },
    "`schedule_as_written`": {"response": "schedule_as_written"},
    "`uniform`": {"response": "uniform"},
}


def table(head: list[str], rows: list[list[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def shares(batches: Mapping[str, sim.Batch], runs: int) -> str:
    """Tabulate the share of each outcome, in per cent with its standard error: a table for each set of outcomes."""
    rows: dict[tuple[str, ...], list[list[str]]] = {}
    for name, batch in batches.items():
        cells = [
            f"{100 * row.share:.1f} ± {100 * row.standard_error:.1f}"
            if row.share > 0
            else f"0 (< {100 * row.high:.2f})"
            for row in batch.shares.itertuples()
        ]
        rows.setdefault(batch.scenario.outcome_names, []).append([f"`{name}`", *cells])
    tables = [table(["scenario", *(f"`{name}`" for name in outcomes)], part) for outcomes, part in rows.items()]
    note = (
        f"Per cent of {runs:,} runs (seed {SEED}) ± Monte Carlo standard error; where an outcome never came, the upper"
        " end of its 95 % Wilson interval."
    )
    return "\n\n".join([*tables, note])


def milestones(batches: Mapping[str, sim.Batch], runs: int) -> str:
    """Tabulate when the baseline and its yardsticks reach the milestones of the record."""
    first = batches[COMPARED[0]]
    record = named_record(first.scenario.record)
    columns = {**{name: f"{name}_day" for name in first.scenario.milestones}, "talks_open": "talks_day"}
    rows = []
    for milestone, column in columns.items():
        seen = record.milestones.get(milestone)
        day = str((seen.date - first.scenario.start).days) if seen is not None else "none"
        row = [f"`{milestone}`", day, "yes" if seen is not None and seen.used_to_fit else "no"]
        for name in COMPARED:
            days = batches[name].outcome_table[column]
            known = days[~np.isnan(days)]
            low, middle, high = np.quantile(known, (0.05, 0.5, 0.95)) if len(known) else (np.nan,) * 3
            row.append(f"{middle:.0f} ({low:.0f} to {high:.0f}); {100 * len(known) / len(days):.0f} %")
        rows.append(row)
    note = (
        f"Day of the first crossing: median (5 to 95 per cent) of the runs that reach it; their share of {runs:,} runs."
    )
    return table(["milestone", "record", "used to fit", *(f"`{name}`" for name in COMPARED)], rows) + "\n\n" + note


def indicators(batch: sim.Batch) -> dict[str, np.ndarray]:
    """Return for every run whether talks ever opened, and whether it ended in settlement or collapse."""
    outcome = batch.outcome_table["outcome"]
    return {
        "talks ever open": (~np.isnan(batch.outcome_table["talks_day"])).astype(float),
        "settlement": (outcome == "settlement").astype(float),
        "collapse": (outcome == "government_collapse").astype(float),
    }


def against_baseline(head: str, changes: Mapping[str, dict[str, Any]], runs: int) -> str:
    """Tabulate how changes move the baseline, in percentage points with paired standard errors."""
    scenario = sim.load(COMPARED[0])
    base = indicators(sim.replicate(scenario, runs=runs, seed=SEED))
    rows = [["baseline (per cent)", *(f"{100 * value.mean():.1f}" for value in base.values())]]
    for label, change in changes.items():
        changed = indicators(sim.replicate(scenario.replace(change), runs=runs, seed=SEED))
        cells = []
        for name, value in changed.items():
            difference = 100 * (value - base[name])
            cells.append(f"{difference.mean():+.1f} ± {difference.std(ddof=1) / np.sqrt(runs):.1f}")
        rows.append([label, *cells])
    note = f"Percentage points against the baseline, {runs:,} runs each on the same luck, ± paired standard error."
    return table([head, *base], rows) + "\n\n" + note


def story(runs: int) -> str:
    """Tabulate what leaving out each part of the story changes; what changes nothing is inert."""
    bases = {name: indicators(sim.replicate(sim.load(name), runs=runs, seed=SEED)) for name in (BASELINE, WIDER)}
    rows = []
    for label, (name, changes) in STORY.items():
        changed = indicators(sim.replicate(sim.load(name).replace(changes), runs=runs, seed=SEED))
        cells, alive = [], False
        for measure, value in changed.items():
            differences = 100 * (value - bases[name][measure])
            change, error = float(differences.mean()), float(differences.std(ddof=1) / np.sqrt(runs))
            alive |= abs(change) >= max(1.5, 2 * error)
            cells.append(f"{change:+.1f} ± {error:.1f}")
        rows.append([label, *cells, "" if alive else "inert"])
    note = (
        f"\n\nWhat leaving it out changes, in percentage points: {runs:,} runs each on the same luck, seed {SEED},"
        " ± paired standard error."
    )
    return table(["left out", "talks ever open", "settlement", "collapse", ""], rows) + note


def provenance() -> str:
    """Say where the numbers of the baseline come from, and how many were chosen with history in view."""
    notes = sim.load(COMPARED[0]).provenance.values()
    fitted = [note for note in notes if note.used_to_fit]
    sourced = sum(note.source is not None and not note.used_to_fit for note in notes)
    facts = sorted({fact for note in fitted for fact in note.used_to_fit})
    return (
        f"Of {len(notes)} numbers of the baseline, {sourced} are read off a source,"
        f" {len(notes) - sourced - len(fitted)} are assumptions, and {len(fitted)} were chosen with facts of 2020 and"
        f" 2021 in view (`used_to_fit`). {len(fitted)} chosen numbers against {len(facts)} facts"
        f" ({', '.join(f'`{fact}`' for fact in facts)}) is no estimation: many other sets would do as well."
    )


def closeness(runs: int = 20) -> str:
    """Say how near to one another the values of the government's moves are, while it still holds promised captives."""
    scenario = sim.load(COMPARED[0])
    gaps, ranges = [], []
    for seed in range(runs):
        run = sim.run(scenario, seed=seed)
        freed = run.series_table["persons_freed(taliban_prisoners)"]
        for decision in run.decisions:
            if decision.actor != ACTORS[0] or freed[int(decision.day)] >= PROMISED:
                continue
            values = sorted(sum(m.terms.values()) - m.terms.get("inertia", 0.0) for m in decision.moves if m.legal)
            gaps.append(values[-1] - values[-2])
            ranges.append(values[-1] - values[0])
    middle, high = np.quantile(gaps, (0.5, 0.9))
    return (
        f"While promised captives are held, the two best moves of the government differ by {middle:.3f} util in the"
        f" median decision and by more than {high:.3f} in one of ten, without the inertia bonus; all its moves span"
        f" {np.median(ranges):.2f} util in the median ({len(gaps)} decisions, seeds 0 to {runs - 1}). At precision 20,"
        " a lead of 0.01 util makes one move 1.2 times as likely as another."
    )


def written(page: str, name: str, text: str) -> str:
    """Return a page with the text between two marks replaced."""
    pattern = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
    if len(pattern.findall(page)) != 1:
        raise SystemExit(f"{PAGE}: expected the marks of one table {name}")
    return pattern.sub(lambda match: f"{match.group(1)}{text}\n{match.group(2)}", page)


def main() -> None:
    """Run everything and rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=4000, help="runs of each scenario")
    parser.add_argument("--edge-runs", type=int, default=2000, help="runs of each changed number")
    parser.add_argument("--rule-runs", type=int, default=1000, help="runs of each rule")
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES, help="which tables; all by default")
    options = parser.parse_args()
    batches = {}
    if {"shares", "milestones"} & set(options.tables):
        batches = {name: sim.replicate(sim.load(name), runs=options.runs, seed=SEED) for name in builtin_names()}
    rules = {label: {f"actors.{actor}.rule": rule for actor in ACTORS} for label, rule in RULES.items()}
    measures: dict[str, Callable[[], str]] = {
        "shares": lambda: shares(batches, options.runs),
        "milestones": lambda: milestones(batches, options.runs),
        "rules": lambda: against_baseline("rule of every actor", rules, options.rule_runs),
        "edges": lambda: against_baseline("one number changed", EDGES, options.edge_runs),
        "story": lambda: story(options.rule_runs),
        "provenance": provenance,
        "closeness": closeness,
    }
    texts = {name: measures[name]() for name in options.tables}
    page = PAGE.read_text(encoding="utf-8")
    for name, text in texts.items():
        page = written(page, name, text)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
