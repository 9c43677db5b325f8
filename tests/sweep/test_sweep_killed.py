"""``kill -9`` at any moment, then resume: the digest of an uninterrupted sweep, and nothing is done twice."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

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


def test_killed_within_any_file_operation(folder):
    """A kill within any write, sync or rename of a sweep, half a line of the journal written or none, costs nothing."""
    seen = trials("operations", folder)
    assert seen["operations"] > 30
    assert seen["equal"]
