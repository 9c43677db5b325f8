"""The normal form: payoffs in, certificates out, and clear errors for what is no game."""

import numpy as np
import pytest
from game_strategies import normal_forms
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games import NormalForm

DILEMMA = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]


def test_prisoners_dilemma_has_one_pure_equilibrium():
    """Mutual defection is the only pure equilibrium of the prisoner's dilemma (Luce and Raiffa 1957)."""
    found = NormalForm(DILEMMA).pure_nash()
    assert [p.pure for p in found] == [(1, 1)]
    assert found.complete
    assert found[0].regret == 0.0
    assert found[0].payoffs == (1.0, 1.0)


@given(normal_forms())
def test_pure_equilibria_are_exactly_the_cells_without_regret(game):
    """A cell is listed as a pure equilibrium exactly if no player has a better strategy against it."""
    listed = {p.pure for p in game.pure_nash()}
    for cell in np.ndindex(game.shape):
        best = all(
            game.payoffs[i][cell] >= max(game.payoffs[i][(*cell[:i], s, *cell[i + 1 :])] for s in range(n))
            for i, n in enumerate(game.shape)
        )
        assert (cell in listed) == best


@given(normal_forms(), st.integers(0, 2**32 - 1))
def test_expected_payoffs_are_the_sum_over_all_cells(game, seed):
    """Expected payoffs and regrets equal the sums over cells of their definition."""
    random = np.random.default_rng(seed)
    vectors = [random.dirichlet(np.ones(n)) for n in game.shape]
    weights = np.ones(())
    for v in vectors:
        weights = np.multiply.outer(weights, v)
    expected = [float((u * weights).sum()) for u in game.payoffs]
    assert game.expected_payoffs(vectors) == pytest.approx(expected, abs=1e-12)
    for i, n in enumerate(game.shape):
        alone = [game.expected_payoffs([*vectors[:i], np.eye(n)[s], *vectors[i + 1 :]])[i] for s in range(n)]
        assert game.strategy_payoffs(i, vectors) == pytest.approx(alone, abs=1e-12)
        assert game.regrets(vectors)[i] == pytest.approx(max(0.0, max(alone) - expected[i]), abs=1e-12)


def test_payoffs_are_copied_and_read_only():
    """Neither does the game change the caller's arrays nor can the caller change the game."""
    given_arrays = [np.array(u, dtype=float) for u in DILEMMA]
    before = [u.copy() for u in given_arrays]
    game = NormalForm(given_arrays)
    game.mixed_nash()
    game.logit_qre(2.0)
    assert all(np.array_equal(a, b) for a, b in zip(given_arrays, before, strict=True))
    given_arrays[0][0, 0] = 99.0
    assert game.payoffs[0][0, 0] == 3.0
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0][0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        game.pure_nash()[0][0][0] = 1.0


@pytest.mark.parametrize(
    ("payoffs", "message"),
    [
        ([], "no players"),
        (5, "one array per player"),
        ([[[1, np.nan], [0, 0]], [[1, 2], [3, 4]]], r"player 1 at \(0, 1\): found nan"),
        ([[[1, np.inf]], [[1, 2]]], "expected a finite number"),
        ([[1e308, -1e308]], "choose larger units"),
        ([[[]], [[]]], "player 2 without strategies"),
        ([[[1, 2]], [[1], [2]]], r"found shape \(2, 1\), expected \(1, 2\)"),
        ([[1, 2], [1, 2]], "found an array of 1 dimensions"),
        ([[[1, 2], [3]], [[1, 2], [3, 4]]], "rectangular array of numbers"),
        ([[["a"]], [[1]]], "rectangular array of numbers"),
    ],
)
def test_what_is_no_game_is_refused_with_one_clear_error(payoffs, message):
    """NaN, ragged or missing payoffs and players without strategies raise a GameError that says what was found."""
    with pytest.raises(GameError, match=message):
        NormalForm(payoffs)


def test_names_must_fit_and_differ():
    """Names of players and strategies must be as many as there are, and different."""
    with pytest.raises(GameError, match="found 1 names, expected 2"):
        NormalForm(DILEMMA, players=["a"])
    with pytest.raises(GameError, match="'C' twice"):
        NormalForm(DILEMMA, strategies=[["C", "C"], ["C", "D"]])
    with pytest.raises(GameError, match="for 1 players"):
        NormalForm(DILEMMA, strategies=[["C", "D"]])


@pytest.mark.parametrize("profile", [[[1, 0]], [[1, 0], [0.5, 0.6]], [[1, 0], [2, -1]], [[1, 0], [1, 0, 0]]])
def test_a_profile_must_be_probabilities(profile):
    """A profile of the wrong shape or that does not sum to one is refused."""
    with pytest.raises(GameError, match="expected"):
        NormalForm(DILEMMA).regrets(profile)


def test_games_are_equal_by_value_and_print_what_they_are():
    """Two games with the same payoffs and names are equal, hash alike, and print names and shape."""
    a, b = NormalForm(DILEMMA, players=["x", "<y>"]), NormalForm(DILEMMA, players=["x", "<y>"])
    assert a == b
    assert hash(a) == hash(b)
    assert a != NormalForm(DILEMMA)
    assert repr(a) == "NormalForm of 2 players, 2 x 2: x (1, 2), <y> (1, 2)"
    assert "&lt;y&gt;" in a._repr_html_()
    assert "<y>" not in a._repr_html_()
    assert "regret=0" in repr(a.pure_nash()[0])
    assert "complete=True" in repr(a.pure_nash())


def test_restriction_keeps_the_named_strategies():
    """Restricting a game keeps payoffs and names of the strategies left."""
    game = NormalForm(DILEMMA, strategies=[["C", "D"], ["c", "d"]]).restrict([[1], [0, 1]])
    assert game.strategies == (("D",), ("c", "d"))
    assert game.payoffs[0].tolist() == [[5.0, 1.0]]


def test_importing_games_loads_no_heavy_package():
    """The package loads neither numba, quantecon nor pygambit before a game is solved."""
    import subprocess
    import sys

    code = (
        "import sys, sim.games; sim.games.NormalForm([[[1, 2]], [[3, 4]]]).pure_nash();"
        "print([m for m in ('numba', 'quantecon', 'pygambit', 'pandas', 'scipy.stats') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
