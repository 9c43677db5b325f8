"""Promises: who undertook what, to whom, and by when; what studies of implementation call provisions.

References
----------
Joshi, M., Quinn, J. M. and Regan, P. M. (2015). Annualized implementation data on comprehensive intrastate peace
accords, 1989-2012. Journal of Peace Research 52, 551-562.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from sim.scenario.schema.fields import (
    Amount,
    DateFromStart,
    Listing,
    Name,
    Number,
    Section,
    SumOfFeatures,
    Switch,
    Text,
    When,
    misfit,
)


class Reach(Section):
    """A quantity that is to reach a number, from below or from above."""

    of: SumOfFeatures = Field(description="the quantity, such as persons_freed(prisoners)")
    at_least: Number | None = Field(default=None, description="the number to rise to")
    at_most: Number | None = Field(default=None, description="the number to fall to")

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse none of the two numbers and both."""
        if (self.at_least is None) == (self.at_most is None):
            given = "neither at_least nor at_most" if self.at_least is None else "both at_least and at_most"
            raise misfit(given, "one of them")

    @property
    def target(self) -> float:
        """The number that was promised."""
        chosen = self.at_least if self.at_least is not None else self.at_most
        assert chosen is not None
        return chosen


class DueAfter(Section):
    """Days after the start, a milestone, another promise's due date, or the first opening of talks (talks_began)."""

    days: Amount = Field(description="how many days after")
    after: Name | None = Field(
        default=None, description="a milestone, a promise, or talks_began; without it, the start of the scenario"
    )


def _due(value: Any) -> str:
    return "after" if isinstance(value, dict | DueAfter) else "date"


Due: TypeAlias = Annotated[
    Annotated[DateFromStart, Tag("date")] | Annotated[DueAfter, Tag("after")], Discriminator(_due)
]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Receivers: TypeAlias = Annotated[Listing[Name], BeforeValidator(_listed, json_schema_input_type=str | list[str])]


class Promise(Section):
    """What one actor promised others, and by when: a quantity that reaches a number, or a condition that is kept."""

    label: Text | None = Field(default=None, description="the promise in words; without it, the key")
    by: Name = Field(description="the actor that gave it")
    to: Receivers = Field(default=(), description="the actors to whom; without it, all others")
    reach: Reach | None = Field(default=None, description="what is to reach which number")
    keep: When | None = Field(default=None, description="or what must hold all the time")
    since: DateFromStart | None = Field(default=None, description="from when on it counts; without it, the start")
    due: Due | None = Field(default=None, description="until when, a date or days after something; without it, the end")
    watched: Switch = Field(
        default=False,
        description="whether others see it broken: opinion of the giver falls, it pays breaks_pledge, and they review",
    )

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse neither of reach and keep, and both."""
        if (self.reach is None) == (self.keep is None):
            raise misfit("neither reach nor keep" if self.reach is None else "both reach and keep", "one of them")
