"""Sparse transition probabilities: one row per joint move, stored as flat arrays that compiled code reads.

Row k leads to ``targets[first_entry[k]:first_entry[k + 1]]`` with the probabilities at the same places (compressed
sparse rows). Each row is a distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import GameError
from sim.games.numerics.arguments import Floats, Integers

SUM_TOLERANCE = 1e-9
"""A row may miss one by this much (the author's rounding); it is then divided by its sum."""


@dataclass(frozen=True, slots=True, eq=False)
class Transitions:
    """Transition probabilities, one distribution over `states` states per row.

    Attributes
    ----------
    first_entry : ndarray of int, shape (rows + 1,)
        Where each row's entries begin.
    targets : ndarray of int, shape (entries,)
        Next states.
    chances : ndarray of float, shape (entries,)
        Their probabilities.
    states : int
        Number of states.
    """

    first_entry: Integers
    targets: Integers
    chances: Floats
    states: int

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return int(self.first_entry.size) - 1

    @classmethod
    def from_entries(
        cls, first_entry: npt.ArrayLike, targets: npt.ArrayLike, chances: npt.ArrayLike, states: int
    ) -> Transitions:
        """Build from compressed sparse rows, which are copied and checked.

        Raises
        ------
        GameError
            If the arrays do not fit, a target is no state, or a row is no distribution (its index is named).

        Examples
        --------
        >>> Transitions.from_entries([0, 2, 3], [0, 1, 1], [0.5, 0.5, 1.0], 2).rows
        2
        """
        starts = _whole("first_entry", first_entry)
        goals = _whole("targets", targets)
        try:
            odds = np.array(chances, dtype=np.float64).ravel()
        except (TypeError, ValueError):
            raise GameError("transitions: found entries that are no numbers, expected probabilities") from None
        if starts.size < 2 or starts[0] != 0 or starts[-1] != goals.size or (np.diff(starts) < 0).any():
            raise GameError(
                "transitions: found row starts that do not fit the entries, expected compressed sparse rows"
            )
        if odds.size != goals.size:
            raise GameError(f"transitions: found {odds.size} probabilities for {goals.size} targets")
        if goals.size and (goals.min() < 0 or goals.max() >= states):
            raise GameError(f"transitions: found the state number {goals.max()}, expected numbers below {states}")
        if not np.isfinite(odds).all() or (odds < 0).any():
            raise GameError("transitions: found a probability that is negative or not finite")
        running = np.concatenate(([0.0], np.cumsum(odds)))
        if (np.diff(starts) > 0).all():
            sums = np.add.reduceat(odds, starts[:-1])
        else:
            sums = running[starts[1:]] - running[starts[:-1]]
        off = np.flatnonzero(np.abs(sums - 1.0) > SUM_TOLERANCE)
        if off.size:
            raise GameError(
                f"transitions: found a sum of {sums[off[0]]:.9g} in row {off[0]}, expected 1: "
                "give every joint move a distribution over the next states"
            )
        odds /= np.repeat(sums, np.diff(starts))
        for array in (starts, goals, odds):
            array.setflags(write=False)
        return cls(starts, goals, odds, states)

    @classmethod
    def from_matrix(cls, matrix: Any) -> Transitions:
        """Build from a dense array or a scipy.sparse matrix of shape (rows, states).

        Raises
        ------
        GameError
            If a row is no distribution.

        Examples
        --------
        >>> Transitions.from_matrix([[0.0, 1.0], [0.25, 0.75]]).targets.tolist()
        [1, 0, 1]
        """
        if hasattr(matrix, "tocsr"):
            compressed = matrix.tocsr().copy()
            compressed.sum_duplicates()
            return cls.from_entries(compressed.indptr, compressed.indices, compressed.data, int(compressed.shape[1]))
        try:
            table = np.array(matrix, dtype=np.float64)
        except (TypeError, ValueError):
            raise GameError("transitions: found ragged or non-numeric entries, expected an array of numbers") from None
        if table.ndim != 2 or table.size == 0:
            raise GameError(f"transitions: found shape {table.shape}, expected (rows, states)")
        rows, goals = np.nonzero(table)
        starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=table.shape[0]))))
        return cls.from_entries(starts, goals, table[rows, goals], table.shape[1])

    def row(self, index: int) -> tuple[Integers, Floats]:
        """Return the next states and probabilities of one row."""
        part = slice(int(self.first_entry[index]), int(self.first_entry[index + 1]))
        return self.targets[part], self.chances[part]


def _whole(name: str, value: npt.ArrayLike) -> Integers:
    entries = np.array(value).ravel()
    whole = entries.astype(np.int64) if entries.size else np.zeros(0, dtype=np.int64)
    if entries.size and (entries.dtype.kind not in "iuf" or (whole != entries).any()):
        raise GameError(f"{name}: found entries that are not whole numbers")
    return whole
