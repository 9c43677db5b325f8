"""Bars of Sobol' indices: what each factor explains alone (first order) and in all (total), with 95 % intervals.

The gap between the two bars of a factor is what it does together with others. The most important factor stands on top;
a small mark before its name gives its kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.plots.sensitivity_page import KIND_COLOURS, KIND_MARKERS, kind_legend, sensitivity_page
from sim.plots.style import (
    NORMAL,
    ORANGE,
    SKY_BLUE,
    look,
    shortened,
    words,
)
from sim.plots.takes import takes

if TYPE_CHECKING:
    from sim.experiments.sensitivity import Sensitivity, SobolIndices

UNSETTLED: Final = 0.5
"""Width of a 95 % interval from which on a bar is drawn pale: it hardly says where in [0, 1] the index lies."""
MOST = 20
"""Factors that are shown; those with the smallest totals are named in a note."""
WIDTH = 8.0


@takes("Sensitivity", "sim.sensitivity_of(sweep, output)")
def sobol_bars_figure(result: Sensitivity) -> Figure:
    """Draw the Sobol' indices of an output.

    Parameters
    ----------
    result : Sensitivity
        Of a sweep with Saltelli's design.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If the result has no Sobol' indices, or luck is all that shows.

    Examples
    --------
    >>> import tempfile, warnings
    >>> import sim
    >>> from sim.experiments.definition import experiment_from
    >>> from sim.experiments.sensitivity import sensitivity_of
    >>> experiment = experiment_from(
    ...     {
    ...         "schema_version": 1,
    ...         "title": "A hazard and patience",
    ...         "scenario": "toys/two_actors",
    ...         "vary": {
    ...             "hazard": {"path": "deal.outcomes.settlement.per_day", "range": [0.0005, 0.02]},
    ...             "patience": {"path": "actors.state.discount_per_year", "range": [0.1, 0.3]},
    ...         },
    ...         "design": {"saltelli": {"base_rows": 16}},
    ...         "replications": 4,
    ...     }
    ... )
    >>> with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")  # so small a sweep has not converged
    ...     result = sensitivity_of(sim.sweep(experiment, folder), "settlement")
    >>> [label.get_text() for label in sobol_bars_figure(result).axes[0].get_yticklabels()]
    ['Hazard', 'Patience']
    """
    indices = result.sobol
    if indices is None:
        raise UsageError("bars of Sobol' indices: found elementary effects, expected indices; draw morris_plane_figure")
    if not np.isfinite(indices.total_error).all():
        raise UsageError(f"bars of Sobol' indices: found none to draw: {result.advice or 'they are unknown'}")
    order = np.argsort(-indices.total, kind="stable")[:MOST]
    height = 1.6 + 0.36 * len(order) + 0.55
    with look():
        hidden = len(indices.total) - len(order)
        first = [f"{hidden} factors with smaller totals are not shown."] if hidden else []
        first.append(f"Bars and lines are cut to [0, 1]; pale: a 95 % interval wider than {UNSETTLED:g}, not settled.")
        figure, axes = sensitivity_page(
            result, (WIDTH, height), (2.3, 0.25, 0.78), "Sobol' indices of the mean over luck", first
        )
        _bars(axes, indices, order)
        _names(axes, result, order)
        bars = [
            Patch(color=SKY_BLUE, label="first order: alone"),
            Patch(color=ORANGE, label="total: with interactions"),
        ]
        kind_legend(figure, [result.kinds[i] for i in order], bars, 0.5)
    return figure


def _bars(axes: Axes, indices: SobolIndices, order: NDArray[np.intp]) -> None:
    places = np.arange(len(order), dtype=np.float64)
    bars = (
        (-0.19, indices.first, indices.first_interval, SKY_BLUE),
        (0.19, indices.total, indices.total_interval, ORANGE),
    )
    for shift, values, (low, high), colour in bars:
        ordered = values[order]
        bars_of = axes.barh(places + shift, np.clip(ordered, 0.0, 1.0), height=0.36, color=colour, zorder=2)
        for bar, end in zip(bars_of, high[order] - low[order], strict=True):
            if end > UNSETTLED:  # an interval that wide says little: the bar is pale and hatched
                bar.set(alpha=0.35, hatch="////", edgecolor="white")
        ends_of = np.clip(low[order], 0.0, 1.0), np.clip(high[order], 0.0, 1.0)
        axes.hlines(places + shift, *ends_of, color="black", linewidth=1.1, zorder=3)
        axes.plot(np.clip(ordered, 0.0, 1.0), places + shift, "|", color="black", markersize=4.5, zorder=4)
    axes.axvline(0.0, color="#444444", linewidth=0.6)
    axes.set_ylim(len(order) - 0.5, -0.5)
    drawn = np.concatenate([indices.first_interval[1][order], indices.total_interval[1][order], indices.total[order]])
    axes.set_xlim(-0.02, max(min(float(np.nanmax(drawn)), 1.0) + 0.02, 0.2))
    axes.set_xlabel("share of the variance that factors bring", fontsize=NORMAL)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.5)


def _names(axes: Axes, result: Sensitivity, order: NDArray[np.intp]) -> None:
    axes.set_yticks(np.arange(len(order)), labels=[shortened(words(result.names[i]), 32) for i in order])
    axes.tick_params(axis="y", length=0, pad=12)
    for place, i in enumerate(order):
        kind = result.kinds[i]
        axes.plot(
            -0.014,
            place,
            marker=KIND_MARKERS[kind],
            color=KIND_COLOURS[kind],
            markersize=4.5,
            clip_on=False,
            transform=axes.get_yaxis_transform(),
        )
