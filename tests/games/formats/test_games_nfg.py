"""The .nfg format: written here and read by Gambit, and the reverse; malformed files say where."""

import io

import numpy as np
import pygambit
import pytest
from game_strategies import normal_forms, random_game
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import GameFileError, StoreError
from sim.games import NormalForm
from sim.games.formats.gambit import from_gambit, to_gambit

STRATEGIC = [
    name
    for name in pygambit.catalog.games()["Game"]
    if not isinstance(pygambit.catalog.load(name), pygambit.ExtensiveGame)
]


def payoffs_of(game: pygambit.Game) -> list[np.ndarray]:
    """Return Gambit's payoffs as arrays."""
    return [np.array(table, dtype=float) for table in game.to_arrays()]


def test_player_one_varies_fastest():
    """In .nfg lists player 1's strategy varies fastest (Gambit, Game representation formats)."""
    game = NormalForm.from_nfg('NFG 1 R "t" { "a" "b" } { 2 3 } 11 1 21 2 12 3 22 4 13 5 23 6')
    assert game.payoffs[0].tolist() == [[11, 12, 13], [21, 22, 23]]
    assert game.payoffs[1].tolist() == [[1, 3, 5], [2, 4, 6]]
    assert NormalForm.from_nfg(game.to_nfg()) == NormalForm(game.payoffs, ["a", "b"])
    assert game.to_nfg().split()[-12:] == ["11", "1", "21", "2", "12", "3", "22", "4", "13", "5", "23", "6"]


def test_gambit_reads_the_same_cells():
    """A payoff list read by Gambit and here gives the same arrays, for three players of different sizes."""
    text = 'NFG 1 R "" { "a" "b" "c" } { 2 3 4 } ' + " ".join(str(k) for k in range(72))
    theirs = payoffs_of(pygambit.read_nfg(io.StringIO(text)))
    ours = NormalForm.from_nfg(text)
    assert all(np.array_equal(a, b) for a, b in zip(ours.payoffs, theirs, strict=True))


@given(normal_forms())
def test_a_written_game_reads_back_the_same(game):
    """Writing and reading gives the same game."""
    assert NormalForm.from_nfg(game.to_nfg()) == game


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 3, 2), (2, 2, 2, 2)])
def test_gambit_loads_what_is_written_here_and_the_reverse(shape):
    """A game passes to Gambit and back without any change, to the last bit."""
    game = random_game(7, shape)
    theirs = to_gambit(game)
    assert all(np.array_equal(a, b) for a, b in zip(game.payoffs, payoffs_of(theirs), strict=True))
    assert from_gambit(theirs) == game


@pytest.mark.parametrize("name", STRATEGIC)
def test_strategic_games_of_the_gambit_catalogue_load(name):
    """Every strategic game of Gambit's catalogue reads with the payoffs that Gambit reports."""
    theirs = pygambit.catalog.load(name)
    ours = NormalForm.from_nfg(theirs.to_nfg())
    assert ours.players == tuple(theirs.players)
    assert all(np.allclose(a, b, rtol=1e-15, atol=0) for a, b in zip(ours.payoffs, payoffs_of(theirs), strict=True))


def test_outcome_version_and_names():
    """The outcome version, names with escaped quotes, commas, fractions and a comment are understood."""
    game = NormalForm.from_nfg(
        'NFG 1 R "say \\"no\\"" { "a" "b" } { { "x" "y" } { "u" } } "comment"\n{ { "o" 1/2, -2e1 } } 0 1'
    )
    assert game.title == 'say "no"'
    assert game.strategies == (("x", "y"), ("u",))
    assert game.payoffs[0].tolist() == [[0.0], [0.5]]
    assert game.payoffs[1].tolist() == [[0.0], [-20.0]]
    assert NormalForm.from_nfg(game.to_nfg()).title == game.title


def test_files_are_read_and_written(tmp_path):
    """A path is read and written; an unreadable or unwritable one is one clear error."""
    game = random_game(1, (2, 2))
    path = tmp_path / "game.nfg"
    game.to_nfg(path)
    assert NormalForm.from_nfg(path) == game
    assert NormalForm.from_nfg(str(path)) == game
    with pytest.raises(GameFileError, match="cannot be read"):
        NormalForm.from_nfg(tmp_path / "none.nfg")
    with pytest.raises(StoreError, match="could not be written"):
        game.to_nfg(tmp_path / "no" / "such.nfg")
    (tmp_path / "binary.nfg").write_bytes(b"NFG \xff\xfe")
    with pytest.raises(GameFileError, match="cannot be read"):
        NormalForm.from_nfg(tmp_path / "binary.nfg")


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("NFG 2 R", 1, 5, "format version"),
        ("NFG 1 X", 1, 7, "R or D"),
        ('NFG 1 R "t" { "a" "b" } { 2 2 }\n 1 2 3 4 5 6 7', 2, 15, "end of the file"),
        ('NFG 1 R "t" { "a" "b" } { 2 2 }\n 1 2 3 4 5 6 7 8 9', 2, 18, "expected the end of the file"),
        ('NFG 1 R "t" { "a" "b" } { 2 2 }\n 1 2 x', 2, 6, "found 'x'"),
        ('NFG 1 R "t" { "a" } { 2 }\n nan 1', 2, 2, "found 'nan'"),
        ('NFG 1 R "t" { "a" } { 2 }\n inf 1', 2, 2, "found 'inf'"),
        ('NFG 1 R "t" { "a" } { 2 }\n 1/0 1', 2, 2, "denominator"),
        ('NFG 1 R "t" { "a" } { 2 }\n 1e99999 1', 2, 2, "exponent"),
        ('NFG 1 R "t" { "a" } { 2 }\n 9e400 1', 2, 2, "double precision"),
        ('NFG 1 R "t', 1, 9, "closing quote"),
        ('NFG 1 R "t" { }', 1, 13, "at least 1 player names"),
        ('NFG 1 R "t" { "a" "b" } { 0 2 }', 1, 27, "number of strategies of player 'a'"),
        ('NFG 1 R "t" { "a" "b" } { 2 }', 1, 29, "number of strategies of player 'b'"),
        ('NFG 1 R "t" { "a" "b" } { { "x" } { } }', 1, 35, "strategy names of player 'b'"),
        ('NFG 1 R "t" { "a" "b" } { 4999999 4999999 } 1', 1, 25, "at most 5000000 payoffs"),
        ('NFG 1 R "t" { "a" } { 2 } { { "" 1 } } 1 2', 1, 42, "outcome of cell 2"),
        ('NFG 1 R "t" { "a" } { 2 } { { "" 1 2 } } 1 2', 1, 36, "}"),
    ],
)
def test_malformed_files_say_line_and_column(text, line, column, message):
    """A malformed .nfg raises one GameFileError with the line and column of the first thing that does not fit."""
    with pytest.raises(GameFileError, match=message) as caught:
        NormalForm.from_nfg(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_many_players_are_refused_before_memory_is_used():
    """A file that claims thousands of players or strategies is refused at once."""
    many = " ".join('"p"' for _ in range(5000))
    with pytest.raises(GameFileError, match="at most 32 player names"):
        NormalForm.from_nfg(f'NFG 1 R "" {{ {many} }} {{ 2 }} 1')


@given(st.text(alphabet='NFG1R "{}\\,0.-e/x\n', max_size=60))
def test_any_text_is_a_game_or_a_game_file_error(rest):
    """No text raises anything but GameFileError."""
    try:
        NormalForm.from_nfg('NFG 1 R "" { "a" } ' + rest)
    except GameFileError as error:
        position = (error.line, error.column)
    else:
        position = (1, 1)
    assert min(position) >= 1
