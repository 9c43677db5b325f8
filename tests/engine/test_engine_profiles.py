"""Profiles: an actor that an event makes another wants and decides by other numbers from that day on."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest
from toy_deals import actor, deal, rebels_who_attack

import sim
from sim.errors import ScenarioError, UsageError

YEAR = 365.25
LOGIT = {"response": "logit", "valuation": "drift", "lam_per_util": 5.0, "horizon_days": 100, "inertia_util": 0.01}
PAYOFF = {
    "per_year": {"attacks": -1.0, "on_offence": 0.1},
    "beyond_window": {"balance_of_force": -0.5},
    "at_outcome": {"unresolved": 0.3},
}
HAWK = {
    "label": "the hawks",
    "discount_per_year": 0.4,
    "rule": {"lam_per_util": 20.0, "horizon_days": 60, "path_steps": 3},
    "payoff": {
        "per_year": {"on_offence": 1.5},
        "beyond_window": {"balance_of_force": -2.0},
        "at_outcome": {"unresolved": -0.2},
        "once": {"breaks_pledge": 0.5},
    },
}
MOVES = {"wait": {"posture": "defence"}, "attack": {"posture": "offence"}}


def election(day: float, profile: str = "hawk") -> dict[str, Any]:
    """Return an event that makes the state another."""
    return {"what": "the hawks win", "day": day, "becomes": {"state": profile}}


def state(**more: Any) -> dict[str, Any]:
    """Return a state that reviews every ten days and may become a hawk."""
    review = {"every_days": 10, "offset_days": 5}
    started: dict[str, Any] = {"review": review, "discount_per_year": 0.1, "profiles": {"hawk": HAWK}}
    return actor(MOVES, "wait", **{**started, "rule": LOGIT, "payoff": PAYOFF, **more})


def country(mover: dict[str, Any], **sections: Any) -> sim.Scenario:
    """Return a deal of that state, its army and rebels who attack."""
    world = rebels_who_attack(20.0, 0.3)
    army = {"kind": "regular", "actor": "state", "strength_thousand": 20, "decay_per_day": {"on_offence": 0.002}}
    world["armed_forces"]["army"] = army
    actors = {"state": mover, "rebels": actor({"wait": {}}, "wait")}
    return deal(world=world, actors=actors, payoff_spread={"lognormal_sd": 0.3}, **sections)


def hawks_from_the_start() -> dict[str, Any]:
    """Return the state with the hawk's numbers written as its own."""
    payoff = {part: {**PAYOFF[part], **HAWK["payoff"][part]} for part in PAYOFF}  # type: ignore[index]
    payoff["once"] = HAWK["payoff"]["once"]  # type: ignore[index]
    return state(rule={**LOGIT, **HAWK["rule"]}, payoff=payoff, discount_per_year=HAWK["discount_per_year"])  # type: ignore[dict-item]


def texts(numbers: Any) -> dict[str, str]:
    """Return numbers by name as texts, which compare NaN as equal."""
    return {key: str(value) for key, value in numbers.items()}


def test_a_profile_from_day_0_is_the_actor_with_its_numbers() -> None:
    """Every decision and payoff is equal to the bit."""
    changed = country(state(), events={"election": election(0)})
    written = country(hawks_from_the_start())
    for k in range(5):
        a, b = (sim.run(scenario, seed=3, replication=k) for scenario in (changed, written))
        assert a.decisions == b.decisions
        assert texts(a.outcome) == texts(b.outcome)
    rows = [sim.replicate(scenario, runs=50, seed=3).outcome_table for scenario in (changed, written)]
    columns = [{key: column.tolist() for key, column in table.items()} for table in rows]
    assert texts(columns[0]) == texts(columns[1])
    assert texts(sim.run(country(state()), seed=3).outcome) != texts(sim.run(changed, seed=3).outcome)


def test_nobody_foresees_a_change_and_all_decide_by_what_they_are() -> None:
    """Decisions before the election are those without it; the one after differs in its values."""
    with_it = sim.run(country(state(), events={"election": election(52)}), seed=1)
    without = sim.run(country(state()), seed=1)
    before = [d for d in with_it.decisions if d.day < 52]
    assert len(before) == 5
    assert before == list(without.decisions[:5])
    assert with_it.decisions[5].moves[0].value != without.decisions[5].moves[0].value


def test_discounting_goes_on_evenly_when_its_rate_changes() -> None:
    """A flow of 1 a year is worth the integral of exp of minus the integrated rate; so is a lump at the end."""
    payoff = {"per_year": {"happened(dawn)": 1.0}, "at_outcome": {"unresolved": 1.0}}
    mover = state(rule={"response": "scripted"}, payoff=payoff, profiles={"hawk": {"discount_per_year": 2.0}})
    events = {"dawn": {"what": "dawn", "day": 0}, "election": election(80), "return": election(140, "original")}
    changed = country(mover, events=events, mechanisms={"weight_spread": False})
    total, discount = 0.0, 1.0
    for days, rate in ((80.0, 0.1), (60.0, 2.0), (60.0, 0.1)):
        left = exp(-rate * days / YEAR)
        total += discount * (1.0 - left) / rate
        discount *= left
    assert sim.run(changed, seed=1).outcome["payoff_state"] == pytest.approx(total + discount, rel=1e-12)


def test_a_change_back_to_the_original_decides_as_before() -> None:
    """With the same discount rate and no change of moves in between, the run goes on as without any change."""
    still = {"hawk": {"payoff": {"per_year": {"attacks": -3.0}}}}
    events = {"election": election(51), "defeat": election(54, "original")}
    changed, plain = country(state(profiles=still), events=events), country(state(profiles=still))
    for k in range(5):
        a, b = (sim.run(scenario, seed=3, replication=k) for scenario in (changed, plain))
        assert a.decisions == b.decisions
        assert a.outcome["payoff_state"] != b.outcome["payoff_state"]


def test_another_rule_starts_without_memory() -> None:
    """A grim punisher who becomes another and returns has forgotten; with other weights alone he has not."""
    mover = state(
        rule={"response": "reciprocal", "parameters": {"strategy": "grim"}},
        keeps_deal="wait",
        answers_breach="attack",
        profiles={"calm": {"rule": {"response": "schedule_as_written"}}, "mild": {"discount_per_year": 0.2}},
    )
    surge = {"violence": "high"}
    rebels = actor(
        {"wait": {"violence": "low"}, "surge": surge}, "surge", scheduled_moves=[{"day": 20, "move": "wait"}]
    )
    reputation = {"every_days": 7, "pledge": 0.5, "gain": 0.2, "sd_log": 0.5, "clip_per_week": 1, "forget_days": 60}

    def last_move(profile: str) -> str:
        scenario = country(mover, events={"out": election(40, profile), "back": election(60, "original")})
        posture = {"low": 0.1, "high": 1.5}
        changes: dict[str, Any] = {"actors.rebels": rebels, "world.armed_forces.fighters.posture": posture}
        run = sim.run(scenario.replace(changes | {"world.reputation": reputation}), seed=1)
        assert [d.chosen for d in run.decisions if d.day in (15, 35)] == ["attack", "attack"]
        return run.decisions[-1].chosen

    assert last_move("calm") == "wait"
    assert last_move("mild") == "attack"


def test_a_change_is_told_and_explained() -> None:
    """By the event's text, with the new precision, window and parts of what the new profile wants."""
    run = sim.run(country(state(), events={"election": election(52)}), seed=1)
    assert "the hawks win" in [text for _, text in run.story()]
    rows = run.events[run.events.kind == "profile"]
    assert list(zip(rows.actor, rows.entity, rows.day, strict=True)) == [("state", "hawk", 52.0)]
    before, after = (run.explain(decision.date).decisions[0] for decision in run.decisions[4:6])
    assert (before.precision, after.precision) == (5.0, 20.0)
    assert "over 100 days" in before.rule
    assert "over 60 days" in after.rule
    for explained in (before, after):
        for move in explained.moves:
            assert sum(move.terms.values()) == pytest.approx(move.value, abs=1e-12)
    parts = [sum("beyond_window.balance_of_force" in move.terms for move in e.moves) for e in (before, after)]
    assert parts == [2, 2]


@pytest.mark.parametrize("valuation", ["drift", "lookahead", "ewa", "fictitious_play"])
def test_engines_agree_on_changed_actors(valuation: str) -> None:
    """The event engine's runs are the rows of a batch, to the bit, whatever values the moves."""
    parameters = {"lookahead": {"rollouts": 2, "depth": 2}}.get(valuation, {})
    rule = {**LOGIT, "valuation": valuation, "parameters": parameters}
    vote = {
        "what": "an election",
        "per_day": 0.02,
        "at_most": 5,
        "one_of": {
            "hawks_win": {"what": "the hawks win", "probability": 0.5, "becomes": {"state": "hawk"}},
            "doves_win": {"what": "the doves win", "becomes": {"state": "original"}},
        },
    }
    scenario = country(state(rule=rule), events={"election": vote}, horizon_days=100)
    table = sim.replicate(scenario, runs=6, seed=5).outcome_table
    for k in range(6):
        outcome = sim.run(scenario, seed=5, replication=k).outcome
        assert {key: str(column[k]) for key, column in table.items()} == texts({key: outcome[key] for key in table})


def test_worlds_played_ahead_hold_no_change_of_an_actor() -> None:
    """Lookahead values moves before an election as without it, though it plays past its date."""
    rule = {**LOGIT, "valuation": "lookahead", "parameters": {"rollouts": 2, "depth": 3}}
    with_it = sim.run(country(state(rule=rule), events={"election": election(9)}, horizon_days=30), seed=1)
    without = sim.run(country(state(rule=rule), horizon_days=30), seed=1)
    assert with_it.decisions[0] == without.decisions[0]
    assert with_it.decisions[1].moves != without.decisions[1].moves


def test_a_fork_keeps_what_an_actor_has_become() -> None:
    """Wherever the profile stands in the changed file; one that is gone cannot be kept."""
    run = sim.run(country(state(), events={"election": election(52)}), seed=1)
    assert run.fork(70).digest == run.digest
    fork = run.fork(70, {"actors.state.profiles": {"dove": {"discount_per_year": 0.01}, "hawk": HAWK}})
    assert fork.decisions == run.decisions
    with pytest.raises(UsageError, match="found no hawk, expected every profile that the actor may have now"):
        run.fork(70, {"actors.state.profiles": {}, "events": {}})


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"events.election.becomes": {"stat": "hawk"}}, "events.election.becomes.stat", "Did you mean 'state'?"),
    ({"events.election.becomes.state": "hwak"}, "events.election.becomes.state", "Did you mean 'hawk'?"),
    (
        {"actors.state.profiles.original": {}},
        "actors.state.profiles.original",
        "found a profile called original, expected another name: it is the actor of day 0",
    ),
    (
        {"actors.state.profiles.hawk.payoff.per_year": {"attack": 1}},
        "actors.state.profiles.hawk.payoff.per_year.attack",
        "Did you mean 'attacks'?",
    ),
    (
        {"actors.state.profiles.hawk.payoff.per_year": {"day": 1}},
        "actors.state.profiles.hawk.payoff.per_year.day",
        "found 'day', which the payoff of the actor does not weigh, expected a key of its payoff.per_year. Give it",
    ),
    (
        {"actors.state.profiles.hawk.payoff.at_outcome": {"settled": 1}},
        "actors.state.profiles.hawk.payoff.at_outcome.settled",
        "expected a key of its payoff.at_outcome",
    ),
    (
        {"actors.state.profiles.hawk.rule": {"response": "schedule_as_written"}},
        "actors.state.profiles.hawk.rule",
        "found response schedule_as_written of an actor without keeps_deal",
    ),
    ({"actors.state.profiles.hawk.rule": {"lam": 2}}, "actors.state.profiles.hawk.rule.lam", "one of response, "),
    (
        {"actors.state.profiles": {f"p{i}": {} for i in range(7)}, "events": {}},
        "actors.state.profiles.p6",
        "found 7 profiles of all actors, expected at most 6",
    ),
]


@pytest.mark.parametrize(("changes", "place", "words"), BAD, ids=[place for _, place, _ in BAD])
def test_bad_profiles_are_refused_at_their_place(changes: dict[str, Any], place: str, words: str) -> None:
    """Each mistake once, with what is legal."""
    scenario = country(state(), events={"election": election(52)})
    with pytest.raises(ScenarioError) as caught:
        scenario.replace(changes)
    assert place in [problem.path for problem in caught.value.problems]
    assert words in str(caught.value)
