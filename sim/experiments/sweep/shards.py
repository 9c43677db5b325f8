"""Shards: one Parquet file a block of runs, on the disk whole or not at all, known by the digest of its bytes."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.sweep.journal import Entry
from sim.experiments.sweep.layout import Layout
from sim.store.atomic import refused, write_atomically
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


def write_shard(folder: Path, first: int, last: int, failed: int, table: pa.Table) -> Entry:
    """Write the runs ``first`` to ``last - 1``.

    Parameters
    ----------
    folder : Path
        That of the shards.
    first, last, failed : int
        As `Entry` has them.
    table : pyarrow.Table
        What is kept of these runs.

    Returns
    -------
    Entry
        For the journal.

    Raises
    ------
    StoreError
        If the system refuses; nothing is left behind.
    """
    data = shard_bytes(table)
    entry = Entry(first, last, failed, len(data), hashlib.sha256(data).hexdigest())
    write_atomically(folder / entry.file, data)
    return entry


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
    table = read_parquet(path, _REPAIR, layout.read(columns))
    return layout.checked(table, entry, str(path), _REPAIR, columns)


def remove_strangers(folder: Path, entries: Iterable[Entry]) -> None:
    """Remove what a killed process left behind: temporary files, and shards that the journal does not name."""
    listed = {entry.file for entry in entries}
    try:
        for path in sorted(folder.iterdir()):
            if path.name not in listed and (path.suffix == ".parquet" or path.name.endswith(PARTIAL)):
                path.unlink()
    except OSError as error:
        raise refused(error, folder) from error
