r"""What a hazard of the model is made of at an instant: a rate per day times factors, each with its name.

The product, taken from left to right, is the number that the kernel integrates, to the bit:
:math:`h = \lambda \prod_i f_i + a`, with :math:`a` what a party that refuses adds to the breakdown of talks. Gates
(a condition that must hold, days before or after which nothing can come) are factors of 1 or 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engine.condition_readings import condition_readings, said, sum_readings
from sim.kernel.bound import Bound
from sim.model.conditions import holds
from sim.model.disputes import dispute_free
from sim.model.factors import FACTOR_WIDTH, FACTORS_AT, factor_value
from sim.model.hazards import BREAKDOWN_HAZARD, OUTCOME_HAZARD, TALKS_HAZARD
from sim.model.switches import ON_DISPUTES, ON_PROFITEERS
from sim.scenario.catalogue import RUNNING
from sim.scenario.condition import Condition
from sim.scenario.scenario import Scenario
from sim.scenario.schema.outcomes import Hazard, HazardFactor, Outcome

World: TypeAlias = NDArray[np.record]


@dataclass(frozen=True, slots=True)
class HazardNow:
    """A hazard as it stands at the start of a step.

    Attributes
    ----------
    at_risk : bool
        Whether what it brings can come.
    base : float
        Per day, while every factor is 1.
    factors : dict of str to float
        By name, in the order of multiplication.
    """

    at_risk: bool
    base: float
    factors: dict[str, float]

    @property
    def per_day(self) -> float:
        """The hazard, as the kernel multiplies it."""
        rate = self.base
        for value in self.factors.values():
            rate *= value
        return rate

    def with_factor(self, name: str, value: float) -> float:
        """Return the hazard with another value of one factor."""
        rate = self.base * value
        for factor, other in self.factors.items():
            if factor != name:
                rate *= other
        return rate


@dataclass(frozen=True, slots=True)
class HazardKind:
    """Where a hazard stands in the model, and how it is read.

    Attributes
    ----------
    place : int
        In `hazard_used` and `hazard_limit` of State.
    luck : int
        Address of its exponential.
    read : callable
        Of the scenario that rules and the world.
    declared : callable
        The hazard as a scenario declares it, if it does.
    condition : callable
        What must hold besides, if anything.
    """

    place: int
    luck: int
    read: Callable[[Bound, World], HazardNow]
    declared: Callable[[Scenario], Hazard | Outcome | None]
    condition: Callable[[Scenario], Condition | None]


def outcome_hazard(bound: Bound, name: str) -> HazardKind:
    """Return the hazard of an outcome that comes by one."""
    number = bound.names.outcomes.index(name)
    return HazardKind(
        OUTCOME_HAZARD + number - 1,
        int(bound.params[0].outcome_luck[number]),
        lambda ruling, world: _outcome_now(ruling, world, name),
        lambda scenario: scenario.outcomes.get(name),
        lambda scenario: scenario.outcomes[name].when,
    )


def breakdown_hazard() -> HazardKind:
    """Return the hazard that talks break down."""
    return HazardKind(
        BREAKDOWN_HAZARD,
        BREAKDOWN_HAZARD,
        _breakdown_now,
        lambda scenario: scenario.deal.talks.breaks_down if scenario.deal.talks else None,
        lambda _: None,
    )


def opening_hazard() -> HazardKind:
    """Return the hazard that talks open."""
    return HazardKind(
        TALKS_HAZARD,
        TALKS_HAZARD,
        _opening_now,
        lambda scenario: scenario.deal.talks.opens if scenario.deal.talks else None,
        lambda scenario: scenario.deal.talks.opens_when if scenario.deal.talks else None,
    )


WHEN: Final = "its condition"
DATES: Final = "its days"
PROFITEERS: Final = "war profiteers"
NO_DISPUTE: Final = "no dispute"
WHO_SITS: Final = "who sits"
GATES: Final[dict[str, str]] = {
    WHEN: "1 while it holds, else 0",
    DATES: "1 from its first to its last day, else 0",
    PROFITEERS: "those who profit from war",
    NO_DISPUTE: "1 while no dispute over what was let go is open, else 0",
    WHO_SITS: "product over the parties: refuses 0, technical contacts their share, sits 1",
}
"""Factors that are no entry of a scenario's ``factors:``, and what each is; no entry can have such a name."""


def _outcome_now(bound: Bound, world: World, name: str) -> HazardNow:
    state, params, tables = world[0], bound.params[0], bound.tables
    if name not in bound.names.outcomes:
        return HazardNow(False, 0.0, {})
    number = bound.names.outcomes.index(name)
    hazard = int(params.outcome_hazard[number])
    if hazard < 0:
        return HazardNow(False, 0.0, {})
    outcome = bound.scenario.outcomes[name]
    factors: dict[str, float] = {}
    if outcome.from_day is not None or outcome.until_day is not None:
        inside = params.outcome_from[number] <= state.tick <= params.outcome_until[number]
        factors[DATES] = float(inside)
    if params.outcome_when[number] >= 0:
        factors[WHEN] = float(holds(state, params, tables, params.outcome_when[number]))
    factors |= dict(_declared(bound, world, hazard, tuple(outcome.factors)))
    possible = state.outcome == RUNNING and (params.outcome_in_talks[number] == 0 or state.talks > 0.0)
    return HazardNow(bool(possible), float(tables[hazard]), factors)


def _breakdown_now(bound: Bound, world: World) -> HazardNow:
    state, params = world[0], bound.params[0]
    talks, hazard = bound.scenario.deal.talks, int(params.breakdown_hazard)
    if hazard < 0 or talks is None or talks.breaks_down is None:
        return HazardNow(bool(state.talks > 0.0), 0.0, {})
    factors = {PROFITEERS: float(params.profiteers)} if params.on[ON_PROFITEERS] != 0 else {}
    factors |= dict(_declared(bound, world, hazard, tuple(talks.breaks_down.factors)))
    return HazardNow(bool(state.talks > 0.0), float(bound.tables[hazard]), factors)


def _opening_now(bound: Bound, world: World) -> HazardNow:
    state, params = world[0], bound.params[0]
    talks, hazard = bound.scenario.deal.talks, int(params.talks_hazard)
    if hazard < 0 or talks is None or talks.opens is None:
        return HazardNow(bool(state.talks == 0.0), 0.0, {})
    factors: dict[str, float] = {}
    if params.on[ON_DISPUTES] != 0:
        factors[NO_DISPUTE] = float(dispute_free(state, params))
    factors |= dict(_declared(bound, world, hazard, tuple(talks.opens.factors)))
    factors[WHO_SITS] = float(state.sitting)
    if params.opens_when >= 0:
        factors[WHEN] = float(holds(state, params, bound.tables, params.opens_when))
    return HazardNow(bool(state.talks == 0.0), float(bound.tables[hazard]), factors)


def _declared(bound: Bound, world: World, hazard: int, names: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    at = hazard + FACTORS_AT
    for name in names:
        yield name, float(factor_value(world[0], bound.params[0], bound.tables, at))
        at += FACTOR_WIDTH


def form_words(factor: HazardFactor) -> str:
    """Say how a factor follows what it reads.

    Examples
    --------
    >>> import sim
    >>> outcomes = sim.load("toys/five_actors").outcomes
    >>> form_words(outcomes["settlement"].factors["troops"])
    '0.5 + 0.5 x troops'
    >>> form_words(outcomes["government_collapse"].factors["balance"])
    '1 / (1 + exp(-(balance_of_force - 0.5) / 0.06))'
    >>> form_words(outcomes["deal_void"].factors["surge"])
    '2 while surge >= 1, else 1'
    """
    if factor.form == "if":
        return f"{factor.then:g} while {factor.when}, else {factor.otherwise:g}"
    read = str(factor.of) if factor.of.lone_feature is not None else f"({factor.of})"
    if factor.form == "floor":
        return f"{factor.floor:g} + {1.0 - factor.floor:g} x {read}"
    if factor.form == "linear":
        sign = "-" if factor.slope < 0.0 else "+"
        sized = read if abs(factor.slope) == 1.0 else f"{abs(factor.slope):g} x {read}"
        if factor.at_zero == 0.0:
            return sized if factor.slope > 0.0 else f"-{sized}, at least 0"
        return f"{factor.at_zero:g} {sign} {sized}, at least 0"
    if factor.form == "logistic":
        sign = "+" if factor.midpoint < 0.0 else "-"
        return f"1 / (1 + exp(-({read} {sign} {abs(factor.midpoint):g}) / {factor.width:g}))"
    return f"{read}^{factor.exponent:g}"


def factor_readings(factor: HazardFactor, world: World, bound: Bound) -> str:
    """Say what each feature that a factor reads was."""
    if factor.form == "if":
        return said(condition_readings(factor.when, world, bound))
    return said(sum_readings(factor.of, world, bound))
