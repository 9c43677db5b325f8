"""The .efg format: written here and read by Gambit, and the reverse; malformed files say where."""

import io

import numpy as np
import pygambit
import pytest
from game_strategies import centipede, perfect_information_games, signalling_games, stripped_down_poker
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import GameFileError
from sim.games import Chance, Decision, ExtensiveForm, Terminal
from sim.games.finite.game_tree import TERMINAL
from sim.games.formats.gambit import from_gambit, to_gambit

TREES = [
    name for name in pygambit.catalog.games()["Game"] if isinstance(pygambit.catalog.load(name), pygambit.ExtensiveGame)
]
HEAD = 'EFG 2 R "t" { "I" "II" }\n'


def same_tree(a, b):
    """Tell whether two games are the same tree with the same payoffs, chances and information."""
    x, y = a.tree, b.tree
    return (
        x.players == y.players
        and x.labels == y.labels
        and x.information_sets == y.information_sets
        and all(
            np.array_equal(getattr(x, name), getattr(y, name))
            for name in ("parent", "move", "owner", "chance", "payoffs", "information")
        )
    )


@settings(deadline=None)
@given(perfect_information_games())
def test_a_written_tree_reads_back_the_same(game):
    """Writing and reading gives the same tree, to the last bit of each chance."""
    assert same_tree(ExtensiveForm.from_efg(game.to_efg()), game)


@settings(deadline=None, max_examples=30)
@given(signalling_games())
def test_gambit_loads_what_is_written_here_and_gives_it_back(game):
    """A tree with chance and information sets passes to Gambit and back unchanged."""
    assert same_tree(ExtensiveForm.from_tree(from_gambit(to_gambit(game.tree))), game)


@pytest.mark.parametrize("game", [stripped_down_poker(), centipede([(1, 0), (0, 2)], (3, 3))])
def test_gambit_sees_the_same_game(game):
    """Gambit's normal form of a written tree has our payoffs."""
    theirs = to_gambit(game.tree).to_arrays()
    ours = game.to_normal_form()
    assert ours.shape == theirs[0].shape
    for a, b in zip(ours.payoffs, theirs, strict=True):
        assert np.sort(a.ravel()) == pytest.approx(np.sort(np.array(b, dtype=float).ravel()))


def test_thirds_sum_to_one_for_gambit():
    """Chances that are no finite decimals are written as fractions that sum to exactly one, as Gambit demands."""
    for chances in ([1 / 3] * 3, [0.1] * 10, [1 / 7, 2 / 7, 4 / 7], [0.123456789012345, 1 - 0.123456789012345]):
        game = ExtensiveForm(Chance({str(k): (p, Terminal([float(k)])) for k, p in enumerate(chances)}), players=["I"])
        assert to_gambit(game.tree) is not None
        assert ExtensiveForm.from_efg(game.to_efg()).tree.chance == pytest.approx(game.tree.chance, abs=1e-15)


@pytest.mark.parametrize("name", TREES)
def test_trees_of_the_gambit_catalogue_load(name):
    """Every tree of Gambit's catalogue reads, and its payoffs under uniform play are those that Gambit reports."""
    theirs = pygambit.catalog.load(name)
    ours = ExtensiveForm.from_efg(theirs.to_efg())
    assert ours.players == tuple(theirs.players)
    uniform = [np.full(len(h.moves), 1 / len(h.moves)) for h in ours.information_sets]
    expected = theirs.mixed_behavior_profile().payoffs
    values = ours.behavior(uniform).payoffs
    assert values == pytest.approx([float(expected[p]) for p in theirs.players], abs=1e-9)
    again = pygambit.read_efg(io.StringIO(ours.to_efg()))
    assert len(list(again.get_subgame_roots())) == len(ours.subgame_roots())


def test_what_may_be_left_out_may_be_left_out():
    """After first use a set's name and moves and an outcome's name and payoffs may be missing; so may commas."""
    game = ExtensiveForm.from_efg(
        HEAD
        + '"comment"\nc "" 1 "deal" { "a" 1/4 "b" .75 } 0\n'
        + 'p "" 1 1 "first" { "L" "R" } 0\nt "" 1 "win" { 1 -1 }\nt "" 2 "" { 1/3, 2e-1 }\n'
        + 'p "" 1 1 0\nt "" 1\nt "" 0\n'
    )
    assert game.tree.chance.tolist() == [1.0, 0.25, 1.0, 1.0, 0.75, 1.0, 1.0]
    assert game.information_sets[0].nodes == (1, 4)
    assert game.tree.payoffs[5].tolist() == [1.0, -1.0]
    assert game.tree.payoffs[3] == pytest.approx([1 / 3, 0.2])


def test_repeated_move_names_are_told_apart():
    """Moves without names or with the same name get their numbers."""
    game = ExtensiveForm.from_efg(HEAD + 'p "" 1 1 "" { "" "x" "x" } 0 t "" 1 "" {1 1} t "" 2 "" {2 2} t "" 3 "" {3 3}')
    assert game.information_sets[0].moves == ("1", "x", "3")


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("EFG 3 R", 1, 5, "format version"),
        (HEAD, 2, 1, "c or p or t"),
        (HEAD + 'x "" 1', 2, 1, "c or p or t"),
        (HEAD + 'c "" 1 "" { "a" 1/2 "b" 1/3 } 0', 2, 11, "sum to 1"),
        (HEAD + 'c "" 1 "" { "a" 3/2 "b" -1/2 } 0', 2, 25, "at least 0"),
        (HEAD + 'p "" 3 1 "" { "a" } 0', 2, 6, "player who moves from 1 to 2"),
        (HEAD + 'p "" 1 1 "" { } 0', 2, 13, "at least one move"),
        (HEAD + 'p "" 1 1 0', 2, 10, "first time"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 1 "" { 1 }', 3, 15, "payoff of player 2"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 1 "" { 1 2 }', 3, 18, "end of the file"),
        (HEAD + 't "" 1 "" { 1 2 }\nt "" 0', 3, 1, "expected the end of the file"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 7\nt "" 0', 4, 1, "after the first use of an outcome"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 1 "" { 1 2 }\nt "" 1 "" { 1 3 }', 4, 6, "was introduced"),
        (HEAD + 'p "" 1 1 "" { "a" } 0\np "" 1 1 "" { "b" } 0', 3, 13, "was introduced"),
        (HEAD + 't "" 1 "" { nan 2 }', 2, 13, "found 'nan'"),
        (HEAD + 't "', 2, 3, "closing quote"),
    ],
)
def test_malformed_files_say_line_and_column(text, line, column, message):
    """A malformed .efg raises one GameFileError with the line and column of the first thing that does not fit."""
    with pytest.raises(GameFileError, match=message) as caught:
        ExtensiveForm.from_efg(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_deep_hostile_file_is_read_without_recursion():
    """A file of 50,000 nested decisions is read, or refused, without exhausting the stack."""
    text = (
        HEAD + 'p "" 1 1 "" { "a" } 0\n' + "".join(f'p "" 1 {k} "" {{ "a" }} 0\n' for k in range(2, 50_000)) + 't "" 0'
    )
    game = ExtensiveForm.from_efg(text)
    assert game.n_nodes == 50_000
    assert np.count_nonzero(game.tree.owner == TERMINAL) == 1


@given(st.text(alphabet='cpt"{}\\ 012/.\n', max_size=60))
def test_any_text_is_a_game_or_a_game_file_error(rest):
    """No text raises anything but GameFileError."""
    try:
        game = ExtensiveForm.from_efg(HEAD + 'p "" 1 1 "" { "a" "b" } 0 ' + rest)
    except GameFileError as error:
        nodes = error.line
    else:
        nodes = game.n_nodes
    assert nodes >= 1


def test_deep_trees_written_by_hand_and_simple_decisions_agree():
    """A tree built in Python and the same tree as text are the same game."""
    game = ExtensiveForm(Decision("I", {"a": Terminal([1, 2]), "b": Terminal([3, 4])}), players=["I", "II"])
    assert same_tree(
        ExtensiveForm.from_efg(HEAD + 'p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 1, 2 } t "" 2 "" { 3, 4 }'), game
    )
