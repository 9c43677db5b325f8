"""Reliability of back-test forecasts: of what was given a probability near p, the share that came."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from sim.backtest.pooled import ReliabilityBin
from sim.errors import UsageError
from sim.plots.style import BLUE, GREY, SMALL, ResultFigure, look


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

    Raises
    ------
    UsageError
        If `bins` is something else.

    Examples
    --------
    >>> from sim.backtest.pooled import ReliabilityBin
    >>> figure = reliability_figure([ReliabilityBin(forecast=0.3, came=0.25, low=0.09, high=0.53, count=12)])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['12']
    """
    wrong = [point for point in bins if not isinstance(point, ReliabilityBin)] if isinstance(bins, Sequence) else [bins]
    if wrong:
        raise UsageError(
            f"reliability_figure: found {type(wrong[0]).__name__}, expected a sequence of ReliabilityBin, as "
            "sim.backtest.reliability(results) returns it"
        )
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
