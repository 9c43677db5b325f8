"""Morris's plane: how much each factor matters (mu*) against how far its effect hangs on the others or bends (sigma).

A factor to the right matters; one above the diagonal sigma = mu* has an effect that changes its size or sign with the
other factors. Left of the dashed line mu* is what luck alone gives a factor without any effect.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.plots.label_places import free_places
from sim.plots.output_words import output_unit
from sim.plots.sensitivity_page import KIND_COLOURS, KIND_MARKERS, kind_legend, sensitivity_page
from sim.plots.style import (
    GREY,
    NORMAL,
    SMALL,
    look,
    shortened,
    thousands,
    words,
)
from sim.plots.takes import takes

if TYPE_CHECKING:
    from sim.experiments.sensitivity import MorrisEffects, Sensitivity

MOST_NAMED = 12
"""Factors whose names are written; the others are marks without a name."""
WIDTH, HEIGHT = 8.0, 6.4


@takes("Sensitivity", "sim.sensitivity_of(sweep, output)")
def morris_plane_figure(result: Sensitivity) -> Figure:
    """Draw the elementary effects of an output.

    Parameters
    ----------
    result : Sensitivity
        Of a sweep with Morris's design.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If the result has no elementary effects.

    Examples
    --------
    As of `sim.plots.sobol_bars_figure`.
    """
    effects = result.morris
    if effects is None:
        raise UsageError("Morris's plane: found Sobol' indices, expected elementary effects; draw sobol_bars_figure")
    scale = 100.0 if result.is_share else 1.0
    order = np.argsort(-effects.mu_star, kind="stable")
    with look():
        first = (
            [f"The {MOST_NAMED} factors with the largest mu* of {len(order)} are named."]
            if len(order) > MOST_NAMED
            else []
        )
        figure, axes = sensitivity_page(
            result, (WIDTH, HEIGHT), (0.85, 0.3, 0.85), "Elementary effects (Morris)", first
        )
        _marks(axes, result, effects, scale)
        lines = _lines(axes, effects, scale, float(np.nanmax(_interval(result, effects)[1])))
        kind_legend(figure, result.kinds, lines, 0.5)
        _labels(axes, result, effects, order[:MOST_NAMED], scale)
        unit = "points of share" if result.is_share else output_unit(result.output, result.scenario)
        per = f", {unit} per range of the factor" if unit else ", per range of the factor"
        axes.set_xlabel(f"mu*: mean size of the effect{per}", fontsize=NORMAL)
        axes.set_ylabel(f"sigma: spread of the effect{per}", fontsize=NORMAL)
        axes.grid(color="#DDDDDD", linewidth=0.5)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _place: thousands(value))
    return figure


def _marks(axes: Axes, result: Sensitivity, effects: MorrisEffects, scale: float) -> None:
    low, high = _interval(result, effects)
    for kind in dict.fromkeys(result.kinds):
        own = np.array([k == kind for k in result.kinds])
        axes.hlines(
            scale * effects.sigma[own], scale * low[own], scale * high[own], color=GREY, linewidth=0.9, zorder=2
        )
        axes.plot(
            scale * effects.mu_star[own],
            scale * effects.sigma[own],
            linestyle="",
            marker=KIND_MARKERS[kind],
            color=KIND_COLOURS[kind],
            markersize=6,
            markeredgecolor="white",
            markeredgewidth=0.5,
            clip_on=False,
            zorder=3,
        )


def _interval(result: Sensitivity, effects: MorrisEffects) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the intervals of mu*, which is never below 0, and of a share never above 1."""
    low, high = effects.mu_star_interval
    return np.maximum(low, 0.0), np.minimum(high, 1.0) if result.is_share else high


def _lines(axes: Axes, effects: MorrisEffects, scale: float, furthest: float) -> list[Patch | Line2D]:
    right = 1.08 * scale * furthest
    top = 1.12 * scale * float(effects.sigma.max())
    right, top = right if right > 0.0 else 1.0, top if top > 0.02 * right else 0.25 * right if right > 0.0 else 1.0
    axes.set_xlim(0.0, right)
    axes.set_ylim(0.0, top)
    end = min(right, top)
    lines: list[Patch | Line2D] = [
        *axes.plot([0.0, end], [0.0, end], color="#888888", linewidth=0.8, label="sigma = mu*", zorder=1)
    ]
    luck = effects.mu_star_of_luck
    if np.isfinite(luck).any() and float(np.nanmax(luck)) > 0.0:
        at = scale * float(np.nanmax(luck))
        dashes = (0, (4, 3))
        lines.append(
            axes.axvline(at, color="black", linewidth=0.9, linestyle=dashes, label="mu* of luck alone", zorder=1)
        )
    return lines


def _labels(axes: Axes, result: Sensitivity, effects: MorrisEffects, named: NDArray[np.intp], scale: float) -> None:
    points = np.column_stack([scale * effects.mu_star[named], scale * effects.sigma[named]])
    texts = [shortened(words(result.names[i]), 34) for i in named]
    low, high = _interval(result, effects)
    level = scale * effects.sigma
    intervals = [(scale * low[i], level[i], scale * high[i], level[i]) for i in range(len(level))]
    places = free_places(axes, points, texts, SMALL, intervals)
    for (x, y), (dx, dy), text in zip(points, places, texts, strict=True):
        axes.annotate(
            text,
            (x, y),
            xytext=(dx, dy),
            textcoords="offset points",
            fontsize=SMALL,
            ha="left" if dx > 0 else "right",
            va="center",
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "shrinkA": 0.0, "shrinkB": 3.0}
            if math.hypot(dx, dy) > 2.5 * SMALL
            else None,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
            zorder=4,
        )
