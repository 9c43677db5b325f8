"""Commitment: published values, and that committing never costs the leader anything."""

import numpy as np
import pytest
from game_strategies import normal_forms, random_game
from hypothesis import HealthCheck, given, settings

from sim.errors import UsageError
from sim.games import NormalForm


def test_conitzer_and_sandholm():
    """Conitzer and Sandholm (2006): dominance alone pays the leader 2, a pure commitment 3, a mixed one 3.5."""
    game = NormalForm([[[2, 4], [1, 3]], [[1, 0], [0, 1]]], players=["leader", "follower"])
    assert [p.payoffs[0] for p in game.mixed_nash()] == [2.0]
    found = game.commitment("leader")
    assert found.value == pytest.approx(3.5, abs=1e-9)
    assert found.strategy == pytest.approx([0.5, 0.5], abs=1e-9)
    # It would rather take the first row once the follower plays right: the word needs a device.
    assert found.temptation == pytest.approx(0.5, abs=1e-9)
    assert found.regret == 0.0


def test_the_second_player_can_lead_too():
    """By index or by name, whichever player commits, the answer is that of the game with players swapped."""
    game = random_game(4, (3, 4))
    swapped = NormalForm([game.payoffs[1].T, game.payoffs[0].T])
    assert game.commitment(1).value == pytest.approx(swapped.commitment("1").value, abs=1e-9)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(normal_forms(players=(2, 2)))
def test_commitment_never_pays_less_than_an_equilibrium(game):
    """The leader gets at least its payoff in every Nash equilibrium (von Stengel and Zamir 2010)."""
    for leader in range(2):
        found = game.commitment(leader)
        assert found.converged
        best = max(p.payoffs[leader] for p in game.mixed_nash())
        assert found.value >= best - 1e-6 * (1.0 + game.payoff_range)


@pytest.mark.parametrize("seed", range(4))
def test_with_several_followers_advice_comes_with_it(seed):
    """With two followers the leader gets at least its best correlated equilibrium, whose constraints are more."""
    game = random_game(seed, (3, 2, 3))
    found = game.commitment(0)
    assert found.converged
    assert found.value >= game.correlated("1").value - 1e-7
    assert found.distribution.sum() == pytest.approx(1.0)


def test_zero_sum_commitment_is_worth_nothing():
    """In a zero-sum game a commitment gives the value, no more."""
    a = random_game(2, (3, 3)).payoffs[0]
    game = NormalForm([a, -a])
    assert game.commitment(0).value == pytest.approx(game.mixed_nash()[0].payoffs[0], abs=1e-9)


def test_who_cannot_lead_is_refused():
    """Unknown players and games without a follower are input errors."""
    with pytest.raises(UsageError, match="expected one of 1, 2"):
        random_game(0, (2, 2)).commitment("king")
    with pytest.raises(UsageError, match="at least one follower"):
        NormalForm([[1, 2]]).commitment(0)
    assert np.isfinite(NormalForm([[[1.0], [2.0]], [[0.0], [0.0]]]).commitment(0).value)
