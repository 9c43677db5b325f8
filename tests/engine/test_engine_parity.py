"""Two engines, one world: the event engine and the batch engine agree to the last bit."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.kernel.bound import bound
from sim.scenario.extends import builtin_names

RULES = {
    "logit": {},
    "argmax": {"response": "argmax", "valuation": "drift", "horizon_days": 60, "path_steps": 4},
    "uniform": {"response": "uniform", "valuation": "none"},
    "scripted": {"response": "scripted", "valuation": "none"},
}


def with_rule(scenario: sim.Scenario, rule: dict[str, Any]) -> sim.Scenario:
    """Return the scenario with every actor's rule changed."""
    return scenario.replace({f"actors.{name}.rule.{key}": v for name in scenario.actors for key, v in rule.items()})


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal to the bit; NaN equals NaN."""
    return left == right or (left != left and right != right)


CASES = [(name, rule) for name in builtin_names() for rule in RULES if rule == "logit" or "/deals/" not in name]
"""Every rule for every scenario; an overlay of ``deals/`` differs from its baseline in data alone, and has its own."""


@pytest.mark.parametrize(("name", "rule"), CASES)
def test_runs_equal_the_rows_of_a_batch(name: str, rule: str) -> None:
    """The outcome of each run, traced or not, is its row of a batch on one thread or two, in any chunks.

    Of each of two seeds 25 runs; 10 under rules that are not the scenario's own, and 5 where a deal is an overlay or a
    run takes many years.
    """
    scenario = with_rule(sim.load(name), RULES[rule])
    runs = 5 if "/deals/" in name or scenario.horizon_days > 1_000 else 25 if rule == "logit" else 10
    for seed in (0, 2**63 + 1):
        one = sim.replicate(scenario, runs=runs, seed=seed, threads=1, chunk=runs).outcome_table
        two = sim.replicate(scenario, runs=runs, seed=seed, threads=2, chunk=1).outcome_table
        for k in range(runs):
            untraced = sim.run(scenario, seed=seed, replication=k, trace=False).outcome
            traced = sim.run(scenario, seed=seed, replication=k).outcome
            for key in one:
                values = (one[key][k], two[key][k], untraced[key], traced[key])
                assert all(same(values[0], v) for v in values), (seed, k, key, values)


def test_chunks_and_threads_change_no_bit() -> None:
    """The digest of a batch is the same for any split of the work."""
    scenario = sim.load("doha_2020/baseline")
    digests = {
        sim.replicate(scenario, runs=60, seed=9, threads=threads, chunk=chunk).digest
        for threads, chunk in ((1, 60), (1, 7), (2, 1), (2, 13), (3, 64))
    }
    assert len(digests) == 1


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    """Digests over events, series and outcome repeat, and change with the seed."""
    scenario = sim.load("doha_2020/baseline")
    assert sim.run(scenario, seed=7).digest == sim.run(scenario, seed=7).digest
    assert sim.run(scenario, seed=7).digest != sim.run(scenario, seed=8).digest


def test_replications_do_not_depend_on_their_number() -> None:
    """The first runs of a long batch are those of a short one."""
    scenario = sim.load("doha_2020/baseline")
    short = sim.replicate(scenario, runs=10, seed=3).rows
    assert (sim.replicate(scenario, runs=40, seed=3).rows[:10] == short).all()


def test_seeds_of_the_whole_range_work() -> None:
    """Seeds up to 2**64 - 1 are accepted and differ."""
    scenario = sim.load("doha_2020/baseline")
    digests = {sim.run(scenario, seed=seed).digest for seed in (0, 2**63 - 1, 2**63, 2**64 - 1)}
    assert len(digests) == 4


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "7", True])
def test_a_seed_out_of_range_is_refused(seed: Any) -> None:
    """Anything but a whole number in [0, 2**64) is an error of the caller."""
    with pytest.raises(sim.SimError, match="seed"):
        sim.run(sim.load("doha_2020/baseline"), seed=seed)


def test_binding_leaves_the_encoded_scenario_alone() -> None:
    """Running does not change what an engine reads."""
    scenario = sim.load("doha_2020/baseline")
    before = bound(scenario).params.tobytes(), bound(scenario).tables.tobytes()
    sim.run(scenario, seed=1)
    sim.replicate(scenario, runs=3, seed=1)
    assert (bound(scenario).params.tobytes(), bound(scenario).tables.tobytes()) == before
