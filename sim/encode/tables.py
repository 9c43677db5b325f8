"""Tables: dated lists and compiled conditions, appended to one flat array that Params points into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.encode.names import Names
from sim.model.conditions import (
    ADD,
    AND,
    COMPARE,
    COMPARE_SUMS,
    COMPARISONS,
    END,
    LEFT,
    NO_FEATURE,
    NOT,
    OR,
    RIGHT,
    WIDTH,
)
from sim.scenario.condition import And, Compare, CompareDate, Condition, Not, Sum
from sim.scenario.feature_reference import FeatureRef

Instruction: TypeAlias = tuple[float, ...]


class TableBuilder:
    """Collects rows and programs and hands out where each starts.

    Parameters
    ----------
    names : Names
        Turns names of entities into rows.
    start : datetime.date
        Day 0, which dates are counted from.
    steps_per_day : int
        Ticks of a day.
    """

    def __init__(self, names: Names, start: dt.date, steps_per_day: int) -> None:
        self._names = names
        self._start = start
        self._half_step = 0.5 / steps_per_day
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
            program = [*self._compile(condition), _bare(END)]
            self._programs[key] = self.rows(program)
        return self._programs[key]

    def sum(self, total: Sum, owner: int = -1) -> int:
        """Append a sum of features as a program and return where it starts.

        Parameters
        ----------
        total : Sum
            What is summed.
        owner : int
            In a payoff, the actor that an actor argument left out stands for; -1 elsewhere.
        """
        key = f"sum for {owner}: {total}"
        if key not in self._programs:
            self._programs[key] = self.rows([*self._terms(total, LEFT, owner), _bare(END)])
        return self._programs[key]

    def array(self) -> NDArray[np.float64]:
        """Return everything as one read-only array."""
        table = np.array(self._numbers, dtype=np.float64)
        table.flags.writeable = False
        return table

    def _compile(self, condition: Condition) -> list[Instruction]:
        """Compile a condition to postfix instructions of `WIDTH` numbers."""
        if isinstance(condition, Compare):
            return self._comparison(condition)
        if isinstance(condition, CompareDate):
            return self._date_comparison(condition)
        if isinstance(condition, Not):
            return [*self._compile(condition.term), _bare(NOT)]
        joint = AND if isinstance(condition, And) else OR
        first, *others = condition.terms
        program = self._compile(first)
        for term in others:
            program += [*self._compile(term), _bare(joint)]
        return program

    def _comparison(self, condition: Compare) -> list[Instruction]:
        """Compile a feature against a number to one instruction, anything else to two sums and their comparison."""
        comparison = COMPARISONS[condition.op]
        feature, number = condition.left.lone_feature, condition.right.lone_number
        if feature is not None and number is not None:
            return [(COMPARE, *self._names.feature(feature), comparison, number)]
        sums = [*self._terms(condition.left, LEFT), *self._terms(condition.right, RIGHT)]
        return [*sums, (COMPARE_SUMS, 0, 0, 0, comparison, 0)]

    def _terms(self, total: Sum, side: int, owner: int = -1) -> list[Instruction]:
        """Compile a sum to an instruction a term."""
        program: list[Instruction] = []
        for term in total.terms:
            read = (NO_FEATURE, -1, -1) if term.feature is None else self._names.feature(term.feature, owner)
            program.append((ADD, *read, side, term.factor))
        return program

    def _date_comparison(self, condition: CompareDate) -> list[Instruction]:
        """Compile a date to days since the start; all steps of a day have its date."""
        day = self._names.feature(FeatureRef("day"))
        # Half a step early, since a tick times the length of a step may be rounded to just below a whole day.
        begins = (condition.date - self._start).days - self._half_step
        ends = begins + 1.0

        def compare(op: str, moment: float) -> Instruction:
            return (COMPARE, *day, COMPARISONS[op], moment)

        on_the_day = [compare(">=", begins), compare("<", ends), _bare(AND)]
        return {
            ">=": [compare(">=", begins)],
            ">": [compare(">=", ends)],
            "<": [compare("<", begins)],
            "<=": [compare("<", ends)],
            "==": on_the_day,
            "!=": [*on_the_day, _bare(NOT)],
        }[condition.op]


def _bare(kind: int) -> Instruction:
    """Return an instruction without operands."""
    return (kind, *([0] * (WIDTH - 1)))
