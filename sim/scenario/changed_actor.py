"""What an actor is once an event has brought another of its profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.scenario.frozen_dict import FrozenDict

if TYPE_CHECKING:
    from sim.scenario.schema.actors import Actor
    from sim.scenario.schema.fields import Section
    from sim.scenario.schema.profile import Profile

WEIGHTS: Final = ("per_year", "at_outcome", "beyond_window")
"""The parts of a payoff of which a profile may have other weights."""


def changed_actor(actor: Actor, profile: Profile) -> Actor:
    """Return what an actor is under a profile.

    Parameters
    ----------
    actor : Actor
        As on day 0.
    profile : Profile
        One of its profiles.
    """
    weights = {part: FrozenDict({**getattr(actor.payoff, part), **getattr(profile.payoff, part)}) for part in WEIGHTS}
    weights["terms"] = FrozenDict(
        {
            outcome: FrozenDict({**actor.payoff.terms.get(outcome, {}), **profile.payoff.terms.get(outcome, {})})
            for outcome in (*actor.payoff.terms, *profile.payoff.terms)
        }
    )
    once = actor.payoff.once.model_copy(update=_said(profile.payoff.once))
    changes = _said(profile.rule)
    other_function = profile.rule.response is not None or profile.rule.valuation is not None
    kept = {} if other_function else dict(actor.rule.parameters)
    changes["parameters"] = FrozenDict({**kept, **profile.rule.parameters})
    update: dict[str, Any] = {
        "payoff": actor.payoff.model_copy(update={**weights, "once": once}),
        "rule": actor.rule.model_copy(update=changes),
    }
    if profile.discount_per_year is not None:
        update["discount_per_year"] = profile.discount_per_year
    return actor.model_copy(update=update)


def _said(section: Section) -> dict[str, Any]:
    """Return the values of a section that are there."""
    return {name: value for name, value in section if value is not None}
