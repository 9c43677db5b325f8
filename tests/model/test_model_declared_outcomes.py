"""Outcomes of a scenario's own: by condition, by hazard, at the horizon; those after which a run goes on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from toy_deals import actor, deal, prisoners

import sim
from sim.errors import ScenarioError
from sim.scenario.scenario import Scenario

HOME = {"all_home": {"label": "all are home", "role": "good", "when": "persons_freed(prisoners) >= 1000"}}


def releasing(outcomes: dict[str, Any], **payoff: Any) -> Scenario:
    """Return a deal in which a state that never decides frees 50 persons a day."""
    free = {"free": {"release": {"per_day": 50, "list": "claimant"}}}
    state = actor(free, "free", payoff={"per_year": {"freed(prisoners)": 365.25}} | payoff)
    return deal(
        actors={"state": state, "rebels": actor({"wait": {}}, "wait")},
        deal={"captives": prisoners(), "outcomes": outcomes},
        horizon_days=60,
    )


def test_an_outcome_comes_once_its_condition_holds() -> None:
    """A thousand are free after twenty days, and the run ends; without outcomes it is unresolved at its horizon."""
    run = sim.run(releasing(HOME), seed=1)
    assert (run.outcome["outcome"], run.outcome["outcome_day"], run.outcome["end_day"]) == ("all_home", 20.0, 20.0)
    run = sim.run(releasing({}), seed=1)
    assert (run.outcome["outcome"], run.outcome["outcome_day"]) == ("unresolved", 60.0)


def test_a_run_that_goes_on_after_its_outcome_earns_on_and_has_no_other() -> None:
    """Flows are those of a run without outcomes, the lump is paid on the day; a certain end later does not come."""
    paid = {"at_outcome": {"all_home": 5.0}}
    going_on = {"all_home": HOME["all_home"] | {"ends_run": False}, "void": {"per_day": 1e6, "from_day": 30}}
    run = sim.run(releasing(going_on, **paid), seed=1)
    plain = sim.run(releasing({}), seed=1)
    assert (run.outcome["outcome"], run.outcome["outcome_day"], run.outcome["end_day"]) == ("all_home", 20.0, 60.0)
    assert run.outcome["payoff_state"] == pytest.approx(plain.outcome["payoff_state"] + 5.0, rel=1e-12)
    ended = sim.run(releasing(HOME, **paid), seed=1)
    assert ended.outcome["payoff_state"] < run.outcome["payoff_state"]


def test_the_first_in_the_file_comes_first_and_dates_bound_it() -> None:
    """Of two that come on one day; and `from_day` and `until_day` are its first and last day."""
    twice = {"b": HOME["all_home"], "a": HOME["all_home"]}
    assert sim.run(releasing(twice), seed=1).outcome["outcome"] == "b"
    late = {"late": {"when": "day >= 0", "from_day": 7, "until_day": 9}}
    assert sim.run(releasing(late), seed=1).outcome["outcome_day"] == 7.0
    over = {"over": {"when": "persons_freed(prisoners) >= 1000", "until_day": 19}}
    assert sim.run(releasing(over), seed=1).outcome["outcome"] == "unresolved"


def test_what_stands_at_the_horizon_is_declared() -> None:
    """The first whose condition holds then; the last may hold always."""
    many, few = {"at_horizon": True, "when": "freed(prisoners) >= 0.5"}, {"at_horizon": True}
    assert sim.run(releasing({"many": many, "few": few}), seed=1).outcome["outcome"] == "many"
    few_first = {"none": {"at_horizon": True, "when": "freed(prisoners) < 0.5"}, "few": few}
    scenario = releasing(few_first)
    assert sim.run(scenario, seed=1).outcome["outcome"] == "few"
    assert scenario.outcome_names == ("none", "few")


def test_adding_an_outcome_does_not_shift_the_luck_of_another() -> None:
    """The luck of a hazard is addressed by the outcome's name, or by the number that it shares."""
    void = {"void": {"per_day": 0.02}}
    alone = sim.replicate(releasing(void), runs=200, seed=3).outcome_table
    beside = sim.replicate(releasing({"never": {"per_day": 0.0}} | void), runs=200, seed=3).outcome_table
    np.testing.assert_array_equal(alone["outcome_day"], beside["outcome_day"])
    one = sim.replicate(releasing({"a": {"per_day": 0.02, "luck": 1}}), runs=200, seed=3).outcome_table
    other = sim.replicate(releasing({"b": {"per_day": 0.02, "luck": 1}}), runs=200, seed=3).outcome_table
    np.testing.assert_array_equal(one["outcome_day"], other["outcome_day"])
    assert (one["outcome_day"] != alone["outcome_day"]).any()
    came = (alone["outcome"] == "void").mean()
    expected = 1.0 - np.exp(-0.02 * 60)
    assert abs(came - expected) < 4 * np.sqrt(expected * (1 - expected) / 200)


def patient(ends_run: bool) -> Scenario:
    """Return a deal whose state decides each week whether to free, and earns by what is free, year by year."""
    moves = {"wait": {"release": "none"}, "free": {"release": {"per_day": 50, "list": "claimant"}}}
    state = actor(moves, "wait") | {
        "review": {"every_days": 7, "offset_days": 7},
        "rule": {"response": "logit", "valuation": "drift", "lam_per_util": 40, "horizon_days": 200, "path_steps": 12},
        "payoff": {"per_year": {"freed(prisoners)": 1.0}},
    }
    home = {"when": "persons_freed(prisoners) >= 1000", "ends_run": ends_run}
    return deal(
        actors={"state": state, "rebels": actor({"wait": {}}, "wait")},
        deal={"captives": prisoners(promised=1_000, held=1_000), "outcomes": {"all_home": home}},
        horizon_days=400,
    )


def test_actors_foresee_an_outcome_by_condition() -> None:
    """Who earns by what is free completes the release where the run goes on, and shuns it where it ends the flow."""
    share = {
        ends: (sim.replicate(patient(ends), runs=100, seed=2).outcome_table["outcome"] == "all_home").mean()
        for ends in (False, True)
    }
    assert share[False] == 1.0
    assert share[True] < share[False]


@pytest.mark.parametrize("ends_run", [False, True])
def test_engines_agree_on_declared_outcomes(ends_run: bool) -> None:
    """The event engine and the batch, to the bit."""
    scenario = patient(ends_run)
    batch = sim.replicate(scenario, runs=6, seed=5)
    for replication in range(6):
        alone = sim.run(scenario, seed=5, replication=replication).outcome
        together = {name: values[replication] for name, values in batch.outcome_table.items()}
        np.testing.assert_equal(dict(alone), together)


@pytest.mark.parametrize(
    ("outcomes", "found"),
    [
        ({"a": {}}, "a with nothing that brings it about"),
        ({"a": {"when": "talks", "factors": {"x": {"form": "linear", "of": "talks"}}}}, "factors without per_day"),
        ({"a": {"at_horizon": True, "per_day": 1.0}}, "per_day of an outcome that stands at the horizon"),
        ({"a": {"per_day": 1.0, "while_talks_open": True}}, "talks that the deal has not"),
        ({"a": {"per_day": 1.0, "from_day": 5, "until_day": 4}}, "day 4, before from_day 5"),
        ({"running": {"per_day": 1.0}}, "the outcome 'running'"),
        ({"a": {"per_day": 1.0, "factors": {"x": {"form": "cubic"}}}}, "a factor without a known form"),
        ({"a": {"per_day": 1.0, "factors": {"x": {"form": "linear", "of": "freed(nobody)"}}}}, "nobody"),
        ({"a": {"per_day": 1.0, "factors": {"x": {"form": "linear", "of": "3"}}}}, "the number 3"),
        (
            {"a": {"per_day": 1.0, "factors": {"x": {"form": "logistic", "of": "day", "midpoint": 1, "width": 0}}}},
            "a width of 0",
        ),
        ({f"o{i}": {"per_day": 1.0} for i in range(12)}, "12 outcomes"),
        (
            {"a": {"per_day": 1.0, "factors": {f"f{i}": {"form": "linear", "of": "talks"} for i in range(13)}}},
            "13 factors",
        ),
    ],
)
def test_wrong_outcomes_are_refused(outcomes: dict[str, Any], found: str) -> None:
    """With what was found."""
    with pytest.raises(ScenarioError) as error:
        deal(deal={"outcomes": outcomes})
    assert found in str(error.value)


def test_a_payoff_for_an_outcome_that_is_not_declared_is_refused() -> None:
    """With the nearest name."""
    with pytest.raises(ScenarioError, match=r"'all_hom', expected an outcome of deal\.outcomes: all_home, unresolved"):
        releasing(HOME, at_outcome={"all_hom": 1.0})
