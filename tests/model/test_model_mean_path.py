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


def test_a_move_is_valued_for_as_long_as_it_is_expected_to_stand() -> None:
    """Captives go free for thirty days, and then none, which is what would be best if it were held."""
    moves = {"wait": {}, "free": {"release": {"per_day": 20, "list": "claimant"}}}
    content = {"per_year": {"freed(prisoners)": -1.0}}
    values = []
    for steps in (2, 4, 10):
        state = decides(moves, content, path_steps=steps, holds_days=30)
        scenario = deal(actors={"state": state, "rebels": actor({"wait": {}}, "wait")}, deal={"captives": prisoners()})
        seen = first_values(scenario, "state")
        values.append(seen["free"].terms["freed(prisoners)"])
        assert seen["wait"].value == 0.0
    expected = -(20 * 30**2 / 2 + 20 * 30 * 70) / 5_000 / 365.25
    assert values == pytest.approx([expected] * 3, rel=1e-9)


def test_turning_back_costs_what_a_change_costs() -> None:
    """Who expects to undo a move pays for both changes, the second when it comes, discounted."""
    moves = {"wait": {}, "free": {"release": {"per_day": 20, "list": "claimant"}}}
    content = {"per_year": {"freed(prisoners)": -1.0}, "once": {"changes_course": 0.5}}
    state = decides(moves, content, holds_days=30) | {"discount_per_year": 0.2}
    scenario = deal(actors={"state": state, "rebels": actor({"wait": {}}, "wait")}, deal={"captives": prisoners()})
    seen = first_values(scenario, "state")
    later = float(np.exp(-0.2 * 30 / 365.25))
    assert sum(v for k, v in seen["free"].terms.items() if k.startswith(("at_once", "once"))) == pytest.approx(
        -0.5 * (1.0 + later), rel=1e-12
    )


def test_what_is_held_for_the_whole_window_is_what_it_was() -> None:
    """Holding for as long as the window, or longer, is the valuation without it, to the bit."""
    baseline = sim.load("doha_2020/baseline")
    values = []
    for days in (None, 182, 500):
        one = baseline.replace({f"actors.{name}.rule.holds_days": days for name in baseline.actors})
        values.append([[m.value for m in d.moves if m.legal] for d in sim.run(one, seed=3).decisions[:6]])
    assert values[0] == values[1] == values[2]


def test_the_best_move_is_valued_as_if_it_were_held() -> None:
    """What an actor expects to go on with has the value of holding it, whatever comes of the others."""
    baseline = sim.load("doha_2020/baseline")
    free = {f"actors.{name}.rule.holds_days": None for name in baseline.actors}
    held, mended = (sim.run(one, seed=5).decisions[0] for one in (baseline.replace(free), baseline))
    assert held.actor == mended.actor
    without_bonus = {m.move: sum(m.terms.values()) - m.terms.get("inertia", 0.0) for m in held.moves if m.legal}
    best = max(without_bonus, key=lambda name: without_bonus[name])
    again = {m.move: sum(m.terms.values()) - m.terms.get("inertia", 0.0) for m in mended.moves if m.legal}
    assert again[best] == pytest.approx(without_bonus[best], abs=2e-3)  # its window is cut into other steps


def test_a_threat_may_be_withstood() -> None:
    """Its value is the mean of that of a target that gives in and of one that does not, term by term."""
    baseline = sim.load("doha_2020/baseline")
    path = "actors.us.moves.threaten.pressure.gives_in"
    terms = []
    for share in (1.0, 0.0, 0.3):
        run = sim.run(baseline.replace({path: share}), seed=2)
        terms.append(first_threat(run).terms)
    for name in set().union(*terms):
        given_in, withstood, doubted = (found.get(name, 0.0) for found in terms)
        assert doubted == pytest.approx(0.3 * given_in + 0.7 * withstood, abs=1e-9)


def first_threat(run: sim.Run) -> Any:
    """Return the account of the threat at the first decision at which it could be made."""
    return next(m for d in run.decisions if d.actor == "us" for m in d.moves if m.move == "threaten" and m.legal)


def test_a_settlement_is_worth_what_its_terms_say_when_it_comes() -> None:
    """A certain end by a condition, worth two per unit of the balance of force that stands then."""
    outcomes = {"end": {"when": "day >= 50", "what": "it ends"}}
    payoff = {"at_outcome": {"end": 0.25}, "terms": {"end": {"balance_of_force": 2.0}}}
    state = decides({"wait": {}, "free": {"release": {"per_day": 1, "list": "claimant"}}}, payoff)
    scenario = deal(
        actors={"state": state, "rebels": actor({"wait": {}}, "wait")},
        deal={"captives": prisoners(), "outcomes": outcomes},
        world=armies(),
    )
    run = sim.run(scenario, seed=1)
    standing = float(run.series_table["balance_of_force"][-1])
    assert run.outcome["outcome"] == "end"
    assert run.outcome["payoff_state"] == pytest.approx(0.25 + 2.0 * standing)
    seen = first_values(scenario, "state")["wait"].terms
    assert seen["at_outcome"] == pytest.approx(0.25 + 2.0 * standing, abs=1e-9)
