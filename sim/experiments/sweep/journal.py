r"""The journal of a sweep: one line for each shard that is safely on the disk, appended and synced.

A line is the CRC-32 of its JSON as eight hex digits, a space, the JSON, a newline::

    5f0a9c1e {"bytes": 18211, "failed": 0, "first": 0, "last": 250, "sha256": "9f86..."}

The journal is what resuming trusts: a shard without a line is not part of the sweep. A line is written after its shard
has been synced and renamed, so a kill between the two costs one chunk. A line torn by a kill, or damaged later, fails
its checksum and is left out: its runs are done again.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.store.atomic import refused, write_atomically


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One shard.

    Attributes
    ----------
    first, last : int
        It holds the runs ``first`` to ``last - 1``.
    failed : int
        How many of them failed.
    bytes : int
        Size of the file.
    sha256 : str
        Digest of its bytes.
    """

    first: int
    last: int
    failed: int
    bytes: int
    sha256: str

    @property
    def file(self) -> str:
        """Name of the shard's file."""
        return shard_name(self.first, self.last)


def shard_name(first: int, last: int) -> str:
    """Return the name of the file that holds the runs ``first`` to ``last - 1``.

    Examples
    --------
    >>> shard_name(0, 250)
    '000000000000-000000000250.parquet'
    """
    return f"{first:012d}-{last:012d}.parquet"


def line_of(entry: Entry) -> bytes:
    r"""Return the line of an entry.

    Examples
    --------
    >>> line_of(Entry(0, 2, 0, 9, "ab"))
    b'a4918bf0 {"bytes": 9, "failed": 0, "first": 0, "last": 2, "sha256": "ab"}\n'
    """
    text = json.dumps(asdict(entry), sort_keys=True).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def entry_of(line: bytes) -> Entry | None:
    """Return the entry of a line, or None if the line is torn or damaged.

    Examples
    --------
    >>> whole = line_of(Entry(0, 2, 0, 9, "ab"))
    >>> entry_of(whole), entry_of(whole[:-9])
    (Entry(first=0, last=2, failed=0, bytes=9, sha256='ab'), None)
    """
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    if not line.endswith(b"\n") or checksum != b"%08x" % zlib.crc32(text):
        return None
    try:
        entry = Entry(**json.loads(text))
        whole = 0 <= entry.first < entry.last and 0 <= entry.failed <= entry.last - entry.first
    except (TypeError, ValueError):
        return None
    return entry if whole else None


def read_journal(path: Path) -> tuple[list[Entry], int]:
    """Read a journal.

    Parameters
    ----------
    path : Path
        It need not exist.

    Returns
    -------
    entries : list of Entry
        By ascending run, overlapping ones left out.
    dropped : int
        How many lines were torn, damaged or overlapping.

    Raises
    ------
    StoreError
        If the system refuses to read it.
    """
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise refused(error, path, "read") from error
    entries: list[Entry] = []
    for entry in sorted(entry for entry in map(entry_of, lines) if entry is not None):
        if not entries or entry.first >= entries[-1].last:
            entries.append(entry)
    return entries, len(lines) - len(entries)


class Journal:
    """A journal that is being written.

    Parameters
    ----------
    path : Path
        In a folder that exists.
    entries : iterable of Entry
        With what it begins; the file is replaced by exactly these.

    Raises
    ------
    StoreError
        If the system refuses.
    """

    def __init__(self, path: Path, entries: Iterable[Entry] = ()) -> None:
        self.path = path
        write_atomically(path, b"".join(map(line_of, entries)))
        try:
            self._file: Any = os.open(path, os.O_WRONLY | os.O_APPEND)
            self._end = os.fstat(self._file).st_size
        except OSError as error:
            raise refused(error, path) from error

    def append(self, entry: Entry) -> None:
        """Add a line and sync it; on an error the journal is cut back to what it was."""
        line = line_of(entry)
        try:
            written = 0
            while written < len(line):
                written += os.write(self._file, line[written:])
            os.fsync(self._file)
        except OSError as error:
            os.ftruncate(self._file, self._end)
            raise refused(error, self.path) from error
        self._end += len(line)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
