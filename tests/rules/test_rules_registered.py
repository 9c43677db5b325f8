"""Rules that users write: compiled where they compile, in the interpreter where they do not, and failing alone."""

# ruff: noqa: ARG001 - the signatures of rules are fixed
from __future__ import annotations

import json

import pytest
from rule_texts import agree, two_actors

import sim
from sim.errors import RunError, ScenarioError, UsageError
from sim.model.rule_parameter import Parameter
from sim.rules.registry import REGISTERED


def unbending(values, state, params, tables, actor, probabilities):
    """Make the move of the rank that the parameter says."""
    for move in range(params.moves[actor]):
        probabilities[move] = 1.0 if move == int(params.response_parameters[actor, 1]) else 0.0


def alternating(values, state, params, tables, actor, probabilities):
    """Hold and free in turn; only the interpreter can run it."""
    told = json.loads(json.dumps({"turn": float(state.memory[actor, 0])}))
    probabilities[:] = 0.0
    probabilities[int(told["turn"])] = 1.0
    state.memory[actor, 0] = 1.0 - told["turn"]


def importing(values, state, params, tables, actor, probabilities):
    """Import something inside, which the compiler refuses; only the interpreter can run it."""
    import math

    probabilities[:] = 0.0
    probabilities[math.floor(0.5)] = 1.0


def by_name(state, params, tables, actor, values, terms):
    """Value the moves by their rank; only the interpreter can run it."""
    for move, worth in enumerate(json.loads("[0.5, 0.25, 0.125]")):
        if values[move] == values[move] and values[move] < 0:
            continue
        values[move] = worth
        terms[move, 0] = worth


def quietly(features, weights, parameters, count, terms):
    """Pay the first feature only; only the interpreter can run it."""
    terms[:count] = 0.0
    terms[0] = json.loads("2") * weights[0] * features[0]


def fails_once(values, state, params, tables, actor, probabilities):
    """Raise in replication 2 from day 14 on."""
    if state.replication == 2 and state.tick >= 14:
        raise ValueError("I have " + json.dumps("enough"))
    probabilities[:] = 0.0
    probabilities[0] = 1.0


@pytest.fixture(scope="module", autouse=True)
def rules():
    """Let scenarios name the rules."""
    sim.register("response", "unbending", unbending, parameters={"patience": 1.0, "rank": 0.0})
    sim.register("response", "alternating", alternating)
    sim.register("response", "importing", importing)
    sim.register("response", "fails_once", fails_once)
    sim.register("valuation", "by_name", by_name)
    sim.register("payoff_model", "quietly", quietly)


def test_a_rule_that_compiles_runs_in_both_engines():
    """It reads its parameters by its own places, whatever their order in the file, and the batch engine runs it."""
    scenario = two_actors(first_rule="response: unbending, parameters: {rank: 2, patience: 7}")
    batch = agree(scenario)
    assert batch.engine == "batch engine"
    assert {d.chosen for d in sim.run(scenario, seed=1).decisions if d.actor == "north"} == {"attack"}


@pytest.mark.parametrize(
    ("rule", "payoff", "named"),
    [
        ("response: alternating", "model: linear", "response alternating"),
        ("response: importing", "model: linear", "response importing"),
        ("response: logit, lam_per_util: 3, valuation: by_name", "model: linear", "valuation by_name"),
        ("response: uniform", "model: quietly", "payoff_model quietly"),
    ],
)
def test_a_rule_that_does_not_compile_runs_in_the_interpreter(rule, payoff, named):
    """Both ways of running give the same worlds to the bit, and the batch says what ran it."""
    scenario = two_actors(first_rule=rule, first_payoff=payoff, horizon=30)
    batch = agree(scenario)
    assert batch.engine.startswith("event engine")
    assert named in batch.engine
    forked = sim.replicate(scenario, runs=3, seed=11, threads=2, chunk=1)
    assert forked.digest == batch.digest
    assert not batch.bands("talks").empty


def test_an_interpreted_rule_remembers():
    """What a rule in the interpreter writes to its memory is there at its next epoch."""
    scenario = two_actors(first_rule="response: alternating", second_rule="response: scripted", horizon=36)
    run = sim.run(scenario, seed=1)
    assert [d.chosen for d in run.decisions if d.actor == "north"] == ["hold", "free", "hold", "free", "hold"]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_rule_that_raises_fails_alone(threads):
    """Its run is marked as failed with actor and day; the others are as without it."""
    scenario = two_actors(first_rule="response: fails_once", horizon=30)
    outcomes = sim.replicate(scenario, runs=4, seed=11, threads=threads, chunk=1).outcome_table
    assert [failure is None for failure in outcomes["failure"]] == [True, True, False, True]
    assert outcomes["failure"][2] == "day 14: values of actor north not finite"
    with pytest.raises(
        RunError, match="day 14: values of actor north: a rule in Python raised ValueError: I have"
    ) as e:
        sim.run(scenario, seed=11, replication=2)
    assert isinstance(e.value.__cause__, ValueError)


def test_a_payoff_that_fails_names_its_actor():
    """Where a payoff model raises, the run stops with the actor whose payoff it was."""

    def broken(features, weights, parameters, count, terms):
        raise KeyError(json.dumps("lost"))

    sim.register("payoff_model", "broken", broken)
    with pytest.raises(RunError, match="values of actor north: a rule in Python raised KeyError"):
        sim.run(two_actors(first_payoff="model: broken"), seed=1)


def test_a_name_that_this_process_does_not_have():
    """A scenario that names a rule of another process is told where and how to register it."""
    scenario = two_actors(first_rule="response: unbending")
    entry = REGISTERED.pop(("response", "unbending"))
    try:
        with pytest.raises(ScenarioError, match=r"13:\d+: actors.north.rule.response: found 'unbending'.*sim.register"):
            sim.run(scenario.replace({"horizon_days": 20}), seed=1)
    finally:
        REGISTERED["response", "unbending"] = entry


def test_what_cannot_be_registered():
    """An unknown kind, a name that is taken, what is no function, too many parameters or two of a name are refused."""
    with pytest.raises(UsageError, match="is none of valuation"):
        sim.register("rule", "mine", unbending)
    with pytest.raises(UsageError, match="exists already"):
        sim.register("response", "logit", unbending)
    with pytest.raises(UsageError, match="expected a callable"):
        sim.register("response", "mine", "unbending")
    with pytest.raises(UsageError, match="expected letters"):
        sim.register("response", "my rule", unbending)
    with pytest.raises(UsageError, match="at most 8"):
        sim.register("response", "mine", unbending, parameters={f"p{i}": 0.0 for i in range(9)})
    with pytest.raises(UsageError, match="twice"):
        sim.register("response", "mine", unbending, parameters=[Parameter("a", 0.0), Parameter("a", 1.0)])
    sim.register("response", "unbending", unbending, parameters={"patience": 1.0, "rank": 0.0})
