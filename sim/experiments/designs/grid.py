"""Full factorial grid: every combination of the factors' levels.

Levels of a range lie in equal steps from its lowest to its highest value (equal steps of the logarithm for a
logarithmic range, equal steps of probability for other distributions); choices are taken as they are. The last factor
changes fastest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field

from sim.experiments.designs.design import Design, too_few
from sim.experiments.factor import Factor
from sim.scenario.feature_reference import nearest
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.reader import quoted
from sim.scenario.schema.fields import misfit

MAX_LEVELS = 10_000


def _levels(value: Any) -> Any:
    """Take one number for all factors, or one for each by name."""
    each = value.values() if isinstance(value, Mapping) else [value]
    if not each or not all(isinstance(n, int) and not isinstance(n, bool) and 2 <= n <= MAX_LEVELS for n in each):
        expected = f"a whole number from 2 to {MAX_LEVELS}, or one for each factor, such as {{pace: 7, ceiling: 5}}"
        raise misfit(quoted(value), expected)
    return FrozenDict(value) if isinstance(value, Mapping) else value


class Grid(Design):
    """Every combination of levels.

    Attributes
    ----------
    levels : int or mapping of str to int
        Of each range; by the names of the factors if they differ.

    Examples
    --------
    >>> a, b = Factor("a", ("x",), "uniform", (0, 1)), Factor("b", ("y",), "choice", (), ("low", "high"))
    >>> Grid(levels=3).unit_points([a, b]).tolist()
    [[0.0, 0.25], [0.0, 0.75], [0.5, 0.25], [0.5, 0.75], [1.0, 0.25], [1.0, 0.75]]
    """

    summary: ClassVar[str] = "every combination of levels"

    levels: Annotated[
        int | Mapping[str, int],
        BeforeValidator(
            _levels,
            json_schema_input_type=Annotated[int, Field(ge=2, le=MAX_LEVELS)]
            | dict[str, Annotated[int, Field(ge=2, le=MAX_LEVELS)]],
        ),
    ] = Field(description="values of each range, ends included; one number for all or one a factor by name")

    def counts(self, factors: Sequence[Factor]) -> list[int]:
        """Return the number of levels of each factor."""
        return [
            len(factor.choices)
            if factor.kind == "choice"
            else self.levels[factor.name]
            if isinstance(self.levels, Mapping)
            else self.levels
            for factor in factors
        ]

    def size(self, factors: Sequence[Factor]) -> int:
        """Return the product of the levels."""
        return math.prod(self.counts(factors))

    def problem(self, factors: Sequence[Factor]) -> tuple[str, str] | None:
        """Say if names and factors differ, or the grid is too large."""
        if isinstance(self.levels, Mapping):
            ranges = [factor.name for factor in factors if factor.kind != "choice"]
            for name in self.levels:
                if name not in ranges:
                    return (
                        f"levels of {name[:60]!r}",
                        f"levels of a factor with a range. {nearest(name, ranges)}".strip(),
                    )
            missing = [name for name in ranges if name not in self.levels]
            if missing:
                return f"no levels of {missing[0]!r}", "levels of every factor that has a range"
        return super().problem(factors)

    def unit_points(self, factors: Sequence[Factor]) -> NDArray[np.float64]:
        """Return all combinations, the last factor fastest."""
        axes = [factor.cells(n) for factor, n in zip(factors, self.counts(factors), strict=True)]
        return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=-1)

    def resized(self, rows: int, factors: Sequence[Factor]) -> Grid:
        """Return the grid with the largest levels, at most today's ratio to one another, that has so few rows."""
        counts = self.counts(factors)
        ranged = [i for i, factor in enumerate(factors) if factor.kind != "choice"]
        levels = dict.fromkeys(ranged, 2)
        fixed = math.prod(n for i, n in enumerate(counts) if i not in levels)
        if fixed * 2 ** len(ranged) > rows:
            raise too_few("grid", rows, fixed * 2 ** len(ranged))
        while ranged:  # one more level where the share of the wanted levels is smallest
            i = min(ranged, key=lambda j: (levels[j] - 1) / (counts[j] - 1))
            if fixed * math.prod(levels.values()) // levels[i] * (levels[i] + 1) > rows or levels[i] == MAX_LEVELS:
                break
            levels[i] += 1
        if len(set(levels.values())) <= 1:
            return Grid(levels=next(iter(levels.values()), 2))
        return Grid(levels={factors[i].name: n for i, n in levels.items()})
