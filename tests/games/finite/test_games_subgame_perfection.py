"""Backward induction and subgame perfection: published games and the one-shot deviation principle."""

import pytest
from game_strategies import centipede, perfect_information_games, signalling_games, stripped_down_poker
from hypothesis import given, settings

from sim.errors import GameError, UsageError
from sim.games import Decision, ExtensiveForm, Terminal
from sim.games.finite.subgame_perfection import subgame_perfect


def test_poker_is_worth_a_third_to_the_professor():
    """Stripped-down poker (Reiley, Urbancic and Walker 2008) is worth 1/3 to the professor, who bluffs with 1/3."""
    solved = stripped_down_poker().subgame_perfect()
    assert solved.converged
    assert solved.payoffs == pytest.approx((1 / 3, -1 / 3), abs=1e-12)
    assert solved.at("professor.two")["raise"] == pytest.approx(1 / 3, abs=1e-12)
    assert solved.at("student.a raise")["call"] == pytest.approx(2 / 3, abs=1e-12)
    (only,) = stripped_down_poker().to_normal_form().mixed_nash()
    assert only.payoffs[0] == pytest.approx(1 / 3, abs=1e-12)


def test_the_first_player_of_the_centipede_takes_at_once():
    """Backward induction takes at every node of the centipede (Rosenthal 1981), uniquely."""
    solved = centipede([(0.4, 0.1), (0.2, 0.8), (1.6, 0.4), (0.8, 3.2)], (6.4, 1.6)).backward_induction()
    assert all(v.tolist() == [1.0, 0.0] for v in solved)
    assert solved.payoffs == (0.4, 0.1)
    assert "only subgame perfect equilibrium" in solved.proved
    assert solved.not_proved == ""


@settings(deadline=None, max_examples=60)
@given(perfect_information_games(depth=4))
def test_backward_induction_leaves_no_regret_anywhere(game):
    """No single deviation pays, hence no deviation pays in any subgame (one-shot deviation principle)."""
    for ties in ("uniform", "first"):
        solved = game.backward_induction(ties=ties)
        assert solved.converged
        assert solved.one_shot_regret <= 1e-9
        if game.information_sets:
            assert max(game.subgame_regrets(solved).values()) <= 1e-9


def test_ties_are_played_as_asked_and_reported():
    """Equally good moves are mixed uniformly or the first is taken; the record says that there are others."""
    game = ExtensiveForm(Decision("I", {"a": Terminal([1]), "b": Terminal([2]), "c": Terminal([2])}))
    assert game.backward_induction()[0].tolist() == [0.0, 0.5, 0.5]
    assert game.backward_induction(ties="first")[0].tolist() == [0.0, 1.0, 0.0]
    assert "1 nodes have several best moves" in game.backward_induction().not_proved
    with pytest.raises(UsageError, match="ties"):
        game.backward_induction(ties="last")


def test_backward_induction_needs_perfect_information():
    """A game with a real information set is refused with the set's name."""
    with pytest.raises(GameError, match=r"student\.a raise"):
        stripped_down_poker().backward_induction()


def test_a_subgame_with_a_dilemma_is_solved_inside_the_larger_game():
    """Selten's reasoning: the proper subgame is played as its own equilibrium whatever happens before."""

    def column(payoffs):
        return Decision("II", {"c": Terminal(payoffs[0]), "d": Terminal(payoffs[1])}, information="at once")

    dilemma = Decision("I", {"C": column([(3, 3), (0, 5)]), "D": column([(5, 0), (1, 1)])})
    game = ExtensiveForm(Decision("I", {"enter": dilemma, "stay out": Terminal([2, 2])}))
    solved = game.subgame_perfect()
    assert solved.converged
    assert solved.at("I.1") == {"enter": 0.0, "stay out": 1.0}
    assert solved.at("I.2") == {"C": 0.0, "D": 1.0}
    assert solved.at("II.at once") == {"c": 0.0, "d": 1.0}
    assert solved.payoffs == (2.0, 2.0)


@settings(deadline=None, max_examples=40)
@given(signalling_games())
def test_signalling_games_get_an_equilibrium_without_regret(game):
    """The answer is a Nash equilibrium in every subgame, with its largest regret as the residual."""
    solved = game.subgame_perfect()
    assert solved.converged
    assert max(game.subgame_regrets(solved).values()) == pytest.approx(solved.residual, abs=1e-12)
    assert solved.residual <= 1e-7


@settings(deadline=None, max_examples=40)
@given(perfect_information_games())
def test_with_perfect_information_both_methods_agree(game):
    """Subgame perfection of a game of perfect information is backward induction."""
    assert subgame_perfect(game.tree).payoffs == pytest.approx(game.backward_induction().payoffs)


def test_imperfect_recall_is_refused():
    """Without perfect recall plans and behaviour differ, and the error says where."""
    second = Decision("I", {"exit": Terminal([4]), "on": Terminal([1])}, information="x")
    game = ExtensiveForm(Decision("I", {"exit": Terminal([0]), "on": second}, information="x"))
    with pytest.raises(GameError, match=r"imperfect recall at I\.x"):
        game.subgame_perfect()
    with pytest.raises(GameError, match="imperfect recall"):
        game.subgame_regrets([[1, 0]])
