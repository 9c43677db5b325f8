"""Records as annotated classes: what a type checker reads and what compiled code reads are one declaration.

A record is a NumPy structured type, and NumPy gives its fields no static types. Here a *part* of a record is a class
whose attributes are annotated with what a reader gets and assigned what is stored::

    class CaptivesState(Part):
        freed: Numbers = f8(MAX_GROUPS, unit="persons")

A record joins parts by inheritance, and `lay_out` makes the structured type of it: fields in the order in which the
parts are named, each part in the order of its lines. A misspelt field is then an error of the type checker, an editor
finds where it is declared, and its unit stands beside it.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
RecordT = TypeVar("RecordT", covariant=True)


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is stored.

    Attributes
    ----------
    kind : type
        NumPy's scalar type.
    shape : tuple of int
        Empty for a single number.
    unit : str
        Empty for a pure number, a row or a flag.
    """

    kind: type[np.generic]
    shape: tuple[int, ...]
    unit: str


class Part:
    """Some fields of a record that belong to one mechanism."""


class Rows(Protocol[RecordT]):
    """An array of records: what ``np.zeros(n, LOG)`` is to code that reads its rows."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of rows, as the only entry."""

    def __getitem__(self, row: int, /) -> RecordT:
        """Return a row, which is written in place."""


def i1(*shape: int, unit: str = "") -> Any:
    """Declare a field of 8-bit integers."""
    return Field(np.int8, shape, unit)


def i4(*shape: int, unit: str = "") -> Any:
    """Declare a field of 32-bit integers."""
    return Field(np.int32, shape, unit)


def i8(*shape: int, unit: str = "") -> Any:
    """Declare a field of 64-bit integers."""
    return Field(np.int64, shape, unit)


def f4(*shape: int, unit: str = "") -> Any:
    """Declare a field of 32-bit floats."""
    return Field(np.float32, shape, unit)


def f8(*shape: int, unit: str = "") -> Any:
    """Declare a field of 64-bit floats."""
    return Field(np.float64, shape, unit)


def fields_of(record: type[Part]) -> dict[str, Field]:
    """Return the fields of a record or a part in their order.

    Raises
    ------
    TypeError
        If two parts declare one name, or a field is annotated but not declared.

    Examples
    --------
    >>> class Clock(Part):
    ...     tick: int = i4(unit="ticks")
    >>> class World(Clock):
    ...     pass
    >>> fields_of(World)["tick"].unit
    'ticks'
    """
    fields: dict[str, Field] = {}
    for part in record.__mro__:
        for name in inspect.get_annotations(part):
            declared = part.__dict__.get(name)
            if not isinstance(declared, Field):
                raise TypeError(f"{part.__name__}.{name}: annotated, but not declared with i1, i4, i8, f4 or f8")
            if name in fields:
                raise TypeError(f"{part.__name__}.{name}: another part of {record.__name__} has that field")
            fields[name] = declared
    return fields


def lay_out(record: type[Part]) -> np.dtype[Any]:
    """Return the structured type of a record, aligned as a C compiler would align it.

    Examples
    --------
    >>> class Pair(Part):
    ...     flag: int = i1()
    ...     value: float = f8(unit="util")
    >>> lay_out(Pair).itemsize
    16
    """
    names = [(name, field.kind, field.shape) for name, field in fields_of(record).items()]
    return np.dtype((np.record, np.dtype(names, align=True)))
