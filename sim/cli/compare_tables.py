"""The tables of ``sim compare --full`` as titles, heads and cells; `sim.cli.compare_report` prints them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.engine.term_labels import term_words
from sim.experiments.comparison.tables import sure_sign
from sim.experiments.comparison.words import drawn_words
from sim.experiments.compliance import STATES
from sim.experiments.measures import TALKS
from sim.scenario.words import words_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison.comparison import Comparison
    from sim.experiments.comparison.cumulative_incidence import CumulativeIncidence
    from sim.experiments.comparison.regret import Regret

HEADLINES = {"talks_day": "talks open, day", "outcome_day": "end, day", "deaths": "deaths, persons"}
TITLE = 28
"""Characters in a line of a scenario's title, an actor's promise or a term."""
LONG_UP_TO = 6
"""Scenarios beside the reference up to which differences are printed with intervals; beyond, in one compact table."""
DEVICE_MEASURES = 3
"""Outcomes and milestones whose change by devices is printed: those that some device moves most."""
LARGEST = 3
"""Terms that are printed of each difference of a payoff."""
QUARTERS = (0.25, 0.5, 0.75, 1.0)

Rows: TypeAlias = tuple[str, list[str], list[list[str]]]
"""Title, heads and cells of a table."""


def tables_of(comparison: Comparison, regret: Regret | None) -> list[Rows]:
    """Return every table that a comparison has, in the order in which they are printed."""
    tables = [
        _shares(comparison),
        _milestones(comparison),
        _compliance(comparison),
        _differences(comparison),
        _incidence(comparison),
        _numbers(comparison),
        _payoffs(comparison),
        _payoff_terms(comparison),
        _devices(comparison),
        _record(comparison),
        _expectations(comparison),
        *regret_tables(regret, comparison.titles),
        _rules(comparison),
    ]
    return [table for table in tables if table is not None]


def _seen(comparison: Comparison) -> list[str]:
    """List what some run of some scenario had: outcomes, talks, milestones, promises."""
    most = comparison.shares["share"].groupby(level="outcome", sort=False).max()
    return [str(name) for name in most.index[most > 0]]


def _label(comparison: Comparison, measure: str) -> str:
    known = comparison.measures.get(measure)
    return known.label if known is not None else measure.replace("_", " ")


def _title(comparison: Comparison, name: str) -> str:
    """Return what a scenario is called, in lines of `TITLE` characters."""
    return textwrap.fill(comparison.titles.get(name, name), TITLE, break_on_hyphens=False)


def _actor(comparison: Comparison, name: str) -> str:
    """Return how the first scenario that has an actor calls it."""
    return next(words_of(s).actor(name) for s in comparison.scenarios.values() if name in s.actors)


def _shares(comparison: Comparison) -> Rows:
    later = ("milestone", "promise")
    known = comparison.measures
    seen = [name for name in _seen(comparison) if name not in known or known[name].kind not in later]
    table = _by_key(comparison.shares)
    rows = []
    for name in comparison.batches:
        rows.append([_title(comparison, name), *(share_cell(table[name, outcome]) for outcome in seen)])
    return "Outcomes, per cent of runs", ["", *(_label(comparison, name) for name in seen)], rows


def _milestones(comparison: Comparison) -> Rows | None:
    table = _by_key(comparison.milestones)
    shares = _by_key(comparison.shares)
    rows = []
    for event in dict.fromkeys(event for _, event in table):
        if not any(table[name, event]["share"] > 0.0 for name in comparison.batches):
            continue
        for name in comparison.batches:
            row = table[name, event]
            first = name == next(iter(comparison.batches))
            called = ("talks" if event == TALKS else _label(comparison, event)) if first else ""
            if math.isnan(row["share"]):
                rows.append([called, _title(comparison, name), "-", "-", "-", "-"])
                continue
            days = f"{_day(row['median'])} [{_day(row['q05'])}, {_day(row['q95'])}]"
            until = f"{row['mean']:,.1f} +- {row['mean_error']:.1f}"
            later = "" if first else _difference_cell(row, 1.0, 1)
            rows.append([called, _title(comparison, name), share_cell(shares[name, event]), days, until, later])
    title = "Milestones; days until counts the end of the shortest horizon where one is never reached"
    heads = ["", "by", "% of runs", "median day [5 %, 95 %]", "days until", "later by"]
    return (title, heads, rows) if rows else None


def _compliance(comparison: Comparison) -> Rows | None:
    rows: list[list[str]] = []
    table = comparison.compliance
    for promise in table.promise.unique():
        for k, row in enumerate(table[table.promise == promise].to_dict("records")):
            words = words_of(comparison.scenarios[row["scenario"]])
            what = textwrap.fill(f"{words.actor(row['by'])}: {row['label']}", TITLE) if k == 0 else ""
            shares = [f"{100 * row[state]:.0f}" for state in STATES]
            done = f"{100 * row['share_done']:.0f}"
            rows.append(
                [
                    what,
                    str(row["due"]) if k == 0 else "",
                    _title(comparison, str(row["scenario"])),
                    *shares,
                    _breach(row) if row["to_keep"] else _day(row["median_day"]),
                    done,
                ]
            )
    heads = ["", "due", "in", "in time", "late", "not kept", "not due", "median day", "done when due, %"]
    return (
        (
            "Promises, per cent of runs; of one to be kept the day is that of the first breach, where it is broken",
            heads,
            rows,
        )
        if rows
        else None
    )


def _breach(row: Mapping[str, Any]) -> str:
    """Say on which day a promise is broken, of the runs that break it."""
    return f"{row['median_day']:,.0f} if broken" if row["broken"] > 0.0 else "never"


def _day(value: float) -> str:
    return "never" if math.isinf(value) else f"{value:,.0f}"


def _by_key(table: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows of a table with two keys by those."""
    rows: Any = table.to_dict("index")
    return dict(rows)


def share_cell(row: Mapping[str, Any]) -> str:
    """Write a share in per cent; at 0 and 100 its one-sided bound stands in for the standard error.

    Examples
    --------
    >>> share_cell({"count": 90, "runs": 200, "share": 0.45, "standard_error": 0.0352, "low": 0.38, "high": 0.52})
    '45.0 +- 3.5'
    >>> share_cell({"count": 0, "runs": 200, "share": 0.0, "standard_error": 0.0, "low": 0.0, "high": 0.0188})
    '0 (< 1.9)'
    """
    if row["runs"] == 0:
        return "-"
    if row["count"] == 0:
        return f"0 (< {100 * row['high']:.1f})"
    if row["count"] == row["runs"]:
        return f"100 (> {100 * row['low']:.1f})"
    return f"{100 * row['share']:.1f} +- {100 * row['standard_error']:.1f}"


def _differences(comparison: Comparison) -> Rows | None:
    others = [name for name in comparison.batches if name != comparison.reference]
    if not others:
        return None
    seen = _seen(comparison)
    table = _by_key(comparison.differences)
    drawn = comparison.over_draws is not None
    title = f"Differences from: {comparison.titles[comparison.reference]}, percentage points"
    if len(others) > LONG_UP_TO:
        rows = [
            [_title(comparison, name), *(_difference_cell(table[name, outcome], 100.0, 1) for outcome in seen)]
            for name in others
        ]
        stars = "both 95 % intervals exclude 0" if drawn else "95 % interval excludes 0"
        return f"{title}; * {stars}", ["", *(_label(comparison, name) for name in seen)], rows
    rows = []
    for name in others:
        called = _title(comparison, name)
        for outcome in seen:
            row = table[name, outcome]
            if math.isnan(row["difference"]):
                continue
            if row["difference"] == 0.0 and math.isinf(row["independent_runs"]):
                same = ["same", "", "", *([""] if drawn else [])]
                rows.append([called if outcome == seen[0] else "", _label(comparison, outcome), *same])
                continue
            star = "  *" if sure_sign(row) else "   "
            rows.append(
                [
                    called if outcome == seen[0] else "",
                    _label(comparison, outcome),
                    f"{100 * row['difference']:+.1f} +- {100 * row['standard_error']:.1f}",
                    f"{100 * row['low']:.1f} to {100 * row['high']:.1f}{star}",
                    runs_needed(row["independent_runs"]),
                    *([drawn_words(row, 100.0, 1).removeprefix(", over draws ")] if drawn else []),
                ]
            )
    heads = ["", "outcome", "difference", "95 % interval", "runs with independent seeds"]
    if not drawn:
        return f"{title}; * the interval excludes 0", heads, rows
    return f"{title}; * both intervals exclude 0", [*heads, "95 % interval over draws"], rows


def runs_needed(runs: float) -> str:
    """Write how many runs independent seeds would have needed.

    Examples
    --------
    >>> runs_needed(1234.5), runs_needed(float("inf")), runs_needed(float("nan"))
    ('1,235', 'no number', '')
    """
    if math.isnan(runs):
        return ""
    return "no number" if math.isinf(runs) else f"{math.ceil(runs):,}"


def _difference_cell(row: Mapping[str, Any], scale: float, places: int) -> str:
    if math.isnan(row["difference"]):
        return "-"
    if row["difference"] == 0.0 and math.isinf(row.get("independent_runs", math.nan)):
        return "same"
    star = "*" if sure_sign(row) else " "
    return f"{scale * row['difference']:+.{places}f} +- {scale * row['standard_error']:.{places}f}{star}"


def _incidence(comparison: Comparison) -> Rows | None:
    from sim.experiments.comparison.export import incidence_seen

    horizon = min(scenario.horizon_days for scenario in comparison.scenarios.values())
    days = sorted({round(horizon * part) for part in QUARTERS} - {0})
    events = incidence_seen(comparison.batches.values())
    if not events:
        return None
    rows = []
    for event in events:
        for name, curve in comparison.incidence_curves(event).items():
            first = name == next(iter(comparison.batches))
            cells = [_incidence_cell(curve, day) for day in days]
            rows.append([_label(comparison, event) if first else "", _title(comparison, name), *cells])
    title = "Cumulative incidence, per cent of all runs, of events that compete"
    return title, ["event", "by", *(f"day {day:,}" for day in days)], rows


def _incidence_cell(curve: CumulativeIncidence, day: int) -> str:
    share, runs = float(curve.share[day]), curve.runs
    return share_cell(
        {
            "count": round(share * runs),
            "runs": runs,
            "share": share,
            "standard_error": float(curve.standard_error[day]),
            "low": float(curve.low[day]),
            "high": float(curve.high[day]),
        }
    )


def _numbers(comparison: Comparison) -> Rows:
    table = _by_key(comparison.numbers)
    columns = dict(HEADLINES)
    for scenario in comparison.scenarios.values():
        words = words_of(scenario)
        for name, group in scenario.deal.captives.items():
            columns.setdefault(f"freed_{name}", f"{words.of('group', name)} freed, {group.unit}")
        for name, stock in scenario.deal.stocks.items():
            columns.setdefault(f"handed_over_{name}", f"{words.of('stock', name)} handed over, {stock.unit}")
    first = comparison.batches[comparison.reference]
    shown = [m for m in comparison.measures.values() if m.kind == "declared" or m.name in first.scenario.headline]
    for measure in shown:
        if not measure.is_share and (comparison.reference, measure.name) in table:
            unit = f", {measure.unit}" if measure.unit else ""
            columns.setdefault(measure.name, f"{measure.label}{unit}")
    rows = []
    for name in comparison.batches:
        cells = []
        for outcome in columns:
            row = table[name, outcome]
            some = f" ({100 * row['known']:.0f} %)" if row["known"] < 1.0 else ""
            mean, error = ("{:,.0f}", "{:,.1f}") if abs(row["mean"]) >= 10.0 else ("{:,.3f}", "{:,.3f}")
            text = f"{mean.format(row['mean'])} +- {error.format(row['mean_error'])}{some}"
            cells.append("-" if math.isnan(row["mean"]) else text)
        rows.append([_title(comparison, name), *cells])
    return "Means over the runs that have them (in brackets the share, if not all)", ["", *columns.values()], rows


def _payoffs(comparison: Comparison) -> Rows:
    table = _by_key(comparison.payoffs)
    every = list(dict.fromkeys(actor for _, actor in table))
    idle = [a for a in every if all(row["mean"] == 0.0 for (_, actor), row in table.items() if actor == a)]
    actors = [actor for actor in every if actor not in idle] or every
    rows = []
    for name in comparison.batches:
        row: list[str] = [_title(comparison, name)]
        for actor in actors:
            here = table[name, actor]
            if math.isnan(here["mean"]):
                row += ["-", "-"]
                continue
            row.append(f"{here['mean']:+.3f} +- {here['mean_error']:.3f}")
            row.append("" if name == comparison.reference else _difference_cell(here, 1.0, 3))
        rows.append(row)
    heads = ["", *(head for actor in actors for head in (_actor(comparison, actor), "difference"))]
    drawn = comparison.over_draws is not None
    title = f"Payoffs, util; * {'both 95 % intervals' if drawn else 'the 95 % interval'} of the difference "
    title += "exclude 0" if drawn else "excludes 0"
    left_out = f"; 0 everywhere: {', '.join(_actor(comparison, actor) for actor in idle)}" if actors != every else ""
    return title + left_out, heads, rows


def _payoff_terms(comparison: Comparison) -> Rows | None:
    others = [name for name in comparison.batches if name != comparison.reference]
    if not others:
        return None
    terms: dict[tuple[str, str], list[tuple[float, str]]] = {}
    every: Any = comparison.payoff_terms.to_dict("index")
    for (name, actor, term), row in every.items():
        if not math.isnan(row["difference"]) and row["difference"]:
            words = term_words(term, comparison.scenarios[name])
            cell = f"{textwrap.fill(words, TITLE)}\n{_difference_cell(row, 1.0, 3).strip()}"
            terms.setdefault((name, actor), []).append((abs(row["difference"]), cell))
    sums = _by_key(comparison.payoffs)
    rows = []
    for name in others:
        first = True
        for actor in dict.fromkeys(actor for _, actor in sums):
            largest = [cell for _, cell in sorted(terms.get((name, actor), []), reverse=True)[:LARGEST]]
            if largest:
                cells = [*largest, *[""] * (LARGEST - len(largest))]
                called = _title(comparison, name) if first else ""
                rows.append([called, _actor(comparison, actor), _difference_cell(sums[name, actor], 1.0, 3), *cells])
                first = False
    heads = ["", "actor", "difference", *["of it"] * LARGEST]
    return ("What makes the differences of payoffs: the largest terms, util", heads, rows) if rows else None


def _devices(comparison: Comparison) -> Rows | None:
    devices: pd.DataFrame = comparison.devices
    if not len(devices):
        return None
    actors = list(comparison.scenarios[comparison.reference].actors)
    rows = []
    records: Any = devices.rename(columns={"value": "difference"}).to_dict("records")
    worth: dict[tuple[str, str], dict[str, Any]] = {
        (row["device"], row["actor"] if row["measure"] == "payoff" else row["measure"]): row for row in records
    }
    ranked = devices[devices.measure != "payoff"].groupby("measure", sort=False).value.apply(lambda v: v.abs().max())
    moved = [str(name) for name in ranked.sort_values(ascending=False, kind="stable").index[:DEVICE_MEASURES]]
    for device in devices.device.unique():
        paid = [_difference_cell(worth[device, actor], 1.0, 3) for actor in actors]
        ends = [_difference_cell(worth[device, outcome], 100.0, 1) for outcome in moved]
        rows.append([textwrap.fill(str(worth[device, actors[0]]["label"]), TITLE), *paid, *ends])
    title = "What each commitment device is worth in the reference: payoffs in util, outcomes in points"
    return (
        title,
        ["", *(_actor(comparison, actor) for actor in actors), *(_label(comparison, outcome) for outcome in moved)],
        rows,
    )


def _record(comparison: Comparison) -> Rows | None:
    found = comparison.record
    if found is None:
        return None
    skills = [name for name in found.columns if name.startswith("skill_") and not name.endswith("_se")]
    rows = []
    for row in found.to_dict("records"):
        known = not math.isnan(row["percentile"])
        rows.append(
            [
                textwrap.fill(f"{row['label']}{' (fitted)' if row['used_to_fit'] else ''}", TITLE),
                "no fact" if math.isnan(row["observed"]) else _number(row["observed"]),
                str(row["unit"]),
                f"{row['percentile']:.1f} +- {row['percentile_se']:.1f}" if known else "",
                _runs_cell(row),
                "" if math.isnan(row["runs_with"]) else f"{100 * row['runs_with']:.0f} %",
                _with_error(row, "crps"),
                _with_error(row, "log_score"),
                *(_with_error(row, name, "+.2f") for name in skills),
            ]
        )
    heads = ["", "observed", "unit", "percentile", "median [5 %, 95 %]", "runs with it", "CRPS", "log score"]
    titles = [f"skill against {name.removeprefix('skill_').replace('_', ' ')}" for name in skills]
    runs = comparison.titles[comparison.reference]
    title = f"Where the record {found.attrs.get('record', '')} falls among the runs of: {runs}"
    fitted = "; a fitted fact proves nothing" if bool(found.used_to_fit.any()) else ""
    return title + fitted, [*heads, *titles], rows


def _runs_cell(row: Mapping[Any, Any]) -> str:
    """Write median and range of the runs where they have the thing, whether or not the record knows it."""
    if math.isnan(row["runs_with"]) or row["unit"] == "yes or no":
        return ""
    return f"{_number(row['median'])} [{_number(row['low'])}, {_number(row['high'])}]"


def _expectations(comparison: Comparison) -> Rows | None:
    rows = []
    for row in comparison.expectations.to_dict("records"):
        known = comparison.measures_expected.get(str(row["measure"]))
        scale, places = (100.0, 1) if known is not None and known.is_share else (1.0, 3)
        low, high = (f"{scale * row[end]:,.{places}f}" for end in ("low", "high"))
        seen = "" if row["note"] else f"{scale * row['difference']:+,.{places}f} [{low}, {high}]"
        measure = known.label if known is not None else str(row["measure"]).replace("_", " ")
        scenario, against = (_title(comparison, str(row[side])) for side in ("scenario", "against"))
        rows.append([scenario, measure, str(row["sign"]), against, seen, str(row["verdict"])])
    heads = ["", "measure", "expected", "against", "difference [95 %]; shares in points", "verdict"]
    return ("Signs that scenarios expected of themselves", heads, rows) if rows else None


def _number(value: float) -> str:
    """Write a number of the runs; a date that does not come in so many of them is never."""
    if math.isnan(value):
        return "never"
    return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.1f}"


def _with_error(row: Mapping[Any, Any], name: str, form: str = ".2f") -> str:
    if math.isnan(row[name]):
        return ""
    error = row[f"{name}_se"]
    return f"{row[name]:{form}}" + ("" if math.isnan(error) else f" +- {error:.2f}")


def regret_tables(regret: Regret | None, titles: Mapping[str, str]) -> tuple[Rows, ...]:
    """Return the tables of regret, if it was asked for; `titles` say what scenarios are called."""
    if regret is None:
        return ()
    found = _by_key(regret.minimax)
    actors = list(dict.fromkeys(actor for _, actor in found))
    rows = []
    for name in dict.fromkeys(scenario for scenario, _ in found):
        row = [textwrap.fill(titles.get(name, name), TITLE, break_on_hyphens=False)]
        for actor in actors:
            here = found.get((name, actor))
            if here is None:
                row.append("-")
                continue
            chosen = " *" if here["chosen"] else "  "
            row.append(f"{here['max_regret']:.3f} +- {here['standard_error']:.3f} ({here['payoff_set']}){chosen}")
        rows.append(row)
    title = "Greatest regret over the payoff sets, util, and under which; * deal of minimax regret"
    return ((title, ["", *actors], rows),)


def _rules(comparison: Comparison) -> Rows | None:
    if comparison.rules is None:
        return None
    rules = comparison.rules
    rows = []
    before = ""
    for (name, outcome), row in _by_key(rules.conclusions).items():
        if all(row[rule] == "?" for rule in rules.rules):
            continue
        verdict = "survives" if row["survives"] else "contradicted" if row["contradicted"] else "undecided under some"
        rows.append(
            [
                _title(comparison, name) if name != before else "",
                _label(comparison, outcome),
                *(row[rule] for rule in rules.rules),
                verdict,
            ]
        )
        before = name
    heads = ["", "outcome", *(f"{rule.replace('_', ' ')} ({rules.runs[rule]:,})" for rule in rules.rules), "sign"]
    return "Signs of differences under each rule (runs): + more, - less, ? not sure", heads, rows
