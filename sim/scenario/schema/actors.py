"""Actors: who decides, when, among which moves, by which rule, and what they want.

The payoff of actor i is, with features phi, weights w and outcome value B (rates per year, values in util):

    U_i = E[ integral e^(-rho t) sum_f w_f phi_f dt - sum of one-off costs e^(-rho t) + e^(-rho T) B(outcome) ]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag

from sim.scenario.catalogue import MAX_PATH_STEPS
from sim.scenario.feature_reference import GrammarError, nearest, parse_feature
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.named_functions import PAYOFF_MODELS, RESPONSES, VALUATIONS, Kind, NamedFunction, names
from sim.scenario.schema.fields import (
    Amount,
    Dated,
    Factor,
    Listing,
    Name,
    Named,
    Number,
    Positive,
    Section,
    Share,
    Text,
    Util,
    Weights,
    misfit,
)
from sim.scenario.schema.levers import Move


def _known(kind: Kind) -> AfterValidator:
    """Check a name against the rules or payoff models that exist in Python."""

    def check(name: str) -> str:
        if name not in names(kind):
            own = f"Register your own with sim.register({kind!r}, {name[:40]!r}, function)."
            hint = nearest(name, names(kind)) or own
            raise misfit(f"{name[:60]!r}", f"a known {kind.replace('_', ' ')}: {', '.join(names(kind))}", hint)
        return name

    return AfterValidator(check)


def _names(functions: Iterable[NamedFunction]) -> list[str]:
    return [function.name for function in functions]


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


def _setting_kind(value: Any) -> str:
    return "word" if isinstance(value, str) else "number"


Setting: TypeAlias = Annotated[
    Annotated[Number, Tag("number")] | Annotated[Name, Tag("word")], Discriminator(_setting_kind)
]
Scaled: TypeAlias = Annotated[str, StringConstraints(max_length=250), AfterValidator(_scaled)]


class Review(Section):
    """When an actor reconsiders its move without being called."""

    every_days: Positive = Field(description="days between reviews")
    offset_days: Amount = Field(default=0.0, description="day of the first review")


class DatedMove(Dated):
    """A move that is made on a day, whatever the rule would choose."""

    move: Name = Field(description="the move")


class Rule(Section):
    """How an actor chooses: a valuation gives each legal move a value, a response turns values into probabilities."""

    response: Annotated[str, _known("response")] = Field(
        description="from values to probabilities", examples=_names(RESPONSES)
    )
    valuation: Annotated[str, _known("valuation")] | None = Field(
        default=None, description="the values of moves", examples=_names(VALUATIONS)
    )
    lam_per_util: Amount = Field(default=0.0, description="precision of a logit response (per util); 0 is a fair coin")
    horizon_days: Amount = Field(default=0.0, description="how far a valuation looks ahead (days)")
    path_steps: int = Field(
        default=4, ge=1, le=MAX_PATH_STEPS, description="steps of the mean path that a valuation follows"
    )
    inertia_util: Util = Field(default=0.0, description="bonus of the standing move (util)")
    parameters: Named[Setting] = Field(
        default_factory=FrozenDict, description="further numbers or words, by the names that the rule knows"
    )


class Once(Section):
    """One-off costs (util) of what an actor does in public."""

    reverses_refusal: Util = Field(default=0.0, description="of reversing a public refusal to release")
    releases_before_talks: Util = Field(default=0.0, description="of the first release before talks are open")
    breaks_pledge: Util = Field(default=0.0, description="of breaking a pledge, if it is seen")


class Payoff(Section):
    """What an actor wants."""

    model: Annotated[str, _known("payoff_model")] = Field(
        default="linear", description="how weighted features become utils", examples=_names(PAYOFF_MODELS)
    )
    parameters: Named[Setting] = Field(
        default_factory=FrozenDict, description="further numbers or words, by the names that the model knows"
    )
    per_year: Weights = Field(default_factory=FrozenDict, description="util a year for one unit of a feature")
    at_outcome: Named[Util] = Field(default_factory=FrozenDict, description="util at the end of the run, by outcome")
    beyond_window: Weights = Field(
        default_factory=FrozenDict, description="util for one unit of a feature at the end of the window"
    )
    once: Once = Field(default=Once(), description="one-off costs")


class ActorType(Section):
    """Another type that the actor may turn out to be, drawn at the start of each run."""

    probability: Share = Field(description="that the actor is of this type")
    scales: Annotated[Mapping[Scaled, Factor], AfterValidator(FrozenDict)] = Field(
        description="factors on parts of the payoff: at_outcome.<outcome> or per_year.<feature>"
    )


class Actor(Section):
    """A decision-maker."""

    label: Text | None = Field(default=None, description="name in tables and figures; without it, the key")
    review: Review = Field(description="when the actor reconsiders")
    opening_move: Name = Field(description="the move that stands on day 0")
    scheduled_moves: Listing[DatedMove] = Field(default=(), description="moves that come whatever the rule says")
    script: Listing[DatedMove] = Field(default=(), description="moves of a scripted rule")
    moves: Named[Move] = Field(description="the moves, by name")
    keeps_deal: Name | None = Field(default=None, description="the move that keeps the deal as written")
    answers_breach: Name | None = Field(default=None, description="the move that answers another's breach")
    discount_per_year: Annotated[float, Field(ge=0, le=100)] = Field(default=0.0, description="impatience (1 per year)")
    rule: Rule = Field(description="how the actor chooses")
    payoff: Payoff = Field(default=Payoff(), description="what the actor wants")
    types: Named[ActorType] = Field(
        default_factory=FrozenDict, description="another type the actor may be; at most one"
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
