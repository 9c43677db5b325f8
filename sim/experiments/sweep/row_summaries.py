"""Summaries of runs by design row that can be added up: what a sweep keeps with ``keep: summary``.

A table of summaries has the same lines for each of its rows, in one order: ``runs`` and ``failed`` count runs, a
``share`` counts the runs that had a measure, and a ``number`` holds of an output how many runs have it, the exact sum
of its values and of their squares (`sim.experiments.sweep.exact_sums`), the least, the most, and how many values fell
into each bin (`sim.experiments.sweep.value_bins`). Whole numbers and exact sums are added in any order to the same
bits, so two tables of different runs add up to the table of all of them, however runs were split.

===========  =======  ==============================================================================================
column       kind     what
===========  =======  ==============================================================================================
``row``      int64    row of the design
``kind``     string   ``runs``, ``failed``, ``share`` or ``number``
``output``   string   the measure or output; empty for runs and failures
``count``    int64    runs that are counted
``sum``      string   of a number: its exact sum, as `Dyadic.text`
``squares``  string   of a number: the exact sum of its squares
``least``    float64  of a number its least value; of failures the first run that failed
``most``     float64  of a number its greatest value
``bins``     string   of a number: ``bin:count`` for bins that are not empty, ascending, with a space between
``reason``   string   why the first run that failed did
===========  =======  ==============================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import StoreError
from sim.experiments.measures import measures_of
from sim.experiments.sweep.columns import FAILURE, kept_shares
from sim.experiments.sweep.exact_sums import ZERO, Dyadic, sums_of
from sim.experiments.sweep.value_bins import LARGEST_BIN, bins_of, day_width
from sim.store.canonical import as_table

if TYPE_CHECKING:
    from sim.experiments.measures import Measure
    from sim.scenario.scenario import Scenario

COLUMNS: Final = ("row", "kind", "output", "count", "sum", "squares", "least", "most", "bins", "reason")
SCHEMA: Final = pa.schema(
    [
        ("row", pa.int64()),
        ("kind", pa.string()),
        ("output", pa.string()),
        ("count", pa.int64()),
        ("sum", pa.string()),
        ("squares", pa.string()),
        ("least", pa.float64()),
        ("most", pa.float64()),
        ("bins", pa.string()),
        ("reason", pa.string()),
    ]
)
RUNS, FAILED, SHARE, NUMBER = "runs", "failed", "share", "number"
_DENSE: Final = 1 << 20
_BIN: Final = re.compile(r"(-?[0-9]{1,5}):([0-9]{1,10})")

Lines = list[tuple[str, str]]
Bins = dict[int, int]


def lines_of(shares: Sequence[str], numbers: Sequence[str]) -> Lines:
    """Return kind and output of the lines that each row has."""
    return [(RUNS, ""), (FAILED, ""), *((SHARE, name) for name in shares), *((NUMBER, name) for name in numbers)]


@dataclass(slots=True)
class Line:
    """One line of a row: a count, and of a number what it takes to say more.

    Attributes
    ----------
    count : int
        Runs.
    total, squares : Dyadic
        Exact sums.
    least, most : float or None
        Ends; of failures the number of the first run.
    bins : dict of int to int
        Values by bin.
    reason : str or None
        Of failures.
    """

    count: int = 0
    total: Dyadic = ZERO
    squares: Dyadic = ZERO
    least: float | None = None
    most: float | None = None
    bins: Bins | None = None
    reason: str | None = None

    def add(self, other: Line) -> None:
        """Count the runs of another line too."""
        self.count += other.count
        if other.least is not None and (self.least is None or other.least < self.least):
            self.least, self.reason = other.least, other.reason
        if other.most is not None and (self.most is None or other.most > self.most):
            self.most = other.most
        if other.bins is not None:
            self.total, self.squares = self.total + other.total, self.squares + other.squares
            own = self.bins = {} if self.bins is None else self.bins
            for number, count in other.bins.items():
                own[number] = own.get(number, 0) + count


@dataclass(frozen=True, slots=True)
class RowSummaries:
    """How runs are summarised.

    Attributes
    ----------
    shares : tuple of Measure
        What runs have or have not.
    numbers : tuple of str
        Outputs that are numbers.
    widths : tuple of float
        Of each of them the days of a bin; 0 for what is no day.
    binned : bool
        Whether values are counted by bin.
    """

    shares: tuple[Measure, ...]
    numbers: tuple[str, ...]
    widths: tuple[float, ...]
    binned: bool = True

    @property
    def lines(self) -> Lines:
        """Kind and output of the lines of a row."""
        return lines_of([measure.name for measure in self.shares], self.numbers)

    def of_runs(self, first: int, row: NDArray[np.int64], columns: Mapping[str, NDArray[Any]]) -> Rows:
        """Summarise runs that follow one another.

        Parameters
        ----------
        first : int
            Number of the first run.
        row : ndarray of int64, shape (n,)
            Design row of each, ascending.
        columns : mapping of str to ndarray, shape (n,)
            Outputs and ``failure``; text as objects, unknown as None or NaN.

        Returns
        -------
        dict of int to list of Line
            By design row.
        """
        rows, starts = np.unique(row, return_index=True)
        place = np.searchsorted(rows, row)
        count = len(rows)
        good = np.array([reason is None for reason in columns[FAILURE]], dtype=bool)
        done, failed = np.bincount(place, minlength=count), np.bincount(place[~good], minlength=count)
        found = [[Line(int(n)) for n in done], [Line(int(n)) for n in failed]]
        for which in np.flatnonzero(failed):
            one = int(starts[which] + np.flatnonzero(~good[starts[which] :])[0])
            found[1][which].least, found[1][which].reason = float(first + one), columns[FAILURE][one]
        for measure in self.shares:
            had = place[_had(measure, columns) & good]
            found.append([Line(int(n)) for n in np.bincount(had, minlength=count)])
        for name, width in zip(self.numbers, self.widths, strict=True):
            found.append(self._numbers(np.asarray(columns[name], dtype=np.float64), good, place, count, width))
        return {int(number): [lines[which] for lines in found] for which, number in enumerate(rows)}

    def _numbers(
        self, values: NDArray[np.float64], good: NDArray[np.bool_], place: NDArray[np.int64], count: int, width: float
    ) -> list[Line]:
        known = np.isfinite(values) & good
        if not known.all():
            values, place = values[known], place[known]
        counts = np.bincount(place, minlength=count)
        sums, squares = sums_of(values, place, count)
        filled = np.flatnonzero(counts)
        starts = (np.cumsum(counts) - counts)[filled]
        least, most = (
            reduce.reduceat(values, starts) if len(values) else values for reduce in (np.minimum, np.maximum)
        )
        lines = [Line(bins={}) for _ in range(count)]
        bins = _counted(bins_of(values, width), place, count) if self.binned else [{} for _ in range(count)]
        for which, low, high in zip(filled, least + 0.0, most + 0.0, strict=True):
            line = lines[which]
            line.count, line.total, line.squares = int(counts[which]), sums[which], squares[which]
            line.least, line.most, line.bins = float(low), float(high), bins[which]
        return lines

    def table(self, rows: Rows) -> pa.Table:
        """Return summaries as a table."""
        return table_of(rows, self.lines)


Rows = dict[int, list[Line]]


def row_summaries(scenario: Scenario, outputs: Sequence[str], *, binned: bool = True) -> RowSummaries:
    """Say how runs of a scenario are summarised.

    Parameters
    ----------
    scenario : Scenario
        That is varied.
    outputs : sequence of str
        Columns of outcomes, and measures.
    binned : bool
        Whether values are counted by bin.
    """
    known = measures_of(scenario)
    numbers = tuple(name for name in outputs if name != "outcome")
    days = day_width(float(scenario.horizon_days))
    widths = tuple(days if name in known and known[name].unit == "days" else 0.0 for name in numbers)
    return RowSummaries(tuple(kept_shares(known, outputs)), numbers, widths, binned)


def _had(measure: Measure, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    if measure.name in columns:
        return np.equal(np.asarray(columns[measure.name], dtype=np.float64), 1.0)
    return np.asarray(measure.values(columns), dtype=bool)


def _counted(bins: NDArray[np.int64], place: NDArray[np.int64], count: int) -> list[Bins]:
    """Count bins by group."""
    if len(bins) == 0:
        return [{} for _ in range(count)]
    low = int(bins.min())
    wide = int(bins.max()) - low + 1
    if count * wide <= _DENSE:
        dense = np.bincount(place * wide + (bins - low), minlength=count * wide)
        keys = np.flatnonzero(dense)
        counts = dense[keys]
    else:
        keys, counts = np.unique(place * wide + (bins - low), return_counts=True)
    found: list[Bins] = [{} for _ in range(count)]
    for key, number in zip(keys.tolist(), counts.tolist(), strict=True):
        group, place_of = divmod(key, wide)
        found[group][place_of + low] = number
    return found


def table_of(rows: Rows, lines: Lines) -> pa.Table:
    """Return summaries as a table, rows ascending."""
    numbers = sorted(rows)
    flat = [line for number in numbers for line in rows[number]]
    texts: dict[str, list[str | None]] = {
        "sum": [None if line.bins is None else line.total.text for line in flat],
        "squares": [None if line.bins is None else line.squares.text for line in flat],
        "bins": [
            None if line.bins is None else " ".join(f"{n}:{line.bins[n]}" for n in sorted(line.bins)) for line in flat
        ],
        "reason": [line.reason for line in flat],
    }
    columns: dict[str, NDArray[Any]] = {
        "row": np.repeat(np.array(numbers, dtype=np.int64), len(lines)),
        "kind": np.array([kind for kind, _ in lines] * len(numbers), dtype=object),
        "output": np.array([output for _, output in lines] * len(numbers), dtype=object),
        "count": np.array([line.count for line in flat], dtype=np.int64),
        "least": np.array([np.nan if line.least is None else line.least for line in flat]),
        "most": np.array([np.nan if line.most is None else line.most for line in flat]),
        **{name: np.array(values, dtype=object) for name, values in texts.items()},
    }
    return as_table({name: columns[name] for name in COLUMNS}, "summaries").cast(SCHEMA)


def rows_in(table: pa.Table, lines: Lines, where: str, repair: str) -> Rows:
    """Read a table of summaries.

    Parameters
    ----------
    table : pyarrow.Table
        With all columns.
    lines : list of (str, str)
        Kind and output of the lines that each row must have.
    where, repair : str
        For the message.

    Raises
    ------
    StoreError
        If it is no such table.
    """
    if table.schema.remove_metadata() != SCHEMA:
        raise StoreError(f"{where}: found columns {table.column_names}, expected {list(COLUMNS)}. {repair}")
    columns = {name: table.column(name).to_pylist() for name in COLUMNS}
    numbers = columns["row"][:: len(lines)]
    expected = [number for number in numbers for _ in lines]
    heads = list(zip(columns["kind"], columns["output"], strict=True))
    if columns["row"] != expected or heads != lines * len(numbers) or numbers != sorted({*numbers}):
        raise StoreError(f"{where}: found other lines than those of its rows and outputs, expected these. {repair}")
    rows: Rows = {}
    place = 0
    try:
        for number in numbers:
            rows[number] = []
            for kind, _ in lines:
                rows[number].append(_line(kind, {name: columns[name][place] for name in COLUMNS[3:]}))
                place += 1
    except (ValueError, TypeError) as error:
        raise StoreError(f"{where}: line {place}: found {error}, expected a summary. {repair}") from error
    return rows


def _line(kind: str, cells: Mapping[str, Any]) -> Line:
    count, least, most = cells["count"], cells["least"], cells["most"]
    if count is None or count < 0:
        raise ValueError(f"a count of {count}")
    least = None if least is None or least != least else float(least)
    most = None if most is None or most != most else float(most)
    if kind != NUMBER:
        return Line(count, least=least, reason=cells["reason"])
    if (count > 0) != (least is not None) or (least is None) != (most is None):
        raise ValueError(f"{count} values from {least} to {most}")
    total, squares = Dyadic.read(cells["sum"]), Dyadic.read(cells["squares"])
    bins: Bins = {}
    for part in cells["bins"].split(" ") if cells["bins"] else ():
        found = _BIN.fullmatch(part)
        if found is None or abs(int(found[1])) > LARGEST_BIN:
            raise ValueError(f"{part[:40]!r} among bins")
        bins[int(found[1])] = int(found[2])
    if sum(bins.values()) not in (count, 0) or squares.whole < 0:
        raise ValueError(f"bins of {sum(bins.values())} values of {count}")
    return Line(count, total, squares, least, most, bins)


def added(parts: Sequence[Rows]) -> Rows:
    """Add up summaries of different runs; the parts are used up."""
    rows: Rows = {}
    for part in parts:
        for number, lines in part.items():
            if number not in rows:
                rows[number] = lines
                continue
            for own, other in zip(rows[number], lines, strict=True):
                own.add(other)
    return rows
