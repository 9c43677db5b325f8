"""From days to ticks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_ticks(scenario: Any, days: float) -> int:
    """Return the tick nearest to a day; halves go up."""
    return math.floor(days * scenario.steps_per_day + 0.5)


def path_steps(ticks: int, steps: int) -> NDArray[np.float64]:
    """Split a window into whole steps that grow with the distance from now.

    Step k ends near ``window (k / steps)**2``: fine where decisions bite, coarse where little is known. Every step has
    at least one tick, so a window shorter than its steps has fewer of them.

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
    >>> path_steps(182, 8).tolist()
    [3.0, 8.0, 15.0, 20.0, 25.0, 31.0, 37.0, 43.0]
    """
    ends = [0]
    for k in range(1, steps + 1):
        end = min(max(math.floor(ticks * (k / steps) ** 2 + 0.5), ends[-1] + 1), ticks)
        if end > ends[-1]:
            ends.append(end)
    return np.diff(np.array(ends, dtype=np.float64))
