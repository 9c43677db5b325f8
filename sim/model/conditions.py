"""Programs of ``when:``: a closed grammar of features, comparisons, and, or, not, as numbers in Tables.

An instruction is `WIDTH` numbers, (kind, feature, first entity, second entity, comparison, value), in postfix order; a
program ends with `END`. A feature compared with a number, the usual case, is one instruction, `COMPARE`. Otherwise each
`ADD` (its fifth number is the side, its last the factor) adds a term to one of two sums, and `COMPARE_SUMS` compares
them and begins anew. Truth values are kept on a stack that is one integer, so a program runs without memory of its own.
A sum alone is a program of `ADD` instructions. Nothing in a scenario file is ever evaluated as code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.feature_call import feature

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

WIDTH: Final = 6
END: Final = 0
COMPARE: Final = 1
AND: Final = 2
OR: Final = 3
NOT: Final = 4
ADD: Final = 5
COMPARE_SUMS: Final = 6
NO_FEATURE: Final = -1
LEFT: Final = 0
RIGHT: Final = 1
LESS: Final = 0
LESS_EQUAL: Final = 1
GREATER: Final = 2
GREATER_EQUAL: Final = 3
EQUAL: Final = 4
NOT_EQUAL: Final = 5
COMPARISONS: Final[dict[str, int]] = {
    "<": LESS,
    "<=": LESS_EQUAL,
    ">": GREATER,
    ">=": GREATER_EQUAL,
    "==": EQUAL,
    "!=": NOT_EQUAL,
}


@compiled
def compare(left: float, comparison: int, right: float) -> bool:
    """Compare two numbers."""
    if comparison == LESS:
        return left < right
    if comparison == LESS_EQUAL:
        return left <= right
    if comparison == GREATER:
        return left > right
    if comparison == GREATER_EQUAL:
        return left >= right
    if comparison == EQUAL:
        return left == right
    return left != right


@compiled
def holds(state: State, params: Params, tables: Tables, program: int) -> bool:
    """Return whether a condition holds now.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; not changed.
    program : int
        Where the program starts in `tables`; -1 is the empty condition, which always holds.
    """
    if program < 0:
        return True
    stack = 0
    left = 0.0
    right = 0.0
    at = program
    while True:
        kind = int(tables[at])
        if kind == COMPARE:
            value = feature(state, params, int(tables[at + 1]), int(tables[at + 2]), int(tables[at + 3]))
            stack = stack * 2 + (1 if compare(value, int(tables[at + 4]), tables[at + 5]) else 0)
        elif kind == NOT:
            stack ^= 1
        elif kind == AND:
            last = stack & 1
            stack >>= 1
            if last == 0:
                stack = (stack >> 1) << 1
        elif kind == OR:
            last = stack & 1
            stack >>= 1
            stack |= last
        elif kind == ADD:
            term = tables[at + 5]
            if int(tables[at + 1]) != NO_FEATURE:
                term *= feature(state, params, int(tables[at + 1]), int(tables[at + 2]), int(tables[at + 3]))
            if int(tables[at + 4]) == LEFT:
                left += term
            else:
                right += term
        elif kind == COMPARE_SUMS:
            stack = stack * 2 + (1 if compare(left, int(tables[at + 4]), right) else 0)
            left = 0.0
            right = 0.0
        else:
            return (stack & 1) == 1
        at += WIDTH


@compiled
def sum_value(state: State, params: Params, tables: Tables, program: int) -> float:
    """Return a sum of features times numbers as it stands now.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; not changed.
    program : int
        Where its `ADD` instructions start in `tables`.
    """
    total = 0.0
    at = program
    while int(tables[at]) == ADD:
        term = tables[at + 5]
        if int(tables[at + 1]) != NO_FEATURE:
            term *= feature(state, params, int(tables[at + 1]), int(tables[at + 2]), int(tables[at + 3]))
        total += term
        at += WIDTH
    return total
