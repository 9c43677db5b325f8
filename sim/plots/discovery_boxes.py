"""Scenario discovery: the trade-off of coverage and density along the boxes of a search, and the box that is chosen.

At the left each box is a point: how many of the cases with the outcome lie inside against how likely it is there.
Hollow points are what the search saw, filled ones the same boxes on the rows that it did not see; the gap is what
searching pretends. At the right each factor that the chosen box cuts has its range, the part inside filled, with what
the density on the unseen rows would be without that limit.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.engine.wilson_interval import Z
from sim.experiments.comparison.finding import percent_words
from sim.experiments.scenario_discovery import WARNING
from sim.plots.notes import wrapped
from sim.plots.output_words import output_words
from sim.plots.style import (
    BLACK,
    BLUE,
    GREY,
    NORMAL,
    PALE,
    SMALL,
    ResultFigure,
    footer,
    heading,
    look,
    thousands,
    words,
)
from sim.plots.takes import takes

if TYPE_CHECKING:
    from sim.experiments.factor import Factor
    from sim.experiments.scenario_discovery import Box, Discovery, Limit

WIDTH: Final = 9.8
MOST: Final = 8
"""Limits of a box that are drawn, those whose lifting costs most."""


@takes("Discovery", "sim.discover(sweep, output)")
def discovery_boxes_figure(found: Discovery) -> Figure:
    """Draw the trade-off of the boxes and the limits of the chosen one.

    Parameters
    ----------
    found : Discovery
        As `sim.discover` returns it.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Examples
    --------
    >>> import tempfile
    >>> import sim
    >>> experiment = sim.experiment_from(
    ...     {
    ...         "schema_version": 1,
    ...         "title": "When does it settle?",
    ...         "scenario": "toys/two_actors",
    ...         "vary": {
    ...             "hazard": {"path": "deal.outcomes.settlement.per_day", "range": [0.0005, 0.05]},
    ...             "patience": {"path": "actors.state.discount_per_year", "range": [0.1, 0.3]},
    ...         },
    ...         "design": {"sobol": {"rows": 64}},
    ...         "replications": 5,
    ...     }
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     figure = discovery_boxes_figure(sim.discover(sim.sweep(experiment, folder), "settlement"))
    >>> figure.axes[0].get_xlabel()
    'coverage: cases inside, % of all'
    """
    box = found.box
    limits = box.limits[:MOST]
    tall = max(2.5, 0.62 * len(limits))
    notes = wrapped(_notes(found), WIDTH)
    bottom = 0.85 + 0.115 * len(notes)
    height = bottom + tall + 0.95
    with look():
        figure = ResultFigure(figsize=(WIDTH, height))
        left = figure.add_axes((0.65 / WIDTH, bottom / height, 3.3 / WIDTH, tall / height))
        _tradeoff(left, found)
        right = figure.add_axes((6.2 / WIDTH, bottom / height, 2.2 / WIDTH, tall / height))
        _limits(right, found, limits)
        below = f"{found.title} ({found.rows:,} rows, half of them searched, half not)"
        heading(figure, _finding(found), below, 1 - 0.09 / height)
        footer(figure, found.scenario, found.seed, found.runs, notes)
    return figure


def _finding(found: Discovery) -> str:
    """Say where the outcome is likely, if the rows that were not searched bear it out."""
    box, called = found.box, _called(found)
    if not found.told or not box.limits:
        return f"{called}: no box in which it is surely likelier"
    where = " and ".join(str(limit) for limit in box.limits[:2])
    more = f" and {len(box.limits) - 2} more" if len(box.limits) > 2 else ""
    shares = f"{percent_words(box.held_out_density)}, not {percent_words(found.held_out_base)}"
    return f"{called}: {shares}, where {where.replace('_', ' ')}{more}"


def _called(found: Discovery) -> str:
    return output_words(found.output, True, found.scenario).removeprefix("Share of runs with ").capitalize()


def _tradeoff(axes: Axes, found: Discovery) -> None:
    """Draw coverage against density of every box, in both halves."""
    shown = [box for box in found.boxes if not math.isnan(box.held_out_density)]
    seen = np.array([(box.coverage, box.density) for box in found.boxes])
    unseen = np.array([(box.held_out_coverage, box.held_out_density) for box in shown])
    axes.plot(
        *(100 * seen.T), "o-", color=GREY, markerfacecolor="white", markersize=3.8, linewidth=0.8, label="searched"
    )
    axes.plot(*(100 * unseen.T), "o-", color=BLUE, markersize=3.8, linewidth=1.0, label="not seen by the search")
    box = found.box
    if not math.isnan(box.held_out_density):
        half = 0.0 if math.isnan(box.held_out_error) else Z * box.held_out_error
        middle, x = box.held_out_density, 100 * box.held_out_coverage
        ends = [100 * max(middle - half, 0.0), 100 * min(middle + half, 1.0)]
        axes.plot([x, x], ends, color=BLACK, linewidth=1.2)
        axes.plot([x], [100 * middle], "o", color=BLACK, markersize=6.5, label="the box at the right, 95 %")
    axes.axhline(100 * found.held_out_base, color=GREY, linewidth=0.8, linestyle=(0, (2, 2)))
    axes.annotate(
        "all rows", (0, 100 * found.held_out_base), xytext=(3, 3), textcoords="offset points", fontsize=SMALL,
        color="#444444",
    )  # fmt: skip
    axes.set_xlim(0, 103)
    axes.set_ylim(0, 103)
    axes.set_xlabel("coverage: cases inside, % of all", fontsize=NORMAL)
    axes.set_ylabel("density: cases, % of runs inside", fontsize=NORMAL)
    axes.tick_params(labelsize=SMALL, length=3, width=0.6)
    axes.grid(color="#E8E8E8", linewidth=0.5)
    axes.legend(fontsize=SMALL, frameon=False, loc="lower left")


def _limits(axes: Axes, found: Discovery, limits: tuple[Limit, ...]) -> None:
    """Draw what of each range is inside the chosen box."""
    factors = {factor.name: factor for factor in found.factors}
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(max(len(limits), 1) - 0.4, -0.6)
    for place, limit in enumerate(limits):
        factor = factors[limit.factor]
        axes.barh([place], [1.0], height=0.22, color=PALE, linewidth=0)
        low, high = _inside(factor, limit)
        if limit.choices:
            axes.text(0.5, place, " or ".join(limit.choices), ha="center", va="center", fontsize=SMALL)
        else:
            axes.barh([place], [high - low], left=low, height=0.22, color=BLUE, linewidth=0)
            for x, value in ((low, limit.low), (high, limit.high)):
                if not math.isnan(value):
                    axes.text(x, place - 0.16, f"{value:.3g}", ha="center", va="bottom", fontsize=SMALL)
            for x, end, side in ((0.0, factor.low, "left"), (1.0, factor.high, "right")):
                axes.text(x, place + 0.15, f"{end:.3g}", ha=side, va="top", fontsize=6.0, color="#666666")
        lifted = "—" if math.isnan(limit.without) else percent_words(limit.without)
        axes.annotate(
            lifted, (1.06, place), xycoords=("axes fraction", "data"), fontsize=NORMAL, va="center",
            annotation_clip=False,
        )  # fmt: skip
    if not limits:
        axes.text(0.5, 0.0, "nothing is cut", ha="center", va="center", fontsize=NORMAL, color="#444444")
    names = [textwrap.fill(words(limit.factor), 26, max_lines=2, placeholder=" …") for limit in limits]
    axes.set_yticks(range(len(limits)), labels=names)
    axes.tick_params(axis="y", length=0, labelsize=NORMAL)
    axes.set_xticks([])
    for spine in ("left", "bottom"):
        axes.spines[spine].set_visible(False)
    axes.annotate(
        "density\nwithout it", (1.06, 1.0), xycoords="axes fraction", fontsize=SMALL, color="#444444", va="bottom",
        annotation_clip=False,
    )  # fmt: skip
    axes.set_title("inside the box, of each range", fontsize=SMALL, loc="left", color="#444444", pad=4)


def _inside(factor: Factor, limit: Limit) -> tuple[float, float]:
    """Return the ends of what is inside as places on the drawn range."""
    if limit.choices:
        return 0.0, 1.0
    ends = np.array([limit.low, limit.high])
    if factor.log:
        scaled = (np.log(ends) - math.log(factor.low)) / (math.log(factor.high) - math.log(factor.low))
    else:
        scaled = (ends - factor.low) / (factor.high - factor.low)
    low, high = scaled.tolist()
    return (0.0 if math.isnan(low) else max(low, 0.0)), (1.0 if math.isnan(high) else min(high, 1.0))


def _notes(found: Discovery) -> list[str]:
    box: Box = found.box
    inside = f"{thousands(box.held_out_rows)} unseen row{'' if box.held_out_rows == 1 else 's'} inside"
    hidden = len(box.limits) - MOST
    return [
        f"Base: {percent_words(found.held_out_base)} of runs; {inside}. A limit without which the density is as high "
        "says nothing." + (f" {hidden} more limits are not drawn." if hidden > 0 else ""),
        WARNING,
    ]
