"""Regret of deals over payoff sets."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.experiments.comparison.regret import Regret, regret
from sim.experiments.variants import run_variants
from sim.scenario.scenario import Scenario

SETS = {
    "as_given": {},
    "keen": {"actors.state.payoff.per_year.talks": 2.0},
    "tired": {"actors.rebels.payoff.per_year.holding_fire": 0.2},
}


@pytest.fixture(scope="module")
def deals() -> dict[str, Scenario]:
    """Return three deals that differ in the pace of release."""
    toy = sim.load("toys/two_actors")
    return {str(pace): toy.replace({"actors.state.moves.free.release.per_day": pace}) for pace in (5, 10, 40)}


@pytest.fixture(scope="module")
def found(deals: dict[str, Scenario]) -> Regret:
    """Return the regrets of those."""
    return regret(list(deals), list(deals.values()), 60, 2, payoff_sets=SETS)


def test_it_is_never_negative_and_someone_has_none(found: Regret) -> None:
    """Under every set and for every actor the best deal has no regret, and no other has less."""
    assert (found.table.regret >= 0.0).all()
    assert (found.table.groupby(level=["payoff_set", "actor"]).regret.min() == 0.0).all()


def test_it_is_the_distance_to_the_best_mean(found: Regret) -> None:
    """Regret is the greatest mean payoff under the set minus the deal's own."""
    best = found.table.payoff.groupby(level=["payoff_set", "actor"]).transform("max")
    assert np.allclose(found.table.regret, best - found.table.payoff)


def test_one_deal_of_minimax_regret_an_actor(found: Regret) -> None:
    """For each actor exactly one deal is chosen, and its greatest regret is the least."""
    assert found.minimax.chosen.groupby(level="actor").sum().eq(1).all()
    for actor, deal in found.choices.items():
        worst = found.table.regret.xs(actor, level="actor").groupby(level="scenario").max()
        assert worst[deal] == worst.min()


def test_payoffs_are_those_of_the_changed_deal(found: Regret, deals: dict[str, Scenario]) -> None:
    """Under a set actors choose by it and are paid by it, on the luck of the seed."""
    changed = deals["40"].replace(dict(SETS["keen"]))
    rows = run_variants([changed], 60, 2)
    mean = rows["payoff"][0, :, list(changed.actors).index("state")].mean()
    assert found.table.payoff["40", "keen", "state"] == pytest.approx(mean)


def test_a_deal_that_cannot_take_a_set_is_left_out_and_said(deals: dict[str, Scenario]) -> None:
    """A deal without the actor that a set is about has no regrets; a note says which path failed."""
    names = [*deals, "other"]
    found = regret(names, [*deals.values(), sim.load("toys/five_actors")], 10, 1, payoff_sets=SETS)
    assert "other" not in found.table.index.unique("scenario")
    assert found.notes[0].startswith("other has no regrets: it cannot take the payoff set tired")


def test_the_sets_of_a_scenario_are_data() -> None:
    """The built-in case names its payoff sets; comparisons need not know them."""
    names = ["doha_2020/baseline", "doha_2020/hawkish"]
    found = regret(names, [sim.load(name) for name in names], 5, 1)
    assert tuple(found.table.index.unique("payoff_set")) == ("central", "hawkish", "dovish")
    assert (found.table.regret == 0.0).all(), "once the sets are laid over them, the two are one deal"


def test_without_sets_it_is_refused(deals: dict[str, Scenario]) -> None:
    """The error says where payoff sets are stated."""
    with pytest.raises(UsageError, match="payoff_sets"):
        regret(list(deals), list(deals.values()), 5, 1)
    with pytest.raises(UsageError, match="no scenario that can take them"):
        regret(["a"], [sim.load("toys/five_actors")], 5, 1, payoff_sets=SETS)
