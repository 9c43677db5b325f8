r"""Quantities of a scenario's own: a sum of features, cut off at bounds, times another sum.

.. math:: q = \min\Big(\max\Big(\sum_i a_i x_i,\ l\Big),\ h\Big)\,\sum_j b_j x_j

with features :math:`x` of the catalogue and numbers of the file; the second sum may be missing. A feature reads it
(`sim.model.features`), so that payoffs, conditions, hazards and series take it like any other. On a mean path the
features are expectations, and a product or a bound of expectations is not the expectation of the product: actors
foresee it as if the world took its mean course. Its terms lie in Params and not, as sums of conditions do, in Tables:
what reads a feature has no Tables at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.conditions import NO_FEATURE
from sim.model.feature_call import feature
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.scenario.catalogue import MAX_QUANTITIES, MAX_QUANTITY_TERMS

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class QuantityParams(Part):
    """The two sums of each quantity: terms before `quantity_split` are of the first, the others of the second."""

    quantities: int = i8()
    quantity_split: Integers = i8(MAX_QUANTITIES)
    quantity_end: Integers = i8(MAX_QUANTITIES)
    quantity_code: Integers = i8(MAX_QUANTITIES, MAX_QUANTITY_TERMS)  # -1 in a term that is a number alone
    quantity_a: Integers = i8(MAX_QUANTITIES, MAX_QUANTITY_TERMS)
    quantity_b: Integers = i8(MAX_QUANTITIES, MAX_QUANTITY_TERMS)
    quantity_factor: Numbers = f8(MAX_QUANTITIES, MAX_QUANTITY_TERMS)
    quantity_low: Numbers = f8(MAX_QUANTITIES)
    quantity_high: Numbers = f8(MAX_QUANTITIES)


@compiled
def sum_of_terms(state: State, params: Params, row: int, first: int, last: int) -> float:
    """Return the sum of the terms of a quantity from `first` to the one before `last`."""
    total = 0.0
    for term in range(first, last):
        value = params.quantity_factor[row, term]
        if params.quantity_code[row, term] != NO_FEATURE:
            value *= feature(
                state,
                params,
                params.quantity_code[row, term],
                params.quantity_a[row, term],
                params.quantity_b[row, term],
            )
        total += value
    return total


@compiled
def declared_quantity(state: State, params: Params, row: int) -> float:
    """Return a quantity that the scenario declares, as it stands now."""
    split, end = params.quantity_split[row], params.quantity_end[row]
    value = sum_of_terms(state, params, row, 0, split)
    value = min(max(value, params.quantity_low[row]), params.quantity_high[row])
    return value * sum_of_terms(state, params, row, split, end) if end > split else value
