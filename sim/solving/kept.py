"""What was computed already: arrays by the digest of what they were computed from, so that a stopped solve goes on.

A solve is a chain of steps, each of which is decided by what came before and by the seed. Done again, it asks for the
same numbers in the same order; those that are on the disk are read, and the rest is computed. So nothing has to be
remembered but numbers, and a resumed solve ends with the same digest.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import StoreError
from sim.store.atomic import write_atomically
from sim.untrusted_file import UnfitFileError, read_bounded

LARGEST_BYTES: Final = 256 * 2**20
Arrays = dict[str, NDArray[Any]]


class Kept:
    """Arrays by what they were computed from.

    Parameters
    ----------
    folder : Path, optional
        Where to keep them; nothing is kept without it.
    about : mapping
        Facts that decide every number: the game, the sources of the model.

    Attributes
    ----------
    computed, read : int
        How often arrays were computed, and read.
    worlds : int
        Worlds that all of it takes.

    Examples
    --------
    >>> kept = Kept(None, {})
    >>> kept.arrays({"step": 1}, lambda: {"x": np.arange(2)})["x"].tolist(), kept.computed, kept.read
    ([0, 1], 1, 0)
    """

    def __init__(self, folder: Path | None, about: Mapping[str, Any]) -> None:
        self.folder = folder
        self._about = dict(about)
        self.computed = 0
        self.read = 0
        self.worlds = 0

    def arrays(self, key: Mapping[str, Any], compute: Callable[[], Arrays], worlds: int = 0) -> Arrays:
        """Return the arrays of a key: those on the disk, else computed and kept.

        Parameters
        ----------
        key : mapping
            What decides them, as plain data.
        compute : callable
            Computes them.
        worlds : int
            How many worlds that takes; they count as spent also where they were read.

        Raises
        ------
        StoreError
            If what is on the disk cannot be read or is no such file.
        """
        self.worlds += worlds
        text = json.dumps({"about": self._about, "key": key}, sort_keys=True, separators=(",", ":"))
        path = None if self.folder is None else self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.npz"
        if path is not None and path.is_file():
            self.read += 1
            return _read(path)
        arrays = compute()
        self.computed += 1
        if path is not None:
            buffer = io.BytesIO()
            np.savez(buffer, **arrays)  # type: ignore[arg-type]
            write_atomically(path, buffer.getvalue())
        return arrays


def _read(path: Path) -> Arrays:
    try:
        data = read_bounded(path, LARGEST_BYTES, links=False)
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (UnfitFileError, OSError, ValueError, zipfile.BadZipFile, KeyError) as error:
        raise StoreError(f"{path}: cannot be read ({error}). Remove it and go on: it is computed anew.") from None
