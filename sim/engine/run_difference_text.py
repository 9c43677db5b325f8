"""Differences of runs as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING

from sim.engine.explanation_text import number
from sim.engine.explanation_words import SEEN
from sim.engine.wrapped_text import INDENT, WIDTH, wrapped

if TYPE_CHECKING:
    from sim.engine.run_parting import DecisionDivergence, Measured, RunParting

NOTHING = "no difference"
SHOWN_INPUTS = 20
NARROWEST = 30
"""Characters that words beside numbers need; with less room they stand below."""
Table = list[tuple[str, ...]]


def text_of(difference: RunParting) -> str:
    """Write a difference in lines of at most `WIDTH` characters, unless a name is longer."""
    if not difference:
        return NOTHING
    lines = [f"A: {difference.a_name}", f"B: {difference.b_name}", "", "Inputs"]
    lines += [f"{INDENT}{line}" for line in difference.inputs[:SHOWN_INPUTS]] or [f"{INDENT}the same"]
    if len(difference.inputs) > SHOWN_INPUTS:
        lines.append(f"{INDENT}... and {len(difference.inputs) - SHOWN_INPUTS} more")
    for title, body in _sections(difference):
        lines += ["", title, *body]
    return "\n".join(lines)


def _sections(difference: RunParting) -> Iterator[tuple[str, list[str]]]:
    if difference.same_runs:
        yield "The runs are the same to the bit", []
        return
    event = difference.first_event
    if event is None:
        first = difference.first_value or "none; only the values behind decisions differ"
        yield "Every event is the same", wrapped(f"First daily value that is not: {first}")
    else:
        yield (
            f"First event that is not the same (number {event.sequence})",
            [*wrapped(f"A: {event.a_words}"), *wrapped(f"B: {event.b_words}")],
        )
    if difference.first_decision is None:
        yield "No choice is different", []
    else:
        decision = difference.first_decision
        yield f"First choice that is not the same: {decision.date}, {decision.label}", _decision_lines(decision)
    if difference.a_headlines or difference.b_headlines:
        yield "What followed in one and not in the other", _side_by_side(difference.a_headlines, difference.b_headlines)
    if difference.measures:
        yield "How they ended", _aligned([("", "A", "B", "B - A"), *map(_measure, difference.measures)])


def _decision_lines(decision: DecisionDivergence) -> list[str]:
    lines = wrapped(decision.why)
    if decision.moves:
        lines += ["", *_aligned(_moves(decision))]
    shifts = _shifts(decision)
    if len(shifts) > 1:
        lines += ["", *_aligned(shifts)]
    return lines


def _moves(decision: DecisionDivergence) -> Table:
    rows: Table = [("move", "value in A", "in B", "probability in A", "in B", "")]
    for move in decision.moves:
        sides = (("A", decision.a), ("B", decision.b))
        chosen = [f"chosen in {name}" for name, side in sides if side is not None and side.chosen == move.move]
        values = [_number(v, "+.4f") for v in (move.a_value, move.b_value)]
        odds = [_number(p, ".4f") for p in (move.a_probability, move.b_probability)]
        rows.append((move.label, *values, *odds, ", ".join(chosen)))
    return rows


def _shifts(decision: DecisionDivergence) -> Table:
    a, b = decision.a, decision.b
    head = f"{b.chosen_label} over {a.chosen_label}" if a and b else ""
    rows: Table = [(head, "in A", "in B", "B - A", "")]
    for shift in decision.tipped_by:
        if abs(shift.shift) >= SEEN:
            numbers = (number(shift.a), number(shift.b), number(shift.shift))
            rows.append((shift.words, *numbers, shift.label))
    return rows


def _number(value: float, form: str) -> str:
    return "-" if math.isnan(value) else format(value, form)


def _measure(measure: Measured) -> tuple[str, ...]:
    """Write one measure: outcomes and dates as texts, days and counts whole, payoffs with three decimals."""
    name = measure.name.replace("_", " ")
    if isinstance(measure.a, str) or isinstance(measure.b, str):
        days = "" if math.isnan(measure.difference) else f"{measure.difference:+g} days"
        return name, *(str(side).replace("_", " ") or "never" for side in (measure.a, measure.b)), days
    form = ".3f" if measure.name.startswith("payoff") else ",.0f"
    small = abs(measure.difference) < 0.0005
    change = _number(measure.difference, "+.1e" if small else f"+{form}")
    return name, _number(measure.a, form), _number(measure.b, form), change


def _aligned(rows: Table) -> list[str]:
    """Align columns: the first and the last of six or five to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    last = len(widths) - 1 if len(widths) > 4 else -1
    lines = []
    for row in rows:
        cells = [
            f"{cell:<{width}}" if i in (0, last) else f"{cell:>{width}}"
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        head = INDENT + "  ".join(cells[: last if last > 0 else len(cells)])
        if last < 0 or not row[last]:
            lines.append(head.rstrip())
        elif len(head) + 2 + NARROWEST > WIDTH:
            lines += [head.rstrip(), *wrapped(row[last], 2 * INDENT)]
        else:
            start = f"{head}  "
            lines += textwrap.wrap(row[last], WIDTH, initial_indent=start, subsequent_indent=" " * len(start))
    return lines


def _side_by_side(left: Sequence[str], right: Sequence[str]) -> list[str]:
    width = (WIDTH - len(INDENT) - 2) // 2
    columns = []
    for name, lines in (("A", left), ("B", right)):
        column = [name]
        for line in lines or ("nothing",):
            column += textwrap.wrap(line, width, subsequent_indent=" " * 12)
        columns.append(column)
    pairs = zip_longest(*columns, fillvalue="")
    return [f"{INDENT}{one:<{width}}  {two}".rstrip() for one, two in pairs]


def html_of(difference: RunParting) -> str:
    """Write a difference for a notebook."""
    if not difference:
        return f"<p>{NOTHING}</p>"
    parts = [f"<p><b>A</b>: {escape(difference.a_name)}<br><b>B</b>: {escape(difference.b_name)}</p>"]
    inputs = "".join(f"<li>{escape(line)}</li>" for line in difference.inputs) or "<li>the same inputs</li>"
    parts.append(f"<ul>{inputs}</ul>")
    if difference.same_runs:
        return "".join([*parts, "<p>The runs are the same to the bit.</p>"])
    event, decision = difference.first_event, difference.first_decision
    if event is not None:
        sentence = f"First event that is not the same: {event.a_words} (A); {event.b_words} (B)"
        parts.append(f"<p>{escape(sentence)}</p>")
    elif difference.first_value:
        parts.append(f"<p>Every event is the same; first daily value: {escape(difference.first_value)}</p>")
    if decision is not None:
        head = f"First choice that is not the same: {decision.date}, {decision.label}"
        parts.append(f"<h4>{escape(head)}</h4><p>{escape(decision.why)}</p>")
        parts += [_html_table(rows) for rows in (_moves(decision), _shifts(decision)) if len(rows) > 1]
    if difference.a_headlines or difference.b_headlines:
        pairs = zip_longest(difference.a_headlines, difference.b_headlines, fillvalue="")
        parts.append(_html_table([("only in A", "only in B"), *pairs]))
    if difference.measures:
        parts.append(_html_table([("", "A", "B", "B - A"), *map(_measure, difference.measures)]))
    return "".join(parts)


def _html_table(rows: Table) -> str:
    head, *body = [[escape(cell) for cell in row] for row in rows]
    top = "".join(f"<th style='text-align:left'>{cell}</th>" for cell in head)
    cell = "<td style='text-align:left'>{}</td>"
    lines = "".join(f"<tr>{''.join(map(cell.format, row))}</tr>" for row in body)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"
