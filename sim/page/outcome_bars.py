"""Bars of what happens in how many worlds, under a deal and under the deal as written, on the same luck."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, cast

from sim.engine.batch import Batch
from sim.experiments.comparison.comparison import Comparison

if TYPE_CHECKING:
    from sim.experiments.measures import Measure

WRITTEN: Final = "the deal as written"
YOURS: Final = "your deal"
NAMES: Final = (WRITTEN, YOURS)
"""What the two deals are called; `sim.compare` with these names says the same sentences."""


def compared(written: Batch, yours: Batch) -> Comparison:
    """Compare a changed deal with the deal as written; both batches have the same luck and length."""
    return Comparison(dict(zip(NAMES, (written, yours), strict=True)), NAMES, {}, record=False)


def bars_of(comparison: Comparison) -> list[dict[str, Any]]:
    """Return a bar for each outcome, talks, milestone and promise.

    Parameters
    ----------
    comparison : Comparison
        Of `WRITTEN` with `YOURS`.

    Returns
    -------
    list of dict
        Name, label, kind, role; share, low and high of the changed deal and of the deal as written (count of runs
        beside each), and the paired difference with its 95 % interval.
    """
    shares: dict[str, dict[str, Any]] = {WRITTEN: {}, YOURS: {}}
    for row in comparison.shares.itertuples():
        deal, measure_name = cast("tuple[str, str]", row.Index)
        shares[deal][measure_name] = row
    differences = {cast("tuple[str, str]", row.Index)[1]: row for row in comparison.differences.itertuples()}
    outcomes = comparison.scenarios[YOURS].outcomes
    bars = []
    for name, yours in shares[YOURS].items():
        written, difference = shares[WRITTEN][name], cast("Any", differences[name])
        measure: Measure | None = comparison.measures.get(name)
        bars.append(
            {
                "name": name,
                "label": name.replace("_", " ") if measure is None else measure.label,
                "kind": "failed" if measure is None else measure.kind,
                "role": outcomes[name].role if name in outcomes else "",
                "yours": _interval(yours),
                "written": _interval(written),
                "difference": number(difference.difference),
                "low": number(difference.low),
                "high": number(difference.high),
            }
        )
    return bars


def _interval(row: Any) -> dict[str, Any]:
    return {"share": number(row.share), "low": number(row.low), "high": number(row.high), "count": int(row.count)}


def number(value: Any) -> float | None:
    """Return a number that JSON can hold; unknown and infinite ones are None."""
    return float(value) if math.isfinite(value) else None
