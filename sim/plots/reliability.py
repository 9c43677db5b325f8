"""Reliability of back-test forecasts: of what was given a probability near p, the share that came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from sim.plots.style import BLUE, GREY, SMALL, ResultFigure, look

if TYPE_CHECKING:
    from sim.backtest.pooled import ReliabilityBin


def reliability_figure(bins: Sequence[ReliabilityBin], title: str = "Reliability of the back-tests") -> Figure:
    """Draw the share that came against the probability given, with 95 % intervals and how many forecasts there are.

    Parameters
    ----------
    bins : sequence of ReliabilityBin
        As `sim.backtest.pooled.reliability` returns them.
    title : str
        Above the figure.

    Returns
    -------
    matplotlib.figure.Figure
    """
    with look():
        figure = ResultFigure(figsize=(5.2, 4.6))
        axes = figure.add_axes((0.14, 0.14, 0.80, 0.74))
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=1)
        for point in bins:
            axes.plot([point.forecast, point.forecast], [point.low, point.high], color=BLUE, linewidth=1.2)
            axes.annotate(
                f"{point.count}", (point.forecast, point.came), (6, 4), textcoords="offset points", fontsize=SMALL
            )
        axes.plot([p.forecast for p in bins], [p.came for p in bins], "o", color=BLUE)
        axes.set_xlim(-0.03, 1.05)
        axes.set_ylim(-0.03, 1.05)
        axes.set_xlabel("probability given (beside each point: how many forecasts)")
        axes.set_ylabel("share that came true")
        figure.text(0.14, 0.93, title, fontsize=11, weight="bold")
    return figure
