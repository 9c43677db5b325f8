"""Rules: how an actor values its moves and responds to the values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag

from sim.scenario.catalogue import MAX_PATH_STEPS
from sim.scenario.feature_reference import nearest
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.named_functions import RESPONSES, VALUATIONS, Kind, NamedFunction, names
from sim.scenario.schema.fields import Amount, Name, Named, Number, Positive, Section, Util, misfit
from sim.scenario.schema.policy import Policy


def known(kind: Kind) -> AfterValidator:
    """Check a name against the rules or payoff models that exist in Python."""

    def check(name: str) -> str:
        if name not in names(kind):
            own = f"Register your own with sim.register({kind!r}, {name[:40]!r}, function)."
            hint = nearest(name, names(kind)) or own
            raise misfit(f"{name[:60]!r}", f"a known {kind.replace('_', ' ')}: {', '.join(names(kind))}", hint)
        return name

    return AfterValidator(check)


def names_of(functions: Iterable[NamedFunction]) -> list[str]:
    """Return the names of rules or payoff models."""
    return [function.name for function in functions]


def _setting_kind(value: Any) -> str:
    return "word" if isinstance(value, str) else "number"


Setting: TypeAlias = Annotated[
    Annotated[Number, Tag("number")] | Annotated[Name, Tag("word")], Discriminator(_setting_kind)
]


class Rule(Section):
    """How an actor chooses: a valuation gives each legal move a value, a response turns values into probabilities."""

    response: Annotated[str, known("response")] = Field(
        description="from values to probabilities", examples=names_of(RESPONSES)
    )
    valuation: Annotated[str, known("valuation")] | None = Field(
        default=None, description="the values of moves", examples=names_of(VALUATIONS)
    )
    lam_per_util: Amount = Field(default=0.0, description="precision of a logit response (per util); 0 is a fair coin")
    horizon_days: Amount = Field(default=0.0, description="how far a valuation looks ahead (days)")
    holds_days: Positive | None = Field(
        default=None,
        description="days for which an actor expects to hold a move, and then to do what is best if held; without it,"
        " the whole window",
    )
    path_steps: int = Field(
        default=4, ge=1, le=MAX_PATH_STEPS, description="steps of the mean path that a valuation follows"
    )
    inertia_util: Util = Field(default=0.0, description="bonus of the standing move (util)")
    parameters: Named[Setting] = Field(
        default_factory=FrozenDict, description="further numbers or words, by the names that the rule knows"
    )
    policy: Policy | None = Field(default=None, description="coefficients that the valuation table reads")
