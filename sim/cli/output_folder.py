"""The folder that ``--out`` names: proved writable before the work, and as it was before if the work fails."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def writable(out: Path) -> Iterator[Path]:
    """Make sure that results can be written; remove again what was made for them if nothing comes of it.

    Parameters
    ----------
    out : Path
        What ``--out`` names; it need not exist.

    Yields
    ------
    Path
        `out`, a folder that can be written to.

    Raises
    ------
    StoreError
        If it cannot.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as top:
    ...     with contextlib.suppress(KeyboardInterrupt), writable(Path(top, "a", "b")):
    ...         raise KeyboardInterrupt
    ...     list(Path(top).iterdir())
    []
    """
    from sim.store.run_folder import prepare_out

    missing = [folder for folder in (out, *out.parents) if not os.path.lexists(folder)]
    try:
        yield prepare_out(out)
    except BaseException:
        for folder in missing:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
