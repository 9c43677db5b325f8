"""All conditions and feature references of a scenario, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.scenario.condition import And, Compare, CompareDate, Condition, Not, Or, Sum, features_of
from sim.scenario.feature_reference import FeatureRef

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

_NOT_OF_THE_RUN = ("devices", "payoff_sets", "expects")


def values_of(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Yield every value of the file with its dotted path; conditions, sums and references whole.

    A key that is a feature, as of a weight, is yielded as a value of its own.
    """
    for name in type(scenario.content).model_fields:
        if name not in _NOT_OF_THE_RUN:
            yield from _inside(name, getattr(scenario.content, name))


def _inside(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _inside(f"{path}.{name}", getattr(value, name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(key, FeatureRef):
                yield f"{path}.{key}", key
            yield from _inside(f"{path}.{key}", inner)
    elif isinstance(value, tuple):
        for i, inner in enumerate(value):
            yield from _inside(f"{path}.{i}", inner)
    elif value is not None:
        yield path, value


def conditions_of(scenario: Scenario) -> Iterator[tuple[str, Condition]]:
    """Yield every condition with its dotted path.

    Examples
    --------
    >>> from sim.scenario.load import load
    >>> [path for path, _ in conditions_of(load("toys/two_actors"))][:2]
    ['deal.talks.opens_when', 'deal.outcomes.talks_open.when']
    """
    for path, value in values_of(scenario):
        if isinstance(value, Compare | CompareDate | And | Or | Not):
            yield path, value


def references_of(scenario: Scenario) -> Iterator[tuple[str, FeatureRef]]:
    """Yield every feature that payoffs, conditions, hazards, quantities and escrow read, with its dotted path."""
    for path, value in values_of(scenario):
        if isinstance(value, FeatureRef):
            yield path, value
        elif isinstance(value, Sum):
            yield from ((path, reference) for reference in value.features)
        elif isinstance(value, Compare | CompareDate | And | Or | Not):
            yield from ((path, reference) for reference in features_of(value))
