"""Who blocks a deal, what unblocks it, what bargaining picks, what recommendations and commitment reach."""

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.solving.certificate import Gain
from sim.solving.mediation import Mediation, mediate, unblocking
from sim.solving.reach import commitments, recommended_range
from sim.solving.solution import Equilibrium, Solution

RUNS = 60


@pytest.fixture(scope="module")
def toy():
    """Return the toy of two actors."""
    return sim.load("toys/two_actors")


def test_gains_are_those_of_paired_runs(toy):
    """What a deal brings is the mean difference of booked payoffs on the same luck, and a side payment fills a loss."""
    never = toy.replace({"actors.state.rule": {"response": "scripted"}})
    found = mediate({"never": never, "deal": toy}, "never", RUNS, seed=7)
    own = (
        sim.replicate(toy, RUNS, seed=7).outcomes.payoff_state
        - sim.replicate(never, RUNS, seed=7).outcomes.payoff_state
    )
    row = found.table.loc[("deal", "state")]
    assert row["gain"] == pytest.approx(own.mean())
    assert row["standard_error"] == pytest.approx(own.std() / np.sqrt(RUNS))
    assert row["side_payment"] == max(-row["gain"], 0.0)
    assert found.blockers("deal") == tuple(a for a in found.actors if found.table.loc[("deal", a), "high"] < 0.0)


def test_one_number_unblocks_where_its_gain_is_nothing(toy):
    """The number found makes the actor's mean gain nothing, up to the step of the search."""
    never = toy.replace({"actors.state.rule": {"response": "scripted"}})
    path = "actors.state.payoff.at_outcome.settlement"
    hostile = {path: -3.0}
    found = unblocking(toy.replace(hostile), never.replace(hostile), "state", path, 3.0, RUNS, seed=7)
    assert found.value is not None
    assert -3.0 < found.value < 3.0
    changed = {path: found.value}
    gains = mediate({"q": never.replace(changed), "d": toy.replace(changed)}, "q", RUNS, seed=7).table.loc[
        ("d", "state")
    ]
    assert abs(gains["gain"]) < 0.05


def test_bargains_pick_by_their_rules():
    """Three deals for two actors, by hand: products 3, 4 and 2.1, so Nash and the egalitarian rule take the middle."""
    gains = np.repeat(np.array([[[3.0, 1.0]], [[2.0, 2.0]], [[0.7, 3.0]]]), 8, axis=1)
    found = Mediation("q", ("a", "b", "c"), ("x", "y"), gains, 7)
    bargains = found.bargains(50)
    assert list(bargains.picked) == ["b", "b", "b"]
    assert (bargains["b"] == 1.0).all()
    blocked = Mediation("q", ("a",), ("x", "y"), np.repeat(np.array([[[3.0, -1.0]]]), 8, axis=1), 7)
    assert blocked.blockers("a") == ("y",)
    assert list(blocked.bargains(5).picked) == [None] * 3
    assert "blocked by y, by 1.000" in blocked.words()


def chicken():
    """Return a solution by hand of chicken, whose selected equilibrium is (yield, dare)."""
    names = ("yield", "dare")
    payoffs = np.array([[[6.0, 6.0], [2.0, 7.0]], [[7.0, 2.0], [0.0, 0.0]]])
    mixture = {"row": {"yield": 1.0}, "column": {"dare": 1.0}}
    gain = Gain("row", "dare", "library", -2.0, 0.1, 100)
    chosen = Equilibrium(mixture, {"row": (2.0, 0.0), "column": (7.0, 0.0)}, {}, 1.0, 1, True, (gain,), (), 100, False)
    players = ("row", "column")
    table = dict.fromkeys(players, names)
    toy = sim.load("toys/two_actors")
    return Solution(toy, 7, players, {}, (), (chosen,), table, payoffs, 0 * payoffs, (), True, {})


def test_recommendations_and_commitment_in_chicken():
    """In chicken recommendations give a player from 2 to 7, and whoever commits to dare gets 7, as the other yields."""
    solution = chicken()
    reach = recommended_range(solution)
    assert reach.loc["row", "low"] == pytest.approx(2.0, abs=1e-6)
    assert reach.loc["row", "high"] == pytest.approx(7.0, abs=1e-6)
    assert reach.loc["row", "selected"] == 2.0
    best = commitments(solution, "row")[0]
    assert (best.policy, best.worst, best.worth) == ("dare", 7.0, 5.0)


def test_wrong_arguments_are_refused(toy):
    """A status quo that is not there, none but it, an actor that is not there."""
    with pytest.raises(UsageError, match="status_quo"):
        mediate({"a": toy}, "b", 10)
    with pytest.raises(UsageError, match="alone"):
        mediate({"a": toy}, "a", 10)
    with pytest.raises(UsageError, match="found 'nobody'"):
        unblocking(toy, toy, "nobody", "horizon_days", 10)
