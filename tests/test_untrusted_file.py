"""Files that somebody else made: only regular ones are read, without waiting, and never more than was asked for."""

import os
from pathlib import Path

import pytest

from sim.errors import GameFileError, ScenarioError, StoreError
from sim.games import NormalForm
from sim.games.formats.stochastic_table import load_stochastic_table
from sim.record import load_record
from sim.store.json_text import read_json
from sim.untrusted_file import UnfitFileError, open_regular, read_bounded


@pytest.fixture
def odd(tmp_path):
    """Make a pipe, links to a device and to a file, a folder, and a large file that takes no room."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "file").write_bytes(b"abcd")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    with open(tmp_path / "large", "wb") as file:
        file.truncate(1 << 40)
    return tmp_path


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("name", ["pipe", "zero", "folder"])
def test_what_is_no_regular_file_is_refused(odd, name, links):
    """A pipe without a writer, a device behind a link and a folder are refused at once."""
    for read in (lambda path: read_bounded(path, 10, links=links), lambda path: open_regular(path, links=links)):
        with pytest.raises(UnfitFileError):
            read(odd / name)


def test_a_link_is_followed_only_where_it_may_be(odd):
    """A name that a user gave may be a link; a part of a folder may not."""
    assert read_bounded(odd / "link", 4) == b"abcd"
    with pytest.raises(UnfitFileError, match="a symbolic link"):
        read_bounded(odd / "link", 4, links=False)
    with pytest.raises(OSError, match="loop"):
        read_bounded(odd / "loop", 4)


def test_no_more_is_read_than_asked_for(odd):
    """The bound holds for what a file says of its size, and for files that say nothing."""
    assert read_bounded(odd / "file", 4) == b"abcd"
    with pytest.raises(UnfitFileError, match="4 bytes, expected at most 3"):
        read_bounded(odd / "file", 3)
    with pytest.raises(UnfitFileError, match=r"1,099,511,627,776 bytes"):
        read_bounded(odd / "large", 10**9)
    endless = Path("/proc/self/smaps")
    if endless.is_file():
        assert endless.stat().st_size == 0
        with pytest.raises(UnfitFileError, match="more than 100 bytes"):
            read_bounded(endless, 100)


@pytest.mark.parametrize("name", ["pipe", "zero", "folder", "large"])
@pytest.mark.parametrize(
    ("read", "error"),
    [
        (NormalForm.from_nfg, GameFileError),
        (load_stochastic_table, GameFileError),
        (load_record, ScenarioError),
        (lambda path: read_json(path, "Write it again."), StoreError),
    ],
)
def test_every_reader_refuses_them(odd, read, error, name):
    """Games, records and JSON come through the same door, each with its own kind of error, which names the file."""
    with pytest.raises(error) as caught:
        read(odd / name)
    assert str(odd / name) in str(caught.value)
