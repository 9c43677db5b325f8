r"""Where two tables part, cell by cell: the second of the four levels at which two runs can agree.

Two numbers agree if

.. math:: \frac{|a - b|}{\max(1, |a|, |b|)} \le 10^{-12},

that is, absolutely for numbers below one and relatively above. The left side is the *scaled difference*. Unknown
agrees with unknown only. Everything that is no float (counts, kinds, actors, moves, dates) must be equal. Text that
is a JSON object or list on both sides, such as the account of a decision, is compared by the same rule part by
part, so that the last bit of a number in it does not count as another event.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.store.canonical import unknown_of, values_of

TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first place at which two records disagree beyond the tolerance.

    Attributes
    ----------
    table : str
        ``events``, ``series``, ``replications`` or ``outcome``.
    index : int or None
        Row, from 0; None in the outcome.
    day : float or None
        Days since the start, if the row says.
    recorded, rerun : dict or None
        The two rows; None where one side has ended.
    fields : tuple of str
        The columns that disagree.
    """

    table: str
    index: int | None
    day: float | None
    recorded: dict[str, Any] | None
    rerun: dict[str, Any] | None
    fields: tuple[str, ...]

    def __str__(self) -> str:
        where = self.table if self.index is None else f"{self.table} row {self.index}"
        day = "" if self.day is None else f" (day {self.day:g})"
        if self.recorded is None or self.rerun is None:
            side, row = ("rerun", self.rerun) if self.recorded is None else ("record", self.recorded)
            return f"{where}{day}: only the {side} has it: {_brief_row(row or {})}"
        parts = [f"{f}: {_brief(self.recorded.get(f))} -> {_brief(self.rerun.get(f))}" for f in self.fields]
        kind = self.recorded.get("kind")
        return f"{where}{day}{f', {kind}' if isinstance(kind, str) else ''}: " + "; ".join(parts)


@dataclass(frozen=True, slots=True)
class CellComparison:
    """What a comparison of two tables or outcomes found.

    Attributes
    ----------
    first : Divergence or None
        None if all cells agree.
    largest : float
        Largest scaled difference of two known floats, over the rows before the first whose other cells disagree.
    largest_at : str
        Where; empty if there is none.
    """

    first: Divergence | None
    largest: float
    largest_at: str


def compare_cells(name: str, recorded: pa.Table, rerun: pa.Table, *, common_rows: bool = False) -> CellComparison:
    """Compare two tables of canonical kinds row by row.

    Parameters
    ----------
    name : str
        What to call them.
    recorded, rerun : pyarrow.Table
        As `sim.store.canonical.as_table` makes them.
    common_rows : bool
        Whether rows that only one of them has are no disagreement.

    Returns
    -------
    CellComparison

    Examples
    --------
    >>> a, b = pa.table({"day": [0, 1], "troops": [1.0, 2.0]}), pa.table({"day": [0, 1], "troops": [1.0, 2.5]})
    >>> print(compare_cells("series", a, b).first)
    series row 1 (day 1): troops: 2.0 -> 2.5
    """
    rows = min(recorded.num_rows, rerun.num_rows)
    shared = [column for column in recorded.column_names if column in rerun.column_names]
    lacking = sorted(set(recorded.column_names) ^ set(rerun.column_names))
    disagree: dict[str, NDArray[np.bool_]] = {column: np.ones(rows, dtype=np.bool_) for column in lacking}
    apart: dict[str, NDArray[np.float64]] = {}
    aligned = rows
    for column in shared:
        a, b = recorded.column(column).slice(0, rows), rerun.column(column).slice(0, rows)
        if pa.float64() in (a.type, b.type) and pa.string() not in (a.type, b.type):
            disagree[column], apart[column] = _floats(a, b)
        elif a.type == b.type == pa.string():
            disagree[column], apart[column] = _texts(a, b)
            aligned = min(aligned, _first(disagree[column]))
        else:
            disagree[column] = _exact(a, b)
            aligned = min(aligned, _first(disagree[column]))
    largest, largest_at = 0.0, ""
    for column, difference in apart.items():
        place = int(np.argmax(difference[:aligned])) if aligned else 0
        if aligned and difference[place] > largest:
            largest, largest_at = float(difference[place]), f"{name} row {place}, {column}"
    index = min((_first(mask) for mask in disagree.values()), default=rows)
    if index == rows and (common_rows or recorded.num_rows == rerun.num_rows) and not (lacking and rows == 0):
        return CellComparison(None, largest, largest_at)
    left, right = _row(recorded, index), _row(rerun, index)
    fields = tuple(lacking) if index == rows else tuple(c for c, mask in disagree.items() if mask[index])
    day = (left or right or {}).get("day")
    when = float(day) if isinstance(day, int | float) else None
    return CellComparison(Divergence(name, index, when, left, right, fields), largest, largest_at)


def compare_outcomes(recorded: Mapping[str, Any], rerun: Mapping[str, Any]) -> CellComparison:
    """Compare two outcomes key by key; ``None`` and NaN are both unknown, and a missing key is a disagreement.

    Examples
    --------
    >>> compare_outcomes({"deaths": 10.0}, {"deaths": 10.0 + 2e-15}).first is None
    True
    >>> print(compare_outcomes({"outcome": "settlement"}, {"outcome": "collapse"}).first)
    outcome: outcome: settlement -> collapse
    """
    fields, largest, largest_at = [], 0.0, ""
    for key in [*recorded, *(key for key in rerun if key not in recorded)]:
        if key not in recorded or key not in rerun:
            fields.append(key)
            continue
        agree, difference = compare_values(recorded[key], rerun[key])
        if not agree:
            fields.append(key)
        if difference > largest:
            largest, largest_at = difference, f"outcome, {key}"
    if not fields:
        return CellComparison(None, largest, largest_at)
    left, right = ({key: side.get(key) for key in fields} for side in (recorded, rerun))
    return CellComparison(Divergence("outcome", None, None, left, right, tuple(fields)), largest, largest_at)


def compare_values(a: Any, b: Any) -> tuple[bool, float]:
    """Compare two values of JSON by the rule of this module.

    Returns
    -------
    tuple of (bool, float)
        Whether they agree, and the largest scaled difference of two floats in them.

    Examples
    --------
    >>> compare_values([1, 0.5], [1, 0.25])
    (False, 0.25)
    """
    if isinstance(a, np.generic):
        a = a.item()
    if isinstance(b, np.generic):
        b = b.item()
    if _unknown(a) or _unknown(b):
        return _unknown(a) and _unknown(b), 0.0
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        if a.keys() != b.keys():
            return False, 0.0
        return _all_of([compare_values(a[key], b[key]) for key in a])
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        if len(a) != len(b):
            return False, 0.0
        return _all_of([compare_values(x, y) for x, y in zip(a, b, strict=True)])
    if _number(a) and _number(b) and isinstance(a, float) | isinstance(b, float):
        difference = float(scaled_difference(np.array([a], np.float64), np.array([b], np.float64))[0])
        return difference <= TOLERANCE, difference if math.isfinite(difference) else 0.0
    return type(a) is type(b) and bool(a == b), 0.0


def scaled_difference(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return :math:`|a - b| / \\max(1, |a|, |b|)` of known numbers; infinite where just one of them is.

    Examples
    --------
    >>> scaled_difference(np.array([0.0, 1000.0]), np.array([0.5, 1001.0])).round(6)
    array([0.5     , 0.000999])
    """  # noqa: D301
    scale = np.maximum(1.0, np.maximum(np.abs(a), np.abs(b)))
    with np.errstate(invalid="ignore"):
        difference = np.abs(a / scale - b / scale)
    difference = np.where(np.isinf(scale), np.inf, difference)
    return np.where(a == b, 0.0, difference)


def _floats(a: Any, b: Any) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    unknown_a, unknown_b = unknown_of(a), unknown_of(b)
    either = unknown_a | unknown_b
    x = np.where(either, 0.0, values_of(a).astype(np.float64))
    y = np.where(either, 0.0, values_of(b).astype(np.float64))
    difference = scaled_difference(x, y)
    disagree = (unknown_a != unknown_b) | (difference > TOLERANCE)
    return disagree, np.where(np.isfinite(difference), difference, 0.0)


def _texts(a: Any, b: Any) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    x = np.array([*a.to_pylist(), None], dtype=object)[:-1]
    y = np.array([*b.to_pylist(), None], dtype=object)[:-1]
    disagree = np.asarray(x != y, dtype=np.bool_)
    difference = np.zeros(len(x))
    for row in np.flatnonzero(disagree):
        left, right = _structure(x[row]), _structure(y[row])
        if left is not None and right is not None:
            agree, difference[row] = compare_values(left, right)
            disagree[row] = not agree
    return disagree, difference


def _exact(a: Any, b: Any) -> NDArray[np.bool_]:
    unknown_a, unknown_b = unknown_of(a), unknown_of(b)
    if pa.string() in (a.type, b.type):
        return ~(unknown_a & unknown_b)
    known = ~unknown_a & ~unknown_b
    return np.asarray((unknown_a != unknown_b) | (known & (values_of(a) != values_of(b))), dtype=np.bool_)


def _structure(text: str | None) -> Any:
    """Return the content of a JSON object or list; None for any other text."""
    if text is None or text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _all_of(parts: list[tuple[bool, float]]) -> tuple[bool, float]:
    return all(agree for agree, _ in parts), max((difference for _, difference in parts), default=0.0)


def _unknown(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _first(mask: NDArray[np.bool_]) -> int:
    return int(np.argmax(mask)) if mask.any() else len(mask)


def _row(table: pa.Table, index: int) -> dict[str, Any] | None:
    return {name: table.column(name)[index].as_py() for name in table.column_names} if index < table.num_rows else None


def _brief(value: Any) -> str:
    text = "unknown" if _unknown(value) else str(value)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _brief_row(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_brief(value)}" for key, value in row.items() if not _unknown(value))
