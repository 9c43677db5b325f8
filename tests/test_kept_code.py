"""Kept machine code: nobody else's is read, damage heals, a read-only folder serves, nothing is left over."""

import hashlib
import os
import pickle
import shutil
import stat
import subprocess
import sys

import pytest

import sim
from sim.compiled import cache_directory, is_cached
from sim.kept_code import distrusted

SMALL = """
from sim.random.normal import normal
print(normal(0.25).hex(), sum(normal.stats.cache_hits.values()))
"""
QUANTILE = (-0.6744897501960817).hex()


def small(folder, **environment):
    """Compile a small function, or read it, in a fresh process; return whether it was read, and warnings."""
    done = subprocess.run(
        [sys.executable, "-c", SMALL],
        env={**os.environ, "SIM_CACHE_DIR": str(folder), "NUMBA_DISABLE_JIT": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    quantile, hits = done.stdout.split()
    assert quantile == QUANTILE
    return hits != "0", done.stderr


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """Keep the machine code of a small function."""
    folder = tmp_path_factory.mktemp("warm") / "cache"
    assert small(folder) == (False, "")
    assert small(folder) == (True, "")
    return folder


@pytest.fixture
def kept(warm, tmp_path):
    """Copy it, to be spoiled."""
    return shutil.copytree(warm, tmp_path / "cache")


def files(folder, ending):
    """List the files of the function `normal` with an ending."""
    return sorted(folder.rglob(f"normal.normal-*{ending}"))


@pytest.mark.parametrize("ending", [".nbi", ".nbc"])
@pytest.mark.parametrize("damage", ["empty", "flipped"])
def test_a_damaged_file_is_compiled_anew_and_replaced(kept, ending, damage):
    """Cut or altered, a file of either kind counts as absent once; the next process reads a whole one."""
    (path,) = files(kept, ending)
    content = path.read_bytes()
    place = len(content) // 2
    flipped = content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]
    path.write_bytes(b"" if damage == "empty" else flipped)
    assert small(kept) == (False, "")
    assert small(kept) == (True, "")


class Payload:
    """A pickle that leaves a file behind when it is read."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        """Run a command when unpickled."""
        return os.system, (f"touch {self.place}",)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes are those of POSIX")
@pytest.mark.parametrize("which", ["root", "folder"])
def test_a_folder_that_others_can_write_to_is_not_read(kept, which, tmp_path):
    """Machine code, a pickle with a payload too, is not read from it; the process says why and does its work."""
    (path,) = files(kept, ".nbi")
    data = pickle.dumps(Payload(tmp_path / "owned"))
    path.write_bytes(hashlib.sha256(data).digest() + data)
    folder = kept if which == "root" else path.parent.parent
    folder.chmod(0o777)
    hit, warning = small(kept)
    assert not hit
    assert "other users can write to it" in warning
    assert not (tmp_path / "owned").exists()
    folder.chmod(0o700)
    with pytest.raises(AssertionError):
        small(kept)
    assert (tmp_path / "owned").exists()  # the payload works where it is trusted


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only the superuser gives files away")
@pytest.mark.parametrize("which", ["root", "folder"])
def test_a_folder_of_another_user_is_not_read(kept, which):
    """A folder that somebody else owns is not used, whatever its mode."""
    folder = kept if which == "root" else next(kept.iterdir())
    os.chown(folder, 65534, 65534)
    hit, warning = small(kept)
    assert not hit
    assert "it belongs to another user" in warning


def test_who_may_write_where(tmp_path):
    """A link is no folder of code; the root may be one, and may be open to others who cannot rename what is there."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    assert distrusted(link) == "it is no folder"
    assert distrusted(link, root=True) == ""
    assert distrusted(tmp_path / "absent") == ""
    tmp_path.chmod(0o1777)
    assert distrusted(tmp_path, root=True) == ""
    assert distrusted(tmp_path) == "other users can write to it"


def test_new_folders_are_closed_to_others(tmp_path):
    """Whatever the umask, folders of machine code are made for this user alone."""
    before = os.umask(0)
    try:
        small(tmp_path / "cache")
    finally:
        os.umask(before)
    folders = [tmp_path / "cache", *(path for path in (tmp_path / "cache").rglob("*") if path.is_dir())]
    assert len(folders) > 2
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_what_cannot_be_kept_is_gone_with_the_process(tmp_path):
    """Where nothing can be kept, code goes to a temporary folder, which the process removes."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    (tmp_path / "tmp").mkdir()
    hit, warning = small(blocked, TMPDIR=str(tmp_path / "tmp"))
    assert not hit
    assert "compiled code cannot be kept" in warning
    assert list((tmp_path / "tmp").iterdir()) == []


ENGINE = """
import sim
run = sim.run(sim.load("toys/two_actors"), seed=1)
print(run.digest)
"""


def test_a_complete_folder_that_can_only_be_read_serves(tmp_path):
    """From a warm cache without leave to write a process starts without a word, and compiles and writes nothing."""
    as_user = []
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("the superuser may write everywhere")
        as_user = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all"]
    scenario = sim.load("toys/two_actors")
    digest = sim.run(scenario, seed=1).digest
    sim.replicate(scenario, runs=1, seed=1)
    assert is_cached("kernel")
    warm = tmp_path / "cache"
    shutil.copytree(cache_directory("kernel").parent, warm, ignore=lambda _, names: [
        name for name in names if name.startswith(("kernel-", "games-")) and name != cache_directory("kernel").name
    ])  # fmt: skip
    everything = [warm, *warm.rglob("*")]
    before = {path: path.stat().st_mtime_ns for path in everything}
    for path in everything:
        path.chmod(0o500 if path.is_dir() else 0o400)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = subprocess.run(
        [*as_user, sys.executable, "-c", ENGINE],
        env={**os.environ, "SIM_CACHE_DIR": str(warm), "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    for path in everything:
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert (done.stdout.strip(), done.stderr) == (digest, "")
    assert {path: path.stat().st_mtime_ns for path in [warm, *warm.rglob("*")]} == before
    assert list(temporary.iterdir()) == []


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on files")
def test_a_disk_that_takes_no_more_stops_nothing(tmp_path):
    """Machine code that cannot be kept serves the process that made it, which says where and what to do."""
    done = subprocess.run(
        [sys.executable, "-c", FULL + SMALL],
        env={**os.environ, "SIM_CACHE_DIR": str(tmp_path), "NUMBA_DISABLE_JIT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [QUANTILE, "0"]
    assert f"cannot be kept in {tmp_path}" in done.stderr
    assert "Free some space there, or set SIM_CACHE_DIR" in done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > 1000]


def test_settings_that_change_no_code_share_the_folder(warm):
    """A number of threads, or how warnings are printed, does not compile anew; a level of optimization does."""
    before = sorted(warm.iterdir())
    assert small(warm, NUMBA_NUM_THREADS="1", NUMBA_WARNINGS="1") == (True, "")
    assert sorted(warm.iterdir()) == before
    assert small(warm, NUMBA_OPT="1") == (False, "")
    assert len(sorted(warm.iterdir())) > len(before)
