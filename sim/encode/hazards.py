"""Encode hazards: a rate and its factors as numbers in Tables (`sim.model.factors`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.encode.names import Names
from sim.encode.tables import TableBuilder
from sim.model.conditions import NO_FEATURE
from sim.model.factors import FLOOR, IF, LINEAR, LOGISTIC, NO_HAZARD, POWER

if TYPE_CHECKING:
    from sim.scenario.schema.outcomes import Hazard, HazardFactor


def encode_hazard(per_day: float, factors: Mapping[str, HazardFactor], names: Names, tables: TableBuilder) -> int:
    """Append a hazard to Tables and return where it starts."""
    rows = [_factor(factor, names, tables) for factor in factors.values()]  # their programs come before
    return tables.rows([(per_day, len(rows)), *rows])


def encode_optional(hazard: Hazard | None, names: Names, tables: TableBuilder) -> int:
    """Append a hazard that a scenario may leave out; `NO_HAZARD` for one that never happens."""
    if hazard is None or hazard.per_day == 0.0:
        return NO_HAZARD
    return encode_hazard(hazard.per_day, hazard.factors, names, tables)


def _factor(factor: HazardFactor, names: Names, tables: TableBuilder) -> tuple[float, ...]:
    if factor.form == "if":
        return (IF, NO_FEATURE, -1, -1, tables.condition(factor.when), factor.then, factor.otherwise)
    if factor.form == "floor":
        form, first, second = FLOOR, factor.floor, 0.0
    elif factor.form == "linear":
        form, first, second = LINEAR, factor.at_zero, factor.slope
    elif factor.form == "logistic":
        form, first, second = LOGISTIC, factor.midpoint, factor.width
    else:
        form, first, second = POWER, factor.exponent, 0.0
    lone = factor.of.lone_feature
    if lone is not None:
        return (form, *names.feature(lone), -1, first, second)
    return (form, NO_FEATURE, -1, -1, tables.sum(factor.of), first, second)
