"""War because power will shift."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games.theory.shifting_power import power_shift

Proposer = Literal["riser", "decliner"]


@pytest.mark.parametrize(("proposer", "threshold"), [("riser", 0.7722222222), ("decliner", 0.6722222222)])
def test_published_thresholds(proposer: Proposer, threshold: float) -> None:
    """With delta .9, p1 .8 and costs .5 war comes iff p2 is below the threshold (Fearon 1995; Powell 2006)."""
    assert power_shift(0.9, 0.8, 0.5, 0.5, proposer).threshold == pytest.approx(threshold, abs=1e-9)


@given(
    st.floats(0.0, 0.98),
    st.floats(0.01, 1.0),
    st.floats(0.0, 3.0),
    st.floats(0.0, 3.0),
    st.floats(0.0, 1.0),
    st.sampled_from(["riser", "decliner"]),
)
def test_a_long_finite_game_decides_alike(
    delta: float, p1: float, cost_d: float, cost_r: float, fall: float, proposer: Proposer
) -> None:
    """Backward induction over thousands of periods of offers fights in period 1 iff the threshold says so."""
    p2 = p1 * fall
    found = power_shift(delta, p1, cost_d, cost_r, proposer, p2)
    if abs(p2 - found.threshold) < 1e-6 or (found.threshold == 0.0 and p2 < 1e-6):
        return
    pie = 1.0 / (1.0 - delta)
    fight_d, fight_r = p2 * pie - cost_d, (1 - p2) * pie - cost_r
    # After the last period nothing changes any more: the pie of the rest is divided in one bargain.
    value_d = value_r = 0.0
    for remaining in range(3000):
        rest = pie if remaining == 0 else 1.0 + delta * (value_d + value_r)
        if proposer == "riser":
            value_d = min(max(fight_d, delta * value_d if remaining else 0.0, 0.0), rest)
            value_r = rest - value_d
        else:
            value_r = min(max(fight_r, delta * value_r if remaining else 0.0, 0.0), rest)
            value_d = rest - value_r
    best_now = 1.0 + delta * value_d
    war = p1 * pie - cost_d > best_now
    assert found.war == war


def test_war_flag_is_strict_at_the_threshold() -> None:
    """Just below the threshold there is war, just above there is peace."""
    threshold = power_shift(0.9, 0.8, 0.5, 0.5).threshold
    assert power_shift(0.9, 0.8, 0.5, 0.5, p_later=threshold - 1e-9).war is True
    assert power_shift(0.9, 0.8, 0.5, 0.5, p_later=threshold + 1e-9).war is False


def test_impatient_states_never_fight_over_the_future() -> None:
    """With delta 0 the pie of today is all there is, and it is enough."""
    assert power_shift(0.0, 1.0, 0.0, 0.0).threshold == 0.0


def test_bad_arguments_are_refused() -> None:
    """A discount of 1, a rise instead of a fall, and an unknown proposer are refused."""
    with pytest.raises(GameError, match="finite horizon"):
        power_shift(1.0, 0.8, 0.5, 0.5)
    with pytest.raises(GameError, match="p_later"):
        power_shift(0.9, 0.8, 0.5, 0.5, p_later=0.9)
    with pytest.raises(GameError, match="proposer"):
        power_shift(0.9, 0.8, 0.5, 0.5, "nobody")  # type: ignore[arg-type]
