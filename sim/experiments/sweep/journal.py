r"""The journal of a sweep: one line for each shard that is safely on the disk, appended and synced.

A line is the CRC-32 of its JSON as eight hex digits, a space, the JSON, a newline::

    5f0a9c1e {"bytes": 18211, "failed": 0, "first": 0, "last": 250, "sha256": "9f86..."}

The journal is what resuming trusts: a shard without a line is not part of the sweep. A line is written after its shard
has been synced and renamed, and the pending chunks of that shard go after the line, so a kill between any two of these
costs nothing. A line torn by a kill, or damaged later, fails its checksum and is left out: its runs are done again.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from sim.errors import StoreError
from sim.store.atomic import refused, write_atomically
from sim.untrusted_file import UnfitFileError, open_regular

LONGEST_LINE: Final = 1000
LARGEST_JOURNAL: Final = 2**30
LARGEST_RUN: Final = 2**63 - 1
_Number = Annotated[int, Field(ge=0, le=LARGEST_RUN)]


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

    first: _Number
    last: _Number
    failed: _Number
    bytes: _Number
    sha256: str

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid")

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
        entry = _ENTRY.validate_json(text)
    except ValidationError:
        return None
    runs = entry.last - entry.first
    return entry if entry.failed <= runs and 0 < runs else None


_ENTRY = TypeAdapter(Entry)


def read_journal(path: Path, runs: int = LARGEST_RUN) -> tuple[list[Entry], int]:
    """Read a journal.

    Parameters
    ----------
    path : Path
        It need not exist.
    runs : int
        Of the sweep; a line of runs that it does not have is as good as damaged.

    Returns
    -------
    entries : list of Entry
        By ascending run, overlapping ones left out.
    dropped : int
        How many lines were torn, damaged or overlapping.

    Raises
    ------
    StoreError
        If it is no regular file, larger than any, or the system refuses to read it.
    """
    read, lines = [], 0
    try:
        with open_regular(path, links=False) as file:
            while line := file.readline(LONGEST_LINE):
                lines += 1
                entry = entry_of(line)
                if entry is not None and entry.last <= runs:
                    read.append(entry)
                if file.tell() > LARGEST_JOURNAL:
                    raise UnfitFileError("an endless journal", f"at most {LARGEST_JOURNAL:,} bytes")
    except FileNotFoundError:
        return [], 0
    except UnfitFileError as error:
        raise StoreError(
            f"{path}: found {error.found}, expected {error.expected}. Remove it and go on with --resume (resume=True), "
            "which does all runs again, or restore it from a copy."
        ) from error
    except OSError as error:
        raise refused(error, path, "read") from error
    entries: list[Entry] = []
    for entry in sorted(read):
        if not entries or entry.first >= entries[-1].last:
            entries.append(entry)
    return entries, lines - len(entries)


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
