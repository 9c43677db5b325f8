"""Files and folders that appear whole or not at all.

A file is written under a temporary name in its own folder, flushed, synced to the disk, renamed over its final
name, and the folder is synced: whatever happens in between, a reader sees the old content or the new one. A folder
of several files is written under a temporary sibling name and renamed when all of it is on the disk. Temporary
names begin with a dot and end in ``.partial``; they are removed on every error (a full disk, an interrupt), and
only a killed process or a power cut can leave one behind, which no reader looks at.

If a folder of that name exists already it is moved aside first and removed afterwards; it is moved back if the new one
cannot take its place.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from sim.errors import StoreError

_ADVICE: dict[int, str] = {
    errno.ENOSPC: "Free some space on that disk, or choose another folder with --out.",
    errno.EDQUOT: "Your quota on that disk is used up: free some space, or choose another folder with --out.",
    errno.EFBIG: "The limit on file sizes is too low (see ulimit -f): raise it, or choose another folder with --out.",
    errno.EACCES: "Choose a folder that you may write to, with --out.",
    errno.EPERM: "Choose a folder that you may write to, with --out.",
    errno.EROFS: "That disk is read-only: choose a folder that you may write to, with --out.",
    errno.ENOTDIR: "A file stands where a folder is needed: choose another folder with --out.",
    errno.EEXIST: "A file stands where a folder is needed: choose another folder with --out.",
    errno.ENAMETOOLONG: "Choose a shorter path with --out.",
}


def refused(error: OSError, path: Path, action: str = "written") -> StoreError:
    """Return the error that tells a user why a path could not be used and what to do.

    Parameters
    ----------
    error : OSError
        What the system said.
    path : Path
        The path that the user knows, not a temporary one.
    action : {"written", "read"}
        What was tried.

    Examples
    --------
    >>> print(refused(OSError(errno.ENOSPC, "No space left on device"), Path("results/a")))
    results/a: cannot be written: No space left on device; nothing half-written was left. Free some space on that disk, or choose another folder with --out.
    """  # noqa: E501
    reason = error.strerror or str(error)
    if action == "read":
        return StoreError(f"{path}: cannot be read: {reason}. Check the path and that you may read it.")
    advice = _ADVICE.get(error.errno or 0, "Choose another folder with --out.")
    return StoreError(f"{path}: cannot be {action}: {reason}; nothing half-written was left. {advice}")


def check_path(path: Path) -> None:
    """Refuse a path that no system can hold, which Python would refuse with a ValueError.

    Raises
    ------
    StoreError
        If `path` contains a null character or text that the file system's encoding lacks.

    Examples
    --------
    >>> check_path(Path("results"))
    """
    try:
        legal = b"\0" not in os.fsencode(path)
    except UnicodeError:
        legal = False
    if not legal:
        raise StoreError(f"{str(path)!a}: found a character that no path can hold. Choose another folder with --out.")


def write_atomically(path: Path, data: bytes) -> Path:
    """Write a file so that it holds its old content, or the new one, and nothing in between.

    Parameters
    ----------
    path : Path
        In a folder that exists.
    data : bytes
        The whole content.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    StoreError
        If the system refuses; the old content is still there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder, "outcome.json"), b"{}").read_bytes()
    b'{}'
    """
    check_path(path)
    temporary = _sibling(path)
    try:
        try:
            write_synced(temporary, data)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise refused(error, path) from error
    return path


@contextlib.contextmanager
def folder_published(folder: Path) -> Iterator[Path]:
    """Give a temporary folder to fill and, if the block ends without error, rename it to its final name.

    Parameters
    ----------
    folder : Path
        Final name. Missing parents are made, and removed again on an error. A folder of that name is replaced.

    Yields
    ------
    Path
        The temporary folder; fill it with `write_synced`.

    Raises
    ------
    StoreError
        If the system refuses; a folder that was there before is there still.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as top:
    ...     with folder_published(Path(top, "results", "a")) as partial:
    ...         write_synced(partial / "outcome.json", b"{}")
    ...     [path.name for path in Path(top, "results").iterdir()]
    ['a']
    """
    check_path(folder)
    final = Path(os.path.realpath(folder)) if os.path.islink(folder) else folder
    temporary = _sibling(final)
    made: list[Path] = []
    try:
        try:
            _make_folders(final.parent, made)
            temporary.mkdir()
            yield temporary
            sync_folder(temporary)
            _put_in_place(temporary, final)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            for parent in reversed(made):
                with contextlib.suppress(OSError):
                    parent.rmdir()
            raise
        sync_folder(final.parent)
    except OSError as error:
        raise refused(error, folder) from error


def write_synced(path: Path, data: bytes) -> None:
    """Write a new file and sync it to the disk.

    Raises
    ------
    OSError
        As the system says it.
    """
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Sync a folder, so that a rename in it survives a power cut; where a system cannot, do nothing.

    Raises
    ------
    OSError
        If the disk fails.
    """
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def _sibling(path: Path) -> Path:
    """Return a fresh hidden name beside `path`, short enough wherever the name itself is."""
    return path.with_name(f".{path.name[:40]}.{secrets.token_hex(6)}.partial")


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Make a folder and its parents, noting each in `made` as soon as it stands."""
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        if folder.parent == folder:
            break
        folder = folder.parent
    for path in reversed(missing):
        try:
            path.mkdir()
        except FileExistsError:
            if not os.path.isdir(path):
                raise
        else:
            made.append(path)


def _put_in_place(temporary: Path, final: Path) -> None:
    if not os.path.lexists(final):
        os.rename(temporary, final)
        return
    if not os.path.isdir(final):
        raise NotADirectoryError(errno.ENOTDIR, "it is a file", str(final))
    aside = _sibling(final)
    os.rename(final, aside)
    try:
        os.rename(temporary, final)
    except BaseException:
        os.rename(aside, final)
        raise
    shutil.rmtree(aside, ignore_errors=True)
