"""Forks: the same world on the same luck, going on from a date, under changes or without."""

from __future__ import annotations

import functools
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from toy_deals import actor, deal

import sim
from sim.engine.event import EventEngine
from sim.errors import UsageError
from sim.experiments.run_record_of import run_record_of
from sim.kernel.bound import bound
from sim.random.seed import signed_seed

QUICK = {
    "doha_2020/baseline": {"horizon_days": 200},
    "doha_2020/historical": {"horizon_days": 100},
    "toys/two_actors": {"horizon_days": 90, "steps_per_day": 4},
    "toys/five_actors": {"horizon_days": 120},
}
CALM = {f"deal.outcomes.{name}.per_day": 0.0 for name in ("settlement", "government_collapse")}


@functools.lru_cache(maxsize=32)
def world(name: str, seed: int) -> sim.Run:
    """Return a short run of a built-in scenario, some in steps of six hours."""
    return sim.run(sim.load(name).replace(QUICK[name]), seed=seed)


def doha() -> sim.Run:
    """Return the first 200 days of the Doha baseline on seed 7."""
    return world("doha_2020/baseline", 7)


def last_day(run: sim.Run) -> int:
    """Return the day on which a run ended."""
    return int(run.outcome["outcome_day"])


def events_before(run: sim.Run, day: int) -> list[tuple[Any, ...]]:
    """List the events of a run before a day, all columns but NaN as text."""
    table = run.event_table
    rows = zip(*(table[name] for name in table), strict=True)
    return [tuple(map(str, row)) for row in rows if row[2] < day]


@settings(max_examples=12)
@given(st.sampled_from(sorted(QUICK)), st.integers(0, 5), st.floats(0, 1))
def test_a_fork_without_changes_equals_its_run(name: str, seed: int, when: float) -> None:
    """From any day on, and forked once more on a later one, a world comes out the same to the bit."""
    run = world(name, seed)
    day = int(when * last_day(run))
    fork = run.fork(day)
    assert fork.digest == run.digest
    assert fork.fork((day + last_day(run)) // 2).digest == run.digest
    assert (fork.parent, fork.notes) == (run, ())


@settings(max_examples=8)
@given(st.sampled_from(sorted(QUICK)), st.integers(0, 5), st.floats(0, 1), st.floats(0.1, 3.0))
def test_the_past_of_a_fork_is_that_of_its_run(name: str, seed: int, when: float, impatience: float) -> None:
    """Whatever changes, events and daily values before the date are those of the run."""
    run = world(name, seed)
    day = int(when * last_day(run))
    fork = run.fork(day, {f"actors.{a}.discount_per_year": impatience for a in run.scenario.actors})
    assert events_before(fork, day) == events_before(run, day)
    for column, values in run.series_table.items():
        if day > 0 or column in ("day", "date"):
            assert np.array_equal(fork.series_table[column][:day], values[:day])


@settings(max_examples=8)
@given(st.sampled_from(sorted(QUICK)), st.integers(0, 5), st.floats(0, 1), st.floats(0, 1))
def test_a_change_that_shows_only_later_gives_the_run_of_the_changed_scenario(
    name: str, seed: int, when: float, later: float
) -> None:
    """An event after the date could as well have been in the scenario from the start: the fork is that run."""
    run = world(name, seed)
    day = int(when * last_day(run))
    blow_day = day + int(later * (last_day(run) - day))
    force = next(n for n, f in run.scenario.world.armed_forces.items() if f.kind == "insurgent")
    blow = {"day": blow_day, "what": "a blow", "set": {f"world.armed_forces.{force}.strength_thousand": 3.0}}
    changes = {"events.blow": blow}
    assert run.fork(day, changes).digest == sim.run(run.scenario.replace(changes), seed).digest


def test_a_fork_on_day_0_is_a_run_of_the_changed_scenario() -> None:
    """On day 0 nothing is too late: start values and draws count."""
    run = world("doha_2020/baseline", 3)
    changes = {
        "world.armed_forces.taliban_fighters.strength_thousand": 80.0,
        "actors.government.opening_move": "decree",
        "payoff_spread.lognormal_sd": 0.1,
        "actors.us.types.leaving_anyway.probability": 0.1,
        "actors.us.reconsiders_days": 5,
    }
    fork = run.fork(0, changes)
    assert fork.digest == sim.run(run.scenario.replace(changes), 3).digest
    assert fork.notes == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "another title"},
        {"actors.taliban.scheduled_moves.0.day": 8},
        {"deal.deadlines.0.what": "something else"},
        {"deal.captives.taliban_prisoners.setup_lag_days.shape": 4.5},
        {"actors.us.opening_move": "pause"},
    ],
)
def test_a_change_without_effect_after_the_date_changes_no_event(changes: dict[str, Any]) -> None:
    """What lies before the date, and what nobody reads any more, changes nothing that happens."""
    run = doha()
    assert run.fork("2020-05-17", changes).digest == run.digest


def test_runs_and_batches_are_not_touched() -> None:
    """Forking leaves its run, the encoded scenario and batches as they were."""
    scenario = sim.load("doha_2020/baseline").replace(QUICK["doha_2020/baseline"])
    run = sim.run(scenario, seed=4)
    before = run.digest, sim.replicate(scenario, runs=5, seed=4).digest, bound(scenario).tables.tobytes()
    run.fork(40, {"mechanisms.aid": False}, moves={"government": "decree"})
    again = sim.run(scenario, seed=4)
    assert (again.digest, sim.replicate(scenario, runs=5, seed=4).digest, bound(scenario).tables.tobytes()) == before


def test_untraced_runs_can_be_forked() -> None:
    """The past is simulated again, so it need not have been kept."""
    run = world("doha_2020/baseline", 2)
    assert sim.run(run.scenario, seed=2, trace=False).fork(50).digest == run.digest


# --- forced moves --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("day", [0, 7, 9, 10, 19, 135])
def test_a_forced_move_stands_in_for_every_decision_of_its_date(day: int) -> None:
    """Reviews, deadlines and triggers of that actor on that date are not held; the move is logged as a move."""
    run = doha()
    for name in run.scenario.actors:
        standing = next(s.move for s in run.explain(max(day - 1, 0)).standing if s.actor == name)
        move = next(m for m in run.scenario.actors[name].moves if m != standing)
        fork = run.fork(day, moves={name: move})
        table = fork.event_table
        mine = (table["day"] == day) & (table["actor"] == name)
        assert list(table["move"][mine & (table["kind"] == "move")]) == [move]
        assert not (mine & (table["kind"] == "decision")).any()
        assert events_before(fork, day) == events_before(run, day)
        assert fork.fork(day).digest == fork.digest
        assert fork.fork(day + 1).digest == fork.digest
        others = [d.actor for d in run.decisions if d.day == day and d.actor != name]
        assert others == [d.actor for d in fork.decisions if d.day == day and d.actor != name]


def test_a_forced_move_in_steps_of_hours_holds_for_the_whole_date() -> None:
    """With four steps a day, and a review in each, the actor first decides on the day after."""
    run = world("toys/two_actors", 1)
    fork = run.fork(30, {"actors.state.review.every_days": 0.25}, moves={"state": "free"})
    days = [d.day for d in fork.decisions if d.actor == "state" and d.day >= 30]
    assert days[:4] == [31.0, 31.25, 31.5, 31.75]


def test_a_forced_move_that_is_not_legal_is_made_and_said() -> None:
    """A move whose guard does not hold stands all the same, and the fork says so."""
    run = doha()
    fork = run.fork(50, moves={"us": "pause"})
    assert next(s.move for s in fork.explain(50).standing if s.actor == "us") == "pause"
    assert len(fork.notes) == 1
    assert fork.notes[0].startswith("us: pause is made although it was not legal when the day began (needs day > 135")


def test_calendar_entries_of_the_date_give_way_to_a_forced_move() -> None:
    """A move that the scenario had scheduled for the date is not made."""
    run = doha()
    assert run.fork(2, moves={"taliban": "surge"}).scenario.actors["taliban"].scheduled_moves == (
        run.scenario.actors["taliban"].scheduled_moves[0].model_copy(update={"move": "surge"}),
    )


# --- calendars -----------------------------------------------------------------------------------------------------
def test_changed_calendars_hold_from_the_date_on() -> None:
    """Reviews, deadlines, scheduled moves and events follow the changed calendar after the date, and only then."""
    run = sim.run(sim.load("doha_2020/baseline").replace({**CALM, "horizon_days": 200}), seed=7)
    deadlines = run.scenario.to_dict()["deal"]["deadlines"]
    moved = [d.chosen for d in run.decisions if d.actor == "us" and d.day < 61]
    other = "schedule" if moved and moved[-1] == "accelerate" else "accelerate"
    fork = run.fork(
        50,
        {
            "actors.government.review": {"every_days": 10, "offset_days": 3},
            "actors.government.reconsiders_days": None,
            "actors.us.scheduled_moves": [{"day": 20, "move": "accelerate"}, {"day": 61, "move": other}],
            "deal.deadlines": [
                *deadlines,
                {"day": 30, "what": "past", "reviews": ["us"]},
                {"day": 77, "what": "to come", "reviews": ["us"]},
            ],
            "world.reputation.every_days": 10,
        },
    )
    reviews = [d.day for d in fork.decisions if d.actor == "government" and d.called_by == "review" and d.day >= 50]
    assert reviews[:3] == [53.0, 63.0, 73.0]
    assert [d.day for d in fork.decisions if d.called_by == "deadline" and d.actor == "us"] == [77.0, 135.0]
    moves = [(day, move) for day, kind, who, move in zip(*columns(fork, "day", "kind", "actor", "move"), strict=True)
             if kind == "move" and who == "us" and day == 61]  # fmt: skip
    assert moves == [(61.0, other)]
    reputations = [day for day, kind in zip(*columns(fork, "day", "kind"), strict=True) if kind == "reputation"]
    assert [day for day in reputations if day >= 50] == [float(day) for day in range(50, int(reputations[-1]) + 1, 10)]
    assert [day for day in reputations if day < 50] == [7.0, 14.0, 21.0, 28.0, 35.0, 42.0, 49.0]


def columns(run: sim.Run, *names: str) -> list[Any]:
    """Return columns of the events of a run."""
    return [run.event_table[name] for name in names]


def test_what_stands_is_read_anew() -> None:
    """A move whose content changes has its new content at once: releases begin, postures count."""
    sections = {
        "deal": {"captives": {"prisoners": {"holder": "state", "claimant": "rebels", "held": 900, "promised": 600}}},
    }
    run = sim.run(deal(**sections), seed=1)
    fork = run.fork(20, {"actors.state.moves.wait.release": {"per_day": 10, "list": "own"}})
    freed = fork.series_table["persons_freed(prisoners)"]
    assert freed[19] == 0.0
    assert freed[25] - freed[24] == 10.0


def test_draws_that_a_scenario_had_not_before_are_those_of_day_0() -> None:
    """Switched on in the middle, types and weights are what they would have been from the start."""
    spread = sim.load("doha_2020/baseline")
    run = sim.run(spread.replace({"mechanisms.types": False, "mechanisms.weight_spread": False}), seed=7)
    fork = run.fork(60, {"mechanisms.types": True, "mechanisms.weight_spread": True})
    assert fork.origin is not None
    assert run.origin is None
    start = EventEngine(bound(spread), signed_seed(7), 0).state
    assert np.array_equal(fork.origin.past.state["spread"], start["spread"])
    assert np.array_equal(fork.origin.past.state["type"], start["type"])


def test_weights_keep_their_spread_when_terms_move_places() -> None:
    """A payoff with one term more, in front, leaves the factors of the other terms as they were drawn."""
    run = doha()
    old = run.scenario.to_dict()["actors"]["us"]["payoff"]["per_year"]
    fork = run.fork(60, {"actors.us.payoff.per_year": {"cohesion": 0.1, **old}})
    assert fork.origin is not None
    before = EventEngine(bound(run.scenario), signed_seed(7), 0).state["spread"][0, 2]
    after = fork.origin.past.state["spread"][0, 2]
    assert np.array_equal(after[1 : 1 + len(old)], before[: len(old)])
    assert after[0] not in (1.0, before[0])
    past = fork.origin.past
    assert past.ledger[2].sum() == pytest.approx(past.state["payoff"][0, 2], abs=1e-12)
    assert past.ledger[2, 0] == 0.0


def test_a_term_that_a_payoff_has_been_made_of_cannot_be_dropped() -> None:
    """What was paid so far stays accounted for; a weight of 0 ends it."""
    path = "actors.us.payoff.per_year"
    old = doha().scenario.to_dict()["actors"]["us"]["payoff"]["per_year"]
    with pytest.raises(UsageError, match=f"fork: {path}: found no troops, expected every term"):
        doha().fork(60, {path: {term: weight for term, weight in old.items() if term != "troops"}})
    assert doha().fork(60, {f"{path}.troops": 0}).notes == ()


def test_a_changed_rule_starts_without_memory() -> None:
    """What one rule remembered means nothing to another; it is cleared, and said."""
    learned = {"actors.us.rule.valuation": "ewa"}
    run = sim.run(sim.load("doha_2020/baseline").replace(learned), seed=7)
    fork = run.fork(100, {"actors.us.rule.valuation": "fictitious_play"})
    assert fork.notes == ("actors.us.rule: the changed rule starts without memory",)
    assert fork.origin is not None
    assert not fork.origin.past.state["memory"][0, 2].any()
    assert run.fork(100).digest == run.digest


# --- what is refused or said ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"steps_per_day": 2}, "steps_per_day"),
        ({"start": "2020-03-01"}, "start"),
        ({"actors.us.moves.leave": {}}, "actors.us.moves"),
        ({"milestones.first_release": None}, "milestones"),
        ({"deal.promises": {}}, "deal.promises"),
        (
            {
                "world.offices": {},
                "deal.outcomes.civil_war.factors": {},
                "actors.us.moves.threaten.pressure.until": "persons_freed(taliban_prisoners) >= 1000",
            },
            "world.offices",
        ),
        ({"horizon_days": 30}, "horizon_days"),
    ],
)
def test_changes_of_what_the_numbers_mean_are_refused(changes: dict[str, Any], named: str) -> None:
    """The message names the change, what it would make, what the run has, and what to do."""
    run = sim.run(sim.load("doha_2020/baseline").replace({"mechanisms.cohesion": False}), seed=7)
    if named == "world.offices":
        for name, who in run.scenario.actors.items():
            weights = {k: v for k, v in who.payoff.per_year.items() if str(k) != "cohesion"}
            changes = changes | {f"actors.{name}.payoff.per_year": {str(k): v for k, v in weights.items()}}
    with pytest.raises(UsageError, match=rf"fork: {named}.*expected"):
        run.fork("2020-05-17", changes)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("world.armed_forces.taliban_fighters.strength_thousand", 80, "keeps the strength"),
        ("deal.withdrawal.us_troops.start", 14000, "stay"),
        ("world.aid_flows.us_aid.usd_bn_per_year", 5, "aid flows as it does"),
        ("world.offices.presidency.cohesion_logit", 1, "no effect"),
        ("world.reputation.start", 1, "drift back"),
        ("actors.us.opening_move", "pause", "opening is past"),
        ("actors.us.types.leaving_anyway.probability", 0.1, "drawn on day 0"),
        ("payoff_spread.lognormal_sd", 0.1, "drawn on day 0"),
        ("deal.captives.taliban_prisoners.setup_lag_days.mean", 30, "drawn on day 0"),
        ("deal.captives.taliban_prisoners.returns.probability", 0.3, "drawn on day 0"),
        ("deal.deadlines.0.day", 12, "before day 78"),
        ("world.offices.presidency.dual.start_day", 20, "before day 78"),
        ("actors.taliban.scheduled_moves.0.day", 9, "before day 78"),
    ],
)
def test_what_comes_too_late_is_said(path: str, value: Any, told: str) -> None:
    """Start values, draws of day 0 and entries before the date are legal to change and named in the notes."""
    run = doha()
    notes = run.fork("2020-05-17", {path: value}).notes
    assert len(notes) == 1
    assert told in notes[0]
    if told != "before day 78":
        assert notes[0].startswith(path.removesuffix(".mean"))


@pytest.mark.parametrize(
    "changes",
    [
        {"world.armed_forces.afghan_forces.strength_thousand": 200},
        {"actors.us.discount_per_year": 0.1},
        {"mechanisms.aid": False},
        {"deal.deadlines.1.day": 140},
    ],
)
def test_what_is_in_time_needs_no_note(changes: dict[str, Any]) -> None:
    """A change that takes its full effect says nothing; the capacity of a regular force is an index of its start."""
    assert doha().fork("2020-05-17", changes).notes == ()


@pytest.mark.parametrize(
    ("date", "message"),
    [
        ("2020-02-28", r"found 2020-02-28 \(day -1\), expected a date of the run, from 2020-02-29 \(day 0\)"),
        (100_000, "found 2293-12-14 .*expected a date of the run"),
        (10**9, "far from any date"),
        ("May", "found 'May', expected a date such as '2020-02-29'"),
        (None, "found NoneType"),
        (True, "found bool"),
        (float("nan"), "found float"),
    ],
)
def test_dates_that_are_none_of_the_run_are_refused(date: Any, message: str) -> None:
    """The message says what was found, the first and the last date, and decision dates nearby."""
    run = doha()
    with pytest.raises(UsageError, match=message):
        run.fork(date)


@pytest.mark.parametrize(
    ("moves", "message"),
    [
        ({"goverment": "stall"}, "no actor 'goverment'.*Did you mean 'government'"),
        ({"government": "stal"}, "no move 'stal'.*Did you mean 'stall'"),
    ],
)
def test_names_of_forced_moves_are_checked(moves: dict[str, str], message: str) -> None:
    """An actor or a move that does not exist is named with the nearest that does."""
    with pytest.raises(UsageError, match=message):
        world("doha_2020/baseline", 1).fork(40, moves=moves)


@pytest.mark.parametrize("given", [{"changes": ["mechanisms.aid"]}, {"moves": "government"}])
def test_changes_and_moves_are_mappings(given: dict[str, Any]) -> None:
    """Anything else is refused with an example."""
    with pytest.raises(UsageError, match="expected a mapping such as"):
        world("doha_2020/baseline", 1).fork(40, **given)


def test_horizons_can_change() -> None:
    """A longer or shorter horizon ends the fork then, and daily values go as far."""
    run = world("toys/five_actors", 2)
    for days in (100, 150):
        scenario = run.scenario.replace({"horizon_days": days})
        assert run.fork(50, {"horizon_days": days}).digest == sim.run(scenario, seed=2).digest


def test_series_that_a_scenario_had_not_before_are_unknown_before_the_date() -> None:
    """A column that comes with a change is NaN in the past; the others stay."""
    run = world("toys/two_actors", 2)
    dispute = {"opens_per_day": 0.1, "if_uncounted_over": 1, "mean_days": 10}
    fork = run.fork(40, {"deal.captives.prisoners.dispute": dispute})
    values = fork.series_table["dispute(prisoners)"]
    assert np.isnan(values[:40]).all()
    assert not np.isnan(values[40:]).any()
    assert "dispute(prisoners)" not in run.series_table


def test_a_fork_cannot_be_forked_before_it_begins() -> None:
    """What lies before belongs to the run that it came from."""
    fork = world("doha_2020/baseline", 1).fork(40, {"mechanisms.aid": False})
    with pytest.raises(UsageError, match=r"found day 39, expected day 40 or later.*run.parent.fork"):
        fork.fork(39)


def test_a_fork_has_no_record() -> None:
    """A record promises that scenario and seed give the run again, which is not so for a fork."""
    with pytest.raises(UsageError, match="found a fork"):
        run_record_of(world("doha_2020/baseline", 1).fork(40))


def test_a_fork_says_what_it_is() -> None:
    """The date of the fork stands in its name."""
    fork = world("doha_2020/baseline", 1).fork("2020-04-09")
    assert "forked on 2020-04-09" in repr(fork)
    assert str(fork.forked_on) == "2020-04-09"
    noted = world("doha_2020/baseline", 1).fork("2020-04-09", {"actors.us.opening_move": "pause"})
    assert "the opening is past" in noted._repr_html_()


def test_scripted_actors_take_forced_moves_and_keep_them() -> None:
    """An actor without reviews goes on with the forced move."""
    run = sim.run(deal(actors={"state": actor({"wait": {}, "act": {}}, "wait"), "rebels": actor({"w": {}}, "w")}))
    fork = run.fork(10, moves={"state": "act"})
    assert [s.move for s in fork.explain(150).standing] == ["act", "w"]
