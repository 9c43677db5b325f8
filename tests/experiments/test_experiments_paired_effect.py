"""Effects on paired runs: their laws, a published comparison, and the coverage of the interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.errors import UsageError
from sim.experiments.paired_effect import paired_effect

FLAGS = arrays.arrays(np.bool_, st.shared(st.integers(1, 60), key="runs"))


@given(FLAGS, FLAGS)
def test_swapping_before_and_after_negates(before: np.ndarray, after: np.ndarray) -> None:
    """The effect of going back is minus the effect of going there, interval included."""
    there, back = paired_effect(before, after), paired_effect(after, before)
    assert there.difference == -back.difference
    assert there.low == -back.high
    assert there.sign == -back.sign


@given(FLAGS, FLAGS)
def test_an_interval_has_a_width(before: np.ndarray, after: np.ndarray) -> None:
    """Even where no run shows an effect the interval is not a point."""
    effect = paired_effect(before, after)
    assert effect.low < effect.high
    assert effect.difference == pytest.approx(effect.after - effect.before)


def test_approval_ratings() -> None:
    """Of 1,600 Britons 944 approved of the Prime Minister, then 880: -0.04 with standard error 0.0095.

    Agresti, A. (2002). Categorical Data Analysis, 2nd ed., section 10.1: both 794, first only 150, second only 86.
    The half runs that are added here change it by less than 0.0001.
    """
    before = np.repeat([True, True, False, False], [794, 150, 86, 570])
    after = np.repeat([True, False, True, False], [794, 150, 86, 570])
    effect = paired_effect(before, after)
    assert effect.difference == pytest.approx(-0.04)
    assert effect.standard_error == pytest.approx(0.0095, abs=1e-4)
    assert (round(effect.low, 2), round(effect.high, 2)) == (-0.06, -0.02)


def test_the_interval_covers_rare_effects() -> None:
    """Of 4,000 samples of 50 pairs with 4 % that gain and 2 % that lose, at least 94 % cover the true difference."""
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(4000):
        kind = rng.choice(3, size=50, p=(0.94, 0.04, 0.02))
        effect = paired_effect(kind == 2, kind == 1)
        covered += effect.low <= 0.02 <= effect.high
    assert covered / 4000 > 0.94


def test_unknown_values_leave_their_pair_out() -> None:
    """A run without a value on one side does not count, and the mean is that of the others."""
    effect = paired_effect(np.array([1.0, np.nan, 3.0, 5.0]), np.array([2.0, 7.0, np.nan, 8.0]))
    assert (effect.pairs, effect.before, effect.after, effect.difference) == (2, 3.0, 5.0, 2.0)


def test_nothing_to_compare_is_refused() -> None:
    """Unequal lengths and no pair at all are errors of the caller."""
    with pytest.raises(UsageError, match="equal length"):
        paired_effect(np.zeros(3), np.zeros(4))
    with pytest.raises(UsageError, match="no run"):
        paired_effect(np.array([np.nan]), np.array([1.0]))
    with pytest.raises(UsageError, match="no run"):
        paired_effect(np.zeros(0, bool), np.zeros(0, bool))
