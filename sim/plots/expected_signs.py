"""What scenarios expected of themselves against what came out: a dumbbell from 0 to each difference.

One row a sign that was stated before the scenario was run (``expects:``). The arrow head at 0 points where the sign
points; the dot is the paired difference with its 95 % interval, filled where that bears the sign out, crossed where it
says the opposite, hollow where the runs do not tell. Shares are in points of 100 runs; other measures have no common
scale and are left out, which the foot says.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.plots.scenario_rows import foot_lines, words_around
from sim.plots.style import BLACK, BLUE, GREY, NORMAL, SMALL, VERMILLION, ResultFigure, look
from sim.plots.takes import takes

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison

ROW: Final = 0.3
_COLOURS: Final = {"borne out": BLUE, "not borne out": VERMILLION}
_SIGNS: Final = {"up": "▸ more", "down": "◂ less"}


@takes("Comparison", "sim.compare([first, second])")
def expected_signs_figure(comparison: Comparison) -> Figure:
    """Draw the signs that scenarios expected, and what came out.

    Parameters
    ----------
    comparison : Comparison
        Of scenarios of which some state signs (``expects:``), with those that the signs are against.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If no sign of a share could be scored.

    Examples
    --------
    >>> import sim
    >>> names = ["doha_2020/baseline", "doha_2020/deals/one_president"]
    >>> found = sim.compare([sim.load(name) for name in names], 20, 7, names=names, baselines=False)
    >>> expected_signs_figure(found).axes[0].get_xlabel()
    'difference of the share of runs, percentage points'
    """
    table = comparison.expectations
    scored = table[table.difference.notna()]
    shares = scored[[comparison.measures_expected[str(m)].is_share for m in scored.measure]]
    if not len(shares):
        raise UsageError("signs: found none of a share of runs that was scored, expected scenarios with expects:")
    rows = shares.to_dict("records")
    named = [f"{comparison.titles[str(row['scenario'])]}: {_label(comparison, row)}" for row in rows]
    width, tall = 9.4, ROW * len(rows)
    held = sum(row["verdict"] == "borne out" for row in rows)
    against = sum(row["verdict"] == "not borne out" for row in rows)
    unsure = len(rows) - held - against
    told = [f"{held} of {len(rows)} expected signs are borne out", *([f"{against} not"] if against else [])]
    title = ", ".join(told) + (f"; of {unsure} the runs do not tell" if unsure else "")
    notes = [
        "At the right: what was expected. Dot, line: difference over pairs of runs, 95 % interval; hollow: not told."
    ]
    left_out = len(table) - len(rows)
    if left_out:
        notes.append(f"{left_out} signs of other measures, or against scenarios that are not compared, are not drawn.")
    foot = foot_lines(comparison, notes, width)
    height = tall + 1.25 + 0.115 * len(foot)
    with look():
        figure = ResultFigure(figsize=(width, height))
        bottom = (0.55 + 0.115 * len(foot)) / height
        axes = figure.add_axes((4.1 / width, bottom, (width - 5.1) / width, tall / height))
        axes.axvline(0.0, color=BLACK, linewidth=0.7)
        for place, row in enumerate(rows):
            _dumbbell(axes, place, row)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), labels=[textwrap.shorten(name, 66, placeholder=" …") for name in named])
        axes.tick_params(axis="y", length=0, labelsize=SMALL)
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.annotate(
            "expected", (1.02, 1.0), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points",
            fontsize=SMALL, color="#444444", annotation_clip=False,
        )  # fmt: skip
        axes.set_xlabel("difference of the share of runs, percentage points", fontsize=NORMAL)
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.5)
        words_around(figure, comparison, title, foot)
    return figure


def _label(comparison: Comparison, row: dict[Any, Any]) -> str:
    return comparison.measures_expected[str(row["measure"])].label


def _dumbbell(axes: Any, place: int, row: dict[Any, Any]) -> None:
    """Draw one sign: where it points, and what came out."""
    colour = _COLOURS.get(str(row["verdict"]), GREY)
    middle, low, high = (100.0 * row[name] for name in ("difference", "low", "high"))
    axes.plot([0.0, middle], [place, place], color=colour, linewidth=1.0, alpha=0.5, zorder=1)
    axes.plot([low, high], [place, place], color=colour, linewidth=1.4, zorder=2)
    face = "white" if colour == GREY else colour
    marker = "X" if colour == VERMILLION else "o"
    axes.plot([middle], [place], marker, markeredgecolor=colour, markerfacecolor=face, markersize=5.5, zorder=3)
    sign = _SIGNS.get(str(row["sign"]), "= as many")
    axes.annotate(
        sign, (1.02, place), xycoords=("axes fraction", "data"), fontsize=SMALL, va="center", annotation_clip=False
    )
