"""Payoffs by term: they sum to the payoff in both engines, and asking for them changes no run."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.engine.event import EventEngine
from sim.kernel.bound import bound
from sim.model.columns import COLUMNS


@pytest.mark.parametrize("name", ["doha_2020/baseline", "toys/two_actors", "toys/five_actors"])
def test_terms_sum_to_the_payoff(name: str) -> None:
    """In every run each actor's terms sum to its payoff, up to rounding."""
    batch = sim.replicate(sim.load(name), runs=40, seed=5)
    for actor, terms in batch.payoff_terms.items():
        assert len(terms) == 40
        np.testing.assert_allclose(terms.sum(axis=1), batch.outcomes[f"payoff_{actor}"], rtol=0.0, atol=1e-12)


def test_engines_keep_the_same_ledger() -> None:
    """The event engine's ledger of a run is the batch engine's, to the bit."""
    scenario = sim.load("doha_2020/baseline")
    terms = sim.replicate(scenario, runs=3, seed=11).payoff_terms
    for replication in range(3):
        engine = EventEngine(bound(scenario), 11, replication, trace=False)
        engine.run()
        assert engine.ledger.shape[1] == COLUMNS
        for row, (name, frame) in enumerate(terms.items()):
            flows = len(scenario.actors[name].payoff.per_year)
            assert engine.ledger[row, :flows].tolist() == frame.iloc[replication, :flows].tolist()


def test_costs_carry_their_sign() -> None:
    """Releases and moves only ever cost; the outcome is worth what the file says, discounted."""
    scenario = sim.load("doha_2020/baseline").replace({"actors.government.payoff.terms": {}})
    batch = sim.replicate(scenario, runs=60, seed=2)
    government = batch.payoff_terms["government"]
    assert (government["release_cost"] <= 0.0).all()
    assert (government["release_cost"] < 0.0).any()
    assert (government["at_once"] <= 0.0).all()
    assert (government["at_once"] < 0.0).any()
    settled = (batch.outcomes.outcome == "settlement").to_numpy()
    years = batch.outcomes.outcome_day[settled] / 365.25
    actor = scenario.actors["government"]
    expected = actor.payoff.at_outcome["settlement"] * np.exp(-actor.discount_per_year * years)
    assert settled.any()
    np.testing.assert_allclose(government["at_outcome"][settled], expected, rtol=1e-12)
