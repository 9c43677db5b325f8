"""What failed runs cost a sensitivity analysis: the stated policy, and the count.

A run that failed has no output. The estimators compare rows, replication by replication, so

1. a replication that failed in one of the rows compared is left out of that comparison, in all of its rows;
2. a block of Saltelli's design, or a trajectory of Morris's, in which some comparison keeps fewer than two replications
   (one, if the sweep has one replication) is left out as a whole, since the estimators need whole blocks;
3. if more than a stated share of the blocks would be left out, nothing is estimated.

Rule 2 keeps the estimate right if failures have nothing to do with the output. They often have: failures that sit in a
corner of the factors cut that corner off, and the indices are then those of what is left. The count says how much
that is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError

MOST_LEFT_OUT = 0.2
"""Share of blocks above which nothing is estimated, unless another is given."""


@dataclass(frozen=True, slots=True)
class FailedRuns:
    """What failed, and what was left out because of it.

    Attributes
    ----------
    runs, failed : int
        Runs of the sweep, and those of them that failed.
    blocks, left_out : int
        Blocks or trajectories of the design, and those of them that were left out.
    """

    runs: int
    failed: int
    blocks: int
    left_out: int

    def __str__(self) -> str:
        if not self.failed:
            return f"none of {self.runs:,} runs failed"
        return f"{self.failed:,} of {self.runs:,} runs failed; {self.left_out:,} of {self.blocks:,} blocks left out"


def whole_blocks(
    runs: NDArray[np.float64], complete: NDArray[np.bool_], most_left_out: float = MOST_LEFT_OUT
) -> tuple[NDArray[np.float64], FailedRuns]:
    """Leave out the blocks that are not whole, or refuse.

    Parameters
    ----------
    runs : ndarray of float64, shape (blocks, rows of a block, replications)
        NaN where a run failed.
    complete : ndarray of bool, shape (blocks,)
        Which blocks are whole by the estimator's own comparisons.
    most_left_out : float
        Largest share of blocks that may be left out, in [0, 1).

    Returns
    -------
    runs : ndarray of float64, shape (blocks kept, rows of a block, replications)
    failures : FailedRuns

    Raises
    ------
    UsageError
        If more are left out, or fewer than two blocks remain.

    Examples
    --------
    >>> import numpy as np
    >>> runs = np.zeros((10, 4, 2))
    >>> runs[3, 1] = np.nan
    >>> rest, failures = whole_blocks(runs, ~np.isnan(runs).any(axis=(1, 2)))
    >>> len(rest), str(failures)
    (9, '2 of 80 runs failed; 1 of 10 blocks left out')
    """
    if not 0.0 <= most_left_out < 1.0:
        raise UsageError(f"most_left_out: found {most_left_out!r}, expected a share of at least 0 and below 1")
    failures = FailedRuns(runs.size, int(np.isnan(runs).sum()), len(runs), int((~complete).sum()))
    if failures.left_out > most_left_out * failures.blocks or complete.sum() < 2:
        raise UsageError(
            f"failed runs: found {failures}, expected at most {100 * most_left_out:g} % of the blocks to be left out "
            "and two to remain. Mend what makes runs fail (the column failure of the frame says what), narrow the "
            "ranges that do, or raise most_left_out and read the indices as those of the remaining region"
        )
    return runs[complete], failures
