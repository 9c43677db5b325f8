"""Hazards that a scenario declares: a rate times factors, each a form over a sum of features, as numbers in Tables.

A hazard is its rate per day, its number of factors and `FACTOR_WIDTH` numbers for each of these: (form, feature, first
entity, second entity, sum, first parameter, second parameter). The sum is a program (`sim.model.conditions.sum_value`),
or -1 where the form reads one feature, the usual case. Forms and their parameters, with x what is read:

==========  ==============================================  ===========================
`FLOOR`     p + (1 - p) x                                   p
`LINEAR`    max(0, p + q x)                                 p, q
`LOGISTIC`  1 / (1 + exp(-(x - p) / q))                     p, q
`POWER`     max(0, x)^p                                     p
`IF`        p while a condition holds, else q; the sum is   p, q
            the program of the condition
==========  ==============================================  ===========================

All are continuous in flags but for `IF` and `LOGISTIC`, so the same functions serve a sampled world (flags 0 or 1) and
a mean path (flags are probabilities).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.elementary import power
from sim.model.conditions import holds, sum_value
from sim.model.feature_call import feature
from sim.model.lanes import some, where
from sim.model.logistic import logistic

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

FACTORS_AT: Final = 2
FACTOR_WIDTH: Final = 7
FLOOR: Final = 0
LINEAR: Final = 1
LOGISTIC: Final = 2
POWER: Final = 3
IF: Final = 4
NO_HAZARD: Final = -1


@compiled
def factor_value(state: State, params: Params, tables: Tables, at: int) -> float:
    """Return a factor of a hazard as it stands now.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; not changed.
    at : int
        Where its `FACTOR_WIDTH` numbers start in `tables`.
    """
    form = int(tables[at])
    program = int(tables[at + 4])
    first = tables[at + 5]
    second = tables[at + 6]
    if form == IF:
        return where(holds(state, params, tables, program), first, second)
    if program >= 0:
        x = sum_value(state, params, tables, program)
    else:
        x = feature(state, params, int(tables[at + 1]), int(tables[at + 2]), int(tables[at + 3]))
    if form == FLOOR:
        return first + (1.0 - first) * x
    if form == LINEAR:
        return max(first + second * x, 0.0)
    if form == LOGISTIC:
        return logistic((x - first) / second)
    return power(max(x, 0.0), first)


@compiled
def hazard_rate(state: State, params: Params, tables: Tables, hazard: int, share: float) -> float:
    """Return a hazard per day as it stands now.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; not changed.
    hazard : int
        Where it starts in `tables`; `NO_HAZARD` never happens.
    share : float
        What the mechanism that asks multiplies it by.
    """
    if hazard < 0:
        return 0.0
    rate = share * tables[hazard]
    at = hazard + FACTORS_AT
    for _ in range(int(tables[hazard + 1])):
        if not some(rate > 0.0):
            return 0.0
        rate *= factor_value(state, params, tables, at)
        at += FACTOR_WIDTH
    return rate
