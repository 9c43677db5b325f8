"""What a page begins with, and what it shows of a comparison."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.page.deal_card import deal_card
from sim.page.fan import panel_data
from sim.page.finding import finding
from sim.page.outcome_bars import bars_of
from sim.page.worlds import strip_of

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison
    from sim.scenario.scenario import Scenario


def opening_data(scenario: Scenario, seed: int, panels: Sequence[Any], record: Any) -> dict[str, Any]:
    """Return what a page shows of a scenario whatever its sliders say."""
    until: dt.date = scenario.start + dt.timedelta(days=scenario.horizon_days)
    return {
        "title": scenario.title,
        "description": scenario.description or "",
        "start": scenario.start.isoformat(),
        "until": until.isoformat(),
        "horizon": scenario.horizon_days,
        "seed": str(seed),
        "outcomes": [{"name": name, "role": outcome.role} for name, outcome in scenario.outcomes.items()],
        "card": deal_card(scenario),
        "panels": [panel_data(panel, scenario, record) for panel in panels],
    }


def answer_data(comparison: Comparison, *, changed: bool, called: str = "") -> dict[str, Any]:
    """Return what a page shows of a comparison: the sentence, the bars, the strip of worlds.

    Parameters
    ----------
    comparison : Comparison
        Of `sim.page.outcome_bars.NAMES`.
    changed : bool
        Whether the deals differ.
    called : str
        What the other deal is called, where it is none that a reader made with sliders.
    """
    bars = bars_of(comparison)
    written, yours = comparison.batches.values()
    return {
        "runs": comparison.runs,
        "changed": changed,
        "finding": finding(bars, yours.scenario.headline, comparison.runs, changed, called),
        "bars": bars,
        "worlds": strip_of(yours, written),
    }
