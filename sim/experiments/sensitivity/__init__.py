"""Global sensitivity analysis of sweeps: which factors an outcome hangs on, and how much of it is luck."""

from __future__ import annotations

from sim.experiments.sensitivity.factor_kinds import kind_of
from sim.experiments.sensitivity.failed_runs import FailedRuns
from sim.experiments.sensitivity.kind_shares import KindShare
from sim.experiments.sensitivity.morris_effects import MorrisEffects
from sim.experiments.sensitivity.sensitivity import Sensitivity, luck_in, sensitivity_in, sensitivity_of
from sim.experiments.sensitivity.sobol_indices import SobolIndices
from sim.experiments.sensitivity.variance_split import VarianceSplit

__all__ = [
    "FailedRuns",
    "KindShare",
    "MorrisEffects",
    "Sensitivity",
    "SobolIndices",
    "VarianceSplit",
    "kind_of",
    "luck_in",
    "sensitivity_in",
    "sensitivity_of",
]
