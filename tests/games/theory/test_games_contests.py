"""Contests, wars of attrition and cheap talk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ConvergenceWarning, GameError
from sim.games.theory.attrition import war_of_attrition
from sim.games.theory.cheap_talk import most_messages, talk_partition
from sim.games.theory.contest import tullock_contest

PRIZES = st.floats(0.2, 5.0)


def test_tullock_contest() -> None:
    """With V = (1, .5) efforts are 2/9 and 1/9 and the stronger wins with 2/3 (Tullock 1980)."""
    fight = tullock_contest([1.0, 0.5])
    assert fight.efforts == pytest.approx((0.2222222222, 0.1111111111), abs=1e-9)
    assert fight.win_probabilities[0] == pytest.approx(0.6666666667, abs=1e-9)


@given(st.lists(PRIZES, min_size=2, max_size=6), st.floats(0.2, 1.0), st.data())
def test_contest_has_no_regret_for_any_number_of_rivals(
    values: list[float], decisiveness: float, data: st.DataObject
) -> None:
    """For r up to 1 the answer is an equilibrium: no effort on a grid does better."""
    weights = data.draw(st.lists(PRIZES, min_size=len(values), max_size=len(values)))
    fight = tullock_contest(values, decisiveness, weights)
    assert fight.converged
    assert sum(fight.win_probabilities) == pytest.approx(1.0, abs=1e-12)
    # First-order conditions of the payoff itself, by differences.
    efforts, b = np.array(fight.efforts), np.array(weights)
    for i, effort in enumerate(efforts):
        if effort <= 1e-6:
            continue

        def payoff(own: float, i: int = i) -> float:
            power = b * np.where(np.arange(b.size) == i, own, efforts) ** decisiveness
            return float(values[i] * power[i] / power.sum() - own)

        step = 1e-4 * effort
        assert abs(payoff(effort + step) - payoff(effort - step)) / (2 * step) < 1e-5


def test_symmetric_contest_has_the_textbook_effort() -> None:
    """Equal rivals (n of them) each spend r (n - 1) / n^2 of the prize."""
    for n in (2, 3, 7):
        assert tullock_contest([2.0] * n, 0.8).efforts[0] == pytest.approx(2.0 * 0.8 * (n - 1) / n**2, abs=1e-9)


def test_very_unequal_rivals_lose_no_digits() -> None:
    """Prizes that differ by sixteen orders of magnitude give the closed form without a warning."""
    fight = tullock_contest([1e-8, 1e8])
    assert fight.efforts == pytest.approx((1e-24, 1e-8), rel=1e-9)
    assert fight.converged


def test_weak_rivals_stay_out() -> None:
    """With r = 1 a rival whose prize is too small spends nothing."""
    assert tullock_contest([1.0, 1.0, 0.3]).efforts == pytest.approx((0.25, 0.25, 0.0), abs=1e-12)


def test_decisive_contest_without_pure_equilibrium_says_so() -> None:
    """With r = 3 and equal rivals there is no pure equilibrium; the answer is not converged and warns."""
    with pytest.warns(ConvergenceWarning, match="no pure equilibrium"):
        fight = tullock_contest([1.0, 1.0], 3.0)
    assert not fight.converged
    assert fight.regret > 0.1
    assert tullock_contest([1.0, 1.0], 2.0).converged


def test_war_of_attrition() -> None:
    """With V = 10, c = 1 the hazard is .1 and the mean length 5 (Fudenberg and Tirole 1991)."""
    war = war_of_attrition(10, 1)
    assert war.hazards == pytest.approx((0.1, 0.1), abs=1e-12)
    assert war.mean_length == pytest.approx(5.0, abs=1e-12)


@given(PRIZES, PRIZES, PRIZES, PRIZES, st.floats(0, 0.9))
def test_attrition_makes_every_quitting_time_equally_good(
    v1: float, c1: float, v2: float, c2: float, atom: float
) -> None:
    """Side 1's payoff from quitting at any time, by integration, is what the record says."""
    war = war_of_attrition(v1, c1, v2, c2, (0.0, atom))
    hazard = war.hazards[1]
    for quit_at in (0.5, 2.0, 10.0):
        t = np.linspace(0.0, quit_at, 200_001)
        density = hazard * np.exp(-hazard * t)
        ends = np.trapezoid(density * (v1 - c1 * t), t) - np.exp(-hazard * quit_at) * c1 * quit_at
        assert atom * v1 + (1 - atom) * ends == pytest.approx(war.payoffs[0], abs=1e-6)
    grid = np.linspace(0, 60 / sum(war.hazards), 200_001)
    assert np.trapezoid([war.survival(float(x)) for x in grid[::100]], grid[::100]) == pytest.approx(
        war.mean_length, rel=1e-3
    )


def test_crawford_sobel_partition() -> None:
    """A bias of .05 allows three messages with cuts .1333333333 and .4666666667 (Crawford and Sobel 1982)."""
    talk = talk_partition(0.05)
    assert talk.messages == 3
    assert talk.cuts == pytest.approx((0.1333333333, 0.4666666667), abs=1e-9)


@given(st.floats(0.003, 0.6), st.booleans())
def test_partition_is_an_equilibrium_with_the_stated_loss(bias: float, down: bool) -> None:
    """At each cut the sender is indifferent, cuts rise inside [0, 1], and the loss is the integral."""
    b = -bias if down else bias
    for n in range(1, most_messages(b) + 1):
        talk = talk_partition(b, n)
        ends = np.array([0.0, *talk.cuts, 1.0])
        assert (np.diff(ends) > 0).all()
        assert talk.residual < 1e-12
        assert ((np.diff(ends) ** 3).sum() / 12) == pytest.approx(talk.receiver_loss, abs=1e-12)
    assert 2 * (n + 1) * n * bias >= 1 - 1e-9


def test_bad_arguments_are_refused() -> None:
    """Too many messages, no rivals, NaN prizes and double concessions are refused."""
    with pytest.raises(GameError, match="at most 3"):
        talk_partition(0.05, 4)
    with pytest.raises(GameError, match="bias"):
        talk_partition(0.0)
    with pytest.raises(GameError, match="at least 2"):
        tullock_contest([1.0])
    with pytest.raises(GameError, match="finite"):
        tullock_contest([1.0, float("nan")])
    with pytest.raises(GameError, match="at most one"):
        war_of_attrition(1, 1, concede_at_once=(0.1, 0.1))
