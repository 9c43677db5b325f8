"""Budget-balanced settlement under private information."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games import settlement_protocol


def trade(n: int, objective: str = "gain"):
    """Return bilateral trade with n equally likely values and costs at the middles of equal parts of [0, 1]."""
    middle, zero = (np.arange(n) + 0.5) / n, np.zeros((n, n))
    values, costs = zero + middle[:, None], zero + middle[None, :]
    return settlement_protocol(np.full((n, n), 1 / n**2), [values, zero], [zero, costs], objective)


def test_myerson_and_satterthwaite():
    """Myerson and Satterthwaite (1983): with uniform values no protocol gains more than 9/64 of the possible 1/6."""
    coarse, fine = trade(8), trade(16)
    assert fine.first_best == pytest.approx(1 / 6, abs=1e-3)
    assert not fine.efficient
    assert fine.converged
    assert 9 / 64 < fine.gain < coarse.gain
    assert fine.gain - 9 / 64 < 0.2 / 16
    # Trade happens only where the value exceeds the cost by about a quarter.
    value, cost = np.meshgrid((np.arange(16) + 0.5) / 16, (np.arange(16) + 0.5) / 16, indexing="ij")
    assert (fine.agreement[value - cost < 0.1] < 1e-6).all()
    assert (fine.agreement[value - cost > 0.4] > 1 - 1e-6).all()


def test_a_known_gain_can_always_be_shared():
    """If only one side has private costs of war and the agreement is worth more in any case, peace is certain."""
    war = [np.zeros((1, 3)), np.array([[0.1, 0.5, 0.9]])]
    found = settlement_protocol([[0.2, 0.3, 0.5]], [np.ones((1, 3)), np.zeros((1, 3))], war)
    assert found.efficient
    assert found.chance == pytest.approx(1.0, abs=1e-9)
    assert found.gain == pytest.approx(1.0 - 0.2 * 0.1 - 0.3 * 0.5 - 0.5 * 0.9)


def test_without_transfers_less_can_be_agreed():
    """Where nothing can be paid, a party that loses by the agreement blocks it."""
    war = [np.zeros((1, 2)), np.array([[0.2, 0.9]])]
    peace = [np.ones((1, 2)), np.zeros((1, 2))]
    assert settlement_protocol([[0.5, 0.5]], peace, war, transfers=False).chance == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_promises_hold(seed):
    """Nobody gains by lying or walking out, transfers sum to zero, and no protocol beats the first best."""
    luck = np.random.default_rng(seed)
    shape = tuple(int(k) for k in luck.integers(1, 4, int(luck.integers(2, 4))))
    prior = luck.dirichlet(np.ones(int(np.prod(shape)))).reshape(shape)
    peace, war = luck.random((len(shape), *shape)), luck.random((len(shape), *shape))
    best = settlement_protocol(prior, list(peace), list(war))
    likely = settlement_protocol(prior, list(peace), list(war), "chance")
    bound = settlement_protocol(prior, list(peace), list(war), transfers=False)
    for found in (best, likely, bound):
        assert found.converged
        assert np.abs(sum(found.transfers)).max() <= 1e-12
        assert found.gain <= found.first_best + 1e-7
    assert best.gain >= max(likely.gain, bound.gain) - 1e-6
    assert likely.chance >= max(best.chance, bound.chance) - 1e-6


def test_wrong_input_is_refused():
    """Priors that do not sum to 1, arrays that do not fit and unknown objectives are input errors."""
    one = [np.ones((1, 2)), np.zeros((1, 2))]
    with pytest.raises(GameError, match="sum to 1"):
        settlement_protocol([[0.5, 0.6]], one, one)
    with pytest.raises(GameError, match="each of 2 parties"):
        settlement_protocol([[0.5, 0.5]], one[:1], one)
    with pytest.raises(GameError, match="as the prior's"):
        settlement_protocol([[0.5, 0.5]], [np.ones((2, 2)), np.ones((1, 2))], one)
    with pytest.raises(GameError, match="'gain' or 'chance'"):
        settlement_protocol([[0.5, 0.5]], one, one, "peace")
    with pytest.raises(GameError, match="at most 2500"):
        settlement_protocol(np.full((51, 51), 51.0**-2), one, one)
