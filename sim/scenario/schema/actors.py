"""Actors: who decides, when, among which moves, by which rule, and what they want.

The payoff of actor i is, with features phi, weights w and outcome value B (rates per year, values in util):

    U_i = E[ integral e^(-rho t) sum_f w_f phi_f dt - sum of one-off costs e^(-rho t) + e^(-rho T) B(outcome) ]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from sim.scenario.feature_reference import FeatureRef, GrammarError, nearest, parse_feature
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.named_functions import PAYOFF_MODELS
from sim.scenario.schema.fields import (
    Amount,
    Dated,
    Factor,
    Listing,
    Name,
    Named,
    Positive,
    Section,
    Share,
    Text,
    Util,
    Weights,
    When,
    misfit,
)
from sim.scenario.schema.levers import Move
from sim.scenario.schema.profile import Profile
from sim.scenario.schema.rule import Rule, Setting, known, names_of


def _scaled(key: str) -> str:
    """Check and normalise the name of what a type scales."""
    section, _, rest = key.partition(".")
    if section == "at_outcome":
        return key
    if section == "per_year":
        try:
            return f"per_year.{parse_feature(rest)}"
        except GrammarError as error:
            raise misfit(error.found, error.expected, error.hint) from None
    raise misfit(
        f"{key[:60]!r}", "at_outcome.<outcome> or per_year.<feature>", nearest(section, ("at_outcome", "per_year"))
    )


Scaled: TypeAlias = Annotated[str, StringConstraints(max_length=250), AfterValidator(_scaled)]


class Review(Section):
    """The calendar by which an actor reconsiders its move without being called: a cabinet that meets weekly, say."""

    every_days: Positive = Field(description="days between reviews")
    offset_days: Amount = Field(default=0.0, description="day of the first review")


class DatedMove(Dated):
    """A move that is made on a day, whatever the rule would choose."""

    move: Name = Field(description="the move")


class Once(Section):
    """One-off costs (util) of what an actor does in public."""

    changes_course: Util = Field(default=0.0, description="of every change of the move that stands")
    reverses_refusal: Util = Field(default=0.0, description="of reversing a public refusal to release")
    releases_before_talks: Util = Field(default=0.0, description="of the first release before talks are open")
    breaks_pledge: Util = Field(default=0.0, description="of breaking a pledge, if it is seen")


class Payoff(Section):
    """What an actor wants."""

    model: Annotated[str, known("payoff_model")] = Field(
        default="linear", description="how weighted features become utils", examples=names_of(PAYOFF_MODELS)
    )
    parameters: Named[Setting] = Field(
        default_factory=FrozenDict, description="further numbers or words, by the names that the model knows"
    )
    per_year: Weights = Field(default_factory=FrozenDict, description="util a year for one unit of a feature")
    at_outcome: Named[Util] = Field(default_factory=FrozenDict, description="util at the end of the run, by outcome")
    terms: Named[Weights] = Field(
        default_factory=FrozenDict,
        description="by outcome: util for one unit of a feature as it stands when the outcome comes",
    )
    beyond_window: Weights = Field(
        default_factory=FrozenDict, description="util for one unit of a feature at the end of the window"
    )
    once: Once = Field(default=Once(), description="one-off costs")

    @property
    def features(self) -> tuple[FeatureRef, ...]:
        """All features that it weighs, those of terms and beyond the window too."""
        terms = (feature for weights in self.terms.values() for feature in weights)
        return (*self.per_year, *terms, *self.beyond_window)


class ActorType(Section):
    """Another type that the actor may turn out to be, drawn at the start of each run."""

    probability: Share = Field(description="that the actor is of this type")
    scales: Annotated[Mapping[Scaled, Factor], AfterValidator(FrozenDict)] = Field(
        description="factors on parts of the payoff: at_outcome.<outcome> or per_year.<feature>"
    )


class DealStep(Section):
    """One of the moves that keep the deal in turn: the first whose until does not hold is the one to make."""

    move: Name = Field(description="the move")
    until: When | None = Field(default=None, description="what must hold before the next one; the last needs none")


def _steps(value: Any) -> Any:
    return [{"move": value}] if isinstance(value, str) else value


KeepsDeal: TypeAlias = Annotated[
    Listing[DealStep], BeforeValidator(_steps, json_schema_input_type=str | list[DealStep])
]


class Actor(Section):
    """A decision-maker."""

    label: Text | None = Field(default=None, description="name in tables and figures; without it, the key")
    reconsiders_days: Positive | None = Field(
        default=None, description="mean days between random opportunities to reconsider (or give review)"
    )
    review: Review | None = Field(
        default=None, description="a calendar of reviews; without it and reconsiders_days the actor decides when called"
    )
    answers: Listing[Name] = Field(
        default=(), description="actors whose change of course calls this one to decide on the next day"
    )
    opening_move: Name = Field(description="the move that stands on day 0")
    scheduled_moves: Listing[DatedMove] = Field(default=(), description="moves that come whatever the rule says")
    script: Listing[DatedMove] = Field(default=(), description="moves of a scripted rule")
    moves: Named[Move] = Field(description="the moves, by name")
    keeps_deal: KeepsDeal = Field(
        default=(), description="the move that keeps the deal as written, or a list of moves that keep it in turn"
    )
    answers_breach: Name | None = Field(default=None, description="the move that answers another's breach")
    discount_per_year: Annotated[float, Field(ge=0, le=100)] = Field(default=0.0, description="impatience (1 per year)")
    rule: Rule = Field(description="how the actor chooses")
    payoff: Payoff = Field(default=Payoff(), description="what the actor wants")
    types: Named[ActorType] = Field(
        default_factory=FrozenDict, description="another type the actor may be; at most one"
    )
    profiles: Named[Profile] = Field(
        default_factory=FrozenDict,
        description="what the actor may become in the course of a run, by an event",
    )


class Roles(Section):
    """Who stands where, for outcomes and reputation."""

    incumbents: Listing[Name] = Field(default=(), description="actors that govern")
    challengers: Listing[Name] = Field(default=(), description="actors that fight them")
    guarantors: Listing[Name] = Field(default=(), description="actors that guarantee the deal")


class PayoffSpread(Section):
    """Uncertainty of the payoff weights, drawn anew in each run."""

    lognormal_sd: Annotated[float, Field(ge=0, le=5)] = Field(
        default=0.0,
        description="standard deviation of the logarithm of each weight of per_year; the median is the weight",
    )
