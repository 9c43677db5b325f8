"""Bayesian games and communication equilibria."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import GameError, UsageError
from sim.games import BayesianGame, NormalForm, communication


def random_bayesian(seed: int) -> BayesianGame:
    """Return a game of two players with two types and two moves each, with random payoffs and prior."""
    luck = np.random.default_rng(seed)
    return BayesianGame(luck.dirichlet(np.ones(4)).reshape(2, 2), luck.random((2, 2, 2, 2, 2)))


def test_with_one_type_each_it_is_correlated_equilibrium():
    """Aumann's (1974) chicken as a game with one type each has the correlated equilibrium's value."""
    tables = [[[6, 2], [7, 0]], [[6, 7], [2, 0]]]
    found = BayesianGame([[1.0]], [np.array(u, dtype=float)[None, None] for u in tables]).communication()
    assert found.value == pytest.approx(NormalForm(tables).correlated().value, abs=1e-8)
    assert found.bound == pytest.approx(found.value, abs=1e-8)
    assert found.converged


def test_crawford_sobel_conflict_of_interest_destroys_talk():
    """A sender whose wish does not depend on what it knows cannot be believed: the receiver plays its prior best."""
    # The sender always wants move 0; the receiver wants the move of the type and believes type 1 more likely.
    sender = np.array([[[[1.0, 0.0]]], [[[1.0, 0.0]]]])
    receiver = np.array([[[[1.0, 0.0]]], [[[0.0, 1.0]]]])
    found = communication(BayesianGame([[0.4], [0.6]], [sender, receiver]), "2")
    assert found.value == pytest.approx(0.6, abs=1e-8)
    assert found.payoffs[0] == pytest.approx(0.0, abs=1e-8)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_bayesian_equilibrium_lies_within_reach(seed):
    """What a pure Bayesian equilibrium pays in sum, a mediator reaches; and nobody gains by lying."""
    game = random_bayesian(seed)
    found = game.communication()
    assert found.converged
    assert found.bound >= found.value - 1e-9
    for profile in game.to_extensive_form().to_normal_form().pure_nash():
        assert sum(profile.payoffs) <= found.value + 1e-7
    shares = game.prior.sum(axis=1), game.prior.sum(axis=0)
    for share, types, payoff in zip(shares, found.by_type, found.payoffs, strict=True):
        assert float(share @ types) == pytest.approx(payoff, abs=1e-9)


def test_the_tree_has_one_set_for_each_type():
    """In the tree a player knows its type only: one information set each."""
    game = BayesianGame(
        [[0.4], [0.6]],
        [[[[[2, 3], [0, 1]]], [[[-3, 1], [0, 1]]]], [[[[-4, -2], [1, 0]]], [[[1, -2], [1, 0]]]]],
        players=["rebels", "government"],
        types=[["strong", "weak"], ["any"]],
        moves=[["attack", "wait"], ["firm", "yield"]],
    )
    names = [h.name for h in game.to_extensive_form().information_sets]
    assert names == ["rebels.strong", "rebels.weak", "government.any"]


def test_wrong_games_are_refused():
    """Priors that do not sum to 1, shapes that do not fit, NaN and unknown objectives are input errors."""
    with pytest.raises(GameError, match="sum to 1"):
        BayesianGame([0.5, 0.6], [[[1, 0], [0, 1]]])
    with pytest.raises(GameError, match="one axis for each of 2 players"):
        BayesianGame([0.5, 0.5], np.zeros((2, 2, 2, 2, 2)))
    with pytest.raises(GameError, match="followed by the numbers of moves"):
        BayesianGame([0.5, 0.5], [[1, 0]])
    with pytest.raises(GameError, match="not finite"):
        BayesianGame([0.5, 0.5], [[[np.nan, 0], [0, 1]]])
    with pytest.raises(GameError, match="2 different names"):
        BayesianGame([0.5, 0.5], [[[1, 0], [0, 1]]], types=[["a", "a"]])
    with pytest.raises(UsageError, match="'welfare', a player"):
        random_bayesian(0).communication("peace")
    with pytest.raises(UsageError, match="found shape"):
        random_bayesian(0).communication([1.0, 2.0, 3.0])
