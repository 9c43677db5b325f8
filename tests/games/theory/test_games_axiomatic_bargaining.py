"""Nash, Kalai-Smorodinsky and egalitarian bargains, and Pareto frontiers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games.theory.axiomatic_bargaining import bargain_among, egalitarian, kalai_smorodinsky, nash_bargain
from sim.games.theory.pareto_frontier import Frontier, pareto_efficient

PARABOLA = Frontier.from_function(lambda u: 1.0 - u * u, 0.0, 1.0)
LINE = Frontier.from_function(lambda u: 1.0 - u, 0.0, 1.0)


def test_nash_on_the_parabola() -> None:
    """On u2 <= 1 - u1^2 with disagreement 0 the Nash bargain is (1/sqrt 3, 2/3) (Nash 1950)."""
    found = nash_bargain(PARABOLA)
    assert found.payoffs == pytest.approx((0.5773502692, 0.6666666667), abs=1e-9)
    assert found.converged


def test_kalai_smorodinsky_on_the_parabola() -> None:
    """On u2 <= 1 - u1^2 with disagreement 0 both get .6180339887 (Kalai and Smorodinsky 1975)."""
    assert kalai_smorodinsky(PARABOLA).payoffs == pytest.approx((0.6180339887, 0.6180339887), abs=1e-9)


@given(st.floats(0.05, 20.0), st.floats(0.0, 0.6), st.floats(0.0, 0.35))
def test_weighted_nash_splits_a_line_by_the_weights(weight: float, d1: float, d2: float) -> None:
    """On a straight line each gets its disagreement and its weight's share of the surplus."""
    surplus = 1.0 - d1 - d2
    found = nash_bargain(LINE, (d1, d2), (weight, 1.0)).payoffs
    assert found[0] == pytest.approx(d1 + surplus * weight / (1.0 + weight), abs=1e-9)
    assert found[1] == pytest.approx(d2 + surplus / (1.0 + weight), abs=1e-9)


@given(st.floats(0.2, 5.0), st.floats(0.2, 5.0), st.floats(0.1, 10.0))
def test_nash_ignores_the_scale_of_utility(scale_1: float, scale_2: float, weight: float) -> None:
    """Rescaling a player's utility rescales its payoff in the Nash bargain (an axiom)."""
    scaled = Frontier.from_function(lambda u: scale_2 * (1.0 - (u / scale_1) ** 2), 0.0, scale_1)
    plain, other = nash_bargain(PARABOLA, 0.0, (weight, 1.0)), nash_bargain(scaled, 0.0, (weight, 1.0))
    assert other.payoffs == pytest.approx((scale_1 * plain.payoffs[0], scale_2 * plain.payoffs[1]), rel=1e-8)
    # Weighted first-order condition on 1 - u^2: w (1 - u^2) = 2 u^2.
    assert plain.payoffs[0] == pytest.approx((weight / (weight + 2.0)) ** 0.5, abs=1e-9)


@given(st.floats(0.2, 0.8))
def test_nash_bargain_at_a_kink_is_exact(kink: float) -> None:
    """On a level edge that falls steeply from a kink the Nash bargain is the kink itself."""
    edge = Frontier.from_function(lambda u: min(1.0, 1.0 - (u - kink) / (1.0 - kink) * 2.0), 0.0, (1.0 + kink) / 2.0)
    steep = 2.0 / (1.0 - kink)
    best = max(kink, (1.0 + kink * steep) / (2.0 * steep))
    assert nash_bargain(edge).payoffs[0] == pytest.approx(best, abs=1e-9)


POINTS = st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=2, max_size=12)


@given(POINTS)
def test_polygon_bargains_beat_every_lottery_on_a_grid(points: list[tuple[float, float]]) -> None:
    """No lottery between two deals has a larger Nash product or smallest gain than the bargains say."""
    table = np.array(points)
    disagreement = (-1.0, -1.0)
    edge = Frontier.from_points(table)
    share = np.linspace(0, 1, 21)[:, None, None, None]
    gains = (share * table[:, None, :] + (1 - share) * table[None, :, :]).reshape(-1, 2) + 1.0
    nash = np.array(nash_bargain(edge, disagreement).payoffs) + 1.0
    equal = np.array(egalitarian(edge, disagreement).payoffs) + 1.0
    assert nash.prod() >= gains.prod(axis=1).max() * (1 - 1e-9)
    assert equal.min() >= gains.min(axis=1).max() * (1 - 1e-9)
    assert equal[0] == pytest.approx(equal[1], rel=1e-9)


@given(POINTS)
def test_pareto_efficient_agrees_with_the_definition(points: list[tuple[float, float]]) -> None:
    """A point is kept iff no other is at least as good for all and better for one."""
    table = np.array(points)
    expected = [not any((other >= point).all() and (other > point).any() for other in table) for point in table]
    assert pareto_efficient(table).tolist() == expected


def test_kalai_smorodinsky_among_deals_and_players() -> None:
    """Among finitely many deals of three players the rule picks the largest smallest share of ideal gains."""
    deals = [[4, 4, 0.5], [2, 2, 2], [1, 1, 4], [0, 0, 0]]
    assert bargain_among(deals, rule="kalai_smorodinsky").deal == 1
    assert bargain_among(deals, rule="nash").deal == 0
    assert bargain_among(deals, rule="nash", weights=(1, 1, 5)).deal == 2
    assert bargain_among([[1, 2], [2, 1]]).tied == (0, 1)


def test_arguments_are_checked_and_not_changed() -> None:
    """Empty, dominated, convex or NaN problems are refused, and points stay as they were."""
    points = np.array([[0.0, 1.0], [1.0, 0.0], [0.2, 0.2]])
    before = points.copy()
    Frontier.from_points(points)
    assert (points == before).all()
    with pytest.raises(GameError, match="no gain is possible"):
        nash_bargain(PARABOLA, (1.0, 0.0))
    with pytest.raises(GameError, match="concave"):
        Frontier.from_function(lambda u: (1.0 - u) ** 2, 0.0, 1.0)
    with pytest.raises(GameError, match="non-increasing"):
        Frontier.from_function(lambda u: u, 0.0, 1.0)
    with pytest.raises(GameError, match="finite"):
        Frontier.from_points([[float("nan"), 1.0]])
    with pytest.raises(GameError, match="weights"):
        nash_bargain(PARABOLA, 0.0, (0.0, 1.0))
    with pytest.raises(GameError, match="more than the disagreement"):
        bargain_among([[1, 0], [0, 1]])
