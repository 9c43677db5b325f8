"""Screening and signalling by delay."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games import screening_path, signalling_delay

BELIEFS, DISCOUNTS = st.floats(0.0, 0.97), st.floats(0.05, 0.95)


def thresholds(high: float, low: float, discount: float, belief: float) -> tuple[list[float], list[float]]:
    """Return the beliefs at which demands change, by bisection on plain values, and what is got at each."""

    def price(n: int) -> float:
        return high - discount**n * (high - low)

    at, worth = [0.0], [low]

    def value(n: int, mu: float) -> float:
        if n == 0:
            return low
        share = (mu - at[n - 1]) / (1 - at[n - 1])
        return share * price(n) + (1 - share) * discount * worth[n - 1]

    while at[-1] <= belief:
        n = len(at)
        below, above = at[-1], 1.0
        for _ in range(200):
            middle = (below + above) / 2
            below, above = (below, middle) if value(n, middle) > value(n - 1, middle) else (middle, above)
        at.append(below)
        worth.append(value(n - 1, below))
    return at, worth


@pytest.mark.parametrize(("belief", "discount"), [(0.6, 0.5), (0.9, 0.7), (0.8, 0.9), (0.2, 0.9)])
def test_the_path_is_that_of_thresholds_found_by_bisection(belief, discount):
    """Beliefs on the path are those at which the side that demands is indifferent, the first one apart."""
    path = screening_path(3.0, 1.0, belief, discount)
    at, _ = thresholds(3.0, 1.0, discount, belief)
    assert path.beliefs[0] == belief
    assert path.beliefs[1:] == pytest.approx(at[len(path.beliefs) - 2 :: -1][: len(path.beliefs) - 1], abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(BELIEFS, DISCOUNTS)
def test_the_equilibrium_conditions_hold(belief, discount):
    """The high type is indifferent between all demands, beliefs follow Bayes' rule, all agree in the end."""
    path = screening_path(3.0, 1.0, belief, discount)
    waits = discount ** np.arange(len(path.demands))
    assert waits * (3.0 - path.demands) == pytest.approx(np.full(len(waits), path.high_payoff))
    assert path.accepted.sum() == pytest.approx(1.0)
    assert path.accepted.min() >= 0.0
    assert (np.diff(path.beliefs) < 0.0).all()
    # Whoever is left after all high types but those of the last belief is low with the right probability.
    high_left = belief - np.concatenate([[0.0], np.cumsum(path.accepted)])[:-1]
    assert high_left / (high_left + 1.0 - belief) == pytest.approx(path.beliefs, abs=1e-9)
    assert path.payoff >= max(1.0, belief * 1.0) - 1e-9
    assert 0.0 - 1e-12 <= path.lost < 1.0


def test_coase():
    """As offers come faster the first demand falls to the low value and nothing is lost (Gul et al. 1986)."""
    slow, fast = (screening_path(3.0, 1.0, 0.9, d) for d in (0.5, 0.999))
    assert slow.demands[0] > 2.0
    assert fast.demands[0] == pytest.approx(1.0, abs=0.02)
    assert fast.lost < 0.002 < slow.lost


@given(st.floats(0.1, 0.9), st.floats(0.01, 0.99))
def test_signals_are_believed_because_they_cost(low, discount):
    """The high type gains nothing by holding out, the low one nothing by giving in (Admati and Perry 1987)."""
    found = signalling_delay(1.0, low, discount)
    assert found.periods >= 0.0
    assert found.high_if_imitating == pytest.approx(found.high_payoff)
    assert found.low_payoff >= low - found.high_terms - 1e-12
    assert found.lost == pytest.approx(1.0 - discount**found.periods)


def test_signalling_delay_survives_fast_offers():
    """Unlike screening, the time that a signal takes does not vanish: as periods shorten it tends to a constant."""
    times = [signalling_delay(3.0, 1.0, np.exp(-r)).periods * r for r in (1e-2, 1e-3, 1e-4)]
    # With equal division at the limit: (3 - 3/2) = e^-T (3 - 1/2).
    assert times[-1] == pytest.approx(np.log(2.5 / 1.5), abs=1e-3)
    assert abs(times[1] - times[2]) < abs(times[0] - times[1])


def test_wrong_values_are_refused():
    """Low values above high ones, certain beliefs and discounts of 1 are input errors."""
    for arguments in ((1.0, 2.0, 0.5, 0.9), (3.0, 1.0, 1.0, 0.9), (3.0, 1.0, 0.5, 1.0), (3.0, 0.0, 0.5, 0.9)):
        with pytest.raises(GameError, match="expected"):
            screening_path(*arguments)
    with pytest.raises(GameError, match="expected"):
        signalling_delay(3.0, 1.0, 0.0)
