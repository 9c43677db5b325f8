"""The folder of a sweep: what is refused, what is found damaged, what is done again."""

import contextlib
import errno
import itertools
import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from small_experiment import small_experiment

import sim
from sim.errors import StoreError, UsageError
from sim.experiments.sweep import identity as identity_module
from sim.experiments.sweep import layout
from sim.experiments.sweep.chunks import Work
from sim.experiments.sweep.identity import identity_of
from sim.experiments.sweep.journal import entry_of, line_of, read_journal
from sim.experiments.sweep.lock import locked
from sim.experiments.sweep.output import output


@pytest.fixture(autouse=True)
def small_shards(monkeypatch):
    """Let a shard have two runs, so that these sweeps have thirty."""
    monkeypatch.setattr(layout, "SHARD_RUNS", 2)


@pytest.fixture(scope="module")
def experiment():
    """Make 60 runs."""
    return small_experiment(replications=15)


@pytest.fixture
def done(experiment, tmp_path):
    """Sweep them in many shards."""
    sweep = sim.sweep(experiment, tmp_path / "sweep", chunk_seconds=1e-6)
    assert len(sweep.files) > 20
    assert sweep.digest  # read now: it is compared with what is there after the damage
    return sweep


def resumed(done, experiment, **more):
    """Go on with a sweep."""
    return sim.sweep(experiment, done.folder, resume=True, **more)


def damage_truncated(path):
    """Cut the end off a file."""
    path.write_bytes(path.read_bytes()[:-7])


def damage_flipped(path):
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [damage_truncated, damage_flipped, os.unlink])
def test_a_damaged_shard(done, experiment, damage):
    """A shard that is truncated, changed or gone is named when the sweep is opened, and its runs are done again."""
    victim, others = done.files[7], [path for path in done.files if path != done.files[7]]
    before = {path: path.stat().st_mtime_ns for path in others}
    damage(victim)
    with pytest.raises(StoreError, match=rf"1 of \d+ shards are damaged \({victim.name} \w+\).*--resume"):
        sim.open_sweep(done.folder)
    again = resumed(done, experiment)
    assert again.digest == done.digest
    assert {path: path.stat().st_mtime_ns for path in others} == before  # the others were not done again
    sim.open_sweep(done.folder)


@pytest.mark.parametrize("kept", [0, 1, 9])
@pytest.mark.parametrize("torn", [b"", b'5f0a9c1e {"bytes": 18211, "fai', b"\xff\xfe\n"])
def test_a_torn_journal(done, experiment, kept, torn):
    """Whatever is left of the journal, the runs that it does not name are done again, and no others."""
    journal = done.folder / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:kept]) + torn)
    before = [path.stat().st_mtime_ns for path in (done.folder / "shards" / entry_of(x).file for x in lines[:kept])]
    assert sim.open_sweep(done.folder).done == sum(entry_of(x).last - entry_of(x).first for x in lines[:kept])
    again = resumed(done, experiment)
    assert again.digest == done.digest
    assert [p.stat().st_mtime_ns for p in (done.folder / "shards" / entry_of(x).file for x in lines[:kept])] == before
    entries, dropped = read_journal(journal)
    assert dropped == 0
    assert {path.name for path in (done.folder / "shards").iterdir()} == {entry.file for entry in entries}


def test_a_line_of_the_journal_that_was_changed(done):
    """A line with another number in it fails its checksum."""
    line = (done.folder / "journal.jsonl").read_bytes().splitlines(keepends=True)[3]
    assert line_of(entry_of(line)) == line
    assert entry_of(line.replace(b'"failed": 0', b'"failed": 1')) is None


def test_what_killed_processes_leave_is_removed(done, experiment):
    """Half-written files and shards without a line in the journal are removed when the sweep goes on."""
    strays = [done.folder / "shards" / ".0.partial", done.folder / "shards" / "000000000900-000000000901.parquet"]
    strays.append(done.folder / ".sweep.json.0123.partial")
    for path in strays:
        path.write_bytes(b"PAR1")
    resumed(done, experiment)
    assert not any(path.exists() for path in strays)


def test_a_folder_that_is_not_empty(done, experiment, tmp_path):
    """Without resume an earlier sweep is refused; with it or without, so is a folder of other things."""
    with pytest.raises(StoreError, match=r"60 of 60 runs done, expected an empty folder. Go on with it with --resume"):
        sim.sweep(experiment, done.folder)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("")
    for resume in (False, True):
        with pytest.raises(StoreError, match=r"mine: found thesis.tex, expected a sweep or an empty folder"):
            sim.sweep(experiment, tmp_path / "mine", resume=resume)
    assert os.listdir(tmp_path / "mine") == ["thesis.tex"]
    with pytest.raises(StoreError, match="not found, expected the folder of a sweep"):
        sim.open_sweep(tmp_path / "mine")


def test_a_scheduler_that_is_not_there_leaves_nothing_in_the_way(experiment, tmp_path):
    """An address that is none is refused before anything is made; a sweep that did no run begins without resume."""
    with pytest.raises(UsageError, match="scheduler: found 'nowhere', expected an address such as tcp://"):
        sim.sweep(experiment, tmp_path / "new", scheduler="nowhere")
    assert not (tmp_path / "new").exists()
    work = Work.of(experiment)
    begun = output(tmp_path / "new", identity_of(experiment, work.columns), experiment.scenario.to_dict(), resume=False)
    with contextlib.suppress(UsageError), begun:
        raise UsageError("scheduler: not reached")
    assert sim.sweep(experiment, tmp_path / "new").complete


def test_resume_of_nothing_begins(experiment, tmp_path):
    """With resume and no sweep there the sweep begins, so that one command serves a restarted job."""
    assert sim.sweep(experiment, tmp_path / "new", resume=True).complete


@pytest.mark.parametrize("count", range(8, 24))
def test_a_sync_that_fails(done, experiment, tmp_path, monkeypatch, count):
    """Whichever sync the disk refuses, of a shard, its folder or the journal, what the journal names is whole."""
    sync, calls = os.fsync, []

    def refuse(file):
        calls.append(file)
        if len(calls) >= count:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(file)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(StoreError, match="No space left on device"):
            sim.sweep(experiment, tmp_path / "full", chunk_seconds=1e-6)
    before = sim.open_sweep(tmp_path / "full")
    assert {path.name for path in (tmp_path / "full" / "shards").iterdir()} == {path.name for path in before.files}
    assert sim.sweep(experiment, tmp_path / "full", resume=True).digest == done.digest


def test_every_line_of_the_journal_is_synced(experiment, tmp_path, monkeypatch):
    """The journal is synced after each line, with the line in it: a power cut takes no chunk that counted as done."""
    journal, sync, sizes = tmp_path / "sweep" / "journal.jsonl", os.fsync, []

    def watch(file):
        if journal.exists() and os.path.samestat(os.fstat(file), journal.stat()):
            sizes.append(os.fstat(file).st_size)
        sync(file)

    monkeypatch.setattr(os, "fsync", watch)
    sim.sweep(experiment, tmp_path / "sweep", chunk_seconds=1e-6)
    lines = journal.read_bytes().splitlines(keepends=True)
    assert len(lines) > 20
    assert sizes == list(itertools.accumulate(map(len, lines)))


def test_a_second_process_is_refused(done, experiment):
    """While one process holds a folder another is refused, and told who holds it; a killed one holds nothing."""
    program = """
        import sys, time
        from pathlib import Path
        from sim.experiments.sweep.lock import locked
        with locked(Path(sys.argv[1])):
            print("held", flush=True)
            time.sleep(600)
    """
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(done.folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=rf"process {holder.pid} on .* writes a sweep there, expected nobody"):
            resumed(done, experiment)
    finally:
        holder.kill()
        holder.communicate()
    assert (done.folder / "lock").exists()
    assert resumed(done, experiment).complete


def test_two_sweeps_of_one_process(done, experiment):
    """The lock holds against a second sweep of the same process too."""
    with locked(done.folder), pytest.raises(StoreError, match=rf"process {os.getpid()} on "):
        resumed(done, experiment)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"replications": 16}, "experiment: ~ replications: 15 -> 16"),
        ({"seed": 8}, "experiment: ~ seed: 7 -> 8"),
        ({"days": 31}, "experiment: ~ scenario.horizon_days: 30 -> 31"),
        ({"outputs": ["outcome"]}, "experiment: + outputs.0: outcome"),
        ({"rows": 5}, "experiment: + design.rows.values"),
    ],
)
def test_a_changed_experiment_is_refused(done, change, told):
    """Going on with another experiment is refused, and what changed is listed."""
    other = small_experiment(**{"replications": 15} | change)
    with pytest.raises(StoreError, match="begun with something else") as refusal:
        resumed(done, other)
    assert told in str(refusal.value)
    assert resumed(done, small_experiment(replications=15, title="Another title")).digest == done.digest


def test_a_changed_model_is_refused(done, experiment, monkeypatch):
    """Going on with an edited model is refused, and the files that changed are listed."""
    sources = dict(identity_module.sources_here()) | {"model/violence.py": "0" * 64, "model/new.py": "1" * 64}
    monkeypatch.setattr(identity_module, "sources_here", lambda: sources)
    with pytest.raises(StoreError, match="begun with something else") as refusal:
        resumed(done, experiment)
    assert "source: sim/model/violence.py edited" in str(refusal.value)
    assert "source: sim/model/new.py added" in str(refusal.value)


GO_ON = """
import json, sys
from pathlib import Path
import sim
from sim.errors import StoreError
from sim.experiments.definition import experiment_from_dict

folder = Path(sys.argv[1])
assert Path(sim.__file__).parent.parent == folder.parent
experiment = experiment_from_dict(json.loads((folder / "sweep.json").read_text())["experiment"])
try:
    sim.sweep(experiment, folder, threads=1, resume=True)
except StoreError as error:
    print(error)
"""


def test_an_edit_of_what_makes_scenarios_of_rows_is_refused(done, tmp_path):
    """A copy of this package in which files are edited does not go on with the sweep, and says which."""
    edited = ["experiments/designs/sobol.py", "experiments/factor.py", "scenario/scenario.py"]
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(sim.__file__).parent, tmp_path / "sim", ignore=ignore)
    for path in edited:
        with (tmp_path / "sim" / path).open("a") as source:
            source.write("# edited\n")
    finished = subprocess.run(
        [sys.executable, "-c", GO_ON, str(done.folder)],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_DISABLE_JIT": "1"},  # it is refused before any run
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line for line in finished.stdout.splitlines() if line.startswith("  ")] == [
        f"  source: sim/{path} edited" for path in edited
    ]


@pytest.mark.parametrize("name", ["numpy", "scipy", "negotiation-sim"])
def test_other_versions_are_refused(done, experiment, monkeypatch, name):
    """Going on with another NumPy or SciPy, which may decide the last bit, or another version of this is refused."""
    here = identity_module.versions_here({})
    monkeypatch.setattr(identity_module, "versions_here", lambda _: here | {name: "0.0.1"})
    with pytest.raises(StoreError, match=rf"{name}: {here[name]} -> 0\.0\.1"):
        resumed(done, experiment)


@pytest.mark.parametrize(
    ("version", "advice"),
    [(3, "upgrade with  pip install -U"), (0, r"by version 0.1.0 of this package.*==0.1.0"), (None, "version 0.1.0")],
)
def test_versions_of_the_format(done, experiment, version, advice):
    """A folder of another format is neither read nor continued, and the message says which version of this can."""
    path = done.folder / "sweep.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema_version": version}))
    for attempt in (lambda: sim.open_sweep(done.folder), lambda: resumed(done, experiment)):
        with pytest.raises(StoreError, match=advice):
            attempt()


def test_a_clock_that_is_set_back(done, experiment, tmp_path, monkeypatch):
    """A wall clock that runs backwards, and files from the future, change nothing."""
    now = [4e9]

    def backwards():
        now[0] -= 1e6
        return now[0]

    monkeypatch.setattr(time, "time", backwards)
    monkeypatch.setattr(time, "time_ns", lambda: int(backwards() * 1e9))
    other = sim.sweep(experiment, tmp_path / "other", chunk_seconds=1e-6)
    assert other.digest == done.digest
    assert len(other.files) > 20  # chunks are timed by a clock that cannot be set
    for path in done.folder.rglob("*"):
        os.utime(path, (4e9, 4e9))
    with contextlib.suppress(OSError):
        os.utime(done.files[0], (0, 0))
    done.files[3].unlink()
    assert resumed(done, experiment).digest == done.digest


def test_dry_run(experiment, tmp_path):
    """A dry run counts runs and chunks, writes nothing, and counts only what is left of a sweep that was begun."""
    plan = sim.sweep(experiment, tmp_path / "sweep", dry_run=True)
    assert (plan.rows, plan.replications, plan.runs, plan.left) == (4, 15, 60, 60)
    assert plan.chunks >= 1
    assert plan.bytes > 0
    assert not (tmp_path / "sweep").exists()
    begun = sim.sweep(experiment, tmp_path / "sweep", chunk_seconds=1e-6)
    journal = begun.folder / "journal.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    left = sim.sweep(experiment, tmp_path / "sweep", dry_run=True, resume=True).left
    assert 0 < left < 60
