"""The HTML of a report: sections of escaped text, tables and figures, in one file with a strict policy."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.page.assets import embedded_json, module_text, style_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LARGEST: Final = 5_000_000
"""Bytes of a report."""
LARGEST_DRAWING: Final = 350_000
"""Bytes of a figure as SVG above which it is a PNG."""
STYLE: Final = """
body { margin: 0; background: #fff; color: #1c2430; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
.report { max-width: 1060px; margin: 0 auto; padding: 26px 22px 60px; }
.report h1 { font-size: 20px; font-weight: 600; color: #5b6472; margin: 0 0 4px; }
.report h2 { font-size: 20px; margin: 38px 0 10px; border-top: 1px solid #dfe3e8; padding-top: 18px; }
.report .lead { font-size: 23px; line-height: 1.34; font-weight: 560; margin: 0 0 10px; }
.report .muted, .report caption, .report figcaption { color: #5b6472; font-size: 14px; }
.report table { border-collapse: collapse; width: 100%; font-size: 14px; margin: 8px 0 16px; }
.report caption { text-align: left; padding: 4px 0; }
.report th { text-align: left; font-weight: 600; border-bottom: 1px solid #b9c1cb; padding: 4px 10px 4px 0; vertical-align: bottom; }
.report td { border-bottom: 1px solid #eceff3; padding: 4px 10px 4px 0; vertical-align: top; }
.report th.number { text-align: right; }
.report td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.report .wide { overflow-x: auto; }
.report figure { margin: 18px 0; }
.report figure img { max-width: 100%; height: auto; }
.report pre { background: #f6f7f9; padding: 12px; overflow-x: auto; font-size: 13px; border-radius: 5px; }
.report summary { cursor: pointer; color: #0072b2; }
.report .sim-explorer { padding: 0; max-width: none; }
.report .sim-explorer .columns { grid-template-columns: minmax(0, 1fr); }
@media print { .report details { display: block; } .report h2 { break-after: avoid; } }
"""  # noqa: E501 - what is printed or written is one line


def document(title: str, sections: Iterable[str], data: Mapping[str, Any] | None = None) -> str:
    """Put sections into one file.

    Parameters
    ----------
    title : str
        Of the window.
    sections : iterable of str
        HTML.
    data : mapping, optional
        What the interactive part shows, which then stands where `INTERACTIVE` does.

    Returns
    -------
    str
        HTML whose policy allows the scripts that stand in it and nothing else.

    Examples
    --------
    >>> text = document("A & B", [paragraph("1 < 2")])
    >>> "<title>A &amp; B</title>" in text, "1 &lt; 2" in text, "script-src 'none'" in text
    (True, True, True)
    """
    scripts, policy = "", "'none'"
    if data is not None:
        module = module_text().replace("</script", "<\\/script")
        digest = base64.b64encode(hashlib.sha256(module.encode()).digest()).decode()
        policy = f"'sha256-{digest}'"
        scripts = (
            f'<script type="application/json" id="data">{embedded_json(data)}</script>\n'
            f'<script type="module">{module}</script>\n'
        )
    rules = f"default-src 'none'; script-src {policy}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    styles = STYLE if data is None else style_text() + STYLE
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{rules}; form-action \'none\'">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{styles}</style>\n</head>\n<body>\n"
        f'<div class="report">\n{"".join(sections)}\n</div>\n{scripts}</body>\n</html>\n'
    )


INTERACTIVE: Final = '<main data-explorer="data"></main>\n'
"""Where the interactive part is drawn."""


def heading(text: str) -> str:
    """Return the heading of a section."""
    return f"<h2>{html.escape(text)}</h2>\n"


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph."""
    return f"<p{f' class={kind!r}' if kind else ''}>{html.escape(text)}</p>\n"


def listing(lines: Iterable[str]) -> str:
    """Return a list of sentences."""
    return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ul>\n"


def folded(summary: str, content: str) -> str:
    """Return what is shown when its summary is clicked."""
    return f"<details><summary>{html.escape(summary)}</summary>{content}</details>\n"


def preformatted(text: str) -> str:
    """Return commands to copy."""
    return f"<pre>{html.escape(text)}</pre>\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], caption: str = "") -> str:
    """Return a table; numbers stand at the right."""
    filled = [list(row) for row in rows]
    right = [bool(filled) and _is_number(filled[0][place]) for place in range(len(heads))]
    kinds = [' class="number"' if is_number else "" for is_number in right]
    head = "".join(f'<th scope="col"{kind}>{html.escape(text)}</th>' for kind, text in zip(kinds, heads, strict=True))
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in filled)
    said = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    return f'<div class="wide"><table>{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n'


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: Any) -> str:
    if not _is_number(value):
        return f"<td>{html.escape(str(value))}</td>"
    if value != value:
        return '<td class="number">–</td>'
    return f'<td class="number">{value:,}</td>' if isinstance(value, int) else f'<td class="number">{value:,.4g}</td>'


def drawing(figure: Figure, says: str) -> str:
    """Return a figure as part of the file: drawn in lines, or in dots where that is much smaller.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        As `sim.plots` makes it.
    says : str
        What it shows, for who cannot see it and below it.
    """
    from sim.plots.saving import figure_bytes

    files = figure_bytes(figure)
    kind = "svg" if len(files["svg"]) <= LARGEST_DRAWING else "png"
    mime = {"svg": "image/svg+xml", "png": "image/png"}[kind]
    source = f"data:{mime};base64,{base64.b64encode(files[kind]).decode()}"
    said = html.escape(says)
    return f'<figure><img src="{source}" alt="{said}"><figcaption>{said}</figcaption></figure>\n'
