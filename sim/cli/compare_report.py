"""What ``sim compare`` prints: the verdict; with ``--full`` also every table with its errors, and the gist in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.compare_tables import regret_tables, tables_of
from sim.cli.compare_verdict import verdict_lines
from sim.cli.streams import answer, answer_wrapped, console, is_terminal

if TYPE_CHECKING:
    from rich.console import Console

    from sim.experiments.comparison.comparison import Comparison
    from sim.experiments.comparison.regret import Regret

WIDE = 100
"""Columns where no terminal says how many there are."""


def report_comparison(
    comparison: Comparison, regret: Regret | None, folder: Path | None, files: list[str], *, full: bool = False
) -> None:
    """Print a comparison.

    Parameters
    ----------
    comparison : Comparison
        As it is.
    regret : Regret or None
        If it was asked for.
    folder : Path or None
        Where it was written.
    files : list of str
        What was written there.
    full : bool
        Whether to print every table, and not only the verdict and what was asked for beside it.
    """
    for line in verdict_lines(comparison):
        answer(line)
    if full:
        _print_tables(comparison, regret)
    else:
        _print_asked(comparison, regret)
    if folder is not None:
        answer(f"Written to {folder}" + ("" if full else f" ({len(files)} files)"))
        if full:
            answer_wrapped(", ".join(files), "  ", "  ")
    answer(f"Digest {comparison.digest}")


def _print_asked(comparison: Comparison, regret: Regret | None) -> None:
    """Print what was asked for beside the verdict (regret, rules), and the first sentence of each note."""
    for table in regret_tables(regret, comparison.titles):
        _print(*table)
    if comparison.rules is not None:
        for line in comparison.summary[len(comparison) :]:
            answer_wrapped(line)
    for note in _remarks(comparison, regret):
        answer_wrapped(f"Note: {note.partition('. ')[0].rstrip('.')}.", hanging="  ")
    answer_wrapped("Every table, its errors and the notes in full: --full, or the files of --out.")


def _remarks(comparison: Comparison, regret: Regret | None) -> tuple[str, ...]:
    return (
        *comparison.notes,
        *(comparison.rules.notes if comparison.rules else ()),
        *(regret.notes if regret else ()),
    )


def _print_tables(comparison: Comparison, regret: Regret | None) -> None:
    """Print every table, the gist in words and the notes."""
    answer()
    answer(f"{len(comparison)} scenarios, {comparison.runs:,} runs each on the same luck, seed {comparison.seed}")
    answer(f"Reference: {comparison.titles[comparison.reference]}. After +- stands the Monte Carlo standard error.")
    for table in tables_of(comparison, regret):
        _print(*table)
    answer()
    answer("In words")
    for line in comparison.summary:
        answer_wrapped(line, "- ", "  ")
    remarks = _remarks(comparison, regret)
    if remarks:
        answer()
        answer("To know")
        for line in remarks:
            answer_wrapped(line, "- ", "  ")


def _print(title: str, heads: list[str], rows: list[list[str]]) -> None:
    """Print a table; where it is wider than the terminal, in blocks of columns that each begin with the names."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    writer = _writer()
    cells = [_width(row[place] for row in rows) for place in range(len(heads))]
    if sum(max(cell, len(head)) + 3 for cell, head in zip(cells, heads, strict=True)) > writer.width:
        heads = [
            textwrap.fill(head, max(cell, _width(head.split()), 1), break_long_words=False)
            for cell, head in zip(cells, heads, strict=True)
        ]
    numeric = [all(not row[place][:1].isalpha() or row[place] == "same" for row in rows) for place in range(len(heads))]
    names = max(numeric.index(True) if any(numeric) else 1, 1)
    widths = [max(cell, _width(head.split("\n"))) for cell, head in zip(cells, heads, strict=True)]
    answer()
    writer.print(escape(textwrap.fill(title, writer.width, break_on_hyphens=False)), style="bold", soft_wrap=True)
    for block in column_blocks(widths, names, writer.width):
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for place in block:
            right = place >= names and numeric[place]
            table.add_column(escape(heads[place]), justify="right" if right else "left", no_wrap=True)
        for row in rows:
            table.add_row(*(escape(row[place]) for place in block))
        writer.print(table)


def _width(texts: Iterable[str]) -> int:
    return max((len(line) for text in texts for line in text.split("\n")), default=0)


def column_blocks(widths: Sequence[int], names: int, across: int) -> list[list[int]]:
    """Break the columns of a table into blocks that fit, each beginning with the columns of names.

    Parameters
    ----------
    widths : sequence of int
        Of the columns (characters).
    names : int
        How many columns at the left hold names.
    across : int
        Room (characters).

    Examples
    --------
    >>> column_blocks([10, 20, 20, 20], 1, 60)
    [[0, 1, 2], [0, 3]]
    """
    first = list(range(names))
    room = across - sum(widths[place] + 3 for place in first)
    blocks: list[list[int]] = []
    left = 0
    for place in range(names, len(widths)):
        if not blocks or widths[place] + 3 > left:
            blocks.append(first.copy())
            left = room
        blocks[-1].append(place)
        left -= widths[place] + 3
    return blocks or [first]


def _writer() -> Console:
    if is_terminal():
        return console()
    from rich.console import Console

    return Console(highlight=False, width=WIDE, no_color=True)
