"""The built-in ways in which actors can choose, and a scenario whose actors choose in one of them.

They follow from the descriptions of responses and valuations (`sim.scenario.named_functions`): a response that needs
values is paired with the valuation `drift`, each other valuation with the response `logit`, and a response that needs
no values stands alone. Scripts are part of a deal and no rule here; `myopic` is the best reply to drift values.

A rule needs things that a scenario may not have. An actor that declares no move to keep the deal by (or, for reciprocal
play, none to answer a breach with) goes on with what stands and with its script. An actor without a precision plays
logit with `LAM_PER_UTIL`, one without a horizon looks `HORIZON_DAYS` ahead. What was filled in is said.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.errors import UsageError
from sim.scenario.feature_reference import nearest
from sim.scenario.named_functions import RESPONSES, VALUATIONS, Need, Response, Valuation
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

LAM_PER_UTIL: Final = 20.0
HORIZON_DAYS: Final = 182.0
_CALLED: Final = {"argmax": "myopic"}
SOLVED: Final = "equilibrium"
_NO_RULE: Final = frozenset({"scripted", "equilibrium"})
"""Responses that are no way to choose by themselves: they need a script, or a solved game."""


@dataclass(frozen=True, slots=True)
class ActorRule:
    """A way to choose.

    Attributes
    ----------
    response, valuation : str
        As in scenario files.
    needs : tuple of str
        What an actor must declare for it.
    parameters : tuple of (str, float)
        Set if the actor does not follow this rule already.
    runs_divisor : int
        By how much fewer runs it gets where rules are compared, for what one run costs.
    """

    response: str
    valuation: str
    needs: tuple[Need, ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    runs_divisor: int = 1


def _rules() -> dict[str, ActorRule]:
    """Pair responses and valuations."""

    def pair(response: Response, valuation: Valuation) -> ActorRule:
        needs = (*response.needs, *valuation.needs)
        return ActorRule(response.name, valuation.name, needs, valuation.compared_with, valuation.runs_divisor)

    logit = next(response for response in RESPONSES if response.name == "logit")
    none, drift, *others = VALUATIONS
    looking = {r.name: pair(r, drift) for r in RESPONSES if "valuation" in r.needs}
    valuing = {valuation.name: pair(logit, valuation) for valuation in others if "policy" not in valuation.needs}
    alone = {r.name: pair(r, none) for r in RESPONSES if "valuation" not in r.needs and r.name not in _NO_RULE}
    return {_CALLED.get(name, name): rule for name, rule in (looking | valuing | alone).items()}


ACTOR_RULES: Final[dict[str, ActorRule]] = _rules()


def rule_named(name: str) -> ActorRule:
    """Return a rule by name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    if name == SOLVED:
        return ActorRule(SOLVED, "none", ("solution",))
    if name not in ACTOR_RULES:
        hint = nearest(str(name), ACTOR_RULES)
        raise UsageError(f"rules: found {name!r}, expected some of {', '.join(ACTOR_RULES)}. {hint}".rstrip())
    return ACTOR_RULES[name]


def under_rule(scenario: Scenario, name: str, *, keep: Collection[str] = ()) -> tuple[Scenario, tuple[str, ...]]:
    """Return a scenario whose actors follow a rule, and what had to be filled in for it.

    Parameters
    ----------
    scenario : Scenario
        Any.
    name : str
        A key of `ACTOR_RULES`.
    keep : collection of str
        Actors that go on choosing as they do.

    Returns
    -------
    scenario : Scenario
        The same one if every actor follows the rule already.
    notes : tuple of str
        In plain words; empty if nothing was filled in.

    Raises
    ------
    UsageError
        If there is no such rule.

    Examples
    --------
    >>> import sim
    >>> changed, notes = under_rule(sim.load("toys/five_actors"), "schedule_as_written")
    >>> changed.actors["state"].rule.response, notes[0]
    ('scripted', 'state declares no keeps_deal: what stands goes on')
    """
    rule = rule_named(name)
    if name == SOLVED and scenario.solution is None:
        raise UsageError(
            f"rules: {SOLVED}: found {scenario.title!r} without a solution, expected one in each scenario. Solve it "
            "with  sim solve SCENARIO --out DIR  and name the folder and its digest under  solution:"
        )
    changes: dict[str, Any] = {}
    notes: list[str] = []
    for key, actor in scenario.actors.items():
        now, here = actor.rule, f"actors.{key}.rule"
        if key in keep or (now.response, now.valuation or "none") == (rule.response, rule.valuation):
            continue
        missing = [move for move in ("keeps_deal", "answers_breach") if move in rule.needs and not getattr(actor, move)]
        changes[f"{here}.parameters"] = {}
        if missing:
            changes |= {f"{here}.response": "scripted", f"{here}.valuation": "none"}
            notes.append(f"{key} declares no {' and no '.join(missing)}: what stands goes on")
            continue
        changes |= {f"{here}.response": rule.response, f"{here}.valuation": rule.valuation}
        if rule.parameters:
            changes[f"{here}.parameters"] = dict(rule.parameters)
        if "lam_per_util" in rule.needs and "lam_per_util" not in now.model_fields_set:
            changes[f"{here}.lam_per_util"] = LAM_PER_UTIL
            notes.append(f"{key} has no precision: {LAM_PER_UTIL:g} per util")
        if "horizon_days" in rule.needs and now.horizon_days <= 0.0:
            changes[f"{here}.horizon_days"] = HORIZON_DAYS
            notes.append(f"{key} has no horizon: {HORIZON_DAYS:g} days")
    return (scenario.replace(changes) if changes else scenario), tuple(notes)


def same_world(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios run alike, to the bit: numbers, names, calendar; titles and sources aside.

    Examples
    --------
    >>> import sim
    >>> coin = sim.load("doha_2020/uniform")
    >>> same_world(under_rule(sim.load("doha_2020/baseline"), "uniform")[0], coin)
    True
    """
    from sim.kernel.bound import bound

    a, b = bound(one), bound(other)
    calendar = (one.start, one.horizon_days) == (other.start, other.horizon_days)
    same: bool = (a.params == b.params).all() if a.params.dtype == b.params.dtype else False
    return calendar and a.names == b.names and bool(same) and a.tables_digest == b.tables_digest
