"""The principal branch: folds, bifurcations and the equilibria at a precision."""

import numpy as np
import pygambit
import pytest
from game_strategies import largest_gap, random_game

from sim.errors import UsageError
from sim.games import NormalForm
from sim.games.formats.gambit import to_gambit
from sim.games.numerics import continuation

FOLDED = [[[5, 2, 9], [5, 4, 6], [9, 8, 1]], [[1, 6, 4], [3, 2, 8], [3, 5, 2]]]


def logit_map(game, p, q, lam):
    """Return the logit responses of both players of a two-player game, written out."""
    a, b = np.exp(lam * game.payoffs[0] @ q), np.exp(lam * p @ game.payoffs[1])
    return np.concatenate([a / a.sum(), b / b.sum()])


def test_folds_are_where_the_logit_map_becomes_singular():
    """At a fold the profile is an equilibrium and I minus the derivative of the logit map is singular there."""
    game = NormalForm(FOLDED)
    branch = game.logit_branch(20.0)
    assert branch.converged
    assert [round(fold.lam, 4) for fold in branch.folds] == [2.4085, 0.7338]
    for fold in branch.folds:
        x = np.concatenate(fold.vectors)
        assert logit_map(game, x[:3], x[3:], fold.lam) == pytest.approx(x, abs=1e-9)
        step = 1e-6
        columns = [
            (
                logit_map(game, *np.split(x + step * e, [3]), fold.lam)
                - logit_map(game, *np.split(x - step * e, [3]), fold.lam)
            )
            / (2 * step)
            for e in np.eye(6)
        ]
        smallest = np.linalg.svd(np.eye(6) - np.array(columns).T, compute_uv=False)[-1]
        assert smallest < 1e-6


def test_between_two_folds_the_branch_has_three_equilibria():
    """At a precision between the folds there are three points, all equilibria; outside there is one."""
    game = NormalForm(FOLDED)
    branch = game.logit_branch(20.0)
    assert len(branch.at(1.5)) == 3
    assert len(branch.at(0.5)) == 1
    assert len(branch.at(10.0)) == 1
    for profile in branch.at(1.5):
        assert logit_map(game, profile[0], profile[1], 1.5) == pytest.approx(np.concatenate(profile.vectors), abs=1e-9)
    assert largest_gap(branch.at(1.5)[0], game.logit_qre(1.5)) < 1e-9


def test_the_branch_is_a_sequence_of_profiles_from_uniform_play():
    """The branch begins at uniform play, every point is an equilibrium, and rows of probabilities split at offsets."""
    game = NormalForm(FOLDED)
    branch = game.logit_branch(20.0)
    assert len(branch) == len(branch.lams) == len(branch.probabilities)
    assert branch[0].lam == 0.0
    assert branch.probabilities[0] == pytest.approx(np.full(6, 1 / 3), abs=0)
    assert branch.lams[-1] == pytest.approx(20.0, abs=1e-12)
    assert all(p.residual < 1e-9 for p in branch)
    assert np.split(branch.probabilities[-1], branch.offsets[1:-1])[1] == pytest.approx(branch.end[1], abs=1e-15)
    assert "folds at 2.40854, 0.733788" in repr(branch)


def test_a_symmetric_game_bifurcates_where_theory_says():
    """2 x 2 coordination bifurcates at lam = 2, where lam p (1 - p) times the payoff stake is 1; symmetry is kept."""
    branch = NormalForm([np.eye(2), np.eye(2)]).logit_branch(10.0)
    assert branch.bifurcations == pytest.approx([2.0], abs=2e-3)
    assert branch.end[0] == pytest.approx([0.5, 0.5], abs=1e-9)
    assert "bifurcation" in branch.not_proved


@pytest.mark.parametrize("seed", range(4))
def test_gambit_traces_the_same_branch(seed):
    """Points of Gambit's principal branch lie on ours."""
    game = random_game(seed, (3, 3))
    branch = game.logit_branch(30.0)
    for theirs in pygambit.qre.logit_solve_branch(to_gambit(game))[5:60:6]:
        if theirs.lam < 25.0:
            other = [np.array([float(p) for _, p in one]) for one in theirs.profile]
            assert min(largest_gap(p, other) for p in branch.at(theirs.lam)) < 1e-4


@pytest.mark.parametrize("seed", range(12))
def test_no_step_jumps_to_another_branch(seed, monkeypatch):
    """Much smaller steps lead to the same end and the same folds."""
    game = random_game(seed, [(4, 4, 4), (3, 3), (2, 2, 2, 2), (5, 4)][seed % 4])
    branch = game.logit_branch(100.0)
    monkeypatch.setattr(continuation, "SMALLEST_COSINE", 0.9995)
    monkeypatch.setattr(continuation, "LARGEST_CORRECTION", 0.003)
    slow = game.logit_branch(100.0)
    assert branch.converged
    assert largest_gap(branch.end, slow.end) < 1e-8
    assert [f.lam for f in branch.folds] == pytest.approx([f.lam for f in slow.folds], abs=1e-6)


def test_a_folding_game_of_three_players_with_four_strategies_is_followed_to_a_hundred():
    """The 4 x 4 x 4 branch is followed through its folds to lam 100."""
    branch = random_game(8, (4, 4, 4)).logit_branch(100.0)
    assert branch.converged
    assert len(branch.folds) == 2
    assert branch.residual < 1e-9


def test_precisions_off_the_branch_are_refused():
    """Asking for a precision beyond the end raises UsageError."""
    branch = NormalForm(FOLDED).logit_branch(1.0)
    with pytest.raises(UsageError, match="from 0 to"):
        branch.at(2.0)
    with pytest.raises(UsageError, match="lam_max"):
        NormalForm(FOLDED).logit_branch([1.0, 2.0])


def test_constant_payoffs_keep_uniform_play():
    """If nobody ever cares, play stays uniform at every precision."""
    assert NormalForm(np.ones((2, 2, 3))).logit_qre(50.0)[1] == pytest.approx(np.full(3, 1 / 3), abs=1e-12)
