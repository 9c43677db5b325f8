"""``kill -9`` at any moment, then resume: the digest of an uninterrupted sweep, and nothing is done twice."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import sim
from sim.engine.event_batch import can_fork
from sim.experiments.sweep.lock import locked

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="the program forks")]


@pytest.fixture
def folder(tmp_path):
    """Give a folder in memory if there is one: a kill loses nothing that a system call has written, on any disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as made:
        yield made


def trials(what, folder):
    """Run the program of kills and return what it saw."""
    program = Path(__file__).with_name("kill_trials.py")
    done = subprocess.run(
        [sys.executable, str(program), what, str(folder)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_killed_at_random_moments(folder):
    """Twenty kills of one sweep at random moments leave whole shards, and the rest is done when it goes on."""
    seen = trials("moments", folder)
    assert seen["kills"] == 20
    assert seen["grew"] > 5
    assert seen["equal"]


@pytest.mark.parametrize("what", ["operations", "summaries"])
def test_killed_within_any_file_operation(folder, what):
    """A kill within any write, sync, rename or removal of a sweep, half a line written or none, costs nothing."""
    seen = trials(what, folder)
    assert seen["operations"] > 30
    assert seen["equal"]


PROCESSES = """
import sys
from pathlib import Path
from faulty_rules import naming, registered
from small_experiment import small_experiment
import sim

registered()
experiment = small_experiment(rows=2, replications=int(sys.argv[2]), changes=naming("calm"))
sweep = sim.sweep(experiment, Path(sys.argv[1]), resume=True, threads=2, chunk_seconds=0.02)
print(sweep.digest)
"""


@pytest.mark.skipif(not can_fork(), reason="rules in plain Python run on forked processes")
def test_killed_with_worker_processes(tmp_path):
    """A killed sweep on worker processes leaves neither a lock nor, a little later, a worker behind."""
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", PROCESSES, str(tmp_path / "sweep"), "2000"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])}
    running = subprocess.Popen(command, env=environment, start_new_session=True)
    until = time.monotonic() + 120
    while not (tmp_path / "sweep" / "journal.jsonl").exists() or not sim.open_sweep(tmp_path / "sweep").done:
        assert time.monotonic() < until
        assert running.poll() is None
        time.sleep(0.02)
    running.kill()
    running.wait()
    with locked(tmp_path / "sweep"):
        assert sim.open_sweep(tmp_path / "sweep").done > 0
    until = time.monotonic() + 60
    while group_lives(running.pid):
        assert time.monotonic() < until, "a worker outlived its sweep"
        time.sleep(0.1)


def group_lives(group):
    """Say whether some process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
