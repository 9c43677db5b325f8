"""Reading a file that somebody else made: a regular one, in memory that the reader decides and not the file.

What stands under a name may be a pipe that nobody writes to, a device that never ends, a link to either, or a file that
is larger than memory or grows while it is read. Everything that reads files of users and of the folders that they were
given comes through here.
"""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Final

_PIECE: Final = 1 << 20


class UnfitFileError(Exception):
    """Something that is not read because of what it is, not because the system refuses.

    Parameters
    ----------
    found, expected : str
        As in `sim.errors.Problem`.
    """

    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(f"found {found}, expected {expected}")


def open_regular(path: Path, *, links: bool = True) -> BufferedReader:
    """Open a regular file for reading, without ever waiting for a writer.

    Parameters
    ----------
    path : Path
        Where it is.
    links : bool
        Whether it may be a symbolic link: a name that the user gave may, a part of a folder of results not.

    Returns
    -------
    binary file

    Raises
    ------
    UnfitFileError
        If it is a directory, a device, a pipe, a socket, or a link that may not be one.
    OSError
        If there is no such file, or the system refuses.

    Examples
    --------
    >>> open_regular(Path(os.devnull))
    Traceback (most recent call last):
        ...
    sim.untrusted_file.UnfitFileError: found a device or pipe, expected a regular file
    """
    check_regular(os.stat(path, follow_symlinks=links))  # first, since to open some devices does something
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags | (0 if links else getattr(os, "O_NOFOLLOW", 0)))
    try:
        check_regular(os.fstat(file))
    except UnfitFileError:
        os.close(file)
        raise
    return os.fdopen(file, "rb")


def check_regular(status: os.stat_result) -> None:
    """Refuse what is no regular file by what the system says of it; raise `UnfitFileError`."""
    if stat.S_ISDIR(status.st_mode):
        raise UnfitFileError("a directory", "a regular file")
    if stat.S_ISLNK(status.st_mode):
        raise UnfitFileError("a symbolic link", "a regular file")
    if not stat.S_ISREG(status.st_mode):
        raise UnfitFileError("a device or pipe", "a regular file")


def read_bounded(path: Path, limit: int, *, links: bool = True) -> bytes:
    """Read a regular file of at most so many bytes.

    Parameters
    ----------
    path : Path
        Where it is.
    limit : int
        Bytes that it may have; one more is read at most.
    links : bool
        As in `open_regular`.

    Raises
    ------
    UnfitFileError
        If it is no regular file, or larger.
    OSError
        If there is no such file, or the system refuses.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a")
    ...     _ = path.write_bytes(b"abc")
    ...     read_bounded(path, 3)
    b'abc'
    """
    pieces = []
    with open_regular(path, links=links) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise UnfitFileError(f"{size:,} bytes", f"at most {limit:,}")
        left = limit + 1
        while left > 0 and (piece := file.read(min(left, _PIECE))):
            pieces.append(piece)
            left -= len(piece)
    if left <= 0:
        raise UnfitFileError(f"more than {limit:,} bytes", f"at most {limit:,}")
    return b"".join(pieces)
