"""Mixed equilibria: published lists, agreement of independent methods, and honest claims of completeness."""

import importlib
import importlib.util

import numpy as np
import pygambit
import pytest
from game_strategies import flat, largest_gap, normal_forms, random_game
from hypothesis import HealthCheck, given, settings

from sim.errors import ConvergenceWarning, GameError, MissingExtraError, UsageError
from sim.games import NormalForm
from sim.games.formats import gambit
from sim.games.formats.gambit import to_gambit

MCKELVEY_MCLENNAN = "9 8 12 / 0 0 0 / 0 0 0 / 9 8 2 / 0 0 0 / 3 4 6 / 3 4 6 / 0 0 0"
NAU = "3 0 2 / 0 1 0 / 0 2 0 / 1 0 0 / 1 0 0 / 0 3 0 / 0 1 0 / 2 0 3"


@pytest.fixture
def without_gambit(monkeypatch):
    """Pretend that pygambit is not installed."""
    real_find, real_import = importlib.util.find_spec, importlib.import_module

    def refuse(name, *args):
        if name == "pygambit":
            raise ImportError(name)
        return real_import(name, *args)

    monkeypatch.setattr(importlib.util, "find_spec", lambda n, *a: None if n == "pygambit" else real_find(n, *a))
    monkeypatch.setattr(importlib, "import_module", refuse)


def test_mckelvey_mclennan_game_has_nine_equilibria():
    """The 2x2x2 game of McKelvey and McLennan (1996; Gambit's 2x2x2.nfg) has exactly 9 equilibria, five mixed."""
    found = NormalForm(flat(MCKELVEY_MCLENNAN, 3, (2, 2, 2))).mixed_nash()
    assert len(found) == 9
    assert found.complete
    assert found.converged
    assert found.regret <= 1e-9
    firsts = np.array([[v[0] for v in p] for p in found])
    assert sum(p.pure is None for p in found) == 5
    for known in ([1 / 2, 2 / 5, 1 / 4], [2 / 5, 1 / 2, 1 / 3]):
        assert np.abs(firsts - known).max(axis=1).min() <= 1e-9


def test_nau_game_has_one_irrational_equilibrium():
    """The three-player game of Nau et al. (2004, section 4) has one equilibrium only, with irrational probabilities."""
    found = NormalForm(flat(NAU, 3, (2, 2, 2))).mixed_nash()
    assert found.complete
    assert len(found) == 1
    assert [v[0] for v in found[0]] == pytest.approx([0.6192325795, 0.4798042227, 0.3788253360], abs=1e-9)


@pytest.mark.parametrize(("n", "count"), [(2, 3), (3, 7), (4, 15), (5, 31)])
def test_identity_coordination_has_one_equilibrium_per_subset(n, count):
    """A = B = I has 2^n - 1 equilibria, uniform on each subset (Quint and Shubik 1997)."""
    found = NormalForm([np.eye(n), np.eye(n)]).mixed_nash()
    assert len(found) == count
    assert found.complete
    for profile in found:
        assert profile.support[0] == profile.support[1]
        assert profile[0].max() == pytest.approx(1 / len(profile.support[0]), abs=1e-12)


def test_the_six_by_six_game_of_von_stengel_has_75_equilibria():
    """The 6 x 6 game of von Stengel (1999) has 75 equilibria, more than the identity game's 63."""
    game = NormalForm.from_nfg(pygambit.catalog.load("journals/dcg/vonstengel1999/6x6_game_with_75_eq").to_nfg())
    found = game.mixed_nash()
    assert len(found) == 75
    assert found.complete
    assert found.regret <= 1e-9 * game.payoff_range


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 4), (4, 4)])
def test_two_player_lists_agree_with_gambit(seed, shape):
    """For random two-player games the complete list is that of Gambit's enummixed, and odd in number (Wilson 1971)."""
    game = random_game(seed, shape)
    found = game.mixed_nash()
    theirs = [
        tuple(np.array([float(x) for _, x in one]) for one in profile)
        for profile in pygambit.nash.enummixed_solve(to_gambit(game), rational=False).equilibria
    ]
    assert found.complete
    assert len(found) % 2 == 1
    assert len(found) == len(theirs)
    assert all(min(largest_gap(p, q) for q in theirs) < 1e-7 for p in found)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(normal_forms(players=(2, 2)))
def test_every_listed_profile_is_an_equilibrium(game):
    """Also in degenerate games each listed profile has no regret, every pure equilibrium is listed, one exists."""
    found = game.mixed_nash()
    assert len(found) >= 1
    assert found.regret <= 1e-9 * max(game.payoff_range, 1.0)
    assert {p.pure for p in game.pure_nash()} <= {p.pure for p in found}


def test_a_continuum_is_never_called_complete():
    """Degenerate games with a continuum of equilibria list its extreme points and say that there are more."""
    found = NormalForm([np.zeros((2, 2)), np.zeros((2, 2))]).mixed_nash()
    assert [p.pure for p in found] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert not found.complete
    assert "degenerate" in found.not_proved
    three = NormalForm(np.zeros((3, 2, 2, 2))).mixed_nash()
    assert not three.complete
    assert "singular" in three.not_proved
    assert not NormalForm(np.zeros((3, 2, 2, 2))).mixed_nash("isolate").complete


def test_a_degenerate_game_with_isolated_equilibria_is_complete():
    """A degenerate game whose equilibria are isolated is still listed completely (Avis et al. 2010)."""
    # Row 2 is as good as row 1 against column 1, but only off the single equilibrium (row 1, column 2).
    game = NormalForm([[[1, 2], [1, 0]], [[0, 1], [0, 1]]])
    found = game.mixed_nash()
    assert [p.pure for p in found] == [(0, 1)]
    assert found.complete


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 3, 2), (2, 2, 2, 2)])
def test_search_without_gambit_finds_true_equilibria_and_proves_nothing(seed, shape):
    """Newton's method on every support finds a subset of Gambit's complete list and never claims completeness."""
    game = random_game(seed, shape)
    complete, found = game.mixed_nash(), game.mixed_nash("search")
    assert complete.complete
    assert not found.complete
    assert len(found) >= 1
    assert all(min(largest_gap(p, q) for q in complete) < 1e-7 for p in found)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 2, 3)])
def test_what_gambit_misses_is_found_and_proved(seed, shape):
    """Complete lists of three-player games are odd in number (Wilson 1971) and the same without Gambit."""
    game = random_game(seed, shape)
    found, alone = game.mixed_nash(), game.mixed_nash("isolate")
    assert found.complete
    assert alone.complete
    assert len(found) % 2 == 1
    assert len(found) == len(alone)
    assert all(largest_gap(p, q) < 1e-9 for p, q in zip(found, alone, strict=True))


@pytest.mark.parametrize(
    "payoffs",
    [
        "-6 -8 2 -7 -3 -2 -9 -3 / 2 1 1 7 -6 -3 3 -6 / -4 1 4 -9 -2 -2 -3 -3",
        "5 -5 -6 2 -8 -5 1 2 / 7 -3 -5 -3 2 0 -9 2 / 5 2 0 4 0 -4 -7 -8",
        "7 -7 -1 5 -8 1 -8 9 / -2 -9 0 1 1 -1 -3 -1 / 6 4 -4 -5 -7 -2 1 -7",
    ],
)
def test_what_the_search_finds_is_never_missing(payoffs):
    """Where the proof fails, the list still has every equilibrium that the search finds: here a fully mixed one."""
    game = NormalForm([np.array(one.split(), dtype=float).reshape(2, 2, 2) for one in payoffs.split("/")])
    searched = game.mixed_nash("search")
    assert any(all(len(s) == 2 for s in p.support) for p in searched)
    for method in ("auto", "isolate"):
        found = game.mixed_nash(method)
        assert all(min(largest_gap(p, q) for q in found) < 1e-7 for p in searched)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(normal_forms(players=(3, 3), strategies=(2, 2)))
def test_auto_never_lists_fewer_than_the_search(game):
    """Whatever the game, the list of "auto" holds that of "search"."""
    found, searched = game.mixed_nash(), game.mixed_nash("search")
    assert all(min(largest_gap(p, q) for q in found) < 1e-7 for p in searched)


def test_gambit_alone_is_not_taken_as_complete():
    """In this 2 x 2 x 2 game enumpoly reports two equilibria and no difficulty; the third is found and proved here."""
    game = random_game(1, (2, 2, 2))
    assert len(gambit.enumpoly(game, 10.0).profiles) < 3
    found = game.mixed_nash()
    assert found.complete
    assert len(found) == 3


@pytest.mark.usefixtures("without_gambit")
def test_without_gambit_three_players_are_searched_and_the_extra_is_named():
    """Without the extra the answer for three players is incomplete and says what to install."""
    game = NormalForm(flat(MCKELVEY_MCLENNAN, 3, (2, 2, 2)))
    found = game.mixed_nash()
    assert not found.complete
    assert "negotiation-sim[gambit]" in found.not_proved
    assert found.regret <= 1e-9
    with pytest.raises(MissingExtraError, match=r"negotiation-sim\[gambit\]"):
        game.mixed_nash("gambit")
    assert not gambit.is_installed()


def test_two_players_by_gambit_agree_with_vertex_enumeration():
    """Polynomial equations and polytopes give the same equilibria of a two-player game."""
    game = random_game(3, (3, 3))
    a, b = game.mixed_nash(), game.mixed_nash("gambit")
    assert a.complete
    assert b.complete
    assert len(a) == len(b)
    assert all(largest_gap(p, q) < 1e-9 for p, q in zip(a, b, strict=True))


def test_names_that_gambit_refuses_do_not_matter():
    """Backslashes and line breaks in names, which Gambit refuses, do not keep it from solving the game."""
    game = NormalForm(flat(NAU, 3, (2, 2, 2)), players=["a\\", "b\n", '"'])
    assert len(game.mixed_nash()) == 1
    assert NormalForm.from_nfg(game.to_nfg()) == game
    with pytest.raises(GameError, match="rename"):
        to_gambit(game)


def test_a_single_player_takes_the_largest_payoff():
    """One player's equilibria are its best strategies; with a tie mixtures are equilibria too."""
    assert NormalForm([[1, 3, 2]]).mixed_nash()[0].pure == (1,)
    assert NormalForm([[1, 3, 2]]).mixed_nash().complete
    assert not NormalForm([[3, 3]]).mixed_nash().complete


def test_a_few_strategies_against_many_are_enumerated():
    """A lopsided game of 2 x 60 is listed completely, where vertex enumeration by Qhull would take minutes."""
    found = random_game(1, (2, 60)).mixed_nash()
    assert found.complete
    assert len(found) % 2 == 1


def test_large_games_are_not_enumerated():
    """A game with too many vertices gets what Lemke-Howson finds from each strategy, and says so."""
    found = random_game(0, (30, 30)).mixed_nash()
    assert len(found) >= 1
    assert found.regret <= 1e-9
    assert not found.complete
    assert "too many vertices" in found.not_proved


def test_vertex_lists_beyond_all_bases_are_proved_by_their_edges():
    """An 11 x 11 game is listed completely: its vertex lists from Qhull are closed under edges."""
    found = random_game(5, (11, 11)).mixed_nash()
    assert found.complete
    assert len(found) % 2 == 1


def test_the_time_limit_ends_gambit_with_an_incomplete_answer():
    """When the time is up, what was found comes back as incomplete, with a warning."""
    with pytest.warns(ConvergenceWarning, match="time limit"):
        found = random_game(0, (5, 5, 5)).mixed_nash(time_limit_s=0.2)
    assert not found.complete
    assert "time limit" in found.not_proved
    assert found.regret <= 1e-8


def test_methods_that_do_not_fit_are_refused():
    """An unknown method, vertices of polytopes for three players or a negative limit raise UsageError."""
    game = random_game(0, (2, 2, 2))
    with pytest.raises(UsageError, match="expected one of"):
        game.mixed_nash("magic")
    with pytest.raises(UsageError, match="two players"):
        game.mixed_nash("vertices")
    with pytest.raises(UsageError, match="positive"):
        game.mixed_nash(time_limit_s=-1)
