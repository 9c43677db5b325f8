"""One update of experience-weighted attraction (`sim.games.theory.ewa`), compiled, for use inside decision rules."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled


@compiled
def ewa_update(  # pragma: no cover
    attractions: npt.NDArray[np.float64],
    experience: float,
    payoffs: npt.NDArray[np.float64],
    chosen: int,
    phi: float,
    delta: float,
    kappa: float,
) -> float:
    """Update `attractions` in place after one play and return the new experience.

    `payoffs[j]` is what move j paid or would have paid, `chosen` the move that was played.
    """
    later = phi * (1.0 - kappa) * experience + 1.0
    for j in range(attractions.size):
        weight = 1.0 if j == chosen else delta
        attractions[j] = (phi * experience * attractions[j] + weight * payoffs[j]) / later
    return later
