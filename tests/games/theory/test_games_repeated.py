"""The repeated prisoner's dilemma and cooperation under imperfect public monitoring."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games.stochastic.markov_decision import solve_decision
from sim.games.stochastic.stochastic_game import StochasticGame
from sim.games.theory.monitoring import PublicMonitoring, monitoring_region
from sim.games.theory.repeated import PrisonersDilemma

AXELROD = PrisonersDilemma(5, 3, 1, 0)
GREEN_PORTER = PublicMonitoring(reward=2, gain=1, punishment=0, false_alarm=0.1, detection=0.5)


def test_patience_of_grim_and_tit_for_tat() -> None:
    """With 5, 3, 1, 0 grim needs delta .5 (Friedman 1971) and tit-for-tat .6666666667 (Axelrod 1981)."""
    assert AXELROD.grim_patience() == pytest.approx(0.5, abs=1e-12)
    assert AXELROD.tit_for_tat_patience() == pytest.approx(0.6666666667, abs=1e-9)


STAGES = st.tuples(*[st.floats(0.1, 3.0)] * 3).map(
    lambda gaps: PrisonersDilemma(gaps[0] + gaps[1] + gaps[2], gaps[1] + gaps[2], gaps[2], 0.0)
)


@given(STAGES, st.floats(0.05, 0.95))
def test_tit_for_tat_is_a_best_reply_iff_patience_suffices(stage: PrisonersDilemma, delta: float) -> None:
    """Against tit-for-tat the best reply from the start, as a decision process, is to cooperate iff delta suffices."""
    assume(abs(delta - stage.tit_for_tat_patience()) > 1e-6)
    payoffs = [[[stage.reward, stage.temptation]], [[stage.sucker, stage.punishment]]]
    after = [[[1.0, 0.0], [0.0, 1.0]]] * 2
    solution = solve_decision(StochasticGame.from_arrays(payoffs, after), delta)
    assert (solution.values[0] <= stage.reward + 1e-9) == (delta >= stage.tit_for_tat_patience())


@given(STAGES, st.integers(1, 30))
def test_shortest_punishment_inverts_smallest_patience(stage: PrisonersDilemma, periods: int) -> None:
    """Just above the patience that n periods need, n is enough; just below it is not."""
    patience = stage.trigger_patience(periods)
    assume(patience < 0.999)
    assert stage.shortest_punishment(min(patience + 1e-6, 0.9999)) <= periods
    below = stage.shortest_punishment(patience - 1e-6)
    assert math.isnan(below) or below > periods


def test_imperfect_monitoring_of_green_and_porter() -> None:
    """Grim needs delta .5882352941; at .65, .8, .9 the shortest punishments are 4, 2, 2 (Green and Porter 1984)."""
    assert GREEN_PORTER.grim_patience() == pytest.approx(0.5882352941, abs=1e-9)
    assert [GREEN_PORTER.shortest_punishment(delta) for delta in (0.65, 0.8, 0.9)] == [4.0, 2.0, 2.0]


MONITORED = st.builds(
    lambda gain, spread, p, dq: PublicMonitoring(spread - 1.0, gain, -1.0, p, p + dq * (1.0 - p)),
    st.floats(0.1, 2.0),
    st.floats(0.5, 5.0),
    st.floats(0.0, 0.5),
    st.floats(0.05, 1.0),
)


@given(MONITORED, st.floats(0.05, 0.97), st.integers(1, 12))
def test_trigger_agrees_with_its_automaton(game: PublicMonitoring, delta: float, periods: int) -> None:
    """Payoff and incentive are those of the automaton with one state for each period of punishment."""
    states = periods + 1
    chain = np.zeros((states, states))
    chain[0, 0], chain[0, 1] = 1 - game.false_alarm, game.false_alarm
    for state in range(1, states):
        chain[state, (state + 1) % states] = 1.0
    reward = np.full(states, game.punishment)
    reward[0] = game.reward
    values = np.linalg.solve(np.eye(states) - delta * chain, reward)
    cheat = game.reward + game.gain + delta * ((1 - game.detection) * values[0] + game.detection * values[1])
    found = game.trigger(delta, periods)
    assert found.payoff == pytest.approx((1 - delta) * values[0], abs=1e-9)
    assert found.margin == pytest.approx((1 - delta) * (values[0] - cheat), abs=1e-9)


@given(MONITORED, st.floats(0.05, 0.97))
def test_shortest_punishment_is_the_first_that_holds(game: PublicMonitoring, delta: float) -> None:
    """The closed form is the first length whose one-shot deviation does not pay."""
    shortest = game.shortest_punishment(delta)
    holds = [game.trigger(delta, n).margin for n in range(1, 400)]
    assume(all(abs(margin) > 1e-9 for margin in holds[:50]))
    first = next((n for n, margin in enumerate(holds, 1) if margin > 0), math.inf)
    if math.isnan(shortest):
        assert math.isinf(first)
        assert not game.trigger(delta, math.inf).sustainable
    elif shortest < 400:
        assert shortest == first


def test_region_of_patience_and_monitoring() -> None:
    """The region agrees with single answers, grows with patience and detection, and is empty without a signal."""
    deltas, detections = np.linspace(0.3, 0.95, 14), np.linspace(0.1, 1.0, 10)
    region = monitoring_region(GREEN_PORTER, deltas, detections)
    assert region.shortest[:, 4][[7, 10, 12]].tolist() == pytest.approx(
        [GREEN_PORTER.shortest_punishment(float(d)) for d in deltas[[7, 10, 12]]]
    )
    assert not region.sustainable[:, 0].any()
    grown = region.sustainable.astype(int)
    assert (np.diff(grown, axis=0) >= 0).all()
    assert (np.diff(grown, axis=1) >= 0).all()
    assert region.payoff[region.sustainable].min() > 0


def test_bad_arguments_are_refused() -> None:
    """Payoffs out of order, uninformative signals and a discount of 1 are refused."""
    with pytest.raises(GameError, match="strictly falling"):
        PrisonersDilemma(3, 5, 1, 0)
    with pytest.raises(GameError, match="says nothing"):
        PublicMonitoring(2, 1, 0, 0.5, 0.5)
    with pytest.raises(GameError, match="finite horizon"):
        GREEN_PORTER.shortest_punishment(1.0)
    with pytest.raises(GameError, match="whole number"):
        GREEN_PORTER.trigger(0.9, 1.5)
