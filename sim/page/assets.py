"""The files of the page: one module of JavaScript, one style sheet, the HTML around them.

The module is the vendored plotting library uPlot and the page's own code, one after the other, so that a browser, a
notebook and a report load the same single file and nothing else (``sim/page/static/uPlot.LICENSE.txt`` has the
library's licence).
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

STATIC: Final = Path(__file__).parent / "static"
MODULE: Final = ("uPlot.iife.min.js", "explorer.js")
STYLES: Final = ("uPlot.min.css", "explorer.css")


@lru_cache(maxsize=1)
def module_text() -> str:
    """Return the module of JavaScript."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in MODULE)


@lru_cache(maxsize=1)
def style_text() -> str:
    """Return the style sheet."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in STYLES)


def page_html(title: str) -> str:
    """Return the HTML of the explorer, which loads module and styles from beside it.

    Examples
    --------
    >>> "<title>A &amp; B" in page_html("A & B")
    True
    """
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}: explorer</title>\n"
        '<link rel="icon" href="data:,">\n<link rel="stylesheet" href="explorer.css">\n</head>\n'
        '<body>\n<main data-explorer=""></main>\n<script type="module" src="explorer.js"></script>\n</body>\n</html>\n'
    )


def embedded_json(data: Mapping[str, Any]) -> str:
    r"""Return data as JSON that can stand inside a script element: no text in it can end the element.

    Examples
    --------
    >>> embedded_json({"text": "</script>"})
    '{"text":"\\u003c/script>"}'
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
