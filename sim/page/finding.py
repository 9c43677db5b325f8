"""The sentence that stands above the bars: what the changed deal does, by how much, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

MOST: Final = 3
"""Further differences that the sentence names."""


def finding(bars: Sequence[dict[str, Any]], headline: Sequence[str], runs: int, changed: bool, called: str = "") -> str:
    """Say what the bars show.

    Parameters
    ----------
    bars : sequence of dict
        As `sim.page.outcome_bars.bars_of` returns them.
    headline : sequence of str
        Measures that the scenario puts first.
    runs : int
        Worlds of each deal.
    changed : bool
        Whether anything was changed.
    called : str
        What the changed deal is called, where a reader did not make it; the other is then the reference.

    Returns
    -------
    str
        *Surely* means, as in every comparison, that the 95 % interval of the paired difference excludes 0.

    Examples
    --------
    >>> bar = {"name": "talks_began", "label": "talks at some time", "kind": "talks", "difference": 0.09, "low": 0.03,
    ...        "high": 0.15, "yours": {"count": 92}, "written": {"count": 83}}
    >>> finding([bar], (), 100, changed=True)
    'Talks at some time in 92 of 100 worlds, 9 more than as written: surely more (95 % interval +3 to +15).'
    >>> same = bar | {"difference": 0.0, "low": 0.0, "high": 0.0, "yours": {"count": 83}}
    >>> finding([same], (), 100, changed=True)[:78]
    'Talks at some time in 83 of 100 worlds, as many as in the deal as written: the'
    >>> finding([bar], (), 100, changed=False)
    'As written: talks at some time in 92 of 100 worlds.'
    """
    known = [bar for bar in bars if bar["yours"]["count"] or bar["written"]["count"]]
    if not known:
        return f"Nothing that the scenario names happens in any of {runs:,} worlds."
    lead = _lead(known, headline)
    said = f"{lead['label']} in {lead['yours']['count']:,} of {runs:,} worlds"
    ends = sorted((b for b in known if b["kind"] == "outcome" and b is not lead), key=lambda b: -b["yours"]["count"])
    if not changed:
        often = ", ".join(f"{b['label']} {b['yours']['count']:,}" for b in ends[:MOST] if b["yours"]["count"])
        return f"As written: {said}{f'; they end in {often}' if often else ''}."
    more = lead["yours"]["count"] - lead["written"]["count"]
    said = f"{called}: {said}" if called else f"{said[:1].upper()}{said[1:]}"
    sentences = [f"{said}, {_more(more, called)}: {_how_surely(lead, runs)}."]
    others = [b for b in known if b is not lead and b["difference"] is not None]
    sure = sorted((b for b in others if _surely(b)), key=lambda b: -abs(b["difference"]))
    if sure:
        named = ", ".join(f"{b['label']} {_signed(b['difference'], runs)} {_ends(b, runs)}" for b in sure[:MOST])
        beyond = f" and {len(sure) - MOST} more" if len(sure) > MOST else ""
        sentences.append(f"Surely changed as well, in worlds: {named}{beyond}.")
    elif not _surely(lead):
        sentences.append("Nothing else changes surely either.")
    return " ".join(sentences)


def _lead(bars: Sequence[dict[str, Any]], headline: Sequence[str]) -> dict[str, Any]:
    """Return the bar that the sentence begins with: the scenario's headline, else talks, else the commonest."""
    by_name = {bar["name"]: bar for bar in bars}
    first = next((by_name[name] for name in headline if name in by_name), None)
    talks = next((bar for bar in bars if bar["kind"] == "talks"), None)
    return first or talks or max(bars, key=lambda bar: bar["yours"]["count"])


def _surely(bar: dict[str, Any]) -> bool:
    return bar["low"] is not None and bool(bar["low"] > 0.0 or bar["high"] < 0.0)


def _how_surely(bar: dict[str, Any], runs: int) -> str:
    if not bar["difference"] and bar["low"] == bar["high"]:
        return "the same in every world"
    word = ("surely more" if bar["low"] > 0.0 else "surely fewer") if _surely(bar) else "not surely different"
    low, high = (_signed(bar[end], runs) for end in ("low", "high"))
    return f"{word} (95 % interval {low} to {high})"


def _ends(bar: dict[str, Any], runs: int) -> str:
    return f"[{_signed(bar['low'], runs)}, {_signed(bar['high'], runs)}]"


def _signed(share: float, runs: int) -> str:
    """Write a difference of shares as worlds, with its sign."""
    count = round(share * runs)
    return f"{count:+,}" if count else "0"


def _more(count: int, called: str) -> str:
    """Say how many more worlds that are than of the other deal."""
    if count == 0:
        return f"as many as in {'the reference' if called else 'the deal as written'}"
    return f"{abs(count):,} {'more' if count > 0 else 'fewer'} than {'in the reference' if called else 'as written'}"
