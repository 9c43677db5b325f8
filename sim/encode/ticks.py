"""From days to ticks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def to_ticks(scenario: Scenario, days: float) -> int:
    """Return the tick nearest to a day; halves go up."""
    return math.floor(days * scenario.steps_per_day + 0.5)


def path_steps(ticks: int, steps: int) -> NDArray[np.float64]:
    """Split a window into whole steps of equal length, or nearly so.

    Every step has at least one tick, so a window shorter than its steps has fewer of them.

    Parameters
    ----------
    ticks : int
        Length of the window.
    steps : int
        Wanted number of steps.

    Returns
    -------
    ndarray of float64
        Ticks of each step; their sum is the window.

    Examples
    --------
    >>> path_steps(182, 4).tolist()
    [46.0, 45.0, 46.0, 45.0]
    """
    ends = [math.floor(ticks * k / steps + 0.5) for k in range(steps + 1)]
    lengths = np.diff(np.array(ends, dtype=np.float64))
    return lengths[lengths > 0.0]
