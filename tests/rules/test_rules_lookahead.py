"""Lookahead: values of games whose future is known, and luck that stays hidden."""

# ruff: noqa: ARG001 - the signatures of rules are fixed
from __future__ import annotations

import pytest
from rule_texts import matrix_game, two_actors

import sim
from sim.engine.event import EventEngine
from sim.kernel.bound import bound
from sim.kernel.rollout import hide_luck
from sim.model.hazards import HAZARDS


def temptations(features, weights, parameters, count, terms):
    """Pay, per day, 1 + the rank of one's own move where the other is quiet, half of that elsewhere."""
    for term in range(count):
        terms[term] = 0.0
    own = 1.0 if features[0] > 0.0 else 3.0 if features[1] > 0.0 else 2.0
    terms[0] = own * weights[0] * (1.0 if features[2] > 0.0 else 0.5)


@pytest.fixture(scope="module", autouse=True)
def game():
    """Let scenarios name the game."""
    sim.register("payoff_model", "temptations", temptations)


@pytest.mark.parametrize(("depth", "days_of_best"), [(1, 0), (3, 14)])
def test_a_known_future_is_added_up(depth, days_of_best):
    """Against who stands still, a move is worth its own days, then the best reply's days, then its four-day window."""
    rule = f"response: argmax, valuation: lookahead, parameters: {{depth: {depth}, rollouts: 2, others: standing}}"
    run = sim.run(matrix_game("temptations", rule, "response: uniform", horizon=60), seed=4)
    first = next(d for d in run.decisions if d.actor == "row")
    best = 3.0
    for move, worth in zip(first.moves, (1.0, 2.0, 3.0), strict=True):
        assert move.terms["played_ahead"] == pytest.approx(7 * worth + days_of_best * best, rel=1e-12)
        assert move.terms["beyond_window"] == pytest.approx(4 * best, rel=1e-12)
    assert first.chosen == "surge"


def test_models_of_the_others_differ():
    """Who takes the others to stand still, to flip coins or to decide as they do values moves differently."""
    values = {}
    for others in ("standing", "coin_flip", "as_they_decide"):
        rule = f"response: argmax, valuation: lookahead, parameters: {{depth: 4, rollouts: 8, others: {others}}}"
        surge = "response: argmax, valuation: drift"
        run = sim.run(matrix_game("temptations", rule, surge, horizon=60), seed=4)
        first = next(d for d in run.decisions if d.actor == "row")
        values[others] = first.moves[2].terms["played_ahead"]
    quiet, fought = 28 * 3.0, 28 * 1.5
    assert values["standing"] == pytest.approx(quiet)
    assert fought < values["coin_flip"] < quiet
    # the column reviews after the row on the same days, and surges from its first review on
    assert values["as_they_decide"] == pytest.approx(fought)


def test_worlds_inside_have_luck_of_their_own():
    """Seed, running hazards, and the others' weights are drawn anew; the actor's own weights are not."""
    scenario = bound(two_actors(spread=0.5))
    engine = EventEngine(scenario, 7, 3)
    engine.run(until=10)
    real = engine.snapshot()[0]
    world = engine.snapshot()
    hide_luck(world[0], scenario.params[0], 0, 99, 5)
    assert (world[0].seed, world[0].replication) == (99, 5)
    assert world[0].hazard_limit.tolist() == [0.0] * HAZARDS
    assert (world[0].spread[0] == real.spread[0]).all()
    assert (world[0].spread[1, :3] != real.spread[1, :3]).all()
    assert (world[0].freed == real.freed).all()
