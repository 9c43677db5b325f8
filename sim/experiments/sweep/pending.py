r"""Pending chunks: what is done and in no shard yet, appended to one file a block of runs.

A shard holds a whole block of run numbers, so that a million runs are 16 files. Until a block is whole, its chunks lie
in ``pending/000000000000.chunks``, named by the first run of the block: for each a line as the journal has it, then as
many bytes of Parquet as the line says, appended as soon as the chunk comes back. What one process has written another
can read, so a kill costs the chunks in flight and no more. The files are synced every ten seconds and when the sweep
ends: a power cut costs what came back since.

A chunk that a kill has torn, or a disk has changed, does not have the digest of its line and is left out: its runs are
done again.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import InitVar, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final

import pyarrow as pa

from sim.errors import StoreError
from sim.experiments.sweep.chunks import ChunkResult
from sim.experiments.sweep.journal import LONGEST_LINE, Entry, entry_of, line_of
from sim.experiments.sweep.layout import PENDING_SUFFIX, Layout
from sim.experiments.sweep.shards import shard_bytes
from sim.store.atomic import refused, sync_folder, write_atomically
from sim.store.parquet_file import LARGEST_FILE, parquet_table
from sim.untrusted_file import UnfitFileError, open_regular

SYNC_SECONDS: Final = 10.0
MOST_PIECES: Final = 256
"""Chunks of a block above which those that can be are joined into one, where that makes them smaller."""
_REPAIR = "Do its runs again: remove the file, then  sim sweep ... --resume"


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """One pending chunk.

    Attributes
    ----------
    entry : Entry
        Its runs, and the size and digest of its bytes.
    path : Path
        The file that it is in.
    offset : int
        Where its bytes begin.
    """

    entry: Entry
    path: Path
    offset: int

    @property
    def end(self) -> int:
        """Where its bytes end."""
        return self.offset + self.entry.bytes

    def read(self, layout: Layout, columns: Sequence[str] | None = None) -> pa.Table:
        """Read its rows, or some of their columns.

        Raises
        ------
        StoreError
            If it cannot be read any more: another process has finished its block, or damaged it.
        """
        where = f"{self.path}, runs {self.entry.first} to {self.entry.last - 1}"
        try:
            with open_regular(self.path, links=False) as file:
                file.seek(self.offset)
                data = file.read(self.entry.bytes)
        except (UnfitFileError, FileNotFoundError):
            data = b""
        except OSError as error:
            raise refused(error, self.path, "read") from error
        if hashlib.sha256(data).hexdigest() != self.entry.sha256:
            raise StoreError(f"{where}: found them moved or changed by another process. Open the sweep again.")
        table = parquet_table(data, where, _REPAIR, layout.read(columns))
        return layout.checked(table, self.entry, where, _REPAIR, columns)


def read_pending(folder: Path, layout: Layout, done: Iterable[Entry], runs: int) -> list[Piece]:
    """Find the pending chunks that are whole.

    Parameters
    ----------
    folder : Path
        It need not exist.
    layout : Layout
        Of the sweep.
    done : iterable of Entry
        Shards; a chunk that shares runs with one is left out.
    runs : int
        Of the sweep.

    Returns
    -------
    list of Piece
        By ascending run, disjoint.

    Raises
    ------
    StoreError
        If the system refuses to read.
    """
    found: list[Piece] = []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == PENDING_SUFFIX) if folder.is_dir() else []
        for path in paths:
            with suppress(FileNotFoundError, UnfitFileError):  # finished meanwhile; none of ours
                found += _pieces(path)
    except OSError as error:
        raise refused(error, folder, "read") from error
    shards = sorted(done)
    firsts = [entry.first for entry in shards]
    kept: list[Piece] = []
    for piece in sorted(found):
        entry = piece.entry
        before = bisect_left(firsts, entry.last) - 1
        clear = before < 0 or shards[before].last <= entry.first
        follows = not kept or kept[-1].entry.last <= entry.first
        if clear and follows and entry.last <= runs and layout.is_in_block(entry, piece.path.name):
            kept.append(piece)
    return kept


def _pieces(path: Path) -> list[Piece]:
    pieces = []
    with open_regular(path, links=False) as file:
        size = os.fstat(file.fileno()).st_size
        if size > LARGEST_FILE:
            return []
        while (line := file.readline(LONGEST_LINE)) and (entry := entry_of(line)) is not None:
            offset = file.tell()
            if offset + entry.bytes > size:
                break
            if hashlib.sha256(file.read(entry.bytes)).hexdigest() == entry.sha256:
                pieces.append(Piece(entry, path, offset))
    return pieces


@dataclass(slots=True, eq=False)
class _Block:
    """A file that is being appended to."""

    file: int
    end: int
    pieces: list[Piece]
    synced: bool = True


@dataclass(slots=True, eq=False)
class Pending:
    """The pending chunks of a sweep that is being written.

    Parameters
    ----------
    folder : Path
        It exists.
    layout : Layout
        Of the sweep.
    earlier : list of Piece
        Those of an earlier session; whatever else lies in the folder is removed.
    """

    folder: Path
    layout: Layout
    earlier: InitVar[list[Piece]]
    _blocks: dict[int, _Block] = field(default_factory=dict, init=False)
    _synced_at: float = field(default=0.0, init=False)

    def __post_init__(self, earlier: list[Piece]) -> None:
        """Remove what is no chunk of this sweep, and cut off what a kill has torn."""
        self._synced_at = monotonic()
        by_path: dict[Path, list[Piece]] = {}
        for piece in earlier:
            by_path.setdefault(piece.path, []).append(piece)
        try:
            for path in sorted(self.folder.iterdir()):
                if path not in by_path:
                    path.unlink()
            for path, pieces in by_path.items():
                number, end = self.layout.block_of(pieces[0].entry.first), max(piece.end for piece in pieces)
                self._blocks[number] = _Block(_opened(path), end, pieces)
                os.ftruncate(self._blocks[number].file, end)
        except OSError as error:
            raise refused(error, self.folder) from error

    def _path(self, number: int) -> Path:
        return self.folder / self.layout.pending_name(number)

    @property
    def blocks(self) -> list[int]:
        """Numbers of the blocks that have chunks here."""
        return sorted(self._blocks)

    @property
    def entries(self) -> list[Entry]:
        """All chunks."""
        return [piece.entry for block in self._blocks.values() for piece in block.pieces]

    def of(self, number: int) -> list[Piece]:
        """Return the chunks of a block, by ascending run."""
        return sorted(self._blocks[number].pieces) if number in self._blocks else []

    def append(self, result: ChunkResult) -> None:
        """Add a chunk to the file of its block.

        Raises
        ------
        StoreError
            If the system refuses; the file is as it was.
        """
        data = shard_bytes(result.table)
        entry = Entry(result.first, result.last, result.failed, len(data), hashlib.sha256(data).hexdigest())
        number = self.layout.block_of(entry.first)
        path = self._path(number)
        line = line_of(entry)
        try:
            block = self._blocks.get(number)
            if block is None:
                block = self._blocks[number] = _Block(
                    os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644), 0, []
                )
            try:
                _write(block.file, line + data)
            except OSError:
                os.ftruncate(block.file, block.end)
                raise
        except OSError as error:
            raise refused(error, path) from error
        block.synced = False
        block.pieces.append(Piece(entry, path, block.end + len(line)))
        block.end += len(line) + len(data)
        if self.layout.joins and len(block.pieces) > MOST_PIECES:
            self._join(number)
        if monotonic() - self._synced_at >= SYNC_SECONDS:
            self.sync()

    def _join(self, number: int) -> None:
        """Replace the file of a block by one in which chunks that follow one another are one."""
        parts: list[bytes] = []
        pieces: list[Piece] = []
        path = self._path(number)
        end = 0
        for stretch in stretches(self.of(number)):
            data = shard_bytes(self.layout.joined([piece.read(self.layout) for piece in stretch]))
            failed = sum(piece.entry.failed for piece in stretch)
            digest = hashlib.sha256(data).hexdigest()
            entry = Entry(stretch[0].entry.first, stretch[-1].entry.last, failed, len(data), digest)
            parts += [line_of(entry), data]
            pieces.append(Piece(entry, path, end + len(parts[-2])))
            end = pieces[-1].end
        write_atomically(path, b"".join(parts))
        os.close(self._blocks.pop(number).file)
        try:
            self._blocks[number] = _Block(_opened(path), end, pieces)
        except OSError as error:
            raise refused(error, path) from error

    def sync(self) -> None:
        """Sync what was written since the last time.

        Raises
        ------
        StoreError
            If the system refuses.
        """
        try:
            for block in self._blocks.values():
                if not block.synced:
                    os.fsync(block.file)
                    block.synced = True
            sync_folder(self.folder)
        except OSError as error:
            raise refused(error, self.folder) from error
        self._synced_at = monotonic()

    def drop(self, number: int) -> None:
        """Remove the file of a block that is in shards."""
        block = self._blocks.pop(number)
        os.close(block.file)
        try:
            self._path(number).unlink()
        except OSError as error:
            raise refused(error, self._path(number)) from error

    def close(self) -> None:
        """Close the files."""
        with ExitStack() as stack:
            for block in self._blocks.values():
                stack.callback(os.close, block.file)
            self._blocks = {}


def stretches(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Group chunks by ascending run so that each group has no gap."""
    found: list[list[Piece]] = []
    for piece in pieces:
        if found and found[-1][-1].entry.last == piece.entry.first:
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def _opened(path: Path) -> int:
    """Open a file to append to, which is made if it is not there."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
