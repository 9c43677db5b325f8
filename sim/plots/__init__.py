"""Figures: one a file, each takes results and returns a matplotlib Figure; nothing below this imports matplotlib.

They use matplotlib's objects without pyplot, so they keep no state, need no display and can be drawn from threads.

Names are imported when they are first used (`sim.lazy`). Adding a figure touches its own file and one line here.
"""

from __future__ import annotations

from sim.lazy import lazy_names

# One line a public name: the name, and the module of this package that defines it.
_EXPORTS: dict[str, str | None] = {
    "compliance_figure": "compliance",
    "cumulative_incidence_figure": "cumulative_incidence",
    "deal_card_figure": "deal_card",
    "decision_ribbon_figure": "decision_ribbon",
    "decision_terms_figure": "decision_terms",
    "discovery_boxes_figure": "discovery_boxes",
    "expected_signs_figure": "expected_signs",
    "figure_bytes": "saving",
    "index_convergence_figure": "index_convergence",
    "measure_dots_figure": "measure_dots",
    "morris_plane_figure": "morris_plane",
    "move_shares_figure": "move_shares",
    "outcome_flow_figure": "outcome_flow",
    "outcome_shares_figure": "outcome_shares",
    "paired_differences_figure": "paired_differences",
    "payoff_decomposition_figure": "payoff_decomposition",
    "payoff_waterfall_figure": "payoff_waterfall",
    "record_percentiles_figure": "record_percentiles",
    "record_timeline_figure": "record_timeline",
    "reliability_figure": "reliability",
    "save_figure": "saving",
    "series_bands_figure": "series_bands",
    "sobol_bars_figure": "sobol_bars",
    "sweep_heat_map_figure": "sweep_heat_map",
    "trajectories_figure": "trajectories",
    "two_worlds_figure": "two_worlds",
}

__all__ = sorted(_EXPORTS)
__getattr__, __dir__ = lazy_names(__name__, _EXPORTS)
