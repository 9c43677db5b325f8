"""What the folder of a sweep keeps: its shards and its pending chunks, by ascending run, read as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from sim.errors import StoreError
from sim.experiments.sweep.journal import Entry, read_journal
from sim.experiments.sweep.layout import JOURNAL, PENDING, SHARDS, Layout
from sim.experiments.sweep.pending import read_pending
from sim.experiments.sweep.shards import read_shard

Read: TypeAlias = Callable[[Sequence[str] | None], pa.Table]
Kept: TypeAlias = tuple[Entry, Read]


def kept_in(folder: Path, layout: Layout) -> list[Kept]:
    """List what a folder keeps.

    Parameters
    ----------
    folder : Path
        Of a sweep.
    layout : Layout
        Of its files.

    Returns
    -------
    list of (Entry, callable)
        By ascending run. What is called with the names of columns, or None for all, reads the rows.

    Raises
    ------
    StoreError
        If the system refuses to read.
    """
    shards = read_journal(folder / JOURNAL, layout.runs)[0]
    found: list[Kept] = [(entry, partial(read_shard, folder / SHARDS, entry, layout)) for entry in shards]
    pieces = read_pending(folder / PENDING, layout, shards, layout.runs)
    found += [(piece.entry, partial(piece.read, layout)) for piece in pieces]
    return sorted(found, key=lambda kept: kept[0])


def tables_of(kept: Iterable[Kept], columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """Read one after another, one in memory at a time; raise StoreError if one has columns of other kinds."""
    schema = None
    for entry, read in kept:
        table = read(columns)
        schema = table.schema if schema is None else schema
        if table.schema != schema:
            raise StoreError(
                f"{entry.file}: found columns of other kinds than in the runs before, expected the same. Do its runs "
                "again: remove the file, or the folder pending, then  sim sweep ... --resume"
            )
        yield table
