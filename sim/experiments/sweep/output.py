"""The folder of a sweep, opened for writing: new, or as an earlier session left it, with all damage found first.

::

    scenario.yaml   the scenario that is varied, complete, for the commands that repeat a run
    sweep.json      what is swept, and with what (`sim.experiments.sweep.identity`)
    journal.jsonl   a line a shard (`sim.experiments.sweep.journal`)
    shards/         000000000000-000000065536.parquet ... (`sim.experiments.sweep.shards`)
    pending/        chunks of blocks that are not whole yet (`sim.experiments.sweep.pending`)
    lock            held by the process that writes
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import StoreError
from sim.experiments.sweep.chunks import ChunkResult
from sim.experiments.sweep.identity import IDENTITY, check_same, read_identity
from sim.experiments.sweep.intervals import Interval, missing, size
from sim.experiments.sweep.journal import Entry, Journal, read_journal, shard_name
from sim.experiments.sweep.layout import JOURNAL, PENDING, SCENARIO, SHARDS, Layout
from sim.experiments.sweep.lock import LOCK, check_held, locked
from sim.experiments.sweep.pending import Pending, read_pending, stretches
from sim.experiments.sweep.shards import PARTIAL, fault_of, remove_strangers, write_shard
from sim.store.atomic import check_path, refused, write_atomically
from sim.store.json_text import json_text
from sim.untrusted_file import UnfitFileError, read_bounded


@dataclass(slots=True, eq=False)
class Output:
    """A folder that this process writes a sweep to.

    Attributes
    ----------
    folder : Path
        Where.
    layout : Layout
        Of its files.
    journal : Journal
        Open.
    entries : list of Entry
        Shards that are safely there.
    pending : Pending
        Chunks of blocks that are not whole yet.
    repaired : int
        Runs of an earlier session whose shards were missing or damaged.
    lock : int
        File descriptor of the lock.
    """

    folder: Path
    layout: Layout
    journal: Journal
    entries: list[Entry]
    pending: Pending
    repaired: int
    lock: int

    _left: dict[int, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Find what each block lacks."""
        for first, last in missing(((entry.first, entry.last) for entry in self._kept), self.layout.runs):
            for number in range(self.layout.block_of(first), self.layout.block_of(last - 1) + 1):
                begin, end = self.layout.span(number)
                self._left[number] = self._left.get(number, 0) + min(last, end) - max(first, begin)

    @property
    def _kept(self) -> list[Entry]:
        return [*self.entries, *self.pending.entries]

    @property
    def failed(self) -> int:
        """Failed runs so far."""
        return sum(entry.failed for entry in self._kept)

    @property
    def done(self) -> int:
        """Runs so far."""
        return sum(entry.last - entry.first for entry in self._kept)

    def left(self) -> list[Interval]:
        """Return what is not done."""
        return missing(((entry.first, entry.last) for entry in self._kept), self.layout.runs)

    def keep(self, result: ChunkResult) -> None:
        """Add a chunk to its block; if that is whole now, write its shard, then its line in the journal.

        Raises
        ------
        StoreError
            If the system refuses; everything kept before is still there.
        """
        check_held(self.folder, self.lock)
        self.pending.append(result)
        number = self.layout.block_of(result.first)
        self._left[number] -= result.last - result.first
        if self._left[number] == 0:
            self.finish(number)

    def finish(self, number: int) -> None:
        """Write the shard of a block that is whole, and its line; then its chunks may go."""
        shards = self.folder / SHARDS
        for stretch in stretches(self.pending.of(number)):
            first, last = stretch[0].entry.first, stretch[-1].entry.last
            table = self.layout.joined([piece.read(self.layout) for piece in stretch])
            try:
                entry = write_shard(shards, first, last, sum(piece.entry.failed for piece in stretch), table)
                self.journal.append(entry)
            except StoreError:
                with contextlib.suppress(OSError):
                    (shards / shard_name(first, last)).unlink()
                raise
            self.entries.append(entry)
        self.pending.drop(number)

    def finish_whole(self) -> None:
        """Write the shards of blocks that were whole when an earlier session ended."""
        for number in self.pending.blocks:
            if self._left.get(number, 0) == 0:
                self.finish(number)


@contextlib.contextmanager
def output(folder: Path, identity: Mapping[str, Any], scenario: Mapping[str, Any], *, resume: bool) -> Iterator[Output]:
    """Open a folder to write a sweep to.

    Parameters
    ----------
    folder : Path
        New or empty, or with a sweep that has done no run; or with a sweep, if `resume`.
    identity : mapping
        What is swept, as `sim.experiments.sweep.identity.identity_of` says.
    scenario : mapping
        The scenario that is varied, as `Scenario.to_dict` returns it.
    resume : bool
        Whether to go on with what is there. With nothing there the sweep begins.

    Yields
    ------
    Output

    Raises
    ------
    StoreError
        If the folder holds something else, another process writes to it, it was begun with something else, or the
        system refuses.
    """
    check_path(folder)
    _refuse_others(folder)
    try:
        for part in (folder / SHARDS, folder / PENDING):
            part.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(error, folder) from error
    for part in (folder / SHARDS, folder / PENDING):
        if part.is_symlink():  # whose files would be taken for what a killed process left
            raise StoreError(f"{part}: found a symbolic link, expected a folder. Name the folder itself in --out.")
    with locked(folder) as lock:
        if os.path.lexists(folder / IDENTITY):
            entries, repaired = _earlier(folder, identity, resume)
            if not is_scenario_file(folder, scenario):
                write_atomically(folder / SCENARIO, scenario_bytes(scenario))
        else:
            write_atomically(folder / SCENARIO, scenario_bytes(scenario))
            write_atomically(folder / IDENTITY, json_text(identity, ordered=("experiment",)).encode())
            entries, repaired = [], 0
        layout = Layout.of(identity)
        remove_strangers(folder, ())
        remove_strangers(folder / SHARDS, entries)
        pending = Pending(folder / PENDING, layout, read_pending(folder / PENDING, layout, entries, layout.runs))
        try:
            journal = Journal(folder / JOURNAL, entries)
            try:
                sink = Output(folder, layout, journal, entries, pending, repaired, lock)
                sink.finish_whole()
                yield sink
                pending.sync()
            finally:
                journal.close()
        finally:
            pending.close()


def scenario_bytes(scenario: Mapping[str, Any]) -> bytes:
    """Return a scenario as ``scenario.yaml`` holds it."""
    return json_text(scenario, ordered=tuple(scenario)).encode()


def is_scenario_file(folder: Path, scenario: Mapping[str, Any]) -> bool:
    """Return whether ``scenario.yaml`` holds this scenario, as it was written."""
    expected = scenario_bytes(scenario)
    try:
        return read_bounded(folder / SCENARIO, len(expected), links=False) == expected
    except (UnfitFileError, OSError):
        return False


def _refuse_others(folder: Path) -> None:
    """Refuse a folder that holds something but no sweep."""
    try:
        names = sorted(os.listdir(folder)) if os.path.lexists(folder) else []
    except OSError as error:
        raise refused(error, folder) from error
    others = [name for name in names if name not in (LOCK, SCENARIO, SHARDS, PENDING) and not name.endswith(PARTIAL)]
    if others and IDENTITY not in others:
        raise StoreError(
            f"{folder}: found {', '.join(others[:5])}{' ...' if len(others) > 5 else ''}, expected a sweep or an empty "
            "folder. Choose another folder with --out."
        )


def _earlier(folder: Path, identity: Mapping[str, Any], resume: bool) -> tuple[list[Entry], int]:
    """Return the shards of an earlier session that are undamaged, and how many runs are not."""
    identity_before = read_identity(folder)
    entries, _ = read_journal(folder / JOURNAL, identity["runs"])
    pieces = read_pending(folder / PENDING, Layout.of(identity), entries, identity["runs"])
    done = size((entry.first, entry.last) for entry in (*entries, *(piece.entry for piece in pieces)))
    if done and not resume:  # one that never did a run, as without its cluster, may as well begin
        raise StoreError(
            f"{folder}: found a sweep, {done:,} of {identity_before['runs']:,} runs done, expected an empty folder. "
            "Go on with it with --resume (resume=True), or choose another folder with --out."
        )
    check_same(folder, identity_before, identity)
    whole = [entry for entry in entries if fault_of(folder / SHARDS, entry) is None]
    bad = {*entries} - {*whole}
    return whole, size((entry.first, entry.last) for entry in bad)
