"""Measures: one number of each run, declared by the scenario beside its outcomes and milestones."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from sim.scenario.schema.fields import DateFromStart, Section, SumOfFeatures, Text, When, misfit

KINDS: Final = ("first_day", "share_of_time", "total", "mean", "highest", "lowest", "level")


def _moment(value: Any) -> str:
    return "end" if value == "end" else "date"


Moment: TypeAlias = Annotated[
    Annotated[Literal["end"], Tag("end")] | Annotated[DateFromStart, Tag("date")], Discriminator(_moment)
]


class Level(Section):
    """What a quantity is on a date, or at the end of the run; in a run that ended before the date, what it was then."""

    of: SumOfFeatures = Field(description="the quantity")
    on: Moment = Field(default="end", description="a date, or end")


class Measure(Section):
    """One number of each run, of exactly one kind.

    A quantity is a sum of features and numbers, such as persons_freed(a) - persons_freed(b), read as the daily series
    are: on day 0, and at the end of each day. A total and a mean are over the days of the run, however early it ends.
    """

    label: Text | None = Field(default=None, description="its name in tables and figures; without it, the key")
    unit: Text | None = Field(default=None, description="its unit; without it, what follows from its feature")
    first_day: When | None = Field(
        default=None, description="first day on which a condition holds; the horizon in a run in which it never does"
    )
    share_of_time: When | None = Field(default=None, description="share of the days on which a condition holds")
    total: SumOfFeatures | None = Field(default=None, description="a quantity summed over the days")
    mean: SumOfFeatures | None = Field(default=None, description="mean of a quantity over the days")
    highest: SumOfFeatures | None = Field(default=None, description="highest value of a quantity")
    lowest: SumOfFeatures | None = Field(default=None, description="lowest value of a quantity")
    level: Level | None = Field(default=None, description="what a quantity is on a date or at the end")

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse no kind and more than one."""
        chosen = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(chosen) != 1:
            raise misfit(" and ".join(chosen) or "no kind of measure", "one of " + ", ".join(KINDS))

    @property
    def kind(self) -> str:
        """Which of `KINDS` it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)
