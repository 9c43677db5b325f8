"""Named parameters of rules and payoff models in scenario files, and payoff models in both engines."""

from __future__ import annotations

import numpy as np
import pytest
from rule_texts import agree, two_actors

import sim
from sim.errors import ScenarioError
from sim.kernel.bound import bound
from sim.scenario.catalogue import MAX_PARAMETERS


def encoded(payoff: str) -> np.ndarray:
    """Return the payoff parameters of the first actor of a scenario with this payoff model."""
    return bound(two_actors(first_payoff=payoff)).params[0].payoff_parameters[0]


def test_names_decide_not_the_order():
    """Parameters go to the places that the model declares, in whatever order the file has them."""
    one = encoded("model: prospect, parameters: {loss_aversion: 2, alpha: 0.5, reference_attacks: 0.25, reference: 1}")
    two = encoded("model: prospect, parameters: {reference: 1, reference_attacks: 0.25, alpha: 0.5, loss_aversion: 2}")
    assert (one == two).all()
    assert one[:3].tolist() == [0.5, 0.88, 2.0]
    assert one[MAX_PARAMETERS : MAX_PARAMETERS + 3].tolist() == [0.25, 1.0, 1.0]


@pytest.mark.parametrize(
    ("payoff", "message"),
    [
        (
            "model: prospect, parameters: {lambda: 2}",
            r"14:\d+: actors.north.payoff.parameters.lambda: found the unknown",
        ),
        ("model: prospect, parameters: {alhpa: 2}", "Did you mean 'alpha'"),
        ("model: prospect, parameters: {reference_talk: 2}", "Did you mean 'reference_talks'"),
        ("model: linear, parameters: {alpha: 2}", "expected no parameters"),
        ("model: power", r"14:\d+: actors.north.payoff: found payoff model power without the parameter alpha"),
        ("model: power, parameters: {alpha: 0}", "found 0.0, expected a number over 0 to 100"),
        ("model: power, parameters: {alpha: high}", "found 'high', expected a number over 0 to 100"),
    ],
)
def test_wrong_parameters_are_input_errors(payoff, message):
    """A name or value that the model does not know is an input error with its line."""
    with pytest.raises(ScenarioError, match=message):
        encoded(payoff)


@pytest.mark.parametrize(
    "payoff",
    [
        "model: power, parameters: {alpha: 0.5}",
        "model: prospect, parameters: {reference_attacks: 0.5}",
        "model: cobb_douglas, parameters: {floor: 0.01, worst: 3}",
    ],
)
def test_engines_agree_to_the_bit(payoff):
    """Event and batch engine give the same outcomes, payoffs included; the payoff differs from the linear one."""
    batch = agree(two_actors(first_payoff=payoff))
    plain = sim.replicate(two_actors(), runs=3, seed=11, threads=1)
    assert (plain.outcome_table["payoff_north"] != batch.outcome_table["payoff_north"]).all()
