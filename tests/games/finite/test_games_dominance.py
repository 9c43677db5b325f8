"""Dominance: proofs that can be checked, the effect of mixtures, and what removal implies for equilibria."""

import numpy as np
import pytest
from game_strategies import normal_forms
from hypothesis import HealthCheck, given, settings

from sim.errors import UsageError
from sim.games import NormalForm

law = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("kind", ["strict", "weak"])
@pytest.mark.parametrize("by", ["pure", "mixed"])
@law
@given(game=normal_forms())
def test_every_dominator_proves_its_claim(kind, by, game):
    """The mixture that comes with a dominated strategy is better against every combination of the others."""
    for player in range(game.n_players):
        table = np.moveaxis(game.payoffs[player], player, 0).reshape(game.shape[player], -1)
        for found in game.dominated(player, kind, by):
            gain = found.dominator @ table - table[found.strategy]
            assert found.dominator[found.strategy] == 0.0
            assert found.dominator.sum() == pytest.approx(1.0)
            if kind == "strict":
                assert gain.min() > 0.0
                assert found.gain == pytest.approx(gain.min(), abs=1e-9)
            else:
                assert gain.min() >= -1e-8
                assert gain.max() > 0.0
            if by == "pure":
                assert found.dominator.max() == 1.0


@law
@given(normal_forms())
def test_stronger_notions_find_no_more(game):
    """What is strictly dominated is weakly dominated, and what a pure strategy dominates a mixture dominates."""
    for player in range(game.n_players):
        sets = {
            (kind, by): {d.strategy for d in game.dominated(player, kind, by)}
            for kind in ("strict", "weak")
            for by in ("pure", "mixed")
        }
        assert sets["strict", "pure"] <= sets["strict", "mixed"] <= sets["weak", "mixed"]
        assert sets["strict", "pure"] <= sets["weak", "pure"] <= sets["weak", "mixed"]


def test_a_mixture_can_dominate_where_no_pure_strategy_does():
    """Half of each extreme strictly dominates the middle strategy, though neither extreme does (Pearce 1984)."""
    game = NormalForm([[[3, 0], [0, 3], [1, 1]], [[0, 0], [0, 0], [0, 0]]])
    assert game.dominated(0, by="pure") == ()
    (found,) = game.dominated(0)
    assert found.strategy == 2
    assert found.dominator == pytest.approx([0.5, 0.5, 0.0], abs=1e-9)
    assert found.gain == pytest.approx(0.5)


def test_iterated_removal_solves_a_textbook_game_in_rounds():
    """Removal leaves one cell of this 3 x 3 game; rounds name original strategies."""
    game = NormalForm(
        [[[4, 5, 6], [2, 8, 3], [3, 9, 2]], [[3, 1, 2], [1, 4, 6], [0, 6, 8]]],
        strategies=[["U", "M", "D"], ["L", "C", "R"]],
    )
    result = game.iterated_dominance()
    assert result.solved
    assert result.survivors == ((0,), (0,))
    assert [sorted((d.player, d.strategy) for d in r) for r in result.rounds] == [[(1, 1)], [(0, 1), (0, 2)], [(1, 2)]]
    assert result.game.strategies == (("U",), ("L",))
    assert "every equilibrium" in result.proved


@law
@given(normal_forms(players=(2, 2)))
def test_equilibria_use_only_strategies_that_survive_strict_removal(game):
    """No equilibrium plays a strategy that iterated strict dominance removes."""
    survivors = game.iterated_dominance().survivors
    for profile in game.mixed_nash():
        assert all(set(s) <= set(kept) for s, kept in zip(profile.support, survivors, strict=True))


@law
@given(normal_forms(players=(2, 3)))
def test_equilibria_of_the_weakly_reduced_game_are_equilibria(game):
    """A pure equilibrium of the game left after weak removal is one of the whole game."""
    result = game.iterated_dominance("weak", "pure")
    whole = {p.pure for p in game.pure_nash()}
    for profile in result.game.pure_nash():
        assert tuple(kept[s] for kept, s in zip(result.survivors, profile.pure, strict=True)) in whole


def test_unknown_kinds_are_refused():
    """An unknown kind, manner or player raises UsageError."""
    game = NormalForm([[[1, 0]], [[1, 0]]])
    for arguments in ((0, "almost"), (0, "weak", "magic"), (2, "weak")):
        with pytest.raises(UsageError, match="expected"):
            game.dominated(*arguments)
