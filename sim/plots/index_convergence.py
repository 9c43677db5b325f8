"""Convergence of Sobol' indices: each total (or first-order) index over the number of blocks, with its 95 % interval.

What has converged runs level, inside intervals that narrow; what still wanders needs more blocks, or more
replications if the notes say that luck is the cause.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from sim.errors import UsageError
from sim.plots.sensitivity_page import sensitivity_page
from sim.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    NORMAL,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    SMALL,
    VERMILLION,
    look,
    shortened,
    words,
)
from sim.plots.takes import takes

if TYPE_CHECKING:
    from sim.experiments.sensitivity import Sensitivity

LINES: Final = (
    (BLUE, "-"),
    (ORANGE, "--"),
    (GREEN, "-."),
    (VERMILLION, ":"),
    (PURPLE, (0, (5, 1))),
    (SKY_BLUE, (0, (3, 1, 1, 1))),
    (BLACK, (0, (1, 1))),
    (GREY, (0, (7, 3))),
)
"""Colour and dashes of each line, so that colour is not needed to tell them apart."""
WIDTH, HEIGHT = 8.0, 5.6


@takes("Sensitivity", "sim.sensitivity_of(sweep, output)")
def index_convergence_figure(result: Sensitivity, order: Literal["total", "first"] = "total") -> Figure:
    """Draw how the indices of an output move as blocks are added.

    Parameters
    ----------
    result : Sensitivity
        Of a sweep with Saltelli's design.
    order : {'total', 'first'}
        Which indices.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If the result has no sequence of indices, luck is all that shows, or `order` is something else.

    Examples
    --------
    As of `sim.plots.sobol_bars_figure`.
    """
    if order not in ("total", "first"):
        raise UsageError(f"order: found {order!r}, expected 'total' or 'first'")
    if not result.sequence:
        raise UsageError("convergence: found no Sobol' indices, expected those of a sweep with the design saltelli")
    if not np.isfinite(getattr(result.sequence[-1], f"{order}_error")).all():
        raise UsageError(f"convergence: found no index to draw: {result.advice or 'they are unknown'}")
    largest = np.argsort(-getattr(result.sequence[-1], order), kind="stable")[: len(LINES)]
    with look():
        hidden = len(result.names) - len(largest)
        first = [f"{hidden} factors with smaller indices are not shown."] if hidden else []
        figure, axes = sensitivity_page(
            result, (WIDTH, HEIGHT), (0.7, 2.05, 0.7), "Sobol' indices as blocks are added", first
        )
        _lines(axes, result, order, [int(i) for i in largest])
        axes.set_xlabel("blocks of the design", fontsize=NORMAL)
        axes.set_ylabel(f"{'total' if order == 'total' else 'first-order'} index", fontsize=NORMAL)
        axes.grid(axis="y", color="#DDDDDD", linewidth=0.5)
        axes.legend(
            loc="upper left",
            bbox_to_anchor=(1.02, 1.0),
            fontsize=SMALL,
            frameon=False,
            borderaxespad=0.0,
            handlelength=3,
        )
    return figure


def _lines(axes: Axes, result: Sensitivity, order: str, factors: list[int]) -> None:
    blocks = np.array([step.blocks for step in result.sequence])
    values = np.array([getattr(step, order) for step in result.sequence])
    ends = np.array([getattr(step, f"{order}_interval") for step in result.sequence])
    middle = 0.5 * (len(factors) - 1)
    for place, (i, (colour, dashes)) in enumerate(zip(factors, LINES, strict=False)):
        x = blocks * 2.0 ** (0.07 * (place - middle))
        axes.vlines(x, ends[:, 0, i], ends[:, 1, i], color=colour, linewidth=1.6, alpha=0.45)
        name = textwrap.fill(shortened(words(result.names[i]), 44), 24)
        axes.plot(x, values[:, i], color=colour, linestyle=dashes, marker="o", markersize=3.0, label=name)
    axes.axhline(0.0, color="#444444", linewidth=0.6)
    axes.set_xscale("log", base=2)
    axes.set_xticks(blocks, labels=[f"{n:,}" for n in blocks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(blocks[0] * 2.0**-0.6, blocks[-1] * 2.0**0.6)
    # the first, widest intervals would leave the rest without a scale
    later = values[len(values) // 2 :, factors]
    finite = later[np.isfinite(later)]
    if finite.size:
        top = max(1.0, float(finite.max()))
        axes.set_ylim(max(-0.6, min(-0.1, float(finite.min()) - 0.1)), min(1.6, top + 0.15))
