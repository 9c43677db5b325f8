"""Every declared outcome can come in just one way, within its dates, and payoffs name outcomes that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.scenario.catalogue import TALKS_BEGAN
from sim.scenario.checks.checker import Checker
from sim.scenario.feature_reference import nearest
from sim.scenario.positions import Path
from sim.scenario.schema.outcomes import NOTHING_ELSE, UNRESOLVED, HazardFactor, Outcome, with_nothing_else
from sim.scenario.schema.scenario import Content

_RESERVED = ("running", "failed", TALKS_BEGAN, UNRESOLVED)


def hazard_factors(content: Content) -> Iterator[tuple[Path, Mapping[str, HazardFactor]]]:
    """Go through the factors of all hazards, with the path at which they stand."""
    talks = content.deal.talks
    if talks is not None and talks.opens is not None:
        yield ("deal", "talks", "opens", "factors"), talks.opens.factors
    if talks is not None and talks.breaks_down is not None:
        yield ("deal", "talks", "breaks_down", "factors"), talks.breaks_down.factors
    for name, outcome in content.deal.outcomes.items():
        yield ("deal", "outcomes", name, "factors"), outcome.factors


def check_outcomes(checker: Checker) -> None:
    """Check the declared outcomes and the payoffs that are paid at them."""
    declared = checker.content.deal.outcomes
    for name, outcome in declared.items():
        _check_outcome(checker, ("deal", "outcomes", name), name, outcome)
    legal = with_nothing_else(declared)
    for name, actor in checker.content.actors.items():
        valued = [("at_outcome", outcome) for outcome in actor.payoff.at_outcome]
        for section, outcome_name in valued + [("terms", outcome) for outcome in actor.payoff.terms]:
            path: Path = ("actors", name, "payoff", section, outcome_name)
            if outcome_name not in legal:
                expected = "an outcome of deal.outcomes: " + ", ".join(legal)
                checker.add(path, repr(outcome_name), expected, nearest(outcome_name, legal), at_key=True)


def _check_outcome(checker: Checker, path: Path, name: str, outcome: Outcome) -> None:
    if name in _RESERVED:
        checker.add(
            path, f"the outcome {name!r}", f"another name: {', '.join(_RESERVED)} mean something else", at_key=True
        )
    if outcome.at_horizon:
        for key in ("per_day", "factors", "from_day", "until_day", "while_talks_open", "ends_run"):
            if getattr(outcome, key) != getattr(NOTHING_ELSE, key):
                found = f"{key} of an outcome that stands at the horizon"
                checker.add((*path, key), found, "only when: of it, or at_horizon: no", at_key=True)
        return
    if outcome.per_day is None:
        if outcome.when is None:
            found = f"{name} with nothing that brings it about"
            checker.add(path, found, "per_day: a hazard, when: a condition, or at_horizon: yes", at_key=True)
        if outcome.factors:
            checker.add((*path, "factors"), "factors without per_day", "per_day: the rate they multiply", at_key=True)
    if outcome.while_talks_open and checker.content.deal.talks is None:
        checker.add((*path, "while_talks_open"), "talks that the deal has not", "deal.talks: between whom", at_key=True)
    first, last = outcome.from_day or 0.0, outcome.until_day
    if last is not None and last < first:
        checker.add((*path, "until_day"), f"day {last:g}, before from_day {first:g}", "a day not before it")
