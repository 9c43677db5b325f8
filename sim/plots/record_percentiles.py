r"""Where what happened falls among the runs: one strip a quantity from 0 to 100 % of the runs.

The dot stands at the percentile :math:`100\,(\#\{x < y\} + \tfrac12 \#\{x = y\})/n` of what happened (y) among the n
runs (x), with its 95 % interval of simulation. If the runs were a good forecast, dots of many quantities would spread
evenly from 0 to 100; the shaded part is the middle 90 and 50 % of runs, where 90 and 50 % of such dots would lie. A
hollow dot is a fact that a number of the scenario was fitted to, so its place proves nothing.

Columns at the right say the same in units: what happened, the median of the runs and their 5th to 95th per cent
("never" if that is a run in which the date does not come), in how many runs it happens at all, and the skill of the
runs as a forecast against each yardstick, 1 - CRPS / CRPS of the yardstick: below 0 the yardstick is better.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from typing import TYPE_CHECKING, Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator

from sim.engine.wilson_interval import Z
from sim.errors import UsageError
from sim.plots.calendar_axis import day_month_year
from sim.plots.style import BLUE, GREY, NORMAL, SMALL, ResultFigure, footer, heading, look, shortened, thousands
from sim.plots.takes import takes
from sim.scenario.words import capital, spaced

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

ROW: Final = 0.36
"""Height of a row (inches)."""
_LEFT: Final = 2.7
_STRIP: Final = 3.3
_COLUMNS: Final = (1.15, 2.15, 1.0)
_SKILL: Final = 1.0
_NAME: Final = 42
YARDSTICKS: Final = {"uniform": "coin flips", "schedule_as_written": "deal as written"}
"""What the two rows of a comparison are called that every one has."""
OUTSIDE: Final = 5.0
"""Per cent of the runs below or above which a fact lies outside the middle of them."""
_FITTED: Final = "Hollow dots: numbers of the scenario were fitted to this fact, so its place proves nothing."


@takes("DataFrame", "sim.record_scores(batch, record)")
def record_percentiles_figure(result: pd.DataFrame, scenario: Scenario) -> Figure:
    """Draw where a record falls among the runs of a scenario.

    Parameters
    ----------
    result : pandas.DataFrame
        As `sim.record_scores` returns it.
    scenario : Scenario
        Whose runs they are.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If the frame has no row.

    Examples
    --------
    >>> import sim
    >>> from sim.record import load_record
    >>> scenario = sim.load("doha_2020/baseline")
    >>> found = sim.record_scores(sim.replicate(scenario, runs=50, seed=1), load_record("doha_2020"))
    >>> record_percentiles_figure(found, scenario).axes[0].get_xlabel()
    'share of runs below what happened, % (for dates: earlier)'
    """
    if not len(result):
        raise UsageError("record percentiles: found no quantity, expected at least one; the record has no dated fact")
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in result.to_dict("records")]
    skills = [c[len("skill_") :] for c in result.columns if c.startswith("skill_") and not c.endswith("_se")]
    width = _LEFT + _STRIP + sum(_COLUMNS) + _SKILL * len(skills) + 0.35
    top, bottom = 1.18, 1.0
    height = top + ROW * len(result) + bottom
    with look():
        figure = ResultFigure(figsize=(width, height))
        axes = figure.add_axes((_LEFT / width, bottom / height, _STRIP / width, ROW * len(result) / height))
        _strips(axes, rows)
        _columns(axes, rows, scenario, skills)
        _around(figure, result, scenario)
    return figure


def _strips(axes: Axes, rows: list[dict[str, Any]]) -> None:
    """Draw the dots over the shaded middle of the runs."""
    count = len(rows)
    axes.set_xlim(0.0, 100.0)
    axes.set_ylim(count - 0.5, -0.5)
    for i, row in enumerate(rows):
        if math.isnan(row["percentile"]):
            axes.text(
                2.0,
                i,
                _substitute(row),
                fontsize=SMALL,
                va="center",
                ha="left",
                color="#444444",
                style="italic",
                zorder=5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )
            continue
        axes.fill_between([5.0, 95.0], i - 0.36, i + 0.36, color=BLUE, alpha=0.13, linewidth=0, zorder=1)
        axes.fill_between([25.0, 75.0], i - 0.36, i + 0.36, color=BLUE, alpha=0.17, linewidth=0, zorder=1.5)
        spread = 0.0 if math.isnan(row["percentile_se"]) else Z * row["percentile_se"]
        ends = [max(row["percentile"] - spread, 0.0), min(row["percentile"] + spread, 100.0)]
        axes.plot(ends, [i, i], color=BLUE, linewidth=1.2, zorder=3)
        axes.plot(
            [row["percentile"]],
            [i],
            linestyle="none",
            marker="o",
            markersize=6.5,
            markerfacecolor="white" if row["used_to_fit"] else BLUE,
            markeredgecolor=BLUE,
            markeredgewidth=1.3,
            clip_on=False,
            zorder=4,
            label=row["quantity"],
        )
    for i, row in enumerate(rows):  # a line through the rows that have a dot, so that it crosses no text
        if not math.isnan(row["percentile"]):
            axes.plot([50.0, 50.0], [i - 0.5, i + 0.5], color=GREY, linewidth=0.6, linestyle=(0, (2, 2)), zorder=2)
    axes.xaxis.set_major_locator(FixedLocator([0, 25, 50, 75, 100]))
    axes.set_xlabel("share of runs below what happened, % (for dates: earlier)", fontsize=NORMAL)
    axes.set_yticks(
        range(count),
        labels=[textwrap.fill(capital(str(row["label"])), _NAME, max_lines=2, placeholder=" …") for row in rows],
    )
    axes.tick_params(axis="y", length=0, labelsize=NORMAL, pad=8)
    axes.tick_params(axis="x", length=3, width=0.6, labelsize=NORMAL, color="#444444")
    axes.spines["left"].set_visible(False)


def _substitute(row: dict[str, Any]) -> str:
    """Say what stands where a percentile cannot."""
    if row["unit"] == "yes or no" and not math.isnan(row["runs_with"]):
        return "yes or no: see the share of runs"
    return shortened(str(row["note"]).partition(";")[0] or "not known", 58)


def _columns(axes: Axes, rows: list[dict[str, Any]], scenario: Scenario, skills: list[str]) -> None:
    """Write the columns at the right of the strips."""
    heads = ["what\nhappened", "median of the runs\n(5th to 95th per cent)", "share of runs\nin which it came"]
    widths = [*_COLUMNS, *[_SKILL] * len(skills)]
    heads += [f"skill against\n{YARDSTICKS.get(name, spaced(name))}" for name in skills]
    edge = 1.0 + 0.25 / _STRIP
    for k, (head, wide) in enumerate(zip(heads, widths, strict=True)):
        style: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "ha": "left", "clip_on": False}
        axes.text(edge, -0.62, head, va="bottom", fontsize=SMALL, color="#444444", **style)
        for i, row in enumerate(rows):
            if k == 0:
                known = not math.isnan(row["observed"])
                text = _value(row["observed"], row, scenario.start) if known else "no fact"
            elif k == 1:
                text = _runs(row, scenario.start)
            elif k == 2:
                text = _share(row["runs_with"])
            else:
                text = _skill(row, skills[k - 3])
            axes.text(edge, i, text, va="center", fontsize=SMALL, **style)
        edge += wide / _STRIP


def _value(value: float, row: dict[str, Any], start: dt.date) -> str:
    """Write a value of a quantity; a date that does not come is never."""
    if row["unit"] == "yes or no":
        return "—" if math.isnan(value) else "yes" if value == 1.0 else "no"
    if row["unit"] == "days":
        return "never" if math.isnan(value) else day_month_year(start + dt.timedelta(days=math.floor(value)))
    unit = textwrap.fill(str(row["unit"]), 18)
    return "—" if math.isnan(value) else f"{thousands(float(f'{value:.4g}'))}\n{unit}"


def _runs(row: dict[str, Any], start: dt.date) -> str:
    """Write median, low and high of the runs."""
    if row["unit"] == "yes or no" or math.isnan(row["runs_with"]):
        return ""
    if row["unit"] == "days":
        middle, low, high = (_value(row[name], row, start) for name in ("median", "low", "high"))
        return f"{middle}\n({low} to {high})"
    if math.isnan(row["median"]):
        return "—"
    middle, low, high = (thousands(float(f"{v:.3g}")) for v in (row["median"], row["low"], row["high"]))
    return f"{middle} ({low} to {high})"


def _share(share: float) -> str:
    return "" if math.isnan(share) else f"{100 * share:.0f} %"


def _skill(row: dict[str, Any], name: str) -> str:
    value, error = row[f"skill_{name}"], row.get(f"skill_{name}_se", math.nan)
    if math.isnan(value):
        return "—"
    text = f"{value:.2f}".replace("-", "−")
    return text if math.isnan(error) else f"{text} ± {Z * error:.2f}"


def _finding(result: pd.DataFrame) -> str:
    """Say what lies outside the middle 90 % of the runs."""
    known = result[result.percentile.notna()]
    if not len(known):
        return "Where what happened falls among the runs"
    outside = known[(known.percentile < OUTSIDE) | (known.percentile > 100.0 - OUTSIDE)]
    count = f"{len(outside)} of {len(known)} facts lie outside the middle 90 % of the runs"
    if not len(outside):
        return f"All {len(known)} facts lie within the middle 90 % of the runs"
    far = (outside.percentile - 50.0).abs().sort_values(ascending=False, kind="stable").index[0]
    return f"{count}, such as: {outside.label[far]}"


def _around(figure: Figure, result: pd.DataFrame, scenario: Scenario) -> None:
    """Write title, legend, notes and footer."""
    height = figure.get_figheight()
    record, runs, seed = (result.attrs.get(name) for name in ("record", "runs", "seed"))
    heading(
        figure, _finding(result), f"{scenario.title}: where what happened falls among the runs", 1.0 - 0.09 / height
    )
    dot: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 6, "markeredgecolor": BLUE}
    entries = [
        Line2D([], [], markerfacecolor=BLUE, label="percentile of what happened, 95 % interval of simulation", **dot),
        Line2D([], [], markerfacecolor="white", markeredgewidth=1.3, label="the same, used to fit", **dot),
        Patch(color=BLUE, alpha=0.13, linewidth=0, label="90 % of runs"),
        Patch(color=BLUE, alpha=0.28, linewidth=0, label="50 % of runs"),
    ]
    figure.legend(
        handles=entries,
        loc="upper left",
        bbox_to_anchor=(0.006, 1.0 - 0.46 / height),
        ncols=4,
        fontsize=NORMAL,
        frameon=False,
        columnspacing=1.6,
        handlelength=1.6,
    )
    notes = [
        f"{_FITTED} ± and bars: 95 % intervals of simulation alone; one history is one draw. Skill: 1 is perfect, 0 no "
        "better than what it is held against.",
        f"Record {record} ({str(result.attrs.get('record_sha256', ''))[:12]}): sources of every fact in its file.",
    ]
    footer(figure, scenario, seed or 0, runs, notes)
