"""Pages of documentation that are written by hand down to a mark and generated from the code below it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


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
