"""A sweep's folder that somebody made by hand: one line says what is wrong and what to do, nothing else is touched."""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import zlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_experiment import small_experiment

import sim
from sim.errors import StoreError
from sim.experiments.sweep import layout
from sim.experiments.sweep.journal import Entry, line_of, read_journal
from sim.experiments.sweep.lock import LOCK, locked


@pytest.fixture(scope="module")
def experiment():
    """Make 40 runs."""
    return small_experiment(replications=10)


@pytest.fixture(scope="module", autouse=True)
def small_shards():
    """Let a shard have two runs, so that these sweeps have twenty."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(layout, "SHARD_RUNS", 2)
        yield


@pytest.fixture(scope="module")
def kept(experiment, tmp_path_factory):
    """Sweep them in many shards, once."""
    return sim.sweep(experiment, tmp_path_factory.mktemp("kept") / "sweep", chunk_seconds=1e-6)


@pytest.fixture
def folder(kept, tmp_path):
    """Copy the folder, to be spoiled."""
    return shutil.copytree(kept.folder, tmp_path / "sweep")


def line(text):
    """Return a line of the journal with a right checksum."""
    return b"%08x %s\n" % (zlib.crc32(text.encode()), text.encode())


ENTRY = '{"bytes": %s, "failed": %s, "first": %s, "last": %s, "sha256": %s}'
WRONG_LINES = [
    ENTRY % (9, 0, "0.5", 2, '"ab"'),
    ENTRY % (9, 0, 0, "Infinity", '"ab"'),
    ENTRY % (9, 0, 0, "1e400", '"ab"'),
    ENTRY % (9, 0, '"0"', 2, '"ab"'),
    ENTRY % (9, 0, "true", 2, '"ab"'),
    ENTRY % ("null", 0, 0, 2, '"ab"'),
    ENTRY % (9, 0, 0, 2, "5"),
    ENTRY % (9, 0, 0, 99999999999999999999, '"ab"'),
    ENTRY % (9, 0, 0, 4_000_000_000, '"ab"'),
    ENTRY % (9, 0, 40, 44, '"ab"'),
    "[" * 100_000,
    "[]",
    "5",
    '{"bytes": 9}',
]


def test_lines_with_a_right_checksum_and_wrong_values(folder, kept):
    """A line that no sweep writes is as good as a torn one, whatever its checksum."""
    journal = folder / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b"".join(map(line, WRONG_LINES)))
    entries, dropped = read_journal(journal, 40)
    assert (len(entries), dropped >= len(WRONG_LINES)) == (len(kept.files), True)
    assert sim.open_sweep(folder).digest == kept.digest


def change(folder, **facts):
    """Change facts of ``sweep.json``; ``...`` takes one away."""
    path = folder / "sweep.json"
    content = json.loads(path.read_text()) | facts
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not ...}))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"runs": "many"}, "runs: found 'many', expected a valid integer"),
        ({"runs": ...}, "runs: found nothing, expected this key"),
        ({"runs": 10**12}, "runs: found 1000000000000, expected less"),
        ({"replications": 0}, "replications: found 0, expected greater"),
        ({"columns": ...}, "columns: found nothing"),
        ({"columns": ["run", "row", "replication", "seed", "pace", "pace", "failure"]}, r"columns: found \['run'"),
        ({"columns": ["row", "replication", "seed", "pace", "failure"]}, r"columns: found \['row'"),
        ({"experiment": ...}, "experiment: found nothing"),
        ({"experiment": [1]}, r"experiment: found \[1\], expected a valid dictionary"),
        ({"versions": ["a"]}, "versions: found"),
        ({"outputs": None}, "outputs: found None"),
    ],
)
def test_an_identity_of_another_kind(folder, experiment, facts, said):
    """Each fact of ``sweep.json`` has a kind; opening and going on say which has another, and how to keep shards."""
    change(folder, **facts)
    for attempt in (lambda: sim.open_sweep(folder), lambda: sim.sweep(experiment, folder, resume=True)):
        with pytest.raises(StoreError, match=rf"sweep\.json: {said}.*keeps every whole shard"):
            attempt()


@pytest.mark.parametrize(
    "facts",
    [{"runs": 41}, {"replications": 20}, {"outputs": []}, {"columns": ["run", "failure"]}, {"shares": []}],
)
def test_an_identity_that_does_not_fit_its_experiment(folder, experiment, facts):
    """What is stated beside the experiment and follows from it is compared with it."""
    change(folder, **facts)
    (key,) = facts
    with pytest.raises(StoreError, match=rf"sweep\.json: {key}: found"):
        _ = sim.open_sweep(folder).summary
    with pytest.raises(StoreError, match=f"{key}|experiment"):
        sim.sweep(experiment, folder, resume=True)


def test_an_experiment_that_is_none(folder):
    """An experiment that cannot be read is told as such, by the folder's name."""
    change(folder, experiment={"schema_version": 1})
    opened = sim.open_sweep(folder)
    assert "40 runs" in repr(opened)
    with pytest.raises(ValueError, match=str(folder)):
        _ = opened.experiment


def test_a_damaged_identity_is_mended_as_the_message_says(folder, kept, experiment, tmp_path):
    """The same sweep, begun elsewhere, gives back ``sweep.json``; then every whole shard counts again."""
    (folder / "sweep.json").write_bytes(b"\0" * 100)
    with pytest.raises(StoreError, match=r"begin the same sweep .* in another folder, stop it, copy"):
        sim.open_sweep(folder)
    assert len(pd.read_parquet(folder / "shards")) == 40
    shutil.copy(sim.sweep(experiment, tmp_path / "other").folder / "sweep.json", folder / "sweep.json")
    before = {path: path.stat().st_mtime_ns for path in (folder / "shards").iterdir()}
    assert sim.sweep(experiment, folder, resume=True).digest == kept.digest
    assert {path: path.stat().st_mtime_ns for path in (folder / "shards").iterdir()} == before


def replaced(folder, table):
    """Put a table in place of the first shard, with a line in the journal that fits its bytes."""
    first, *others = read_journal(folder / "journal.jsonl")[0]
    pq.write_table(table, folder / "shards" / first.file)
    data = (folder / "shards" / first.file).read_bytes()
    entry = Entry(first.first, first.last, 0, len(data), hashlib.sha256(data).hexdigest())
    (folder / "journal.jsonl").write_bytes(b"".join(map(line_of, [entry, *others])))
    return sim.open_sweep(folder)


def with_column(table, name, values):
    """Return a table with other values in a column."""
    return table.set_column(table.column_names.index(name), name, values)


SPOILS = {
    "no columns": lambda t: t.select(["run"]),
    "another column": lambda t: t.rename_columns([*t.column_names[:-1], "other"]),
    "no rows": lambda t: t.slice(0, 0),
    "text for run": lambda t: with_column(t, "run", pa.array(["x"] * len(t))),
    "other runs": lambda t: with_column(t, "run", pa.array(np.arange(len(t)) + 5)),
    "unknown runs": lambda t: with_column(t, "run", pa.nulls(len(t), pa.int64())),
    "other rows": lambda t: with_column(t, "row", pa.array(np.full(len(t), 3))),
    "rows below 0": lambda t: with_column(t, "row", pa.array(np.full(len(t), -1))),
    "text for a number": lambda t: with_column(t, "deaths", pa.array(["x"] * len(t))),
    "a number for text": lambda t: with_column(t, "failure", pa.array([1.0] * len(t))),
    "a signed seed": lambda t: with_column(t, "seed", pa.array([7] * len(t), pa.int64())),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_shards_that_are_not_of_the_sweep(folder, kept, spoil):
    """Rows that the journal and ``sweep.json`` do not announce are refused wherever they are read."""
    table = pq.read_table(kept.files[0])
    spoiled = replaced(folder, SPOILS[spoil](table))
    reads = [lambda s: s.digest, lambda s: list(s.rows), lambda s: s.frame(), lambda s: s.summary]
    for read in reads[: 3 if spoil == "a signed seed" else None]:  # which a summary does not read
        with pytest.raises(StoreError, match=r"\.parquet: .*--resume"):
            read(spoiled)


def test_a_factor_of_another_kind(folder, kept):
    """A shard whose factor is text where it is a number elsewhere is named when it is read beside the others."""
    table = pq.read_table(kept.files[0])
    spoiled = replaced(folder, with_column(table, "pace", pa.array(["x"] * len(table))))
    for read in (lambda s: s.digest, lambda s: s.frame(), lambda s: list(s.rows)):
        with pytest.raises(StoreError, match=r"\.parquet: found columns of other kinds.*--resume"):
            read(spoiled)


@pytest.mark.parametrize("what", ["pipe", "device", "link", "folder"])
def test_a_shard_that_is_no_regular_file(folder, kept, experiment, tmp_path, what):
    """It is named when the sweep is opened, without waiting; its runs are done again unless a folder is in the way."""
    path = folder / "shards" / kept.files[2].name
    path.rename(tmp_path / "elsewhere")
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero" if what == "device" else tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="no regular file"):
        sim.open_sweep(folder)
    if what == "folder":
        with pytest.raises(StoreError, match="cannot be written"):
            sim.sweep(experiment, folder, resume=True)
    else:
        assert sim.sweep(experiment, folder, resume=True).digest == kept.digest


@pytest.mark.parametrize("name", ["journal.jsonl", "sweep.json"])
def test_a_part_that_is_no_regular_file(folder, name):
    """A pipe in place of a file of the folder is refused without waiting."""
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(StoreError, match=name):
        sim.open_sweep(folder)


def test_a_lock_that_leads_elsewhere(folder, experiment, tmp_path):
    """A link in place of the lock is not followed: what it names keeps its content."""
    (tmp_path / "precious").write_text("mine")
    (folder / LOCK).unlink()
    (folder / LOCK).symlink_to(tmp_path / "precious")
    with pytest.raises(StoreError, match="lock"):
        sim.sweep(experiment, folder, resume=True)
    assert (tmp_path / "precious").read_text() == "mine"


def test_shards_that_lead_elsewhere(folder, experiment, tmp_path):
    """A link in place of the folder of shards is refused: what is in it would be taken for leftovers and removed."""
    (folder / "shards").rename(tmp_path / "elsewhere")
    (folder / "shards").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "precious.parquet").write_text("mine")
    with pytest.raises(StoreError, match="symbolic link"):
        sim.sweep(experiment, folder, resume=True)
    assert (tmp_path / "elsewhere" / "precious.parquet").exists()


def test_a_relation_without_runs(folder):
    """A sweep that has done no run yet has no rows to query, and says so."""
    (folder / "journal.jsonl").write_bytes(b"")
    for read in (lambda s: s.relation(), lambda s: s.arrow()):
        with pytest.raises(StoreError, match="no run done yet"):
            read(sim.open_sweep(folder))


@pytest.mark.parametrize("content", [None, b"{}", b"x" * 10**6])
def test_a_scenario_file_that_is_not_the_sweeps(folder, experiment, content):
    """A command that repeats a run names no scenario that was changed; going on writes it again."""
    path = folder / "scenario.yaml"
    whole = path.read_bytes()
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(StoreError, match=r"scenario\.yaml: found another scenario.*--resume"):
        sim.open_sweep(folder).command(3)
    again = sim.sweep(experiment, folder, resume=True)
    assert path.read_bytes() == whole
    assert again.command(3) == sim.open_sweep(folder).command(3)


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOLCK, errno.EIO, errno.EOPNOTSUPP])
def test_a_file_system_without_locks(experiment, tmp_path, monkeypatch, code):
    """A file system that cannot lock is told as such; nobody is waited for who does not exist."""

    def refuse(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StoreError, match=rf"cannot lock files \({os.strerror(code)}\).*local disk"):
        sim.sweep(experiment, tmp_path / "sweep")


def test_a_lock_that_is_removed_while_a_sweep_runs(experiment, tmp_path):
    """The sweep stops instead of writing beside another; what it did is kept and the next finishes it."""
    folder = tmp_path / "sweep"

    def removed(done, _runs):
        if done:
            (folder / LOCK).unlink(missing_ok=True)

    with pytest.raises(StoreError, match=r"lock: removed while this process was writing.*--resume"):
        sim.sweep(experiment, folder, threads=1, chunk_seconds=1e-6, progress=removed)
    assert 0 < sim.open_sweep(folder).done < 40
    with locked(folder):
        pass
    assert sim.sweep(experiment, folder, resume=True).complete
