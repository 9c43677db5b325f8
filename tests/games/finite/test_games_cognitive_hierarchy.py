"""Cognitive hierarchies: hand calculations and laws."""

import math

import numpy as np
import pytest
from game_strategies import normal_forms, random_game
from hypothesis import given, settings

from sim.errors import GameError, UsageError
from sim.games import NormalForm, cognitive_hierarchy


def guessing_game(most: int, factor: float) -> NormalForm:
    """Return a two-player guessing game: whoever is nearer to a factor times the mean of both wins 1."""
    guesses = np.arange(most + 1.0)
    target = factor * (guesses[:, None] + guesses[None, :]) / 2
    mine, other = np.abs(guesses[:, None] - target), np.abs(guesses[None, :] - target)
    won = np.where(mine < other, 1.0, np.where(mine == other, 0.5, 0.0))
    return NormalForm([won, 1.0 - won])


def test_matching_pennies_by_hand():
    """Level 1 takes the row that is best against a coin, level 2 answers the mixture of both levels."""
    game = NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]])
    found = cognitive_hierarchy(game, tau=1.0, levels=2)
    assert [p[0].tolist() for p in found.levels] == [[0.5, 0.5], [1.0, 0.0], [1.0, 0.0]]
    # Against rows (1/2, 1/2) at level 0 columns tie; at level 2 rows are (3/4, 1/4), and the second column is best.
    assert [p[1].tolist() for p in found.levels] == [[0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]
    shares = [math.exp(-1), math.exp(-1), 1 - 2 * math.exp(-1)]
    assert found.shares == pytest.approx(shares)
    assert found.mean[0][0] == pytest.approx(0.5 * shares[0] + shares[1] + shares[2])


def test_two_player_guessing_has_zero_dominant():
    """With two players guessing 0 wins against everything (Grosskopf and Nagel 2008), so every thinker plays it."""
    found = cognitive_hierarchy(guessing_game(20, 2 / 3), tau=1.5)
    assert all(p[0][0] == 1.0 for p in found.levels[1:])


@settings(max_examples=30, deadline=None)
@given(normal_forms(players=(1, 3)))
def test_thinkers_answer_best_and_shares_sum_to_one(game):
    """Shares sum to 1, levels are probabilities, and level 1 has no better answer to uniform play."""
    found = cognitive_hierarchy(game, tau=1.5, levels=4)
    assert sum(found.shares) == pytest.approx(1.0)
    uniform = [np.full(n, 1 / n) for n in game.shape]
    for i in range(game.n_players):
        worth = game.strategy_payoffs(i, uniform)
        assert found.levels[1][i] @ worth == pytest.approx(worth.max(), abs=1e-9)
    assert cognitive_hierarchy(game, tau=0.0).mean.vectors[0].tolist() == pytest.approx(uniform[0].tolist())


def test_deep_thinkers_solve_dominance_solvable_games():
    """Level-k thinkers of as many levels as rounds of removal play the only equilibrium."""
    game = NormalForm([[[3, 1, 4], [1, 5, 0], [1, 0, 2]], [[3, 1, 1], [4, 2, 0], [1, 0, 5]]])
    (only,) = game.pure_nash()
    found = cognitive_hierarchy(game, tau=3.0, levels=6, belief="below")
    assert found.levels[-1].pure == only.pure
    assert found.levels[-1].regret == 0.0


def test_what_makes_no_sense_is_refused():
    """Negative means, no levels and unknown beliefs are input errors."""
    game = random_game(0, (2, 2))
    with pytest.raises(GameError, match="tau"):
        cognitive_hierarchy(game, tau=-1.0)
    with pytest.raises(GameError, match="levels"):
        cognitive_hierarchy(game, levels=0)
    with pytest.raises(UsageError, match="'poisson' or 'below'"):
        cognitive_hierarchy(game, belief="all")
