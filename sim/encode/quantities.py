"""Encode quantities of the scenario's own."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sim.encode.names import Names
from sim.model.conditions import NO_FEATURE
from sim.model.layout import Params

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def encode_quantities(scenario: Scenario, names: Names, p: Params) -> None:
    """Fill the fields of `p` that the section ``quantities:`` sets."""
    p.quantities = len(names.quantities)
    for row, quantity in enumerate(scenario.quantities.values()):
        times = () if quantity.times is None else quantity.times.terms
        p.quantity_split[row] = len(quantity.of.terms)
        p.quantity_end[row] = len(quantity.of.terms) + len(times)
        p.quantity_low[row] = -inf if quantity.at_least is None else quantity.at_least
        p.quantity_high[row] = inf if quantity.at_most is None else quantity.at_most
        for column, term in enumerate((*quantity.of.terms, *times)):
            code, a, b = (NO_FEATURE, -1, -1) if term.feature is None else names.feature(term.feature)
            p.quantity_code[row, column], p.quantity_a[row, column], p.quantity_b[row, column] = code, a, b
            p.quantity_factor[row, column] = term.factor
