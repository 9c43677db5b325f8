"""The solved game that actors of a scenario play: where it is, and which one it must be."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from sim.scenario.schema.fields import Section, Text


class PlayedSolution(Section):
    """A solution that ``sim solve --out`` wrote, for the rule `equilibrium`."""

    folder: Text = Field(description="its folder, from that of this file or from where the program runs")
    digest: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] = Field(
        description="the digest of the solution; another one is refused"
    )
    equilibrium: int = Field(default=1, ge=1, le=1000, description="which of its equilibria; 1 is the selected one")
