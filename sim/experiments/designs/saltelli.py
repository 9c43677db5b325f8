r"""Saltelli's design for Sobol' indices, as SALib samples it.

Two matrices A and B of n Sobol' points each, and for each factor i the matrix A with its column i from B: n (k + 2)
rows for k factors. They come in n blocks: a row of A, one row a factor, a row of B.

References
----------
Saltelli, A. (2002). Making best use of model evaluations to compute sensitivity indices. Computer Physics
Communications 145, 280-297.
Iwanaga, T., Usher, W. and Herman, J. (2022). Toward SALib 2.0. Socio-Environmental Systems Modelling 4, 18155.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from sim.experiments.designs.design import Design, DesignSeed, RowCount, power_of_two_at_most, too_few
from sim.experiments.designs.sobol import MAX_DIMENSIONS, power_of_two
from sim.experiments.factor import Factor
from sim.scenario.schema.fields import Switch


class Saltelli(Design):
    """Rows from which first and total Sobol' indices are estimated.

    Attributes
    ----------
    base_rows : int
        n above, a power of two.
    scrambled : bool
        Whether the Sobol' points are scrambled.
    seed : int
        Of the scrambling.

    Examples
    --------
    >>> a, b = (Factor(name, (name,), "uniform", (0, 1)) for name in "ab")
    >>> design = Saltelli(base_rows=8)
    >>> design.size([a, b]), design.unit_points([a, b]).shape
    (32, (32, 2))
    """

    summary: ClassVar[str] = "for Sobol' indices of sensitivity"

    base_rows: Annotated[RowCount, AfterValidator(power_of_two)] = Field(description="n, a power of two")
    scrambled: Switch = Field(default=True, description="scrambled by Owen's method")
    seed: DesignSeed = Field(default=0, description="of the scrambling; the luck of the runs has its own")

    def block(self, factors: Sequence[Factor]) -> int:
        """Return the rows for each base row, which share its coordinates."""
        return len(factors) + 2

    def size(self, factors: Sequence[Factor]) -> int:
        """Return the number of rows."""
        return self.base_rows * self.block(factors)

    def problem(self, factors: Sequence[Factor]) -> tuple[str, str] | None:
        """Say if there is one factor alone, or more than the sequence has dimensions."""
        if len(factors) < 2:
            return "one factor", "at least two, between which sensitivity is shared out"
        if 2 * len(factors) > MAX_DIMENSIONS:
            return f"{len(factors)} factors", f"at most {MAX_DIMENSIONS // 2} for Saltelli's design"
        return super().problem(factors)

    def unit_points(self, factors: Sequence[Factor]) -> NDArray[np.float64]:
        """Return the rows in SALib's order."""
        from SALib.sample import sobol

        names = [factor.name for factor in factors]
        problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
        points = sobol.sample(
            problem,
            self.base_rows,
            calc_second_order=False,
            scramble=self.scrambled,
            seed=np.random.default_rng(self.seed),
        )
        return np.asarray(points, dtype=np.float64)

    def resized(self, rows: int, factors: Sequence[Factor]) -> Saltelli:
        """Return the design of the largest power of two of base rows."""
        block = self.block(factors)
        if rows < block:
            raise too_few("saltelli", rows, block)
        return self.model_copy(update={"base_rows": power_of_two_at_most(rows // block)})
