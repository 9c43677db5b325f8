"""Measure how actors behave into docs/behaviour.md: how often they change course, whether their reasons come true.

``python docs/make_behaviour.py`` (some minutes) plays the Doha baseline, forks it at decisions, changes one thing at a
time, and writes the page between its marks. ``tests/docs/test_docs_behaviour.py`` holds what it measures.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import sim

PAGE = Path(__file__).with_name("behaviour.md")
BASELINE = "doha_2020/baseline"
SEED = 7
ACTORS = ("government", "taliban", "us")
DAYS = 200
"""Changes of course are counted in the first days, of which the record knows the moves."""
RECORDED = {"government": (6, 13), "taliban": (4, 6), "us": (2, 2)}
"""Changes of course in the same days of history: by month and by every change of pace that the script of
`doha_2020/historical` holds; of the Taliban without and with its truces of two days."""
WINDOWS = {
    "1 March to 15 April 2020": ("2020-03-01", "2020-04-15", 97.8, "4,500 attacks (Western military source)"),
    "second quarter of 2020": ("2020-04-01", "2020-06-30", 84.0, "inferred: the third is 50 per cent above it"),
    "third quarter of 2020": ("2020-07-01", "2020-09-30", 126.0, "inferred: the fourth is slightly lower (SIGAR)"),
    "fourth quarter of 2020": ("2020-10-01", "2020-12-31", 125.6, "Resolute Support (DoD)"),
    "first quarter of 2021": ("2021-01-01", "2021-03-31", 115.9, "Resolute Support (SIGAR)"),
    "March to May 2021": ("2021-03-01", "2021-05-31", 112.9, "Resolute Support (SIGAR)"),
}
CAPS = (5500, 7000, 9000, 13500)
CEASEFIRE = {"violence": "ceasefire", "talks": "sit"}
HALF = {
    "deal.captives.taliban_prisoners.promised": 2500,
    "deal.talks.opens_when": "persons_counted(taliban_prisoners) >= 2450",
}


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error."""

    value: float
    error: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ± {self.error:.2f}"


def mean(values: Iterable[float]) -> Estimate:
    """Return a mean and its standard error."""
    array = np.asarray(list(values), dtype=float)
    if len(array) < 2:
        return Estimate(float(array.mean()) if len(array) else np.nan, np.nan)
    return Estimate(float(array.mean()), float(array.std(ddof=1) / np.sqrt(len(array))))


def runs_of(scenario: sim.Scenario, count: int) -> Iterator[sim.Run]:
    """Play runs with all that happens in them."""
    for replication in range(count):
        yield sim.run(scenario, seed=SEED, replication=replication)


def open_moves(decision: Any) -> list[Any]:
    """Return the moves that could be chosen, the best first, as worth without the bonus of what stands."""
    return sorted((m for m in decision.moves if m.legal), key=worth, reverse=True)


def worth(move: Any) -> float:
    """Return what a move was worth without the bonus for what stands."""
    return float(sum(move.terms.values()) - move.terms.get("inertia", 0.0))


def changes_of_course(runs: list[sim.Run]) -> dict[str, Estimate]:
    """Count the changes of the move that stands in the first days of a run, by actor."""
    counts: dict[str, list[int]] = {actor: [] for actor in ACTORS}
    for run in runs:
        table = run.event_table
        changed = (table["kind"] == "move") & (table["day"] <= DAYS)
        for actor in ACTORS:
            counts[actor].append(int((changed & (table["actor"] == actor)).sum()))
    return {actor: mean(values) for actor, values in counts.items()}


def close_decisions(runs: list[sim.Run]) -> dict[str, Estimate]:
    """Return the share of decisions whose two best moves differ by no more than the inertia of the rule."""
    close: dict[str, list[bool]] = {actor: [] for actor in ACTORS}
    for run in runs:
        for decision in run.decisions:
            best, second, *_ = open_moves(decision)
            inertia = run.scenario.actors[decision.actor].rule.inertia_util
            close[decision.actor].append(worth(best) - worth(second) <= inertia)
    return {actor: mean(values) for actor, values in close.items()}


def idle_changes(runs: list[sim.Run]) -> Estimate:
    """Return the share of changes of course between moves of which every term is worth the same."""
    idle = []
    for run in runs:
        for decision in run.decisions:
            if decision.chosen != decision.before:
                by_name = {move.move: move for move in decision.moves}
                before, chosen = by_name[decision.before], by_name[decision.chosen]
                idle.append(before.legal and abs(worth(before) - worth(chosen)) < 1e-12)
    return mean(idle)


def late_cuts(runs: list[sim.Run]) -> Estimate:
    """Return the share of executed threats whose demand was met on the day before."""
    late = []
    for run in runs:
        table = run.event_table
        met = table["day"][table["kind"] == "threat_met"]
        for day in table["day"][table["kind"] == "threat_executed"]:
            made = [d.day for d in run.decisions if d.actor == "us" and d.chosen == "threaten" and d.day < day]
            late.append(bool(((met < day) & (met >= (max(made) if made else day))).any()))
    return mean(late)


def pauses(runs: list[sim.Run]) -> dict[str, Estimate]:
    """Return how probable a pause is at a decision of the United States while the Taliban stand by each move."""
    chances: dict[str, list[float]] = {}
    for run in runs:
        standing = {"taliban": run.scenario.actors["taliban"].opening_move}
        table = run.event_table
        moves = [
            (float(day), str(move))
            for kind, actor, day, move in zip(table["kind"], table["actor"], table["day"], table["move"], strict=True)
            if kind == "move" and actor == "taliban"
        ]
        for decision in run.decisions:
            if decision.actor != "us" or decision.day <= 135:
                continue
            stood = [move for day, move in moves if day <= decision.day]
            move = stood[-1] if stood else standing["taliban"]
            chance = next(m.probability for m in decision.moves if m.move == "pause")
            chances.setdefault(move, []).append(0.0 if np.isnan(chance) else chance)
    return {move: mean(values) for move, values in sorted(chances.items())}


def stands_then(run: sim.Run, feature: str) -> float:
    """Return a feature of a payoff as it stood when a run ended."""
    series = run.series_table
    if feature in series:
        return float(series[feature][-1])
    group = feature.removeprefix("counted(").removesuffix(")")
    return float(run.outcome[f"counted_{group}"] / run.scenario.deal.captives[group].promised)


def got(run: sim.Run, actor: str, day: float) -> float:
    """Return what an actor got in a run to the end of its window, and what it then had in prospect, valued on a day."""
    of = run.scenario.actors[actor]
    rate = of.discount_per_year / 365.25
    value = float(run.outcome[f"payoff_{actor}"])
    if run.outcome["outcome"] in run.scenario.outcomes_at_horizon:  # it goes on beyond the window
        prospects = sum(weight * stands_then(run, str(f)) for f, weight in of.payoff.beyond_window.items())
        value += prospects * float(np.exp(-rate * run.outcome["outcome_day"]))
    return value * float(np.exp(rate * day))


def forecasts(runs: Iterable[sim.Run], each: int) -> dict[str, list[tuple[float, float]]]:
    """Fork runs at decisions and pair what an actor expected of a move over another with what followed.

    At every decision that is looked at, the best move and another one that could be chosen are forced in two forks with
    the same luck; all go on by their own rules. What followed is what the actor got in its window and what it had in
    prospect at its end, by its own weights.
    """
    pairs: dict[str, list[tuple[float, float]]] = {actor: [] for actor in ACTORS}
    for run in runs:
        rng = np.random.default_rng((SEED, run.replication))
        for actor in ACTORS:
            held = [d for d in run.decisions if d.actor == actor and len(open_moves(d)) > 1]
            if not held or len(pairs[actor]) >= each:
                continue
            decision = held[int(rng.integers(len(held)))]
            moves = open_moves(decision)
            other = moves[1 + int(rng.integers(len(moves) - 1))]
            day = int(decision.day)
            window = {"horizon_days": day + int(run.scenario.actors[actor].rule.horizon_days)}
            followed = [got(run.fork(day, window, moves={actor: move.move}), actor, day) for move in (moves[0], other)]
            pairs[actor].append((worth(moves[0]) - worth(other), followed[0] - followed[1]))
    return pairs


def slope(pairs: list[tuple[float, float]]) -> tuple[Estimate, Estimate]:
    """Return the slope of what followed on what was expected, through the origin, and their correlation."""
    x, y = np.asarray(pairs).T
    value = float((x * y).sum() / (x * x).sum())
    error = float(np.sqrt(((y - value * x) ** 2 * x**2).sum()) / (x * x).sum())
    correlation = float(np.corrcoef(x, y)[0, 1])
    return Estimate(value, error), Estimate(correlation, float((1.0 - correlation**2) / np.sqrt(len(x) - 1)))


def shares(scenario: sim.Scenario, count: int) -> dict[str, np.ndarray]:
    """Return for each run of a batch whether talks began, and which outcome it had."""
    batch = sim.replicate(scenario, runs=count, seed=SEED)
    outcome = batch.outcome_table["outcome"]
    found = {name: (outcome == name).astype(float) for name in scenario.outcome_names}
    return {"talks": (~np.isnan(batch.outcome_table["talks_day"])).astype(float), **found}


def shifts(changes: dict[str, Any], count: int) -> dict[str, Estimate]:
    """Return by how many points a change of the baseline moves talks and each outcome, paired by luck."""
    scenario = sim.load(BASELINE)
    base, changed = shares(scenario, count), shares(scenario.replace(changes), count)
    return {name: mean(100.0 * (changed[name] - base[name])) for name in base}


def coin(actor: str, count: int) -> tuple[str, Estimate]:
    """Return what a coin in an actor's place moves most, and by how many points."""
    moved = shifts({f"actors.{actor}.rule": {"response": "uniform"}}, count)
    name = max(moved, key=lambda key: abs(moved[key].value))
    return name, moved[name]


def ceasefire(count: int) -> Estimate:
    """Return the share of days before talks on which the Taliban stand by a ceasefire, if they are offered the move."""
    scenario = sim.load(BASELINE).replace({"actors.taliban.moves.ceasefire": CEASEFIRE})
    days = []
    for run in runs_of(scenario, count):
        table = run.event_table
        opened = table["day"][table["kind"] == "talks_opened"]
        until = float(opened[0]) if len(opened) else float(run.outcome["outcome_day"])
        changed = [
            (float(day), str(move))
            for kind, actor, day, move in zip(table["kind"], table["actor"], table["day"], table["move"], strict=True)
            if kind == "move" and actor == "taliban" and day < until
        ]
        ends = [*(day for day, _ in changed[1:]), until][: len(changed)]
        stood = sum(end - day for (day, move), end in zip(changed, ends, strict=True) if move == "ceasefire")
        days.append(stood / until)
    return mean(days)


def caps(count: int) -> dict[int, Estimate]:
    """Return the share of runs (per cent) in which talks begin for each bound on how many can go free."""
    path = "deal.captives.taliban_prisoners.cap_freed"
    return {cap: mean(100.0 * shares(sim.load(BASELINE).replace({path: cap}), count)["talks"]) for cap in CAPS}


def attack_windows(count: int) -> list[list[str]]:
    """Tabulate attacks a day in windows of the record: the record, quantiles of the model, where the record stands."""
    scenario = sim.load(BASELINE)
    rows = []
    series = [run.series_table for run in runs_of(scenario, count)]
    for label, (first, last, seen, source) in WINDOWS.items():
        low, high = ((dt.date.fromisoformat(day) - scenario.start).days for day in (first, last))
        days = [table["daily_attacks(taliban_fighters)"][low : high + 1] for table in series]
        means = np.array([d[~np.isnan(d)].mean() for d in days if (~np.isnan(d)).sum() > (high - low) / 2])
        quantiles = np.quantile(means, (0.05, 0.5, 0.95))
        share = 100.0 * (means < seen).mean()
        rows.append(
            [
                label,
                f"{seen:g}",
                f"{quantiles[1]:.1f} ({quantiles[0]:.1f} to {quantiles[2]:.1f})",
                f"{share:.1f}",
                f"{len(means):,}",
                source,
            ]
        )
    return rows


def table(head: list[str], rows: list[list[str]]) -> str:
    """Write a Markdown table."""
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


def measured(traced: int, forked: int, batch: int) -> dict[str, str]:
    """Measure everything and return the tables of the page by name."""
    runs = list(runs_of(sim.load(BASELINE), traced))
    changed, close, chances = changes_of_course(runs), close_decisions(runs), pauses(runs)
    pairs = {actor: slope(values) for actor, values in forecasts(runs, forked).items()}
    coins = {actor: coin(actor, batch) for actor in ACTORS}
    half, bounds = shifts(HALF, batch)["talks"], caps(batch)
    surge, reduced = chances.get("surge"), chances.get("reduced")
    ratio = "no such decision" if not surge or not reduced else f"{surge.value:.2f} / {reduced.value:.2f}"
    rows = [
        *(
            [
                f"changes of move in the first {DAYS} days: {actor}",
                str(changed[actor]),
                f"{low} to {high} in the record",
            ]
            for actor, (low, high) in RECORDED.items()
        ),
        *([f"decisions between moves closer than inertia: {actor}", str(close[actor]), "< 0.10"] for actor in ACTORS),
        *([f"slope of what follows on what was expected: {a}", str(pairs[a][0]), "0.7 to 1.3"] for a in ACTORS),
        *([f"their correlation: {actor}", str(pairs[actor][1]), "well above 0"] for actor in ACTORS),
        *(
            [f"a coin in the place of {actor} moves {coins[actor][0]} most, points", str(coins[actor][1]), "10 or more"]
            for actor in ACTORS
        ),
        ["probability of a pause in a surge / while attacks are reduced", ratio, "ratio > 2"],
        ["executed threats whose demand had been met", str(late_cuts(runs)), "0"],
        ["changes of move between moves that are worth the same in every term", str(idle_changes(runs)), "0"],
        ["share of days before talks on a ceasefire, if the move is offered", str(ceasefire(forked)), "< 0.10"],
        ["talks, points, if promise and threshold are halved", str(half), "never below 0"],
        *(
            [f"talks (per cent) if at most {cap:,} can go free", str(value), "within 3"]
            for cap, value in bounds.items()
        ),
    ]
    note = (
        f"{traced} runs of `{BASELINE}` with all events (seed {SEED}), up to {forked} forks an actor, {batch:,} runs"
        " for shares; ± one standard error, of differences paired by common luck."
    )
    chance = [[f"`{move}`", str(value)] for move, value in chances.items()]
    windows = table(
        ["window", "record", "model: median (5 to 95 %)", "percentile of the record", "runs", "source"],
        attack_windows(traced),
    )
    return {
        "behaviour": table(["what", "measured", "wanted"], rows) + "\n\n" + note,
        "pauses": table(["the Taliban stand by", "probability of a pause at a decision"], chance),
        "attacks": windows,
    }


def written(page: str, name: str, text: str) -> str:
    """Return a page with the text between two marks replaced."""
    pattern = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
    if len(pattern.findall(page)) != 1:
        raise SystemExit(f"{PAGE}: expected the marks of one table {name}")
    write: Callable[[re.Match[str]], str] = lambda match: f"{match.group(1)}{text}\n{match.group(2)}"  # noqa: E731
    return pattern.sub(write, page)


def main() -> None:
    """Measure and rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traced", type=int, default=400, help="runs with all events")
    parser.add_argument("--forked", type=int, default=400, help="decisions of each actor that are forked")
    parser.add_argument("--batch", type=int, default=2000, help="runs for shares of outcomes")
    options = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    for name, text in measured(options.traced, options.forked, options.batch).items():
        page = written(page, name, text)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
