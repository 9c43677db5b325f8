"""What ``sim compare`` prints first: for each scenario what differs from the reference, by how much and how surely."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.cli.streams import width
from sim.experiments.comparison.over_draws import ENDS
from sim.experiments.comparison.tables import sure_sign
from sim.experiments.comparison.words import drawn_words
from sim.experiments.comparison.yardsticks import judged_otherwise
from sim.experiments.measures import DAYS_UNTIL, TALKS

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison

SHOWN = 2
"""Shares that a scenario has in the verdict: those of ends and talks that surely differ most, then of anything else."""
FEW = 4
"""Scenarios beside the reference up to which the verdict says two dates, and for whom each is better."""
MISSES = 0.05
"""Share of 95 % intervals that exclude 0 where nothing differs."""

_GLUE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class _Share:
    """A share of runs of one scenario: what it is called, whether it is of an end or of talks, its row of the table."""

    label: str
    is_end: bool
    row: Any


def verdict_lines(comparison: Comparison) -> list[str]:
    """Write the verdict on a comparison, wrapped to the console.

    Parameters
    ----------
    comparison : Comparison
        Its tables of shares, differences and payoffs are read.

    Returns
    -------
    list of str
        The reference and its most frequent ends, some two lines a scenario, how to read them.
    """
    names = comparison.titles
    others = [name for name in comparison.batches if name != comparison.reference]
    shares: Any = comparison.shares.loc[comparison.reference]
    first = comparison.scenarios[comparison.reference].headline
    ends_of = [*comparison.scenarios[comparison.reference].outcome_names, TALKS]
    common = shares.share[[name for name in first or ends_of if name in shares.index]]
    common = common if first else common.sort_values(ascending=False, kind="stable")
    shown = common[common > 0].head(max(3, len(first)))
    ends = ", ".join(f"{_label(comparison, str(name))} {100 * share:.0f} %" for name, share in shown.items())
    opening = f"{names[comparison.reference]}: {ends} of {comparison.runs:,} runs."
    if not others:
        alone = "It is alone: give another scenario, so that something can differ."
        return [*_wrapped(opening), *_wrapped(alone)]
    lines = [*_wrapped(f"{opening} Against it:"), ""]
    few, counted = len(others) <= FEW, 0
    for name in others:
        outcomes = [
            _Share(_label(comparison, str(measure)), str(measure) in ends_of, row)
            for measure, row in _rows(comparison.differences, name)
            if row.share > 0 or row.reference > 0
        ]
        dates = [
            ("talks" if event == TALKS else _label(comparison, str(event)), row)
            for event, row in _rows(comparison.milestones, name)
            if row.difference == row.difference and (row.share > 0 or row.differing)
        ]
        payoffs = [
            (str(actor), row) for actor, row in _rows(comparison.payoffs, name) if row.difference == row.difference
        ]
        counted += len(outcomes) + len(dates) + len(payoffs)
        told = _headline_in_words(comparison, name)
        if not told:
            later = _dates_in_words(dates, SHOWN if few else 1)
            told = f"{_shares_in_words(outcomes)}{f'; {later}' if later else ''}"
        lines += _wrapped(f"{names[name]}: {told}")
        if few and payoffs:
            lines += _wrapped(_payoffs_in_words(payoffs, comparison, name), "  ")
    by_luck = MISSES * counted
    reading = (
        f"Points of 100 runs with 95 % intervals, over {comparison.runs:,} pairs on the same luck, "
        f"seed {comparison.seed}; surely: the interval excludes 0"
    )
    if comparison.over_draws is None:
        reading += f", as of {counted} differences about {by_luck:.0f} would by luck alone."
        return [*lines, "", *_wrapped(reading)]
    return [
        *lines,
        "",
        *_wrapped(f"{reading}, and so does the one over draws."),
        *_wrapped(comparison.over_draws.words),
    ]


def _rows(table: Any, name: str) -> list[tuple[Any, Any]]:
    return list(table.loc[name].iterrows()) if name in table.index.get_level_values(0) else []


def _surely(row: Any) -> bool:
    return sure_sign(row) != 0


def _shares_in_words(shares: list[_Share]) -> str:
    """Say which shares surely differ most, ends first; if none does, how large the largest difference might be."""
    if all(share.row.difference == 0.0 for share in shares):
        return "the same shares of all outcomes"
    ordered = sorted(shares, key=lambda share: -abs(share.row.difference))
    sure = sorted((share for share in ordered if _surely(share.row)), key=lambda share: not share.is_end)
    parts = [f"{share.label} {_points_of(share.row)}" for share in sure[:SHOWN] or ordered[:1]]
    return ("surely " if sure else "nothing surely; the largest difference: ") + ", ".join(parts)


def _points_of(row: Any) -> str:
    """Write a difference of shares with its interval, an end that is not 0 never as 0.0."""
    low, high = (
        f"{100 * end:.1f}" if abs(100 * end) >= 0.05 or end == 0.0 else f"{100 * end:.2g}"
        for end in (row.low, row.high)
    )
    return f"{100 * row.difference:+.1f} {_between(low, high)}{_drawn(row, 100.0, 1)}"


def _drawn(row: Any, scale: float, places: int) -> str:
    """Write the interval over draws so that no line break parts it."""
    first, _, ends = drawn_words(row, scale, places).partition("[")
    return f"{first}[{ends.replace(' ', _GLUE)}" if ends else ""


def _between(low: str, high: str) -> str:
    """Write an interval that no line break parts."""
    return f"[{low},{_GLUE}{high}]"


def _dates_in_words(dates: list[tuple[str, Any]], most: int) -> str:
    """Say which dates surely move most; empty if none does."""
    sure = sorted((item for item in dates if _surely(item[1])), key=lambda item: -abs(item[1].difference))
    return ", ".join(f"{name} surely {_later(row)}" for name, row in sure[:most])


def _later(row: Any) -> str:
    """Write how much later a date is, with its interval; what is never reached counts as the end of the horizon."""
    word = "later" if row.difference >= 0.0 else "earlier"
    low, high = sorted((abs(row.low), abs(row.high))) if _surely(row) else (row.low, row.high)
    drawn = {}
    if "drawn_low" in row:
        ends = (row.drawn_low, row.drawn_high)
        drawn = dict(zip(ENDS, sorted(map(abs, ends)) if _surely(row) else ends, strict=True))
    return f"{abs(row.difference):,.0f} days {word} {_between(f'{low:,.0f}', f'{high:,.0f}')}{_drawn(drawn, 1.0, 0)}"


def _headline_in_words(comparison: Comparison, name: str) -> str:
    """Say how the measures differ that the reference puts first, sure or not; empty if it names none."""
    parts = []
    for measure in comparison.scenarios[comparison.reference].headline:
        called = comparison.measures[measure]
        if called.is_share and (name, measure) in comparison.differences.index:
            row: Any = comparison.differences.loc[(name, measure)]
            size = _points_of(row)
        elif measure.startswith(DAYS_UNTIL) and (name, measure.removeprefix(DAYS_UNTIL)) in comparison.milestones.index:
            row = comparison.milestones.loc[(name, measure.removeprefix(DAYS_UNTIL))]
            size = f"{row.difference:+,.1f} days {_between(f'{row.low:,.1f}', f'{row.high:,.1f}')}{_drawn(row, 1.0, 1)}"
        elif (name, measure) in comparison.numbers.index:
            row = comparison.numbers.loc[(name, measure)]
            ends = _between(f"{row.low:,.4g}", f"{row.high:,.4g}")
            size = f"{row.difference:+,.4g} {ends}{f' {called.unit}' if called.unit else ''}{_drawn(row, 1.0, 1)}"
        else:
            continue
        if row.difference == row.difference:
            parts.append(f"{called.label} {'surely ' if _surely(row) else 'not surely '}{size}")
    return "; ".join(parts)


def _label(comparison: Comparison, measure: str) -> str:
    known = comparison.measures.get(measure)
    return known.label if known is not None else measure.replace("_", " ")


def _payoffs_in_words(payoffs: list[tuple[str, Any]], comparison: Comparison, name: str) -> str:
    """Say for whom a scenario is surely better or worse than the reference."""
    actors = comparison.scenarios[name].actors
    judged = judged_otherwise(comparison.scenarios[comparison.reference], comparison.scenarios[name])
    called = {a: f"{actors[a].label or a}{f' (judged by {judged[a]})' if a in judged else ''}" for a, _ in payoffs}
    parts = []
    for word, sign in (("better", 1.0), ("worse", -1.0)):
        whom = [called[a] for a, row in payoffs if _surely(row) and row.difference * sign > 0.0]
        parts += [f"surely {word} for {', '.join(whom)}"] if whom else []
    return "; ".join(parts) or "surely better or worse for nobody"


def _wrapped(text: str, indent: str = "") -> list[str]:
    further = f"{indent}  "
    lines = textwrap.wrap(text, width(), initial_indent=indent, subsequent_indent=further, break_on_hyphens=False)
    return [line.replace(_GLUE, " ") for line in lines]
