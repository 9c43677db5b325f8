"""Learners find what is there to be found, and a wrong certificate does not pass."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.kernel.bound import bound
from sim.solving.against import Against
from sim.solving.candidates import first_policies, players_of
from sim.solving.certificate import measured_gains
from sim.solving.cross_entropy import Search, search
from sim.solving.forks import fit_forks, forked, frame_of
from sim.solving.kept import Kept
from sim.solving.policy import ActorPolicy
from sim.solving.recheck import recheck
from sim.solving.solve import solve, solve_plan
from sim.solving.worlds import Worlds

ABSENT = Kept(None, {})


@pytest.fixture(scope="module")
def planted():
    """Return play of a toy in which the state frees only while nobody holds fire, and the rebels toss coins.

    Rebels that fight until the captives are home, and hold fire then, do far better than rebels that toss coins.
    """
    policy = {
        "sees": [{"of": "holding_fire(rebels)"}],
        "moves": {"wait": [[0.0, 1.0]], "free": [[0.5, 0.0]]},
    }
    rule = {"response": "argmax", "valuation": "table", "policy": policy}
    toy = sim.load("toys/two_actors").replace(
        {"actors.state.rule": rule, "actors.rebels.rule": {"response": "uniform"}}
    )
    worlds = Worlds(toy, players_of(toy))
    declared = [first_policies(toy, actor)[0] for actor in worlds.players]
    return Against(worlds, [[policy] for policy in declared], [np.ones(1)] * 2)


def test_both_learners_exploit_a_planted_policy(planted):
    """Each finds, on its own, a reply of the rebels that gains surely on fresh worlds."""
    frame = frame_of(planted, 1, 7, ABSENT, worlds=60)
    assert frame.features
    searched = search(planted, 1, frame, Search(4, 16, 40), 11, ABSENT)
    forks = forked(planted, 1, frame, 150, 90.0, 12, ABSENT)
    fitted = fit_forks(forks, frame).coefficients
    policies = [
        frame.policy("searched", "", searched, "cross-entropy"),
        frame.policy("forked", "", fitted, "forks"),
    ]
    for gain in measured_gains(planted, 1, policies, 200, 99, ABSENT):
        assert gain.sure, gain
        assert gain.gain > 0.05, gain


def test_a_table_plays_as_the_scenario_that_states_it(planted):
    """Worlds of composed parameters are those of the scenario with the rules in it, to the bit."""
    worlds = planted.worlds
    toy = worlds.scenario
    for choice in ((0, 1), (1, 2), (3, 3), (2, 0)):
        chosen = [first_policies(toy, actor)[k] for actor, k in zip(worlds.players, choice, strict=True)]
        payoffs, outcomes = worlds.play([chosen], 6, 5)
        rules = {f"actors.{a}.rule": dict(policy.rule) for a, policy in zip(worlds.players, chosen, strict=True)}
        rows = sim.replicate(toy.replace(rules), 6, seed=5).rows
        assert (rows["payoff"][:, :2] == payoffs[0]).all()
        assert (rows["outcome"] == outcomes[0]).all()


def test_a_wrong_certificate_is_caught():
    """Measured again on other luck, a solution's own numbers hold, and numbers that were touched do not."""
    toy = sim.load("toys/two_actors")
    solution = solve(toy, runs=20, seed=7, effort="quick")
    assert recheck(solution, runs=300, seed=5) == ()
    chosen = solution.selected
    better = {player: (value + 0.5, error) for player, (value, error) in chosen.values.items()}
    planted = replace(solution, equilibria=(replace(chosen, values=better), *solution.equilibria[1:]))
    complaints = recheck(planted, runs=300, seed=5)
    assert len(complaints) == 2
    assert "state: payoff" in complaints[0]
    hidden = tuple(replace(gain, gain=gain.gain + 0.4) for gain in chosen.gains)
    planted = replace(solution, equilibria=(replace(chosen, gains=hidden), *solution.equilibria[1:]))
    assert any("gain" in complaint for complaint in recheck(planted, runs=300, seed=5))


def test_a_plan_says_what_it_takes_and_refuses_too_much():
    """A table beyond its bound, an effort and runs that do not exist are refused with what is legal."""
    toy = sim.load("toys/two_actors")
    plan = solve_plan(toy, 100, "quick")
    assert plan.first_table == np.prod(list(plan.players.values())) * 100
    assert plan.left_out == ("lookahead",)
    for wrong, said in (
        ({"runs": 1}, "runs: found 1"),
        ({"runs": 100_000, "scenario": sim.load("doha_2020/baseline")}, "expected at most 2,000,000"),
        ({"effort": "quik"}, "Did you mean 'quick'"),
    ):
        with pytest.raises(sim.SimError, match=said):
            solve_plan(wrong.get("scenario", toy), wrong.get("runs", 10), wrong.get("effort", "quick"))
    with pytest.raises(sim.SimError, match="found 'nobody', expected a player"):
        solve(toy, 10, policies={"nobody": (ActorPolicy("x", "", {"response": "uniform"}),)})
    assert bound(toy).mixture is None
