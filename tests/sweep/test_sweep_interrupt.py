"""Ctrl-C and SIGTERM: what is done is written, the exit code is 130, and the message says how to go on."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from small_experiment import PACE

import sim
from sim.errors import SweepInterrupted

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")

FILE = f"""\
schema_version: 1
title: How fast the toy deal is settled
scenario: toys/two_actors
set: {{horizon_days: 30}}
vary: {{pace: {{path: {PACE}, range: [0.001, 0.05]}}}}
design: {{grid: {{levels: 4}}}}
replications: {{replications}}
seed: 7
"""


def start(folder, replications, *arguments):
    """Start the command as a shell does, with Ctrl-C in effect."""
    (folder / "pace.yaml").write_text(FILE.replace("{replications}", str(replications)))
    return subprocess.Popen(
        [sys.executable, "-m", "sim", "sweep", "pace.yaml", "--out", "out", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def runs_appear(folder, seconds=600.0):
    """Wait until some runs are kept."""
    until = time.monotonic() + seconds
    while not (folder / "out" / "journal.jsonl").exists() or not sim.open_sweep(folder / "out").done:
        assert time.monotonic() < until, "no runs appeared"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal(tmp_path, number):
    """The command ends with 130 and one message; every shard that was written is whole, and nothing else is left."""
    running = start(tmp_path, 1_000_000)
    try:
        runs_appear(tmp_path)
        running.send_signal(number)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode in (130, -signal.SIGINT)  # see tests/cli/test_cli_interrupt.py
    assert out == ""
    assert "of 4,000,000 runs are kept in out. Go on with the same command and --resume" in err
    assert "Traceback" not in err
    sweep = sim.open_sweep(tmp_path / "out")
    assert 0 < sweep.done < sweep.runs
    assert {path.name for path in (tmp_path / "out" / "shards").iterdir()} == {path.name for path in sweep.files}
    assert f"{sweep.done:,} of 4,000,000 runs are kept" in err


def test_what_was_interrupted_goes_on(tmp_path):
    """A sweep that was asked to stop in its midst ends, when it goes on, with the digest of one that was not."""
    (tmp_path / "pace.yaml").write_text(FILE.replace("{replications}", "60"))
    whole = sim.sweep(tmp_path / "pace.yaml", tmp_path / "whole")

    asked = []

    def stop(done, _runs):
        if done > 50 and not asked:
            asked.append(done)
            signal.raise_signal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    with pytest.raises(SweepInterrupted, match=r"Interrupted: \d+ of 240 runs are kept"):
        sim.sweep(tmp_path / "pace.yaml", tmp_path / "out", progress=stop, chunk_seconds=1e-6)
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
    assert 50 < sim.open_sweep(tmp_path / "out").done < 240
    assert sim.sweep(tmp_path / "pace.yaml", tmp_path / "out", resume=True).digest == whole.digest


def test_the_command_line(tmp_path):
    """The answer goes to stdout as one object; resuming a sweep that is complete gives it again."""
    first = start(tmp_path, 20, "--json").communicate(timeout=120)[0]
    told = json.loads(first)
    assert (told["runs"], told["failed"], told["folder"]) == (80, 0, "out")
    assert [row["runs"] for row in told["rows"]] == [20] * 4
    assert told["digest"] == sim.open_sweep(tmp_path / "out").digest
    assert json.loads(start(tmp_path, 20, "--json", "--resume").communicate(timeout=120)[0]) == told
    refused = start(tmp_path, 20)
    assert "Go on with it with --resume" in refused.communicate(timeout=120)[1]
    assert refused.returncode == 2
    plan = json.loads(start(tmp_path, 30, "--json", "--dry-run", "--out", "other").communicate(timeout=120)[0])
    assert (plan["runs"], plan["left"]) == (120, 120)
    assert not (tmp_path / "other").exists()
