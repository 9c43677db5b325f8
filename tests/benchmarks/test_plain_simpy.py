"""The plain SimPy model of the Doha baseline and the compiled model are the same model: a double check of both."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

import sim
from sim.engine.event import EventEngine
from sim.kernel.bound import bound
from sim.model.world import NEVER

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from plain_comparison import AMOUNTS, DATES, agreement, columns_of, compiled_columns
from plain_mean_path import values_of_moves
from plain_numbers import ACTORS, BASELINE, BEYOND, COLLAPSE, PAYOFF_TERMS, G, T, U, plain, read_numbers
from plain_run import Run
from plain_shape import check_shape
from plain_simpy import simulate

PLAIN_RUNS, COMPILED_RUNS = 150, 2_000


@cache
def report() -> dict[str, Any]:
    """Run both models once and compare them."""
    plain = columns_of(simulate(PLAIN_RUNS, seed=1))
    batch = sim.replicate(sim.load("doha_2020/baseline"), runs=COMPILED_RUNS, seed=7)
    return agreement(plain, compiled_columns(batch.outcomes), read_numbers().horizon)


def mirror(state: Any, params: Any, numbers: Any) -> Run:
    """Return a plain run that stands where a compiled world stands."""
    run = Run(numbers, 0, 0)
    run.day, run.standing = int(state.tick), [int(move) for move in state.standing[:3]]
    leaves = bool(state.type[U])
    for actor in (G, T, U):
        factors = params.type_term[actor] if actor == U and leaves else np.ones(12)
        run.weights[actor] = [
            float(w * state.spread[actor, k] * factors[k]) for k, w in enumerate(numbers.terms[actor])
        ]
    run.at_outcome = list(numbers.at_outcome)
    if leaves:
        scale = numbers.leaving["scales"][f"at_outcome.{COLLAPSE}"]
        run.at_outcome[U] = numbers.at_outcome[U] | {COLLAPSE: numbers.at_outcome[U][COLLAPSE] * scale}
    run.return_probability, run.lag = float(state.return_probability[0]), float(state.lag_days[0])
    run.fighters, run.capacity, run.land = (float(x) for x in (*state.strength[:2], state.territory))
    run.excitation = [float(x) for x in state.excitation[:3]]
    run.freed, run.counted, run.listed, run.commanders, run.pending = (
        int(field[0]) for field in (state.freed, state.counted, state.listed, state.commanders, state.pending)
    )
    run.home, run.ready = int(state.freed[1]), None if state.ready_tick[0] == NEVER else int(state.ready_tick[0])
    run.troops, run.aid, run.cuts = float(state.troops[0]), float(state.aid[0]), int(state.cuts[0])
    run.logit, run.dual = float(state.cohesion_logit[0]), bool(state.dual[0])
    run.dispute, run.talks = bool(state.dispute[0]), bool(state.talks)
    run.refusal_reversed, run.released_once = bool(state.refusal_reversed[G]), bool(state.released_once[G])
    run.threat = int(state.threat_from[U]) != NEVER
    run.trust_gt, run.trust_ut = float(state.trust[G, T]), float(state.trust[U, T])
    run.read()
    return run


@pytest.mark.slow
def test_shares_of_outcomes_agree() -> None:
    """Both models end in the six outcomes with the same probabilities, by a chi-square test."""
    assert report()["chi_square_p"] > 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("name", [*DATES, *AMOUNTS])
def test_means_agree(name: str) -> None:
    """Mean dates, deaths, captives, troops and payoffs agree within 4.5 standard errors of their difference."""
    assert abs(report()["means"][name]["z"]) < 4.5


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ("world.contest", "exponent", 2),
        ("deal.outcomes.settlement.factors.quiet", "of", "attacks"),
        ("deal.outcomes.deal_void.factors.talks", "at_zero", 0.9),
        ("deal.outcomes.civil_war", "when", "talks"),
        ("deal.outcomes.government_collapse.factors", "few_troops", {"form": "floor", "of": "troops", "floor": 0.5}),
        ("actors.us.moves.pause", "when", "day > 135 and surge(taliban) >= 1"),
        ("actors.taliban.moves.surge", "when", "day > 10"),
        ("actors.taliban.moves.surge", "talks", "technical"),
        ("actors.government.moves.stall", "offer", True),
        ("actors.us.payoff.per_year", "balance_of_force", -0.1),
        ("actors.us.payoff.terms.settlement", "troops", 0.1),
        ("world.armed_forces.taliban_fighters.targets.army", "mass_casualty_per_attack", 0.1),
    ],
)
def test_a_scenario_of_another_shape_is_refused(path: str, key: str, value: Any) -> None:
    """The plain model says what it found and what it is written for; numbers that it reads may be any."""
    file = plain(YAML(typ="safe").load(BASELINE))
    terms = dict(zip(ACTORS, PAYOFF_TERMS, strict=True))
    file["deal"]["outcomes"]["settlement"]["factors"]["quiet"]["slope"] = -0.1
    check_shape(file, terms, BEYOND)
    node = file
    for name in path.split("."):
        node = node[name]
    node[key] = value
    with pytest.raises(SystemExit, match=r"found .*, expected "):
        check_shape(file, terms, BEYOND)


def test_worlds_of_a_plain_run_repeat() -> None:
    """One seed and replication give one world, whatever ran before."""
    first = simulate(2, seed=5)
    assert simulate(1, seed=5, first=1) == first[1:]
    assert simulate(1, seed=6) != first[:1]


@pytest.mark.slow
@pytest.mark.parametrize("replication", range(4))
def test_every_move_is_worth_the_same(replication: int) -> None:
    """At every epoch of a compiled run, both models find the same moves to choose among, worth the same."""
    numbers, scenario = read_numbers(), bound(sim.load("doha_2020/baseline"))
    before: list[Any] = []
    compared = []

    def compare(engine: EventEngine, _clock: int) -> None:
        if before and len(engine.decisions) > len(compared):
            decision = list(engine.decisions.values())[-1][0]
            actor, run = int(decision.actor), mirror(before[-1][0], scenario.params[0], numbers)
            values = decision["values"]
            legal = [move for move in range(len(numbers.moves[actor])) if np.isfinite(values[move])]
            assert legal == run.choices(actor)
            np.testing.assert_allclose(values_of_moves(run, actor, legal), values[legal], rtol=0, atol=1e-9)
            compared.append(actor)
        before[:] = [engine.snapshot()]

    engine = EventEngine(scenario, 11, replication, hooks=[compare])
    before.append(engine.snapshot())
    engine.run()
    assert len(compared) == len(engine.decisions) > 10
    assert set(compared) == {G, T, U}
