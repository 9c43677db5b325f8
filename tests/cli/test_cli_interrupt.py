"""Ctrl-C and readers that leave: the exit code says so and nothing half-written stays."""

import os
import signal
import subprocess
import sys
import time

import pytest
from command_line import everything_in

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


INTERRUPTED = (130, -signal.SIGINT)
"""Python sends itself the signal anew if its exception passed an ``exec``, as in many imports; a shell says 130 too."""


def start(*arguments, cwd, **environment):
    """Start the command as a shell does, with Ctrl-C in effect."""
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def appears(path, seconds=60.0):
    """Wait until a path exists."""
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"{path} did not appear"
        time.sleep(0.05)


def test_interrupt(desk):
    """Ctrl-C during a long run gives 130, says so, and leaves the working folder as it was."""
    before = everything_in(desk)
    running = start("run", "doha_2020/baseline", "--runs", "100000", "--no-figure", cwd=desk)
    appears(desk / "results")  # made just before the worlds run
    time.sleep(0.5)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode in INTERRUPTED
    assert out == ""
    assert "Interrupted; nothing half-written was left." in err
    assert "Traceback" not in err
    assert everything_in(desk) == before


def test_an_earlier_record_survives_an_interrupt(desk):
    """Ctrl-C while a record is about to be replaced leaves the old one whole."""
    command = ["run", "doha_2020/baseline", "--no-figure"]
    subprocess.run([sys.executable, "-m", "sim", *command, "--runs", "5"], check=True, capture_output=True, cwd=desk)
    before = everything_in(desk)
    running = start(*command, "--runs", "1000000", cwd=desk)
    time.sleep(4.0)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode in INTERRUPTED
    assert everything_in(desk) == before


def test_compilation_is_announced_before_it_begins(desk):
    """With an empty cache the command says first that compilation takes time; Ctrl-C during it gives 130 too."""
    with start("run", "small.yaml", "--no-figure", cwd=desk, SIM_CACHE_DIR=str(desk / "cache")) as running:
        assert "takes up to a minute and is done once" in running.stderr.readline()
        assert list((desk / "cache").rglob("*.nbi")) == []
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=120)
    assert running.returncode in INTERRUPTED
    assert "Traceback" not in err
    assert not (desk / "results").exists()


def test_a_reader_that_leaves():
    """If whoever reads the output stops reading, the command ends quietly."""
    with start("schema", cwd=None) as running:
        running.stdout.close()
        err = running.stderr.read()
    assert running.returncode == 141
    assert err == ""
