"""Trust: spoilers, assurance and costly signals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games.theory.assurance import trust_threshold
from sim.games.theory.signalling import bayes, two_type_signalling
from sim.games.theory.spoiler import spoiler_attack

SHARES = st.floats(0.01, 0.99)


def test_spoiler_of_kydd_and_walter() -> None:
    """Trust .7, threshold .5, suppression .4: posterior .5833333333, an attack works iff s > .5714285714."""
    attack = spoiler_attack(0.7, 0.5, 0.4)
    assert attack.posterior == pytest.approx(0.5833333333, abs=1e-9)
    assert attack.suppression_threshold == pytest.approx(0.5714285714, abs=1e-9)
    assert not attack.works
    assert not attack.attempts
    assert spoiler_attack(0.7, 0.5, 0.5714285714 + 1e-6).works
    assert not spoiler_attack(0.7, 0.5, 0.5714285714 - 1e-6).works


@given(SHARES, SHARES, SHARES, SHARES)
def test_attack_works_iff_suppression_exceeds_its_threshold(t: float, c: float, s: float, s0: float) -> None:
    """The posterior is below the cut-off exactly when suppression is above its threshold, for any other numbers."""
    attack = spoiler_attack(t, c, s, s0)
    assume(abs(s - attack.suppression_threshold) > 1e-9)
    assert attack.works == (s > attack.suppression_threshold)
    # The two possible posteriors average to the prior (martingale).
    mean = attack.attack_probability * attack.posterior + (1 - attack.attack_probability) * attack.posterior_suppressed
    assert mean == pytest.approx(t, abs=1e-12)


def test_spoiler_weighs_gain_and_cost() -> None:
    """A spoiler attempts only if breaking the deal is worth more than the attempt, times its chance."""
    assert spoiler_attack(0.7, 0.5, 0.8, value_of_breaking=1.0, attack_cost=0.4).attempts
    assert not spoiler_attack(0.7, 0.5, 0.8, value_of_breaking=1.0, attack_cost=0.5).attempts
    assert math.isnan(spoiler_attack(1.0, 0.5, 1.0).posterior)


def test_assurance_threshold() -> None:
    """With R, T, P, S = 4, 3, 2, 0 cooperation needs trust of 2/3 (Kydd 2005)."""
    assert trust_threshold(4, 3, 2, 0).threshold == pytest.approx(0.6666666667, abs=1e-9)


@given(*[st.floats(-5, 5)] * 4, st.floats(0, 1))
def test_assurance_is_the_better_expected_payoff(r: float, t: float, p: float, s: float, trust: float) -> None:
    """A side cooperates exactly when its expected payoff of doing so is at least that of defecting."""
    found = trust_threshold(r, t, p, s, trust)
    advantage = trust * (r - t) + (1 - trust) * (s - p)
    assume(abs(advantage) > 1e-9)
    assert found.cooperates == (advantage > 0)
    floor = -1.0 if math.isnan(found.threshold) else found.threshold
    assert found.cooperates == (floor <= trust <= found.ceiling)


def test_no_trust_suffices_in_a_prisoners_dilemma() -> None:
    """Where temptation exceeds reward and punishment exceeds sucker, the threshold is infinite."""
    assert trust_threshold(3, 5, 1, 0, trust=1.0).cooperates is False
    assert trust_threshold(3, 5, 1, 0).threshold == math.inf


@given(SHARES, SHARES, st.floats(0.1, 3), st.floats(0, 2), st.floats(0.01, 2))
def test_signalling_equilibria_leave_no_regret(t: float, c: float, gain: float, cheap: float, extra: float) -> None:
    """In every equilibrium found no type gains by the other choice and beliefs on the path follow Bayes."""
    solution = two_type_signalling(t, c, gain, cheap, cheap + extra)
    assert solution.equilibria
    for equilibrium in solution.equilibria:
        assert equilibrium.regret <= 1e-12
        on_path = bayes(t, *equilibrium.signal) if any(equilibrium.signal) else math.nan
        if not math.isnan(on_path):
            assert equilibrium.belief[0] == pytest.approx(on_path, abs=1e-12)
        for belief, trusted in zip(equilibrium.belief, equilibrium.trust, strict=True):
            if abs(belief - c) > 1e-9:
                assert trusted == float(belief > c)


def test_signal_separates_from_its_cut_off() -> None:
    """A signal separates iff it costs the untrustworthy at least the gain (Spence 1973)."""
    for cost in np.linspace(0.25, 2.0, 8):
        kinds = [e.kind for e in two_type_signalling(0.3, 0.5, 1.0, 0.2, float(cost)).equilibria]
        assert ("separating" in kinds) == (cost >= 1.0)


def test_bad_arguments_are_refused() -> None:
    """Probabilities outside [0, 1], NaN payoffs and crossed costs are refused."""
    with pytest.raises(GameError, match="trust"):
        spoiler_attack(1.5, 0.5, 0.5)
    with pytest.raises(GameError, match="reward"):
        trust_threshold(float("nan"), 1, 2, 3)
    with pytest.raises(GameError, match="single crossing"):
        two_type_signalling(0.5, 0.5, 1.0, 0.5, 0.4)
