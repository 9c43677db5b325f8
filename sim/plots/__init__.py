"""Figures: one a file, each takes results and returns a matplotlib Figure; nothing below this imports matplotlib.

They use matplotlib's objects without pyplot, so they keep no state, need no display and can be drawn from threads.
"""

from __future__ import annotations

from sim.plots.cumulative_incidence import cumulative_incidence_figure
from sim.plots.decision_ribbon import decision_ribbon_figure
from sim.plots.outcome_shares import outcome_shares_figure
from sim.plots.paired_differences import paired_differences_figure
from sim.plots.payoff_decomposition import payoff_decomposition_figure
from sim.plots.record_percentiles import record_percentiles_figure
from sim.plots.saving import figure_bytes, save_figure
from sim.plots.trajectories import trajectories

__all__ = [
    "cumulative_incidence_figure",
    "decision_ribbon_figure",
    "figure_bytes",
    "outcome_shares_figure",
    "paired_differences_figure",
    "payoff_decomposition_figure",
    "record_percentiles_figure",
    "save_figure",
    "trajectories",
]
