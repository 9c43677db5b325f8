"""Measure the tables of docs/sensitivity.md: the screen of all numbers, signs under logit play, coverage.

``python docs/sensitivity.py`` (a quarter of an hour) rewrites what stands between the marks of the page; all runs share
one seed, so all differences are paired. ``docs/tipping_map.py`` adds the two-way grids.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from make_tables import table, written
from numpy.typing import NDArray
from one_at_a_time import Screen, all_numbers, one_at_a_time

import sim
from sim.engine.outcome_frame import outcome_columns
from sim.engine.threads import run_batch
from sim.experiments.outcome_share import OutcomeShare, outcome_shares
from sim.experiments.paired_effect import PairedEffect, paired_effect
from sim.kernel.bound import bound
from sim.random.seed import signed_seed
from sim.scenario import builtin_names

PAGE = Path(__file__).with_name("sensitivity.md")
SEED = 1
BASELINE = "doha_2020/baseline"
TOP = 16
"""Numbers of the screen that are shown."""

Sample = tuple[dict[str, NDArray[Any]], NDArray[np.float64]]
"""Outcome columns, and the daily values of one series with the last value kept after the end of a run."""


@dataclass(frozen=True)
class Measure:
    """One number of a run.

    Attributes
    ----------
    label : str
        For the table.
    series : str
        What it is read off.
    of : callable
        From a `Sample` to one value a run.
    """

    label: str
    series: str
    of: Callable[[Sample], NDArray[np.float64]]


@dataclass(frozen=True)
class Change:
    """One change of the baseline with the sign that the story suggests.

    Attributes
    ----------
    label : str
        For the table.
    after, before : mapping
        Overrides by dotted path; the baseline itself if `before` is left out.
    measure : Measure
        What it should move.
    expected : int
        1 up, -1 down.
    """

    label: str
    after: Mapping[str, Any]
    measure: Measure
    expected: int
    before: Mapping[str, Any] = field(default_factory=dict)


def on_day(label: str, series: str, day: int) -> Measure:
    """Return the value of a series on a day, or on the day on which the run ended if that is sooner."""
    return Measure(f"{label}, day {day}", series, lambda sample: sample[1][:, day])


def talks_day(sample: Sample) -> NDArray[np.float64]:
    """Return the day on which talks open, the horizon for runs in which they never do."""
    return np.nan_to_num(sample[0]["talks_day"], nan=sample[1].shape[1] - 1.0)


def days_in_dispute(sample: Sample) -> NDArray[np.float64]:
    """Return the days in dispute up to the end of the run."""
    days = np.arange(sample[1].shape[1])
    running = days[None, :] <= sample[0]["outcome_day"][:, None]
    return np.where(running, sample[1], 0.0).sum(axis=1)


GROUP = "deal.captives.taliban_prisoners"
OTHERS = "world.armed_forces.isis_k.attacks.per_day"
TRUST = on_day("reputation_index(us, taliban)", "reputation_index(us, taliban)", 100)
CUT = {
    "date": "2020-03-23",
    "what": "aid is cut by 1 bn USD",
    "set": {"world.aid_flows.us_aid.usd_bn_per_year": 3.3},
}
LONG_QUIET = {
    "actors.taliban.scheduled_moves.0.day": 28,
    "actors.taliban.reconsiders_days": None,
    "actors.taliban.review": {"every_days": 30, "offset_days": 30},
    "deal.deadlines.0.reviews": ["government"],
}

CHANGES = (
    Change(
        "vetting of 20 a day, not 1,000",
        {f"{GROUP}.vetting_per_day": 20},
        on_day("captives freed", "persons_freed(taliban_prisoners)", 100),
        -1,
    ),
    Change(
        "68 % return to arms, not 5.6 %",
        {f"{GROUP}.returns.probability": 0.68},
        on_day("insurgents (thousand)", "strength(taliban_fighters)", 300),
        1,
        before={f"{GROUP}.returns.probability": 0.056},
    ),
    Change(
        "dual presidency never resolved",
        {"world.offices.presidency.dual.mean_days": 1e6},
        Measure("day talks open (640 if never)", "talks", talks_day),
        1,
    ),
    Change(
        "lists verified: all own picks counted",
        {f"{GROUP}.counted_at_once.own": 1.0},
        Measure("days in dispute", "dispute(taliban_prisoners)", days_in_dispute),
        -1,
    ),
    Change("spoilers attack twice as often", {OTHERS: 0.2}, TRUST, -1),
    Change("spoilers attack 60 times a day", {OTHERS: 60.0}, TRUST, -1),
    Change(
        "withdrawal 1.6 times as fast",
        {"deal.withdrawal.us_troops.steps.0.day": 84, "deal.withdrawal.us_troops.steps.1.day": 266},
        on_day("balance of force", "balance_of_force", 200),
        1,
    ),
    Change(
        "aid cut by 1 bn on 23 March",
        {"events.cut": CUT},
        on_day("army (thousand)", "strength(afghan_forces)", 300),
        -1,
    ),
    Change(
        "reduction in violence of 28 days, not 7",
        LONG_QUIET,
        on_day("reputation_index(us, taliban)", "reputation_index(us, taliban)", 28),
        1,
    ),
)


def sample(scenario: sim.Scenario, series: str, runs: int) -> Sample:
    """Run a scenario and return its outcomes and one daily series."""
    ready = bound(scenario)
    column = ready.series.index(series)
    values = np.empty((runs, ready.days + 1))

    def keep(first: int, chunk: NDArray[np.float64]) -> None:
        values[first : first + len(chunk)] = chunk[:, :, column]

    rows = run_batch(ready, signed_seed(SEED), np.arange(runs), on_series=keep)
    last = np.where(np.isnan(values), 0, np.arange(values.shape[1]))
    np.maximum.accumulate(last, axis=1, out=last)
    return outcome_columns(rows, ready), np.take_along_axis(values, last, axis=1)


def interval(effect: PairedEffect, scale: float = 1.0, digits: int = 1) -> str:
    """Write a difference with its 95 % interval."""
    numbers = (scale * effect.difference, scale * effect.low, scale * effect.high)
    return "{:+.{d}f} [{:+.{d}f}, {:+.{d}f}]".format(*numbers, d=digits)


def points(effect: PairedEffect) -> str:
    """Write a change of a share in percentage points with its standard error."""
    return f"{100 * effect.difference:+.1f} ± {100 * effect.standard_error:.1f}"


def signs(runs: int) -> str:
    """Tabulate what each change moves under logit play, and what becomes of the deal."""
    scenario = sim.load(BASELINE)
    rows = []
    for change in CHANGES:
        measure = change.measure
        pair = [
            sample(scenario.replace(values) if values else scenario, measure.series, runs)
            for values in (change.before, change.after)
        ]
        effect = paired_effect(*(measure.of(each) for each in pair))
        borne_out = {change.expected: "yes", 0: "not seen", -change.expected: "no, opposite"}[effect.sign]
        began = paired_effect(*(~np.isnan(each[0]["talks_day"]) for each in pair))
        ends = [
            paired_effect(*(each[0]["outcome"] == name for each in pair))
            for name in ("settlement", "civil_war", "government_collapse")
        ]
        rows.append(
            [
                change.label,
                measure.label,
                "up" if change.expected > 0 else "down",
                f"{effect.before:.3g} to {effect.after:.3g}",
                interval(effect, digits=3 if abs(effect.before) < 10 else 1),
                borne_out,
                *(interval(each, 100.0) for each in (began, *ends)),
            ]
        )
    head = [
        *("change", "measure", "expected", "means", "difference", "borne out"),
        *("talks began", "settlement", "civil war", "collapse"),
    ]
    note = (
        f"{runs:,} paired runs each, seed {SEED}; 95 % intervals; the last four columns in percentage points. A value"
        " on a day is the last one of the run if it ended sooner."
    )
    return table(head, rows) + "\n\n" + note


def of_screen(screen: Screen) -> str:
    """Tabulate the numbers that move a share most."""
    rows = []
    for group in screen.ranked()[:TOP]:
        cells = []
        for row in group:
            name, effect = row.largest
            cells.append(f"`{name}` {points(effect)}")
        began = [points(row.changes["talks_began"]) for row in group]
        rows.append([f"`{group[0].path}`", f"{group[0].value:g}", *cells, *began])
    note = (
        f"The {TOP} of {len(screen.rows) // 2} numbers that move a share most; {screen.runs:,} paired runs a"
        f" row, seed {screen.seed}; percentage points ± paired standard error. The largest of seven changes is shown,"
        " which overstates small ones."
    )
    head = [
        *("number", "value", "halved: largest change", "doubled: largest change"),
        *("talks began, halved", "talks began, doubled"),
    ]
    return table(head, rows) + "\n\n" + note


def by_measure(screen: Screen) -> str:
    """Tabulate for each measure the three changes that move it most."""
    rows = []
    for name in screen.rows[0].changes:
        ordered = sorted(screen.rows, key=lambda row: -abs(row.changes[name].difference))
        cells = [f"`{row.path}` × {row.factor:g}: {points(row.changes[name])}" for row in ordered[:3]]
        before = ordered[0].changes[name].before
        sure = sum(row.changes[name].sign != 0 for row in screen.rows)
        rows.append([f"`{name}`", f"{100 * before:.1f}", *cells, str(sure)])
    note = (
        f"Shares and changes in percentage points ± paired standard error, {screen.runs:,} runs. The last column counts"
        f" the rows, of {len(screen.rows)}, whose 95 % interval leaves out 0; one in twenty would by chance alone."
    )
    return table(["measure", "share", "first", "second", "third", "surely moved by"], rows) + "\n\n" + note


def unmoved(screen: Screen) -> str:
    """Say how many numbers move no share surely."""
    groups = screen.ranked()
    largest = [max(abs(row.largest[1].difference) for row in group) for group in groups]
    small = sum(value < 0.05 for value in largest)
    big = sum(value >= 0.10 for value in largest)
    return (
        f"Of {len(groups)} numbers, {big} move some share by 10 points or more when halved or doubled, and"
        f" {small} move none by 5 points."
    )


def coverage(runs: int) -> str:
    """Tabulate for each outcome where it is most frequent and where it was never seen."""
    shares = {
        name: {s.outcome: s for s in outcome_shares(batch.outcome_table["outcome"], batch.scenario.outcome_names)}
        for name in builtin_names()
        for batch in (sim.replicate(sim.load(name), runs, SEED),)
    }
    rows = []
    for outcome in sim.load("doha_2020/baseline").outcome_names:
        having = {name: of[outcome] for name, of in shares.items() if outcome in of}
        most = max(having, key=lambda name: having[name].share)
        best = having[most]
        never = [f"`{name}`" for name, of in having.items() if of.count == 0]
        share = f"`{most}`: {100 * best.share:.1f} ± {100 * best.standard_error:.1f}"
        rows.append([f"`{outcome}`", share, ", ".join(never) or "none"])
    none_seen = OutcomeShare("none", 0, runs).interval[1]
    note = (
        f"Per cent of {runs:,} runs each (seed {SEED}) ± Monte Carlo standard error; with none in {runs:,} the share is"
        f" below {100 * none_seen:.2f} per cent (end of the 95 % Wilson interval)."
    )
    return table(["outcome", "most often in", "never in"], rows) + "\n\n" + note


def main() -> None:
    """Run everything and rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screen-runs", type=int, default=500, help="runs of each changed number; 0 leaves them")
    parser.add_argument("--runs", type=int, default=1000, help="runs of each sign and scenario; 0 leaves them")
    options = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    if options.runs:
        page = written(page, "signs", signs(options.runs))
        page = written(page, "coverage", coverage(options.runs))
    if options.screen_runs:
        scenario = sim.load(BASELINE)
        screen = one_at_a_time(scenario, all_numbers(scenario), runs=options.screen_runs, seed=SEED)
        page = written(page, "screen", of_screen(screen))
        page = written(page, "measures", by_measure(screen))
        page = written(page, "counts", unmoved(screen))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
