"""The policies that the game of a scenario starts with: what an analyst would try first, for any scenario.

Of each player, an actor with a choice that the scenario does not script, the *first* policies are its rule as declared,
each of its moves whenever it is legal, the best reply by drift values, and, where the scenario says how, reciprocal
play. Every profile of them is played. The *further* ones, all other registered rules and other windows, cost more or
seldom matter: they are tried as deviations from each equilibrium, and whichever gains joins the game.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.experiments.comparison.actor_rules import HORIZON_DAYS, LAM_PER_UTIL
from sim.scenario.named_functions import RESPONSES, VALUATIONS, NamedFunction, Valuation, functions
from sim.solving.policy import ActorPolicy, constant_rule

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.actors import Actor

_NEVER_TRIED = frozenset({"scripted", "equilibrium"})
_OWN_NUMBERS = frozenset({"none", "drift", "table"})
"""Valuations that are no rule of their own beside logit: they are in the first policies, or need coefficients."""
COSTLY_DIVISOR = 20
"""A valuation to which comparisons give that many times fewer runs is left out, and said so."""


def players_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the actors that choose: those with two moves or more that follow no script.

    Raises
    ------
    UsageError
        If nobody has a choice.

    Examples
    --------
    >>> import sim
    >>> players_of(sim.load("doha_2020/baseline"))
    ('government', 'taliban', 'us')
    """
    players = tuple(
        name for name, actor in scenario.actors.items() if len(actor.moves) > 1 and actor.rule.response != "scripted"
    )
    if not players:
        raise UsageError(
            "scenario: found no actor with two moves or more that follows no script, expected at least one"
        )
    return players


def first_policies(scenario: Scenario, actor: str) -> tuple[ActorPolicy, ...]:
    """Return the policies of an actor of which every profile is played.

    Examples
    --------
    >>> import sim
    >>> [policy.name for policy in first_policies(sim.load("toys/two_actors"), "rebels")]
    ['as declared', 'always hold_fire', 'always fight', 'best reply']
    """
    known = scenario.actors[actor]
    policies = [_declared(known)]
    policies += [
        ActorPolicy(f"always {move}", f"takes {move} whenever it is legal", constant_rule(known.moves, move))
        for move in known.moves
    ]
    best = _looking(known, {"response": "argmax", "valuation": "drift"})
    policies.append(ActorPolicy("best reply", "takes the best move along the mean path", best))
    if known.keeps_deal and known.answers_breach:
        words = "keeps the deal while the others do, and answers a breach"
        policies.append(ActorPolicy("reciprocal", words, {"response": "reciprocal", "valuation": "none"}))
    return _distinct(policies)


def further_policies(scenario: Scenario, actor: str) -> tuple[ActorPolicy, ...]:
    """Return the policies of an actor that are tried as deviations.

    Examples
    --------
    >>> import sim
    >>> [policy.name for policy in further_policies(sim.load("toys/two_actors"), "rebels")][:3]
    ['logit', 'best reply over 60 days', 'best reply over 240 days']
    """
    known = scenario.actors[actor]
    policies = [ActorPolicy("logit", "chooses by logit along the mean path", _logit(known, "drift"))]
    window = known.rule.horizon_days or HORIZON_DAYS
    for days in (window / 2, window * 2):
        rule = _looking(known, {"response": "argmax", "valuation": "drift"}) | {"horizon_days": days}
        policies.append(ActorPolicy(f"best reply over {days:g} days", f"takes the best move over {days:g} days", rule))
    alone = [response for response in functions("response") if "valuation" not in response.needs]
    for response in alone:
        if response.name not in _NEVER_TRIED and response.name != "reciprocal" and _can(known, response):
            rule = {"response": response.name, "valuation": "none"}
            policies.append(ActorPolicy(response.name, response.words or response.name, rule))
    for response in functions("response"):
        if "valuation" in response.needs and response not in RESPONSES and _can(known, response):
            rule = _looking(known, {"response": response.name, "valuation": "drift"})
            policies.append(ActorPolicy(response.name, response.words or response.name, rule))
    for valuation in functions("valuation"):
        if valuation.name not in _OWN_NUMBERS and not _costly(valuation):
            rule = _logit(known, valuation.name)
            policies.append(ActorPolicy(valuation.name, f"values moves {valuation.words or valuation.name}", rule))
    return _distinct([*first_policies(scenario, actor), *policies])[len(first_policies(scenario, actor)) :]


def left_out() -> tuple[str, ...]:
    """Return the valuations that are not tried because a run of them costs too much."""
    return tuple(valuation.name for valuation in VALUATIONS if _costly(valuation))


def _costly(valuation: NamedFunction) -> bool:
    return isinstance(valuation, Valuation) and valuation.runs_divisor >= COSTLY_DIVISOR


def _can(actor: Actor, function: NamedFunction) -> bool:
    return all(getattr(actor, need) for need in function.needs if need in ("keeps_deal", "answers_breach"))


def _declared(actor: Actor) -> ActorPolicy:
    rule = actor.rule.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    return ActorPolicy("as declared", "chooses as the scenario says", rule)


def _looking(actor: Actor, rule: dict[str, Any]) -> dict[str, Any]:
    """Give a rule the actor's own window, or the usual one."""
    own = actor.rule
    return rule | {"horizon_days": own.horizon_days or HORIZON_DAYS, "path_steps": own.path_steps}


def _logit(actor: Actor, valuation: str) -> dict[str, Any]:
    lam = actor.rule.lam_per_util if "lam_per_util" in actor.rule.model_fields_set else LAM_PER_UTIL
    return _looking(actor, {"response": "logit", "valuation": valuation, "lam_per_util": lam})


def _distinct(policies: Iterable[ActorPolicy]) -> tuple[ActorPolicy, ...]:
    """Keep the first of policies that have one rule."""
    kept: dict[str, ActorPolicy] = {}
    for policy in policies:
        kept.setdefault(policy.digest, policy)
    return tuple(kept.values())
