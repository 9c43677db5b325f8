"""One writer a folder: a lock that the system lets go when its process ends, however it ends.

The file ``lock`` stays; what counts is the lock on it (``flock``), so a process that was killed leaves none behind, and
nothing has to be removed by hand. The file says who holds it, for the message to whoever comes second.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from sim.errors import StoreError
from sim.store.atomic import refused
from sim.untrusted_file import UnfitFileError, check_regular

LOCK = "lock"
_HELD = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})
"""What the systems say of a lock that another process holds."""


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
        file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except OSError as error:
        raise refused(error, path) from error
    try:
        try:
            check_regular(os.fstat(file))
            _take(file)
        except UnfitFileError as error:
            raise StoreError(f"{path}: {error}. Remove it, or choose another folder with --out.") from error
        except OSError as error:
            if error.errno not in _HELD:
                raise StoreError(
                    f"{folder}: found a file system that cannot lock files ({error.strerror or error}), expected one "
                    "that can, since two writers would spoil a sweep. Choose a folder on a local disk with --out, or "
                    "have it mounted with locks (for Lustre the option flock)."
                ) from error
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


def check_held(folder: Path, file: int) -> None:
    """Refuse to write on if the file of the lock was removed or replaced, so that others may believe the folder free.

    Parameters
    ----------
    folder : Path
        Of the sweep.
    file : int
        What `locked` yielded.

    Raises
    ------
    StoreError
        If what stands under the lock's name is not what is locked.
    """
    path = folder / LOCK
    try:
        held = os.path.samestat(os.stat(path, follow_symlinks=False), os.fstat(file))
    except OSError:
        held = False
    if not held:
        raise StoreError(
            f"{path}: removed while this process was writing, expected it to stay: another process may write a sweep "
            "there now. What was kept before is whole. When nobody writes there, go on with --resume (resume=True)."
        )
