"""Conditions that can never hold, or always do, whatever happens in the run.

``day < 0`` is not warned about: it is how a file takes a move away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sim.lint.ranges import Ranges
from sim.lint.walk import conditions_of
from sim.lint.warning import LintWarning, at
from sim.scenario.condition import And, Condition, Not, Or, features_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

NEVER_BY_CHOICE: Final = "day < 0"


def check_conditions(scenario: Scenario) -> Iterator[LintWarning]:
    """Judge every condition by the ranges of what it reads."""
    ranges = Ranges(scenario)
    for path, condition in conditions_of(scenario):
        if str(condition) == NEVER_BY_CHOICE:
            continue
        verdict = ranges.verdict(condition)
        if verdict is not None:
            yield at(scenario, path, _said(ranges, condition, verdict))
            continue
        for part in _parts(condition):
            if (sure := ranges.verdict(part)) is not None and str(part) != NEVER_BY_CHOICE:
                yield at(scenario, path, f"in '{condition}', " + _said(ranges, part, sure))


def _parts(condition: Condition) -> Iterator[Condition]:
    """Yield what a condition joins, down to the comparisons."""
    terms = (
        condition.terms if isinstance(condition, And | Or) else (condition.term,) if isinstance(condition, Not) else ()
    )
    for term in terms:
        if not isinstance(term, And | Or | Not):
            yield term
        yield from _parts(term)


def _said(ranges: Ranges, condition: Condition, always: bool) -> str:
    features = dict.fromkeys(features_of(condition))
    known = "; ".join(f"{f} is between {low:g} and {high:g}" for f in features for low, high in (ranges.of(f),))
    dates = f"a run covers {ranges.scenario.horizon_days} days from {ranges.scenario.start}"
    return f"'{condition}' {'always' if always else 'never'} holds: {known or dates}"
