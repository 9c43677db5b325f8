"""A full disk, a real one: records are written whole or leave nothing, and the user is told what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRIAL = Path(__file__).with_name("full_disk_trial.py")
MOUNT = 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"'
# As root in a mount namespace of its own, or as anybody in a user namespace; both vanish with the process.
NAMESPACES = (["unshare", "-m"], ["unshare", "-Urm"])


def on_small_disk(folder, *command):
    """Run a command that sees a file system of 64 KiB at `folder`; None and a reason if the platform permits none."""
    reasons = []
    for namespace in NAMESPACES:
        mount = [*namespace, "sh", "-c", MOUNT, str(folder)]
        try:
            probe = subprocess.run([*mount, "true"], capture_output=True, text=True, check=False)
        except OSError as error:
            reasons.append(f"{' '.join(namespace)}: {error}")
            continue
        if probe.returncode == 0:
            return subprocess.run([*mount, *command], capture_output=True, text=True, check=False), ""
        reasons.append(f"{' '.join(namespace)}: {probe.stderr.strip()}")
    return None, "no small file system can be mounted here: " + "; ".join(reasons)


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Return what the trial saw on a disk of 64 KiB."""
    disk = tmp_path_factory.mktemp("disk")
    done, reason = on_small_disk(disk, sys.executable, "-W", "error", str(TRIAL), str(disk))
    if done is None:
        print(reason)
        pytest.skip(reason)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_disk_is_small(seen):
    """The trial ran on 64 KiB, not on the disk of this computer."""
    assert seen["blocks"] == 65536


def test_a_record_is_whole_or_nothing_is_left(seen):
    """From no room to enough, each attempt ends in a readable record or in an error with nothing left behind."""
    failed = [trial for trial in seen["fresh"] if trial["message"] is not None]
    assert len(failed) >= 5
    assert any(trial["whole"] for trial in seen["fresh"])
    for trial in seen["fresh"]:
        assert trial["whole"] is (trial["message"] is None)
    for trial in failed:
        assert (trial["left"], trial["blocks_lost"]) == ([], 0)


def test_the_message_says_what_to_do(seen):
    """The error names the path the user knows, the cause, and two ways out."""
    for trial in seen["fresh"]:
        if trial["message"] is not None:
            assert "results/sample/0123456789abcdef: cannot be written: No space left on device" in trial["message"]
            assert "Free some space on that disk, or choose another folder with --out." in trial["message"]
            assert ".partial" not in trial["message"]


def test_an_earlier_record_survives(seen):
    """A record that cannot be replaced for lack of room is still there, whole."""
    assert all(trial["message"] and trial["intact"] for trial in seen["over"])


def test_files_and_probes(seen):
    """A figure that does not fit, a probe before a run and a table larger than the disk leave everything as it was."""
    assert "course.png: cannot be written: No space left on device" in seen["file"]
    assert "results: cannot be written: No space left on device" in seen["probe"]
    assert seen["after"]
    assert "large: cannot be written: No space left on device" in seen["large"]
    assert seen["after_large"]


@pytest.mark.skipif(os.name != "posix", reason="limits on file size are POSIX")
def test_a_limit_on_file_size(tmp_path):
    """The kernel's limit on file sizes, another way for a write to end in the middle, leaves nothing either."""
    code = (
        "import resource, signal, sys; from pathlib import Path; from record_samples import sample_record\n"
        "from sim.store import write_run_record\n"
        "from sim.errors import StoreError\n"
        "record = sample_record()\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))\n"
        "try:\n    write_run_record(Path(sys.argv[1], 'results', 'a'), record)\n"
        "except StoreError as error:\n    print(error)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(TRIAL.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert "cannot be written: File too large" in done.stdout, done.stderr
    assert "ulimit -f" in done.stdout
    assert list(tmp_path.iterdir()) == []
