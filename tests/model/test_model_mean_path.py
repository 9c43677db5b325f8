"""The path on which moves are valued: it converges, and it foresees what the world will do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from toy_deals import actor, deal, prisoners, rebels_who_attack

import sim
from sim.scenario.scenario import Scenario

ALWAYS_SAME = {"response": "argmax", "valuation": "drift", "horizon_days": 100}


def first_values(scenario: Scenario, who: str) -> dict[str, Any]:
    """Return by move the account of an actor's first decision in a traced run."""
    decision = next(d for d in sim.run(scenario, seed=1).decisions if d.actor == who)
    return {move.move: move for move in decision.moves}


def decides(moves: dict[str, Any], payoff: dict[str, Any], **rule: Any) -> dict[str, Any]:
    """Return an actor that decides among moves on day 10 by a mean path."""
    return actor(
        moves,
        next(iter(moves)),
        review={"every_days": 1_000, "offset_days": 10},
        rule=ALWAYS_SAME | rule,
        payoff={"model": "linear"} | payoff,
    )


def armies(**fighters: Any) -> dict[str, Any]:
    """Return a world of ten thousand on either side."""
    world = rebels_who_attack(20.0, 0.0, **fighters)
    world["armed_forces"]["army"] = {"kind": "regular", "actor": "state", "strength_thousand": 10}
    return world


def test_values_of_moves_converge_to_those_of_finer_paths() -> None:
    """The error against 32 steps falls with the number of steps, and four steps order the moves nearly as 32 do."""
    baseline = sim.load("doha_2020/baseline")
    found = {}
    for steps in (2, 4, 8, 32):
        one = baseline.replace({f"actors.{name}.rule.path_steps": steps for name in baseline.actors})
        first = [sim.run(one, seed=seed).decisions[:2] for seed in range(12)]
        found[steps] = np.array(
            [[m.value for m in d.moves if m.legal] for ds in first for d in ds if d.actor == "taliban"]
        )
    spread = {k: v - v.mean(axis=1, keepdims=True) for k, v in found.items()}
    error = {k: float(np.sqrt(((spread[k] - spread[32]) ** 2).mean())) for k in (2, 4, 8)}
    assert error[8] < error[4] < error[2]
    assert error[4] < 0.02


def test_a_linear_flow_is_valued_exactly() -> None:
    """Captives freed at an even pace: the discounted flow of their share is what the integral says, by any steps."""
    moves = {"wait": {}, "free": {"release": {"per_day": 20, "list": "claimant"}}}
    content = {"per_year": {"freed(prisoners)": -1.0}}
    values = []
    for steps in (1, 4, 10):
        state = decides(moves, content, path_steps=steps)
        scenario = deal(actors={"state": state, "rebels": actor({"wait": {}}, "wait")}, deal={"captives": prisoners()})
        values.append(first_values(scenario, "state")["free"].terms["freed(prisoners)"])
    expected = -0.5 * (20 * 100 / 5_000) * 100 / 365.25
    assert values == pytest.approx([expected] * 3, rel=1e-9)


def test_arms_put_beyond_use_are_foreseen() -> None:
    """Half of the arms gone over the window lowers the balance of force that the rebels expect at its end."""
    moves = {"keep": {}, "disarm": {"hand_over": {"arms": {"over_days": 365.25}}}}
    rebels = decides(moves, {"beyond_window": {"balance_of_force": 1.0}}, path_steps=4)
    stocks = {"arms": {"holder": "rebels", "arms_of": "fighters", "held": 1, "divisible": True}}
    actors = {"state": actor({"wait": {}}, "wait"), "rebels": rebels}
    seen = first_values(deal(actors=actors, world=armies(), deal={"stocks": stocks}), "rebels")
    left = 1.0 - 100 / 365.25
    assert seen["keep"].terms["beyond_window"] == pytest.approx(0.5)
    assert seen["disarm"].terms["beyond_window"] == pytest.approx(left / (1.0 + left), rel=1e-9)


def test_recalls_are_foreseen() -> None:
    """A state that takes three a day back expects as many fewer to be free at the end of its window."""
    moves = {"stop": {}, "take": {"recall": {"per_day": 3}}}
    state = decides(moves, {"beyond_window": {"freed(prisoners)": 1.0}})
    state |= {"opening_move": "free", "moves": moves | {"free": {"release": {"per_day": 100, "list": "claimant"}}}}
    scenario = deal(actors={"state": state, "rebels": actor({"wait": {}}, "wait")}, deal={"captives": prisoners()})
    seen = first_values(scenario, "state")
    assert seen["stop"].terms["beyond_window"] == pytest.approx(1_000 / 5_000)
    assert seen["take"].terms["beyond_window"] == pytest.approx((1_000 - 300) / 5_000)


def test_nobody_knows_the_return_probability_of_the_run() -> None:
    """Two runs that drew different probabilities of return value the first release alike."""
    returns = {"to": "fighters", "probability": {"beta": [2, 3]}, "delay_days": 20}
    moves = {"wait": {}, "free": {"release": {"per_day": 20, "list": "claimant"}}}
    state = decides(moves, {"beyond_window": {"balance_of_force": -1.0}})
    scenario = deal(
        actors={"state": state, "rebels": actor({"wait": {}}, "wait")},
        deal={"captives": prisoners(returns=returns)},
        world=armies(),
    )
    values = {sim.run(scenario, seed=seed).decisions[0].moves[1].value for seed in range(5)}
    assert len(values) == 1


def test_a_move_expects_the_answer_that_its_file_declares() -> None:
    """Rebels who offer see captives freed in answer if the move says so, and not while the answer is illegal."""

    def scenario(expects: dict[str, str], guard: str | None) -> Scenario:
        free = {"release": {"per_day": 20, "list": "claimant"}} | ({"when": guard} if guard else {})
        rebels = decides(
            {"fight": {}, "offer": {"expects": expects} if expects else {}},
            {"beyond_window": {"freed(prisoners)": 1.0}},
        )
        actors = {"state": actor({"wait": {}, "free": free}, "wait"), "rebels": rebels}
        return deal(actors=actors, deal={"captives": prisoners()})

    told = first_values(scenario({"state": "free"}, None), "rebels")
    assert told["fight"].terms.get("beyond_window", 0.0) == 0.0
    assert told["offer"].terms["beyond_window"] == pytest.approx(20 * 100 / 5_000)
    silent = sim.run(scenario({}, None), seed=1)
    assert not silent.decisions  # an offer that counts on nothing is no other course than to fight
    barred = first_values(scenario({"state": "free"}, "day > 1000"), "rebels")
    assert barred["offer"].terms.get("beyond_window", 0.0) == 0.0
