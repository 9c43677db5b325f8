"""Rows that somebody wrote down: a CSV file with one column a factor and one line a point, or the values themselves.

The file stands in the folder tree of the experiment. A factor that states no range takes what its column holds.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PlainValidator

from sim.experiments.designs.design import MAX_ROWS, MAX_VALUES, Design
from sim.experiments.factor import Factor
from sim.scenario.extends import Location
from sim.scenario.feature_reference import nearest
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.positions import Position, Scalar
from sim.scenario.reader import decode, error_at, quoted, read_bytes, resolve_scalar
from sim.scenario.schema.fields import Text, misfit

MAX_CSV_BYTES = 100_000_000


def _values(value: Any) -> Any:
    """Take lists of scalars by name, all of one length."""
    expected = "a list of numbers, texts or switches for each factor, all of one length, such as {pace: [1, 2, 4]}"
    if not isinstance(value, Mapping) or not value:
        raise misfit(quoted(value), expected)
    for column in value.values():
        if not isinstance(column, list | tuple) or not column:
            raise misfit(quoted(column), expected)
        odd = next((cell for cell in column if not isinstance(cell, str | int | float)), None)
        if odd is not None or None in column:
            raise misfit(quoted(odd), expected)
    lengths = sorted({len(column) for column in value.values()})
    if len(lengths) > 1:
        raise misfit(f"lists of {lengths[0]} and {lengths[-1]} values", expected)
    return FrozenDict({name: tuple(column) for name, column in value.items()})


class Rows(Design):
    """Points that are written down.

    Attributes
    ----------
    csv : str or None
        The file, relative to the experiment.
    values : mapping of str to tuple, or None
        For each factor its values, row by row; in a loaded experiment always filled in.

    Examples
    --------
    >>> pace = Factor("pace", ("x",), "uniform", (0.0, 4.0))
    >>> Rows(values={"pace": [1, 2, 4]}).unit_points([pace]).tolist()
    [[0.25], [0.5], [1.0]]
    """

    summary: ClassVar[str] = "points that are written down"

    csv: Text | None = Field(
        default=None, description="the file, relative to this one: a header with the factors' names, then a line a row"
    )
    values: Annotated[
        Mapping[str, Sequence[Any]] | None,
        PlainValidator(_values, json_schema_input_type=dict[str, list[float | bool | str]]),
    ] = Field(default=None, description="or the rows themselves: for each factor the list of its values")

    @classmethod
    def from_file(cls, location: Location, names: Sequence[str]) -> Rows:
        """Read the rows of a CSV file; see `read_rows`."""
        return cls(values=read_rows(location, names))

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse none and both."""
        if (self.csv is None) == (self.values is None):
            raise misfit("neither csv nor values" if self.csv is None else "both csv and values", "one of them")

    def size(self, factors: Sequence[Factor]) -> int:  # noqa: ARG002 - others go by the factors
        """Return the number of rows."""
        return len(next(iter(self.values.values()))) if self.values else 0

    def problem(self, factors: Sequence[Factor]) -> tuple[str, str] | None:
        """Say if the columns are not those of the factors, or a value lies outside a factor's range."""
        names = [factor.name for factor in factors]
        columns = self.values or {}
        for name in columns:
            if name not in names:
                return f"values of {name[:60]!r}", f"one of {', '.join(names)}. {nearest(name, names)}".strip()
        for factor in factors:
            if factor.name not in columns:
                return f"no values of {factor.name!r}", "values of every factor"
            unit = factor.unit(np.array(columns[factor.name], dtype=object))
            outside = np.flatnonzero(np.isnan(unit))
            if len(outside):
                row = int(outside[0])
                found = f"{columns[factor.name][row]!r} for {factor.name!r} in row {row + 1}"
                return found, "a value that the factor can have"
        return super().problem(factors)

    def unit_points(self, factors: Sequence[Factor]) -> NDArray[np.float64]:
        """Return where the values lie in the factors' distributions."""
        columns = self.values or {}
        return np.stack([f.unit(np.array(columns[f.name], dtype=object)) for f in factors], axis=-1)

    def values_of(self, factors: Sequence[Factor]) -> dict[str, NDArray[Any]]:
        """Return the values as they are written."""
        columns = self.values or {}
        kinds = {factor.name: np.float64 if factor.is_number else object for factor in factors}
        return {name: np.array(columns[name], dtype=kinds[name]) for name in kinds}

    def resized(self, rows: int, factors: Sequence[Factor]) -> Rows:  # noqa: ARG002 - others go by the factors
        """Return the first rows."""
        return Rows(values={name: list(column[:rows]) for name, column in (self.values or {}).items()})


def read_rows(location: Location, names: Sequence[str]) -> dict[str, list[Scalar]]:
    """Read a CSV file of rows.

    Parameters
    ----------
    location : Location
        Of the file.
    names : sequence of str
        Of the factors, each of which must be a column.

    Returns
    -------
    dict of str to list
        The column of each of `names`.

    Raises
    ------
    ScenarioError
        With line and column of the first cell that does not fit.
    """
    text = decode(read_bytes(location.path, location.name, MAX_CSV_BYTES, "a CSV file"), location.name)
    if "\0" in text:
        raise error_at(Position(location.name, text[: text.index("\0")].count("\n") + 1, 1), "character 0x00", "text")
    lines = csv.reader(text.splitlines(), strict=True)
    order: list[int] = []
    table: list[tuple[Scalar, ...]] = []
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if not order:
                order = _header([cell.strip() for cell in cells], names, Position(location.name, lines.line_num, 1))
                width = len(cells)
                continue
            if len(cells) != width:
                position = Position(location.name, lines.line_num, 1)
                raise error_at(position, f"{len(cells)} cells", f"{width}, one for each column")
            table.append(tuple(_cell(cells, i, location.name, lines.line_num) for i in order))
            if len(table) > min(MAX_ROWS, MAX_VALUES // max(len(names), 1)):
                raise error_at(Position(location.name, lines.line_num, 1), "more rows", f"at most {len(table) - 1:,}")
    except csv.Error as error:
        position = Position(location.name, lines.line_num, 1)
        raise error_at(position, f"text that is no CSV ({error})", "comma-separated values") from None
    if not table:
        raise error_at(
            Position(location.name, 1, 1), "no rows", "a header with the factors' names, then one line a row"
        )
    return {name: [line[i] for line in table] for i, name in enumerate(names)}


def _header(header: list[str], names: Sequence[str], position: Position) -> list[int]:
    """Find the column of each factor."""
    for i, name in enumerate(header):
        column = 1 + sum(len(other) + 1 for other in header[:i])
        at = Position(position.file, position.line, column)
        if name not in names:
            raise error_at(at, f"the column {name[:60]!r}", "one of " + ", ".join(names), nearest(name, names))
        if name in header[:i]:
            raise error_at(at, f"the column {name!r} again", "each factor once")
    missing = [name for name in names if name not in header]
    if missing:
        raise error_at(position, f"no column {missing[0]!r}", "a column for each factor that is varied")
    return [header.index(name) for name in names]


def _cell(cells: list[str], index: int, file: str, line: int) -> Scalar:
    """Read one cell as a scenario file would."""
    at = Position(file, line, 1 + sum(len(cell) + 1 for cell in cells[:index]))
    value = resolve_scalar(cells[index].strip(), at)
    if not isinstance(value, str | int | float):  # bool is an int
        raise error_at(at, quoted(value), "a number, a text, true or false")
    return value
