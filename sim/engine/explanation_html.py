"""Explanations as HTML for a notebook: a sentence and bars for each decision, every move and its terms folded below."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from sim.engine.explanation_brief import sentence_of, term_bars
from sim.engine.explanation_text import sentences_of, table_of
from sim.engine.what_came_text import came_html

if TYPE_CHECKING:
    import datetime as dt

    from sim.engine.explained_decision import DecisionExplained, StandingMove
    from sim.engine.what_came import CameExplained

FOR, AGAINST = "#0072B2", "#D55E00"
BAR: Final = 16.0
"""Length of the longest bar (em)."""


def html_of(
    heading: str,
    came: Sequence[CameExplained],
    note: str,
    decisions: Sequence[DecisionExplained],
    standing: Sequence[StandingMove],
    date: dt.date,
) -> str:
    """Write an explanation for a notebook; terms show what they mean when pointed at.

    Parameters
    ----------
    heading, came, note, decisions, standing, date
        As of `sim.engine.explanation_text.text_of`.
    """
    parts = [f"<h4>{escape(heading)}</h4>", *(came_html(one) for one in came)]
    if note:
        parts.append(f"<p>{escape(note)}</p>")
    parts += [_decision(decision) for decision in decisions]
    rows = "".join(
        f"<tr><td>{escape(move.label)}</td><td>{escape(move.move_label)}</td><td>since {move.since}</td></tr>"
        for move in standing
    )
    parts.append(f"<details><summary>Standing at the end of {date}</summary><table>{rows}</table></details>")
    return "".join(parts)


def _decision(decision: DecisionExplained) -> str:
    """Write one decision: its sentence, the bars, and folded what else is known of it."""
    more = f"<p>{escape(' '.join(sentences_of(decision)))}</p>{_table(decision)}"
    for move in decision.moves:
        if not move.legal:
            more += f"<p>Not legal: {escape(move.label)} ({escape(move.why_not)}).</p>"
    more += f"<p>{escape(decision.why)}</p>"
    return (
        f"<p>{escape(sentence_of(decision))}</p>{_bars(decision)}"
        f"<details><summary>Every move and its terms</summary>{more}</details>"
    )


def _bars(decision: DecisionExplained) -> str:
    left = "style='text-align:left'"
    rows = ""
    for bar in term_bars(decision):
        colour = FOR if bar.difference > 0.0 else AGAINST
        drawn = f"<div style='background:{colour};height:0.8em;width:{BAR * bar.share:.2f}em'></div>"
        size = f"{abs(bar.difference):.4f} util for {escape(bar.favours)}"
        rows += f"<tr><td {left}>{escape(bar.words)}</td><td {left}>{drawn}</td><td {left}>{size}</td></tr>"
    return f"<table>{rows}</table>" if rows else ""


def _table(decision: DecisionExplained) -> str:
    legal = [move for move in decision.moves if move.legal]
    if not legal:
        return ""
    heads = "".join(
        f"<th>{'<u>' if move.move == decision.chosen else ''}{escape(move.label)}"
        f"{'</u>' if move.move == decision.chosen else ''}</th>"
        for move in legal
    )
    rows = ""
    for name, cells, meaning in table_of(decision):
        filled = "".join(f"<td style='text-align:right'>{cell}</td>" for cell in cells)
        rows += f"<tr><td style='text-align:left' title='{escape(meaning)}'>{escape(name.strip())}</td>{filled}</tr>"
    caption = "<p>Underlined: chosen, the highest with luck.</p>"
    return f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{rows}</tbody></table>{caption}"
