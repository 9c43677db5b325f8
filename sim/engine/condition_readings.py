"""What the features of a condition or of a sum were in a world, in words with their numbers."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from sim.kernel.bound import Bound
from sim.model.feature_call import feature
from sim.scenario.condition import DATE, And, Compare, CompareDate, Condition, Not, Or, Sum
from sim.scenario.feature_reference import FeatureRef


def condition_readings(condition: Condition, state: NDArray[np.record], bound: Bound) -> dict[str, str]:
    """Read each feature of a condition once.

    Parameters
    ----------
    condition : Condition
        Of the scenario.
    state : ndarray of STATE, shape (1,)
        The world; not changed.
    bound : Bound
        The scenario.

    Returns
    -------
    dict of str to str
        By feature as written, its value to four digits; the date, if the condition reads it, as a date.
    """
    readings: dict[str, str] = {}
    for compare in _comparisons(condition):
        if isinstance(compare, CompareDate):
            days = int(state[0].tick) // int(bound.scenario.steps_per_day)
            readings[DATE] = str(bound.scenario.start + dt.timedelta(days))
        else:
            readings |= sum_readings(compare.left, state, bound) | sum_readings(compare.right, state, bound)
    return readings


def sum_readings(total: Sum, state: NDArray[np.record], bound: Bound) -> dict[str, str]:
    """Read each feature of a sum once, see `condition_readings`."""
    return {str(reference): f"{feature_value(reference, state, bound):.4g}" for reference in total.features}


def feature_value(reference: FeatureRef, state: NDArray[np.record], bound: Bound) -> float:
    """Return a feature as it is in a world."""
    return float(feature(state[0], bound.params[0], *bound.names.feature(reference)))


def said(readings: dict[str, str]) -> str:
    """Write readings out.

    Examples
    --------
    >>> said({"day": "44", "talks": "0"})
    'day was 44, talks was 0'
    """
    return ", ".join(f"{name} was {value}" for name, value in readings.items())


def _comparisons(condition: Condition) -> list[Compare | CompareDate]:
    if isinstance(condition, Compare | CompareDate):
        return [condition]
    if isinstance(condition, Not):
        return _comparisons(condition.term)
    assert isinstance(condition, And | Or)
    return [compare for term in condition.terms for compare in _comparisons(term)]
