"""What values a feature can take in a scenario, and what follows for sums and conditions: interval arithmetic.

A range may be too wide and is never too narrow, so that what is said of it (never, always) holds in every run.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, TypeAlias

from sim.scenario.catalogue import FEATURE_BY_NAME
from sim.scenario.condition import And, Compare, CompareDate, Condition, Not, Or, Sum
from sim.scenario.feature_reference import FeatureRef
from sim.scenario.schema.events import every_effect

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Range: TypeAlias = tuple[float, float]

TOLERANCE: Final = 1e-9
_NOT_NEGATIVE: Final = (0.0, math.inf)
_ANY: Final = (-math.inf, math.inf)
_SHARES: Final = frozenset(
    {"balance_of_force", "territory", "cohesion", "commanders", "reputation", "trust", "disarmed"}
)
_SHARES_OF_ONE: Final = _SHARES | {"divided_team"}
_FLAGS: Final = frozenset({"holding_fire", "surge", "threat", "paused", "on_offence", "releasing"})
_UNBOUNDED: Final = frozenset({"reputation_index", "days_past_due"})
_PERSONS: Final = frozenset({"persons_freed", "persons_counted", "persons_uncounted"})
_AMOUNTS: Final = frozenset({"amount_handed_over", "amount_accepted"})
_OVER_PROMISED: Final = frozenset({"freed", "counted", "handed_over", "accepted", "captives_home"})
_SAME: Final = {
    "persons_freed": "freed",
    "persons_counted": "counted",
    "amount_handed_over": "handed_over",
    "amount_accepted": "accepted",
}
"""Features in persons or units, and what is the same over what was promised."""


class Ranges:
    """The range of every feature of one scenario.

    Parameters
    ----------
    scenario : Scenario

    Examples
    --------
    >>> from sim.scenario.load import load
    >>> Ranges(load("toys/two_actors")).of(FeatureRef("persons_freed", ("prisoners",)))
    (0.0, 900.0)
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.settings: dict[str, float] = {}
        for _, effects in every_effect(scenario.events):
            for path, value in effects.set.items():
                self.settings[path] = max(float(value), self.settings.get(path, -math.inf))

    def of(self, reference: FeatureRef) -> Range:
        """Return the least and the greatest value that a feature can have in any run."""
        name, deal, world = reference.name, self.scenario.deal, self.scenario.world
        if name == "day":
            return 0.0, float(self.scenario.horizon_days)
        if name == "talks":
            return 0.0, 0.0 if deal.talks is None or deal.talks.opens is None else 1.0
        if name in _SHARES_OF_ONE:
            return 0.0, 1.0
        if name in _FLAGS:  # without argument perhaps a sum
            kind = FEATURE_BY_NAME[name].entities[0]
            everything = self.scenario.actors if kind == "actor" else deal.programmes
            return 0.0, 1.0 if reference.args else float(len(everything))
        if name == "dispute":
            some = [p.dispute for key, p in deal.programmes.items() if key in (reference.args or deal.programmes)]
            return 0.0, float(sum(dispute is not None for dispute in some))
        if name == "dual_office":
            some_offices = [o for key, o in world.offices.items() if key in (reference.args or world.offices)]
            return 0.0, float(sum(office.dual is not None for office in some_offices))
        if name in _PERSONS or name in _AMOUNTS:
            return 0.0, sum(p.held for key, p in deal.programmes.items() if key in (reference.args or deal.captives))
        if name in _OVER_PROMISED:
            of_actor = name == "captives_home"
            named = () if of_actor else reference.args
            shares = [p.held / (p.promised or p.held) for k, p in deal.programmes.items() if k in named or not named]
            return 0.0, max(shares, default=0.0)
        if name in ("troops", "troop_count", "troops_gone", "sanctuary_risk"):
            return self._of_troops(name, reference.args)
        if name in ("aid", "aid_lost", "cuts"):
            return self._of_aid(name, reference.args)
        if name == "happened":
            return 0.0, self._times(reference.args[0])
        if name == "quantity":
            return self._of_quantity(reference.args[0])
        return _ANY if name in _UNBOUNDED else _NOT_NEGATIVE

    def _of_troops(self, name: str, args: tuple[str, ...]) -> Range:
        chosen = {k: w for k, w in self.scenario.deal.withdrawal.items() if k in args or not args}
        most = {k: max(w.start, self.settings.get(f"deal.withdrawal.{k}.troops", 0.0)) for k, w in chosen.items()}
        if name == "troop_count":
            return 0.0, sum(most.values())
        share = max((most[k] / w.start for k, w in chosen.items()), default=1.0)
        return (0.0, share) if name == "troops" else (1.0 - share, 1.0)

    def _of_aid(self, name: str, args: tuple[str, ...]) -> Range:
        chosen = {k: f for k, f in self.scenario.world.aid_flows.items() if k in args or not args}
        if name == "cuts":
            return 0.0, float(sum(flow.max_cuts for flow in chosen.values()))
        if any(f"world.aid_flows.{key}.usd_bn_per_year" in self.settings for key in chosen):
            return _NOT_NEGATIVE if name == "aid" else (-math.inf, 1.0)
        return 0.0, sum(flow.usd_bn_per_year for flow in chosen.values()) if name == "aid" else 1.0

    def _times(self, named: str) -> float:
        for name, event in self.scenario.events.items():
            if named == name or named in event.one_of:
                return float(event.at_most)
        return math.inf

    def _of_quantity(self, name: str) -> Range:
        quantity = self.scenario.quantities[name]
        low, high = self.of_sum(quantity.of)
        if quantity.at_least is not None:
            low, high = max(low, quantity.at_least), max(high, quantity.at_least)
        if quantity.at_most is not None:
            low, high = min(low, quantity.at_most), min(high, quantity.at_most)
        if quantity.times is None:
            return low, high
        other = self.of_sum(quantity.times)
        corners = [_product(a, b) for a in (low, high) for b in other]
        return min(corners), max(corners)

    def of_sum(self, total: Sum) -> Range:
        """Return the range of a sum of features times numbers."""
        constant, factors = _collected(total)
        return self._of_collected(constant, factors)

    def _of_collected(self, constant: float, factors: dict[FeatureRef, float]) -> Range:
        low = high = constant
        for reference, factor in factors.items():
            ends = [_product(factor, end) for end in self.of(reference)]
            low, high = low + min(ends), high + max(ends)
        return low, high

    def verdict(self, condition: Condition) -> bool | None:
        """Return whether a condition always holds (True) or never (False); None if neither is sure."""
        match condition:
            case Compare():
                return self._compared(*_difference(condition), condition.op)
            case CompareDate():
                day = float((condition.date - self.scenario.start).days)
                return self._compared(-day, {FeatureRef("day"): 1.0}, condition.op)
            case Not():
                inner = self.verdict(condition.term)
                return None if inner is None else not inner
            case Or():
                verdicts = [self.verdict(term) for term in condition.terms]
                return True if True in verdicts else False if set(verdicts) == {False} else None
            case And():
                verdicts = [self.verdict(term) for term in condition.terms]
                if False in verdicts or any(_empty(*ends) for ends in self.implied(condition).values()):
                    return False
                return True if set(verdicts) == {True} else None

    def _compared(self, constant: float, factors: dict[FeatureRef, float], op: str) -> bool | None:
        low, high = self._of_collected(constant, factors)
        slack = TOLERANCE * (1.0 + abs(constant))
        if op in (">", ">="):
            low, high = -high, -low
        if op in ("<", ">"):
            return True if high < -slack else False if low >= 0.0 else None
        if op in ("<=", ">="):
            return True if high <= 0.0 else False if low > slack else None
        equal = False if low > slack or high < -slack else True if low == high == 0.0 else None
        return equal if op == "==" or equal is None else not equal

    def implied(self, condition: Condition) -> dict[FeatureRef, Range]:
        """Return the ranges to which a condition that holds narrows single features.

        What it implies in persons or units it implies of the same over what was promised, too.
        """
        narrowed: dict[FeatureRef, Range] = {}
        for part in condition.terms if isinstance(condition, And) else (condition,):
            if isinstance(part, And):
                for reference, (low, high) in self.implied(part).items():
                    self._narrow(narrowed, reference, low, high)
            elif isinstance(part, Compare):
                constant, factors = _difference(part)
                if len(factors) == 1 and part.op != "!=":
                    ((reference, factor),) = factors.items()
                    self._bound(narrowed, reference, -constant / factor, part.op, factor > 0)
            elif isinstance(part, CompareDate) and part.op != "!=":
                self._bound(narrowed, FeatureRef("day"), (part.date - self.scenario.start).days, part.op, True)
        return narrowed

    def _bound(
        self, narrowed: dict[FeatureRef, Range], reference: FeatureRef, bound: float, op: str, upward: bool
    ) -> None:
        at_least = op == "==" or (op[0] == ">") == upward
        at_most = op == "==" or (op[0] == "<") == upward
        low, high = bound if at_least else -math.inf, bound if at_most else math.inf
        self._narrow(narrowed, reference, low, high)
        programme = self.scenario.deal.programmes.get(reference.args[0]) if len(reference.args) == 1 else None
        if reference.name in _SAME and programme is not None:
            promised = programme.promised or programme.held
            self._narrow(narrowed, FeatureRef(_SAME[reference.name], reference.args), low / promised, high / promised)

    def _narrow(self, narrowed: dict[FeatureRef, Range], reference: FeatureRef, low: float, high: float) -> None:
        before = narrowed.get(reference) or self.of(reference)
        narrowed[reference] = max(before[0], low), min(before[1], high)


def _empty(low: float, high: float) -> bool:
    return low > high and low - high > TOLERANCE * (1.0 + abs(high))


def _difference(comparison: Compare) -> tuple[float, dict[FeatureRef, float]]:
    """Return left less right as a number and factors of features."""
    constant, factors = _collected(comparison.left)
    other, others = _collected(comparison.right)
    for reference, factor in others.items():
        factors[reference] = factors.get(reference, 0.0) - factor
    return constant - other, {reference: factor for reference, factor in factors.items() if factor != 0.0}


def _collected(total: Sum) -> tuple[float, dict[FeatureRef, float]]:
    constant, factors = 0.0, dict[FeatureRef, float]()
    for term in total.terms:
        if term.feature is None:
            constant += term.factor
        else:
            factors[term.feature] = factors.get(term.feature, 0.0) + term.factor
    return constant, factors


def _product(a: float, b: float) -> float:
    return 0.0 if a == 0.0 or b == 0.0 else a * b
