"""Markdown: tables, and pages that are written by hand down to a mark and generated from the code below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Write a Markdown table.

    Parameters
    ----------
    head : sequence of str
        Titles of the columns.
    rows : iterable of sequence of str
        Cells; bars in them are escaped.

    Examples
    --------
    >>> print(table(["a", "b"], [["1", "2|3"]]), end="")
    | a | b |
    |---|---|
    | 1 | 2\|3 |
    """
    lines = [head, ["---"] * len(head), *rows]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "".join("|" + "|".join(c if c == "---" else f" {c} " for c in line) + "|\n" for line in cells)


def renewed(page: str, mark: str, generated: str) -> str:
    """Return a page with its generated part renewed.

    Parameters
    ----------
    page : str
        The page; what stands before `mark` is kept.
    mark : str
        The line from which on the page is generated.
    generated : str
        The new part, which begins with the mark.

    Examples
    --------
    >>> renewed("by hand <!-- mark --> old", "<!-- mark -->", "<!-- mark --> new")
    'by hand <!-- mark --> new'
    """
    return page.partition(mark)[0] + generated


def renew(target: Path, page_text: Callable[[str], str]) -> None:
    """Rewrite a file by what a function makes of its text."""
    target.write_text(page_text(target.read_text(encoding="utf-8")), encoding="utf-8")
