"""How a result looks in a notebook: a table of what it says, field by field.

Results are frozen dataclasses whose own repr is one long line. A class that derives from `NotebookTable` shows a table
instead: names of fields as words, numbers at six digits, small arrays as tables, large ones by their shape. What a
result says about itself (`converged`, `residual`, `regret`, `proved`) stands in it like everything else.

Examples
--------
>>> from dataclasses import dataclass
>>> @dataclass(frozen=True, slots=True)
... class Verdict(NotebookTable):
...     regret: float
...     converged: bool
>>> Verdict(0.25, True)._repr_html_().count("<tr>")
2
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import numpy as np

MOST_CELLS: Final = 144
"""Numbers of an array, or items of a list, that are shown; beyond it the shape is."""
LONGEST: Final = 300
"""Characters of any other value that are shown."""
_DEEPEST: Final = 3


class NotebookTable:
    """Shows a dataclass as a table in notebooks; its repr stays."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<b>{escape(type(self).__name__)}</b>{_fields(self, 0)}"


def _fields(result: Any, depth: int) -> str:
    """Return a row a field, of those that are part of the repr."""
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(field.name.replace('_', ' '))}</th>"
        f"<td style='text-align:left'>{html_of(getattr(result, field.name), depth + 1)}</td></tr>"
        for field in dataclasses.fields(result)
        if not field.name.startswith("_")
    )
    return f"<table>{rows}</table>"


def html_of(value: Any, depth: int = 0) -> str:
    """Write a value as HTML.

    Parameters
    ----------
    value : object
        Numbers, texts, arrays, lists, mappings, other results.
    depth : int
        How far it lies within another value.

    Examples
    --------
    >>> html_of(1 / 3), html_of((1, 2.5)), html_of(None)
    ('0.333333', '1, 2.5', '—')
    """
    if value is None:
        return "—"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | float | np.integer | np.floating):
        return f"{value:.6g}"
    if isinstance(value, str):
        return escape(_cut(value))
    if isinstance(value, np.ndarray):
        return _array(value)
    if depth > _DEEPEST:
        return escape(_cut(repr(value)))
    show = getattr(value, "_repr_html_", None)
    if show is not None:
        return str(show())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value, depth)
    if isinstance(value, Mapping):
        return _table([[key, item] for key, item in list(value.items())[:MOST_CELLS]], len(value), depth)
    if isinstance(value, Sequence):
        return _listed(value, depth)
    return escape(_cut(repr(value)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _array(values: np.ndarray[Any, Any]) -> str:
    """Write a vector as a row, a matrix as a table, anything larger by its shape."""
    if values.size > MOST_CELLS or values.ndim > 2:
        return f"array of {' × '.join(map(str, values.shape))}"
    if values.ndim < 2:
        return ", ".join(html_of(value) for value in np.atleast_1d(values).tolist())
    return _table(values.tolist(), len(values), 0)


def _listed(values: Sequence[Any], depth: int) -> str:
    """Write short items on one line, others one below another."""
    shown = [html_of(value, depth + 1) for value in values[:MOST_CELLS]]
    more = [f"… {len(values):,} in all"] if len(values) > MOST_CELLS else []
    return ("<br>" if any("<table" in item for item in shown) else ", ").join([*shown, *more])


def _table(rows: Sequence[Sequence[Any]], count: int, depth: int) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{html_of(cell, depth + 1)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{body}</table>" + (f"… {count:,} in all" if count > len(rows) else "")
