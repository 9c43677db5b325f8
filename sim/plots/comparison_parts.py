"""Figures of a part of a result: the deal of a batch, the promises and the record of a comparison's reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.plots.compliance import compliance_figure
from sim.plots.deal_card import deal_card_figure
from sim.plots.record_percentiles import record_percentiles_figure
from sim.plots.record_timeline import record_timeline_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.engine.batch import Batch
    from sim.experiments.comparison.comparison import Comparison


def card_of(batch: Batch) -> Figure:
    """Draw the card of the deal that was run."""
    return deal_card_figure(batch.scenario)


def timeline_of(batch: Batch) -> Figure:
    """Draw the dates of the deal that was run above those of its record."""
    return record_timeline_figure(batch.scenario)


def reference_compliance(comparison: Comparison) -> Figure:
    """Draw what became of each promise of the reference."""
    return compliance_figure(comparison.batches[comparison.reference])


def reference_record(comparison: Comparison) -> Figure:
    """Draw where the record of the reference falls among its runs; raise UsageError if it names none."""
    if comparison.record is None:
        title = comparison.titles[comparison.reference]
        raise UsageError(f"record: found none of {title!r}, expected a reference that names one (record: NAME)")
    return record_percentiles_figure(comparison.record, comparison.scenarios[comparison.reference])
