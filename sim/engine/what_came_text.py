"""What came on a date, as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from sim.engine.wrapped_text import INDENT, WIDTH, wrapped
from sim.scenario.words import spaced

if TYPE_CHECKING:
    from sim.engine.what_came import CameExplained, FactorExplained, HazardExplained

HEADS = ("that day", "mean", "times mean", "least", "most")


def came_lines(came: CameExplained, width: int = WIDTH, *, factors: bool = True) -> Iterator[str]:
    """Write what came in lines of at most `width` characters, unless a name is longer, with the factors of a hazard."""
    yield from wrapped(f"{came.date}, {came.text}", "", width)
    if came.why:
        yield from wrapped(came.why, width=width)
    if came.hazard is not None and factors:
        yield ""
        yield from _table_lines(came.hazard, width)


def factor_cells(factor: FactorExplained) -> list[str]:
    """Write a factor's numbers: that day, mean, their ratio, least and most."""
    numbers = (factor.value, factor.mean, factor.times_mean, factor.least, factor.most)
    return [f"{number:.4g}" for number in numbers]


def factor_meaning(factor: FactorExplained) -> str:
    """Write how a factor follows what it reads, and what that was."""
    return "; ".join(filter(None, (factor.form, factor.reads)))


def _rows(hazard: HazardExplained) -> list[tuple[str, list[str]]]:
    rows = [("rate (per day)", [f"{hazard.base:.4g}", *[""] * 4])]
    rows += [(f"x {spaced(factor.name)}", factor_cells(factor)) for factor in hazard.factors]
    return [*rows, ("= hazard (per day)", [f"{hazard.per_day:.4g}", f"{hazard.mean_per_day:.4g}", *[""] * 3])]


def _table_lines(hazard: HazardExplained, width: int) -> Iterator[str]:
    rows = _rows(hazard)
    first = max(len(name) for name, _ in rows)
    widths = [max(len(head), *(len(cells[i]) for _, cells in rows)) + 2 for i, head in enumerate(HEADS)]
    yield f"{INDENT}{'':<{first}}" + "".join(f"{head:>{wide}}" for head, wide in zip(HEADS, widths, strict=True))
    for name, cells in rows:
        line = "".join(f"{cell:>{wide}}" for cell, wide in zip(cells, widths, strict=True))
        yield f"{INDENT}{name:<{first}}{line}".rstrip()
    for factor in hazard.factors:
        yield from wrapped(f"{spaced(factor.name)}: {factor_meaning(factor)}.", width=width)


def came_html(came: CameExplained) -> str:
    """Write what came for a notebook; factors show what they read when pointed at."""
    parts = [f"<p><b>{escape(f'{came.date}, {came.text}')}</b><br>{escape(came.why)}</p>"]
    if came.hazard is not None:
        heads = "".join(f"<th>{head}</th>" for head in HEADS)
        meanings = {f"x {spaced(f.name)}": factor_meaning(f) for f in came.hazard.factors}
        rows = ""
        for name, cells in _rows(came.hazard):
            filled = "".join(f"<td style='text-align:right'>{cell}</td>" for cell in cells)
            title = escape(meanings.get(name, ""), quote=True)
            rows += f"<tr><td style='text-align:left' title='{title}'>{escape(name)}</td>{filled}</tr>"
        parts.append(f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    return "".join(parts)
