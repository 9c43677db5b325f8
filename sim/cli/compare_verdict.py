"""What ``sim compare`` prints first: for each scenario what differs from the reference, by how much and how surely."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

from sim.cli.streams import width
from sim.experiments.comparison.yardsticks import judged_otherwise
from sim.experiments.measures import measure_words

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison

SHOWN = 2
"""Differences of outcomes that a scenario has in the verdict, the largest first."""
PAYOFFS_UP_TO = 4
"""Scenarios beside the reference up to which the verdict says for whom each is better."""
MISSES = 0.05
"""Share of 95 % intervals that exclude 0 where nothing differs."""
PLAYED = {"uniform": "every actor tossing coins", "schedule_as_written": "every actor keeping the deal as written"}


def verdict_lines(comparison: Comparison) -> list[str]:
    """Write the verdict on a comparison, wrapped to the console.

    Parameters
    ----------
    comparison : Comparison
        Its tables of shares, differences and payoffs are read.

    Returns
    -------
    list of str
        The reference and its most frequent ends, two or three lines a scenario, how to read them.
    """
    names = scenario_titles(comparison)
    others = [name for name in comparison.batches if name != comparison.reference]
    shares: Any = comparison.shares.loc[comparison.reference]
    common = shares.share.sort_values(ascending=False, kind="stable")
    ends = ", ".join(f"{measure_words(str(o))} {100 * s:.0f} %" for o, s in common[common > 0].head(3).items())
    lines = [*_wrapped(f"{names[comparison.reference]}: {ends} of {comparison.runs:,} runs"), "", "Against it:"]
    if not others:
        return [*lines[:-2], *_wrapped("It is alone: give another scenario, so that something can differ.")]
    counted = 0
    for name in others:
        outcomes = [
            (str(outcome), row) for outcome, row in _rows(comparison.differences, name) if row.share or row.reference
        ]
        payoffs = [
            (str(actor), row) for actor, row in _rows(comparison.payoffs, name) if row.difference == row.difference
        ]
        counted += len(outcomes) + len(payoffs)
        lines += _wrapped(names[name])
        lines += _wrapped(_outcomes_in_words(outcomes), "  ")
        if len(others) <= PAYOFFS_UP_TO and payoffs:
            lines += _wrapped(_payoffs_in_words(payoffs, comparison, name), "  ")
    by_luck = MISSES * counted
    reading = (
        f"Points of 100 runs with 95 % intervals, over {comparison.runs:,} pairs on the same luck, "
        f"seed {comparison.seed}; surely: the interval excludes 0, as of {counted} differences about {by_luck:.0f} "
        "would by luck alone."
    )
    return [*lines, "", *_wrapped(reading)]


def scenario_titles(comparison: Comparison) -> dict[str, str]:
    """Return for each scenario the title that tells it apart, else its name."""
    titles = {name: scenario.title for name, scenario in comparison.scenarios.items()}
    played = {name: PLAYED[kind] for kind, name in comparison.baselines.items() if name not in comparison.given}
    titles |= {name: words[0].upper() + words[1:] for name, words in played.items()}
    alike = Counter(titles.values())
    return {name: title if alike[title] == 1 else name for name, title in titles.items()}


def _rows(table: Any, name: str) -> list[tuple[Any, Any]]:
    return list(table.loc[name].iterrows())


def _surely(row: Any) -> bool:
    return bool(row.low > 0.0 or row.high < 0.0)


def _outcomes_in_words(outcomes: list[tuple[str, Any]]) -> str:
    """Say which outcomes surely differ most; if none does, how large the largest difference might be."""
    if all(row.difference == 0.0 for _, row in outcomes):
        return "the same shares of all outcomes"
    ordered = sorted(outcomes, key=lambda item: -abs(item[1].difference))
    sure = [item for item in ordered if _surely(item[1])]
    parts = [
        f"{measure_words(name)} {100 * row.difference:+.1f} [{100 * row.low:.1f}, {100 * row.high:.1f}]"
        for name, row in (sure or ordered[:1])[:SHOWN]
    ]
    return ("surely " if sure else "nothing surely; the largest difference: ") + ", ".join(parts)


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
    return textwrap.wrap(text, width(), initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)
