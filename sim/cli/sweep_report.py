"""What ``sim sweep`` prints: the plan of a dry run, or what came out, by design row."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.streams import answer, answer_wrapped, width
from sim.cli.sweep_progress import duration
from sim.experiments.sweep_extremes import extremes_of, looked_at

if TYPE_CHECKING:
    from sim.experiments.measures import Measure
    from sim.experiments.sweep.plan import SweepPlan
    from sim.experiments.sweep.sweep import Sweep
    from sim.experiments.sweep_extremes import Extremes

MOST_ROWS = 24
MOST_FACTORS = 4
MOST_FAILURES = 3
MOST_EXTREMES = 5


def report_plan(plan: SweepPlan) -> None:
    """Print what a sweep would take."""
    for line in plan_lines(plan):
        answer(line)


def plan_lines(plan: SweepPlan) -> list[str]:
    """Say what a sweep would take, a line each."""
    done = plan.runs - plan.left
    files = f"{plan.files:,} file{'' if plan.files == 1 else 's'}"
    return [
        f"{plan.title}: {plan.rows:,} rows x {plan.replications:,} replications = {plan.runs:,} runs"
        + (f", {done:,} of them done" if done else ""),
        f"Chunks:  {plan.chunks:,} of about {-(-plan.left // max(plan.chunks, 1)):,} runs, {plan.slots} at a time",
        f"Time:    about {duration(plan.seconds)} ({plan.seconds_per_run * 1e3:.3g} ms a run and thread, in the pilot)",
        f"Disk:    about {size_text(plan.bytes)} in {files}, in {plan.folder}"
        + (f" ({size_text(round(plan.bytes / plan.rows))} a row: summaries)" if plan.keep == "summary" else ""),
    ]


def size_text(size: int) -> str:
    """Write a number of bytes.

    Examples
    --------
    >>> size_text(900), size_text(12_345_678)
    ('900 B', '12.3 MB')
    """
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= limit:
            return f"{size / limit:.3g} {unit}"
    return f"{size} B"


def plan_object(plan: SweepPlan) -> dict[str, Any]:
    """Return a plan as plain data for JSON."""
    return {name: getattr(plan, name) for name in plan.__slots__ if name != "folder"} | {"folder": str(plan.folder)}


def sweep_object(sweep: Sweep) -> dict[str, Any]:
    """Return a sweep as plain data for JSON."""
    return {
        "title": sweep.experiment.title,
        "runs": sweep.runs,
        "failed": sweep.failed,
        "digest": sweep.digest,
        "experiment_digest": sweep.identity["experiment_digest"],
        "folder": str(sweep.folder),
        "shards": len(sweep.files),
        "keep": sweep.keep,
        "columns": list(sweep.columns),
        "rows": [
            {"row": row, **{name: value for name, value in values.items() if str(name).startswith(_SHOWN)}}
            for row, values in enumerate(sweep.summary.drop(columns=list(sweep.experiment.points)).to_dict("records"))
        ],
    }


_SHOWN = ("runs", "failed", "share_", "standard_error_", "mean_")


def report_sweep(sweep: Sweep, figures: Sequence[Path] = ()) -> None:
    """Print what came out: where measures are least and most, the rows if they are few, failures, where it is.

    Parameters
    ----------
    sweep : Sweep
        Done.
    figures : sequence of Path
        What was drawn.
    """
    answer_wrapped(f"{sweep.experiment.title}: {sweep.runs:,} runs, {sweep.failed:,} failed")
    extremes = extremes_of(sweep)
    _extremes(sweep, extremes)
    if sweep.experiment.rows <= MOST_ROWS and len(sweep.experiment.points) <= MOST_FACTORS:
        _table(sweep, [one.measure for one in extremes])
    else:
        answer_wrapped(f"Every row: sim.open_sweep({str(sweep.folder)!r}).summary")
    if sweep.failed:
        answer()
        first = " (the first of each row)" if sweep.keep == "summary" else " (the first)"
        answer("Failed runs, and the command that repeats each" + (first if sweep.failed > 1 else ""))
        for failure in sweep.failures.head(MOST_FAILURES).itertuples():
            answer(f"  run {failure.run}: {failure.failure}")
            answer(f"    {failure.command}")
    answer()
    answer(f"Sweep: {sweep.folder}")
    files = f"{len(sweep.files):,} Parquet file{'' if len(sweep.files) == 1 else 's'}"
    answer(f"  {files}, read back with sim.open_sweep({str(sweep.folder)!r})")
    for file in figures:
        if file.suffix == ".png":
            answer(f"  {file}")
    answer(f"  digest {sweep.digest}")


def _extremes(sweep: Sweep, extremes: Sequence[Extremes]) -> None:
    """Print of each measure that varies the rows where its mean is least and most, or that none varies."""
    if not extremes:
        names = ", ".join(dict.fromkeys(measure.label for measure in looked_at(sweep)))
        if sweep.experiment.rows > 1 and names:
            answer_wrapped(f"No row differs from another in {names}.")
        return
    answer("Least and most between rows, +- standard error:")
    for one in extremes[:MOST_EXTREMES]:
        ends = [(one.low, one.low_error, one.low_row), (one.high, one.high_error, one.high_row)]
        told = [f"{_end(one.measure, mean, error)} ({_where(sweep, row)})" for mean, error, row in ends]
        answer_wrapped(f"{one.measure.label}: {' to '.join(told)}", "  ", "    ")
    if len(extremes) > MOST_EXTREMES:
        answer(f"  ... and {len(extremes) - MOST_EXTREMES} more")


def _end(measure: Measure, mean: float, error: float) -> str:
    if measure.is_share:
        return f"{100 * mean:.1f} %" + ("" if math.isnan(error) else f" +- {100 * error:.1f}")
    return mean_text(mean, error) + (f" {measure.unit}" if measure.unit else "")


def _where(sweep: Sweep, row: int) -> str:
    """Say which row: its factors if they are few, else its number."""
    points = sweep.experiment.points
    if len(points) > MOST_FACTORS:
        return f"row {row}"
    return ", ".join(f"{name} {_cell(values.tolist()[row])}" for name, values in points.items())


def _table(sweep: Sweep, measures: Sequence[Measure]) -> None:
    """Print by design row what the scenario shows first: shares of runs, and means of numbers."""
    summary = sweep.summary
    shares = [measure for measure in measures if measure.is_share and summary[f"share_{measure.name}"].any()]
    means = [measure for measure in measures if not measure.is_share]
    columns = [["row", *map(str, summary.index)]]
    columns += [
        [name, *(_cell(value) for value in values.tolist())] for name, values in sweep.experiment.points.items()
    ]
    counts = (summary["runs"] - summary["failed"]).to_list()
    for measure in shares:
        cells = zip(summary[f"share_{measure.name}"], summary[f"standard_error_{measure.name}"], counts, strict=True)
        columns.append([measure.label, *(share_text(share, error, int(count)) for share, error, count in cells)])
    for measure in means:
        head = f"{measure.label}, {measure.unit}" if measure.unit else measure.label
        pairs = zip(summary[f"mean_{measure.name}"], summary[f"standard_error_{measure.name}"], strict=True)
        columns.append([head, *(mean_text(mean, error) for mean, error in pairs)])
    widths = [max(map(len, column)) + 2 for column in columns]
    fitting = max(sum(total <= width() + 2 for total in itertools.accumulate(widths)), 1)
    answer()
    for cells_of_row in zip(*columns[:fitting], strict=True):
        answer("".join(cell.ljust(wide) for cell, wide in zip(cells_of_row, widths, strict=False)).rstrip())
    if fitting < len(columns):
        answer_wrapped(f"... {len(columns) - fitting} more columns: sim.open_sweep({str(sweep.folder)!r}).summary")


def share_text(share: float, standard_error: float, runs: int) -> str:
    """Say how often an outcome came in a row; a share of none or all has no standard error worth the name.

    Examples
    --------
    >>> share_text(0.25, 0.0217, 400), share_text(0.0, 0.0, 400), share_text(1.0, float("nan"), 1)
    ('0.250 +- 0.022', '0 of 400', '1 of 1')
    """
    if not 0.0 < share < 1.0:
        return f"{share * runs:.0f} of {runs:,}" if runs else "none"
    return f"{share:.3f} +- {standard_error:.3f}"


def mean_text(mean: float, standard_error: float) -> str:
    """Write the mean of a number in a row with its standard error.

    Examples
    --------
    >>> mean_text(318.04, 2.345), mean_text(0.25, float("nan")), mean_text(float("nan"), float("nan"))
    ('318.0 +- 2.3', '0.250', 'none')
    """
    if mean != mean:
        return "none"
    places = 1 if abs(mean) >= 10.0 else 3
    return f"{mean:,.{places}f}" + ("" if standard_error != standard_error else f" +- {standard_error:,.{places}f}")


def _cell(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
