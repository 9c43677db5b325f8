"""The sequence form: known values, agreement with the normal form, and trees beyond it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from game_strategies import perfect_information_games, random_game, signalling_games, stripped_down_poker
from hypothesis import HealthCheck, given, settings

from sim.errors import GameError
from sim.games import Chance, Decision, ExtensiveForm, Terminal


def kuhn_poker() -> ExtensiveForm:
    """Return Kuhn's (1950) poker with three cards."""

    def showdown(a: int, b: int, stake: int) -> Terminal:
        won = stake if a > b else -stake
        return Terminal([won, -won])

    def dealt(a: int, b: int) -> Decision:
        called = Decision("1", {"fold": Terminal([-1, 1]), "call": showdown(a, b, 2)}, information=f"{a} after a bet")
        passed = Decision("2", {"pass": showdown(a, b, 1), "bet": called}, information=f"{b} after a pass")
        bet = Decision("2", {"fold": Terminal([1, -1]), "call": showdown(a, b, 2)}, information=f"{b} after a bet")
        return Decision("1", {"pass": passed, "bet": bet}, information=f"{a}")

    deals = {f"{a}{b}": (1 / 6, dealt(a, b)) for a in range(3) for b in range(3) if a != b}
    return ExtensiveForm(Chance(deals), players=["1", "2"])


def simultaneous(seed: int, rounds: int) -> ExtensiveForm:
    """Return a tree in which two players choose at once, several times, seeing all earlier choices."""
    luck = np.random.default_rng(seed)

    def stage(left: int, past: str) -> Decision | Terminal:
        if left == 0:
            return Terminal(luck.integers(-9, 10, 2).astype(float).tolist())
        below = {
            a: Decision("B", {b: stage(left - 1, past + a + b) for b in "xyz"}, information=past or "start")
            for a in "xyz"
        }
        return Decision("A", below, information=past or "start")

    return ExtensiveForm(stage(rounds, ""), players=["A", "B"])


def test_kuhn_poker_is_worth_a_loss_of_an_eighteenth():
    """Kuhn (1950): the first player loses 1/18 a hand, by linear program and by subgame perfection alike."""
    for found in (kuhn_poker().sequence_nash(), kuhn_poker().subgame_perfect()):
        assert found.payoffs[0] == pytest.approx(-1 / 18, abs=1e-12)
        assert found.regret <= 1e-12


def test_stripped_down_poker():
    """Reiley, Urbancic and Walker (2008): bluff a third, call two thirds, worth 1/3 to the professor."""
    found = stripped_down_poker().sequence_nash()
    assert found.payoffs[0] == pytest.approx(1 / 3, abs=1e-12)
    assert found.at("professor.two")["raise"] == pytest.approx(1 / 3, abs=1e-9)
    assert found.at("student.a raise")["call"] == pytest.approx(2 / 3, abs=1e-9)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(signalling_games())
def test_signalling_games_end_at_an_equilibrium(game):
    """Lemke's method ends at a Nash equilibrium of every game of two types, messages and answers."""
    found = game.sequence_nash()
    assert found.converged
    assert found.regret <= 1e-8


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(perfect_information_games())
def test_trees_of_perfect_information_end_at_an_equilibrium(game):
    """With chance, payoffs that tie and players without a move the regret is 0 as well."""
    found = game.sequence_nash()
    assert found.converged


@pytest.mark.parametrize("seed", range(5))
def test_bimatrix_games_are_those_of_the_normal_form(seed):
    """A game in which both move once has an equilibrium that is among those of its normal form."""
    game = random_game(seed, (3, 4))
    rows, columns = [[f"{k}" for k in range(n)] for n in game.shape]
    tree = ExtensiveForm(
        Decision(
            "1",
            {
                r: Decision(
                    "2",
                    {c: Terminal([u[i, j] for u in game.payoffs]) for j, c in enumerate(columns)},
                    information="blind",
                )
                for i, r in enumerate(rows)
            },
        )
    )
    found = tree.sequence_nash()
    assert any(
        all(np.abs(a - b).max() < 1e-7 for a, b in zip(found.vectors, known.vectors, strict=True))
        for known in game.mixed_nash()
    )


def test_a_tree_beyond_the_normal_form_is_solved():
    """Three rounds of three moves have 3^91 plans a player, and one sequence a move."""
    game = simultaneous(3, 3)
    assert game.n_nodes > 1000
    found = game.subgame_perfect()
    assert found.converged
    assert found.residual <= 1e-8 * game.tree.payoff_range
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert game.sequence_nash().converged


def test_what_has_no_sequence_form_is_refused():
    """Three players, or a player who forgets, are input errors."""
    three = Decision("a", {"x": Decision("b", {"y": Decision("c", {"z": Terminal([1, 2, 3])})})})
    with pytest.raises(GameError, match="expected two"):
        ExtensiveForm(three).sequence_nash()
    again = {m: Decision("a", {"l": Terminal([1, 0]), "r": Terminal([0, 0])}, information="same") for m in "lr"}
    with pytest.raises(GameError, match="perfect recall"):
        ExtensiveForm(Decision("a", again, information="first"), players=["a", "b"]).sequence_nash()
