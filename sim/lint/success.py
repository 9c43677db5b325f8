"""Success that pays less than its absence: an end that is good and stops a flow that is worth more.

A rule of thumb. What the condition of a good outcome that ends the run implies (talks are open, all arms are handed
over) would, if the run went on, pay each actor its positive weights on these features, discounted, until the horizon.
Where that is more than what the outcome pays, the actor does better if success does not come. Counted from the first
day on which the outcome can come, it is the most that can be lost; weights on what the condition does not fix are left
out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.lint.ranges import Ranges
from sim.lint.warning import LintWarning, at
from sim.scenario.condition import And
from sim.scenario.feature_reference import FeatureRef

if TYPE_CHECKING:
    from sim.lint.ranges import Range
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.outcomes import Outcome

DAYS_PER_YEAR = 365.25


def check_success(scenario: Scenario) -> Iterator[LintWarning]:
    """Compare what a good end pays each actor with the flow that it stops."""
    ranges = Ranges(scenario)
    for name, outcome in scenario.deal.outcomes.items():
        if outcome.role != "good" or not outcome.ends_run or outcome.at_horizon:
            continue
        implied = _implied(ranges, outcome)
        first_day = max(outcome.from_day or 0.0, implied.pop(FeatureRef("day"), (0.0, 0.0))[0])
        years = max(0.0, scenario.horizon_days - first_day) / DAYS_PER_YEAR
        for key, actor in scenario.actors.items():
            stopped = {
                str(reference): weight * implied[full][0]
                for reference, weight in actor.payoff.per_year.items()
                if weight > 0 and (full := _of_actor(reference, key)) in implied and implied[full][0] > 0
            }
            rate = actor.discount_per_year
            flow = sum(stopped.values()) * (-math.expm1(-rate * years) / rate if rate > 0 else years)
            paid = actor.payoff.at_outcome.get(name, 0.0)
            if stopped and paid < flow:
                path = f"actors.{key}.payoff.at_outcome"
                yield at(
                    scenario,
                    f"{path}.{name}" if name in actor.payoff.at_outcome else path,
                    f"{name} ends the run and pays {paid:g} util; what it implies ({', '.join(stopped)}) would "
                    f"pay up to {flow:.3g} util by the horizon if the run went on: success pays less than its absence",
                )


def _of_actor(reference: FeatureRef, actor: str) -> FeatureRef:
    """Return the feature that a payoff means: of the actor itself, where it says no other."""
    return (
        FeatureRef(reference.name, (actor,))
        if reference.feature.entities == ("actor",) and not reference.args
        else reference
    )


def _implied(ranges: Ranges, outcome: Outcome) -> dict[FeatureRef, Range]:
    """Return what is sure of single features when an outcome comes."""
    implied = ranges.implied(And((outcome.when,))) if outcome.when is not None else {}
    if outcome.while_talks_open:
        implied[FeatureRef("talks")] = (1.0, 1.0)
    return implied
