"""How two scenarios differ, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs.

    Attributes
    ----------
    path : str
        Dotted path.
    left, right : scalar, or None where that side has no such value
    """

    path: str
    left: Any
    right: Any

    def __str__(self) -> str:
        if self.left is None:
            return f"+ {self.path}: {self.right}"
        if self.right is None:
            return f"- {self.path}: {self.left}"
        return f"~ {self.path}: {self.left} -> {self.right}"


@dataclass(frozen=True, slots=True)
class ScenarioDiff:
    """All values in which two scenarios differ; false if there are none, and printed one a line.

    Attributes
    ----------
    differences : tuple of Difference
        In order of the left scenario, then what only the right one has.
    """

    differences: tuple[Difference, ...]

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.differences)

    def __len__(self) -> int:
        return len(self.differences)

    def __str__(self) -> str:
        return "\n".join(str(d) for d in self.differences) or "no difference"


def flattened(data: Any, path: str = "") -> dict[str, Any]:
    """List the scalars of nested data by dotted path.

    Examples
    --------
    >>> flattened({"a": {"b": [1, 2]}})
    {'a.b.0': 1, 'a.b.1': 2}
    """
    if isinstance(data, dict):
        pairs = [(str(key), value) for key, value in data.items()]
    elif isinstance(data, list):
        pairs = [(str(i), value) for i, value in enumerate(data)]
    else:
        return {path: data}
    return {p: v for key, value in pairs for p, v in flattened(value, f"{path}.{key}" if path else key).items()}


def difference(left: Any, right: Any) -> ScenarioDiff:
    """Compare nested data scalar by scalar.

    Examples
    --------
    >>> print(difference({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}))
    ~ b: 2 -> 3
    + c: 4
    """
    one, two = flattened(left), flattened(right)
    paths = dict.fromkeys([*one, *two])
    return ScenarioDiff(tuple(Difference(p, one.get(p), two.get(p)) for p in paths if one.get(p) != two.get(p)))
