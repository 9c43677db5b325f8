"""Stochastic games, their sparse transitions and their table form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from sim.errors import GameError, GameFileError
from sim.games.formats.stochastic_table import load_stochastic_table, read_stochastic_table, write_stochastic_table
from sim.games.stochastic.stochastic_game import StochasticGame
from sim.games.stochastic.transitions import Transitions

TABLE = """# a war that talks can end
state | gov  reb   | payoffs | next
war   | talk talk  | 0 0     | peace 0.5 war 0.5
war   | talk fight | -2 1    | war 1
war   | hit  talk  | 1 -2    | war 1      # one comment
war   | hit  fight | -1 -1   | war 1

peace | -    -     | 1 1     | peace 1
"""


@st.composite
def games(draw: st.DrawFn) -> StochasticGame:
    """Draw small games with any numbers of moves and random payoffs."""
    players, states = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    luck = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    payoffs, transitions = [], []
    for _ in range(states):
        shape = tuple(int(n) for n in luck.integers(1, 4, players))
        payoffs.append(luck.normal(size=(players, *shape)))
        chances = luck.random((*shape, states)) * (luck.random((*shape, states)) < 0.6)
        chances[..., 0] += 1e-3
        transitions.append(chances / chances.sum(axis=-1, keepdims=True))
    return StochasticGame.from_arrays(payoffs, transitions)


@given(games())
def test_tables_give_back_the_same_game(game: StochasticGame) -> None:
    """Writing and reading a game changes no name and no bit of a number."""
    again = read_stochastic_table(write_stochastic_table(game))
    assert (again.players, again.states, again.moves) == (game.players, game.states, game.moves)
    assert (again.payoffs == game.payoffs).all()
    assert (again.transitions.targets == game.transitions.targets).all()
    assert again.transitions.chances == pytest.approx(game.transitions.chances, rel=1e-15)


def test_table_reads_names_comments_and_probabilities(tmp_path: Path) -> None:
    """A table with comments and blank lines is read from text and from a file alike."""
    game = read_stochastic_table(TABLE)
    assert game.players == ("gov", "reb")
    assert game.moves[0] == (("talk", "hit"), ("talk", "fight"))
    assert game.payoffs[1].tolist() == [-2.0, 1.0]
    targets, chances = game.transitions.row(0)
    assert [(game.states[t], float(p)) for t, p in zip(targets, chances, strict=True)] == [("peace", 0.5), ("war", 0.5)]
    path = tmp_path / "war.game"
    path.write_text(TABLE, encoding="utf-8")
    assert write_stochastic_table(load_stochastic_table(path)) == write_stochastic_table(game)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message"),
    [
        ("state | gov", "stat  | gov", 2, 1, "'state'"),
        ("-2 1    |", "-2 x    |", 4, 25, "finite number"),
        ("-2 1    |", "-2      |", 4, 22, "1 payoffs, expected 2"),
        ("-2 1    |", "nan 1   |", 4, 22, "finite number"),
        ("peace 0.5 war 0.5", "peace 0.5 war 0.4", 3, 32, "sum of 0.9"),
        ("peace 0.5 war 0.5", "peace 1.5 war 0.5", 3, 38, "probability"),
        ("peace 0.5 war 0.5", "heaven 0.5 war 0.5", 3, 32, "no line of its own"),
        ("hit  fight", "hit  talk ", 6, 1, "second time"),
        ("war   | hit  fight | -1 -1   | war 1\n", "", 5, 1, "no line for the joint move hit fight"),
        ("| -1 -1   | war 1", "| -1 -1", 6, 27, "3 columns"),
        ("gov  reb ", "gov  gov ", 2, 14, "twice"),
    ],
)
def test_errors_name_line_and_column(old: str, new: str, line: int, column: int, message: str) -> None:
    """Each malformed table gives one error at the first character that does not fit."""
    assert old in TABLE
    with pytest.raises(GameFileError, match=message) as caught:
        read_stochastic_table(TABLE.replace(old, new, 1), "war.game")
    assert (caught.value.file, caught.value.line, caught.value.column) == ("war.game", line, column)


def test_empty_and_missing_tables_are_refused(tmp_path: Path) -> None:
    """An empty text, a lone header and a missing file are one clear error each."""
    for text in ("", "# only a comment\n", "state | a | payoffs | next\n"):
        with pytest.raises(GameFileError, match="expected"):
            read_stochastic_table(text)
    with pytest.raises(GameFileError, match="cannot be read"):
        load_stochastic_table(tmp_path / "none.game")
    spaced = StochasticGame.from_arrays([[[1.0]]], [[[1.0]]], states=["two words"])
    with pytest.raises(GameError, match="blank"):
        write_stochastic_table(spaced)


def test_sparse_and_dense_transitions_are_the_same() -> None:
    """A scipy.sparse matrix, a dense one and rows of entries give the same distributions."""
    dense = np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]])
    ways = [
        Transitions.from_matrix(dense),
        Transitions.from_matrix(csr_matrix(dense)),
        Transitions.from_entries([0, 2, 3], [0, 1, 2], [0.5, 0.5, 1.0], 3),
    ]
    for way in ways:
        assert [way.row(r)[0].tolist() for r in range(2)] == [[0, 1], [2]]
        assert way.chances.tolist() == [0.5, 0.5, 1.0]


def test_bad_games_are_refused_and_arrays_not_changed() -> None:
    """NaN payoffs, empty moves and rows that are no distribution are refused; inputs stay writable and unchanged."""
    payoffs, after = np.ones((1, 1, 2)), np.ones((1, 2, 1))
    StochasticGame.from_arrays(payoffs, after)
    payoffs[0, 0, 0] = 2.0
    with pytest.raises(GameError, match="finite"):
        StochasticGame.from_arrays([[[float("nan")]]], [[[1.0]]])
    with pytest.raises(GameError, match="empty move set"):
        StochasticGame.from_arrays([np.ones((1, 0))], [np.ones((0, 1))])
    with pytest.raises(GameError, match=r"sum of 0\.8 in row 1"):
        StochasticGame.from_arrays([[[1.0, 1.0]]], [[[1.0], [0.8]]])
    with pytest.raises(GameError, match="negative"):
        Transitions.from_matrix([[1.5, -0.5]])
    with pytest.raises(GameError, match="numbers below 2"):
        Transitions.from_entries([0, 1], [2], [1.0], 2)
    with pytest.raises(GameError, match="sum of 0 in row 1"):
        Transitions.from_entries([0, 1, 1], [0], [1.0], 2)
    with pytest.raises(GameError, match="one for each"):
        StochasticGame.from_arrays([[[1.0]], [[1.0]]], [[[1.0, 0.0]]])
