"""Profiles: what an actor may become in the course of a run, with other weights, another discount rate or rule.

A profile says only what differs from the actor of day 0; an event of the scenario brings it (``becomes``).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.catalogue import MAX_PATH_STEPS
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.named_functions import RESPONSES, VALUATIONS
from sim.scenario.schema.fields import Amount, Named, Positive, Section, Text, Util, Weights
from sim.scenario.schema.rule import Setting, known, names_of


class RuleChange(Section):
    """What is different in how an actor chooses."""

    response: Annotated[str, known("response")] | None = Field(
        default=None, description="from values to probabilities", examples=names_of(RESPONSES)
    )
    valuation: Annotated[str, known("valuation")] | None = Field(
        default=None, description="the values of moves", examples=names_of(VALUATIONS)
    )
    lam_per_util: Amount | None = Field(default=None, description="precision of a logit response (per util)")
    horizon_days: Amount | None = Field(default=None, description="how far a valuation looks ahead (days)")
    holds_days: Positive | None = Field(default=None, description="days for which it expects to hold a move")
    path_steps: Annotated[int, Field(ge=1, le=MAX_PATH_STEPS)] | None = Field(
        default=None, description="steps of the mean path that a valuation follows"
    )
    inertia_util: Util | None = Field(default=None, description="bonus of the standing move (util)")
    parameters: Named[Setting] = Field(
        default_factory=FrozenDict, description="further numbers or words; beside another function they stand alone"
    )


class OnceChange(Section):
    """What is different in one-off costs (util)."""

    changes_course: Util | None = Field(default=None, description="of every change of the move that stands")
    reverses_refusal: Util | None = Field(default=None, description="of reversing a public refusal to release")
    releases_before_talks: Util | None = Field(default=None, description="of the first release before talks are open")
    breaks_pledge: Util | None = Field(default=None, description="of breaking a pledge, if it is seen")


class PayoffChange(Section):
    """What is different in what an actor wants: other weights of what its payoff weighs."""

    per_year: Weights = Field(default_factory=FrozenDict, description="util a year for one unit of a feature")
    at_outcome: Named[Util] = Field(default_factory=FrozenDict, description="util at the end of the run, by outcome")
    terms: Named[Weights] = Field(
        default_factory=FrozenDict,
        description="by outcome: util for one unit of a feature as it stands when the outcome comes",
    )
    beyond_window: Weights = Field(
        default_factory=FrozenDict, description="util for one unit of a feature at the end of the window"
    )
    once: OnceChange = Field(default=OnceChange(), description="one-off costs")


class Profile(Section):
    """Another that an actor may become, such as a new administration; what is not said stays as it is."""

    label: Text | None = Field(default=None, description="who it is, in words")
    discount_per_year: Annotated[float, Field(ge=0, le=100)] | None = Field(
        default=None, description="impatience (1 per year)"
    )
    rule: RuleChange = Field(default=RuleChange(), description="how the actor chooses then")
    payoff: PayoffChange = Field(default=PayoffChange(), description="what the actor wants then")
