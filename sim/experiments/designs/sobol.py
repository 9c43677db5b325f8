"""Sobol' points: a sequence of low discrepancy, scrambled by Owen's method unless asked otherwise.

With n = 2^m points each factor has exactly one value in each of n equal cells, and larger boxes of the cube are filled
evenly too; hence n must be a power of two.

References
----------
Sobol', I. M. (1967). On the distribution of points in a cube and the approximate evaluation of integrals. USSR
Computational Mathematics and Mathematical Physics 7, 86-112.
Owen, A. B. (1998). Scrambling Sobol' and Niederreiter-Xing points. Journal of Complexity 14, 466-489.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from sim.experiments.designs.design import Design, DesignSeed, RowCount, power_of_two_at_most
from sim.experiments.factor import Factor
from sim.scenario.schema.fields import Switch, misfit

MAX_DIMENSIONS = 21_201


def power_of_two(rows: int) -> int:
    """Refuse a number of Sobol' points that would unbalance them."""
    below = power_of_two_at_most(rows)
    if rows != below:
        raise misfit(str(rows), f"a power of two, such as {below} or {2 * below}")
    return rows


class Sobol(Design):
    """Sobol' points.

    Attributes
    ----------
    rows : int
        Points, a power of two.
    scrambled : bool
        Whether by Owen's method; else the plain sequence, whose first point is all lowest values.
    seed : int
        Of the scrambling.

    Examples
    --------
    >>> a, b = (Factor(name, (name,), "uniform", (0, 1)) for name in "ab")
    >>> Sobol(rows=4, scrambled=False).unit_points([a, b]).tolist()
    [[0.0, 0.0], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75]]
    """

    summary: ClassVar[str] = "points of low discrepancy"

    rows: Annotated[RowCount, AfterValidator(power_of_two)] = Field(description="points, a power of two")
    scrambled: Switch = Field(default=True, description="scrambled by Owen's method")
    seed: DesignSeed = Field(default=0, description="of the scrambling; the luck of the runs has its own")

    def size(self, factors: Sequence[Factor]) -> int:  # noqa: ARG002 - others go by the factors
        """Return the number of rows."""
        return self.rows

    def problem(self, factors: Sequence[Factor]) -> tuple[str, str] | None:
        """Say if there are more factors than the sequence has dimensions."""
        if len(factors) > MAX_DIMENSIONS:
            return f"{len(factors)} factors", f"at most {MAX_DIMENSIONS} for Sobol' points"
        return super().problem(factors)

    def unit_points(self, factors: Sequence[Factor]) -> NDArray[np.float64]:
        """Return the points."""
        from scipy.stats import qmc

        sampler = qmc.Sobol(d=len(factors), scramble=self.scrambled, rng=np.random.default_rng(self.seed))
        return np.asarray(sampler.random_base2(self.rows.bit_length() - 1), dtype=np.float64)

    def resized(self, rows: int, factors: Sequence[Factor]) -> Sobol:  # noqa: ARG002 - others go by the factors
        """Return the points of the largest power of two of rows."""
        return self.model_copy(update={"rows": power_of_two_at_most(rows)})
