"""Sets of payoffs that repetition sustains."""

import numpy as np
import pytest
from game_strategies import normal_forms, random_game
from hypothesis import HealthCheck, given, settings

from sim.errors import ConvergenceWarning, GameError
from sim.games import NormalForm, PrisonersDilemma, repeated_payoffs


def symmetric(rows: list[list[float]]) -> NormalForm:
    """Return the game in which both players have the same payoffs."""
    table = np.array(rows, dtype=float)
    return NormalForm([table, table.T])


def test_abreu_and_sannikov():
    """Abreu and Sannikov (2014), the duopoly at discount .3: the corners that quantecon's code gives for it."""
    found = repeated_payoffs(symmetric([[16, 3, 0], [21, 10, -1], [9, 5, -5]]), 0.3)
    assert found.converged
    assert found.worst == pytest.approx((0.0, 0.0), abs=1e-6)
    for corner in ((19.2205441, 7.0), (16.0, 16.0), (7.0, 0.125132756), (0.0, 1.76518971)):
        for point in (corner, corner[::-1]):
            assert np.abs(found.corners - point).max(axis=1).min() < 1e-5
            assert found.holds(point)
    assert not found.holds((19.3, 7.0))


def test_quantecon_agrees():
    """On random games the corners of Abreu and Sannikov's algorithm in quantecon are corners here."""
    game_theory = pytest.importorskip("quantecon.game_theory")
    table = np.array([[9.0, 1.0], [10.0, 3.0]])
    player = game_theory.Player(table)
    theirs = game_theory.RepeatedGame(game_theory.NormalFormGame([player, player]), 0.3).equilibrium_payoffs(
        options={"u_init": np.array([3.0, 3.0])}
    )
    corners = theirs.points[theirs.vertices]
    found = repeated_payoffs(symmetric(table.tolist()), 0.3)
    assert len(found.corners) == len(corners)
    assert all(np.abs(corners - p).max(axis=1).min() < 1e-6 for p in found.corners)


@pytest.mark.parametrize(("discount", "cooperates"), [(0.45, False), (0.49, False), (0.51, True), (0.9, True)])
def test_grim_trigger_in_the_prisoners_dilemma(discount, cooperates):
    """Mutual cooperation for ever is sustained exactly from grim trigger's discount, one half, on (Friedman 1971)."""
    assert PrisonersDilemma(5, 3, 1, 0).grim_patience() == pytest.approx(0.5)
    found = repeated_payoffs(symmetric([[3, 0], [5, 1]]), discount)
    assert found.holds((3, 3)) is cooperates
    assert found.holds((1, 1))


def test_without_a_future_only_the_stage_game_counts():
    """At discount 0 the set is the hull of the stage game's pure equilibria, or empty."""
    found = repeated_payoffs(NormalForm([[[6, 2], [7, 0]], [[6, 7], [2, 0]]]), 0.0)
    assert sorted(found.corners.tolist()) == [[2.0, 7.0], [7.0, 2.0]]
    nothing = repeated_payoffs(NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]), 0.0)
    assert len(nothing.corners) == 0
    assert not nothing.holds((0, 0))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(normal_forms(players=(2, 2)))
def test_patience_adds_and_equilibria_are_inside(game):
    """Stage equilibria are sustained, all is feasible and individually rational, and patience loses nothing."""
    less, more = repeated_payoffs(game, 0.3), repeated_payoffs(game, 0.6)
    for profile in game.pure_nash():
        assert less.holds(profile.payoffs)
    for corner in less.corners:
        assert more.holds(corner)
    for i in range(2):
        held_to = game.payoffs[i].max(axis=i).min()
        if len(more.corners):
            assert more.worst[i] >= held_to - 1e-6 * (1 + game.payoff_range)


def test_corners_that_rounding_puts_in_line_are_kept():
    """By hand: the second player's worst y solves y = 1 + (1.5 - y) 0.4 / 1.5, with any discount.

    It lies on an edge along which the sets have several corners up to rounding.
    """
    game = NormalForm([[[0.1, 1.6], [-0.3, -0.3]], [[1.5, 1.5], [1.0, -4.3]]])
    for discount in (0.3, 0.6):
        found = repeated_payoffs(game, discount)
        assert found.worst == pytest.approx((0.1, 1.4 / (1.0 + 0.4 / 1.5)), abs=1e-6)


def test_what_does_not_fit_is_refused_or_said():
    """Three players and a discount of 1 are input errors; too few iterations warn."""
    with pytest.raises(GameError, match="expected two"):
        repeated_payoffs(random_game(0, (2, 2, 2)), 0.5)
    with pytest.raises(GameError, match="discount"):
        repeated_payoffs(random_game(0, (2, 2)), 1.0)
    with pytest.warns(ConvergenceWarning, match="Raise max_iterations"):
        found = repeated_payoffs(symmetric([[3, 0], [5, 1]]), 0.9, max_iterations=2)
    assert not found.converged
