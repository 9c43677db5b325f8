"""Milestones: conditions that a deal is about, whose first day every run notes."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field

from sim.scenario.schema.fields import Section, Text, When


class Milestone(Section):
    """A condition whose first day is noted in every run. A condition alone is short for ``{when: condition}``."""

    when: When = Field(description="what holds once it is reached")
    label: Text | None = Field(default=None, description="its name in tables and figures; without it, the key")


def _written_out(value: Any) -> Any:
    return {"when": value} if isinstance(value, str) else value


MilestoneOrCondition: TypeAlias = Annotated[
    Milestone, BeforeValidator(_written_out, json_schema_input_type=str | Milestone)
]
