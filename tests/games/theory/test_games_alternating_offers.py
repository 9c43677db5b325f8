"""Alternating offers: Rubinstein's division and its finite version."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games.theory.alternating_offers import rubinstein

DISCOUNTS = st.floats(0.0, 0.99)


def test_rubinstein_share() -> None:
    """With delta .9 for both the first proposer gets .5263157895 (Rubinstein 1982)."""
    assert rubinstein(0.9, 0.9).shares[0] == pytest.approx(0.5263157895, abs=1e-9)


@pytest.mark.parametrize(("periods", "share"), [(1, 1.0), (2, 0.1), (3, 0.91)])
def test_finite_shares(periods: int, share: float) -> None:
    """With delta .9 and 1, 2, 3 offers the first proposer gets 1, .1, .91 (Ståhl 1972)."""
    assert rubinstein(0.9, 0.9, periods).shares[0] == pytest.approx(share, abs=1e-12)


@given(DISCOUNTS, DISCOUNTS, st.integers(1, 12))
def test_finite_game_agrees_with_explicit_recursion(one: float, two: float, periods: int) -> None:
    """The finite share is what recursion over who proposes and what waiting is worth gives."""

    def proposer_share(period: int) -> float:
        if period == periods:
            return 1.0
        responder = (two, one)[period % 2 == 0]
        return 1.0 - responder * proposer_share(period + 1)

    found = rubinstein(one, two, periods)
    assert found.shares[0] == pytest.approx(proposer_share(1), abs=1e-12)
    assert found.residual < 1e-12


@given(DISCOUNTS, DISCOUNTS)
def test_long_horizon_tends_to_the_infinite_one(one: float, two: float) -> None:
    """With many offers the finite share is the infinite one."""
    periods = 4001
    assert rubinstein(one, two, periods).shares[0] == pytest.approx(rubinstein(one, two).shares[0], abs=1e-9)


@given(st.floats(0.01, 2.0), st.floats(0.01, 2.0))
def test_quick_offers_tend_to_the_weighted_nash_bargain(rate_1: float, rate_2: float) -> None:
    """As offers follow faster, shares are in the ratio of the other's rate (Binmore et al. 1986)."""
    tau = 1e-7
    share = rubinstein(math.exp(-rate_1 * tau), math.exp(-rate_2 * tau)).shares[0]
    assert share == pytest.approx(rate_2 / (rate_1 + rate_2), abs=1e-5)


def test_patience_one_needs_a_last_period() -> None:
    """A discount of 1 is legal with finitely many offers only."""
    assert rubinstein(1.0, 1.0, 4).shares == (0.0, 1.0)
    with pytest.raises(GameError, match="finite horizon"):
        rubinstein(1.0, 0.9)


@pytest.mark.parametrize("bad", [(1.2, 0.5, None), (float("nan"), 0.5, 3), (0.5, 0.5, 0), (0.5, 0.5, 1.5)])
def test_bad_arguments_are_refused(bad: tuple[float, float, int | None]) -> None:
    """Discounts outside [0, 1], NaN and impossible horizons give one clear error."""
    with pytest.raises(GameError, match="expected"):
        rubinstein(*bad)
