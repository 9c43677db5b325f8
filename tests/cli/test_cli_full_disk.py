"""A full disk, a real one: ``sim run`` says so and leaves it as it was."""

import subprocess
import sys

import pytest
from command_line import everything_in

MOUNT = 'mount -t tmpfs -o size={size} tmpfs "$0" && shift 0 && exec "$@"'
NAMESPACES = (["unshare", "-m"], ["unshare", "-Urm"])
AFTER = (
    "import pathlib, subprocess, sys; disk = sys.argv[1];"
    "done = subprocess.run([sys.executable, '-m', 'sim', *sys.argv[2:]], capture_output=True, text=True);"
    "print(done.returncode); print(sorted(p.name for p in pathlib.Path(disk).rglob('*')));"
    "print(done.stdout + done.stderr)"
)


def on_disk_of(size, folder, *command):
    """Run a command that sees a file system of some size at `folder`; skip the test where none can be mounted."""
    reasons = []
    for namespace in NAMESPACES:
        mount = [*namespace, "sh", "-c", MOUNT.format(size=size), str(folder)]
        try:
            probe = subprocess.run([*mount, "true"], capture_output=True, text=True, check=False)
        except OSError as error:
            reasons.append(str(error))
            continue
        if probe.returncode == 0:
            return subprocess.run([*mount, *command], capture_output=True, text=True, check=True).stdout
        reasons.append(probe.stderr.strip())
    pytest.skip(f"no small file system can be mounted here: {'; '.join(reasons)}")


@pytest.mark.parametrize("size", ["4k", "16k"])
def test_a_full_disk(tmp_path, size):
    """On a disk of a few pages the record does not fit: exit code 2, the cause, a way out, nothing left."""
    disk = tmp_path / "disk"
    disk.mkdir()
    arguments = ["run", "doha_2020/baseline", "--no-figure", "--out", str(disk / "results")]
    told = on_disk_of(size, disk, sys.executable, "-c", AFTER, str(disk), *arguments)
    code, left, *said = told.splitlines()
    assert (code, left) == ("2", "[]")
    assert "No space left on device" in "\n".join(said)
    assert "choose another folder with --out" in "\n".join(said)
    assert "Traceback" not in told
    assert everything_in(disk) == {}


def test_stdout_on_a_full_disk():
    """An answer that cannot be printed is an error in words, not a traceback."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sim", "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
