"""Events: what they set, by which chance they happen, what the story says; who claims an office twice."""

from __future__ import annotations

from math import exp, sqrt
from typing import Any

import numpy as np
import pytest
from toy_deals import actor, deal, rebels_who_attack

import sim
from sim.engine.event import EventEngine
from sim.errors import UsageError
from sim.kernel.bound import bound
from sim.kernel.rollout import hide_luck

STRENGTH = "world.armed_forces.fighters.strength_thousand"
RUNS = 400


def with_events(events: dict[str, Any], **sections: Any) -> sim.Scenario:
    """Return a deal of 200 days with one insurgent force and some events."""
    return deal(world=rebels_by_strength(), events=events, **sections)


def rebels_by_strength() -> dict[str, Any]:
    """Return a world with one insurgent force, whose attacks grow with its strength."""
    return rebels_who_attack(20.0, 0.0, attacks={"per_day": 20.0, "capacity_exponent": 1.0})


def blow(strength: float = 4.0, **due: Any) -> dict[str, Any]:
    """Return an event that sets the strength of the fighters."""
    return {"what": "a blow", "set": {STRENGTH: strength}} | due


def first_days(scenario: sim.Scenario, runs: int = RUNS, seed: int = 7) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the day on which a milestone `seen` was reached in each run, or NaN."""
    return np.asarray(sim.replicate(scenario, runs=runs, seed=seed).outcome_table["seen_day"], dtype=np.float64)


def same_worlds(a: sim.Scenario, b: sim.Scenario, runs: int = 40) -> bool:
    """Return whether all runs of two scenarios come out the same to the bit."""
    tables = [sim.replicate(scenario, runs=runs, seed=3).outcome_table for scenario in (a, b)]
    return all(tables[0][key].tolist() == tables[1][key].tolist() for key in ("attacks", "deaths", "outcome_day"))


# --- what events set -------------------------------------------------------------------------------------------------
def test_dated_events_set_the_running_world_on_their_day() -> None:
    """Troops, strength and the attack rate are what an event says from its day on."""
    withdrawal = {"troops": {"owner": "state", "start": 5_000, "steps": []}}
    events = {
        "calm": {"day": 30, "what": "a calm", "set": {"world.armed_forces.fighters.attacks.per_day": 0}},
        "surge": {"day": 10, "what": "a surge", "set": {"deal.withdrawal.troops.troops": 9_000}},
        "blow": blow(day=20),
    }
    run = sim.run(with_events(events, deal={"withdrawal": withdrawal}), seed=1)
    table = run.series_table
    assert list(table["troop_count(troops)"][[10, 11]]) == [5_000, 9_000]  # a day's values are read before its events
    assert list(table["strength(fighters)"][[20, 21]]) == [10, 4]
    assert table["daily_attacks(fighters)"][:31].sum() > 300
    assert table["daily_attacks(fighters)"][31:].sum() == 0
    assert list(run.events[run.events.kind == "event"].entity) == ["surge", "blow", "calm"]
    assert list(run.events[run.events.kind == "setting"].day) == [10, 20, 30]


def test_an_event_that_ends_a_dual_office_resolves_it() -> None:
    """The historical scenario ends the dual presidency on 17 May 2020, which lifts cohesion at once."""
    run = sim.run(sim.load("doha_2020/historical"), seed=2)
    events = run.events[run.events.entity == "presidency"]
    assert list(events.kind) == ["office_claimed_twice", "office_resolved"]
    resolved = events.iloc[1]
    assert resolved.date <= "2020-05-17"
    cohesion = run.series_table["cohesion(presidency)"]
    assert cohesion[int(resolved.day) + 1] > cohesion[int(resolved.day) - 1] + 0.1


# --- chance ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("due", [{"day": 20}, {"when": "day >= 20"}], ids=["dated", "conditional"])
def test_probability_one_is_certain_and_probability_zero_is_never(due: dict[str, Any]) -> None:
    """An event of probability 1 is the event without chance, one of 0 is no event, to the bit."""
    certain, never, none = (
        with_events({"blow": blow(**due)}),
        with_events({"blow": blow(**due, probability=0.0)}),
        with_events({}),
    )
    assert same_worlds(certain, with_events({"blow": blow(**due, probability=1.0)}))
    assert same_worlds(never, none)
    assert not same_worlds(certain, none)
    assert same_worlds(with_events({"blow": blow(per_day=0.0)}), none)


def test_an_event_happens_with_its_probability() -> None:
    """On its date, in a share of the runs that its probability says, at four standard errors."""
    seen = {"milestones": {"seen": "happened(blow)"}}
    days = first_days(with_events({"blow": blow(day=20, probability=0.3)}, **seen))
    assert set(days[~np.isnan(days)]) == {21.0}  # noted at the end of the next step
    assert abs((~np.isnan(days)).mean() - 0.3) < 4.0 * sqrt(0.3 * 0.7 / RUNS)


def test_a_larger_probability_adds_runs_and_takes_none_away() -> None:
    """Scenarios share the luck of an event: who saw it at 0.3 sees it at 0.5."""
    seen = {"milestones": {"seen": "happened(blow)"}}
    few, more = (~np.isnan(first_days(with_events({"blow": blow(day=20, probability=p)}, **seen))) for p in (0.3, 0.5))
    assert (few & ~more).sum() == 0
    assert more.sum() > few.sum()


def test_the_wait_for_a_hazard_is_exponential() -> None:
    """Of a rate of 0.02 a day, a share 1 - exp(-1) has come by day 50, and the mean wait, cut at day 200, is theirs."""
    days = first_days(with_events({"blow": blow(per_day=0.02)}, milestones={"seen": "happened(blow)"}), runs=1_500)
    share = 1.0 - exp(-1.0)
    assert abs((days <= 50).mean() - share) < 4.0 * sqrt(share * (1.0 - share) / 1_500)
    mean = (1.0 - exp(-4.0)) / 0.02
    waits = np.where(np.isnan(days), 200.0, days) - 0.5  # it is noted at the end of its step
    assert abs(waits.mean() - mean) < 4.0 * waits.std() / sqrt(1_500)


def test_a_hazard_waits_while_its_condition_does_not_hold_and_keeps_its_luck() -> None:
    """Thirty days later in a scenario in which it starts thirty days later, run by run."""
    seen = {"milestones": {"seen": "happened(blow)"}}
    now = first_days(with_events({"blow": blow(per_day=0.02)}, **seen))
    later = first_days(with_events({"blow": blow(per_day=0.02, when="day >= 30")}, **seen))
    assert np.array_equal(later, np.where(now + 30 <= 200, now + 30, np.nan), equal_nan=True)
    until = first_days(with_events({"blow": blow(per_day=0.02, when="date < 2020-03-30")}, **seen))
    assert np.array_equal(until, np.where(now <= 30, now, np.nan), equal_nan=True)


def test_a_hazard_comes_again_as_often_as_it_may() -> None:
    """Counts are Poisson of the mean rate times time, cut at the most."""
    sections = {"milestones": {"seen": "happened(murder) >= 3", "never": "happened(murder) > 3"}}
    scenario = with_events({"murder": {"what": "a murder", "per_day": 0.2, "at_most": 3}}, **sections)
    table = sim.replicate(scenario, runs=100, seed=1).outcome_table
    assert not np.isnan(table["seen_day"]).any()
    assert np.isnan(table["never_day"]).all()
    run = sim.run(scenario, seed=1)
    murders = run.events[run.events.kind == "event"]
    assert list(murders.value) == [1.0, 2.0, 3.0]
    assert murders.day.is_monotonic_increasing
    free = scenario.replace({"events.murder.at_most": 1_000})
    counts = [(sim.run(free, seed=3, replication=k).events.kind == "event").sum() for k in range(40)]
    assert abs(np.mean(counts) - 40.0) < 4.0 * sqrt(40.0 / 40)


def test_a_condition_that_first_holds_brings_an_event_once() -> None:
    """At the end of the first step in which it holds, whatever holds later; on a date only if it holds then."""
    on = {"when": "strength(fighters) < 5 and day < 60"}
    events = {"blow": blow(day=20), "rise": blow(12.0, **on), "fall": blow(day=40)}
    run = sim.run(with_events(events), seed=1)
    table = run.events[run.events.kind == "event"]
    assert list(zip(table.entity, table.day, strict=True)) == [("blow", 20.0), ("rise", 21.0), ("fall", 40.0)]
    late = sim.run(with_events({"blow": blow(day=20, when="strength(fighters) < 5")}), seed=1)
    assert "event" not in set(late.events.kind)


# --- alternatives ----------------------------------------------------------------------------------------------------
VOTE = {
    "what": "the plebiscite",
    "day": 20,
    "one_of": {
        "yes": {"what": "the people say Yes", "probability": 0.4, "set": {STRENGTH: 5.0}},
        "no": {"what": "the people say No", "set": {STRENGTH: 15.0}},
    },
}


def test_an_event_brings_one_of_its_alternatives() -> None:
    """Each with its probability; the one without has what the others leave; each sets what it says."""
    marks = {"seen": "happened(yes)", "other": "happened(no)", "held": "happened(plebiscite)"}
    marks |= {"small": "strength(fighters) < 6", "large": "strength(fighters) > 14"}
    table = sim.replicate(with_events({"plebiscite": VOTE}, milestones=marks), runs=RUNS, seed=7).outcome_table
    yes, no, held, small, large = (~np.isnan(table[f"{name}_day"]) for name in marks)
    assert (yes ^ no).all()
    assert held.all()
    assert (yes == small).all()
    assert (no == large).all()
    assert abs(yes.mean() - 0.4) < 4.0 * sqrt(0.24 / RUNS)


def test_a_certain_alternative_is_its_event() -> None:
    """To the bit."""
    certain = with_events({"plebiscite": VOTE}).replace({"events.plebiscite.one_of.yes.probability": 1.0})
    assert same_worlds(certain, with_events({"plebiscite": blow(5.0, day=20)}))


def test_another_event_shifts_no_luck() -> None:
    """Not even one before it in the file: an event's luck goes by its name."""
    murder = {"what": "a murder", "per_day": 0.02}
    seen = {"milestones": {"seen": "happened(murder)"}}
    alone = first_days(with_events({"murder": murder}, **seen))
    after = first_days(with_events({"plebiscite": VOTE, "other": murder, "murder": murder}, **seen))
    assert np.array_equal(alone, after, equal_nan=True)
    renamed = first_days(with_events({"killing": murder}, milestones={"seen": "happened(killing)"}))
    assert not np.array_equal(alone, renamed, equal_nan=True)


# --- what people and actors make of them -----------------------------------------------------------------------------
def test_the_story_says_events_in_the_words_of_the_scenario() -> None:
    """Of the event, then of its alternative; the numbers that they set stand in the log alone."""
    run = sim.run(with_events({"plebiscite": VOTE}), seed=1)
    told = [text for _, text in run.story() if "plebiscite" in text or "people" in text]
    assert told[0] == "the plebiscite"
    assert told[1] in ("the people say Yes", "the people say No")
    assert not any("set to" in text for _, text in run.story())
    assert (run.events.kind == "setting").sum() == 1
    other = next(b for k in range(40) if (b := sim.run(run.scenario, seed=1, replication=k)).story() != run.story())
    assert "the people say" in str(run.diff(other))


def calling(**more: Any) -> sim.Scenario:
    """Return a deal whose state decides by looking ahead, after a vote calls it."""
    moves = {"wait": {}, "attack": {"posture": "offence"}}
    rule = {"response": "logit", "valuation": "drift", "lam_per_util": 5.0, "horizon_days": 100}
    payoff = {"per_year": {"attacks": -1.0, "on_offence": 0.1}}
    world = rebels_by_strength()
    world["armed_forces"]["army"] = {"kind": "regular", "actor": "state", "strength_thousand": 20}
    actors = {"state": actor(moves, "wait", rule=rule, payoff=payoff), "rebels": actor({"wait": {}}, "wait")}
    return deal(world=world, actors=actors, **more)


def test_an_event_calls_reviews() -> None:
    """One day later, with the event's words as what called it."""
    run = sim.run(calling(events={"plebiscite": VOTE | {"reviews": ["state"]}}), seed=2)
    assert [(d.actor, d.called_by, d.day) for d in run.decisions] == [("state", "trigger", 21.0)]
    explained = run.explain(run.decisions[0].date).decisions[0]
    assert explained.called == "trigger: the plebiscite (2020-03-20)"


def test_nobody_foresees_an_event() -> None:
    """The values of moves before it are those without it; what has happened stands on the path."""
    review = {"actors.state.review": {"every_days": 15, "offset_days": 15}}
    with_it, without = (
        sim.run(calling(events=events).replace(review), seed=2) for events in ({"blow": blow(day=20)}, {})
    )
    values = [[[move.value for move in d.moves] for d in run.decisions] for run in (with_it, without)]
    assert values[0][0] == values[1][0]
    assert values[0][1] != values[1][1]
    bonus = {"actors.state.payoff.per_year": {"happened(blow)": 3.65}}
    paid = sim.run(calling(events={"blow": blow(day=20)}).replace(review | bonus), seed=2)
    before, after = (d.moves[0].terms.get("happened(blow)", 0.0) for d in paid.decisions[:2])
    assert before == 0.0
    assert after == pytest.approx(3.65 * 100 / 365.25, rel=1e-12)
    assert paid.outcome["payoff_state"] == pytest.approx(3.65 * 180 / 365.25, rel=1e-12)


# --- engines ---------------------------------------------------------------------------------------------------------
EVERYTHING = {
    "plebiscite": VOTE | {"reviews": ["state"]},
    "murder": {"what": "a murder", "per_day": 0.05, "at_most": 6, "when": "happened(no)", "reviews": ["state"]},
    "blow": blow(3.0, when="happened(murder) >= 2", probability=0.5),
}


def test_engines_agree_on_events() -> None:
    """The event engine's runs are the rows of a batch, to the bit."""
    scenario = calling(events=EVERYTHING, milestones={"seen": "happened(blow)", "two": "happened(murder) >= 2"})
    table = sim.replicate(scenario, runs=12, seed=5).outcome_table
    for k in range(12):
        outcome = sim.run(scenario, seed=5, replication=k).outcome
        assert {key: str(column[k]) for key, column in table.items()} == {key: str(outcome[key]) for key in table}


def test_a_fork_keeps_what_happened() -> None:
    """A fork without changes is its run; one with another event first in the file keeps the counts of the others."""
    scenario = calling(events=EVERYTHING)
    run = next(r for k in range(40) if (r := sim.run(scenario, seed=5, replication=k)).events.entity.eq("murder").any())
    murder = run.events[run.events.entity == "murder"].iloc[0]
    assert run.fork(int(murder.day) + 1).digest == run.digest
    late = {"omen": {"what": "an omen", "day": int(murder.day) + 1}} | scenario.to_dict()["events"]
    fork = run.fork(int(murder.day) + 1, {"events": late})
    assert list(fork.events[fork.events.entity == "murder"].day) == list(run.events[run.events.entity == "murder"].day)
    assert "an omen" in [text for _, text in fork.story()]
    with pytest.raises(UsageError, match="found no murder, expected every event that has happened by then"):
        run.fork(int(murder.day) + 1, {"events": {"plebiscite": VOTE}})


def test_worlds_played_ahead_have_luck_of_their_own() -> None:
    """The unit exponential of a running hazard is drawn anew in them."""
    ready = bound(with_events({"blow": blow(per_day=0.02)}))
    engine = EventEngine(ready, seed=4, replication=0)
    engine.run(until=1)
    inside = engine.snapshot()
    assert inside["event_limit"][0, 0] > 0.0
    hide_luck(inside[0], ready.params[0], 0, 99, 0)
    assert (inside["event_limit"][0, 0], inside["event_used"][0, 0]) == (0.0, 0.0)
