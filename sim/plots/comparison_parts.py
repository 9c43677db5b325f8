"""Figures of parts of a comparison: what became of the promises of its reference, and where its record falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.plots.compliance import compliance_figure
from sim.plots.record_percentiles import record_percentiles_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiments.comparison.comparison import Comparison


def reference_compliance(comparison: Comparison) -> Figure:
    """Draw what became of each promise of the reference."""
    return compliance_figure(comparison.batches[comparison.reference])


def reference_record(comparison: Comparison) -> Figure:
    """Draw where the record of the reference falls among its runs; raise UsageError if it names none."""
    if comparison.record is None:
        title = comparison.titles[comparison.reference]
        raise UsageError(f"record: found none of {title!r}, expected a reference that names one (record: NAME)")
    return record_percentiles_figure(comparison.record, comparison.scenarios[comparison.reference])
