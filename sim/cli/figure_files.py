"""A figure as the bytes of its files: PNG to look at, SVG to print; the same figure gives the same bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_PER_INCH = 150


def figure_files(name: str, figure: Figure) -> dict[str, bytes]:
    """Render a figure.

    Parameters
    ----------
    name : str
        Of the files, without ending.
    figure : matplotlib.figure.Figure
        As `sim.plots` makes it.

    Returns
    -------
    dict of str to bytes
        ``<name>.png`` and ``<name>.svg``.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> sorted(figure_files("trajectories", Figure(figsize=(1, 1))))
    ['trajectories.png', 'trajectories.svg']
    """
    import matplotlib as mpl

    files = {}
    with mpl.rc_context({"svg.hashsalt": name}):
        for ending, metadata in (("png", {"Software": None}), ("svg", {"Date": None})):
            buffer = io.BytesIO()
            figure.savefig(buffer, format=ending, dpi=DOTS_PER_INCH, metadata=metadata)
            files[f"{name}.{ending}"] = buffer.getvalue()
    return files
