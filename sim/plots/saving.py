"""Figures as files: PNG to look at and SVG to print; the same figure gives the same bytes on the same platform."""

from __future__ import annotations

import io
import os
from pathlib import Path

from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.plots.style import DOTS_PER_INCH, look
from sim.store.atomic import refused, write_atomically


def figure_bytes(figure: Figure) -> dict[str, bytes]:
    r"""Render a figure without dates or versions in its files.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        As this package makes it.

    Returns
    -------
    dict of str to bytes
        ``png`` at 150 dots an inch, and ``svg``.

    Examples
    --------
    >>> {name: data[:4] for name, data in figure_bytes(Figure(figsize=(1, 1))).items()}
    {'png': b'\x89PNG', 'svg': b'<?xm'}
    """
    files = {}
    with look():
        for ending, metadata in (("png", {"Software": None}), ("svg", {"Date": None, "Creator": None})):
            buffer = io.BytesIO()
            figure.savefig(buffer, format=ending, dpi=DOTS_PER_INCH, metadata=metadata)
            files[ending] = buffer.getvalue()
    return files


def save_figure(figure: Figure, folder: str | os.PathLike[str], name: str) -> tuple[Path, Path]:
    """Write ``<name>.png`` and ``<name>.svg`` to a folder, each whole or not at all.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        As this package makes it.
    folder : path
        Made if it does not exist.
    name : str
        Of the files, without ending or folder.

    Returns
    -------
    tuple of Path
        The PNG and the SVG.

    Raises
    ------
    UsageError
        If `name` is empty or names a folder.
    StoreError
        If the system refuses.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in save_figure(Figure(figsize=(1, 1)), folder, "empty")]
    ['empty.png', 'empty.svg']
    """
    if not name or Path(name).name != name:
        raise UsageError(f"name of a figure: found {name!r}, expected a file name without folder or ending")
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(error, path) from error
    files = figure_bytes(figure)
    png = write_atomically(path / f"{name}.png", files["png"])
    svg = write_atomically(path / f"{name}.svg", files["svg"])
    return png, svg
