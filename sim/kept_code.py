"""Machine code that is kept for later processes: read only from folders that nobody else can write to, and only whole.

Numba keeps compiled functions as pickles, and reading a pickle runs what it says. A folder is therefore used only if it
belongs to this user or to the superuser and only they can write to it. Each file starts with the SHA-256 of the rest;
one that was cut or altered counts as absent, so its function is compiled anew and the file replaced. A folder that can
be read but not written to (an image, a shared installation) serves what it holds, and nothing is added.
"""

# mypy: disallow-untyped-calls=False

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numba.core import caching, ccallback, dispatcher

from sim.errors import CacheWarning

DIGEST_BYTES = 32


def distrusted(folder: Path, *, root: bool = False) -> str:
    """Say why machine code must not be read from a folder, or nothing if it may be.

    Parameters
    ----------
    folder : Path
        Need not exist yet.
    root : bool
        Whether it only holds folders of machine code: then others may write to it if they cannot rename what is there,
        as in ``/tmp``, and it may be a link.
    """
    if not hasattr(os, "getuid"):
        return ""
    try:
        found = folder.stat() if root else folder.lstat()
    except FileNotFoundError:
        return ""
    if not stat.S_ISDIR(found.st_mode):
        return "it is no folder"
    if found.st_uid not in (os.getuid(), 0):
        return "it belongs to another user"
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not (root and found.st_mode & stat.S_ISVTX):
        return "other users can write to it"
    return ""


class _Locator(caching.UserProvidedCacheLocator):
    """Numba's folder of a source file, which may be read-only."""

    def ensure_cache_path(self) -> None:
        """Make the folder, unless it can only be read."""
        path = Path(self.get_cache_path())
        if os.access(path.parent, os.W_OK):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)


class _Results(caching.CompileResultCacheImpl):
    def __init__(self, function: Any) -> None:
        self._locator_classes = [_Locator]
        super().__init__(function)


class _CheckedFiles(caching.IndexDataCacheFile):
    """An index and its data files, each with a digest in front; the index names Numba's version and the source."""

    def _load_index(self) -> Any:
        try:
            version, stamp, overloads = pickle.loads(_checked(Path(self._index_path)))
        except (OSError, ValueError):
            return {}
        return overloads if (version, stamp) == (self._version, self._source_stamp) else {}

    def _save_index(self, overloads: Any) -> None:
        data = self._dump((self._version, self._source_stamp, overloads))
        with self._open_for_write(self._index_path) as file:
            file.write(hashlib.sha256(data).digest() + data)

    def _load_data(self, name: str) -> Any:
        try:
            data = _checked(Path(self._data_path(name)))
        except ValueError as error:
            raise OSError(str(error)) from None  # which Numba takes for a file that is gone
        return pickle.loads(data)

    def _save_data(self, name: str, data: Any) -> None:
        dumped = self._dump(data)
        with self._open_for_write(self._data_path(name)) as file:
            file.write(hashlib.sha256(dumped).digest() + dumped)


class KeptCode(caching.FunctionCache):
    """Numba's cache of one function with files that are checked."""

    _impl_class = _Results

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        path, base = self._impl.locator.get_cache_path(), self._impl.filename_base
        self._cache_file = _CheckedFiles(path, base, self._impl.locator.get_source_stamp())

    def _save_overload(self, sig: Any, data: Any) -> None:
        if not os.access(Path(self._cache_path).parent, os.W_OK):
            return
        try:
            super()._save_overload(sig, data)
        except OSError as error:  # a full disk, say; what was compiled serves this process all the same
            warnings.warn(
                f"compiled code cannot be kept in {self._cache_path} ({error.strerror or error}); only this process "
                "has it. Free some space there, or set SIM_CACHE_DIR to a folder on another disk, to start fast next "
                "time.",
                CacheWarning,
                stacklevel=2,
            )


def _checked(path: Path) -> bytes:
    """Return what a file holds behind its digest, if it is that."""
    content = path.read_bytes()
    digest, data = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    if hashlib.sha256(data).digest() != digest:
        raise ValueError(f"{path}: damaged")
    return data


@contextlib.contextmanager
def keeping_code() -> Iterator[None]:
    """Let functions that are decorated meanwhile keep their machine code in this way; others are not affected."""
    modules: tuple[Any, ...] = (dispatcher, ccallback)
    before = [module.FunctionCache for module in modules]
    for module in modules:
        module.FunctionCache = KeptCode
    try:
        yield
    finally:
        for module, original in zip(modules, before, strict=True):
            module.FunctionCache = original
