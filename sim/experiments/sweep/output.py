"""The folder of a sweep, opened for writing: new, or as an earlier session left it, with all damage found first.

::

    scenario.yaml   the scenario that is varied, complete, for the commands that repeat a run
    sweep.json      what is swept, and with what (`sim.experiments.sweep.identity`)
    journal.jsonl   a line a shard (`sim.experiments.sweep.journal`)
    shards/         000000000000-000000000250.parquet ... (`sim.experiments.sweep.shards`)
    lock            held by the process that writes
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import StoreError
from sim.experiments.sweep.chunks import ChunkResult
from sim.experiments.sweep.identity import IDENTITY, check_same, read_identity
from sim.experiments.sweep.intervals import Interval, missing, size
from sim.experiments.sweep.journal import Entry, Journal, read_journal, shard_name
from sim.experiments.sweep.lock import LOCK, check_held, locked
from sim.experiments.sweep.shards import PARTIAL, fault_of, remove_strangers, write_shard
from sim.store.atomic import check_path, refused, write_atomically
from sim.store.json_text import json_text
from sim.untrusted_file import UnfitFileError, read_bounded

JOURNAL, SCENARIO, SHARDS = "journal.jsonl", "scenario.yaml", "shards"


@dataclass(slots=True, eq=False)
class Output:
    """A folder that this process writes a sweep to.

    Attributes
    ----------
    folder : Path
        Where.
    journal : Journal
        Open.
    entries : list of Entry
        Shards that are safely there.
    repaired : int
        Runs of an earlier session whose shards were missing or damaged.
    lock : int
        File descriptor of the lock.
    """

    folder: Path
    journal: Journal
    entries: list[Entry]
    repaired: int
    lock: int

    @property
    def failed(self) -> int:
        """Failed runs so far."""
        return sum(entry.failed for entry in self.entries)

    def left(self, runs: int) -> list[Interval]:
        """Return what is not done of so many runs."""
        return missing(((entry.first, entry.last) for entry in self.entries), runs)

    def keep(self, result: ChunkResult) -> None:
        """Write a shard, then its line in the journal.

        Raises
        ------
        StoreError
            If the system refuses; everything kept before is still there.
        """
        shards = self.folder / SHARDS
        check_held(self.folder, self.lock)
        try:
            entry = write_shard(shards, result)
            self.journal.append(entry)
        except StoreError:
            with contextlib.suppress(OSError):
                (shards / shard_name(result.first, result.last)).unlink()
            raise
        self.entries.append(entry)


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
        (folder / SHARDS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(error, folder) from error
    if (folder / SHARDS).is_symlink():  # whose files would be taken for what a killed process left
        raise StoreError(
            f"{folder / SHARDS}: found a symbolic link, expected a folder. Name the folder itself in --out."
        )
    with locked(folder) as lock:
        if os.path.lexists(folder / IDENTITY):
            entries, repaired = _earlier(folder, identity, resume)
            if not is_scenario_file(folder, scenario):
                write_atomically(folder / SCENARIO, scenario_bytes(scenario))
        else:
            write_atomically(folder / SCENARIO, scenario_bytes(scenario))
            write_atomically(folder / IDENTITY, json_text(identity, ordered=("experiment",)).encode())
            entries, repaired = [], 0
        remove_strangers(folder, ())
        remove_strangers(folder / SHARDS, entries)
        journal = Journal(folder / JOURNAL, entries)
        try:
            yield Output(folder, journal, entries, repaired, lock)
        finally:
            journal.close()


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
    others = [name for name in names if name not in (LOCK, SCENARIO, SHARDS) and not name.endswith(PARTIAL)]
    if others and IDENTITY not in others:
        raise StoreError(
            f"{folder}: found {', '.join(others[:5])}{' ...' if len(others) > 5 else ''}, expected a sweep or an empty "
            "folder. Choose another folder with --out."
        )


def _earlier(folder: Path, identity: Mapping[str, Any], resume: bool) -> tuple[list[Entry], int]:
    """Return the shards of an earlier session that are undamaged, and how many runs are not."""
    identity_before = read_identity(folder)
    entries, _ = read_journal(folder / JOURNAL, identity["runs"])
    done = size((entry.first, entry.last) for entry in entries)
    if done and not resume:  # one that never did a run, as without its cluster, may as well begin
        raise StoreError(
            f"{folder}: found a sweep, {done:,} of {identity_before['runs']:,} runs done, expected an empty folder. "
            "Go on with it with --resume (resume=True), or choose another folder with --out."
        )
    check_same(folder, identity_before, identity)
    whole = [entry for entry in entries if fault_of(folder / SHARDS, entry) is None]
    bad = {*entries} - {*whole}
    return whole, size((entry.first, entry.last) for entry in bad)
