"""The figure of a solution: what deviations gain, what is known round by round, and how each family of play ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.plots.style import (
    BLACK,
    BLUE,
    GREY,
    NORMAL,
    SMALL,
    VERMILLION,
    ResultFigure,
    footer,
    heading,
    look,
    number_axis,
    outcome_colours,
    words,
)

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Family = tuple[int, float, Mapping[str, tuple[float, float]], float, bool]
"""Number, frequency, shares of outcomes with errors, known exploitability, whether it is the selected one."""
LINE: Final = 0.2
MOST_LINES: Final = 9
NORMAL_95: Final = 1.96


def solution_figure(
    scenario: Scenario,
    seed: int,
    gains: Mapping[str, Sequence[tuple[str, float, float]]],
    rounds: Sequence[tuple[float, Mapping[str, tuple[float, float]]]],
    declared: float,
    families: Sequence[Family],
) -> Figure:
    """Draw a solution.

    Parameters
    ----------
    scenario : Scenario
        The game.
    seed : int
        Of the solve.
    gains : mapping of str to sequence of (str, float, float)
        For each player what deviations from the selected equilibrium gain, with standard errors.
    rounds : sequence of (float, mapping)
        For each round the known exploitability and the largest gain of each player.
    declared : float
        Known exploitability of play as declared.
    families : sequence of Family
        One equilibrium a family.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shown = {player: _most_telling(some) for player, some in gains.items()}
    lines = sum(len(some) for some in shown.values()) + 1.2 * len(shown)
    height = max(LINE * lines, 2.4)
    below = 0.55 + 0.42 * len(families)
    total = 0.95 + height + 0.75 + below + 0.75
    with look():
        figure = ResultFigure(figsize=(8.2, total))
        heading(figure, "The scenario solved as a game", scenario.title, 1.0 - 0.1 / total)
        top = 1.0 - 0.95 / total
        left = figure.add_axes((0.30, top - height / total, 0.30, height / total))
        _gains(left, shown)
        right = figure.add_axes((0.71, top - height / total, 0.26, height / total))
        _rounds(right, rounds, declared)
        under = figure.add_axes((0.30, 0.75 / total, 0.67, below / total))
        _families(under, scenario, families)
        notes = [
            "Gains: mean over fresh worlds on common luck, lines 95 %; they bound from below what a better reply gains."
            " Not every equilibrium is known.",
        ]
        footer(figure, scenario, seed, None, notes)
    return figure


def _most_telling(gains: Sequence[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    return sorted(gains, key=lambda one: -one[1])[:MOST_LINES]


def _gains(axes: Axes, gains: Mapping[str, Sequence[tuple[str, float, float]]]) -> None:
    place, places, labels = 0.0, [], []
    for player, some in gains.items():
        axes.text(-0.03, place, words(player), transform=axes.get_yaxis_transform(), fontweight="bold", ha="right",
                  va="center", fontsize=NORMAL)  # fmt: skip
        place -= 1.0
        for name, gain, error in some:
            colour = VERMILLION if gain > 2.0 * error and gain > 0.0 else BLUE
            axes.hlines(place, gain - NORMAL_95 * error, gain + NORMAL_95 * error, color=colour, linewidth=1.2)
            axes.plot([gain], [place], marker="o", markersize=3.4, color=colour)
            places.append(place)
            labels.append(name)
            place -= 1.0
        place -= 0.2
    axes.axvline(0.0, color=BLACK, linewidth=0.7)
    axes.set_yticks(places, labels, fontsize=SMALL)
    axes.set_ylim(place + 0.4, 0.6)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=SMALL)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.set_xlabel("gain by deviating from the selected equilibrium, util", fontsize=SMALL)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.5)


def _rounds(axes: Axes, rounds: Sequence[tuple[float, Mapping[str, tuple[float, float]]]], declared: float) -> None:
    numbers = list(range(len(rounds) + 1))
    axes.plot(numbers, [declared, *(value for value, _ in rounds)], marker="o", markersize=4, color=BLACK)
    axes.set_xticks(numbers, ["as\ndeclared", *(str(k) for k in numbers[1:])])
    axes.set_xlabel("round", fontsize=SMALL)
    number_axis(axes, "known exploitability, util")
    axes.set_ylim(0.0, None)
    axes.tick_params(labelsize=SMALL)
    axes.set_ylabel("known exploitability, util", fontsize=SMALL)


def _families(axes: Axes, scenario: Scenario, families: Sequence[Family]) -> None:
    colours = outcome_colours(scenario.outcomes)
    labels = scenario.outcome_labels
    ticks = []
    drawn: dict[str, None] = {}
    for row, (number, frequency, outcomes, value, selected) in enumerate(families):
        start = 0.0
        for name, (share, _) in outcomes.items():
            if share > 0.0:
                axes.barh(-row, 100.0 * share, left=start, height=0.6, color=colours.get(name, GREY), linewidth=0,
                          label=None if name in drawn else labels.get(name, name))  # fmt: skip
                drawn[name] = None
                if share > 0.06:
                    axes.text(start + 50.0 * share, -row, f"{100 * share:.0f}", ha="center", va="center",
                              fontsize=SMALL, color="white", fontweight="bold")  # fmt: skip
                start += 100.0 * share
        mark = ", selected" if selected else ""
        ticks.append(f"family {number}{mark}\nin {frequency:.0%} of resamples,\n{value:.3f} util known against it")
    axes.set_yticks([-row for row in range(len(families))], ticks, fontsize=6.5)
    axes.set_ylim(-len(families) + 0.4, 1.15)
    axes.set_xlim(0.0, 100.0)
    axes.set_xlabel("share of runs, %", fontsize=SMALL)
    axes.tick_params(axis="x", labelsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="upper left", ncols=4, fontsize=SMALL, frameon=False, bbox_to_anchor=(0.0, 1.02))
