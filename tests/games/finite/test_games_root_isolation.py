"""Interval bounds: they find every root, prove that there are no others, and claim nothing when they cannot."""

import numpy as np
import pytest
from game_strategies import flat, random_game
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.games import NormalForm
from sim.games.finite.best_response_polytopes import extreme_equilibria, vertex_bound
from sim.games.finite.root_isolation import _least, isolate_equilibria


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_the_bound_over_a_box_of_probabilities_is_the_least_value(seed, n):
    """The greedy bound is the linear program's optimum: no sampled point lies below it, and a vertex attains it."""
    random = np.random.default_rng(seed)
    values = random.normal(size=n)
    low = random.random(n) / n / 2
    high = np.minimum(1.0, low + random.random(n))
    if high.sum() < 1.0:
        return
    from scipy.optimize import linprog

    least = linprog(values, A_eq=np.ones((1, n)), b_eq=[1.0], bounds=list(zip(low, high, strict=True))).fun
    assert float(_least(values, low, high)) == pytest.approx(least, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_two_player_proofs_agree_with_polytopes(seed):
    """For two players boxes and polytopes find the same mixed equilibria."""
    game = random_game(seed, (3, 3))
    proof = isolate_equilibria(game, [])
    mixed = [v for v in proof.found if game.regrets(v).max() < 1e-9]
    expected = [p for p in extreme_equilibria(*game.payoffs).pairs if max(np.count_nonzero(v) for v in p) > 1]
    assert proof.complete
    assert len(mixed) == len(expected)


def test_the_nine_equilibria_are_found_without_any_hint():
    """From no candidates at all the six mixed equilibria of the McKelvey-McLennan game are isolated, less the pure."""
    cells = "9 8 12 / 0 0 0 / 0 0 0 / 9 8 2 / 0 0 0 / 3 4 6 / 3 4 6 / 0 0 0"
    game = NormalForm(flat(cells, 3, (2, 2, 2)))
    proof = isolate_equilibria(game, [])
    mixed = [v for v in proof.found if game.regrets(v).max() < 1e-9]
    assert proof.complete
    assert len(mixed) + len(game.pure_nash()) == 9


@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 2, 2, 2)])
def test_continua_and_small_budgets_prove_nothing(shape):
    """Where boxes cannot be settled or the budget ends, completeness is not claimed."""
    assert not isolate_equilibria(NormalForm(np.zeros((len(shape), *shape))), []).complete
    assert not isolate_equilibria(random_game(0, shape), [], most_boxes=2).complete
    assert not isolate_equilibria(random_game(0, shape), [], stop_at=0.0).complete


def test_games_with_too_many_supports_are_left_alone():
    """A game of more supports than the limit is not begun."""
    proof = isolate_equilibria(random_game(0, (6, 6, 6)), [])
    assert not proof.complete
    assert proof.boxes == 0


def test_the_vertex_bound_is_mcmullens():
    """A polygon with k edges has k vertices, and the bound for the polytopes of a 6 x 6 game is 112."""
    assert vertex_bound((2, 5)) == max(7, vertex_bound((5, 2)))
    assert vertex_bound((6, 6)) == 112
