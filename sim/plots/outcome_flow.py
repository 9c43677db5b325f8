"""From talks to the end: how many runs began talks early, late or never, and how the runs of each kind ended.

Left stand the runs by when talks began (in the earlier or the later half of those that began, or never), right by their
outcome; a band between is as wide as the share of runs that went that way.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.experiments.comparison.finding import end_finding, percent_words
from sim.experiments.outcome_share import FAILED
from sim.plots.calendar_axis import day_month_year
from sim.plots.outcome_areas import apart
from sim.plots.style import GREY, NORMAL, ResultFigure, footer, heading, look, outcome_colours
from sim.plots.takes import takes

if TYPE_CHECKING:
    from sim.engine.batch import Batch

_GAP: Final = 0.025
"""Between two kinds on one side, as a share of the height."""
_LABEL: Final = 4.6
"""Height of a label, as a percentage of the axis."""


@takes("Batch", "sim.replicate(scenario, runs, seed)")
def outcome_flow_figure(batch: Batch) -> Figure:
    """Draw the flow of runs from talks to their ends.

    Parameters
    ----------
    batch : Batch
        Of a scenario with talks.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If the scenario has no talks.

    Examples
    --------
    >>> import sim
    >>> figure = outcome_flow_figure(sim.replicate(sim.load("doha_2020/baseline"), 40, 7))
    >>> round(sum(float(patch.get_gid()) for patch in figure.axes[0].patches), 9)
    1.0
    """
    scenario = batch.scenario
    if scenario.deal.talks is None:
        raise UsageError(f"flow: found no talks in {scenario.title!r}, expected deal.talks")
    table = batch.outcome_table
    began = np.asarray(table["talks_day"], dtype=np.float64)
    ends = np.array([FAILED if end is None else str(end) for end in table["outcome"]], dtype=object)
    left, kinds = _kinds(began, scenario.start)
    outcomes = [name for name in (*scenario.outcome_names, FAILED) if (ends == name).any()]
    counts = np.array([[((left == k) & (ends == name)).sum() for name in outcomes] for k in range(len(kinds))])
    shares = counts / max(len(ends), 1)
    colours = outcome_colours(scenario.outcomes) | {FAILED: GREY}
    labels = {**scenario.outcome_labels, FAILED: FAILED}
    with look():
        figure = ResultFigure(figsize=(7.6, 4.4))
        axes = figure.add_axes((0.27, 0.13, 0.46, 0.68))
        axes.set_axis_off()
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(1.0 + _GAP * max(len(kinds), len(outcomes)), 0.0)
        lefts, rights = _starts(shares.sum(axis=1)), _starts(shares.sum(axis=0))
        _ends(axes, lefts, shares.sum(axis=1), kinds, 0.0)
        _ends(axes, rights, shares.sum(axis=0), [labels.get(name, name) for name in outcomes], 1.0)
        for k in range(len(kinds)):
            for j, name in enumerate(outcomes):
                if shares[k, j] > 0.0:
                    _band(axes, lefts[k], rights[j], shares[k, j], colours.get(name, GREY))
                    lefts[k] += shares[k, j]
                    rights[j] += shares[k, j]
        heading(figure, end_finding(batch), f"{scenario.title}: from talks to the end", 0.98)
        notes = ["Left: when talks began, in halves of the runs that had them; right: ends; widths: share of runs."]
        footer(figure, scenario, batch.seed, len(batch), notes)
    return figure


def _kinds(began: NDArray[np.float64], start: dt.date) -> tuple[NDArray[np.int64], list[str]]:
    """Sort runs by when talks began: which kind each is of, and what the kinds are called."""
    known = began[~np.isnan(began)]
    if not len(known):
        return np.zeros(len(began), np.int64), ["talks never began"]
    middle = float(np.median(known))
    date = day_month_year(start + dt.timedelta(days=int(middle)))
    kind = np.where(np.isnan(began), 2, np.where(began <= middle, 0, 1))
    named = [f"talks by {date}", f"talks after {date}", "talks never began"]
    present = [k for k in range(3) if (kind == k).any()]
    return np.array([present.index(int(k)) for k in kind], dtype=np.int64), [named[k] for k in present]


def _starts(sizes: NDArray[np.float64]) -> list[float]:
    """Return where each part of a side begins."""
    return [float(sizes[:k].sum()) + _GAP * k for k in range(len(sizes))]


def _ends(axes: Axes, starts: list[float], sizes: NDArray[np.float64], names: list[str], x: float) -> None:
    """Name the parts of one side, with their shares."""
    places = apart([100.0 * (start + size / 2) for start, size in zip(starts, sizes, strict=True)], _LABEL)
    for place, size, name in zip(places, sizes, names, strict=True):
        axes.annotate(
            f"{name}, {percent_words(size)}", (x, place / 100.0), xytext=(-6 if x == 0.0 else 6, 0),
            textcoords="offset points", ha="right" if x == 0.0 else "left", va="center", fontsize=NORMAL,
            annotation_clip=False,
        )  # fmt: skip


def _band(axes: Axes, left: float, right: float, size: float, colour: Any) -> None:
    """Draw a band; its share is its group id, so that what is drawn can be read back."""
    corners = [
        (0.0, left), (0.5, left), (0.5, right), (1.0, right),
        (1.0, right + size), (0.5, right + size), (0.5, left + size), (0.0, left + size), (0.0, left),
    ]  # fmt: skip
    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(corners, codes), facecolor=colour, alpha=0.6, linewidth=0, gid=str(size)))
