"""Comma-separated values with positions (RFC 4180, one record a line).

The standard library's reader does not say at which character a field begins, and an error without it is hard to find
in a row of twelve fields; this reader gives every field with its 1-based column. A quoted field may hold commas and
doubled quotes but no line break.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a line: its text, and the 1-based column at which it begins."""

    text: str
    column: int


class QuoteError(ValueError):
    """A quote that does not fit.

    Parameters
    ----------
    column : int
        1-based.
    found, expected : str
        As in `sim.errors.Problem`.
    """

    def __init__(self, column: int, found: str, expected: str) -> None:
        self.column, self.found, self.expected = column, found, expected
        super().__init__(f"column {column}: found {found}, expected {expected}")


def fields_of(line: str) -> list[Field]:
    """Split one line into its fields.

    Parameters
    ----------
    line : str
        Without its line break.

    Returns
    -------
    list of Field
        At least one.

    Raises
    ------
    QuoteError
        If a quote is not closed, not at the ends of its field, or not doubled inside it.

    Examples
    --------
    >>> [(field.text, field.column) for field in fields_of('8,"a, b",')]
    [('8', 1), ('a, b', 3), ('', 10)]
    """
    fields: list[Field] = []
    start = 0
    while True:
        if line[start : start + 1] == '"':
            text, end = _quoted(line, start)
        else:
            end = line.find(",", start)
            end = len(line) if end < 0 else end
            text = line[start:end]
            inside = text.find('"')
            if inside >= 0:
                raise QuoteError(start + inside + 1, "a quote inside a plain field", "the whole field in quotes")
        fields.append(Field(text, start + 1))
        if end == len(line):
            return fields
        start = end + 1


def _quoted(line: str, start: int) -> tuple[str, int]:
    """Return the text of the quoted field that begins at `start` and the place of the comma or end after it."""
    place = start + 1
    while True:
        close = line.find('"', place)
        if close < 0:
            raise QuoteError(start + 1, "a quote that is not closed on its line", "a closing quote")
        if line[close + 1 : close + 2] == '"':
            place = close + 2
            continue
        if line[close + 1 : close + 2] not in ("", ","):
            raise QuoteError(close + 2, f"{line[close + 1]!r} after a closing quote", "a comma, or quotes doubled")
        return line[start + 1 : close].replace('""', '"'), close + 1
