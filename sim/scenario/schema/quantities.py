"""Quantities of a scenario's own: sums of features, cut off at bounds, and products of two sums."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.scenario.schema.fields import Number, Section, SumOfFeatures, Text, misfit


class DeclaredQuantity(Section):
    """A quantity of the scenario's own, which the feature quantity(NAME) reads: `of`, within its bounds, times `times`.

    Such as what one side has done less what the other has done; at_least 0, it is what the other still owes.
    """

    label: Text | None = Field(default=None, description="what tables and explanations call it; without it, the name")
    of: SumOfFeatures = Field(description="sum of features times numbers")
    at_least: Number | None = Field(default=None, description="where it would be less, this counts")
    at_most: Number | None = Field(default=None, description="where it would be more, this counts")
    times: SumOfFeatures | None = Field(default=None, description="another sum, which what is left of `of` multiplies")

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse bounds that leave nothing between them."""
        if self.at_least is not None and self.at_most is not None and self.at_least >= self.at_most:
            raise misfit(f"at_least {self.at_least:g} and at_most {self.at_most:g}", "at_most over at_least")
