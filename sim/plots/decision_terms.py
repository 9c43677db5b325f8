"""What tipped a decision: the terms in which the chosen move and the best other one differ, and the luck of the draw.

One panel a decision of a date. A bar to the right speaks for the move that was chosen, one to the left for the best
other one; the largest terms are drawn by themselves. The dot is their sum, the difference of the values of the two
moves. Under a logit rule luck, in the same unit, comes on top: where the dot lies left of 0, luck alone chose.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.plots.calendar_axis import day_month_year
from sim.plots.style import BLACK, BLUE, GREY, NORMAL, ORANGE, SMALL, ResultFigure, decimals_for, footer, heading, look
from sim.plots.takes import takes
from sim.plots.term_colours import OTHER_TERMS
from sim.scenario.words import capital

if TYPE_CHECKING:
    from sim.engine.explained_decision import DecisionExplained
    from sim.engine.run import Run

MOST: Final = 6
"""Terms of a decision that are drawn by themselves."""
ROW: Final = 0.27
"""Height of a bar (inches)."""
LUCK: Final = "luck of the draw"
_NAME: Final = 40


@takes("Run", "sim.run(scenario, seed)")
def decision_terms_figure(run: Run, at: Any = None) -> Figure:
    """Draw what tipped the decisions of a date.

    Parameters
    ----------
    run : Run
        One world.
    at : str, datetime.date or int, optional
        A date of the run, or the number of a day; if left out, the last on which an actor changed its move. If nobody
        decided on it, the latest decisions before are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If the date lies outside the run, or no actor had a choice.

    Examples
    --------
    >>> import sim
    >>> run = sim.run(sim.load("doha_2020/baseline"), seed=7)
    >>> figure = decision_terms_figure(run, "2020-03-10")
    >>> figure.axes[0].get_title(loc="left").split(":")[0]
    'Afghan government'
    """
    if at is None:
        changed = [decision.date for decision in run.decisions if decision.chosen != decision.before]
        if not changed:
            raise UsageError("at: found no decision that changed a move, expected a date")
        at = changed[-1]
    told = run.explain(at)
    decisions = [decision for decision in told.decisions if decision.tipped_by]
    if not decisions:
        raise UsageError(f"at: found no choice between two moves on {at}, expected a date with one")
    bars = [_bars(decision) for decision in decisions]
    width, gap = 8.4, 0.72
    heights = [ROW * (len(found) + 1) for found in bars]
    height = 0.62 + sum(heights) + gap * len(bars) + 0.62
    with look():
        figure = ResultFigure(figsize=(width, height))
        level = height - 0.62
        for decision, found, tall in zip(decisions, bars, heights, strict=True):
            level -= gap + tall
            axes = figure.add_axes((3.1 / width, (level + 0.3) / height, (width - 3.7) / width, tall / height))
            _panel(axes, decision, found)
        below = f"{run.scenario.title}: {day_month_year(told.date)}, replication {run.replication} of seed {run.seed}"
        heading(figure, _finding(decisions[0]), below, 1 - 0.09 / height)
        notes = ["Bars: by how much a term makes the chosen move worth more (right) or less than the best other one."]
        if told.note:
            notes.append(f"Nobody decided on {day_month_year(told.date)}: the latest decision of each actor before it.")
        footer(figure, run.scenario, run.seed, None, notes)
    return figure


def _bars(decision: DecisionExplained) -> list[tuple[str, float]]:
    """Return name and size of each bar: the largest terms, the rest together, luck if it is known in util."""
    named = [(term.words, term.difference) for term in decision.tipped_by]
    rest = sum(size for _, size in named[MOST:])
    bars = [*named[:MOST], *([(OTHER_TERMS, rest)] if len(named) > MOST else [])]
    luck = _luck(decision)
    return bars if math.isnan(luck) else [*bars, (LUCK, luck)]


def _luck(decision: DecisionExplained) -> float:
    """Return by how much luck, in util, favoured the chosen move over the best other one; NaN for other rules."""
    if math.isnan(decision.precision) or decision.precision == 0.0:
        return math.nan
    chosen, other = (next(m for m in decision.moves if m.move == name) for name in (decision.chosen, decision.other))
    return (chosen.luck - other.luck) / decision.precision


def _value(decision: DecisionExplained) -> float:
    """Return by how much the chosen move was worth more than the best other one."""
    return sum(term.difference for term in decision.tipped_by)


def _finding(decision: DecisionExplained) -> str:
    """Say what spoke most for the choice."""
    value, luck = _value(decision), _luck(decision)
    who = f"{capital(decision.label)}, {decision.chosen_label}"
    if value < 0.0 and not math.isnan(luck):
        return f"{who}: worth less than {decision.other_label}, chosen by luck"
    terms = [term for term in decision.tipped_by if term.difference > 0.0]
    return f"{who}: tipped by {terms[0].words}" if terms else f"{who}: no term spoke for it"


def _panel(axes: Axes, decision: DecisionExplained, bars: list[tuple[str, float]]) -> None:
    """Draw one decision."""
    reach = [0.0, _value(decision), *(size for _, size in bars)]
    room, places = 0.16 * max(max(reach) - min(reach), 1e-9), decimals_for(reach)
    for place, (name, size) in enumerate(bars):
        hatch: dict[str, Any] = {"hatch": "////", "edgecolor": "white", "linewidth": 0} if name == LUCK else {}
        colour = GREY if name == LUCK else BLUE if size >= 0.0 else ORANGE
        axes.barh([place], [size], height=0.68, color=colour, zorder=2, label=name, **hatch)
        side = 1.0 if size >= 0.0 else -1.0
        axes.annotate(
            f"{size:+.{places}f}".replace("-", "−"), (size, place), xytext=(3 * side, 0),
            textcoords="offset points", fontsize=SMALL, va="center", ha="left" if side > 0 else "right",
            color="#444444", annotation_clip=False,
        )  # fmt: skip
    axes.plot([_value(decision)], [len(bars)], "o", color=BLACK, markersize=5.0, zorder=4)
    axes.axvline(0.0, color=BLACK, linewidth=0.7, zorder=3)
    names = [textwrap.shorten(name, _NAME, placeholder=" …") for name, _ in bars]
    axes.set_yticks(range(len(bars) + 1), labels=[*names, "value, without luck"])
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.set_ylim(len(bars) + 0.5, -0.5)
    axes.set_xlim(min(reach) - room, max(reach) + room)
    axes.tick_params(axis="y", length=0, labelsize=NORMAL)
    axes.tick_params(axis="x", labelsize=SMALL, length=3, width=0.6)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.5)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"util, for {decision.chosen_label} (right) or {decision.other_label} (left)", fontsize=SMALL)
    chances = {move.move: 100 * move.probability for move in decision.moves}
    title = (
        f"{capital(decision.label)}: {decision.chosen_label} ({chances[decision.chosen]:.0f} %) rather than "
        f"{decision.other_label} ({chances[str(decision.other)]:.0f} %)"
    )
    axes.set_title(title, fontsize=NORMAL, loc="left", fontweight="bold")
