"""Shards: one Parquet file a chunk, on the disk whole or not at all, known by the digest of its bytes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import StoreError
from sim.experiments.sweep.chunks import ChunkResult
from sim.experiments.sweep.journal import Entry
from sim.store.atomic import refused, write_atomically

PARTIAL = ".partial"


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


def fault_of(folder: Path, entry: Entry) -> str | None:
    """Say what is wrong with a shard on the disk: None, ``missing``, ``truncated`` or ``changed``.

    Raises
    ------
    StoreError
        If the system refuses to read it.
    """
    path = folder / entry.file
    try:
        if path.stat().st_size != entry.bytes:
            return "truncated" if path.stat().st_size < entry.bytes else "changed"
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        raise refused(error, path, "read") from error
    return None if digest == entry.sha256 else "changed"


def read_shard(folder: Path, entry: Entry, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a shard, or some of its columns.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    path = folder / entry.file
    try:
        wanted = None if columns is None else list(columns)
        return pq.read_table(path, columns=wanted, use_threads=False, partitioning=None)
    except OSError as error:
        raise refused(error, path, "read") from error
    except (pa.ArrowException, ValueError) as error:
        raise StoreError(
            f"{path}: found no readable shard ({' '.join(str(error).split())[:200]}). "
            "Do its runs again with  sim sweep ... --resume"
        ) from error


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
    folder: Path, entries: Sequence[Entry], columns: Sequence[str] | None = None
) -> Iterator[tuple[Entry, Any]]:
    """Read shard after shard by ascending run, one in memory at a time."""
    for entry in sorted(entries):
        yield entry, read_shard(folder, entry, columns)
