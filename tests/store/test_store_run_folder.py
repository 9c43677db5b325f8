"""Where records go: always inside of the results folder, and known to be writable before a run starts."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import StoreError
from sim.store import prepare_out, record_folder, safe_name


@given(st.text(max_size=200))
def test_any_name_is_one_safe_folder(name):
    """Whatever the name, the folder is one visible component that every file system takes."""
    safe = safe_name(name)
    assert safe not in ("", ".", "..")
    assert Path(safe).name == safe
    assert not safe.startswith(".")
    assert not set(safe) & set('<>:"/\\|?*\0 ')
    assert len(safe.encode()) <= 80
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("doha_2020/baseline", "doha_2020_baseline"),
        ("no-release", "no-release"),
        ("../../../etc/cron.d/x", "etc_cron.d_x"),
        ("/absolute", "absolute"),
        ("C:\\deals\\x", "C_deals_x"),
        ("مذاکره", "مذاکره"),
        ("nul", "scenario_nul"),
        ("COM1.yaml", "scenario_COM1.yaml"),
        (" ", "scenario"),
    ],
)
def test_names_stay_recognisable(name, safe):
    """A person still sees what the scenario was called."""
    assert safe_name(name) == safe


def test_long_names_that_differ_at_the_end_stay_apart():
    """A name that had to be cut carries a hash of the whole."""
    assert safe_name("a" * 300 + "b") != safe_name("a" * 300 + "c")


@given(st.text(max_size=60))
def test_records_stay_inside(name):
    """The folder of a record is two levels below the results folder."""
    folder = record_folder(Path("results"), name, "0123456789abcdef")
    assert os.path.normpath(folder) == str(folder)
    assert folder.parent.parent == Path("results")


@pytest.mark.parametrize("identity", ["", "../x", "0123456789ABCDEF", "0123456789abcdef\n", "0" * 15])
def test_run_ids_are_hex(identity):
    """What is no run id does not become a folder."""
    with pytest.raises(StoreError, match="16 hex digits"):
        record_folder(Path("results"), "a", identity)


def test_out_is_made(tmp_path):
    """A results folder that does not exist is made, with its parents, and nothing is in it."""
    out = prepare_out(tmp_path / "a" / "b")
    assert list(out.iterdir()) == []
    assert prepare_out(out) == out
    assert list(out.iterdir()) == []


def test_out_that_is_a_file(tmp_path):
    """A file as --out is an error that leaves the file alone."""
    (tmp_path / "a").write_text("mine")
    for path in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(StoreError, match="A file stands where a folder is needed"):
            prepare_out(path)
    assert (tmp_path / "a").read_text() == "mine"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that takes no files")
def test_out_on_a_system_that_takes_no_files():
    """A folder in which nobody, not even root, can make a file is an error."""
    for path in ("/proc", "/proc/results"):
        with pytest.raises(StoreError, match=f"^{path}: cannot be written"):
            prepare_out(Path(path))


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_out_without_permission():
    """A folder of somebody else is an error that says to choose another."""
    code = (
        "import os, sys; from pathlib import Path; from sim.store import prepare_out\n"
        "from sim.errors import StoreError\n"
        "import sim.store.atomic\n"
        "if os.geteuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "os.chdir('/')\n"
        "for path in (sys.argv[1], sys.argv[1] + '/new'):\n"
        "    try:\n        prepare_out(Path(path)); print('written')\n"
        "    except StoreError as error:\n        print(error)\n"
    )
    with tempfile.TemporaryDirectory() as closed:
        Path(closed).chmod(0o555)
        done = subprocess.run([sys.executable, "-c", code, closed], capture_output=True, text=True, check=False)
        left = list(Path(closed).iterdir())
    lines = done.stdout.splitlines()
    assert (done.stderr, left) == ("", [])
    assert len(lines) == 2
    assert all("Permission denied" in line and "that you may write to" in line for line in lines)
