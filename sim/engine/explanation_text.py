"""Explanations as text, with every move and its terms."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sim.engine.explanation_words import SEEN
from sim.engine.what_came_text import came_lines
from sim.engine.wrapped_text import INDENT, WIDTH, wrapped
from sim.scenario.words import capital

if TYPE_CHECKING:
    import datetime as dt

    from sim.engine.explained_decision import DecisionExplained, MoveExplained, StandingMove
    from sim.engine.what_came import CameExplained


def text_of(
    heading: str,
    came: Sequence[CameExplained],
    note: str,
    decisions: Sequence[DecisionExplained],
    standing: Sequence[StandingMove],
    date: dt.date,
    width: int = WIDTH,
) -> str:
    """Write an explanation in lines of at most `width` characters, unless a name is longer.

    Parameters
    ----------
    heading, note : str
        First line, and what stands before the decisions; an empty note is left out.
    came : sequence of CameExplained
        What came on the date.
    decisions : sequence of DecisionExplained
        In order.
    standing : sequence of StandingMove
        At the end of the date.
    date : datetime.date
        Which.
    width : int
        Characters of a line.
    """
    lines = wrapped(heading, "", width)
    explained = True
    for one in came:
        lines += [*([""] if explained or one.why else []), *came_lines(one, width)]
        explained = bool(one.why)
    if note:
        lines += [*([""] if came else []), *wrapped(note, "", width)]
    for place, decision in enumerate(decisions, start=1):
        lines += ["", *_decision_lines(decision, place, width)]
    lines += ["", f"Standing at the end of {date}"]
    first = max(len(move.label) for move in standing)
    lines += [f"{INDENT}{move.label:<{first}}  {move.move_label} since {move.since}" for move in standing]
    labels = {decision.words[term]: label for decision in decisions for term, label in decision.labels.items()}
    if labels:
        lines += ["", "Terms (util)"]
        first = max(map(len, labels))
        for term, label in labels.items():
            head = f"{INDENT}{term:<{first}}  "
            lines += textwrap.wrap(label, width, initial_indent=head, subsequent_indent=" " * len(head))
    return "\n".join(lines)


def heading_of(decision: DecisionExplained) -> str:
    """Write who did what on which date."""
    action = f"stays with {decision.chosen_label}"
    if decision.chosen != decision.before:
        action = f"turns from {decision.before_label} to {decision.chosen_label}"
    return f"{decision.date}, {decision.label} {action}"


def sentences_of(decision: DecisionExplained) -> list[str]:
    """Write what called a decision, how the actor chooses, and how sharply."""
    sentences = [f"Called by: {decision.called}. {capital(decision.before_label)} had stood since {decision.since}."]
    if decision.rule:
        sentences.append(f"The actor {decision.rule}.")
    if not math.isnan(decision.precision_range):
        sentences.append(
            f"Precision {decision.precision:g} per util x range of values {decision.value_range:.4f} util = "
            f"{decision.precision_range:.2f}, so the best was {_odds(decision.precision_range)} as likely as the worst."
        )
    if decision.cost > 0.0:
        sentences.append(f"The change cost {decision.cost:.4f} util at once.")
    return sentences


def _odds(exponent: float) -> str:
    """Write the odds that a logit response gives to a difference of values times its precision.

    Examples
    --------
    >>> _odds(0.0), _odds(5.0), _odds(40.0)
    ('just', '148 times', 'over a million times')
    """
    if exponent < 0.005:
        return "just"
    if exponent > math.log(1e6):
        return "over a million times"
    odds = math.exp(exponent)
    return f"{odds:.2f} times" if odds < 10.0 else f"{odds:,.0f} times"


def _decision_lines(decision: DecisionExplained, number: int, width: int) -> Iterator[str]:
    yield from wrapped(f"{number}. {heading_of(decision)}", "", width)
    for sentence in sentences_of(decision):
        yield from wrapped(sentence, width=width)
    legal = [move for move in decision.moves if move.legal]
    if legal:
        yield ""
        yield from _table_lines(decision, legal, width)
        shared = _shared_terms(decision, legal)
        if shared:
            yield from wrapped(f"The same for all: {', '.join(shared)}.", width=width)
    for move in decision.moves:
        if not move.legal:
            yield from wrapped(f"Not legal: {move.label} ({move.why_not or 'as the rule saw it'}).", width=width)
    if legal:
        yield ""
    yield from wrapped(f"Why: {decision.why}", width=width)


def number(value: float) -> str:
    """Write utils with sign and four decimals, and what vanishes in them as 0.

    Examples
    --------
    >>> number(0.1234), number(-0.0), number(-0.00001)
    ('+0.1234', '0', '0')
    """
    return f"{value:+.4f}" if abs(value) >= SEEN else "0"


def table_of(decision: DecisionExplained) -> list[tuple[str, list[str], str]]:
    """Return the rows of the table of legal moves: a head, one cell a move, and for terms what they mean.

    Terms that are the same for all legal moves are left out.
    """
    legal = [move for move in decision.moves if move.legal]
    rows: list[tuple[str, list[str], str]] = [
        ("value (util)", [f"{move.value:+.4f}" for move in legal], ""),
        ("probability", [f"{move.probability:.4f}" for move in legal], ""),
        ("with luck" + (" (util)" if decision.precision > 0.0 else ""), [_with_luck(move) for move in legal], ""),
    ]
    for term in legal[0].terms if legal else ():
        if _spread(legal, term) >= SEEN:
            rows.append(
                (f"  {decision.words[term]}", [number(move.terms[term]) for move in legal], decision.labels[term])
            )
    return rows


def _with_luck(move: MoveExplained) -> str:
    return "-" if math.isnan(move.with_luck) else f"{move.with_luck:+.4f}"


def _table_lines(decision: DecisionExplained, legal: list[MoveExplained], width: int) -> Iterator[str]:
    """Write the table, in as many blocks of columns as the width needs; the chosen move is marked."""
    rows = table_of(decision)
    heads = [f"*{move.label}" if move.move == decision.chosen else move.label for move in legal]
    widths = [max(len(head), 8) + 2 for head in heads]
    first = max(len(row[0]) for row in rows)
    for block in _blocks(widths, width - len(INDENT) - first):
        yield f"{INDENT}{'':<{first}}" + "".join(f"{heads[i]:>{widths[i]}}" for i in block)
        for name, cells, _ in rows:
            yield f"{INDENT}{name:<{first}}" + "".join(f"{cells[i]:>{widths[i]}}" for i in block)
    yield f"{INDENT}* chosen: the highest with luck"


def _blocks(widths: list[int], room: int) -> Iterator[list[int]]:
    """Split columns into blocks that fit; a column that is too wide alone has a block of its own.

    Examples
    --------
    >>> list(_blocks([10, 10, 10], 25))
    [[0, 1], [2]]
    """
    block: list[int] = []
    for column, width in enumerate(widths):
        if block and sum(widths[i] for i in block) + width > room:
            yield block
            block = []
        block.append(column)
    if block:
        yield block


def _spread(legal: Iterable[MoveExplained], term: str) -> float:
    values = [move.terms[term] for move in legal]
    return max(values) - min(values)


def _shared_terms(decision: DecisionExplained, legal: list[MoveExplained]) -> list[str]:
    same = [term for term in legal[0].terms if _spread(legal, term) < SEEN]
    return [f"{decision.words[term]} {number(legal[0].terms[term])}" for term in same] if len(legal) > 1 else []
