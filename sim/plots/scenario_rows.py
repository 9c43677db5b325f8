"""A page of rows, one a scenario, and columns, one a measure, with the words around it.

On one scale an inch is the same number of units in every column, so lengths compare across columns; a column is as wide
as its own values need, and never narrower than its title. The reference is the first row, in bold. The foot says seed,
runs and version; the digests of the scenarios stand in the files of a comparison.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.plots.style import NORMAL, SMALL, ResultFigure, heading, shortened, thousands, words
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison.comparison import Comparison
    from sim.scenario.schema.outcomes import Outcome

ROW: Final = 0.23
"""Height of a row with a name of one line (inches)."""
_LINE: Final = 0.125
"""Height of each further line of a name (inches)."""
_NAME: Final = 34
"""Characters in a line of a scenario's name."""
_LEFT: Final = 2.35
_RIGHT: Final = 0.3
_GAP: Final = 0.22
_STEPS: Final = tuple(m * 10.0**e for e in range(-3, 4) for m in (1.0, 2.0, 5.0))
_APART: Final = 0.36
"""Least distance of ticks (inches)."""
MOST_COLUMNS: Final = 8
"""Columns of a figure of shares with milestones that nobody asked for."""
_TITLE: Final = 18
"""Characters in a line of a title."""
_NOTES: Final = 600
"""Characters of the comparison's own notes that its figures repeat."""
_FOOT_CHARACTER: Final = 0.0525
"""Width of a character at the foot (inches)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One measure.

    Attributes
    ----------
    title : str
        Above it.
    low, high : float
        Ends of what it has to show.
    before, after : float
        Room for words left and right of that (inches).
    """

    title: str
    low: float
    high: float
    before: float = 0.0
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """A figure, its columns and the place of each row.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        Without words yet.
    panels : tuple of Axes
        One a column; the vertical axis is in inches from the top, reversed.
    middles : tuple of float
        Where each row lies.
    """

    figure: Figure
    panels: tuple[Axes, ...]
    middles: tuple[float, ...]


def rows_page(
    comparison: Comparison,
    title: str,
    names: Sequence[str],
    columns: Sequence[Column],
    unit: str,
    notes: Sequence[str] = (),
    *,
    across: float = 6.0,
    narrowest: float = 0.95,
    legend: float = 0.0,
    shared: bool = True,
) -> Page:
    """Lay out a page.

    Parameters
    ----------
    comparison : Comparison
        What it shows.
    title : str
        Of the page.
    names : sequence of str
        Of the rows, scenarios of the comparison; long ones are wrapped.
    columns : sequence of Column
        At least one.
    unit : str
        Of all columns, under their axes.
    notes : sequence of str
        At the foot; long ones are wrapped.
    across : float
        Width of all columns together (inches), as far as none is narrower than `narrowest`.
    narrowest : float
        Least width of a column (inches).
    legend : float
        Room for a legend under the title (inches).
    shared : bool
        Whether all columns are on one scale; if not, each fills an equal part of `across` with a scale of its own.

    Returns
    -------
    Page
    """
    reference = scenario_names(comparison)[0]
    lines = [wrapped(comparison.titles[name], _NAME - 5 * (name == reference)) for name in names]
    if reference in names and len(names) > 1:
        notes = [*notes, "Bold: the scenario that the others are held against."]
    heights = [ROW + _LINE * (len(some) - 1) for some in lines]
    tops = [sum(heights[:i]) for i in range(len(heights) + 1)]
    scales = _scales(columns, across, shared)
    widths = [
        max(c.before + (c.high - c.low) * scale + c.after, narrowest, 0.07 * max(map(len, c.title.split("\n"))))
        for c, scale in zip(columns, scales, strict=True)
    ]
    titles = max(column.title.count("\n") for column in columns) * _LINE
    width = _LEFT + sum(widths) + _GAP * (len(widths) - 1) + _RIGHT
    lines_at_foot = foot_lines(comparison, notes, width)
    foot = 0.22 + 0.115 * len(lines_at_foot)
    height = 0.74 + legend + titles + tops[-1] + 0.45 + foot
    figure = ResultFigure(figsize=(width, height))
    panels: list[Axes] = []
    edge = _LEFT
    for column, wide, scale in zip(columns, widths, scales, strict=True):
        axes = figure.add_axes((edge / width, (foot + 0.45) / height, wide / width, tops[-1] / height))
        start = column.low - column.before / scale
        axes.set_xlim(start, start + wide / scale)
        axes.set_ylim(tops[-1], 0.0)
        axes.set_title(column.title, fontsize=NORMAL, fontweight="bold", loc="left", pad=4.0)
        _rule(axes, scale, tops[1:-1])
        edge += wide + _GAP
        panels.append(axes)
    middles = tuple((a + b) / 2 for a, b in itertools.pairwise(tops))
    for axes in panels:
        axes.set_yticks(middles, labels=["\n".join(some) if axes is panels[0] else "" for some in lines])
    if names[0] == reference:
        panels[0].get_yticklabels()[0].set_fontweight("bold")
    figure.text(
        (_LEFT + (edge - _GAP - _LEFT) / 2) / width,
        (foot + 0.02) / height,
        unit,
        fontsize=NORMAL,
        ha="center",
        va="bottom",
    )
    words_around(figure, comparison, title, lines_at_foot)
    return Page(figure, tuple(panels), middles)


def _scales(columns: Sequence[Column], across: float, shared: bool) -> list[float]:
    """Return inches a unit of each column."""
    spans = [max(column.high - column.low, 1e-9) for column in columns]
    if shared:
        return [across / sum(spans)] * len(columns)
    return [
        max(across / len(columns) - column.before - column.after, 0.2) / span
        for column, span in zip(columns, spans, strict=True)
    ]


def _rule(axes: Axes, scale: float, edges: Sequence[float]) -> None:
    """Give a column its ticks, its grid and the lines between rows."""
    axes.xaxis.set_major_locator(MultipleLocator(next((s for s in _STEPS if s * scale >= _APART), _STEPS[-1])))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: thousands(round(value, 9)).replace("-", "−")))
    axes.tick_params(axis="x", labelsize=SMALL, length=3, width=0.6, color="#444444")
    axes.tick_params(axis="y", length=0, labelsize=NORMAL, pad=3)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.5)
    for edge in edges:
        axes.axhline(edge, color="#EEEEEE", linewidth=0.5, zorder=0.5)


def words_around(figure: Figure, comparison: Comparison, title: str, foot: Sequence[str]) -> None:
    """Write the title, what was run, and lines at the foot.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        With room above and below.
    comparison : Comparison
        What it shows.
    title : str
        Above.
    foot : sequence of str
        As `foot_lines` returns them.
    """
    height = figure.get_figheight()
    names = scenario_names(comparison)
    others = f" and {len(names) - 1} other{'' if len(names) == 2 else 's'}" if len(names) > 1 else ""
    first = shortened(comparison.titles[names[0]], 70)
    below = f"{first}{others}; {comparison.runs:,} runs each on the same luck, seed {comparison.seed}"
    heading(figure, title, below, 1.0 - 0.09 / height)
    figure.text(0.012, 0.06 / height, "\n".join(foot), fontsize=6.5, color="#444444", va="bottom", ha="left")


def wrapped(name: str, width: int) -> list[str]:
    """Break a name into lines at spaces, and a word that is too long behind a slash or an underscore.

    Parameters
    ----------
    name : str
        A title; where two scenarios share one, the path of a scenario.
    width : int
        Characters in a line.

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> wrapped("doha_2020/deals/third_party_verification", 34)
    ['doha_2020/deals/third_party_', 'verification']
    >>> wrapped("Captives for quiet in the valley", 20)
    ['Captives for quiet', 'in the valley']
    """
    lines = [""]
    for part in re.findall(r"[^\s/_]*[/_]+|[^\s/_]+|\s+", name):
        piece = " " if part.isspace() else part
        for start in range(0, len(piece), width):
            bit = piece[start : start + width]
            if len((lines[-1] + bit).rstrip()) > width:
                lines.append("")
            lines[-1] += bit.lstrip() if not lines[-1] else bit
    return [line.rstrip() for line in lines if line.strip()] or [""]


def declared_outcomes(comparison: Comparison) -> dict[str, Outcome]:
    """Return the outcomes that the compared scenarios declare; of one name the first counts."""
    outcomes: dict[str, Outcome] = {}
    for scenario in comparison.scenarios.values():
        for name, outcome in scenario.outcomes.items():
            outcomes.setdefault(name, outcome)
    return outcomes


def measure_title(comparison: Comparison, name: str) -> str:
    r"""Write what a run has or has not as the title of a column; an outcome that stands at the horizon says so.

    Examples
    --------
    >>> import sim
    >>> found = sim.compare([sim.load("toys/two_actors")], runs=2, seed=1, baselines=False)
    >>> [measure_title(found, name) for name in ("settlement", "stalemate", "talks_began", "first_release")]
    ['Settlement', 'Stalemate\nat the horizon', 'Talks\nat some time', 'First release']
    """
    known = comparison.measures.get(name)
    if known is None:
        return words(name)
    if known.kind == "talks":
        return "Talks\nat some time"
    label = known.label[:1].upper() + known.label[1:]
    standing = any(name in scenario.outcomes_at_horizon for scenario in comparison.scenarios.values())
    return f"{label}\nat the horizon" if standing else "\n".join(textwrap.wrap(label, _TITLE)) or label


def shown_shares(comparison: Comparison, table: pd.DataFrame, column: str) -> list[str]:
    """Choose what a figure of shares has columns for: what the reference puts first, else outcomes, talks, milestones.

    Parameters
    ----------
    comparison : Comparison
        What is drawn.
    table : pandas.DataFrame
        Of its shares or of their differences.
    column : str
        That is not 0 in some scenario for what is worth a column.

    Returns
    -------
    list of str
        Milestones only where no more than `MOST_COLUMNS` columns come of it; all that the reference puts first.
    """
    headline = comparison.scenarios[scenario_names(comparison)[0]].headline
    rows = list(table.index.unique("outcome"))
    if headline:
        return [name for name in headline if name in rows]
    known = comparison.measures
    seen = [name for name in rows if (table.xs(name, level="outcome")[column].fillna(0.0) != 0.0).any()]
    ends = [name for name in seen if name not in known or known[name].kind in ("outcome", "talks")]
    milestones = [name for name in seen if name in known and known[name].kind == "milestone"]
    return ends + milestones if len(ends + milestones) <= MOST_COLUMNS else ends or milestones[:MOST_COLUMNS]


def scenario_names(comparison: Comparison) -> list[str]:
    """Return the names of the scenarios in the order of the comparison, the reference first."""
    return list(comparison.scenarios)


def foot_lines(comparison: Comparison, notes: Sequence[str], width: float) -> list[str]:
    """Return the lines at the foot, wrapped to a width (inches): notes, the comparison's, what reproduces it."""
    facts = f"seed {comparison.seed}  ·  {comparison.runs:,} runs each  ·  negotiation-sim {__version__}"
    room = int((width - 0.3) / _FOOT_CHARACTER)
    remarks = [shortened("  ·  ".join(comparison.notes), _NOTES)] if comparison.notes else []
    return [line for text in (*notes, *remarks, facts) for line in textwrap.wrap(text, room)]
