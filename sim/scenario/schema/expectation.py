"""What the author of a scenario expects of it, in words or as the sign of one measure, stated before it was run."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from sim.scenario.schema.fields import Date, Section, Text


class ExpectedSign(Section):
    """The sign of the difference that a measure is expected to show on shared luck.

    Its key is the measure: an outcome, talks_began, or a column of numbers of the outcome table, such as talks_day.
    """

    sign: Literal["up", "down"] = Field(description="whether the measure is expected to be larger or smaller")
    against: Text = Field(description="the scenario that it is compared with, by its built-in name")
    why: Text = Field(description="the mechanism that is thought to do it")
    pre_registered: Date = Field(description="the day on which the sign was written down, before any run")


def _kind(value: Any) -> str:
    return "words" if isinstance(value, str) else "measured"


Expectation: TypeAlias = Annotated[
    Annotated[Text, Tag("words")] | Annotated[ExpectedSign, Tag("measured")], Discriminator(_kind)
]
