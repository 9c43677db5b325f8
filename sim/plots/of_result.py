"""What the ``plot`` of results draws: a figure by its name, a daily series with bands, a measure with intervals.

A series or a measure is one panel and can be drawn into axes of the user's (``ax=``), several beside or over one
another; figures of several panels cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.plots.catalogue import Result, figure_named, figures_of
from sim.plots.measure_dots import measure_dots_figure
from sim.plots.series_bands import series_bands_figure
from sim.scenario.feature_reference import nearest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.engine.batch import Batch
    from sim.engine.run import Run
    from sim.experiments.comparison.comparison import Comparison
    from sim.experiments.sweep.sweep import Sweep


def plot_run(run: Run, what: str | None, *, ax: Axes | None = None, at: Any = None) -> Figure:
    """Draw a figure of one run, or one of its daily series."""
    if at is not None and what != "terms":
        raise UsageError(f"at: found {at!r} for {what or 'ribbon'!r}, expected it for the figure 'terms' alone")
    if what is not None and what in run.series_table:
        return series_bands_figure({run.scenario.title: run}, what, ax=ax)
    others = tuple(name for name in run.series_table if name not in ("day", "date"))
    return _named("run", run, what, ax, others, **({} if at is None else {"at": at}))


def plot_batch(
    batch: Batch, what: str | Sequence[str] | None, *, ax: Axes | None = None, run: Run | None = None
) -> Figure:
    """Draw a figure of many runs, or one of their daily series with bands."""
    if isinstance(what, str) and what in batch.series_names:
        return series_bands_figure({batch.scenario.title: batch}, what, ax=ax, run=run)
    return _named("batch", batch, what, ax, batch.series_names, **({} if run is None else {"run": run}))


def plot_comparison(
    comparison: Comparison, what: str | None, *, ax: Axes | None = None, scenarios: Sequence[str] | None = None
) -> Figure:
    """Draw a figure of a comparison, a measure by scenario, or a daily series of scenarios over one another."""
    chosen = _scenarios(comparison, scenarios)
    series = tuple(dict.fromkeys(name for batch in comparison.batches.values() for name in batch.series_names))
    if what is not None and what in series:
        batches = {comparison.titles[name]: comparison.batches[name] for name in chosen}
        return series_bands_figure({k: b for k, b in batches.items() if what in b.series_names}, what, ax=ax)
    if what is not None and what in comparison.measures:
        return measure_dots_figure(comparison, what, scenarios=chosen, ax=ax)
    if scenarios is not None:
        raise UsageError("scenarios: found a choice for a figure of all scenarios; compare those alone")
    return _named("comparison", comparison, what, ax, (*comparison.measures, *series))


def plot_sweep(sweep: Sweep, what: str | None, *, ax: Axes | None = None, **options: Any) -> Figure:
    """Draw a figure of a sweep; an output is drawn as a heat map."""
    if what is not None and what not in figures_of("sweep"):
        return figure_named("sweep", "heat_map").draw(sweep, output=what, ax=ax, **options)
    if ax is not None:
        options["ax"] = ax
    return figure_named("sweep", what or _usual(sweep)).draw(sweep, **options)


def _usual(sweep: Sweep) -> str:
    """Return the figure that fits the design of a sweep."""
    return {"saltelli": "sobol", "morris": "morris"}.get(sweep.experiment.design_kind, "heat_map")


def _named(kind: Result, result: Any, what: object, ax: Axes | None, others: Sequence[str], **options: Any) -> Figure:
    """Draw a figure by its name; say what there is if there is none."""
    entries = figures_of(kind)
    name = next(iter(entries)) if what is None else what
    if name not in entries:
        listed = ", ".join(others[:12]) + (f" ... ({len(others) - 12} more)" if len(others) > 12 else "")
        hint = nearest(str(name), (*entries, *others))
        raise UsageError(
            f"figure of a {kind}: found {str(name)[:80]!r}, expected one of {', '.join(entries)}, or of {listed}. "
            f"{hint}".rstrip()
        )
    if ax is not None:
        raise UsageError(
            f"ax: found axes for the figure {name!r}, which has several panels; name one series or measure"
        )
    return entries[str(name)].draw(result, **options)


def _scenarios(comparison: Comparison, chosen: Sequence[str] | None) -> tuple[str, ...]:
    if chosen is None:
        return tuple(comparison.batches)
    for name in chosen:
        if name not in comparison.batches:
            hint = nearest(str(name), tuple(comparison.batches))
            known = ", ".join(comparison.batches)
            raise UsageError(f"scenarios: found {name!r}, expected some of {known}. {hint}".rstrip())
    return tuple(chosen)
