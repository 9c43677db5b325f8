"""Trees: building, recall, subgames, certificates, and the normal form of a tree."""

import math

import numpy as np
import pygambit
import pytest
from game_strategies import centipede, perfect_information_games, signalling_games, stripped_down_poker
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games import Chance, Decision, ExtensiveForm, NormalForm, Terminal
from sim.games.finite.plans import plans, plans_to_behavior
from sim.games.formats.gambit import to_gambit

TREES = [
    name for name in pygambit.catalog.games()["Game"] if isinstance(pygambit.catalog.load(name), pygambit.ExtensiveGame)
]


def absent_minded_driver():
    """Return the absent-minded driver of Piccione and Rubinstein (1997)."""
    second = Decision("driver", {"exit": Terminal([4]), "on": Terminal([1])}, information="crossing")
    return ExtensiveForm(Decision("driver", {"exit": Terminal([0]), "on": second}, information="crossing"))


def random_behavior(game, seed):
    """Return random probabilities at every information set."""
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.ones(len(h.moves))) for h in game.information_sets]


def test_a_tree_knows_its_players_sets_and_shape():
    """Players appear in the order of the tree, sets player by player, nodes in preorder."""
    game = centipede([(0.4, 0.1), (0.2, 0.8), (1.6, 0.4), (0.8, 3.2)], (6.4, 1.6))
    assert game.players == ("A", "B")
    assert [h.name for h in game.information_sets] == ["A.1", "A.2", "B.1", "B.2"]
    assert [h.nodes for h in game.information_sets] == [(0,), (4,), (2,), (6,)]
    assert game.has_perfect_information
    assert game.has_perfect_recall
    assert game.subgame_roots() == (0, 2, 4, 6)
    assert "9 nodes, 4 information sets, perfect information" in repr(game)
    assert "A.1" in game._repr_html_()


def test_recall_is_checked():
    """A player that forgets its own move has imperfect recall, and the sets where it forgets are named."""
    assert stripped_down_poker().has_perfect_recall
    driver = absent_minded_driver()
    assert not driver.has_perfect_recall
    assert driver.forgetful_sets() == ("driver.crossing",)

    def later(a, b):
        return Decision("I", {"l": Terminal([a]), "r": Terminal([b])}, information="forgot")

    forgetful = ExtensiveForm(Decision("I", {"L": later(1, 2), "R": later(3, 0)}))
    assert forgetful.forgetful_sets() == ("I.forgot",)
    assert forgetful.tree.absent_minded() == ()
    assert math.isnan(forgetful.behavior([[0, 1], [1, 0]]).regret)


@pytest.mark.parametrize("name", TREES)
def test_gambit_agrees_on_recall_and_subgames(name):
    """For the trees of Gambit's catalogue perfect recall and the number of subgames are as Gambit says."""
    theirs = pygambit.catalog.load(name)
    ours = ExtensiveForm.from_efg(theirs.to_efg())
    assert ours.has_perfect_recall == theirs.is_perfect_recall
    assert len(ours.subgame_roots()) == len(list(theirs.get_subgame_roots()))


UNEQUAL = {
    "a": Decision("I", {"x": Terminal([1])}, information="h"),
    "b": Decision("I", {"y": Terminal([1])}, information="h"),
}


@pytest.mark.parametrize(
    ("root", "players", "message"),
    [
        (Chance({"a": (0.5, Terminal([1])), "b": (0.4, Terminal([1]))}), ["I"], "with sum 0.9"),
        (Chance({"a": (1.5, Terminal([1])), "b": (-0.5, Terminal([1]))}), ["I"], "at least 0"),
        (Chance({"a": (math.nan, Terminal([1]))}), ["I"], "with sum nan"),
        (Decision("I", {}), ["I"], "without moves"),
        (Decision("I", {"a": Terminal([math.nan])}), None, "finite numbers"),
        (Decision("I", {"a": Terminal(["x"])}), None, "expected numbers"),
        (Decision("I", {"a": Terminal([1e300])}), None, "choose larger units"),
        (Decision("I", {"a": Terminal([1, 2])}), None, "give players="),
        (Decision("I", {"a": "end"}), None, "type str"),
        (Terminal([1, 2]), None, "give players="),
        (Decision("I", UNEQUAL), None, "same moves"),
    ],
)
def test_what_is_no_tree_is_refused(root, players, message):
    """Chances that do not sum to one, empty move sets, NaN payoffs and unequal information sets raise GameError."""
    with pytest.raises(GameError, match=message):
        ExtensiveForm(root, players=players)


def test_players_must_be_named_once_and_fit():
    """A mover who is not among the players, or a name given twice, raises GameError."""
    root = Decision("I", {"a": Terminal([1, 2])})
    assert ExtensiveForm(root, players=["I", "II"]).n_players == 2
    with pytest.raises(GameError, match="no name 'I'"):
        ExtensiveForm(root, players=["II", "III"])
    with pytest.raises(GameError, match="twice"):
        ExtensiveForm(root, players=["I", "I"])
    with pytest.raises(GameError, match="expected 3 numbers"):
        ExtensiveForm(root, players=["I", "II", "III"])


def test_a_tree_that_contains_itself_is_refused():
    """A cycle ends with a clear error instead of filling memory."""
    moves = {}
    node = Decision("I", moves)
    moves["again"] = node
    with pytest.raises(GameError, match="without cycles"):
        ExtensiveForm(node)


def test_very_deep_trees_work():
    """A centipede of 20,000 moves is built, solved, written and read; nothing is recursive."""
    game = centipede([(k + 2.0, k + 1.0) if k % 2 == 0 else (k + 1.0, k + 2.0) for k in range(20_000)], (0.0, 0.0))
    solved = game.backward_induction()
    assert solved.converged
    again = ExtensiveForm.from_efg(game.to_efg())
    assert np.array_equal(again.tree.parent, game.tree.parent)
    assert again.agent_qre(1.0).converged


@settings(deadline=None)
@given(signalling_games(), st.integers(0, 1000))
def test_payoffs_and_regrets_agree_with_the_normal_form(game, seed):
    """Expected payoffs and the gain of the best plan are the same in the tree and in its normal form."""
    rows = random_behavior(game, seed)
    profile = game.behavior(rows)
    normal = game.to_normal_form(reduced=False)
    mixtures = []
    at = 0
    for i in range(2):
        mine = [h for h in game.information_sets if h.player == i]
        weights = np.ones(())
        for row in rows[at : at + len(mine)]:
            weights = np.multiply.outer(weights, row)
        at += len(mine)
        mixtures.append(weights.ravel())
    assert normal.expected_payoffs(mixtures) == pytest.approx(profile.payoffs, abs=1e-9)
    assert normal.regrets(mixtures) == pytest.approx(profile.regrets, abs=1e-9)


@settings(deadline=None)
@given(signalling_games(), st.integers(0, 1000))
def test_one_shot_regrets_are_what_single_changes_gain_at_the_sets_reached(game, seed):
    """Changing one move at one set raises the mover's payoff by the reach of the set times its one-shot regret."""
    rows = random_behavior(game, seed)
    profile = game.behavior(rows)
    for h, one in enumerate(game.information_sets):
        gains = []
        for move in range(2):
            changed = [*rows]
            changed[h] = np.eye(2)[move]
            gains.append(game.behavior(changed).payoffs[one.player] - profile.payoffs[one.player])
        edges = game.tree.edges(np.concatenate(rows))
        reach = sum(math.prod(edges[y] for y in _path(game, x)) for x in one.nodes)
        assert max(gains) == pytest.approx(reach * profile.one_shot_regrets[h], abs=1e-9)


def _path(game, x):
    path = []
    while x >= 0:
        path.append(x)
        x = game.tree.parent[x]
    return path


def test_beliefs_at_unreached_sets_are_unknown_unless_certain():
    """A set of several nodes that others never reach has no one-shot regret; a single node always has one."""

    def answer(a, b):
        return Decision("II", {"x": Terminal([0, a]), "y": Terminal([0, b])}, information="far")

    game = ExtensiveForm(Decision("I", {"out": Terminal([1, 1]), "l": answer(1, 0), "r": answer(0, 1)}))
    profile = game.behavior([[1, 0, 0], [0.5, 0.5]])
    assert math.isnan(profile.one_shot_regrets[1])
    assert "beliefs" in profile.not_proved
    assert game.behavior([[0, 1, 0], [0, 1]]).one_shot_regrets[1] == pytest.approx(1.0)


def test_payoffs_on_the_way_add_up():
    """Payoffs at inner nodes are collected by every history through them."""
    inner = Decision("I", {"a": Terminal([1]), "b": Terminal([2])}, payoffs=[10])
    game = ExtensiveForm(Chance({"heads": (0.25, inner), "tails": (0.75, Terminal([0]))}, payoffs=[100]))
    assert game.behavior([[0, 1]]).payoffs == (103.0,)
    assert game.to_normal_form().payoffs[0].tolist() == [102.75, 103.0]
    assert ExtensiveForm.from_efg(game.to_efg()).behavior([[0, 1]]).payoffs == (103.0,)


@settings(deadline=None, max_examples=40)
@given(perfect_information_games())
def test_the_reduced_normal_form_is_gambits(game):
    """The reduced normal form has the cells that Gambit computes from the same tree, up to the order of plans."""
    if not game.information_sets:
        return
    ours = game.to_normal_form()
    theirs = [np.array(t, dtype=float) for t in to_gambit(game.tree).to_arrays()]
    assert ours.shape == theirs[0].shape
    for a, b in zip(ours.payoffs, theirs, strict=True):
        assert np.sort(a.ravel()) == pytest.approx(np.sort(b.ravel()), abs=1e-9)


def test_plans_go_back_to_behaviour():
    """Kuhn's formula turns a mixture of plans into the behaviour that plays the same."""
    again = Decision("I", {"c": Terminal([2]), "d": Terminal([3])})
    tree = ExtensiveForm(Decision("I", {"a": Terminal([1]), "b": again})).tree
    own = plans(tree, 0)
    assert own == [(0, -1), (1, 0), (1, 1)]
    behavior = plans_to_behavior(tree, 0, own, [0.5, 0.1, 0.4])
    assert behavior[0].tolist() == [0.5, 0.5]
    assert behavior[1] == pytest.approx([0.2, 0.8])
    assert 1 not in plans_to_behavior(tree, 0, own, [1.0, 0.0, 0.0])


def test_too_many_plans_are_refused():
    """A normal form with too many plans is refused with a hint, not computed."""
    game = ExtensiveForm(
        Chance({f"c{k}": (1 / 40, Decision("I", {"a": Terminal([1]), "b": Terminal([0])})) for k in range(40)})
    )
    with pytest.raises(GameError, match="plans"):
        game.to_normal_form()


def test_behaviour_can_be_given_by_name_and_must_be_probabilities():
    """Behaviour is taken by name or in order; wrong names, moves or sums are refused."""
    game = ExtensiveForm(Decision("I", {"a": Terminal([1]), "b": Terminal([3])}))
    assert game.behavior({"I.1": {"b": 1.0}}).payoffs == (3.0,)
    assert game.behavior([[0, 1]]).at("I.1") == {"a": 0.0, "b": 1.0}
    for wrong in ({"I.2": {"b": 1.0}}, {"I.1": {"z": 1.0}}, [[0.5, 0.6]], [[1.0]], [[0, 1], [1, 0]]):
        with pytest.raises(GameError, match="found"):
            game.behavior(wrong)
    with pytest.raises(GameError, match="no information set"):
        game.behavior([[0, 1]]).at("II.1")


def test_regret_in_subgames_unmasks_an_empty_threat():
    """An equilibrium that rests on an empty threat has no regret at the root but has some in the subgame (Selten)."""
    threat = Decision("II", {"fight": Terminal([-1, -1]), "yield": Terminal([1, 0])})
    game = ExtensiveForm(Decision("I", {"in": threat, "out": Terminal([0, 2])}))
    profile = game.behavior([[0, 1], [1, 0]])
    assert profile.regret == 0.0
    assert game.subgame_regrets(profile) == {0: 0.0, 1: 1.0}
    assert profile.one_shot_regrets[1] == 1.0
    assert NormalForm(game.to_normal_form().payoffs).regrets([[0, 1], [1, 0]]).max() == 0.0
