"""What ``sim sweep`` prints: the plan of a dry run, or what came out, by design row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.cli.streams import answer, console, is_terminal
from sim.cli.sweep_progress import duration
from sim.experiments.measures import measures_of

if TYPE_CHECKING:
    from sim.experiments.sweep.plan import SweepPlan
    from sim.experiments.sweep.sweep import Sweep

MOST_ROWS = 24
MOST_FACTORS = 4
MOST_FAILURES = 3


def report_plan(plan: SweepPlan) -> None:
    """Print what a sweep would take."""
    for line in plan_lines(plan):
        answer(line)


def plan_lines(plan: SweepPlan) -> list[str]:
    """Say what a sweep would take, a line each."""
    done = plan.runs - plan.left
    return [
        f"{plan.title}: {plan.rows:,} rows x {plan.replications:,} replications = {plan.runs:,} runs"
        + (f", {done:,} of them done" if done else ""),
        f"Chunks:  {plan.chunks:,} of about {-(-plan.left // max(plan.chunks, 1)):,} runs, {plan.slots} at a time",
        f"Time:    about {duration(plan.seconds)} ({plan.seconds_per_run * 1e3:.3g} ms a run and thread, in the pilot)",
        f"Disk:    about {size_text(plan.bytes)} in {plan.folder}",
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
        "columns": list(sweep.columns),
        "rows": [
            {"row": row, **{name: value for name, value in values.items() if str(name).startswith(_SHOWN)}}
            for row, values in enumerate(sweep.summary.drop(columns=list(sweep.experiment.points)).to_dict("records"))
        ],
    }


_SHOWN = ("runs", "failed", "share_", "standard_error_", "mean_")


def report_sweep(sweep: Sweep) -> None:
    """Print what came out: outcomes by design row, failures, where it is."""
    answer(f"{sweep.experiment.title}: {sweep.runs:,} runs, {sweep.failed:,} failed")
    _table(sweep)
    if sweep.failed:
        answer()
        answer("Failed runs, and the command that repeats each" + (" (the first)" if sweep.failed > 1 else ""))
        for failure in sweep.failures.head(MOST_FAILURES).itertuples():
            answer(f"  run {failure.run}: {failure.failure}")
            answer(f"    {failure.command}")
    answer()
    answer(f"Sweep: {sweep.folder}")
    answer(f"  {len(sweep.files)} Parquet files, read back with sim.open_sweep({str(sweep.folder)!r})")
    answer(f"  digest {sweep.digest}")


def _table(sweep: Sweep) -> None:
    """Print by design row what the scenario shows first: shares of runs, and means of numbers."""
    summary = sweep.summary
    known = measures_of(sweep.experiment.scenario)
    first = dict.fromkeys((*known.headline, *(known.shares if not known.scenario.headline else ())))
    shares = [
        measure for measure in first if f"share_{measure.name}" in summary and summary[f"share_{measure.name}"].any()
    ]
    means = [measure for measure in first if f"mean_{measure.name}" in summary]
    means += [
        known[name] for name in sweep.experiment.outputs if f"mean_{name}" in summary and known[name] not in means
    ]
    factors = list(sweep.experiment.points)[:MOST_FACTORS]
    head = ["row", *factors, *(measure.label for measure in shares)]
    head += [f"{measure.label}, {measure.unit}" if measure.unit else measure.label for measure in means]
    rows = []
    for row, values in summary.head(MOST_ROWS).iterrows():
        cells = [str(row), *(_cell(values[name]) for name in factors)]
        count = int(values["runs"] - values["failed"])
        for measure in shares:
            error = values[f"standard_error_{measure.name}"]
            cells.append(share_text(values[f"share_{measure.name}"], error, count))
        for measure in means:
            cells.append(mean_text(values[f"mean_{measure.name}"], values[f"standard_error_{measure.name}"]))
        rows.append(cells)
    answer()
    if is_terminal():
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(*head, box=SIMPLE_HEAD, pad_edge=False)
        for cells in rows:
            table.add_row(*cells)
        console().print(table)
    else:
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        for cells in [head, *rows]:
            answer("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    more = [f"{len(summary) - MOST_ROWS:,} more rows"] if len(summary) > MOST_ROWS else []
    hidden = len(sweep.experiment.points) - len(factors)
    more += [f"{hidden} more factors"] if hidden else []
    if more:
        answer(f"... and {' and '.join(more)}: sim.open_sweep({str(sweep.folder)!r}).summary")


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
