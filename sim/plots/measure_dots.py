"""One measure of a comparison by scenario: the share of runs with its interval, or the mean with twice its error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.experiments.comparison.finding import share_finding
from sim.experiments.measures import measures_of
from sim.plots.scenario_rows import wrapped
from sim.plots.style import BLACK, BLUE, GREY, NORMAL, SMALL, ResultFigure, footer, heading, look, thousands
from sim.plots.takes import takes
from sim.scenario.feature_reference import nearest
from sim.scenario.words import capital

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison

Z = 1.96


@takes("Comparison", "sim.compare([first, second])")
def measure_dots_figure(
    comparison: Comparison, measure: str, *, scenarios: Sequence[str] | None = None, ax: Axes | None = None
) -> Figure:
    """Draw a measure by scenario.

    Parameters
    ----------
    comparison : Comparison
        As `sim.compare` returns it.
    measure : str
        One of `Comparison.measures`.
    scenarios : sequence of str, optional
        Which rows, by name; all if left out.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure of its own if left out.

    Returns
    -------
    matplotlib.figure.Figure
        That of `ax` if it was given.

    Raises
    ------
    UsageError
        If there is no such measure, or no chosen scenario has it.

    Examples
    --------
    >>> import sim
    >>> comparison = sim.compare([sim.load("toys/two_actors")], runs=30, seed=7)
    >>> measure_dots_figure(comparison, "settlement").axes[0].get_xlabel()
    'share of runs, %'
    """
    if measure not in comparison.measures:
        hint = nearest(measure, tuple(comparison.measures))
        raise UsageError(f"measure: found {measure!r}, expected one of the comparison's. {hint}".rstrip())
    known = comparison.measures[measure]
    names = [n for n in (scenarios or comparison.batches) if measure in measures_of(comparison.scenarios[n])]
    if not names:
        raise UsageError(f"measure: found {measure!r}, which none of these scenarios has, expected one that some have")
    ends = np.array([_ends(comparison, name, measure) for name in names])
    middle, low, high = ends[:, 0], ends[:, 1], ends[:, 2]
    with look():
        own = ax is None
        height = 1.75 + 0.34 * len(names)
        figure: Any = ResultFigure(figsize=(7.0, height)) if ax is None else ax.figure
        bottom = 0.9 / height
        axes = figure.add_axes((0.36, bottom, 0.6, 1.0 - bottom - 0.62 / height)) if ax is None else ax
        places = np.arange(len(names))
        axes.hlines(places, low, high, color=BLACK, linewidth=1.1, zorder=3)
        axes.plot(middle, places, "o", color=BLUE, markersize=5, zorder=4)
        for place, value, end in zip(places, middle, high, strict=True):
            text = f"{value:.0f}" if known.is_share else thousands(float(f"{value:.3g}"))
            offset: dict[str, Any] = {"xytext": (4, 0), "textcoords": "offset points", "annotation_clip": False}
            axes.annotate(text, (end, place), fontsize=SMALL, va="center", color="#444444", **offset)
        if names[0] == comparison.reference:
            axes.axvline(middle[0], color=GREY, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=1)
        axes.set_yticks(places, labels=["\n".join(wrapped(comparison.titles[name], 36)) for name in names])
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.tick_params(labelsize=NORMAL, length=2)
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.5)
        unit = "share of runs, %" if known.is_share else (known.unit or known.label)
        axes.set_xlabel(unit, fontsize=NORMAL)
        if own:
            title = share_finding(comparison, [measure]) if known.is_share else capital(known.label)
            below = f"{capital(known.label)}; {comparison.runs:,} runs each on the same luck"
            heading(figure, title, below, 1.0 - 0.09 / height)
            notes = ["Lines: 95 % interval of simulation; dotted: the first scenario."]
            footer(figure, comparison.scenarios[names[0]], comparison.seed, comparison.runs, notes)
        else:
            axes.set_title(capital(known.label), fontsize=NORMAL, loc="left")
    assert isinstance(figure, Figure)
    return figure


def _ends(comparison: Comparison, name: str, measure: str) -> tuple[float, float, float]:
    """Return what is drawn of a scenario: the middle and the ends of the 95 % interval."""
    known = comparison.measures[measure]
    if known.is_share:
        row: Any = comparison.shares.loc[(name, measure)]
        return 100.0 * row.share, 100.0 * row.low, 100.0 * row.high
    values = np.asarray(known.values(comparison.batches[name].outcome_table), dtype=np.float64)
    values = values[~np.isnan(values)]
    if not len(values):
        return math.nan, math.nan, math.nan
    error = Z * values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return float(values.mean()), float(values.mean() - error), float(values.mean() + error)
