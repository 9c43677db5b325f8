"""Sliders: which numbers of the scenario its explorer lets a reader move, what they are called, and how far."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field

from sim.scenario.schema.fields import Listing, Number, Positive, Section, Text, misfit
from sim.scenario.schema.variation import ChangePath


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Paths: TypeAlias = Annotated[
    Listing[ChangePath], BeforeValidator(_listed, json_schema_input_type=str | list[str]), Field(min_length=1)
]
Range: TypeAlias = Annotated[Listing[Number], Field(min_length=2, max_length=2)]


class Slider(Section):
    """One number of the scenario, or one switch, that the explorer lets a reader change.

    Several paths are set to the same value. A switch, such as mechanisms.aid, has no range.
    """

    path: Paths = Field(description="dotted path of the number, or a list of paths that are set alike")
    label: Text = Field(description="what it is called, in the words of a reader who never saw the file")
    unit: Text | None = Field(default=None, description="its unit; without it, a pure number")
    range: Range | None = Field(default=None, description="lowest and highest value; none for a switch")
    step: Positive | None = Field(default=None, description="smallest change; without it, a hundredth of the range")

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse a range that does not rise, and a step that is longer than the range."""
        if self.range is not None and not self.range[0] < self.range[1]:
            raise misfit(f"range from {self.range[0]:g} to {self.range[1]:g}", "the lowest value before the highest")
        if self.range is not None and self.step is not None and self.step > self.range[1] - self.range[0]:
            raise misfit(f"step {self.step:g}", f"at most the length of the range, {self.range[1] - self.range[0]:g}")
