"""What commitment devices are worth."""

from __future__ import annotations

import pytest

import sim
from sim.experiments.comparison.commitment_devices import commitment_devices
from sim.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def toy() -> Scenario:
    """Return a toy with a device that is already in place and one that is not."""
    return sim.load("toys/two_actors").replace(
        {
            "devices": {
                "in_place": {"label": "nothing new", "changes": {"actors.state.moves.free.release.per_day": 10}},
                "list": {"changes": {"deal.captives.prisoners.counted_at_once.own": 1.0}},
            }
        }
    )


def test_a_device_that_is_in_place_is_worth_exactly_nothing(toy: Scenario) -> None:
    """Laying over what stands there already changes no run."""
    found = commitment_devices(sim.replicate(toy, 50, 1)).set_index("device")
    assert (found.loc["in_place"].value == 0.0).all()
    assert (found.loc["in_place"].label == "nothing new").all()
    assert (found.loc["list"].label == "list").all()


def test_its_worth_is_the_paired_difference(toy: Scenario) -> None:
    """The value to an actor is the mean over pairs of payoff with it minus payoff without."""
    without = sim.replicate(toy, 50, 1)
    device = sim.replicate(toy.replace(dict(toy.devices["list"].changes)), 50, 1)
    found = commitment_devices(without)
    row = found[(found.device == "list") & (found.actor == "rebels")].iloc[0]
    pairs = device.outcomes.payoff_rebels - without.outcomes.payoff_rebels
    assert row.value == pytest.approx(pairs.mean())
    assert row.standard_error == pytest.approx(pairs.std() / 50**0.5)
    assert row.low < row.value < row.high


def test_a_scenario_without_devices_has_an_empty_table() -> None:
    """No devices, no rows, the same columns."""
    found = commitment_devices(sim.replicate(sim.load("toys/two_actors"), 3, 1))
    assert len(found) == 0
    assert "value" in found.columns


def test_the_built_in_case_has_the_four_of_the_literature() -> None:
    """Guarantee, third-party list, escrow and a fixed schedule are data of the scenario, one row an actor each."""
    scenario = sim.load("doha_2020/baseline")
    found = commitment_devices(sim.replicate(scenario, 5, 1))
    paid = found[found.measure == "payoff"]
    assert list(paid.device.unique()) == ["guarantee", "third_party_list", "escrowed_aid", "fixed_schedule"]
    assert list(paid.actor) == list(scenario.actors) * 4
