"""Defection: fighters who go over from one armed force to another."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.schema.fields import Name, Section, Share, Text, When


class Split(Section):
    """A share of a force that goes over to another at once, with its arms."""

    of: Name = Field(description="the force that they leave")
    to: Name = Field(description="the force that they join")
    share: Share = Field(description="of those who are left")


class Defection(Section):
    """Fighters who go over day by day while a condition holds."""

    what: Text = Field(description="what happens, in words; the story of a run says it when it begins")
    of: Name = Field(description="the force that they leave")
    to: Name = Field(description="the force that they join")
    per_day: Annotated[float, Field(ge=0, le=10)] = Field(description="share of those who are left (per day)")
    when: When | None = Field(default=None, description="while this holds; without it, always")
