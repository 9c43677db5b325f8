"""Tables: dated lists and compiled conditions, appended to one flat array that Params points into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.encode.names import Names
from sim.model.conditions import AND, COMPARE, COMPARISONS, END, NOT, OR, WIDTH
from sim.scenario.condition import And, Compare, Condition, Not


class TableBuilder:
    """Collects rows and programs and hands out where each starts.

    Parameters
    ----------
    names : Names
        Turns names of entities into rows.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._numbers: list[float] = [0.0]
        self._programs: dict[str, int] = {}

    def rows(self, rows: Iterable[Sequence[float]]) -> int:
        """Append rows of equal width and return where they start."""
        start = len(self._numbers)
        for row in rows:
            self._numbers.extend(float(x) for x in row)
        return start

    def condition(self, condition: Condition | None) -> int:
        """Append a condition as a program and return where it starts; -1 for none. Equal conditions share one."""
        if condition is None:
            return -1
        key = str(condition)
        if key not in self._programs:
            program = [*self._compile(condition), (END, 0, 0, 0, 0, 0)]
            self._programs[key] = self.rows(program)
        return self._programs[key]

    def array(self) -> NDArray[np.float64]:
        """Return everything as one read-only array."""
        table = np.array(self._numbers, dtype=np.float64)
        table.flags.writeable = False
        return table

    def _compile(self, condition: Condition) -> list[tuple[float, ...]]:
        """Compile a condition to postfix instructions of `WIDTH` numbers."""
        if isinstance(condition, Compare):
            code, a, b = self._names.feature(condition.feature)
            return [(COMPARE, code, a, b, COMPARISONS[condition.op], condition.value)]
        if isinstance(condition, Not):
            return [*self._compile(condition.term), (NOT, *([0] * (WIDTH - 1)))]
        joint = AND if isinstance(condition, And) else OR
        first, *others = condition.terms
        program = self._compile(first)
        for term in others:
            program += [*self._compile(term), (joint, *([0] * (WIDTH - 1)))]
        return program
