"""Conditions and sums of features as small frozen trees; `sim.scenario.condition_grammar` reads them off their text.

``str`` of a tree is its canonical text, and reading that gives the same tree. Sums are linear: features are multiplied
by numbers, never by one another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from sim.scenario.feature_reference import FeatureRef

DATE: Final = "date"
"""The word for the date of the day."""


@dataclass(frozen=True, slots=True)
class Term:
    """A number times a feature, or a number alone.

    Attributes
    ----------
    factor : float
        In the unit of the other side of the comparison per unit of the feature.
    feature : FeatureRef or None
        What is read off the state; None for a number alone.
    """

    factor: float
    feature: FeatureRef | None = None

    def __str__(self) -> str:
        return f"-{self.unsigned}" if self.factor < 0 else self.unsigned

    @property
    def unsigned(self) -> str:
        """The term without its sign, as it is written after a plus or a minus."""
        size = abs(self.factor)
        number = repr(int(size) if size.is_integer() and size < 1e15 else size)
        if self.feature is None:
            return number
        return str(self.feature) if size == 1 else f"{number} * {self.feature}"


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms that are added from left to right; at least one."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        first, *others = self.terms
        return str(first) + "".join(f" {'-' if term.factor < 0 else '+'} {term.unsigned}" for term in others)

    @property
    def features(self) -> tuple[FeatureRef, ...]:
        """The features that it reads, in the order in which they are written."""
        return tuple(term.feature for term in self.terms if term.feature is not None)

    @property
    def lone_feature(self) -> FeatureRef | None:
        """The feature that it is, if it is nothing but one feature."""
        return self.terms[0].feature if len(self.terms) == 1 and self.terms[0].factor == 1 else None

    @property
    def lone_number(self) -> float | None:
        """The number that it is, if it is nothing but one number."""
        return self.terms[0].factor if len(self.terms) == 1 and self.terms[0].feature is None else None


@dataclass(frozen=True, slots=True)
class Compare:
    """Two sums compared, at least one of which has a feature.

    Attributes
    ----------
    left : Sum
        Before the operator.
    op : str
        One of ``< <= > >= == !=``.
    right : Sum
        After it, in the same unit.
    """

    left: Sum
    op: str
    right: Sum

    def __str__(self) -> str:
        return f"{self.left} {self.op} {self.right}"


@dataclass(frozen=True, slots=True)
class CompareDate:
    """The date of the day compared with a date.

    Attributes
    ----------
    op : str
        One of ``< <= > >= == !=``.
    date : datetime.date
        From the start of the scenario on.
    """

    op: str
    date: dt.date

    def __str__(self) -> str:
        return f"{DATE} {self.op} {self.date.isoformat()}"


@dataclass(frozen=True, slots=True)
class Not:
    """True while its term is false."""

    term: Condition

    def __str__(self) -> str:
        return f"not ({self.term})" if isinstance(self.term, And | Or) else f"not {self.term}"


@dataclass(frozen=True, slots=True)
class And:
    """True while all of its terms are; at least two."""

    terms: tuple[Condition, ...]

    def __str__(self) -> str:
        return " and ".join(f"({t})" if isinstance(t, And | Or) else str(t) for t in self.terms)


@dataclass(frozen=True, slots=True)
class Or:
    """True while one of its terms is; at least two."""

    terms: tuple[Condition, ...]

    def __str__(self) -> str:
        return " or ".join(f"({t})" if isinstance(t, Or) else str(t) for t in self.terms)


Condition: TypeAlias = Compare | CompareDate | And | Or | Not


def features_of(condition: Condition) -> Iterator[FeatureRef]:
    """Yield the features that a condition reads."""
    match condition:
        case Compare():
            yield from (*condition.left.features, *condition.right.features)
        case Not():
            yield from features_of(condition.term)
        case And() | Or():
            for term in condition.terms:
                yield from features_of(term)
