"""What cannot be drawn is no number: a scenario is refused, or its runs fail, in both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from toy_deals import actor, deal, prisoners, rebels_who_attack

import sim
from sim.errors import RunError, ScenarioError
from sim.kernel.bound import bound

FORCE = "world.armed_forces.fighters"
BELOW = st.one_of(st.floats(1e-12, 1e9), st.sampled_from([1e-12, 1e-3, 1e8, 1e9]))


def war(**changes: Any) -> sim.Scenario:
    """Return 30 days of attacks under changes by dotted path below the one force."""
    base = deal(world=rebels_who_attack(20.0, 0.3), horizon_days=30)
    return base.replace({f"{FORCE}.{key.replace('__', '.')}": value for key, value in changes.items()})


def test_a_large_shape_of_deaths_is_the_limit_of_poisson() -> None:
    """Deaths of a day with shape 1e9 an attack are those of Poisson draws: mean and variance agree over 400 runs."""
    force = {"deaths_per_attack": {"mean": 2.0, "shape": 1e9}}
    scenario = deal(world=rebels_who_attack(20.0, 0.0, **force), horizon_days=30)
    rows = sim.replicate(scenario, runs=400, seed=7).outcome_table
    excess = rows["deaths"] - 2.0 * rows["attacks"]
    assert abs(excess.mean()) < 4.0 * np.sqrt(2.0 * 600.0 / 400.0)
    assert abs(excess.var() / (2.0 * rows["attacks"].mean()) - 1.0) < 4.0 * np.sqrt(2.0 / 400.0)


@pytest.mark.parametrize("shape", [1e6, 1e7, 1e8, 1e9])
def test_deaths_of_a_shipped_scenario_hardly_depend_on_a_large_shape(shape: float) -> None:
    """Beyond 1e6 the shape of deaths changes next to nothing, as the distribution is Poisson's all but exactly."""
    path = "world.armed_forces.taliban_fighters.targets.army.deaths_per_attack.shape"
    base = sim.load("doha_2020/baseline")
    means = [sim.replicate(base.replace({path: s}), runs=50, seed=7).outcomes.deaths.mean() for s in (1e5, shape)]
    assert means[1] == pytest.approx(means[0], rel=0.01)


def worse_at_once() -> sim.Scenario:
    """Return attacks that are drawn one by one and that an event makes a million a day on the first day."""
    event = {"day": 0, "what": "war", "set": {f"{FORCE}.attacks.per_day": 1e6}}
    world = rebels_who_attack(20.0, 0.3, mass_casualty_deaths=50.0)
    return deal(world=world, horizon_days=30, events={"war": event})


@pytest.mark.parametrize("scenario", [war(deaths_per_attack__mean=1e9), worse_at_once()])
def test_what_is_too_large_to_draw_fails_the_run(scenario: sim.Scenario) -> None:
    """Neither engine returns a number for it; both say what and when."""
    with pytest.raises(RunError, match="day 1: deaths in attacks: not finite, or too many to draw"):
        sim.run(scenario, seed=7)
    rows = sim.replicate(scenario, runs=3, seed=7).outcome_table
    assert list(rows["failure"]) == ["day 1: deaths in attacks not finite"] * 3
    assert np.isnan(rows["deaths"]).all()


def test_attacks_that_would_be_drawn_one_by_one_for_minutes_are_refused() -> None:
    """A force with `mass_casualty_deaths` has a bound on its attacks; without, or with a share, it has none."""
    with pytest.raises(ScenarioError, match=r"attacks\.per_day: found 1e\+06 a day .*expected at most 1,000\. Leave"):
        war(attacks__per_day=1e6, mass_casualty_deaths=50.0)
    assert war(attacks__per_day=1e6, mass_casualty_per_attack=0.01)
    assert war(attacks__per_day=1000, mass_casualty_deaths=50.0)


def test_an_intensity_that_is_not_finite_fails_the_run() -> None:
    """An event that multiplies a rate by more than a float can hold ends the run as failed, not in silence."""
    war = {"day": 10, "what": "war", "set": {f"{FORCE}.attacks.per_day": 1e6}}
    scenario = deal(world=rebels_who_attack(1e-305, 0.0), horizon_days=30, events={"war": war})
    with pytest.raises(RunError, match="day 11: attacks: not finite"):
        sim.run(scenario, seed=7)
    assert list(sim.replicate(scenario, runs=2).outcome_table["outcome"]) == [None, None]


def test_an_event_on_a_rate_that_starts_at_0_is_refused() -> None:
    """An event sets a factor on the rate of the start, which a rate of 0 does not have."""
    war = {"day": 10, "what": "war", "set": {f"{FORCE}.attacks.per_day": 5}}
    with pytest.raises(ScenarioError, match=r"starts with attacks\.per_day: 0, expected a rate over 0"):
        deal(world=rebels_who_attack(0.0, 0.0), events={"war": war})


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("deal.captives.prisoners.returns.probability", {"beta": [1e-4, 1e-4]}, "0.001"),
        ("deal.captives.prisoners.setup_lag_days", {"mean": 10, "shape": 1e-4}, "0.001"),
    ],
)
def test_shapes_that_cannot_be_drawn_from_are_refused(path: str, value: dict[str, Any], words: str) -> None:
    """Gamma and beta distributions need shapes of at least 0.001."""
    world = rebels_who_attack(1.0, 0.0)
    returns = {"to": "fighters", "probability": 0.5, "delay_days": 10}
    base = deal(world=world, deal={"captives": prisoners(returns=returns)})
    with pytest.raises(ScenarioError, match=words) as caught:
        base.replace({path: value})
    assert path in str(caught.value)


def test_a_capacity_exponent_of_an_outside_force_is_refused() -> None:
    """An outside force has no strength that its attacks could follow; the message says what to do."""
    with pytest.raises(ScenarioError, match=r"without strength_thousand, expected 0\. Leave the key out") as caught:
        sim.load("doha_2020/baseline").replace({"world.armed_forces.isis_k.attacks.capacity_exponent": 0.5})
    assert "world.armed_forces.isis_k.attacks.capacity_exponent" in str(caught.value)


@settings(max_examples=40)
@given(
    per_day=st.one_of(st.floats(0, 1e6), st.sampled_from([0.0, 1e6])),
    mean=BELOW,
    shape=BELOW,
    lag=st.tuples(st.floats(1e-6, 1e9), st.floats(1e-3, 1e9)),
    beta=st.tuples(st.floats(1e-3, 1e9), st.floats(1e-3, 1e9)),
    release=st.floats(0, 1e6),
)
def test_a_run_fails_or_counts_what_can_be_counted(
    per_day: float, mean: float, shape: float, lag: Any, beta: Any, release: float
) -> None:
    """Over all that validation accepts, counts are whole, finite and not negative, or the run has failed."""
    world = rebels_who_attack(per_day, 0.3, deaths_per_attack={"mean": mean, "shape": shape})
    returns = {"to": "fighters", "probability": {"beta": list(beta)}, "delay_days": 2}
    captives = prisoners(returns=returns, setup_lag_days={"mean": lag[0], "shape": lag[1]})
    state = actor({"free": {"release": {"per_day": release, "list": "own"}}}, "free")
    actors = {"state": state, "rebels": actor({"wait": {}}, "wait")}
    scenario = deal(actors=actors, world=world, deal={"captives": captives}, horizon_days=8)
    rows = sim.replicate(scenario, runs=2, seed=3, threads=1).outcome_table
    for name in ("attacks", "deaths", "civilian_deaths", "freed_prisoners", "returned_prisoners"):
        for value, failure in zip(rows[name], rows["failure"], strict=True):
            assert (np.isnan(value) and failure) or (value >= 0.0 and value == np.floor(value)), name


@pytest.mark.parametrize(
    ("mean", "shape", "deaths", "share"),
    [
        (0.5, 0.2, 2_000.0, stats.nbinom.sf(1_999, 0.2, 0.2 / 0.7)),
        (5_000.0, 0.2, 2_000.0, stats.nbinom.sf(1_999, 0.2, 0.2 / 5_000.2)),
        (1_000.0, 1e9, 1_001.0, stats.poisson.sf(1_000, 1_000.0)),
        (1_000.0, 1e9, 990.0, stats.poisson.sf(989, 1_000.0)),
        (0.5, 0.2, 1e9, 0.0),
    ],
)
def test_the_share_of_mass_casualty_attacks_by_deaths(mean: float, shape: float, deaths: float, share: float) -> None:
    """It is the upper tail of the deaths of an attack, however many deaths are asked for, without adding them up."""
    scenario = war(deaths_per_attack={"mean": mean, "shape": shape}, mass_casualty_deaths=deaths)
    assert float(bound(scenario).params[0].mass_probability[0]) == pytest.approx(share, rel=1e-4, abs=1e-12)
