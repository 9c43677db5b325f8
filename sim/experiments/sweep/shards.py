"""Shards: one Parquet file a chunk, on the disk whole or not at all, known by the digest of its bytes."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import StoreError
from sim.experiments.sweep.chunks import ChunkResult
from sim.experiments.sweep.columns import ADDRESS, TEXTS
from sim.experiments.sweep.journal import Entry
from sim.store.atomic import refused, write_atomically
from sim.store.canonical import values_of
from sim.store.parquet_file import LARGEST_FILE, read_parquet
from sim.untrusted_file import UnfitFileError, open_regular

PARTIAL = ".partial"
_REPAIR = "Do its runs again: remove the file, then  sim sweep ... --resume"


def shard_bytes(table: pa.Table) -> bytes:
    """Return rows as the bytes of a Parquet file."""
    text = [field.name for field in table.schema if field.type == pa.string()]
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", use_dictionary=text)
    return buffer.getvalue()


def write_shard(folder: Path, result: ChunkResult) -> Entry:
    """Write what came out of a chunk.

    Parameters
    ----------
    folder : Path
        That of the shards.
    result : ChunkResult
        Its rows.

    Returns
    -------
    Entry
        For the journal.

    Raises
    ------
    StoreError
        If the system refuses; nothing is left behind.
    """
    data = shard_bytes(result.table)
    entry = Entry(result.first, result.last, result.failed, len(data), hashlib.sha256(data).hexdigest())
    write_atomically(folder / entry.file, data)
    return entry


@dataclass(frozen=True, slots=True)
class Layout:
    """What the rows of every shard of a sweep have.

    Attributes
    ----------
    columns : tuple of str
        Names, in order.
    outputs : frozenset of str
        Those that are outcomes: numbers, but for ``outcome``.
    replications : int
        Runs of a design row.
    """

    columns: tuple[str, ...]
    outputs: frozenset[str]
    replications: int

    @classmethod
    def of(cls, identity: Mapping[str, Any]) -> Layout:
        """Return what ``sweep.json`` says."""
        return cls(tuple(identity["columns"]), frozenset(identity["outputs"]), identity["replications"])


def fault_of(folder: Path, entry: Entry) -> str | None:
    """Say what is wrong with a shard on the disk: None, ``missing``, ``truncated``, ``changed`` or ``no regular file``.

    Raises
    ------
    StoreError
        If the system refuses to read it.
    """
    path = folder / entry.file
    try:
        with open_regular(path, links=False) as file:
            size = os.fstat(file.fileno()).st_size
            if size != entry.bytes or size > LARGEST_FILE:
                return "truncated" if size < entry.bytes else "changed"
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except UnfitFileError:
        return "no regular file"
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        raise refused(error, path, "read") from error
    return None if digest == entry.sha256 else "changed"


def read_shard(folder: Path, entry: Entry, layout: Layout, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a shard, or some of its columns.

    Raises
    ------
    StoreError
        If it cannot be read, or its rows are not those of its line in the journal.
    """
    path = folder / entry.file
    wanted = list(layout.columns if columns is None else columns)
    table = read_parquet(path, _REPAIR, list(dict.fromkeys(("run", *wanted))))
    for name in table.column_names:
        found, expected = table.schema.field(name).type, _expected_type(name, layout)
        if expected is not None and found != expected:
            raise StoreError(f"{path}: {name}: found {found}, expected {expected}. {_REPAIR}")
    runs = values_of(table.column("run"))
    if not np.array_equal(runs, np.arange(entry.first, entry.last)):
        raise StoreError(f"{path}: found other runs than {entry.first} to {entry.last - 1}, expected these. {_REPAIR}")
    if "row" in wanted and not np.array_equal(values_of(table.column("row")), runs // layout.replications):
        raise StoreError(f"{path}: found other design rows than those of its runs. {_REPAIR}")
    return table.select(wanted)


def _expected_type(name: str, layout: Layout) -> Any:
    if name in TEXTS:
        return pa.string()
    if name in ADDRESS:
        return pa.uint64() if name == "seed" else pa.int64()
    return pa.float64() if name in layout.outputs else None


def remove_strangers(folder: Path, entries: Iterable[Entry]) -> None:
    """Remove what a killed process left behind: temporary files, and shards that the journal does not name."""
    listed = {entry.file for entry in entries}
    try:
        for path in sorted(folder.iterdir()):
            if path.name not in listed and (path.suffix == ".parquet" or path.name.endswith(PARTIAL)):
                path.unlink()
    except OSError as error:
        raise refused(error, folder) from error


def tables_in_order(
    folder: Path, entries: Sequence[Entry], layout: Layout, columns: Sequence[str] | None = None
) -> Iterator[tuple[Entry, Any]]:
    """Read shard after shard by ascending run, one in memory at a time."""
    for entry in sorted(entries):
        yield entry, read_shard(folder, entry, layout, columns)
