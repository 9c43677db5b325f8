"""What every design of an experiment has in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.errors import UsageError
from sim.experiments.factor import Factor
from sim.scenario.schema.fields import Section

MAX_ROWS: Final = 1 << 22
"""Rows that a design may have: over four million."""
MAX_VALUES: Final = 1 << 25
"""Rows times factors: a quarter of a gigabyte of values."""

RowCount: TypeAlias = Annotated[int, Field(ge=1, le=MAX_ROWS)]
DesignSeed: TypeAlias = Annotated[int, Field(ge=0, le=10**15)]


class Design(Section):
    """A plan of rows.

    The fields of a design are its keys in an experiment file; a key ``seed`` makes it random.

    Attributes
    ----------
    summary : str
        Of the class: what the format's page and JSON Schema say of it.
    """

    summary: ClassVar[str]

    @property
    def is_random(self) -> bool:
        """Whether a seed decides its points."""
        return "seed" in type(self).model_fields

    @abstractmethod
    def size(self, factors: Sequence[Factor]) -> int:
        """Return the number of rows."""

    @abstractmethod
    def unit_points(self, factors: Sequence[Factor]) -> NDArray[np.float64]:
        """Return the points in the unit cube, shape (rows, factors)."""

    def block(self, factors: Sequence[Factor]) -> int:  # noqa: ARG002 - others go by the factors
        """Return how many rows in a row share coordinates; 1 where every row stands for itself."""
        return 1

    def values_of(self, factors: Sequence[Factor]) -> dict[str, NDArray[Any]] | None:  # noqa: ARG002 - others go by the factors
        """Return the values of the factors by name where the design has them rather than points; else None."""
        return None

    @abstractmethod
    def resized(self, rows: int, factors: Sequence[Factor]) -> Design:
        """Return the largest design of this kind with at most `rows` rows."""

    def problem(self, factors: Sequence[Factor]) -> tuple[str, str] | None:
        """Say what was found and what was expected if the design does not fit these factors."""
        rows = self.size(factors)
        if rows > MAX_ROWS or rows * len(factors) > MAX_VALUES:
            size = f"{rows:,} rows of {len(factors)} factors"
            return size, f"at most {min(MAX_ROWS, MAX_VALUES // max(len(factors), 1)):,} rows"
        return None


def power_of_two_at_most(number: int) -> int:
    """Return the largest power of two that is not above a number of at least 1."""
    return 1 << (number.bit_length() - 1)


def too_few(kind: str, rows: int, least: int) -> UsageError:
    """Build the error for a design that cannot be made so small."""
    return UsageError(f"rows: found {rows}, expected at least {least}, the smallest {kind} design of these factors")
