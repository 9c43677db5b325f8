"""Targets of attacks: what all of them do together, who minds which, whom attacks kill, who counts them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import (
    ARMY,
    FIGHTERS,
    PATRON,
    REBELS,
    THE_STATE,
    World,
    begun,
    buffers,
    content,
    given,
    logged,
)

import sim
from sim.scenario.catalogue import FEATURE_BY_NAME
from sim.scenario.events import MASS_CASUALTY, TALKS_BROKE_DOWN
from sim.scenario.scenario import Scenario

with interpreted():
    from sim.model.features import read_feature
    from sim.model.mean_path import PATH_RATES, begin_path
    from sim.model.moves import do_the_same
    from sim.model.reputation import evidence, expected_reviews
    from sim.model.steps import REVIEW_LENGTH, TICK_LENGTH
    from sim.model.talks import break_and_open_talks, integrate_talks
    from sim.model.violence import (
        draw_attacks,
        expected_attacks,
        expected_deaths,
        holding_fire,
        kill_rivals,
        operation_deaths,
        surging,
    )

SHARES = {"field": 0.7, "town": 0.2, "gang": 0.1}
FIELD, TOWN, GANG, ARMY_STREAM, GANG_STREAM, GANG_ON_REBELS = range(6)


def aimed(**changes: Any) -> dict[str, Any]:
    """Return the toy scenario in which fighters and a gang have targets, among them each other."""
    data = content()
    forces = data["world"]["armed_forces"]
    fighters = forces["fighters"]
    deaths, rare = fighters.pop("deaths_per_attack"), fighters.pop("mass_casualty_per_attack")
    seen = {"field": 0.1, "town": 0.4, "gang": 0.0}
    fighters.pop("unattributed_share")
    fighters["targets"] = {
        name: {"share": share, "deaths_per_attack": deaths, "unattributed_share": seen[name]}
        for name, share in SHARES.items()
    }
    fighters["targets"]["gang"]["force"] = "bandits"
    fighters["targets"]["town"]["mass_casualty_per_attack"] = rare
    fighters["posture"] |= {
        "chosen": {"field": 1.0, "town": 0.1, "gang": 1.0},
        "chosen_surge": {"field": 2.0, "town": 0.1, "gang": 1.0},
    }
    bandits = forces["bandits"]
    bandits |= {"strength_thousand": 2, "mass_casualty_deaths": None}
    deaths = bandits.pop("deaths_per_attack")
    bandits["targets"] = {
        "town": {"share": 0.5, "deaths_per_attack": deaths, "mass_casualty_deaths": 8},
        "rebels": {"share": 0.5, "deaths_per_attack": deaths, "force": "fighters"},
    }
    forces["army"]["operations"] = {
        "defence": {"fighters_per_day": 2.0, "civilians_per_day": 0.5},
        "offence": {"fighters_per_day": 6.0, "civilians_per_day": 1.0},
    }
    data["actors"]["rebels"]["moves"] |= {
        "choose": {"violence": "chosen", "talks": "sit"},
        "choose_surge": {"violence": "chosen_surge", "talks": "sit"},
    }
    data["deal"]["promises"]["annex"] = {"by": "rebels", "keep": "holding_fire(rebels, town)", "watched": True}
    data["world"]["reputation"]["minds"] = {"patron": ["town"]}
    data["world"]["season"]["amplitude"] = 0.0
    return data | changes


def world_of(data: dict[str, Any]) -> World:
    """Return the world of a scenario on its first day."""
    return begun(Scenario.from_dict(data))


def read(world: World, name: str, *entities: int) -> float:
    """Return a feature by its name."""
    a, b = (*entities, -1, -1)[:2]
    return float(read_feature(world.state, world.params, FEATURE_BY_NAME[name].code, a, b))


@given(st.sampled_from(["cease", "quiet", "edge", "fight", "surge"]), st.floats(0.0, 50.0), st.floats(0.1, 20.0))
def test_a_posture_for_all_targets_is_that_of_a_force_with_one(move: str, excited: float, strength: float) -> None:
    """Rates and excitations of the targets sum to those of the same force undivided, step for step."""
    parts, whole = world_of(aimed()), world_of(content() | {"world": aimed_without_targets()})
    for world, shares in ((parts, [0.7, 0.2, 0.1]), (whole, [1.0])):
        world.state.strength[FIGHTERS] = strength
        world.state.excitation[: len(shares)] = [share * excited for share in shares]
        world.play(REBELS, move)
    for _ in range(3):
        assert parts.state.intensity[:3].sum() == pytest.approx(whole.state.intensity[0], rel=1e-12)
        assert parts.state.violence == pytest.approx(whole.state.violence, rel=1e-12)
        assert parts.state.violence_of[REBELS] == whole.state.violence_of[REBELS]
        for world in (parts, whole):
            expected_attacks(world.state, world.params, TICK_LENGTH)
            world.read()
    assert parts.state.excitation[:3].sum() == pytest.approx(whole.state.excitation[0], rel=1e-12)


def aimed_without_targets() -> dict[str, Any]:
    """Return the world of the toy scenario without seasons."""
    world = content()["world"]
    world["season"]["amplitude"] = 0.0
    return dict(world)


def test_one_target_is_none_to_the_bit() -> None:
    """A force with a single target runs as the same force without one does: events, series and payoffs."""
    plain = content()
    named = content()
    fighters = named["world"]["armed_forces"]["fighters"]
    keys = ("deaths_per_attack", "mass_casualty_per_attack", "unattributed_share")
    fighters["targets"] = {"everybody": {"share": 1.0} | {key: fighters.pop(key) for key in keys}}
    fighters["posture"] = {name: {"everybody": level} for name, level in fighters["posture"].items()}
    for seed in range(4):
        one, other = (sim.run(Scenario.from_dict(data), seed=seed) for data in (plain, named))
        shared = one.series_table
        assert all(np.array_equal(values, other.series_table[name]) for name, values in shared.items())
        assert str(one.outcome) == str(other.outcome)
        kept = one.events.kind != "mass_casualty"
        assert one.events[kept].drop(columns="detail").equals(other.events[kept].drop(columns="detail"))
        named_so = other.events[~kept].entity.str.removesuffix(" on everybody")
        assert one.events[~kept].entity.tolist() == named_so.tolist()


def test_a_force_may_fight_one_and_spare_another() -> None:
    """The total is weighed by shares: 0.7 + 0.02 + 0.1 is no surge and no quiet, 1.52 a surge that spares towns."""
    world = world_of(aimed())
    town = world.names.targets.index("town")
    world.play(REBELS, "choose")
    assert world.state.posture[:3].tolist() == [1.0, 0.1, 1.0]
    assert world.state.violence_of[REBELS] == pytest.approx(0.82)
    assert world.state.intensity[:3] == pytest.approx([14.0, 0.4, 2.0])
    assert read(world, "holding_fire", REBELS) == read(world, "surge", REBELS) == 0.0
    world.play(REBELS, "choose_surge")
    assert world.state.violence_of[REBELS] == pytest.approx(1.52)
    assert read(world, "surge", REBELS) == surging(world.state, world.params, REBELS, FIELD) == 1.0
    assert read(world, "surge", REBELS, town) == 0.0
    assert read(world, "holding_fire", REBELS, town) == holding_fire(world.state, world.params, REBELS, town) == 1.0
    assert read(world, "attacks", FIGHTERS, town) == pytest.approx(0.1)
    assert read(world, "attacks", FIGHTERS) == pytest.approx(1.52)
    assert read(world, "attack_rate", FIGHTERS, town) == pytest.approx(0.4)


@given(st.integers(0, 10_000))
def test_attacks_and_deaths_add_up_over_targets(seed: int) -> None:
    """Of a force to its own, of all forces to those of everybody, operations included."""
    world = world_of(aimed())
    world.state.seed = seed
    log, _, _ = buffers()
    draw_attacks(world.state, world.params, log)
    forces, targets = range(3), range(len(world.names.targets))
    for name in ("daily_attacks", "daily_deaths", "all_attacks", "all_deaths", "civilian_deaths", "attack_rate"):
        by_force = [read(world, name, force) for force in forces]
        assert sum(by_force) == pytest.approx(read(world, name), rel=1e-12)
        for force in (FIGHTERS, 2):
            assert sum(read(world, name, force, target) for target in targets) == pytest.approx(by_force[force])
    assert read(world, "daily_attacks", ARMY) == 0.0
    assert read(world, "civilian_deaths") == read(world, "civilian_deaths", ARMY) <= read(world, "daily_deaths", ARMY)
    assert {(kind, entity) for kind, entity, _ in logged(log)} <= {(MASS_CASUALTY, FIGHTERS), (MASS_CASUALTY, 2)}


@pytest.mark.parametrize(("move", "fighters", "civilians"), [("wait", 2.0, 0.5), ("attack", 6.0, 1.0)])
def test_operations_kill_in_proportion_to_capacity(move: str, fighters: float, civilians: float) -> None:
    """Poisson, at the posture's rate times capacity; what is expected is what is drawn, within four standard errors."""
    world = world_of(aimed())
    world.play(THE_STATE, move)
    world.state.strength[ARMY] = 0.8
    assert operation_deaths(world.state, world.params, ARMY, False) == pytest.approx(0.8 * fighters)
    assert operation_deaths(world.state, world.params, ARMY, True) == pytest.approx(0.8 * civilians)
    assert read(world, "deaths", ARMY) == pytest.approx(0.8 * (fighters + civilians))
    log, _, _ = buffers()
    days = 600
    for tick in range(days):
        world.state.tick = tick
        draw_attacks(world.state, world.params, log)
        log[0].kind = 0
    for found, mean in (
        (read(world, "all_deaths", ARMY), fighters + civilians),
        (read(world, "civilian_deaths", ARMY), civilians),
    ):
        assert abs(found - 0.8 * mean * days) < 4.0 * np.sqrt(0.8 * mean * days)


@given(st.floats(0.0, 200.0), st.floats(0.0, 5.0), st.sampled_from([1.0, 30.0]))
def test_attacks_on_a_rival_lower_its_strength_by_the_dead(killed: float, strength: float, days: float) -> None:
    """By a thousandth of a fighter each, down to nothing; other attacks lower nobody's."""
    world = world_of(aimed())
    world.state.killed[:] = killed
    world.state.strength[:3] = strength, 0.9, strength
    kill_rivals(world.state, world.params, days)
    left = max(strength - killed * days / 1000.0, 0.0)
    assert world.state.strength[:3] == pytest.approx([left, 0.9, left], abs=1e-12)


def test_those_expected_to_die_are_those_who_do_on_average() -> None:
    """The mean of what is drawn in 400 days is what a mean path expects of a day, within four standard errors."""
    world = world_of(aimed())
    expected_deaths(world.state, world.params)
    expected = world.state.killed[:6].copy()
    log, _, _ = buffers()
    drawn = []
    for seed in range(400):
        other = world.copy()
        other.state.seed = seed
        draw_attacks(other.state, other.params, log)
        log[0].kind = 0
        drawn.append(other.state.killed[:6].copy())
    error = np.std(drawn, axis=0, ddof=1) / 20.0
    assert (abs(np.mean(drawn, axis=0) - expected) <= 4.0 * error).all()
    assert expected[[FIELD, TOWN, GANG_STREAM]] == pytest.approx([7.0, 2.0, 3.0])


@given(st.floats(0.0, 30.0), st.floats(0.0, 30.0))
def test_each_observer_judges_by_the_targets_that_it_minds(field: float, town: float) -> None:
    """The patron by attacks on towns against their reference of 4 a day, the state by all against 20."""
    world = world_of(aimed())
    world.state.trust[:] = 0.3
    world.state.intensity[:] = 0.0
    world.state.intensity[[FIELD, TOWN]] = field, town
    expected_reviews(world.state, world.params, REVIEW_LENGTH)
    kept = world.params.kept_trust[REVIEW_LENGTH]
    for observer, attacks, reference in (
        (PATRON, 0.6 * town, 4.0),
        (THE_STATE, 0.9 * field + 0.6 * town, 20.0),
    ):
        gain = evidence(world.params, 7.0 * attacks, reference, 7.0)
        assert world.state.trust[observer, REBELS] == pytest.approx(0.1 + kept * 0.2 + gain, rel=1e-12)


def test_who_is_attacked_takes_nobody_else_for_the_attacker() -> None:
    """The bandits' attacks on towns are blamed on the rebels by 0.3, those on the rebels are not."""
    world = world_of(aimed())
    assert world.params.attribution[REBELS, :6] == pytest.approx([0.9, 0.6, 1.0, 0.0, 0.3, 0.0])


def test_a_break_is_seen_as_attacks_on_the_target_are() -> None:
    """The annex names towns, whose attacks are pinned on the rebels by 0.6; a pledge about all has the highest."""
    world = world_of(aimed())
    assert world.names.promises == ("no_surge", "withdrawal", "annex")
    assert world.params.pledge_seen[:3] == pytest.approx([1.0, 1.0, 0.6])


def test_the_dead_of_a_target_divide_a_camp() -> None:
    """A hundred dead in towns take 0.4 off the log-odds of cohesion, those in the field nothing."""
    data = aimed()
    data["world"]["offices"]["presidency"] |= {"per_100_killed": {"town": 0.4}, "attacks_per_day": 0.0}
    world = world_of(data)
    assert world.params.cohesion_deaths[0, :6] == pytest.approx([0.0, 0.004, 0.0, 0.0, 0.004, 0.0])
    with interpreted():
        from sim.model.offices import drift_cohesion
    before = float(world.state.cohesion_logit[0])
    world.state.killed[:6] = 50.0, 10.0, 50.0, 0.0, 0.0, 50.0
    world.params.cohesion_revert[0] = 0.0
    drift_cohesion(world.state, world.params, REVIEW_LENGTH)
    assert world.state.cohesion_logit[0] - before == pytest.approx(-0.004 * 10.0 * 7.0)


def test_the_counter_errs_by_a_factor_of_the_run() -> None:
    """Its logarithm has the standard deviation of the file and a mean of 0; the world does not know it."""
    scenario = Scenario.from_dict(content())
    erring = scenario.replace({"world.counter": {"lognormal_sd": 0.3}})
    one, other = sim.run(scenario, seed=5), sim.run(erring, seed=5)
    for name, values in one.series_table.items():
        assert np.array_equal(values, other.series_table[name]), name
    logs = []
    for seed in range(300):
        state = begun_counter(erring, seed)
        logs.append(np.log(state))
    assert abs(np.mean(logs)) < 4.0 * 0.3 / np.sqrt(300)
    assert 0.25 < np.std(logs, ddof=1) < 0.35
    attacks, counted = (other.series_table[f"{name}(fighters)"] for name in ("daily_attacks", "counted_attacks"))
    ratio = counted[attacks > 0] / attacks[attacks > 0]
    assert ratio == pytest.approx(ratio[0], rel=1e-12)
    assert ratio[0] != 1.0


def begun_counter(scenario: Scenario, seed: int) -> float:
    """Return the factor of the counter in one run."""
    world = begun(scenario)
    with interpreted():
        from sim.model.violence import begin_violence
    world.state.seed = seed
    begin_violence(world.state, world.params)
    return float(world.state.counter)


def test_whom_a_move_spares_makes_another_course() -> None:
    """Moves that differ on one target alone do not do the same while there are fighters, whichever target it is."""
    world = world_of(aimed())
    fight, choose = world.move(REBELS, "fight"), world.move(REBELS, "choose")
    levels, participation = world.params.violence_level[REBELS], world.params.participation[REBELS]
    participation[choose] = participation[fight]
    for stream in (FIELD, TOWN, GANG):
        levels[choose] = levels[fight]
        assert do_the_same(*world, REBELS, fight, choose)
        levels[choose, stream] = 0.5
        assert not do_the_same(*world, REBELS, fight, choose)
    world.state.strength[FIGHTERS] = 0.0
    assert do_the_same(*world, REBELS, fight, choose)


def test_a_refusal_closes_open_talks() -> None:
    """Sampled, at the end of the step; on a mean path at once; and who fights and sits closes nothing."""
    for move, open_after in (("choose_surge", 1.0), ("surge", 0.0)):
        world = world_of(aimed())
        world.state.talks = 1.0
        world.play(REBELS, move)
        path = world.copy()
        begin_path(*path, np.zeros(PATH_RATES))
        assert path.state.talks == open_after
        log, _, _ = buffers()
        integrate_talks(*world, 1.0)
        break_and_open_talks(world.state, log)
        assert world.state.talks == open_after
        assert [kind for kind, _, _ in logged(log)] == ([] if open_after else [TALKS_BROKE_DOWN])


def test_spoilers_of_refused_talks_are_expected_to_calm_down() -> None:
    """Bandits answer to open talks by half as many attacks more: on a path that begins with a refusal they do not."""
    world = world_of(aimed())
    world.state.talks = 1.0
    world.play(REBELS, "surge")
    assert world.state.intensity[GANG_STREAM] == pytest.approx(1.5)
    begin_path(*world, np.zeros(PATH_RATES))
    assert world.state.intensity[[GANG_STREAM, GANG_ON_REBELS]] == pytest.approx([1.0, 1.0])
