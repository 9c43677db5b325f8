"""Encode actors: their clocks, moves, rules and payoffs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.elementary import exp_minus_one
from sim.encode.events import luck_key
from sim.encode.names import Names
from sim.encode.parameters import fill_parameters
from sim.encode.programmes import encode_hand_over
from sim.encode.tables import TableBuilder
from sim.encode.ticks import path_steps, to_ticks
from sim.errors import ScenarioError
from sim.model.captives import (
    CLAIMANT_LIST,
    COMMANDERS_FIRST,
    COMMANDERS_PRO_RATA,
    NO_COMMANDERS,
    OWN_LIST,
)
from sim.model.forces import INSURGENT
from sim.model.layout import Params
from sim.rules.registry import is_registered, number_of, registration
from sim.scenario.catalogue import MAX_ACTORS
from sim.scenario.changed_actor import changed_actor
from sim.scenario.feature_reference import FeatureRef, parse_feature
from sim.scenario.named_functions import Kind, names

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.actors import Actor
    from sim.scenario.schema.levers import Drawdown, Move, Release
    from sim.scenario.schema.world import ArmedForce

DAYS_PER_YEAR = 365.25
PARTICIPATION = {"refuse": 0.0, "sit": 1.0, None: 1.0}
GUARANTEES = {None: 0, "none": 0, "written": 1, "written_biometric": 2}
COMMANDERS = {"first": COMMANDERS_FIRST, "pro_rata": COMMANDERS_PRO_RATA, "none": NO_COMMANDERS}


def encode_actors(scenario: Scenario, names: Names, tables: TableBuilder, p: Params) -> None:
    """Fill the fields of `p` that the sections ``actors:`` and ``payoff_spread:`` set."""
    p.actors = len(names.actors)
    p.spread_sd = scenario.payoff_spread.lognormal_sd
    for row, (name, actor) in enumerate(scenario.actors.items()):
        p.moves[row] = len(actor.moves)
        p.opening[row] = names.moves[row].index(actor.opening_move)
        p.deal_steps[row] = len(actor.keeps_deal)
        for place, step in enumerate(actor.keeps_deal):
            p.deal_move[row, place] = names.moves[row].index(step.move)
            p.deal_until[row, place] = tables.condition(step.until)
        p.answers_breach[row] = -1 if actor.answers_breach is None else names.moves[row].index(actor.answers_breach)
        _encode_calls(scenario, names, actor, p, row)
        _encode_preferences(actor, names, p, row)
        dated = list(actor.scheduled_moves)
        if actor.rule.response == "scripted":
            dated += list(actor.script)
        dated.sort(key=lambda d: d.day)
        p.schedule_count[row] = len(dated)
        p.schedule_at[row] = tables.rows((to_ticks(scenario, d.day), names.moves[row].index(d.move)) for d in dated)
        _encode_rule(scenario, f"actors.{name}", actor, p, row)
        _encode_payoff(scenario, f"actors.{name}.payoff", actor, names, p, row)
        p.profile_actor[row] = row
        p.then_move[row] = -1
        for column, (move_name, move) in enumerate(actor.moves.items()):
            p.move_key[row, column] = luck_key(move_name)
            _encode_move(scenario, names, tables, move, p, row, column)
    p.profiles = len(names.profiles)
    for place, (name, profile) in enumerate(names.profiles, start=MAX_ACTORS):
        actor = scenario.actors[name]
        changed = changed_actor(actor, actor.profiles[profile])
        p.profile_actor[place] = names.actors.index(name)
        _encode_rule(scenario, f"actors.{name}.profiles.{profile}", changed, p, place)
        _encode_preferences(changed, names, p, place)


def _encode_calls(scenario: Scenario, names: Names, actor: Actor, p: Params, row: int) -> None:
    """Fill when an actor decides without being called by the deal or the world."""
    if actor.reconsiders_days is not None:
        p.review_every[row] = max(to_ticks(scenario, actor.reconsiders_days), 1)
        p.reconsiders[row] = -exp_minus_one(-1.0 / (actor.reconsiders_days * scenario.steps_per_day))
    elif actor.review is not None:
        p.review_every[row] = max(to_ticks(scenario, actor.review.every_days), 1)
        p.review_offset[row] = to_ticks(scenario, actor.review.offset_days)
    for other in actor.answers:
        p.answers[row, names.actors.index(other)] = 1


def _encode_preferences(actor: Actor, names: Names, p: Params, profile: int) -> None:
    """Fill what an actor of a profile wants, in the order in which the actor's payoff weighs it."""
    payoff = actor.payoff
    p.discount[profile] = actor.discount_per_year / DAYS_PER_YEAR
    for column, weight in enumerate(payoff.per_year.values()):
        p.weight[profile, column] = weight / DAYS_PER_YEAR
    for outcome, value in payoff.at_outcome.items():
        p.outcome_util[profile, names.outcomes.index(outcome)] = value
    for column, weight in enumerate(payoff.beyond_window.values()):
        p.beyond_weight[profile, column] = weight
    terms = [weight for weights in payoff.terms.values() for weight in weights.values()]
    p.outcome_term_weight[profile, : len(terms)] = terms
    p.changes_course[profile] = payoff.once.changes_course
    p.reverses_refusal[profile] = payoff.once.reverses_refusal
    p.releases_before_talks[profile] = payoff.once.releases_before_talks
    p.breaks_pledge[profile] = payoff.once.breaks_pledge


def _encode_rule(scenario: Scenario, path: str, actor: Actor, p: Params, row: int) -> None:
    rule = actor.rule
    valuation = rule.valuation or "none"
    p.response[row] = _number(scenario, "response", rule.response, f"{path}.rule.response")
    p.valuation[row] = _number(scenario, "valuation", valuation, f"{path}.rule.valuation")
    p.lam[row] = rule.lam_per_util
    p.inertia[row] = rule.inertia_util
    window = to_ticks(scenario, rule.horizon_days)
    if window > 0:
        held = 0 if rule.holds_days is None else min(max(to_ticks(scenario, rule.holds_days), 1), window)
        later = max(rule.path_steps - 1, 1)
        rest = path_steps(window - held, later).tolist() if 0 < held < window else []
        steps = np.array([held, *rest], dtype=np.float64) if rest else path_steps(window, rule.path_steps)
        p.hold_step[row] = 1 if rest else 0
        p.path_steps[row] = len(steps)
        p.path_dt[row, : len(steps)] = steps
    response, valued = registration("response", rule.response), registration("valuation", valuation)
    targets = [
        (f"response {rule.response}", response.parameters, p.response_parameters[row]),
        (f"valuation {valuation}", valued.parameters, p.valuation_parameters[row]),
    ]
    fill_parameters(scenario, f"{path}.rule", rule.parameters, targets)


def _number(scenario: Scenario, kind: Kind, name: str, path: str) -> int:
    """Return a function's number, or say where the scenario names one that this process does not have."""
    if not is_registered(kind, name):
        hint = f"Register it with sim.register({kind!r}, {name!r}, function) before the scenario runs."
        expected = f"a registered {kind}: {', '.join(n for n in names(kind) if is_registered(kind, n))}"
        raise ScenarioError([scenario.problem(path, repr(name), expected, hint)])
    return number_of(kind, name)


def _encode_payoff(scenario: Scenario, path: str, actor: Actor, names: Names, p: Params, row: int) -> None:
    payoff, model = actor.payoff, actor.payoff.model
    p.payoff_model[row] = _number(scenario, "payoff_model", model, f"{path}.model")
    terms = [feature.name for feature in payoff.per_year]
    weighed = [(f"payoff model {model}", registration("payoff_model", model).parameters, p.payoff_parameters[row])]
    fill_parameters(scenario, path, payoff.parameters, weighed, terms)
    p.terms[row] = len(payoff.per_year)
    p.type_term[row] = 1.0
    p.type_outcome[row] = 1.0
    places: dict[tuple[int, int, int], int] = {}
    for column, feature in enumerate(payoff.per_year):
        code, a, b = names.feature(feature, owner=row)
        p.term_code[row, column], p.term_a[row, column], p.term_b[row, column] = code, a, b
        p.term_key[row, column] = spread_key(feature, code, a, b)
        places[code, a, b] = column
    p.beyond[row] = len(payoff.beyond_window)
    for column, feature in enumerate(payoff.beyond_window):
        code, a, b = names.feature(feature, owner=row)
        p.beyond_code[row, column], p.beyond_a[row, column], p.beyond_b[row, column] = code, a, b
    at_ends = [(outcome, feature) for outcome, weights in payoff.terms.items() for feature in weights]
    p.outcome_terms[row] = len(at_ends)
    for column, (outcome, feature) in enumerate(at_ends):
        code, a, b = names.feature(feature, owner=row)
        p.outcome_term_of[row, column] = names.outcomes.index(outcome)
        p.outcome_term_code[row, column] = code
        p.outcome_term_a[row, column], p.outcome_term_b[row, column] = a, b
    for kind in actor.types.values():
        p.type_probability[row] = kind.probability
        for key, factor in kind.scales.items():
            section, _, rest = key.partition(".")
            if section == "at_outcome":
                p.type_outcome[row, names.outcomes.index(rest)] = factor
            else:
                reference: FeatureRef = parse_feature(rest)
                place = places.get(names.feature(reference, owner=row))
                if place is not None:
                    p.type_term[row, place] = factor


def spread_key(feature: FeatureRef, code: int, a: int, b: int) -> int:
    """Return the address of the spread of a term's weight; that of an event or of a target goes by name, not by row."""
    if feature.feature.entities == ("event",):
        return luck_key(feature.args[0])
    if feature.feature.by_target and len(feature.args) > 1:
        return luck_key(str(feature))
    return code * 64 + (a + 1) * 8 + b + 1


def _encode_posture(
    kind: ArmedForce, posture: float | Mapping[str, float], p: Params, at: tuple[int, int], force: int
) -> None:
    """Fill how violent a move is on each target of a force, and in all by the shares of the targets."""
    first = p.first_stream[force]
    levels = posture if isinstance(posture, Mapping) else dict.fromkeys(kind.targets or ("",), posture)
    for place, target in enumerate(kind.targets or ("",)):
        p.violence_level[*at, first + place] = levels[target]
        row = p.stream_target[first + place]
        if row >= 0 and p.kind[force] == INSURGENT and p.owner[force] == at[0]:
            p.violence_at[*at, row] = max(p.violence_at[*at, row], levels[target])
    uniform = len(set(levels.values())) == 1  # exactly that number, whatever the shares add up to
    shares = [kind.targets[target].share * level for target, level in levels.items()] if kind.targets else []
    p.violence_total[*at, force] = next(iter(levels.values())) if uniform else math.fsum(shares)


def _owned_row(names: tuple[str, ...], owners: NDArray[np.int64], owner: int, named: str | None) -> int:
    """Return the row of a named entity, or of the first one that belongs to an actor."""
    if named is not None:
        return names.index(named)
    return int(np.flatnonzero(owners[: len(names)] == owner)[0])


def _encode_move(
    scenario: Scenario, names: Names, tables: TableBuilder, move: Move, p: Params, row: int, column: int
) -> None:
    at = (row, column)
    p.guard[at] = tables.condition(move.when)
    p.cooldown[at] = to_ticks(scenario, move.cooldown_days)
    p.move_cost[at] = move.cost_util
    p.blocked_by_dispute[at] = int(move.blocked_by_dispute)
    for force, kind in enumerate(scenario.world.armed_forces.values()):
        chosen = move.violence if p.kind[force] == INSURGENT and p.owner[force] == row else None
        _encode_posture(kind, 1.0 if chosen is None else kind.posture[chosen], p, (row, column), force)
    p.offence[at] = int(move.posture == "offence")
    technical = scenario.deal.talks.technical_share if scenario.deal.talks else 1.0
    p.participation[at] = technical if move.talks == "technical" else PARTICIPATION[move.talks]
    p.pace[at] = _pace(move.drawdown)
    p.aid_paid[at] = 1.0 if move.aid is None else move.aid
    p.support[at] = 1.0 if move.support is None else scenario.world.contest.support_levels[move.support]
    p.guarantee[at] = GUARANTEES[move.guarantee]
    p.single_team[at] = int(move.single_team)
    p.offer[at] = int(move.offer)
    p.expects[at] = -1
    for other, expected_move in move.expects.items():
        other_row = names.actors.index(other)
        p.expects[row, column, other_row] = names.moves[other_row].index(expected_move)
    p.pressure_gives_in[at] = 1.0
    p.pressure_on[at] = p.pressure_flow[at] = p.pressure_until[at] = p.pressure_expects[at] = -1
    if move.pressure is not None:
        target = names.actors.index(move.pressure.on)
        p.pressure_on[at] = target
        p.pressure_flow[at] = names.flows.index(move.pressure.cut)
        p.pressure_until[at] = tables.condition(move.pressure.until)
        p.pressure_expects[at] = names.moves[target].index(move.pressure.expects)
        p.pressure_gives_in[at] = move.pressure.gives_in
    _encode_release(scenario, names, tables, move.release, p, at)
    for stock, setting in move.hand_over.items():
        encode_hand_over(scenario, tables, setting, p, names.groups.index(stock), column)
    p.admit[at] = 0.0 if move.admit is False else 1.0
    p.verify[at] = 0.0 if move.verify is False else 1.0
    p.recall_group[at] = -1
    if move.recall is not None:
        p.recall_group[at] = _owned_row(names.groups, p.holder, row, move.recall.group)
        p.recall_per_day[at] = move.recall.per_day
        p.recall_returned[at] = move.recall.returned_per_day


def _encode_release(
    scenario: Scenario, names: Names, tables: TableBuilder, release: Release | None, p: Params, at: tuple[int, int]
) -> None:
    p.release_group[at] = -1
    if release is None:
        return
    group = _owned_row(names.groups, p.holder, at[0], release.group)
    p.release_group[at] = group
    encode_hand_over(scenario, tables, release, p, group, at[1])
    p.release_list[at] = CLAIMANT_LIST if release.list == "claimant" else OWN_LIST
    default = "pro_rata" if release.list == "claimant" else "none"
    p.commander_mode[at] = COMMANDERS[release.commanders or default]


def _pace(drawdown: str | Drawdown | None) -> float:
    """Return the multiple of the scheduled pace that a drawdown setting means."""
    if drawdown is None or isinstance(drawdown, str):
        return 0.0 if drawdown == "none" else 1.0
    return float(drawdown.pace)
