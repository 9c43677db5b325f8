"""One writer a folder: a lock that the system lets go when its process ends, however it ends.

The file ``lock`` stays; what counts is the lock on it (``flock``), so a process that was killed leaves none behind, and
nothing has to be removed by hand. The file says who holds it, for the message to whoever comes second.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from sim.errors import StoreError
from sim.store.atomic import refused

LOCK = "lock"


def _take(file: int) -> None:
    """Lock an open file or raise OSError."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Hold a folder against other writers.

    Parameters
    ----------
    folder : Path
        It exists.

    Yields
    ------
    int
        The file descriptor of the lock; a forked process must close it, or it would hold the lock too.

    Raises
    ------
    StoreError
        If another process holds it, or the system refuses.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, locked(Path(folder)):
    ...     with contextlib.suppress(StoreError), locked(Path(folder)):
    ...         print("never")
    """
    path = folder / LOCK
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise refused(error, path) from error
    try:
        try:
            _take(file)
        except OSError:
            holder = os.pread(file, 200, 0).decode("utf-8", "replace").strip() or "another process"
            raise StoreError(
                f"{folder}: {holder} writes a sweep there, expected nobody. Wait for it to end, or choose another "
                "folder with --out."
            ) from None
        with contextlib.suppress(OSError):  # a full disk may refuse even this; the lock holds without it
            os.ftruncate(file, 0)
            os.pwrite(file, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        yield file
    finally:
        os.close(file)
