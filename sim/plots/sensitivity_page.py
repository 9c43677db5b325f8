"""What figures of sensitivity have in common: the page, the question, the colours of kinds, and the notes below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.notes import wrapped
from sim.plots.output_words import output_words
from sim.plots.style import (
    BLUE,
    DOTS_PER_INCH,
    GREEN,
    GREY,
    NORMAL,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    SMALL,
    VERMILLION,
    ResultFigure,
    footer,
    heading,
    shortened,
    words,
)

if TYPE_CHECKING:
    from sim.experiments.sensitivity import Sensitivity

KIND_COLOURS: Final = {
    "hazards": VERMILLION,
    "payoffs": BLUE,
    "rules": GREEN,
    "deal": ORANGE,
    "world": PURPLE,
    "mixed": SKY_BLUE,
    "other": GREY,
}
"""One colour a kind of factors, the same in every figure."""

KIND_MARKERS: Final = {
    "hazards": "o",
    "payoffs": "s",
    "rules": "^",
    "deal": "D",
    "world": "v",
    "mixed": "P",
    "other": "X",
}
"""One marker a kind, so that colour is not needed to tell them apart."""


def finding(result: Sensitivity) -> str:
    """Say which factor an output hangs on most, if the intervals tell; else, what the figure asks.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> page = {"is_share": True, "scenario": toy, "names": ("pace", "price"), "morris": None}
    >>> def bars(low, high):
    ...     return SimpleNamespace(total=np.array([0.8, 0.2]), total_interval=(np.array(low), np.array(high)))
    >>> finding(SimpleNamespace(output="settlement", sobol=bars([0.7, 0.1], [0.9, 0.3]), **page))
    'Share of runs with settlement: hangs most on pace'
    >>> finding(SimpleNamespace(output="settlement", sobol=bars([0.2, 0.1], [1.0, 0.3]), **page))
    'Share of runs with settlement: what it hangs on'
    """
    quantity = output_words(result.output, result.is_share, result.scenario)
    sizes, interval = None, None
    if result.sobol is not None:
        sizes, interval = result.sobol.total, result.sobol.total_interval
    elif result.morris is not None:
        sizes, interval = result.morris.mu_star, result.morris.mu_star_interval
    if sizes is None or interval is None or len(sizes) < 2:
        return f"{quantity}: what it hangs on"
    most = int(np.argmax(sizes))
    others = np.delete(interval[1], most)
    told = bool(np.isfinite(interval[0][most]) and (others < interval[0][most]).all())
    named = words(result.names[most])
    return f"{quantity}: hangs most on {named[:1].lower()}{named[1:]}" if told else f"{quantity}: what it hangs on"


def kind_legend(figure: Figure, kinds: Sequence[str], more: Sequence[Patch | Line2D], below_top: float) -> None:
    """Draw one row of legend under the heading: `more`, then a mark for each kind that occurs.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        With its size set.
    kinds : sequence of str
        Of the factors that are shown.
    more : sequence of Patch or Line2D
        What else the figure shows, with labels.
    below_top : float
        Inches from the upper edge.
    """
    marks = [
        Line2D([], [], linestyle="", marker=KIND_MARKERS[kind], color=KIND_COLOURS[kind], markersize=5, label=kind)
        for kind in KIND_COLOURS
        if kind in kinds
    ]
    figure.legend(
        handles=[*more, *marks],
        loc="upper left",
        bbox_to_anchor=(0.012, 1 - below_top / figure.get_figheight()),
        ncols=len(more) + len(marks),
        fontsize=SMALL,
        frameon=False,
        handletextpad=0.5,
        columnspacing=1.2,
        borderaxespad=0.0,
    )


def notes(result: Sensitivity, width: float) -> list[str]:
    """Say how much was run, what share is luck, what failed, and whether it has converged.

    Parameters
    ----------
    result : Sensitivity
        What the figure shows.
    width : float
        Of the figure, in inches.

    Returns
    -------
    list of str
        Lines for the footer.
    """
    r = result.replications
    parts = []
    if result.sobol is not None:
        parts.append(f"{result.sobol.blocks:,} blocks, {r:,} replication{'' if r == 1 else 's'} a row")
    elif result.morris is not None:
        parts.append(f"{result.morris.trajectories:,} trajectories, {r:,} replication{'' if r == 1 else 's'} a row")
    luck = result.split.luck_share
    if math.isnan(luck):
        parts.append("one replication a row cannot tell luck from effect")
    else:
        left_out = ", which the indices leave out" if result.sobol is not None else ""
        parts.append(f"{100 * luck:.0f} % of the variance of a single run is luck{left_out}")
    parts.append("intervals of 95 %")
    lines = ["; ".join(parts) + "."]
    if result.shares:
        # rounded first, so that no share is written as minus zero
        shares = ", ".join(
            f"{s.kind} {round(100 * s.share) + 0} ± {100 * s.standard_error:.0f} %" for s in result.shares
        )
        how = "grouped total indices" if result.grouped else "total indices, interactions counted in each"
        lines.append(f"Share of the sum of {how} (± standard error): {shares}.")
    if result.failures.failed:
        lines.append(f"{result.failures}.".capitalize())
    if result.advice is not None:
        lines.append(f"Not converged: {result.advice}.")
    return wrapped(lines, width)


def sensitivity_page(
    result: Sensitivity,
    size: tuple[float, float],
    margins: tuple[float, float, float],
    subject: str,
    first_notes: Sequence[str] = (),
) -> tuple[ResultFigure, Axes]:
    """Begin a figure of one panel: its heading, its notes with what reproduces it, and the axes between them.

    Parameters
    ----------
    result : Sensitivity
        What the figure shows.
    size : tuple of float
        Width and height, in inches.
    margins : tuple of float
        To the left and right of the axes and above them, in inches.
    subject : str
        What is drawn, for the line under the title.
    first_notes : sequence of str
        Lines above those of `notes`.

    Returns
    -------
    figure : ResultFigure
    axes : matplotlib.axes.Axes
    """
    (width, height), (left, right, above) = size, margins
    figure = ResultFigure(figsize=size, dpi=DOTS_PER_INCH)
    lines = [*first_notes, *notes(result, width)]
    bottom = 0.75 + 0.12 * len(lines)
    axes = figure.add_axes((left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + above) / height))
    axes.tick_params(labelsize=NORMAL, length=3, width=0.6, color="#444444")
    heading(figure, finding(result), f"{subject}: {shortened(result.scenario.title, 80)}", 1 - 0.1 / height)
    footer(figure, result.scenario, result.seed, result.failures.runs, lines)
    return figure, axes
