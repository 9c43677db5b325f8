"""A policy: coefficients by which the valuation `table` turns what an actor sees into the values of its moves.

The value of move m on day t is a sum over features x, each taken as (x - centre) / scale, with coefficients that are
interpolated between dates:

    W_m(t) = sum over knots k of h_k(t) (a_mk + sum over f of b_mkf (x_f - centre_f) / scale_f)

where h_k is 1 on the k-th day, 0 on the other days and linear between; before the first and after the last day the
coefficients stay as they are there.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field

from sim.scenario.feature_reference import FeatureRef
from sim.scenario.schema.fields import Day, Feature, Listing, Named, Number, Section, misfit

MAX_FEATURES = 16
"""Features of a policy; compiled code keeps as many in a small array."""
MAX_KNOTS = 8


class Seen(Section):
    """A feature that a policy reads, and the unit in which it counts."""

    of: Feature = Field(description="the feature")
    centre: Number = Field(default=0.0, description="what counts as 0")
    scale: Annotated[float, Field(gt=0, le=1e9)] = Field(default=1.0, description="how much of it counts as 1")


def _growing(days: tuple[float, ...]) -> tuple[float, ...]:
    if not days or len(days) > MAX_KNOTS:
        raise misfit(f"{len(days)} days", f"1 to {MAX_KNOTS} days")
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise misfit("days out of order", "days in order of time")
    return days


def _few(seen: tuple[Seen, ...]) -> tuple[Seen, ...]:
    if len(seen) > MAX_FEATURES:
        raise misfit(f"{len(seen)} features", f"at most {MAX_FEATURES}")
    return seen


Coefficients: TypeAlias = Listing[Listing[Number]]


class Policy(Section):
    """Coefficients of the valuation `table`: for each move and day one constant and one number for each feature."""

    days: Annotated[Listing[Day], AfterValidator(_growing)] = Field(
        default=(0.0,), description="days between which coefficients are interpolated"
    )
    sees: Annotated[Listing[Seen], AfterValidator(_few)] = Field(
        default=(), description="the features that it reads, in order"
    )
    moves: Named[Coefficients] = Field(
        description="for each move a row for each day: a constant, then a coefficient for each feature (util)"
    )

    def model_post_init(self, _context: Any, /) -> None:
        """Check that every move has a row for each day, and each row as many numbers as there are features."""
        for move, rows in self.moves.items():
            if len(rows) != len(self.days):
                raise misfit(f"{len(rows)} rows of coefficients for {move}", f"{len(self.days)}, one for each day")
            for row in rows:
                if len(row) != 1 + len(self.sees):
                    expected = f"{1 + len(self.sees)}: a constant and one for each feature"
                    raise misfit(f"{len(row)} coefficients in a row of {move}", expected)

    @property
    def features(self) -> tuple[FeatureRef, ...]:
        """The features that it reads, in order."""
        return tuple(seen.of for seen in self.sees)
