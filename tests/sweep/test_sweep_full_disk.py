"""A full disk, a real one: the sweep stops with the cause, what was done stays, and it goes on once there is room."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MOUNT = 'mount -t tmpfs -o size=400k tmpfs "$0" && exec "$@"'
NAMESPACES = (["unshare", "-m"], ["unshare", "-Urm"])


def on_small_disk(folder, *command):
    """Run a command that sees a disk of 400 kB at `folder`; skip the test where none can be mounted."""
    reasons = []
    for namespace in NAMESPACES:
        mount = [*namespace, "sh", "-c", MOUNT, str(folder)]
        try:
            probe = subprocess.run([*mount, "true"], capture_output=True, text=True, check=False)
        except OSError as error:
            reasons.append(str(error))
            continue
        if probe.returncode == 0:
            done = subprocess.run([*mount, *command], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            return done.stdout
        reasons.append(probe.stderr.strip())
    pytest.skip(f"no small file system can be mounted here: {'; '.join(reasons)}")


def test_a_full_disk(tmp_path):
    """With any amount of room too little for the sweep it stops in words; it ends with the digest of a large disk."""
    disk = tmp_path / "disk"
    disk.mkdir()
    program = Path(__file__).with_name("full_disk_sweep.py")
    seen = json.loads(on_small_disk(disk, sys.executable, str(program), str(disk), str(tmp_path / "large")))
    assert len(seen["messages"]) > 3
    assert all("No space left on device" in message for message in seen["messages"])
    assert all("Free some space on that disk" in message for message in seen["messages"])
    assert seen["done"] == sorted(seen["done"])  # nothing that was done is lost
    assert max(seen["done"]) > 0
    assert seen["strangers"] == []
    assert seen["equal"]
