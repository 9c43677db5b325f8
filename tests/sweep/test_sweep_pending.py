"""Pending chunks: few files and few syncs, and whatever was done is kept and read back before its shard is whole."""

import os
from itertools import pairwise

import pandas as pd
import pytest
from small_experiment import small_experiment

import sim
from sim.errors import StoreError
from sim.experiments.sweep import layout, pending
from sim.experiments.sweep.journal import Entry, entry_of
from sim.experiments.sweep.layout import Layout
from sim.experiments.sweep.pending import read_pending


@pytest.fixture(scope="module")
def experiment():
    """Make a hundred runs."""
    return small_experiment()


@pytest.fixture(scope="module")
def whole(experiment, tmp_path_factory):
    """Sweep them without anything happening."""
    return sim.sweep(experiment, tmp_path_factory.mktemp("whole") / "sweep")


@pytest.fixture
def begun(experiment, tmp_path, monkeypatch):
    """Sweep in chunks of one run and shards of 30, until something over 40 runs are done."""
    monkeypatch.setattr(layout, "SHARD_RUNS", 30)

    class Enough(Exception):
        pass

    def stop(done, _runs):
        if done > 40:
            raise Enough

    with pytest.raises(Enough):
        sim.sweep(experiment, tmp_path / "sweep", threads=1, chunk_seconds=1e-6, progress=stop)
    return sim.open_sweep(tmp_path / "sweep")


def test_what_is_pending_is_read_back(begun, whole):
    """Rows, summary and query of an unfinished sweep have the runs of whole shards and those that wait for theirs."""
    assert [path.name for path in begun.files] == ["000000000000-000000000030.parquet"]
    assert [path.name for path in (begun.folder / "pending").iterdir()] == ["000000000030.chunks"]
    assert begun.missing == [(begun.done, 100)]
    assert 40 < begun.done < 60
    pd.testing.assert_frame_equal(begun.frame(), whole.frame().head(begun.done))
    assert begun.summary["runs"].sum() == begun.done
    pytest.importorskip("duckdb")
    counted = begun.relation().aggregate("count(*), sum(deaths)").fetchall()
    assert counted == [(begun.done, begun.frame()["deaths"].sum())]


def test_going_on_does_no_pending_run_again(begun, experiment, whole):
    """What was pending counts when the sweep goes on, and ends in shards."""
    reported = []
    again = sim.sweep(experiment, begun.folder, resume=True, progress=lambda done, _runs: reported.append(done))
    assert reported[0] == begun.done
    assert again.digest == whole.digest
    assert len(again.files) == 4
    assert list((begun.folder / "pending").iterdir()) == []


def parts_of(path):
    """Return the lines of a file of chunks, each with where its bytes begin and end."""
    data, at, parts = path.read_bytes(), 0, []
    while at < len(data):
        begin = data.index(b"\n", at) + 1
        entry = entry_of(data[at:begin])
        parts.append((entry, begin, begin + entry.bytes))
        at = begin + entry.bytes
    return parts


@pytest.mark.parametrize("how", ["cut within a line", "cut within bytes", "a bit changed", "noise behind", "a pipe"])
def test_a_damaged_file_of_chunks(begun, experiment, whole, how):
    """Chunks that a kill has torn or a disk has changed are left out, the others stay, and the sweep ends as ever."""
    path = begun.folder / "pending" / "000000000030.chunks"
    parts, data = parts_of(path), path.read_bytes()
    runs = {run for entry, *_ in parts for run in range(entry.first, entry.last)}
    entry, begin, end = parts[3]
    lost = set(range(entry.first, entry.last))
    if how == "a bit changed":
        path.write_bytes(data[: begin + 9] + bytes([data[begin + 9] ^ 4]) + data[begin + 10 :])
    elif how == "noise behind":
        path.write_bytes(data + b"\xff" * 5000)
        lost = set()
    elif how == "a pipe":
        path.unlink()
        os.mkfifo(path)
        lost = runs
    else:
        path.write_bytes(data[: begin - 5 if how == "cut within a line" else end - 5])
        lost = {run for run in runs if run >= entry.first}
    damaged = sim.open_sweep(begun.folder)
    assert {run for first, last in damaged.missing for run in range(first, last)} - lost == set(range(begun.done, 100))
    assert damaged.done == begun.done - len(lost)
    assert sim.sweep(experiment, begun.folder, resume=True).digest == whole.digest


def test_chunks_that_a_shard_has_are_left_out(begun):
    """A kill between a shard's line and the removal of its chunks leaves both; the shard counts."""
    entries = [entry for entry, *_ in parts_of(begun.folder / "pending" / "000000000030.chunks")]
    form = Layout.of(begun.identity)
    folder = begun.folder / "pending"
    assert [piece.entry for piece in read_pending(folder, form, [], 100)] == entries
    assert read_pending(folder, form, [Entry(30, 60, 0, 9, "ab")], 100) == []
    assert [piece.entry for piece in read_pending(folder, form, [], entries[1].last)] == entries[:2]


def test_a_file_under_the_name_of_another_block(begun, experiment, whole):
    """Chunks in a file that is not named by their block are as good as none."""
    folder = begun.folder / "pending"
    (folder / "000000000030.chunks").rename(folder / "000000000060.chunks")
    assert sim.open_sweep(begun.folder).done == 30
    assert sim.sweep(experiment, begun.folder, resume=True).digest == whole.digest


def test_reading_while_another_process_finishes(begun, experiment):
    """A sweep that was opened before its chunks became a shard says so instead of showing nothing."""
    sim.sweep(experiment, begun.folder, resume=True)
    with pytest.raises(StoreError, match=r"000000000030\.chunks, runs 30 to \d+: found them moved"):
        begun.frame()
    assert sim.open_sweep(begun.folder).complete


def test_chunks_are_written_at_once_and_synced_every_ten_seconds(experiment, tmp_path, monkeypatch):
    """Each chunk that comes back can be read by another process; files of chunks are synced by the clock."""
    synced, sync, clock, seen, folder = [], os.fsync, [0.0], [], tmp_path / "sweep" / "pending"

    def watch(file):
        if os.fstat(file).st_ino in {path.stat().st_ino for path in folder.glob("*.chunks")}:
            synced.append(clock[0])
        sync(file)

    def look(done, _runs):
        clock[0] += 3.0
        if done and (tmp_path / "sweep" / "journal.jsonl").exists():
            seen.append(sim.open_sweep(tmp_path / "sweep").done == done)

    monkeypatch.setattr(os, "fsync", watch)
    monkeypatch.setattr(pending, "monotonic", lambda: clock[0])
    sim.sweep(experiment, tmp_path / "sweep", threads=1, chunk_seconds=1e-6, progress=look)
    assert len(seen) > 20
    assert all(seen)
    gaps = {round(later - earlier) for earlier, later in pairwise(synced)}
    assert len(synced) > 5
    assert gaps == {12}


def test_a_million_runs_are_at_most_a_hundred_files(experiment):
    """Shards hold 65,536 runs, whatever a chunk is."""
    million = Layout.of({"keep": "runs", "columns": [], "outputs": [], "runs": 1_000_000, "replications": 1000})
    assert million.block_of(999_999) + 1 == 16
    assert million.span(15) == (983_040, 1_000_000)
    assert sim.sweep(experiment.resized(replications=250_000), "nowhere", dry_run=True).files == 16
