"""Actors can do only what they have the means for, and their files name only moves that exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from sim.scenario.catalogue import ORIGINAL
from sim.scenario.changed_actor import WEIGHTS, changed_actor
from sim.scenario.checks.checker import Checker
from sim.scenario.condition import features_of
from sim.scenario.feature_reference import nearest, parse_feature
from sim.scenario.named_functions import Kind, Need, function_named
from sim.scenario.positions import Path, find
from sim.scenario.schema.actors import Actor, DatedMove
from sim.scenario.schema.fields import Section
from sim.scenario.schema.levers import LEVERS, MEANS, HandOver, Means, Move
from sim.scenario.schema.profile import Profile

_CHOSEN: Final[dict[Means, tuple[str, str, str]]] = {
    "groups": ("group", "a group that this actor holds", "the actor holds several"),
    "insurgents": ("force", "an insurgent force of this actor", "the actor has several"),
}
"""The key by which a setting chooses one of the means, what it may say, and why it must say it."""


class ActorMeans:
    """What an actor has, and which levers follow from it.

    Parameters
    ----------
    checker : Checker
    name : str
        The actor.
    """

    def __init__(self, checker: Checker, name: str) -> None:
        deal, world = checker.content.deal, checker.content.world
        forces = {key: force for key, force in world.armed_forces.items() if force.actor == name}
        self.insurgents = {key: force for key, force in forces.items() if force.kind == "insurgent"}
        party = deal.talks is not None and name in deal.talks.between
        offices = world.offices.items()
        self.has: dict[Means, list[str]] = {
            "groups": [key for key, group in deal.captives.items() if group.holder == name],
            "stocks": [key for key, stock in deal.stocks.items() if stock.holder == name],
            "held": [key for key, programme in deal.programmes.items() if programme.holder == name],
            "claims": [key for key, programme in deal.programmes.items() if programme.claimant == name],
            "insurgents": list(self.insurgents),
            "regulars": [key for key, force in forces.items() if force.kind == "regular"],
            "talks": ["talks"] if party else [],
            "foreign": [key for key, withdrawal in deal.withdrawal.items() if withdrawal.owner == name],
            "flows": [key for key, flow in world.aid_flows.items() if flow.donor == name],
            "split_offices": [key for key, office in offices if office.actor == name and office.dual is not None],
        }

    @property
    def levers(self) -> list[str]:
        """Levers that the actor has."""
        return [lever for lever, means in LEVERS.items() if self.has[means]]


def check_actors(checker: Checker) -> None:
    """Check roles, moves, levers, rules, scripts and types."""
    _check_roles(checker)
    for name, actor in checker.content.actors.items():
        path: Path = ("actors", name)
        means = ActorMeans(checker, name)
        checker.one_of((*path, "opening_move"), actor.opening_move, actor.moves, "a move of this actor")
        if actor.review is not None and actor.reconsiders_days is not None:
            checker.add((*path, "review"), "review besides reconsiders_days", "one of the two", "Leave one out.")
        for place, other in enumerate(actor.answers):
            others = [known for known in checker.content.actors if known != name]
            checker.one_of((*path, "answers", place), other, others, "another actor")
        if actor.review is not None and actor.review.every_days * checker.content.steps_per_day < 1:
            checker.add(
                (*path, "review", "every_days"),
                f"{actor.review.every_days:g} days",
                "at least one step of the clock",
                "Take longer between reviews or more steps_per_day.",
            )
        if actor.answers_breach is not None:
            checker.one_of((*path, "answers_breach"), actor.answers_breach, actor.moves, "a move of this actor")
        _check_deal_steps(checker, (*path, "keeps_deal"), actor)
        _check_dated(checker, (*path, "scheduled_moves"), actor, actor.scheduled_moves)
        _check_dated(checker, (*path, "script"), actor, actor.script)
        _check_rule(checker, (*path, "rule"), actor)
        for key, profile in actor.profiles.items():
            _check_profile(checker, (*path, "profiles", key), key, actor, profile)
        for key, move in actor.moves.items():
            _check_move(checker, (*path, "moves", key), name, move, means)
        _check_types(checker, (*path, "types"), actor)


def _check_deal_steps(checker: Checker, path: Path, actor: Actor) -> None:
    steps = actor.keeps_deal
    node, _ = find(checker.tree, path)
    alone = node is not None and not isinstance(node.value, list)
    for i, step in enumerate(steps):
        checker.one_of(path if alone else (*path, i, "move"), step.move, actor.moves, "a move of this actor")
        if step.until is None and i < len(steps) - 1:
            hint = "Say until when it is made, such as until: date >= 2020-07-01."
            checker.add(
                (*path, i), "a move without until before another", "until: what must hold before the next", hint
            )


def _check_roles(checker: Checker) -> None:
    roles = checker.content.roles
    role_of: dict[str, str] = {}
    for role in ("incumbents", "challengers", "guarantors"):
        for i, name in enumerate(getattr(roles, role)):
            path = ("roles", role, i)
            if checker.entity(path, name, "actor") and role_of.setdefault(name, role) != role:
                checker.add(path, f"{name!r} among {role_of[name]} and {role}", "one role for each actor")


def _check_dated(checker: Checker, path: Path, actor: Actor, moves: Sequence[DatedMove]) -> None:
    for i, dated in enumerate(moves):
        checker.one_of((*path, i, "move"), dated.move, actor.moves, "a move of this actor")
        if i and dated.day <= moves[i - 1].day:
            found = f"day {dated.day:g} after day {moves[i - 1].day:g}"
            checker.add((*path, i), found, "moves in order of time, one a day")


def _check_rule(checker: Checker, path: Path, actor: Actor) -> None:
    chosen: list[tuple[Kind, str]] = [("response", actor.rule.response), ("valuation", actor.rule.valuation or "none")]
    for kind, name in chosen:
        for need in function_named(kind, name).needs:
            declared = _declares(actor, need) if need != "solution" else checker.content.solution is not None
            if not declared:
                lacks, expected = _NEEDS[need]
                checker.add(path, f"{kind} {name} {lacks}", expected)


def _check_profile(checker: Checker, path: Path, name: str, actor: Actor, profile: Profile) -> None:
    """Check that a profile has a name of its own, weighs what the actor weighs, and has all that its rule needs."""
    if name == ORIGINAL:
        checker.add(path, f"a profile called {ORIGINAL}", "another name: it is the actor of day 0", at_key=True)
    _check_rule(checker, (*path, "rule"), changed_actor(actor, profile))
    if profile.rule.response == "equilibrium":
        expected = "another one: policies of a solution are drawn on day 0, for all profiles of an actor"
        checker.add((*path, "rule", "response"), "the response equilibrium of a profile", expected)
    for part in WEIGHTS:
        weighed = [str(key) for key in getattr(actor.payoff, part)]
        for key in getattr(profile.payoff, part):
            if str(key) not in weighed:
                node, _ = find(checker.tree, (*path, "payoff", part))
                keys = list(node.value) if node is not None and isinstance(node.value, dict) else []
                written = next((k for k in keys if k.replace(" ", "") == str(key).replace(" ", "")), str(key))
                found = f"{str(key)!r}, which the payoff of the actor does not weigh"
                hint = nearest(str(key), weighed) or "Give it the weight 0 there."
                place = (*path, "payoff", part, written)
                checker.add(place, found, f"a key of its payoff.{part}", hint, at_key=True)


_NEEDS: dict[Need, tuple[str, str]] = {
    "valuation": ("without a valuation", "valuation: drift, for example"),
    "lam_per_util": ("without lam_per_util", "lam_per_util: its precision (per util)"),
    "horizon_days": ("without horizon_days", "horizon_days: how far it looks ahead"),
    "policy": ("without a policy", "policy: the coefficients that it reads"),
    "solution": ("of a scenario without a solution", "solution: the solved game that it plays"),
    "keeps_deal": ("of an actor without keeps_deal", "keeps_deal: one of its moves"),
    "answers_breach": ("of an actor without answers_breach", "answers_breach: one of its moves"),
}


def _declares(actor: Actor, need: Need) -> bool:
    match need:
        case "valuation":
            return actor.rule.valuation not in (None, "none")
        case "lam_per_util":
            return "lam_per_util" in actor.rule.model_fields_set
        case "horizon_days":
            return actor.rule.horizon_days > 0
        case "policy":
            return actor.rule.policy is not None
        case _:
            return bool(getattr(actor, need))


def _check_types(checker: Checker, path: Path, actor: Actor) -> None:
    weighed = {f"per_year.{reference}" for reference in actor.payoff.per_year}
    weighed |= {f"at_outcome.{outcome}" for outcome in actor.payoff.at_outcome}
    for name, kind in actor.types.items():
        for scaled in kind.scales:
            if scaled not in weighed:
                section, _, rest = scaled.partition(".")
                key_path = _as_written(checker, (*path, name, "scales"), scaled)
                found = f"{rest!r}, which the payoff does not weigh"
                legal = [key.partition(".")[2] for key in weighed if key.startswith(section)]
                checker.add(key_path, found, f"a key of payoff.{section}", nearest(rest, legal), at_key=True)


def _as_written(checker: Checker, path: Path, scaled: str) -> Path:
    """Find the key as the file writes it: spaces in it were dropped."""
    node, _ = find(checker.tree, path)
    keys = list(node.value) if node is not None and isinstance(node.value, dict) else []
    for key in keys:
        section, _, rest = key.partition(".")
        if key == scaled or (section == "per_year" and f"per_year.{parse_feature(rest)}" == scaled):
            return (*path, key)
    return path


def _check_move(checker: Checker, path: Path, name: str, move: Move, means: ActorMeans) -> None:
    for other, expected_move in move.expects.items():
        entry = (*path, "expects", other)
        if checker.entity(entry, other, "actor", at_key=True):
            if other == name:
                checker.add(entry, f"{other!r} itself", "another actor", at_key=True)
            else:
                checker.one_of(entry, expected_move, checker.content.actors[other].moves, f"a move of {other}")
    for lever, needed in LEVERS.items():
        setting = getattr(move, lever)
        if not means.has[needed] and _is_set(lever, setting):
            levers = ", ".join(means.levers) or "none at all"
            hint = f"The lever {lever} needs {MEANS[needed]}."
            found = f"the unknown lever {lever} for this actor"
            checker.add((*path, lever), found, f"a lever that {name} has: {levers}", hint, at_key=True)
            continue
        if setting is not None and needed in _CHOSEN:
            _check_chosen(checker, (*path, lever), setting, needed, means)
        check = _LEVER_CHECKS.get(lever)
        if setting is not None and check is not None:
            check(checker, (*path, lever), name, move, means)


def _is_set(lever: str, setting: object) -> bool:
    """Return whether a move sets a lever; no and an empty mapping mostly say what saying nothing says."""
    return setting is not None and (bool(setting) or lever in ("admit", "verify", "aid"))


def _check_chosen(checker: Checker, path: Path, setting: object, needed: Means, means: ActorMeans) -> None:
    """Check which of several groups or forces a setting acts on, if it chooses one."""
    key, expected, several = _CHOSEN[needed]
    if not isinstance(setting, Section) or key not in type(setting).model_fields:
        return
    chosen: str | None = getattr(setting, key)
    if chosen is not None:
        checker.one_of((*path, key), chosen, means.has[needed], expected)
    elif len(means.has[needed]) > 1:
        checker.add(path, f"no {key}, though {several}", f"{key}: one of " + ", ".join(means.has[needed]))


def _check_release(checker: Checker, path: Path, _name: str, move: Move, means: ActorMeans) -> None:
    if move.release is None:
        return
    group = checker.content.deal.captives.get(move.release.group or means.has["groups"][0])
    if group is not None:
        _check_pace(checker, path, move.release, group.promised)


def _check_hand_over(checker: Checker, path: Path, name: str, move: Move, means: ActorMeans) -> None:
    for key, setting in move.hand_over.items():
        what = f"a stock of deal.stocks that {name} hands over"
        if checker.one_of((*path, key), key, means.has["stocks"], what, at_key=True):
            stock = checker.content.deal.stocks[key]
            _check_pace(checker, (*path, key), setting, stock.promised or stock.held)


def _check_pace(checker: Checker, path: Path, setting: HandOver, promised: float) -> None:
    """Check that a setting says one pace, in a stage, two stages or tranches."""
    paces = [key for key in ("per_day", "over_days") if getattr(setting, key) is not None]
    paces += ["tranches"] if setting.tranches else []
    if len(paces) != 1:
        found = " and ".join(paces) or "no pace"
        checker.add(path, found, "one of per_day, over_days and tranches")
    if setting.tranches and (setting.until is not None or setting.then is not None):
        extra = "until" if setting.until is not None else "then"
        checker.add((*path, extra), f"{extra} beside tranches", "until in each tranche instead", at_key=True)
    if setting.then is not None and setting.until is None and not setting.tranches:
        checker.add((*path, "then"), "then without until", "until: how much the first stage lets go", at_key=True)
    out = 0.0
    for i, tranche in enumerate(setting.tranches):
        place: Path = (*path, "tranches", i)
        for pair in (("until", "until_share"), ("per_day", "over_days")):
            given = [key for key in pair if getattr(tranche, key) is not None]
            if len(given) > 1:
                checker.add(place, " and ".join(given), f"one of {' and '.join(pair)}")
        if tranche.until is None and tranche.until_share is None:
            checker.add(place, "a tranche without an end", "until or until_share")
            continue
        until = tranche.until if tranche.until is not None else promised * (tranche.until_share or 0.0)
        if until <= out:
            checker.add(place, f"{until:g} out after {out:g}", "more than by the tranche before")
        out = until


def _check_recall(checker: Checker, path: Path, _name: str, move: Move, means: ActorMeans) -> None:
    if move.recall is None:
        return
    if move.recall.per_day == 0.0 and move.recall.returned_per_day == 0.0:
        checker.add(path, "a recall of nobody", "per_day or returned_per_day over 0")
    group = move.recall.group or means.has["groups"][0]
    held = checker.content.deal.captives.get(group)
    if move.recall.returned_per_day > 0.0 and held is not None and held.returns is None:
        found = f"the group {group}, whose captives never go back to fighting"
        checker.add((*path, "returned_per_day"), found, f"deal.captives.{group}.returns", at_key=True)


def _check_violence(checker: Checker, path: Path, _name: str, move: Move, means: ActorMeans) -> None:
    for key, force in means.insurgents.items():
        if not checker.one_of(path, str(move.violence), force.posture, f"a posture of {key}"):
            return


def _check_support(checker: Checker, path: Path, _name: str, move: Move, _means: ActorMeans) -> None:
    levels = checker.content.world.contest.support_levels
    checker.one_of(path, str(move.support), levels, "a level of world.contest.support_levels")


def _check_pressure(checker: Checker, path: Path, name: str, move: Move, _means: ActorMeans) -> None:
    pressure = move.pressure
    if pressure is None:
        return
    for reference in features_of(pressure.until):
        if reference.name == "releasing":
            checker.add(
                (*path, "until"),
                f"{reference}, which asks what a move is called",
                "a fact, such as persons_freed(...) >= 1000",
                "A demand is met by what was done, and stays met.",
            )
    if checker.entity((*path, "on"), pressure.on, "actor"):
        target = checker.content.actors[pressure.on]
        checker.one_of((*path, "expects"), pressure.expects, target.moves, f"a move of {pressure.on}")
        if pressure.on == name:
            checker.add((*path, "on"), f"{name!r} itself", "another actor")
    if checker.entity((*path, "cut"), pressure.cut, "flow"):
        flow = checker.content.world.aid_flows[pressure.cut]
        if (flow.donor, flow.recipient) != (name, pressure.on):
            found = f"{pressure.cut!r}, which goes from {flow.donor} to {flow.recipient}"
            checker.add((*path, "cut"), found, f"an aid flow from {name} to {pressure.on}")


_LEVER_CHECKS: dict[str, Callable[[Checker, Path, str, Move, ActorMeans], None]] = {
    "release": _check_release,
    "hand_over": _check_hand_over,
    "recall": _check_recall,
    "violence": _check_violence,
    "support": _check_support,
    "pressure": _check_pressure,
}
