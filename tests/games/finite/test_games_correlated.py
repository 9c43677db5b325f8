"""Correlated equilibria: published values, certificates, and the laws that tie them to Nash equilibria."""

import itertools

import numpy as np
import pytest
from game_strategies import normal_forms, random_game
from hypothesis import HealthCheck, given, settings

from sim.errors import GameError, UsageError
from sim.games import NormalForm, correlated, correlated_range, disobedience

CHICKEN = NormalForm([[[6, 2], [7, 0]], [[6, 7], [2, 0]]], strategies=[["yield", "dare"]] * 2)


def product_of(profile):
    """Return the distribution over profiles of independent mixed strategies."""
    out = np.array(1.0)
    for vector in profile:
        out = np.multiply.outer(out, vector)
    return out


def test_aumann_chicken():
    """Aumann (1974): in chicken both can get 5.25 by recommendations (1/2, 1/4, 1/4), outside the hull of Nash."""
    best = CHICKEN.correlated()
    assert best.payoffs == pytest.approx((5.25, 5.25), abs=1e-9)
    assert best.distribution == pytest.approx(np.array([[0.5, 0.25], [0.25, 0.0]]), abs=1e-9)
    assert best.bound == pytest.approx(10.5, abs=1e-9)
    assert best.converged
    assert max(sum(p.payoffs) for p in CHICKEN.mixed_nash()) < 10.0
    # One third each on all cells but (dare, dare), the signal of Aumann's story, is one of them and pays 5 each.
    assert CHICKEN.disobedience([[1 / 3, 1 / 3], [1 / 3, 0]]).tolist() == [0.0, 0.0]


def test_aumann_three_players():
    """Aumann (1974): two players follow a coin that the third does not see, and all get 2; Nash pays less."""
    game = NormalForm(
        [
            [[[0, 2, 0], [0, 0, 0]], [[1, 0, 0], [0, 2, 0]]],
            [[[0, 2, 0], [0, 0, 0]], [[0, 0, 1], [0, 2, 0]]],
            [[[3, 2, 0], [0, 0, 0]], [[0, 0, 0], [0, 2, 3]]],
        ]
    )
    assert game.disobedience(0.5 * (np.eye(2)[:, :, None] * np.array([0, 1, 0]))).tolist() == [0.0, 0.0, 0.0]
    assert game.correlated().payoffs == pytest.approx((2.0, 2.0, 2.0), abs=1e-9)
    # The distribution is known to the first two only: if all see the coin, the third deviates.
    assert all(sum(p.payoffs) < 6.0 for p in game.mixed_nash("search"))


def test_moulin_vial():
    """Moulin and Vial (1978): a game solved by dominance, where a coarse correlated equilibrium pays both more."""
    game = NormalForm([[[3, 1, 4], [1, 5, 0], [1, 0, 2]], [[3, 1, 1], [4, 2, 0], [1, 0, 5]]])
    assert game.iterated_dominance().solved
    assert game.correlated_range("welfare").high == pytest.approx(6.0, abs=1e-9)
    assert game.disobedience(np.eye(3) / 3, coarse=True).tolist() == [0.0, 0.0]
    assert game.correlated(coarse=True).value >= 20 / 3 - 1e-9
    assert game.correlated("egalitarian", coarse=True).value >= 10 / 3 - 1e-9


def test_zero_sum_games_leave_nothing_to_a_mediator():
    """In a two-player zero-sum game every correlated equilibrium pays the value (Forges 1990)."""
    for seed in range(4):
        a = random_game(seed, (4, 3)).payoffs[0]
        game = NormalForm([a, -a])
        reach = game.correlated_range("1")
        assert reach.low == pytest.approx(reach.high, abs=1e-8)
        assert reach.low == pytest.approx(game.mixed_nash()[0].payoffs[0], abs=1e-8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(normal_forms(players=(1, 3)))
def test_every_nash_equilibrium_lies_within_the_reach(game):
    """Nash equilibria obey as products, correlated ones are coarse ones, and bounds enclose values."""
    welfare, loose = correlated_range(game, "welfare"), correlated_range(game, "welfare", coarse=True)
    slack = 1e-6 * (1.0 + game.payoff_range)
    assert loose.low - slack <= welfare.low <= welfare.high + slack <= loose.high + 2 * slack
    for one in (welfare.lowest, welfare.highest, loose.lowest, loose.highest):
        assert one.converged
        assert one.distribution.sum() == pytest.approx(1.0)
    assert loose.highest.coarse
    assert max(disobedience(game, welfare.highest.distribution, coarse=True)) <= slack
    for profile in game.pure_nash():
        assert max(game.disobedience(product_of(profile))) <= 1e-12
        assert welfare.low - slack <= sum(profile.payoffs) <= welfare.high + slack


@settings(max_examples=30, deadline=None)
@given(normal_forms(players=(2, 3)))
def test_units_and_zeros_of_utility_do_not_matter(game):
    """The set is the same after rescaling and shifting each player's payoffs, so a player's best scales with them."""
    moved = NormalForm([3.0 * (i + 1) * u - 7.0 for i, u in enumerate(game.payoffs)])
    for name in ("1", "2"):
        before, after = game.correlated(name), moved.correlated(name)
        factor = 3.0 * int(name)
        assert after.value == pytest.approx(factor * before.value - 7.0, abs=1e-6 * (1 + moved.payoff_range))


@pytest.mark.parametrize("seed", range(5))
def test_the_regret_is_that_of_the_best_disobedience(seed):
    """Over all maps from recommendations to strategies none gains more than the regret, and one gains that."""
    game = random_game(seed, (3, 3))
    chances = np.random.default_rng(seed).dirichlet(np.ones(9)).reshape(3, 3)
    for player in range(2):
        gains = []
        for answer in itertools.product(range(3), repeat=3):
            u = game.payoffs[player]
            other = u[list(answer)] if player == 0 else u[:, list(answer)]
            gains.append(float(((other - u) * chances).sum()))
        assert disobedience(game, chances)[player] == pytest.approx(max(gains), abs=1e-12)


def test_objectives():
    """Weights, an array over profiles, a player, and the least gain of any player are maximised."""
    assert CHICKEN.correlated([1.0, 0.0]).value == pytest.approx(CHICKEN.correlated("1").value)
    assert correlated_range(CHICKEN, np.eye(2)[0][:, None] * np.eye(2)[0]).high == pytest.approx(0.5, abs=1e-9)
    assert correlated_range(CHICKEN, "2").low == pytest.approx(2.0, abs=1e-9)
    fair = correlated(CHICKEN, "egalitarian", disagreement=[0.0, 1.0])
    assert fair.value == pytest.approx(min(fair.payoffs[0], fair.payoffs[1] - 1.0), abs=1e-9)
    assert fair.value >= 4.25
    assert CHICKEN.correlated().recommended(0).tolist() == pytest.approx([0.75, 0.25])


def test_a_constant_game_has_every_distribution():
    """Where nothing matters everything is an equilibrium of the one value, and one strategy each leaves no choice."""
    assert NormalForm(np.zeros((2, 2, 3))).correlated().converged
    only = NormalForm([[[4.0]], [[1.0]]]).correlated()
    assert (only.value, only.bound, only.regrets) == (5.0, 5.0, (0.0, 0.0))


def test_what_is_no_objective_is_refused():
    """Unknown names, wrong shapes, NaN and what is not linear are input errors that say what is expected."""
    with pytest.raises(UsageError, match="found 'fairness', expected 'welfare', 'egalitarian', a player"):
        CHICKEN.correlated("fairness")
    with pytest.raises(UsageError, match="expected \\(2,\\), one weight per player"):
        CHICKEN.correlated([1, 2, 3])
    with pytest.raises(UsageError, match="not finite"):
        CHICKEN.correlated([1, np.nan])
    with pytest.raises(UsageError, match="found 'egalitarian', expected a linear one"):
        CHICKEN.correlated_range("egalitarian")
    with pytest.raises(UsageError, match="the only one that uses it"):
        CHICKEN.correlated(disagreement=[0, 0])
    with pytest.raises(UsageError, match="one finite payoff per player"):
        CHICKEN.correlated("egalitarian", disagreement=[0])
    with pytest.raises(GameError, match="one number per profile"):
        CHICKEN.disobedience([0.5, 0.5])
    with pytest.raises(GameError, match="sum to 1"):
        CHICKEN.disobedience([[1, 1], [0, 0]])
    with pytest.raises(GameError, match="iterated_dominance"):
        NormalForm(np.zeros((3, 150, 150, 150))).correlated()


def test_answers_show_themselves():
    """In print the likeliest recommendations come first; in notebooks with the bound."""
    best = CHICKEN.correlated()
    assert repr(best).startswith("correlated equilibrium {(yield, yield): 0.5")
    assert "proved bound 10.5" in best._repr_html_()
