"""A run that ends on the tick of any other clock ends before that clock acts, in both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from toy_deals import actor, deal, rebels_who_attack

import sim
from sim.engine.event import EventEngine
from sim.model.clocks import DEADLINE_CLOCK, EVENT_CLOCK, REPUTATION_CLOCK, REVIEW_CLOCK, SCHEDULE_CLOCK, TRIGGER_CLOCK

LAST = 6
STATE = 0  # the row of the actor `state`
CLOCKS = {
    "event": EVENT_CLOCK,
    "schedule": SCHEDULE_CLOCK + STATE,
    "reputation": REPUTATION_CLOCK,
    "deadline": DEADLINE_CLOCK,
    "trigger": TRIGGER_CLOCK + STATE,
    "review": REVIEW_CLOCK + STATE,
}
SPLIT = {"day": LAST - 1, "what": "a split", "set": {"world.offices.palace.cohesion_logit": -9}}
REPUTATION = {"every_days": LAST, "pledge": 1, "gain": 1, "sd_log": 1, "clip_per_week": 1, "forget_days": 99}
MENDED = {"day": LAST, "what": "a truce", "set": {"world.offices.palace.cohesion_logit": 9}}


def world_of(ending: str, due: set[str]) -> sim.Scenario:
    """Return a deal whose runs end on day LAST, by the horizon or by civil war, with clocks due on that very day."""
    moves = {"wait": {}, "talk": {"cost_util": 3.0}}
    state = actor(moves, "wait", rule={"response": "uniform", "valuation": "none"})
    if "review" in due:
        state["review"] = {"every_days": LAST, "offset_days": LAST}
    if "schedule" in due:
        state["scheduled_moves"] = [{"day": LAST, "move": "talk"}]
    office = {"actor": "state", "revert_days": 1e9, "cohesion_logit": 9.0, "dual": {"start_day": 0, "mean_days": 1e9}}
    world: dict[str, Any] = rebels_who_attack(20.0, 0.3, mass_casualty_per_attack=1.0, unattributed_share=0.2)
    world["offices"] = {"palace": office}
    if "reputation" in due:
        world["reputation"] = REPUTATION
    sections: dict[str, Any] = {
        "actors": {"state": state, "rebels": actor({"wait": {}}, "wait")},
        "world": world,
        "events": {"split": SPLIT, "mended": MENDED} if "event" in due else {"split": SPLIT},
        "horizon_days": LAST,
    }
    outcomes = {}
    if ending == "civil_war":
        sections["horizon_days"] = 50
        outcomes = {
            "civil_war": {
                "per_day": 1e6,
                "factors": {"weak": {"form": "logistic", "of": "cohesion", "midpoint": 0.5, "width": -0.01}},
            }
        }
    deadlines = [{"day": LAST, "what": "a date", "reviews": ["state"]}] if "deadline" in due else []
    sections["deal"] = {"deadlines": deadlines, "outcomes": outcomes}
    if "trigger" not in due:
        sections["mechanisms"] = {"triggers": False}
    return deal(**sections)


@pytest.mark.parametrize("due", [*CLOCKS, "all"])
@pytest.mark.parametrize("ending", ["horizon", "civil_war"])
def test_what_is_due_on_the_last_tick_does_not_happen(ending: str, due: str) -> None:
    """The clock stands at the tick of the outcome, which is the last event, and the run is row 0 of a batch."""
    wanted = set(CLOCKS) if due == "all" else {due}
    scenario = world_of(ending, wanted)
    for seed in range(5):
        engines: list[EventEngine] = []
        run = sim.run(scenario, seed=seed, hooks=[lambda engine, _, kept=engines: kept.append(engine)])
        state = engines[-1].state[0]
        assert {kind for kind in CLOCKS if state.clock[CLOCKS[kind]] == state.outcome_tick} == wanted
        assert (run.outcome["outcome_day"], run.outcome["outcome"] == "civil_war") == (LAST, ending == "civil_war")
        assert list(run.events.kind)[-1] == "outcome"
        row = sim.replicate(scenario, runs=1, seed=seed, threads=1).outcome_table
        untraced = sim.run(scenario, seed=seed, trace=False).outcome
        for key, column in row.items():
            assert str(column[0]) == str(run.outcome[key]) == str(untraced[key]), (seed, key)


def test_a_shipped_scenario_that_ends_on_the_day_of_an_event() -> None:
    """A run of the historical scenario that ends on day 23 or 78, on which an event is due."""
    scenario = sim.load("doha_2020/historical")
    batch = sim.replicate(scenario, runs=4_000, seed=7).outcome_table
    replication = int(np.flatnonzero(np.isin(batch["outcome_day"], (23.0, 78.0)))[0])
    run = sim.run(scenario, seed=7, replication=replication)
    assert run.outcome["outcome_day"] in {event.day for event in scenario.events.values()}
    assert list(run.events.kind)[-1] == "outcome"
    row = {key: str(column[replication]) for key, column in batch.items()}
    assert row == {key: str(run.outcome[key]) for key in batch}
