"""Atomic files and folders: whole or not at all, whatever ends the writing."""

import os
import signal
import stat
import subprocess
import sys
import time

import pytest

from sim.errors import StoreError
from sim.store import write_atomically
from sim.store.atomic import folder_published, write_synced


def test_a_file_is_replaced(tmp_path):
    """The new content takes the place of the old, and no other name appears."""
    path = tmp_path / "outcome.json"
    for content in (b"old", b"new"):
        assert write_atomically(path, content) == path
        assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["outcome.json"]


def test_permissions_follow_the_umask(tmp_path):
    """Files and folders are as open to others as those that any program makes."""
    before = os.umask(0o027)
    try:
        path = write_atomically(tmp_path / "a", b"")
        with folder_published(tmp_path / "b"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o750


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupt_leaves_nothing(tmp_path, error):
    """An interrupted folder and the parents made for it are gone, and the interrupt goes on."""

    def interrupted():
        with folder_published(tmp_path / "x" / "y" / "z") as partial:
            write_synced(partial / "a", b"half")
            raise error

    with pytest.raises(error):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_keeps_what_was_there(tmp_path):
    """Parents that stood before, and their content, stay."""
    (tmp_path / "x").mkdir()
    write_atomically(tmp_path / "x" / "other", b"")
    with pytest.raises(KeyboardInterrupt), folder_published(tmp_path / "x" / "y"):
        raise KeyboardInterrupt
    assert [p.name for p in (tmp_path / "x").iterdir()] == ["other"]


def test_a_killed_writer_leaves_the_old_folder(tmp_path):
    """A process killed in the middle of a folder leaves what stood there, and only a hidden name beside it."""
    with folder_published(tmp_path / "a") as partial:
        write_synced(partial / "content", b"old")
    code = (
        "import sys, time; from pathlib import Path; from sim.store.atomic import folder_published, write_synced\n"
        "with folder_published(Path(sys.argv[1], 'a')) as partial:\n"
        "    write_synced(partial / 'content', b'new'); print('half', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "half\n"
        process.send_signal(signal.SIGKILL)
    assert (tmp_path / "a" / "content").read_bytes() == b"old"
    others = [p.name for p in tmp_path.iterdir() if p.name != "a"]
    assert len(others) == 1
    assert others[0].startswith(".a.")
    assert others[0].endswith(".partial")


def test_a_reader_never_sees_half_a_file(tmp_path):
    """While another process rewrites a file of 256 KiB, every read finds one content, whole."""
    path = write_atomically(tmp_path / "a", b"0" * 2**18)
    code = (
        "import sys; from pathlib import Path; from sim.store import write_atomically\n"
        "for i in range(60): write_atomically(Path(sys.argv[1]), b'%d' % (i % 10) * 2**18)\n"
    )
    reads = 0
    with subprocess.Popen([sys.executable, "-c", code, str(path)]) as process:
        while process.poll() is None:
            content = path.read_bytes()
            assert (len(content), len(set(content))) == (2**18, 1)
            reads += 1
            time.sleep(0.001)
    assert process.returncode == 0
    assert reads > 0


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("file/a", "A file stands where a folder is needed"),
        ("file", "A file stands where a folder is needed"),
        ("x" * 300, "shorter path"),
        ("nul\0l", "a character that no path can hold"),
        ("lone \ud800 surrogate", "a character that no path can hold"),
    ],
)
def test_impossible_folders(tmp_path, path, said):
    """A file in the way, a name too long or one that no system takes is an error with advice, and nothing is made."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match=said), folder_published(tmp_path / path):
        pass
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("file", "mine")]


def test_a_missing_folder(tmp_path):
    """A file is not written into a folder that does not exist."""
    with pytest.raises(StoreError, match="No such file or directory"):
        write_atomically(tmp_path / "x" / "a", b"")


def test_a_link_is_followed(tmp_path):
    """If the folder is a link, what it points to is replaced and the link stays."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with folder_published(tmp_path / "link") as partial:
        write_synced(partial / "content", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "content").read_bytes() == b"new"
