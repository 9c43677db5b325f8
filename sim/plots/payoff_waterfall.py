"""What makes an actor's payoff differ between a scenario and the reference: from 0, term by term, to the difference.

One panel an actor. The five terms that differ most are steps, the largest on top; the rest is one step, *other terms*.
Each step begins where the one above it ended, so the last one ends at the difference of the payoffs, the dot with its
95 % interval. Panels have scales of their own, because the utils of two actors are not comparable.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.engine.term_labels import term_words
from sim.engine.wilson_interval import Z
from sim.errors import UsageError
from sim.experiments.comparison.finding import payoff_finding
from sim.plots.style import BLACK, NORMAL, SMALL, ResultFigure, decimals_for, footer, heading, look, shortened
from sim.plots.takes import takes
from sim.plots.term_colours import OTHER_TERMS, OTHERS_COLOUR, term_colours
from sim.scenario.feature_reference import nearest
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison

MOST: Final = 5
"""Terms of an actor that are drawn by themselves."""
ROW: Final = 0.29
"""Height of a step (inches)."""
_NAME: Final = 30


@takes("Comparison", "sim.compare([first, second])")
def payoff_waterfall_figure(comparison: Comparison, scenario: str | None = None) -> Figure:
    """Draw what makes the payoffs of a scenario differ from those of the reference.

    Parameters
    ----------
    comparison : Comparison
        Of two scenarios or more.
    scenario : str, optional
        Name of the scenario; the first beside the reference if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If there is no other scenario, or none of that name with actors that both have.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> quick = toy.replace({"actors.state.moves.free.release.per_day": 40, "title": "Freed sooner"})
    >>> figure = payoff_waterfall_figure(sim.compare([toy, quick], runs=30, seed=7))
    >>> [axes.get_title(loc="left").split(":")[0] for axes in figure.axes]
    ['State', 'Rebels']
    """
    others = [name for name in comparison.batches if name != comparison.reference]
    if not others:
        raise UsageError("waterfall of payoffs: found one scenario, expected a reference and at least one other")
    name = others[0] if scenario is None else scenario
    if name not in others:
        raise UsageError(
            f"scenario: found {name!r}, expected one of {', '.join(others)}. {nearest(name, others)}".rstrip()
        )
    sums = comparison.payoffs.loc[name]
    shared = [str(actor) for actor, row in sums.iterrows() if math.isfinite(row.difference)]
    if not shared:
        raise UsageError(f"scenario: found {name!r}, which shares no actor with the reference, expected one that does")
    terms = comparison.payoff_terms["difference"]
    colours = term_colours([str(term) for term in terms.index.unique("term")])
    steps = {actor: _steps(terms, name, actor) for actor in shared}
    actors = [actor for actor in shared if steps[actor]] or shared
    columns = 2 if len(actors) > 1 else 1
    rows = -(-len(actors) // columns)
    deepest = max(len(found) for found in steps.values()) + 1
    width, panel, gap = 4.9 * columns + 0.2, ROW * deepest, 0.75
    height = 0.75 + rows * (panel + gap) + 0.42
    with look():
        figure = ResultFigure(figsize=(width, height))
        for place, actor in enumerate(actors):
            left = (4.9 * (place % columns) + 2.3) / width
            bottom = (height - 0.95 - panel - (place // columns) * (panel + gap)) / height
            axes = figure.add_axes((left, bottom, 2.4 / width, panel / height))
            row: Any = sums.loc[actor]
            _panel(axes, comparison, actor, steps[actor], colours, (float(row.difference), float(row.standard_error)))
        called, against = (shortened(comparison.titles[one], 60) for one in (name, comparison.reference))
        below = f"{called}, against {against}; {comparison.runs:,} pairs of runs"
        heading(figure, payoff_finding(comparison, name), below, 1 - 0.09 / height)
        notes = ["Steps: difference of each term (util, each actor's own); dot: of the payoff, with its 95 % interval."]
        words = words_of(comparison.scenarios[comparison.reference])
        same = [capital(words.actor(actor)) for actor in shared if actor not in actors]
        notes += [f"Not drawn, because nothing differs: {', '.join(same)}."] if same else []
        footer(figure, comparison.scenarios[name], comparison.seed, comparison.runs, notes)
    return figure


def _steps(terms: Any, name: str, actor: str) -> list[tuple[str, float]]:
    """Return the terms that differ, the largest first, and the rest together."""
    found = [
        (str(term), float(value)) for term, value in terms.loc[(name, actor)].items() if value and math.isfinite(value)
    ]
    found.sort(key=lambda item: -abs(item[1]))
    rest = found[MOST:]
    return [*found[:MOST], *([(OTHER_TERMS, sum(value for _, value in rest))] if rest else [])]


def _panel(
    axes: Axes,
    comparison: Comparison,
    actor: str,
    steps: list[tuple[str, float]],
    colours: dict[str, str],
    total: tuple[float, float],
) -> None:
    """Draw the steps of one actor and the sum."""
    scenario = comparison.scenarios[comparison.reference]
    difference, error = total
    half = 0.0 if math.isnan(error) else Z * error
    places = decimals_for([difference, *(value for _, value in steps)])
    at, reach = 0.0, [0.0]
    for place, (term, value) in enumerate(steps):
        colour = OTHERS_COLOUR if term == OTHER_TERMS else colours[term]
        axes.barh([place], [value], left=at, height=0.7, color=colour, zorder=2, label=term)
        end = max(at, at + value)
        axes.annotate(
            f"{value:+.{places}f}".replace("-", "−"), (end, place), xytext=(3, 0), textcoords="offset points",
            fontsize=SMALL, va="center", color="#444444", annotation_clip=False,
        )  # fmt: skip
        at += value
        axes.plot([at, at], [place - 0.35, place + 1.35], color="#999999", linewidth=0.6, zorder=1)
        reach.append(at)
    axes.plot([difference - half, difference + half], [len(steps)] * 2, color=BLACK, linewidth=1.2, zorder=4)
    axes.plot([difference], [len(steps)], "o", color=BLACK, markersize=5.0, zorder=5)
    axes.axvline(0.0, color=BLACK, linewidth=0.7, zorder=1.5)
    names = [textwrap.fill(_called(term, scenario), _NAME) for term, _ in steps]
    axes.set_yticks(range(len(steps) + 1), labels=[*names, "payoff"])
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.set_ylim(len(steps) + 0.5, -0.5)
    axes.tick_params(axis="y", length=0, labelsize=NORMAL)
    axes.tick_params(axis="x", labelsize=SMALL, length=3, width=0.6)
    low, high = min(*reach, difference - half), max(*reach, difference + half)
    room = 0.18 * max(high - low, 1e-6)
    axes.set_xlim(low - 0.3 * room, high + room)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.5)
    axes.spines["left"].set_visible(False)
    said = f"{difference:+.{places}f} ± {half:.{places}f} util".replace("-", "−")
    axes.set_title(
        f"{capital(words_of(scenario).actor(actor))}: {said}", fontsize=NORMAL, loc="left", fontweight="bold"
    )


def _called(term: str, scenario: Any) -> str:
    return term if term == OTHER_TERMS else term_words(term, scenario)
