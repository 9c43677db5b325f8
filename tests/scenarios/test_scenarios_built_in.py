"""Every built-in scenario loads and runs in both engines; together they show every outcome."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import sim
from sim.scenario import builtin_names, builtin_root

RUNS = 150


@cache
def batch(name: str) -> sim.Batch:
    """Return runs of a built-in scenario."""
    return sim.replicate(sim.load(name), runs=RUNS, seed=1)


@cache
def titles() -> tuple[str, ...]:
    """Return the titles of all built-in scenarios."""
    return tuple(sim.load(name).title for name in builtin_names())


@pytest.mark.parametrize("name", builtin_names())
def test_a_built_in_scenario_runs_in_both_engines(name: str) -> None:
    """The event engine gives row 0 of the batch, no run stops itself, and every run has an outcome and its day."""
    scenario = sim.load(name)
    table = batch(name).outcome_table
    run = sim.run(scenario, seed=1)
    assert run.outcome["outcome"] == table["outcome"][0]
    assert run.outcome["outcome_day"] == table["outcome_day"][0]
    assert len(run.events) > 0
    assert all(outcome in scenario.outcome_names for outcome in table["outcome"])
    assert (table["outcome_day"] <= scenario.horizon_days).all()


@pytest.mark.parametrize("name", builtin_names())
def test_a_built_in_scenario_says_what_it_is(name: str) -> None:
    """It has a title of its own, and a comment at its head that says what it is about."""
    text = (builtin_root() / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert titles().count(sim.load(name).title) == 1


def test_every_outcome_happens_somewhere() -> None:
    """No outcome that can come before the horizon is out of reach of all scenarios that declare it, nor are talks."""
    declared = {key for name in builtin_names() for key, o in sim.load(name).outcomes.items() if not o.at_horizon}
    seen = {outcome for name in builtin_names() for outcome in batch(name).outcome_table["outcome"]}
    assert declared | {"talks_open", "stalemate"} <= seen


def test_central_is_the_baseline() -> None:
    """The central payoff set names the baseline's own weights: the same worlds to the bit."""
    assert (batch("doha_2020/central").rows == batch("doha_2020/baseline").rows).all()


@pytest.mark.parametrize("name", ["toys/two_actors", "toys/five_actors"])
def test_toys_are_neither_over_at_once_nor_foregone(name: str) -> None:
    """At most one run in twenty ends in its first month, no outcome takes four fifths, and three or more come."""
    table = batch(name).outcome_table
    shares = [float((table["outcome"] == outcome).mean()) for outcome in sim.load(name).outcome_names]
    assert float((table["outcome_day"] < 30).mean()) <= 0.05
    assert max(shares) < 0.8
    assert sum(share > 0.02 for share in shares) >= 3


@pytest.mark.parametrize("name", [name for name in builtin_names() if name.startswith("toys/")])
def test_actors_of_toys_use_their_moves(name: str) -> None:
    """Over twenty runs every actor of a toy makes each move that is ever legal, and none takes all its turns."""
    scenario = sim.load(name)
    chosen: dict[str, list[str]] = {actor: [] for actor in scenario.actors}
    legal: dict[str, set[str]] = {actor: set() for actor in scenario.actors}
    for replication in range(20):
        for decision in sim.run(scenario, seed=1, replication=replication).decisions:
            chosen[decision.actor].append(decision.chosen)
            legal[decision.actor] |= {move.move for move in decision.moves if move.legal}
    for actor, moves in chosen.items():
        assert set(moves) == legal[actor], actor
        if moves:  # who never has a choice decides nothing
            counts = np.unique(moves, return_counts=True)[1]
            assert counts.max() < 0.98 * counts.sum(), actor
    assert sum(bool(moves) for moves in chosen.values()) > 1


def test_toys_free_no_more_than_was_promised() -> None:
    """Nobody's move goes beyond the promise, so captives freed stay under it."""
    for name in ("toys/two_actors", "toys/five_actors"):
        table = batch(name).outcome_table
        for group, captives in sim.load(name).deal.captives.items():
            assert 0 < table[f"freed_{group}"].max() <= captives.promised
