"""Agent quantal response: the published centipede, Gambit's numbers, and the laws that any logit obeys."""

import numpy as np
import pygambit
import pytest
from game_strategies import (
    centipede,
    largest_gap,
    normal_forms,
    perfect_information_games,
    signalling_games,
    stripped_down_poker,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ConvergenceWarning, GameError, UsageError
from sim.games import Chance, Decision, ExtensiveForm, Terminal
from sim.games.finite.game_tree import TERMINAL, GameTree
from sim.games.formats.gambit import to_gambit
from sim.games.numerics import continuation

law = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
lams = st.floats(0.0, 2.0)


def with_payoffs(game, change):
    """Return the same tree with payoffs changed at its ends."""
    tree = game.tree
    payoffs = np.array(tree.payoffs)
    ends = tree.owner == TERMINAL
    payoffs[ends] = change(payoffs[ends])
    keys = [None if h < 0 else str(h) for h in tree.information]
    labels = ["" if h < 0 else tree.information_sets[h].label for h in tree.information]
    return ExtensiveForm.from_tree(
        GameTree.build(
            tree.players, tree.parent, tree.move, tree.owner, tree.chance, payoffs, keys, tree.labels, labels
        )
    )


def behaviour_of(profile):
    """Return Gambit's behaviour in one row, information set by information set."""
    return [float(p) for player in profile.game.players for one in _actions(profile[player]) for p in one]


def _actions(behavior):
    """Return the probabilities at each information set once, in Gambit's order."""
    import ast

    return [list(one.values()) for one in ast.literal_eval(repr(behavior))]


def simultaneous(game):
    """Return a two-player normal form as a tree whose second mover does not see the first."""

    def second(row):
        moves = {str(c): Terminal([game.payoffs[0][row, c], game.payoffs[1][row, c]]) for c in range(game.shape[1])}
        return Decision("II", moves, information="blind")

    return ExtensiveForm(Decision("I", {str(r): second(r) for r in range(game.shape[0])}), players=["I", "II"])


def test_centipede():
    """P(take) in the four-move centipede at lam 1 (McKelvey and Palfrey 1998)."""
    game = centipede([(0.40, 0.10), (0.20, 0.80), (1.60, 0.40), (0.80, 3.20)], (6.40, 1.60))
    profile = game.agent_qre(1.0)
    take = [profile.at(name)["take"] for name in ("A.1", "B.1", "A.2", "B.2")]
    assert take == pytest.approx([0.2962565749, 0.2779802856, 0.4648836494, 0.8320183851], abs=1e-9)
    assert profile.converged
    assert "the only agent quantal response equilibrium" in profile.proved


@pytest.mark.parametrize("lam", [0.1, 2.5, 40.0])
def test_a_two_move_centipede_solves_its_formulas(lam):
    """For other payoffs and precisions the result is the logistic formula worked back by hand."""
    game = centipede([(1.0, 0.0), (0.5, 2.0)], (3.0, 1.5))
    last = 1 / (1 + np.exp(-lam * (2.0 - 1.5)))
    onward = last * 0.5 + (1 - last) * 3.0
    first = 1 / (1 + np.exp(-lam * (1.0 - onward)))
    assert [v[0] for v in game.agent_qre(lam)] == pytest.approx([first, last], abs=1e-12)


@pytest.mark.parametrize("lam", [0.5, 3.0, 20.0])
def test_gambit_finds_the_same_behaviour_in_poker(lam):
    """Gambit's agent quantal response equilibrium of stripped-down poker is the same."""
    game = stripped_down_poker()
    (theirs,) = pygambit.qre.logit_solve_lambda(to_gambit(game.tree), lam=[lam], use_strategic=False)
    other = behaviour_of(theirs.profile)
    ours = np.concatenate(game.agent_qre(lam).vectors)
    assert ours == pytest.approx(other, abs=1e-6)


@pytest.mark.parametrize(
    "name", ["journals/ijgt/selten1975/fig1", "books/watson2013/fig29_1", "journals/geb/bagwell1995"]
)
def test_gambit_finds_the_same_behaviour_in_published_trees(name):
    """For trees of Gambit's catalogue the equilibria on the principal branch agree at a moderate precision."""
    theirs = pygambit.catalog.load(name)
    game = ExtensiveForm.from_efg(theirs.to_efg())
    (point,) = pygambit.qre.logit_solve_lambda(theirs, lam=[0.7], use_strategic=False)
    other = behaviour_of(point.profile)
    assert np.concatenate(game.agent_qre(0.7).vectors) == pytest.approx(other, abs=1e-6)


@law
@given(normal_forms(players=(2, 2)), lams)
def test_a_simultaneous_tree_has_the_equilibrium_of_its_normal_form(game, lam):
    """If the second mover sees nothing the agent equilibrium is the logit equilibrium of the normal form."""
    tree = simultaneous(game)
    assert largest_gap(tree.agent_qre(lam), game.logit_qre(lam)) < 1e-8


@law
@given(perfect_information_games(), lams)
def test_the_branch_agrees_with_the_backward_pass(game, lam):
    """With perfect information the branch through log-odds ends at the result of the single pass."""
    if game.information_sets:
        assert largest_gap(game.agent_branch(lam).end, game.agent_qre(lam)) < 1e-8


@law
@given(signalling_games(), lams)
def test_every_answer_is_a_fixed_point(game, lam):
    """Moves are played in proportion to exp(lam times their worth), worth and beliefs summed over all histories."""
    profile = game.agent_qre(lam)
    assert profile.converged
    tree = game.tree
    edges = tree.edges(np.concatenate(profile.vectors))
    values = np.array(tree.payoffs)
    reach = np.ones(game.n_nodes)
    for x in range(1, game.n_nodes):
        reach[x] = reach[tree.parent[x]] * edges[x]
    for x in range(game.n_nodes - 1, 0, -1):
        values[tree.parent[x]] += edges[x] * values[x]
    for h, one in enumerate(game.information_sets):
        belief = reach[list(one.nodes)] / reach[list(one.nodes)].sum()
        children = [[y for y in range(game.n_nodes) if tree.parent[y] == x] for x in one.nodes]
        worth = sum(b * values[below, one.player] for b, below in zip(belief, children, strict=True))
        odds = np.exp(lam * (worth - worth.max()))
        assert profile[h] == pytest.approx(odds / odds.sum(), abs=1e-8)


@law
@given(signalling_games())
def test_precision_zero_is_uniform_play(game):
    """At lam 0 every move is equally likely, exactly."""
    assert all(v.tolist() == [0.5, 0.5] for v in game.agent_qre(0.0))


@law
@given(signalling_games(), lams, st.floats(0.05, 20.0), st.integers(-20, 20))
def test_units_and_origin_of_payoffs_do_not_matter(game, lam, c, constant):
    """Payoffs times c plus a constant, with lam / c, give the same behaviour."""
    moved = with_payoffs(game, lambda u: u * c + constant)
    assert largest_gap(moved.agent_qre(lam / c), game.agent_qre(lam)) < 1e-7


@law
@given(perfect_information_games(), lams, st.lists(st.floats(0.1, 10.0), min_size=2, max_size=2))
def test_rescaling_each_player_with_its_own_precision_changes_nothing(game, lam, factors):
    """Player i's payoffs times c_i with precision lam / c_i give the same behaviour."""
    moved = with_payoffs(game, lambda u: u * np.array(factors))
    if game.information_sets:
        assert largest_gap(moved.agent_qre([lam / c for c in factors]), game.agent_qre(lam)) < 1e-9


@law
@given(signalling_games(), st.floats(0.0, 0.05), st.lists(st.floats(0.2, 5.0), min_size=2, max_size=2))
def test_rescaling_per_player_holds_with_information_sets(game, lam, factors):
    """The same with information sets, along a branch with a precision for each player."""
    moved = with_payoffs(game, lambda u: u * np.array(factors))
    assert largest_gap(moved.agent_qre([lam / c for c in factors]), game.agent_qre(lam)) < 1e-7


@law
@given(perfect_information_games())
def test_high_precision_tends_to_backward_induction(game):
    """With whole payoffs, play at a very high precision is backward induction, uniform on ties."""
    if game.information_sets:
        assert largest_gap(game.agent_qre(1e9), game.backward_induction()) < 1e-5


def test_beliefs_stay_exact_where_probabilities_vanish():
    """At lam 2,000 the sender's bad message has probability below 1e-300, and beliefs there are still Bayesian."""

    def answer(a, b):
        return Decision("II", {"x": Terminal([0, a]), "y": Terminal([0, b])}, information="far")

    game = ExtensiveForm(Decision("I", {"out": Terminal([1, 1]), "l": answer(1, 0), "r": answer(0, 1)}))
    profile = game.agent_qre(2000.0)
    assert profile.converged
    assert profile[0][1] == 0.0
    # Both bad messages are equally bad, so beliefs are even and the answer is a coin.
    assert profile[1] == pytest.approx([0.5, 0.5], abs=1e-9)
    assert not np.isnan(profile.one_shot_regret)


def test_poker_tends_to_its_equilibrium():
    """The branch of stripped-down poker tends to its only equilibrium, worth 1/3."""
    branch = stripped_down_poker().agent_branch(10_000.0)
    assert branch.converged
    assert branch.end.payoffs[0] == pytest.approx(1 / 3, abs=1e-3)
    assert branch.regret < 1e-3
    assert len(branch.at(5.0)) == 1


def test_games_without_defined_beliefs_are_refused():
    """Absent-mindedness and sets that chance never reaches raise GameError with the set's name."""
    second = Decision("I", {"exit": Terminal([4]), "on": Terminal([1])}, information="x")
    with pytest.raises(GameError, match="absent-minded"):
        ExtensiveForm(Decision("I", {"exit": Terminal([0]), "on": second}, information="x")).agent_qre(1.0)

    def blind(a):
        return Decision("I", {"l": Terminal([a]), "r": Terminal([0])}, information="never")

    never = Chance({"a": (0.0, blind(1)), "b": (0.0, blind(2)), "c": (1.0, Terminal([0]))})
    with pytest.raises(GameError, match=r"I\.never"):
        ExtensiveForm(never).agent_qre(1.0)


def test_impossible_precisions_and_short_branches_say_so(monkeypatch):
    """A negative precision is refused; a branch that ends early warns and is not converged."""
    game = stripped_down_poker()
    with pytest.raises(UsageError, match="lam"):
        game.agent_qre(-1.0)
    monkeypatch.setattr(continuation.follow, "__defaults__", (3,))
    with pytest.warns(ConvergenceWarning, match="followed to lam"):
        assert not game.agent_qre(50.0).converged
