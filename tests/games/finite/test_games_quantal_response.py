"""Logit equilibria of the normal form: published numbers, Gambit's numbers, and the laws that any logit obeys."""

import numpy as np
import pygambit
import pytest
from game_strategies import largest_gap, normal_forms, random_game
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.errors import ConvergenceWarning, UsageError
from sim.games import NormalForm
from sim.games.formats.gambit import to_gambit
from sim.games.numerics import continuation

lams = st.floats(0.0, 2.0)
law = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("lam", "row", "column"), [(1.0, 0.7219371538, 0.3908181875), (2.0, 0.7190427806, 0.2939718443)]
)
def test_asymmetric_matching_pennies(lam, row, column):
    """The logit equilibrium of asymmetric matching pennies (McKelvey and Palfrey 1995; game of Ochs 1995)."""
    profile = NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).logit_qre(lam)
    assert profile.converged
    assert [profile[0][0], profile[1][0]] == pytest.approx([row, column], abs=1e-9)
    assert profile.lam == lam


@pytest.mark.parametrize("lam", [0.3, 1.7, 5.0])
@pytest.mark.parametrize("top", [1.0, 9.0])
def test_matching_pennies_solve_their_two_equations(lam, top):
    """For matching pennies with any prize the result solves the two logistic equations written out by hand."""
    p, q = (v[0] for v in NormalForm([[[top, 0], [0, 1]], [[0, 1], [1, 0]]]).logit_qre(lam))
    assert p == pytest.approx(1 / (1 + np.exp(-lam * (top * q - (1 - q)))), abs=1e-12)
    assert q == pytest.approx(1 / (1 + np.exp(-lam * ((1 - p) - p))), abs=1e-12)


@pytest.mark.parametrize(("seed", "shape"), [(0, (2, 3)), (1, (3, 3)), (2, (2, 2, 2)), (3, (2, 3, 2)), (4, (3, 3, 3))])
@pytest.mark.parametrize("lam", [1.0, 8.0])
def test_gambit_finds_the_same_point_of_the_branch(seed, shape, lam):
    """At the same precision Gambit's logit_solve_lambda gives the same probabilities."""
    game = random_game(seed, shape)
    (theirs,) = pygambit.qre.logit_solve_lambda(to_gambit(game), lam=[lam])
    other = [np.array([float(p) for _, p in one]) for one in theirs.profile]
    assert largest_gap(game.logit_qre(lam), other) < 1e-6


@law
@given(normal_forms(), lams)
def test_every_answer_is_a_fixed_point(game, lam):
    """Each strategy is played in proportion to exp(lam times its worth), for any game and precision."""
    profile = game.logit_qre(lam)
    assert profile.converged
    for i in range(game.n_players):
        worth = game.strategy_payoffs(i, profile)
        odds = np.exp(lam * (worth - worth.max()))
        assert profile[i] == pytest.approx(odds / odds.sum(), abs=1e-9)
    assert profile.residual <= 1e-9


@given(normal_forms())
def test_precision_zero_is_uniform_play(game):
    """At lam 0 every strategy is equally likely, exactly."""
    for vector in game.logit_qre(0.0):
        assert np.array_equal(vector, np.full(len(vector), 1.0 / len(vector)))


@law
@given(normal_forms(), lams, st.randoms(use_true_random=False))
def test_relabelling_strategies_and_players_relabels_the_answer(game, lam, random):
    """Reordering strategies or players reorders the probabilities and changes nothing else."""
    orders = [random.sample(range(n), n) for n in game.shape]
    who = random.sample(range(game.n_players), game.n_players)
    mixed = NormalForm([np.transpose(game.payoffs[i][np.ix_(*orders)], who) for i in who])
    expected = [game.logit_qre(lam)[i][orders[i]] for i in who]
    assert largest_gap(mixed.logit_qre(lam), expected) < 1e-9


@law
@given(normal_forms(), lams, st.lists(st.integers(-50, 50), min_size=3, max_size=3))
def test_adding_a_constant_to_a_players_payoffs_changes_nothing(game, lam, constants):
    """Payoffs plus a constant per player give the same equilibrium."""
    moved = NormalForm([u + c for u, c in zip(game.payoffs, constants, strict=False)])
    assert largest_gap(moved.logit_qre(lam), game.logit_qre(lam)) < 1e-9


@law
@given(normal_forms(), lams, st.floats(0.01, 100.0))
def test_payoffs_times_c_with_lam_divided_by_c_changes_nothing(game, lam, c):
    """Only the product of payoffs and precision matters."""
    scaled = NormalForm([u * c for u in game.payoffs])
    assert largest_gap(scaled.logit_qre(lam / c), game.logit_qre(lam)) < 1e-9


@law
@given(normal_forms(), lams, st.lists(st.floats(0.1, 10.0), min_size=3, max_size=3))
def test_rescaling_each_player_with_its_own_precision_changes_nothing(game, lam, factors):
    """Player i's payoffs times c_i with precision lam / c_i give the same equilibrium."""
    assume(lam > 0)
    factors = factors[: game.n_players]
    scaled = NormalForm([u * c for u, c in zip(game.payoffs, factors, strict=True)])
    # The branch runs through other points on the way, so the answers are compared where the game has one equilibrium.
    small = lam * 0.05
    assert largest_gap(scaled.logit_qre([small / c for c in factors]), game.logit_qre(small)) < 1e-9


@law
@given(normal_forms(players=(1, 1), strategies=(1, 4)))
def test_one_player_at_high_precision_takes_the_best_uniformly(game):
    """For one player the limit is its best strategies, uniformly on ties."""
    u = game.payoffs[0]
    best = (u == u.max()) / (u == u.max()).sum()
    assert game.logit_qre(1e4)[0] == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_limit_of_the_branch_is_a_nash_equilibrium(seed):
    """Far along the branch the Nash regret vanishes (McKelvey and Palfrey 1995, theorem 2)."""
    game = random_game(seed, (3, 3, 2))
    end = game.logit_qre(1e5)
    assert end.converged
    assert end.regret < 1e-4
    complete = game.mixed_nash()
    assert min(largest_gap(end, p) for p in complete) < 1e-3


@pytest.mark.parametrize("lam", [-1.0, np.nan, np.inf, [1.0, 2.0, 3.0], "high"])
def test_impossible_precisions_are_refused(lam):
    """A negative, infinite or ill-shaped precision raises UsageError."""
    with pytest.raises(UsageError, match="lam"):
        NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).logit_qre(lam)


@pytest.mark.parametrize("seed", range(8))
def test_a_precision_of_a_million_still_converges(seed):
    """At a precision of a million per payoff range the answer is converged and nearly without regret."""
    end = random_game(seed, [(2, 2), (3, 3), (2, 2, 2), (3, 2, 3)][seed % 4]).logit_qre(1e6)
    assert end.converged
    assert end.regret < 1e-5


def test_rounding_that_spoils_the_answer_is_told():
    """Where rounding at an extreme precision leaves a visible residual, converged is False and a warning is given."""
    game = random_game(3, (3, 2, 3))
    with pytest.warns(ConvergenceWarning, match="rounding"):
        profile = game.logit_qre(1e9 / game.payoff_range)
    assert not profile.converged
    assert profile.residual > 1e-3


def test_a_branch_that_cannot_be_followed_says_so(monkeypatch):
    """When the steps are used up the answer is the last point reached, converged False, with a warning."""
    monkeypatch.setattr(continuation.follow, "__defaults__", (3,))
    with pytest.warns(ConvergenceWarning, match="followed to lam"):
        profile = NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).logit_qre(50.0)
    assert not profile.converged
    assert profile.lam < 50.0
