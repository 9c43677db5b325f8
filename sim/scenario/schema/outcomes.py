"""Outcomes of a deal, as its scenario declares them: what they are called, and the hazard or the condition of each.

A run has one outcome, the first that comes. An outcome with ``per_day`` comes by a hazard: that rate times factors,
each a form over features. One with a condition alone comes as soon as it holds. One that stands ``at_horizon`` is what
a run has that reaches its horizon without any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.schema.fields import (
    Day,
    Exponent,
    Factor,
    Named,
    Number,
    Rate,
    Section,
    Share,
    SumOfFeatures,
    Switch,
    Text,
    When,
    misfit,
)


class Floor(Section):
    """A factor that goes from a floor to 1 with its feature: floor + (1 - floor) x."""

    form: Literal["floor"] = Field(description="floor + (1 - floor) x")
    of: SumOfFeatures = Field(description="the feature x, usually between 0 and 1")
    floor: Share = Field(description="the factor where x is 0")


class Linear(Section):
    """A factor that is linear in its feature, cut at 0: max(0, at_zero + slope x)."""

    form: Literal["linear"] = Field(description="at_zero + slope x, cut at 0")
    of: SumOfFeatures = Field(description="the feature x")
    at_zero: Number = Field(default=0.0, description="the factor where x is 0")
    slope: Number = Field(default=1.0, description="added for each unit of x; negative lowers the factor")


class Logistic(Section):
    """A factor that rises from 0 to 1 about a midpoint: 1 / (1 + exp(-(x - midpoint) / width)); falls if width < 0."""

    form: Literal["logistic"] = Field(description="1 / (1 + exp(-(x - midpoint) / width))")
    of: SumOfFeatures = Field(description="the feature x")
    midpoint: Number = Field(description="x at which the factor is one half")
    width: Number = Field(description="how slowly it rises with x; negative: it falls")

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse a width of 0, by which nothing can be divided."""
        if self.width == 0.0:
            raise misfit("a width of 0", "a width over 0, or under 0 for a factor that falls; a jump is form: if")


class Power(Section):
    """A factor that is a power of its feature, which counts as 0 below 0: max(0, x)^exponent."""

    form: Literal["power"] = Field(description="x to the power of exponent, x cut at 0")
    of: SumOfFeatures = Field(description="the feature x")
    exponent: Exponent = Field(description="the power")


class If(Section):
    """A factor that is one of two numbers."""

    form: Literal["if"] = Field(description="`then` while the condition holds, `otherwise` while it does not")
    when: When = Field(description="the condition")
    then: Factor = Field(default=1.0, description="the factor while it holds")
    otherwise: Factor = Field(default=0.0, description="the factor while it does not")


FORMS: Final[dict[str, type[Section]]] = {
    "floor": Floor,
    "linear": Linear,
    "logistic": Logistic,
    "power": Power,
    "if": If,
}
"""The forms that a factor of a hazard can have, by their word in files."""


def _form(value: Any) -> str | None:
    form = value.get("form") if isinstance(value, dict) else getattr(value, "form", None)
    return form if isinstance(form, str) and form in FORMS else None


HazardFactor: TypeAlias = Annotated[
    Annotated[Floor, Tag("floor")]
    | Annotated[Linear, Tag("linear")]
    | Annotated[Logistic, Tag("logistic")]
    | Annotated[Power, Tag("power")]
    | Annotated[If, Tag("if")],
    Discriminator(
        _form,
        custom_error_type="misfit",
        custom_error_message="found {found}, expected {expected}",
        custom_error_context={
            "found": "a factor without a known form",
            "expected": "form: one of " + ", ".join(FORMS),
            "hint": "",
            "offset": 0,
        },
    ),
]


class Hazard(Section):
    """Something that may happen on any day: a rate times factors."""

    per_day: Rate = Field(description="hazard while every factor is 1 (per day)")
    factors: Named[HazardFactor] = Field(default_factory=FrozenDict, description="what the rate is multiplied by")


class Breakdown(Hazard):
    """What breaks open talks down: a hazard, and an attack that kills many. A party that refuses closes them itself."""

    after_mass_casualty: Share = Field(default=0.0, description="probability that a mass-casualty attack breaks talks")


SharedLuck: TypeAlias = Annotated[int, Field(ge=1, le=4)]
Role: TypeAlias = Literal["good", "bad", "open"]


class Outcome(Section):
    """One way in which the deal can turn out."""

    label: Text | None = Field(default=None, description="what tables and figures call it; without it, its name")
    what: Text | None = Field(default=None, description="what it is, in a sentence")
    role: Role = Field(default="open", description="the family of its colour: good, bad, or neither")
    ends_run: Switch = Field(
        default=True, description="whether the run ends with it; else the run goes on, and no other outcome can come"
    )
    at_horizon: Switch = Field(
        default=False, description="what a run has at its horizon if no other outcome came and `when` holds then"
    )
    while_talks_open: Switch = Field(default=False, description="it can come only while talks are open")
    when: When | None = Field(default=None, description="what must hold for it to come")
    per_day: Rate | None = Field(
        default=None, description="hazard while every factor is 1 (per day); without it, it comes once `when` holds"
    )
    factors: Named[HazardFactor] = Field(default_factory=FrozenDict, description="what the rate is multiplied by")
    luck: SharedLuck | None = Field(
        default=None,
        description="number of the luck that it shares with outcomes of that number in other scenarios, whatever their "
        "names; without it, its name decides",
    )
    from_day: Day | None = Field(default=None, description="first day on which it can come; without it, the first")
    until_day: Day | None = Field(default=None, description="last day on which it can come; without it, the horizon")


UNRESOLVED = "unresolved"
"""Name of the outcome of a run that reaches its horizon where nothing that is declared stands."""
NOTHING_ELSE = Outcome(
    label="unresolved", what="the horizon was reached, and nothing that the scenario declares had come", at_horizon=True
)


def with_nothing_else(declared: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
    """Return the outcomes that a run can have: those declared, and `UNRESOLVED` unless one stands at every horizon."""
    if any(outcome.at_horizon and outcome.when is None for outcome in declared.values()):
        return declared
    return FrozenDict({**declared, UNRESOLVED: NOTHING_ELSE})
