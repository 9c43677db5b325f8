"""Proper scores of probabilistic forecasts, one a file; lower is better for each.

A score is proper if a forecaster does best on average by saying what it believes (Gneiting and Raftery 2007). All are
vectorised: leading axes are cases and broadcast.

References
----------
Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and estimation. Journal of the
American Statistical Association 102, 359-378.
"""

from sim.scoring.brier import brier_score
from sim.scoring.crps import crps_ensemble, crps_normal, crps_weighted
from sim.scoring.energy import energy_score_ensemble, energy_score_normal
from sim.scoring.logarithmic import floored, log_score
from sim.scoring.ranked_probability import ranked_probability_score

__all__ = [
    "brier_score",
    "crps_ensemble",
    "crps_normal",
    "crps_weighted",
    "energy_score_ensemble",
    "energy_score_normal",
    "floored",
    "log_score",
    "ranked_probability_score",
]
