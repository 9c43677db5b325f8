"""Events of the scenario: what happens on a date, by chance, or when a condition first holds, and what it sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.schema.defection import Split
from sim.scenario.schema.fields import (
    DateFromStart,
    Day,
    Listing,
    Name,
    Named,
    Number,
    Rate,
    Section,
    Share,
    SwitchWord,
    Text,
    When,
    misfit,
    read_switch,
)


def _settable(value: Any) -> Any:
    value = read_switch(value)
    if not isinstance(value, bool | int | float):
        raise PydanticCustomError("settable", "expected {expected}", {"expected": "a number, or true or false"})
    return value


SettableValue: TypeAlias = Annotated[
    bool | Number, BeforeValidator(_settable, json_schema_input_type=bool | SwitchWord | Number)
]


class Effects(Section):
    """What an event, or one of its alternatives, says and does."""

    what: Text = Field(description="what happens, in words; the story of a run says it")
    set: Annotated[Mapping[str, SettableValue], AfterValidator(FrozenDict)] = Field(
        default_factory=FrozenDict, description="new values by path, those of the table at the end of this page"
    )
    becomes: Named[Name] = Field(
        default_factory=FrozenDict,
        description="actors that want and decide by another of their profiles from now on; original: as on day 0",
    )
    splits: Listing[Split] = Field(default=(), description="shares of forces that go over to others")
    reviews: Listing[Name] = Field(default=(), description="actors that are called to review their moves one day later")


class Alternative(Effects):
    """One of several things that an event may bring, such as the Yes or the No of a vote."""

    probability: Share | None = Field(
        default=None, description="of this alternative; one may leave it out, and has what the others leave"
    )


class Event(Effects):
    """Something that happens on a date, by a hazard, or when a condition first holds."""

    day: Day | None = Field(default=None, description="days since the start date (or give date)")
    date: DateFromStart | None = Field(default=None, exclude=True, description="the date (or give day)")
    per_day: Rate | None = Field(default=None, description="hazard (per day), in place of a date")
    when: When | None = Field(
        default=None,
        description="on its date, the event happens only if this holds; a hazard runs while it holds; without either, "
        "the event happens when it first holds",
    )
    probability: Share = Field(default=1.0, description="that the event happens when it is due")
    at_most: int = Field(default=1, ge=1, le=40_000, description="how often a hazard can bring it in a run")
    one_of: Named[Alternative] = Field(
        default_factory=FrozenDict, description="alternatives, of which the event brings one"
    )

    def model_post_init(self, context: Any, /) -> None:
        """Fill in the day of a date."""
        if self.day is not None and self.date is not None:
            raise misfit("both day and date", "one of them")
        if self.date is not None:
            start = (context or {}).get("start")
            if start is not None:
                object.__setattr__(self, "day", float((self.date - start).days))


def every_effect(events: Mapping[str, Event]) -> Iterator[tuple[tuple[str, ...], Effects]]:
    """Yield the events of a scenario and their alternatives, each with its path in the file."""
    for name, event in events.items():
        yield ("events", name), event
        for key, alternative in event.one_of.items():
            yield ("events", name, "one_of", key), alternative
