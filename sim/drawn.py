"""Figures of results, asked of the result: what ``run.plot()`` and its like do.

Results stand below what draws them and know nothing of matplotlib. So the drawing is named here and found when it is
asked for, as rules are (`sim.function_pointer`): nothing is imported before, and no result depends on it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

DRAWS: Final = "sim.plots.of_result"


def plot(result: Any, kind: str, what: str | None, **options: Any) -> Any:
    """Draw a figure of a result.

    Parameters
    ----------
    result : Run, Batch, Comparison or Sweep
        What it is of.
    kind : str
        ``run``, ``batch``, ``comparison`` or ``sweep``.
    what : str or None
        Name of a figure (`sim.plots.catalogue`), a series, a measure or an output; None for the usual figure.
    **options
        As the figure takes them.

    Returns
    -------
    matplotlib.figure.Figure
        That of ``ax`` if that was given.
    """
    return getattr(import_module(DRAWS), f"plot_{kind}")(result, what, **options)
