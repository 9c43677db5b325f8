"""Captives freed, attacks and foreign troops over time, against what was promised and what really happened.

Small multiples on one calendar axis, one panel a group of captives, an insurgent force and a foreign force. Each shows,
by day, the median and the central 50 and 90 % of the runs that still go on (runs that have ended take no part, so a
band is about the worlds that got so far); the last panel says how many those are. Bands stop when fewer than `FEWEST`
runs go on. Attacks are means of whole weeks, because single days scatter too much to be read; where they are rare,
their number since the start.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.engine.bands import TOTAL, Bands, over_days
from sim.engine.batch import Batch
from sim.engine.run import Run
from sim.errors import UsageError
from sim.experiments.comparison.finding import end_finding
from sim.plots.calendar_axis import calendar_axis, day_month_year
from sim.plots.date_strip import draw_dates, marks_of, strip_height
from sim.plots.outcome_areas import draw_outcomes
from sim.plots.record_marks import mark_observations, observations_of
from sim.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    NORMAL,
    ORANGE,
    SMALL,
    ResultFigure,
    footer,
    heading,
    look,
    number_axis,
)
from sim.plots.takes import takes
from sim.plots.trajectory_panels import Panel, panels_of
from sim.record.record import Record, load_record, record_names

PROBABILITIES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
FEWEST: Final = 20
"""Runs that a band needs: with fewer, its 5 and 95 % are the extremes of a handful."""
ONE_COLUMN: Final = 6
"""Most panels that stand in one column."""


@takes("Batch", "sim.replicate(scenario, runs, seed)")
def trajectories_figure(
    batch: Batch, run: Run | None = None, record: Record | Literal["named"] | None = "named"
) -> Figure:
    """Draw what many runs of a scenario did over time.

    Parameters
    ----------
    batch : Batch
        The runs; their series are simulated again, to the same bit.
    run : Run, optional
        One run of the same scenario, drawn as a line.
    record : Record, optional
        What really happened. By default the record that the scenario names, if there is one; None draws none.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If `run` is of another scenario.

    Examples
    --------
    >>> import sim
    >>> from sim.plots import trajectories_figure
    >>> figure = trajectories_figure(sim.replicate(sim.load("doha_2020/baseline"), runs=30, seed=7))
    >>> [axes.get_ylabel() for axes in figure.axes if axes.get_ylabel()]
    ['persons', 'persons', 'attacks a day', 'persons', '% of runs']
    """
    scenario = batch.scenario
    if run is not None and run.scenario != scenario:
        raise UsageError(
            f"run: found a run of {run.scenario.title!r} ({run.scenario.sha256[:12]}), expected one of the scenario of "
            f"the batch, {scenario.title!r} ({scenario.sha256[:12]})"
        )
    drawn_record = _named(scenario.record) if record == "named" else record
    panels = panels_of(scenario, batch.series_names)
    bands = _bands(batch, panels)
    marks = marks_of(scenario, run, drawn_record)
    with look():
        figure, strips, cells = _grid(len(panels) + 1, strip_height(marks))
        for panel, axes in zip(panels, cells, strict=False):
            _draw(axes, panel, batch, bands, run, drawn_record)
        draw_outcomes(cells[len(panels)], batch, scenario.start, scenario.horizon_days)
        for axes in cells[len(panels) + 1 :]:
            axes.remove()
        used = cells[: len(panels) + 1]
        columns = len(strips)
        for i, axes in enumerate(used):
            calendar_axis(axes, scenario.start, scenario.horizon_days, labelled=i + columns >= len(used))
        draw_dates(strips, used, marks, scenario.horizon_days)
        _texts(figure, batch, run, drawn_record, panels)
    return figure


def _named(name: str | None) -> Record | None:
    """Return the record that a scenario names; None if it names none or one that is not built in."""
    return load_record(name) if name is not None and name in record_names() else None


def _bands(batch: Batch, panels: Sequence[Panel]) -> dict[str, Bands]:
    windows = {panel.series: panel.mean_days for panel in panels}
    windows |= {panel.counted: 1 for panel in panels if panel.counted in batch.series_names}
    bands = batch.series_bands(list(windows), PROBABILITIES, list(windows.values())) if windows else []
    return {band.name: band for band in bands}


# --- one panel -------------------------------------------------------------------------------------------------------
def _draw(
    axes: Axes, panel: Panel, batch: Batch, bands: dict[str, Bands], run: Run | None, record: Record | None
) -> None:
    scenario = batch.scenario
    days = int(scenario.horizon_days)
    enough = FEWEST if len(batch) >= FEWEST else 1
    band = bands[panel.series]
    entries: list[Artist] = []
    x, rows = _sampled(days + 1, panel.mean_days)
    tops = [_draw_bands(axes, x, band, enough, rows, wide=len(batch) >= FEWEST)]
    if panel.target:
        line: dict[str, Any] = {"color": GREY, "linewidth": 1.0, "linestyle": (0, (6, 2)), "label": panel.target_label}
        axes.plot(*zip(*panel.target, strict=True), zorder=2.5, **line)
        entries.append(Line2D([], [], **line))
        if panel.mean_days != TOTAL:  # a rate that has fallen would leave totals at the foot of the panel
            tops.append(max(value for _, value in panel.target))
    if panel.counted in bands and _differ(band, bands[panel.counted]):
        entries += _draw_counted(axes, x, bands[panel.counted], enough, panel.claimant, wide=len(batch) >= FEWEST)
    if run is not None:
        line_x, values = _run_line(run, panel)
        axes.plot(line_x, values, color=ORANGE, linewidth=1.3, zorder=4, label="this run")
        tops.append(float(np.nanmax(values, initial=0.0)))
    marks: list[Line2D] = []
    freed = observations_of(record, panel.feature, panel.entity, panel.alone)
    marks += mark_observations(axes, freed, scenario.start, days)
    if panel.counted:
        counted = observations_of(record, "persons_counted", panel.entity, panel.alone)
        marks += mark_observations(axes, counted, scenario.start, days, first=1, hollow=True)
        freed = (*freed, *counted)
    tops += [
        o.value for o in freed if 0 <= (o.end_date - scenario.start).days and (o.date - scenario.start).days <= days
    ]
    axes.set_ylim(0, max(1.08 * max(tops), 1e-9) if max(tops) > 0 else 1.0)
    number_axis(axes, panel.unit, whole=panel.unit == "persons")
    axes.set_title(panel.title, fontsize=NORMAL, loc="left", pad=4.0)
    _legend_beside(axes, [*entries, *marks])


def _draw_bands(axes: Axes, x: NDArray[np.float64], band: Bands, enough: int, rows: slice, *, wide: bool) -> float:
    """Draw median and bands over the days on which enough runs go on; return the highest value drawn."""
    values = np.where((band.running >= enough)[:, None], band.values, np.nan)[rows]
    if wide:
        axes.fill_between(x, values[:, 0], values[:, 4], color=BLUE, alpha=0.20, linewidth=0, zorder=1)
        axes.fill_between(x, values[:, 1], values[:, 3], color=BLUE, alpha=0.35, linewidth=0, zorder=2)
    axes.plot(x, values[:, 2], color=BLUE, linewidth=1.6, zorder=3, label="median")
    return float(np.nanmax(values[:, 4 if wide else 2], initial=0.0))


def _draw_counted(
    axes: Axes, x: NDArray[np.float64], band: Bands, enough: int, claimant: str, *, wide: bool
) -> list[Artist]:
    """Draw what the claimant counts: median dashed, central 90 % between dotted lines."""
    values = np.where((band.running >= enough)[:, None], band.values, np.nan)
    settings: list[tuple[int, float, Any, str]] = [(2, 1.2, (0, (4, 1.5)), f"counted by {claimant}: median")]
    if wide:
        settings += [(0, 0.8, (0, (1, 1.5)), "and 90 % of runs"), (4, 0.8, (0, (1, 1.5)), "")]
    entries: list[Artist] = []
    for column, width, dashes, label in settings:
        axes.plot(x, values[:, column], color=GREEN, linewidth=width, linestyle=dashes, zorder=3.5)
        if label:
            entries.append(Line2D([], [], color=GREEN, linewidth=width, linestyle=dashes, label=label))
    return entries


def _differ(first: Bands, second: Bands) -> bool:
    """Say whether a second series is worth a line of its own."""
    return not np.array_equal(first.values, second.values, equal_nan=True)


def _run_line(run: Run, panel: Panel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    values = np.asarray(run.series_table[panel.series], dtype=np.float64)
    x, rows = _sampled(len(values), panel.mean_days)
    return x, over_days(values.reshape(1, -1, 1), panel.mean_days).ravel()[rows]


def _sampled(days: int, mean_days: int) -> tuple[NDArray[np.float64], slice]:
    """Return where to draw and which rows of a daily series of so many days: the middles of whole windows.

    Windows do not overlap: actors who review every week would show as a saw in a mean that moves day by day, now in
    step with them and now across.
    """
    if mean_days in (1, TOTAL):
        return np.arange(days, dtype=np.float64), slice(None)
    windows = (days - 1) // mean_days
    first = (mean_days - 1) // 2 + 1
    middles: NDArray[np.float64] = mean_days * (np.arange(windows, dtype=np.float64) + 0.5)
    return middles, slice(first, first + windows * mean_days, mean_days)


def _legend_beside(axes: Axes, entries: Sequence[Artist]) -> None:
    """Put what only this panel has into the margin at its right."""
    if not entries:
        return
    labels = [textwrap.fill(str(entry.get_label()), 27) for entry in entries]
    axes.legend(
        handles=list(entries),
        labels=labels,
        loc="upper left",
        bbox_to_anchor=(1.005, 1.03),
        fontsize=SMALL,
        frameon=False,
        handlelength=2.2,
        labelspacing=0.35,
        borderaxespad=0.0,
    )


# --- the whole -------------------------------------------------------------------------------------------------------
def _grid(count: int, strip: float) -> tuple[Figure, list[Axes], list[Axes]]:
    """Return the figure, a strip for dates above each column, and the panels row by row."""
    columns = 1 if count <= ONE_COLUMN else 2
    rows = math.ceil(count / columns)
    top, bottom, panel = 0.80, 0.78, 1.62
    height = top + strip + rows * panel + bottom
    width = 9.6 if columns == 1 else 17.0
    figure = ResultFigure(figsize=(width, height))
    grid = figure.add_gridspec(
        rows + 1,
        columns,
        height_ratios=[strip, *[panel] * rows],
        left=0.75 / width,
        right=1.0 - 1.95 / width,
        top=1.0 - top / height,
        bottom=bottom / height,
        hspace=0.32,
        wspace=0.48,
    )
    strips = [figure.add_subplot(grid[0, column]) for column in range(columns)]
    cells = [figure.add_subplot(grid[1 + i // columns, i % columns]) for i in range(rows * columns)]
    return figure, strips, cells


def _texts(figure: Figure, batch: Batch, run: Run | None, record: Record | None, panels: Sequence[Panel]) -> None:
    """Write title, legend and footer."""
    scenario, height = batch.scenario, figure.get_figheight()
    heading(figure, end_finding(batch), f"{scenario.title}: {_subtitle(batch, run)}", 1.0 - 0.09 / height)
    entries: list[Artist] = []
    if panels:
        if len(batch) >= FEWEST:
            entries += [
                Patch(color=BLUE, alpha=0.20, linewidth=0, label="90 % of runs"),
                Patch(color=BLUE, alpha=0.50, linewidth=0, label="50 % of runs"),
            ]
        entries.append(Line2D([], [], color=BLUE, linewidth=1.6, label="median of runs"))
    if run is not None:
        entries.append(Line2D([], [], color=ORANGE, linewidth=1.3, label="this run"))
    if record is not None:
        label = "what happened (by whose count: at the right)"
        entries.append(Line2D([], [], color=BLACK, marker="o", markersize=4, linewidth=0.9, label=label))
    if entries:
        place = (0.006, 1.0 - 0.50 / height)
        figure.legend(
            handles=entries,
            loc="upper left",
            bbox_to_anchor=place,
            ncols=len(entries),
            fontsize=NORMAL,
            frameon=False,
            handlelength=2.0,
            columnspacing=1.6,
        )
    notes = []
    if panels and len(batch) >= FEWEST:
        notes.append(
            f"Bands are quantiles by day over the runs that still go on, drawn while at least {FEWEST} do; "
            "a band is no path of a single run."
        )
    if record is not None:
        notes.append(f"Record {record.name} ({record.sha256[:12]}): sources of every mark in its file.")
    footer(figure, scenario, batch.seed, len(batch), notes)


def _subtitle(batch: Batch, run: Run | None) -> str:
    runs = "1 run" if len(batch) == 1 else f"{len(batch):,} runs"
    scenario = batch.scenario
    text = f"{runs} from {day_month_year(scenario.start)} over {scenario.horizon_days:,} days, seed {batch.seed}"
    return text if run is None else f"{text}; this run is replication {run.replication} of seed {run.seed}"
