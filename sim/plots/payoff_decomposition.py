"""What each actor's payoff is made of, by scenario: terms as bars to both sides of zero, and their sum as a dot.

Rows are scenarios, columns actors. What a term adds stands to the right of zero, what it takes to the left; bars lie
end to end, so their difference is the payoff, the dot, with its 95 % interval. Each column has a scale of its own,
because the utils of two actors are not comparable. With ``show="difference"`` the same is drawn of the difference from
the reference: which terms made a scenario better or worse for an actor, and by how much.

The largest terms have a colour each, the same in every figure (`sim.plots.term_colours`); the rest are summed as other
terms.
An actor whose payoff is 0 in every run of every scenario has no column, and the foot says so.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.engine.term_labels import term_words
from sim.engine.wilson_interval import Z
from sim.errors import UsageError
from sim.experiments.comparison.finding import payoff_finding
from sim.plots.scenario_rows import ROW, Column, rows_page, scenario_names
from sim.plots.style import (
    BLACK,
    NORMAL,
    SMALL,
    look,
    shortened,
)
from sim.plots.takes import takes
from sim.plots.term_colours import OTHER_TERMS, OTHERS_COLOUR, term_colours
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison.comparison import Comparison

MOST: Final = 6
"""Terms that are drawn by themselves."""
_PER_ROW: Final = 4
_TERM: Final = 42
"""Characters of a term in the legend."""
_NAME: Final = 24
"""Characters in a line of an actor's name."""


@takes("Comparison", "sim.compare([first, second])")
def payoff_decomposition_figure(comparison: Comparison, show: Literal["payoff", "difference"] = "payoff") -> Figure:
    """Draw the payoffs of a comparison by actor, scenario and term.

    Parameters
    ----------
    comparison : Comparison
        As `sim.compare` returns it.
    show : str
        ``payoff`` for the payoffs themselves, ``difference`` for what differs from the reference.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If `show` is something else, or differences of a single scenario are asked for.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> quick = toy.replace({"actors.state.moves.free.release.per_day": 40, "title": "Freed sooner"})
    >>> figure = payoff_decomposition_figure(sim.compare([toy, quick], runs=30, seed=7))
    >>> [axes.get_title(loc="left") for axes in figure.axes]
    ['State', 'Rebels']
    """
    if show not in ("payoff", "difference"):
        raise UsageError(f"show: found {show!r}, expected 'payoff' or 'difference'")
    names = scenario_names(comparison)
    rows = names if show == "payoff" else names[1:]
    if not rows:
        raise UsageError("difference of payoffs: found one scenario, expected a reference and at least one other")
    value, error = ("mean", "mean_error") if show == "payoff" else ("difference", "standard_error")
    terms, sums = comparison.payoff_terms, comparison.payoffs
    actors = [str(actor) for actor in terms.index.unique("actor")]
    styles = _styles(terms)
    stacks = {actor: _stacks(terms[value], rows, actor, styles) for actor in actors}
    dots = {
        actor: [(float(sums[value][name, actor]), Z * float(sums[error][name, actor])) for name in rows]
        for actor in actors
    }
    idle = [actor for actor in actors if not any(stacks[actor]) and all(m == 0.0 for m, _ in dots[actor])]
    actors = [actor for actor in actors if actor not in idle] or actors
    drawn = {term for actor in actors for stack in stacks[actor] for term in stack}
    styles = {term: colour for term, colour in styles.items() if term in drawn}
    title = "What payoffs are made of" if show == "payoff" else payoff_finding(comparison)
    legend = 0.2 + 0.155 * math.ceil((len(styles) + 1) / _PER_ROW)
    with look():
        columns = []
        for actor in actors:
            ends = [0.0, *(s for stack in stacks[actor] for s in _ends(stack))]
            ends += [x for middle, half in dots[actor] for x in (middle - half, middle + half) if math.isfinite(x)]
            columns.append(Column(_label(comparison, actor), min(ends), max(ends), before=0.08, after=0.08))
        page = rows_page(
            comparison, title, rows, columns, _UNITS[show], _notes(comparison, idle),
            across=max(7.6, 1.9 * len(actors)), legend=legend, shared=False,
        )  # fmt: skip
        for axes, actor in zip(page.panels, actors, strict=True):
            _column(axes, stacks[actor], page.middles, styles)
            _dots(axes, dots[actor], page.middles)
        _legend(page.figure, {term: _term(term, comparison) for term in styles}, styles)
    return page.figure


_UNITS: Final = {
    "payoff": "payoff, util (each actor's own), discounted to the start",
    "difference": "difference of the payoff, util (each actor's own), discounted to the start",
}


def _label(comparison: Comparison, actor: str) -> str:
    """Return how the first scenario that has an actor calls it."""
    declaring = next(scenario for scenario in comparison.scenarios.values() if actor in scenario.actors)
    return textwrap.fill(capital(words_of(declaring).actor(actor)), _NAME)


def _styles(terms: pd.DataFrame) -> dict[str, str]:
    """Return the colour of each term that is drawn on its own, largest first; `OTHER_TERMS` last if there are any.

    A term is as large as its largest share of the terms of any actor, in payoffs and in differences, so that both
    figures of a comparison colour the same terms alike.
    """
    shares = []
    for column in ("mean", "difference"):
        sizes = terms[column].abs().groupby(level=["actor", "term"]).mean()
        shares.append((sizes / sizes.groupby(level="actor").transform("sum")).groupby(level="term").max().fillna(0.0))
    size = shares[0] + shares[1]
    ranked = [str(t) for t in size.sort_values(ascending=False, kind="stable").index if size[t] > 0]
    colours = term_colours([str(term) for term in terms.index.unique("term")])
    styles = {term: colours[term] for term in ranked[:MOST]}
    return styles if len(ranked) <= MOST else styles | {OTHER_TERMS: OTHERS_COLOUR}


def _stacks(values: pd.Series, rows: list[str], actor: str, styles: dict[str, str]) -> list[dict[str, float]]:
    """Return for each row the terms of an actor as they are drawn; unknown ones are left out."""
    segments = []
    for name in rows:
        stack: dict[str, float] = {}
        for term, value in _terms(values, name, actor):
            part = term if term in styles else OTHER_TERMS
            if math.isfinite(value) and value != 0.0:
                stack[part] = stack.get(part, 0.0) + value
        segments.append({term: stack[term] for term in styles if term in stack})
    return segments


def _terms(values: pd.Series, name: str, actor: str) -> list[tuple[str, float]]:
    """Return the terms of an actor in a scenario."""
    keys: list[Any] = list(values.index)
    return [(str(k[2]), float(v)) for k, v in zip(keys, values, strict=True) if k[:2] == (name, actor)]


def _ends(stack: dict[str, float]) -> tuple[float, float]:
    """Return how far a stack reaches to the left and to the right."""
    values = np.array([*stack.values(), 0.0])
    return float(values[values < 0].sum()), float(values[values > 0].sum())


def _column(axes: Axes, stacks: list[dict[str, float]], middles: tuple[float, ...], styles: dict[str, str]) -> None:
    """Draw the bars of one actor."""
    axes.axvline(0.0, color=BLACK, linewidth=0.7, zorder=3)
    for y, stack in zip(middles, stacks, strict=True):
        left = right = 0.0
        for term, value in stack.items():
            colour = styles[term]
            start = right if value > 0 else left
            style: dict[str, Any] = {
                "color": colour,
                "edgecolor": "white",
                "linewidth": 0.3,
                "zorder": 2,
            }
            axes.barh([y], [value], left=start, height=0.66 * ROW, label=term, **style)
            left, right = (left, right + value) if value > 0 else (left + value, right)


def _dots(axes: Axes, sums: list[tuple[float, float]], middles: tuple[float, ...]) -> None:
    """Draw payoffs with their intervals."""
    for y, (middle, half) in zip(middles, sums, strict=True):
        if math.isnan(middle):
            axes.text(0.0, y, " not in it", fontsize=SMALL, va="center", style="italic", color="#444444")
            continue
        spread = 0.0 if math.isnan(half) else half
        axes.plot([middle - spread, middle + spread], [y, y], color=BLACK, linewidth=1.2, zorder=4, label="interval")
        dot: dict[str, Any] = {"linestyle": "none", "marker": "o", "markeredgewidth": 0.8, "markeredgecolor": "white"}
        axes.plot([middle], [y], color=BLACK, markersize=5.0, zorder=5, label="payoff", **dot)


def _legend(figure: Figure, named: dict[str, str], styles: dict[str, str]) -> None:
    entries: list[Any] = [Line2D([], [], color=BLACK, marker="o", markersize=4.5, label="sum, 95 % interval")]
    for term, colour in styles.items():
        entries.append(Patch(facecolor=colour, edgecolor="white", linewidth=0.3, label=named[term]))
    figure.legend(
        handles=entries, loc="upper left", bbox_to_anchor=(0.006, 1.0 - 0.43 / figure.get_figheight()), ncols=_PER_ROW,
        fontsize=NORMAL, frameon=False, columnspacing=1.4, handlelength=1.8, labelspacing=0.3,
    )  # fmt: skip


def _term(term: str, comparison: Comparison) -> str:
    """Write a term of a payoff in the words of the first scenario that weighs it."""
    if term == OTHER_TERMS:
        return OTHER_TERMS
    scenarios = list(comparison.scenarios.values())
    weighing = (s for s in scenarios if any(term in map(str, actor.payoff.per_year) for actor in s.actors.values()))
    return shortened(term_words(term, next(weighing, scenarios[0])), _TERM)


def _notes(comparison: Comparison, idle: list[str]) -> list[str]:
    notes = [
        "Bars: mean of each term over the runs, what it adds to the right of 0, what it takes to the left; dot: their "
        "sum. Scales differ: utils of two actors are not comparable."
    ]
    if idle:
        notes.append(f"Not drawn, because 0 everywhere: {', '.join(_label(comparison, actor) for actor in idle)}.")
    return notes
