"""Morris's trajectories for elementary effects, as SALib samples them.

Each trajectory starts at a random point of a lattice with p levels and changes one factor after the other by
p / (2 (p - 1)): k + 1 rows for k factors, between neighbours of which one factor differs.

References
----------
Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. Technometrics 33, 161-174.
Campolongo, F., Cariboni, J. and Saltelli, A. (2007). An effective screening design for sensitivity analysis of large
models. Environmental Modelling & Software 22, 1509-1518.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from sim.experiments.designs.design import Design, DesignSeed, RowCount, too_few
from sim.experiments.factor import Factor
from sim.scenario.schema.fields import misfit


def _even(levels: int) -> int:
    """Refuse an odd number of levels, with which not all levels would come equally often."""
    if levels % 2:
        raise misfit(str(levels), f"an even number, such as {levels + 1}")
    return levels


class Morris(Design):
    """Trajectories that change one factor at a time.

    Attributes
    ----------
    trajectories : int
        How many.
    levels : int
        Of the lattice, even.
    seed : int
        Of starts and orders.

    Examples
    --------
    >>> a, b = (Factor(name, (name,), "uniform", (0, 1)) for name in "ab")
    >>> points = Morris(trajectories=2, levels=4, seed=1).unit_points([a, b])
    >>> points.shape, (points[0] != points[1]).sum().item(), (points[1] != points[2]).sum().item()
    ((6, 2), 1, 1)
    """

    summary: ClassVar[str] = "for elementary effects"

    trajectories: RowCount = Field(description="how many")
    levels: Annotated[int, Field(ge=2, le=1000), AfterValidator(_even)] = Field(
        default=4, description="of the lattice, an even number"
    )
    seed: DesignSeed = Field(default=0, description="of the design; the luck of the runs has its own")

    def size(self, factors: Sequence[Factor]) -> int:
        """Return the number of rows."""
        return self.trajectories * (len(factors) + 1)

    def problem(self, factors: Sequence[Factor]) -> tuple[str, str] | None:
        """Say if there is one factor alone."""
        if len(factors) < 2:
            return "one factor", "at least two, to rank"
        return super().problem(factors)

    def unit_points(self, factors: Sequence[Factor]) -> NDArray[np.float64]:
        """Return the trajectories, one after the other."""
        from SALib.sample import morris

        names = [factor.name for factor in factors]
        problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
        rng = np.random.default_rng(self.seed)
        points = morris.sample(problem, self.trajectories, num_levels=self.levels, seed=rng)
        return np.clip(np.asarray(points, dtype=np.float64), 0.0, 1.0)

    def resized(self, rows: int, factors: Sequence[Factor]) -> Morris:
        """Return the design of as many trajectories as fit."""
        if rows <= len(factors):
            raise too_few("morris", rows, len(factors) + 1)
        return self.model_copy(update={"trajectories": rows // (len(factors) + 1)})
