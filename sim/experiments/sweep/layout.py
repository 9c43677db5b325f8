"""The layout of a sweep's files: what a shard holds and where one ends, whoever writes or reads it.

Run numbers are cut into blocks; a shard is a block, whole (`sim.experiments.sweep.shards`), and until it is, its chunks
lie side by side (`sim.experiments.sweep.pending`). The block decides no result, only how many files there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from sim.errors import StoreError
from sim.experiments.sweep.columns import ADDRESS, TEXTS
from sim.experiments.sweep.intervals import Interval
from sim.experiments.sweep.journal import Entry
from sim.experiments.sweep.row_summaries import COLUMNS as SUMMARIES
from sim.experiments.sweep.row_summaries import Lines, Rows, added, lines_of, rows_in, table_of
from sim.store.canonical import values_of

SHARD_RUNS = 1 << 16
"""Runs of a shard: some 15 MB, and 16 files for a million runs."""
JOURNAL: Final = "journal.jsonl"
SCENARIO: Final = "scenario.yaml"
SHARDS: Final = "shards"
PENDING: Final = "pending"
SHARD_ROWS = 1 << 10
"""Design rows of a shard of summaries."""
PENDING_SUFFIX: Final = ".chunks"


@dataclass(frozen=True, slots=True)
class Layout:
    """What the rows of every shard of a sweep have.

    Attributes
    ----------
    columns : tuple of str
        Names, in order.
    outputs : frozenset of str
        Those that are outcomes: numbers, but for ``outcome``.
    runs, replications : int
        Of the experiment, and of a design row.
    block : int
        Runs of a shard.
    lines : list of (str, str), optional
        Of summaries, kind and output of the lines that each design row has; None where every run is kept.
    """

    columns: tuple[str, ...]
    outputs: frozenset[str]
    runs: int
    replications: int
    block: int
    lines: Lines | None = None

    @classmethod
    def of(cls, identity: Mapping[str, Any]) -> Layout:
        """Return what ``sweep.json`` says."""
        runs, replications = identity["runs"], identity["replications"]
        columns, outputs = tuple(identity["columns"]), frozenset(identity["outputs"])
        if identity["keep"] == "runs":
            return cls(columns, outputs, runs, replications, SHARD_RUNS)
        lines = lines_of(identity["shares"], [name for name in identity["outputs"] if name != "outcome"])
        return cls(SUMMARIES, outputs, runs, replications, SHARD_ROWS * replications, lines)

    # --- blocks ----------------------------------------------------------------------------------------------------
    def block_of(self, run: int) -> int:
        """Return the number of the block that a run is in."""
        return run // self.block

    def span(self, number: int) -> Interval:
        """Return the runs of a block."""
        return number * self.block, min((number + 1) * self.block, self.runs)

    def pending_name(self, number: int) -> str:
        """Return the name of the file in which a block's chunks wait for it to be whole."""
        return f"{number * self.block:012d}{PENDING_SUFFIX}"

    def is_in_block(self, entry: Entry, name: str) -> bool:
        """Return whether all runs of a chunk belong into the file of that name."""
        number = self.block_of(entry.first)
        return number == self.block_of(entry.last - 1) and name == self.pending_name(number)

    # --- tables ----------------------------------------------------------------------------------------------------
    @property
    def joins(self) -> bool:
        """Whether chunks that follow one another are smaller as one."""
        return self.lines is not None

    def joined(self, tables: Sequence[pa.Table]) -> pa.Table:
        """Join the tables of chunks that follow one another."""
        if self.lines is not None:
            return table_of(added([self.rows_in(table) for table in tables]), self.lines)
        if any(table.schema != tables[0].schema for table in tables):
            raise StoreError(
                f"{PENDING}: found chunks with columns of different kinds, expected the same in all. Do their runs "
                "again: remove that folder, then  sim sweep ... --resume"
            )
        return pa.concat_tables(tables).combine_chunks()

    def read(self, columns: Sequence[str] | None) -> list[str]:
        """Return the columns that must be read for some of them to be checked."""
        if self.lines is not None:
            return list(SUMMARIES)
        return list(dict.fromkeys(("run", *(self.columns if columns is None else columns))))

    def rows_in(self, table: pa.Table, where: str = "", repair: str = "") -> Rows:
        """Read a table of summaries."""
        return rows_in(table, self.lines or [], where, repair)

    def checked(
        self, table: pa.Table, entry: Entry, where: str, repair: str, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Compare a table with the line that announces it, and return the columns that were wanted.

        Raises
        ------
        StoreError
            If its rows are others.
        """
        if self.lines is not None:
            self._check_summaries(table, entry, where, repair)
            return table
        wanted = list(self.columns if columns is None else columns)
        for name in table.column_names:
            found, expected = table.schema.field(name).type, self._expected_type(name)
            if expected is not None and found != expected:
                raise StoreError(f"{where}: {name}: found {found}, expected {expected}. {repair}")
        runs = values_of(table.column("run"))
        if len(runs) != entry.last - entry.first or not np.array_equal(runs, np.arange(entry.first, entry.last)):
            raise StoreError(
                f"{where}: found other runs than {entry.first} to {entry.last - 1}, expected these. {repair}"
            )
        if "row" in wanted and not np.array_equal(values_of(table.column("row")), runs // self.replications):
            raise StoreError(f"{where}: found other design rows than those of its runs. {repair}")
        return table.select(wanted)

    def _check_summaries(self, table: pa.Table, entry: Entry, where: str, repair: str) -> None:
        """Compare the runs that summaries count with those of the line that announces them."""
        rows = self.rows_in(table, where, repair)
        first, last = entry.first // self.replications, (entry.last - 1) // self.replications
        known = len(rows) == last - first + 1 and [*rows] == [*range(first, last + 1)]
        failed = 0
        for row, (runs, bad, *others) in rows.items() if known else ():
            begin, end = row * self.replications, (row + 1) * self.replications
            known = known and runs.count == min(end, entry.last) - max(begin, entry.first)
            known = known and all(line.count <= runs.count - bad.count for line in others)
            failed += bad.count
        if not known or failed != entry.failed:
            stated = f"{entry.first} to {entry.last - 1}"
            raise StoreError(f"{where}: found summaries of other runs than {stated}, expected these. {repair}")

    def _expected_type(self, name: str) -> Any:
        if name in TEXTS:
            return pa.string()
        if name in ADDRESS:
            return pa.uint64() if name == "seed" else pa.int64()
        return pa.float64() if name in self.outputs else None
