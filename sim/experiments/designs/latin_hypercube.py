"""Latin hypercube sampling: with n rows, each factor has exactly one value in each of n equally probable cells.

References
----------
McKay, M. D., Beckman, R. J. and Conover, W. J. (1979). A comparison of three methods for selecting values of input
variables in the analysis of output from a computer code. Technometrics 21, 239-245.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.experiments.designs.design import Design, DesignSeed, RowCount
from sim.experiments.factor import Factor


class LatinHypercube(Design):
    """A random Latin hypercube.

    Attributes
    ----------
    rows : int
        Points.
    seed : int
        Of the permutations and of the places within cells.

    Examples
    --------
    >>> a, b = (Factor(name, (name,), "uniform", (0, 1)) for name in "ab")
    >>> points = LatinHypercube(rows=5, seed=1).unit_points([a, b])
    >>> np.sort((points * 5).astype(int), axis=0).T.tolist()
    [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]
    """

    summary: ClassVar[str] = "evenly spread at random"

    rows: RowCount = Field(description="points")
    seed: DesignSeed = Field(default=0, description="of the design; the luck of the runs has its own")

    def size(self, factors: Sequence[Factor]) -> int:  # noqa: ARG002 - others go by the factors
        """Return the number of rows."""
        return self.rows

    def unit_points(self, factors: Sequence[Factor]) -> NDArray[np.float64]:
        """Return the hypercube."""
        return hypercube(self.rows, len(factors), self.seed)

    def resized(self, rows: int, factors: Sequence[Factor]) -> LatinHypercube:  # noqa: ARG002 - others go by the factors
        """Return the hypercube of so many rows."""
        return self.model_copy(update={"rows": rows})


def hypercube(rows: int, columns: int, seed: int) -> NDArray[np.float64]:
    """Return so many points of a random Latin hypercube in the unit cube, shape (rows, columns)."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(d=columns, rng=np.random.default_rng(seed))
    return np.asarray(sampler.random(rows), dtype=np.float64)
