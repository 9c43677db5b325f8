"""One daily series of one or several scenarios or runs on a calendar: medians with bands, a line for a single run.

Bands are the central 90 % by day of the runs that still go on, drawn while at least `FEWEST` do, and of no more than
`MOST_BANDS` results; more would cover one another. The horizontal axis has dates of matplotlib, so that other things
can be drawn into the same axes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.engine.bands import over_days
from sim.engine.batch import Batch
from sim.engine.run import Run
from sim.engine.term_labels import term_words
from sim.errors import UsageError
from sim.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    NORMAL,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILLION,
    ResultFigure,
    footer,
    heading,
    look,
    number_axis,
    shortened,
)
from sim.plots.trajectory_panels import panels_of
from sim.scenario.feature_reference import nearest, parse_feature
from sim.scenario.words import capital

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

COLOURS: Final = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY_BLUE, BLACK)
FEWEST: Final = 20
"""Runs that a band needs."""
MOST_BANDS: Final = 2
"""Results over one another up to which bands can be told apart; of more, medians alone are drawn."""
PROBABILITIES: Final = (0.05, 0.5, 0.95)


def series_bands_figure(
    results: Mapping[str, Batch | Run], series: str, *, ax: Axes | None = None, run: Run | None = None
) -> Figure:
    """Draw a daily series of one or several results over one another.

    Parameters
    ----------
    results : mapping of str to Batch or Run
        By what the figure calls them; up to seven.
    series : str
        As in `Batch.series_names`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure of its own if left out.
    run : Run, optional
        One world, drawn as a line over them.

    Returns
    -------
    matplotlib.figure.Figure
        That of `ax` if it was given.

    Raises
    ------
    UsageError
        If there is no result, there are too many, or one has no such series.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> slow = {"as it is": sim.replicate(toy, 30, 7)}
    >>> series_bands_figure(slow, "daily_attacks(fighters)").axes[0].get_ylabel()
    'attacks a day'
    """
    _check_named(results)
    if not 1 <= len(results) <= len(COLOURS):
        raise UsageError(
            f"results: found {len(results)}, expected 1 to {len(COLOURS)}; more lines cannot be told apart"
        )
    for result in results.values():
        _check(result, series)
    first = next(iter(results.values())).scenario
    title, unit, days = _panel(first, series)
    with look():
        own = ax is None
        figure: Any = ResultFigure(figsize=(7.6, 3.9)) if ax is None else ax.figure
        axes = figure.add_axes((0.09, 0.21, 0.88, 0.56)) if ax is None else ax
        drawn = [*results.items(), *([("this run", run)] if run is not None else [])]
        for colour, (name, result) in zip((*COLOURS, ORANGE), drawn, strict=False):
            _draw(
                axes,
                result,
                series,
                days,
                ORANGE if result is run else colour,
                shortened(name, 60),
                len(results) <= MOST_BANDS,
            )
        number_axis(axes, unit or "value")
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        if not own:
            axes.set_title(title, fontsize=NORMAL, loc="left", pad=4.0)
        locator = AutoDateLocator()  # type: ignore[no-untyped-call]  # matplotlib's dates have no types
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]  # likewise
        axes.tick_params(labelsize=NORMAL)
        if len(drawn) > 1 or not own:
            axes.legend(fontsize=NORMAL, frameon=False, loc="best")
        if own:
            _around(figure, results, title)
    assert isinstance(figure, Figure)
    return figure


def _check_named(results: object) -> None:
    if not isinstance(results, Mapping):
        found = type(results).__name__
        raise UsageError(f"series_bands_figure: found {found}, expected results by name, such as {{'deal': batch}}")


def _check(result: Any, series: str) -> None:
    if not isinstance(result, Batch | Run):
        raise UsageError(f"results: found {type(result).__name__}, expected a Batch (sim.replicate) or a Run (sim.run)")
    names = result.series_names if isinstance(result, Batch) else tuple(result.series_table)
    if series not in names:
        hint = nearest(series, names)
        raise UsageError(f"series: found {series!r}, expected one of {', '.join(names)}. {hint}".rstrip())


def _panel(scenario: Scenario, series: str) -> tuple[str, str, int]:
    """Return what a series is called, its unit, and over how many days it is averaged."""
    for panel in panels_of(scenario, (series,)):
        return panel.title, panel.unit, panel.mean_days
    return capital(term_words(series, scenario)), parse_feature(series).feature.unit, 1


def _draw(axes: Axes, result: Batch | Run, series: str, days: int, colour: str, name: str, bands: bool) -> None:
    """Draw one result: median and band, or a line."""
    start = result.scenario.start
    if isinstance(result, Run):
        values = np.asarray(result.series_table[series], dtype=np.float64)
        line = over_days(values.reshape(1, -1, 1), days).ravel()
        axes.plot(_dates(start, len(line)), line, color=colour, linewidth=1.3, label=name, zorder=4)
        return
    (band,) = result.series_bands([series], PROBABILITIES, [days])
    enough = min(FEWEST, len(result))
    drawn = np.where((band.running >= enough)[:, None], band.values, np.nan)
    dates = _dates(start, len(drawn))
    if bands and len(result) >= FEWEST:
        axes.fill_between(dates, drawn[:, 0], drawn[:, 2], color=colour, alpha=0.16, linewidth=0, zorder=1)
    axes.plot(dates, drawn[:, 1], color=colour, linewidth=1.6, label=name, zorder=3)


def _dates(start: dt.date, days: int) -> NDArray[np.datetime64]:
    dates: NDArray[np.datetime64] = np.datetime64(start) + np.arange(days)
    return dates


def _around(figure: Figure, results: Mapping[str, Batch | Run], title: str) -> None:
    first = next(iter(results.values()))
    batches = [result for result in results.values() if isinstance(result, Batch)]
    below = ", ".join(shortened(name, 60) for name in results) if len(results) < 3 else f"{len(results)} scenarios"
    notes, banded = [], len(results) <= MOST_BANDS
    if batches:
        notes = ["Lines: medians by day of the runs that still go on" + ("; bands: 90 % of them." if banded else ".")]
    heading(figure, title, below, 1.0 - 0.09 / figure.get_figheight())
    footer(figure, first.scenario, first.seed, len(batches[0]) if batches else None, notes)
