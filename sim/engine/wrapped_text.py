"""The lines of explanations and differences: how wide they are, and how text is broken into them."""

from __future__ import annotations

import textwrap
from typing import Final

WIDTH: Final = 100
INDENT: Final = "   "


def wrapped(text: str, indent: str = INDENT, width: int = WIDTH) -> list[str]:
    """Break a text into lines.

    Examples
    --------
    >>> wrapped("talks open")
    ['   talks open']
    """
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
