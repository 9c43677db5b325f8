"""The bargaining range of war and the risk-return offer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games.theory.bargaining_range import peace_range, risk_return_offer


def test_range_of_fearon() -> None:
    """With p .6 and costs .1 and .2 both prefer any share in [.5, .8] to war (Fearon 1995)."""
    zone = peace_range(0.6, 0.1, 0.2)
    assert (zone.low, zone.high) == pytest.approx((0.5, 0.8), abs=1e-12)
    assert zone.width == pytest.approx(0.3, abs=1e-12)


def test_offer_of_fearon() -> None:
    """With c_B uniform on [0, .4] and c_A .1 the demand is .75 and war has probability .375 (Fearon 1995)."""
    offer = risk_return_offer(0.6, 0.1, 0.0, 0.4)
    assert (offer.demand, offer.war_probability) == pytest.approx((0.75, 0.375), abs=1e-9)
    assert offer.value > offer.safe_value


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5), st.floats(0.01, 1.0))
def test_closed_form_beats_every_demand(p: float, cost: float, low: float, width: float) -> None:
    """No demand on a fine grid gives A more than the closed form."""
    offer = risk_return_offer(p, cost, low, low + width)
    demands = np.linspace(0.0, 1.0, 4001)
    risk = np.clip((demands - p - low) / width, 0.0, 1.0)
    values = (1 - risk) * demands + risk * (p - cost)
    assert offer.value >= values.max() - 1e-9
    assert offer.regret <= 1e-12


def test_any_distribution_of_costs() -> None:
    """A triangular distribution of costs gives the demand that solves its own first-order condition."""
    offer = risk_return_offer(0.5, 0.1, 0.0, 0.4, cost_b_cdf=lambda c: (c / 0.4) ** 2)
    # (1 - F) - f (x - p + c_A) = 0 with F = (k / .4)^2: 3 k^2 + .2 k - .16 = 0.
    k = (-0.2 + (0.04 + 4 * 3 * 0.16) ** 0.5) / 6
    assert offer.demand == pytest.approx(0.5 + k, abs=1e-6)
    assert offer.war_probability == pytest.approx((k / 0.4) ** 2, abs=1e-5)


def test_certain_costs_give_the_whole_range_to_the_proposer() -> None:
    """With no uncertainty A demands the top of the bargaining range and there is no war."""
    offer = risk_return_offer(0.6, 0.1, 0.2, 0.2)
    assert (offer.demand, offer.war_probability) == pytest.approx((0.8, 0.0), abs=1e-12)


def test_bad_arguments_are_refused() -> None:
    """Probabilities above 1, negative or NaN costs and falling distribution functions are refused."""
    with pytest.raises(GameError, match="win_probability"):
        peace_range(1.2, 0.1, 0.1)
    with pytest.raises(GameError, match="cost_a"):
        peace_range(0.5, float("nan"), 0.1)
    with pytest.raises(GameError, match="cost_b_high"):
        risk_return_offer(0.5, 0.1, 0.3, 0.2)
    with pytest.raises(GameError, match="distribution"):
        risk_return_offer(0.5, 0.1, 0.0, 0.4, cost_b_cdf=lambda c: 1.0 - c)
