"""What each scenario changed against the reference, on the same luck: differences of shares with their intervals.

Rows are the scenarios but for the reference, columns the outcomes and milestones whose share differs in
some scenario, or what the reference puts first. A dot is the
share in the scenario minus the share in the reference, in percentage points; the line is its 95 % interval over pairs
of runs that share their luck. Filled and coloured dots have it on one side of zero, and that over draws of all
uncertain numbers too, if there is one; of hollow grey ones the sign is not sure.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.errors import UsageError
from sim.experiments.comparison.finding import share_finding
from sim.experiments.comparison.over_draws import ENDS
from sim.experiments.comparison.tables import sure_sign
from sim.plots.scenario_rows import Column, measure_title, rows_page, scenario_names, shown_shares
from sim.plots.style import BLACK, BLUE, GREY, NORMAL, SMALL, look
from sim.plots.takes import takes

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison.comparison import Comparison


@takes("Comparison", "sim.compare([first, second])")
def paired_differences_figure(comparison: Comparison) -> Figure:
    """Draw differences of shares from the reference, scenario by scenario.

    Parameters
    ----------
    comparison : Comparison
        As `sim.compare` returns it, of two scenarios or more.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If there is nothing but the reference.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> quiet = toy.replace({"deal.outcomes.settlement.per_day": 0.01, "title": "Settled sooner"})
    >>> figure = paired_differences_figure(sim.compare([toy, quiet], runs=30, seed=7))
    >>> figure.axes[0].get_title(loc="left")
    'Settlement'
    """
    names = scenario_names(comparison)[1:]
    if not names:
        raise UsageError("paired differences: found one scenario, expected a reference and at least one other")
    table = comparison.differences
    table = table[table.index.get_level_values("scenario").isin(names)]
    outcomes = shown_shares(comparison, table, "difference") or list(table.index.unique("outcome"))[:1]
    columns = []
    for outcome in outcomes:
        ends = [name for name in ("low", "high", *ENDS) if name in table]
        part = 100.0 * table.xs(outcome, level="outcome")[ends].to_numpy(dtype=float)
        low, high = min(float(np.nanmin(part)), 0.0), max(float(np.nanmax(part)), 0.0)
        columns.append(Column(measure_title(comparison, outcome), low, high, before=0.3, after=0.3))
    title = share_finding(comparison, outcomes)
    with look():
        unit = f"percentage points more or fewer of the runs than of: {comparison.titles[comparison.reference]}"
        page = rows_page(comparison, title, names, columns, unit, _notes(table, outcomes), legend=0.24)
        for axes, outcome in zip(page.panels, outcomes, strict=True):
            _column(axes, table.loc[(names, outcome), :], page.middles)
        _legend(page.figure, ENDS[0] in table)
    return page.figure


def _column(axes: Axes, table: pd.DataFrame, middles: tuple[float, ...]) -> None:
    """Draw the differences of one outcome."""
    axes.axvline(0.0, color=BLACK, linewidth=0.7, zorder=1.5)
    for y, (_, row) in zip(middles, table.iterrows(), strict=True):
        middle, low, high = (100.0 * row[name] for name in ("difference", "low", "high"))
        colour = BLUE if sure_sign(row) else GREY
        axes.plot([low, high], [y, y], color=colour, linewidth=1.3, zorder=3)
        if ENDS[0] in row:
            axes.plot([100.0 * row[end] for end in ENDS], [y, y], color=colour, linewidth=3.6, alpha=0.3, zorder=2)
        axes.plot(
            [middle], [y], linestyle="none", marker="o", markersize=4.2, markeredgecolor=colour, markeredgewidth=1.0,
            markerfacecolor="white" if colour == GREY else colour, zorder=4,
        )  # fmt: skip
        if colour != GREY:
            text = f"{middle:+.0f}" if abs(middle) >= 0.995 else f"{middle:+.1f}"
            rightward = middle > 0
            axes.annotate(
                text.replace("-", "−"), (high if rightward else low, y), xytext=(3 if rightward else -3, 0),
                textcoords="offset points", fontsize=SMALL, va="center", ha="left" if rightward else "right",
                color="#444444", annotation_clip=False,
            )  # fmt: skip


def _legend(figure: Figure, drawn: bool) -> None:
    dot: dict[str, Any] = {"linestyle": "-", "linewidth": 1.3, "marker": "o", "markersize": 4.2}
    entries = [
        Line2D([], [], color=BLUE, label="surely more or less often", **dot),
        Line2D([], [], color=GREY, markerfacecolor="white", label="not sure: a 95 % interval holds 0", **dot),
    ]
    if drawn:
        entries.append(
            Line2D([], [], color=GREY, linewidth=3.6, alpha=0.3, label="95 % over draws of all uncertain numbers")
        )
    figure.legend(
        handles=entries,
        loc="upper left",
        bbox_to_anchor=(0.006, 1.0 - 0.43 / figure.get_figheight()),
        ncols=3,
        fontsize=NORMAL,
        frameon=False,
        columnspacing=1.6,
    )


def _notes(table: pd.DataFrame, outcomes: list[str]) -> list[str]:
    """Say what shared luck was worth."""
    notes = ["Differences over pairs of runs on the same luck; lines: 95 % interval of simulation, not of the model."]
    part = table[table.index.get_level_values("outcome").isin(outcomes)]
    ratios = (part["independent_runs"] / part["pairs"]).to_numpy(dtype=float)
    times = sorted(r for r in ratios if math.isfinite(r))
    if times:
        notes.append(
            f"Scenarios share their luck; each with luck of its own, they would need {times[len(times) // 2]:.1f} "
            f"times as many runs for lines as short (median; {times[0]:.1f} to {times[-1]:.1f})."
        )
    return notes
