"""The whole file: title and clock, actors, deal, world, events, switches, quantities, milestones, variations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from sim.scenario.catalogue import MECHANISMS
from sim.scenario.feature_reference import nearest
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.schema.actors import Actor, PayoffSpread, Roles
from sim.scenario.schema.deal import Deal
from sim.scenario.schema.events import Event
from sim.scenario.schema.expectation import Expectation
from sim.scenario.schema.explorer import Slider
from sim.scenario.schema.fields import Date, Listing, MeasureName, Named, Section, Switch, Text, misfit
from sim.scenario.schema.measure import Measure
from sim.scenario.schema.milestone import MilestoneOrCondition
from sim.scenario.schema.quantities import DeclaredQuantity
from sim.scenario.schema.solution import PlayedSolution
from sim.scenario.schema.variation import PayoffSet, Variation
from sim.scenario.schema.world import World

SCHEMA_VERSION = 1
MAX_STEPS_PER_DAY = 96


def _year(date: dt.date) -> dt.date:
    """Keep the calendar within what every tool behind can draw."""
    if not 1900 <= date.year <= 2200:
        raise misfit(str(date), "a date between 1900 and 2200")
    return date


def _version(version: int) -> int:
    if version != SCHEMA_VERSION:
        hint = "A newer file needs a newer negotiation-sim." if version > SCHEMA_VERSION else ""
        raise misfit(str(version), f"{SCHEMA_VERSION}, the version that this package reads", hint)
    return version


def _mechanism(name: str) -> str:
    if name not in MECHANISMS:
        raise misfit(f"{name[:60]!r}", "one of " + ", ".join(MECHANISMS), nearest(name, MECHANISMS))
    return name


class Content(Section):
    """Everything that a scenario file says, without where it stands and where its numbers come from."""

    schema_version: Annotated[int, AfterValidator(_version)] = Field(description="version of this format")
    title: Annotated[Text, Field(max_length=200)] = Field(description="one line for tables and figures")
    description: Text | None = Field(default=None, description="what the scenario is about")
    start: Annotated[Date, AfterValidator(_year)] = Field(description="day 0")
    horizon_days: Annotated[int, Field(ge=1, le=40_000)] = Field(description="days that a run covers")
    steps_per_day: Annotated[int, Field(ge=1, le=MAX_STEPS_PER_DAY)] = Field(
        default=1, description="steps of the clock a day"
    )
    record: Text | None = Field(default=None, description="name of the record of what happened, for comparison")
    expects: Annotated[Mapping[MeasureName, Expectation], AfterValidator(FrozenDict)] = Field(
        default_factory=FrozenDict, description="what the author expects to differ, in words or as a sign of a measure"
    )
    roles: Roles = Field(default=Roles(), description="who stands where")
    actors: Named[Actor] = Field(description="the decision-makers, in order")
    payoff_spread: PayoffSpread = Field(default=PayoffSpread(), description="uncertainty of the payoff weights")
    deal: Deal = Field(default=Deal(), description="what was agreed")
    world: World = Field(default=World(), description="the world around it")
    events: Named[Event] = Field(
        default_factory=FrozenDict, description="what happens on a date, by chance or on a condition, and what it sets"
    )
    mechanisms: Mapping[Annotated[str, AfterValidator(_mechanism)], Switch] = Field(
        default_factory=FrozenDict, description="parts of the model that can be switched off"
    )
    quantities: Named[DeclaredQuantity] = Field(
        default_factory=FrozenDict, description="quantities of the scenario's own, which the feature quantity reads"
    )
    milestones: Named[MilestoneOrCondition] = Field(
        default_factory=FrozenDict, description="what the deal is about; the first day on which each holds is recorded"
    )
    measures: Named[Measure] = Field(
        default_factory=FrozenDict, description="numbers of each run, beside outcomes and milestones"
    )
    headline: Listing[MeasureName] = Field(
        default=(),
        description="measures that tables, sentences and figures show first; without it, outcomes, milestones",
    )
    explore: Named[Slider] = Field(
        default_factory=FrozenDict, description="numbers that the explorer lets a reader change, in order"
    )
    solution: PlayedSolution | None = Field(
        default=None, description="the solved game that actors with the rule equilibrium play"
    )
    devices: Named[Variation] = Field(
        default_factory=FrozenDict, description="commitment devices, whose worth to each actor can be compared"
    )
    payoff_sets: Named[PayoffSet] = Field(
        default_factory=FrozenDict, description="views of what the actors want, for regret; or names of overlay files"
    )

    def model_post_init(self, _context: Any, /) -> None:
        """Fill in the mechanisms that the file does not name: they are on."""
        every = dict.fromkeys(MECHANISMS, True) | dict(self.mechanisms)
        object.__setattr__(self, "mechanisms", FrozenDict(every))
