"""Coalitional games: published values and laws."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games import CoalitionGame


def random_coalitions(seed: int, n: int) -> CoalitionGame:
    """Return a game with random worths, the grand coalition worth most."""
    luck = np.random.default_rng(seed)
    names = "abcdef"[:n]
    worth = {c: float(luck.random()) for k in range(1, n) for c in itertools.combinations(names, k)}
    return CoalitionGame(names, {**worth, tuple(names): 1.5})


def test_the_security_council():
    """Shapley and Shubik (1954): a permanent member has .1963 of the power, another one .001865."""
    votes = {f"permanent {k}": 7.0 for k in range(5)} | {f"elected {k}": 1.0 for k in range(10)}
    power = CoalitionGame.weighted_voting(39, votes).shapley()
    assert power[0] == pytest.approx(0.19627, abs=1e-5)
    assert power[-1] == pytest.approx(0.0018648, abs=1e-7)


@pytest.mark.parametrize(
    ("estate", "shares"), [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))]
)
def test_the_estate_of_the_talmud(estate, shares):
    """Aumann and Maschler (1985): the nucleolus divides estates as the Talmud does among claims 100, 200 and 300."""
    claims = {"a": 100, "b": 200, "c": 300}
    game = CoalitionGame(claims, lambda s: max(0.0, estate - sum(v for k, v in claims.items() if k not in s)))
    assert game.nucleolus() == pytest.approx(shares, abs=1e-7)


def test_gloves():
    """One left glove, two right ones: Shapley gives (2/3, 1/6, 1/6), the core only (1, 0, 0)."""
    game = CoalitionGame(["l", "r", "s"], lambda c: float("l" in c and len(c) > 1))
    assert game.shapley() == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert game.nucleolus() == pytest.approx([1, 0, 0], abs=1e-9)
    assert not game.least_core().core_is_empty
    assert game.excess([2 / 3, 1 / 6, 1 / 6]) == (pytest.approx(1 / 6), ("l", "r"))
    assert game.banzhaf() == pytest.approx([3 / 4, 1 / 4, 1 / 4])


def test_a_majority_has_an_empty_core():
    """Any two of three can take 1: each division leaves a pair that gains 1/3, and equal weights on pairs prove it."""
    found = CoalitionGame.weighted_voting(2, dict.fromkeys("abc", 1.0)).least_core()
    assert found.core_is_empty
    assert found.excess == pytest.approx(1 / 3)
    assert found.binding == (("a", "b"), ("a", "c"), ("b", "c"))
    assert found.weights == pytest.approx((1 / 3, 1 / 3, 1 / 3))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_laws_of_division(seed, n):
    """Shapley and nucleolus divide all, the nucleolus has the least excess, and players' names do not matter."""
    game = random_coalitions(seed, n)
    least = game.least_core()
    nucleolus = game.nucleolus()
    assert game.shapley().sum() == pytest.approx(1.5)
    assert nucleolus.sum() == pytest.approx(1.5, abs=1e-7)
    assert game.excess(nucleolus)[0] == pytest.approx(least.excess, abs=1e-7)
    assert game.excess(least.division)[0] == pytest.approx(least.excess, abs=1e-7)
    order = list(reversed(game.players))
    turned = CoalitionGame(order, lambda s: game.worth(*s))
    assert turned.shapley()[::-1] == pytest.approx(game.shapley())
    assert turned.nucleolus()[::-1] == pytest.approx(nucleolus, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_shapley_is_the_mean_over_orders(seed):
    """The formula with factorials is the average over all orders of what a player adds."""
    game = random_coalitions(seed, 4)
    added = dict.fromkeys(game.players, 0.0)
    for order in itertools.permutations(game.players):
        for k, player in enumerate(order):
            added[player] += (game.worth(*order[: k + 1]) - game.worth(*order[:k])) / 24
    assert game.shapley() == pytest.approx([added[p] for p in game.players])


def test_wrong_games_are_refused():
    """Missing or unknown coalitions, worths that are no numbers and too many players are input errors."""
    with pytest.raises(GameError, match="found none for"):
        CoalitionGame("ab", {("a",): 1.0, ("a", "b"): 2.0})
    with pytest.raises(GameError, match="unknown player 'c'"):
        CoalitionGame("ab", {("a", "c"): 1.0})
    with pytest.raises(GameError, match="finite number"):
        CoalitionGame("a", lambda _: float("nan"))
    with pytest.raises(GameError, match="different names"):
        CoalitionGame([str(k) for k in range(17)], lambda _: 1.0)
    with pytest.raises(GameError, match="at most 12"):
        CoalitionGame([str(k) for k in range(13)], lambda s: float(len(s))).nucleolus()
    with pytest.raises(GameError, match="unknown player 'z'"):
        CoalitionGame("a", lambda _: 1.0).worth("z")
    with pytest.raises(GameError, match="one finite number"):
        CoalitionGame("a", lambda _: 1.0).excess([1.0, 2.0])
    assert CoalitionGame("a", lambda _: 3.0).nucleolus().tolist() == [3.0]
