"""How often each scenario ended in which way: a dot with its interval for each scenario and outcome.

Rows are scenarios, columns the outcomes that came in some run, how often talks began at all, and milestones, or what
the reference puts first (``headline``). The pale bar and the
number are the share of runs, the line its 95 % interval (Wilson's, which has a width also where no run had the
outcome); the dotted line continues the reference's share. Bars on one scale side by side, and not stacked, because
stacked bars have no room for intervals; the outcomes of a row sum to 100 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiments.comparison.finding import share_finding
from sim.experiments.outcome_share import FAILED
from sim.plots.scenario_rows import (
    ROW,
    Column,
    declared_outcomes,
    measure_title,
    rows_page,
    scenario_names,
    shown_shares,
)
from sim.plots.style import BLACK, BLUE, GREY, SMALL, look, outcome_colours
from sim.plots.takes import takes

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison.comparison import Comparison


@takes("Comparison", "sim.compare([first, second])")
def outcome_shares_figure(comparison: Comparison) -> Figure:
    """Draw the shares of outcomes by scenario.

    Parameters
    ----------
    comparison : Comparison
        As `sim.compare` returns it.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> quiet = toy.replace({"deal.outcomes.settlement.per_day": 0.01, "title": "Settled sooner"})
    >>> figure = outcome_shares_figure(sim.compare([toy, quiet], runs=30, seed=7))
    >>> figure.axes[0].get_title(loc="left")
    'Settlement'
    """
    shares = comparison.shares
    names = scenario_names(comparison)
    outcomes = shown_shares(comparison, shares, "share")
    colours = outcome_colours(declared_outcomes(comparison))
    columns = []
    for outcome in outcomes:
        table = shares.xs(outcome, level="outcome")
        columns.append(Column(measure_title(comparison, outcome), 0.0, 100.0 * float(table["high"].max()), after=0.27))
    every = [str(o) for o in shares.index.unique("outcome")]
    seen = {o for o in every if (shares.xs(o, level="outcome")["share"] > 0).any()}
    never = [_label(comparison, o) for o in every if o not in seen and o not in outcomes]
    more = [_label(comparison, o) for o in every if o in seen and o not in outcomes]
    notes = ["Bars and numbers: share of runs; lines: 95 % interval of simulation; dotted: the first scenario's share."]
    if never:
        notes.append(f"In no run of any scenario: {', '.join(never)}.")
    if more:
        notes.append(f"Not drawn: {', '.join(more)}.")
    title = share_finding(comparison, outcomes)
    with look():
        page = rows_page(comparison, title, names, columns, "share of runs, %", notes)
        for axes, outcome in zip(page.panels, outcomes, strict=True):
            colour = colours.get(outcome, BLACK if outcome == FAILED else BLUE)
            _column(axes, shares.loc[(names, outcome), :], page.middles, colour)
    return page.figure


def _label(comparison: Comparison, name: str) -> str:
    known = comparison.measures.get(name)
    return known.label if known is not None else name


def _column(axes: Axes, table: pd.DataFrame, middles: tuple[float, ...], colour: str) -> None:
    """Draw the bars, intervals and numbers of one outcome."""
    share, low, high = (100.0 * table[name].to_numpy(dtype=float) for name in ("share", "low", "high"))
    axes.barh(middles, share, height=0.62 * ROW, color=colour, alpha=0.45, linewidth=0, zorder=1.5)
    axes.hlines(middles, low, high, color=BLACK, linewidth=1.0, zorder=3)
    axes.plot(share, middles, linestyle="none", marker="o", markersize=3.4, color=BLACK, zorder=4)
    axes.axvline(share[0], color=GREY, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=2)
    for y, value, end in zip(middles, share, high, strict=True):
        text = f"{value:.0f}" if value >= 0.995 or value == 0.0 else f"{value:.1f}"
        axes.annotate(
            text, (end, y), xytext=(3, 0), textcoords="offset points", fontsize=SMALL, va="center", color="#444444",
            annotation_clip=False, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8},
        )  # fmt: skip
