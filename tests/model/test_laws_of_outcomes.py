"""Talks, disputes and what ends a run: each hazard is the product that docs/model.md writes down."""

from __future__ import annotations

from functools import cache, partial
from math import exp

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import (
    BANDITS,
    CIVIL_WAR,
    DEAL_VOID,
    FIGHTERS,
    GOVERNMENT_COLLAPSE,
    PATRON,
    PRISONERS,
    REBELS,
    SETTLEMENT,
    SOLDIERS,
    THE_STATE,
    World,
    begun,
    content,
    given,
    off,
    toy,
)

from sim.scenario.scenario import Scenario

with interpreted():
    from sim.model.disputes import agreement_rate, dispute_free, dispute_rate, disputed_by
    from sim.model.outcomes import outcome_rate
    from sim.model.switches import ON_DISPUTES, ON_DUAL_OFFICE, ON_PROFITEERS, ON_TRIGGERS
    from sim.model.talks import breakdown_rate, shock_rate, talks_rate

shares = st.floats(0.0, 1.0)
logits = st.floats(-4.0, 4.0)


def sigma(x: float) -> float:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


# --- disputes --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("uncounted", "rate"), [(0.0, 0.0), (30.0, 0.0), (30.5, 0.05), (300.0, 0.05)])
def test_a_dispute_may_open_while_more_than_so_many_are_uncounted(uncounted: float, rate: float) -> None:
    """Over thirty of them; it ends after 14 days in the mean."""
    world = toy()
    world.state.freed[PRISONERS], world.state.counted[PRISONERS] = 400.0, 400.0 - uncounted
    assert dispute_rate(world.state, world.params, PRISONERS) == rate
    assert agreement_rate(world.params, PRISONERS) == pytest.approx(1.0 / 14.0)
    assert dispute_rate(off(world, ON_DISPUTES).state, world.params, PRISONERS) == 0.0


def test_a_claimant_disputes_what_it_claims() -> None:
    """The rebels dispute prisoners, the state soldiers, on a path once the odds are even."""
    world = toy()
    world.state.dispute[PRISONERS] = 0.5
    assert disputed_by(world.state, world.params, REBELS)
    assert not disputed_by(world.state, world.params, THE_STATE)
    world.state.dispute[:2] = 0.49, 1.0
    assert not disputed_by(world.state, world.params, REBELS)
    assert disputed_by(world.state, world.params, THE_STATE)
    assert not disputed_by(off(world, ON_DISPUTES).state, world.params, THE_STATE)


@given(shares, shares)
def test_no_dispute_is_open_with_the_product_of_the_odds(first: float, second: float) -> None:
    """(1 - d1) (1 - d2); 1 while the mechanism is off."""
    world = toy()
    world.state.dispute[:2] = first, second
    assert dispute_free(world.state, world.params) == pytest.approx((1.0 - first) * (1.0 - second), rel=1e-12)
    assert dispute_free(off(world, ON_DISPUTES).state, world.params) == 1.0


# --- factors ---------------------------------------------------------------------------------------------------------
FACTORS = {
    "floor": ({"of": "talks", "floor": 0.2}, lambda x: 0.2 + 0.8 * x),
    "linear": ({"of": "talks", "at_zero": 0.25, "slope": -0.5}, lambda x: max(0.25 - 0.5 * x, 0.0)),
    "rising": ({"of": "talks", "midpoint": 0.4, "width": 0.1}, lambda x: sigma((x - 0.4) / 0.1)),
    "falling": ({"of": "talks", "midpoint": 0.4, "width": -0.1}, lambda x: sigma((0.4 - x) / 0.1)),
    "power": ({"of": "talks - 0.25", "exponent": 2.0}, lambda x: max(x - 0.25, 0.0) ** 2),
    "if": ({"when": "talks >= 0.5", "then": 3.0, "otherwise": 0.5}, lambda x: 3.0 if x >= 0.5 else 0.5),
    "sum": ({"of": "2 * talks + 0.5 * trust(state, rebels)", "at_zero": 0.1}, lambda x: 0.1 + 2.0 * x + 0.25),
}
FORM_OF = {"rising": "logistic", "falling": "logistic", "sum": "linear"}


@cache
def with_factors(*names: str) -> tuple[World, int]:
    """Return a toy world whose second outcome has these factors, and that outcome."""
    scenario = content()
    factors = {name: {"form": FORM_OF.get(name, name)} | FACTORS[name][0] for name in names}
    scenario["deal"]["outcomes"] = {
        "other": {"per_day": 1.0},
        "asked": {"per_day": 0.5, "from_day": 10, "until_day": 20, "factors": factors},
    }
    for actor in scenario["actors"].values():
        actor["payoff"].pop("at_outcome")
        actor.pop("types", None)
    return begun(Scenario.from_dict(scenario)), 2


@given(st.lists(st.sampled_from(sorted(FACTORS)), min_size=1, max_size=4, unique=True), shares)
def test_a_hazard_is_its_rate_times_its_factors(names: list[str], talks: float) -> None:
    """Each form as docs/model.md writes it; outside its dates it is 0."""
    template, outcome = with_factors(*names)
    world = template.copy()
    world.state.trust[THE_STATE, REBELS] = 0.0
    world.state.talks, world.state.tick = talks, 15
    expected = 0.5
    for name in names:
        expected *= FACTORS[name][1](talks)
    assert outcome_rate(*world, outcome) == pytest.approx(expected, rel=1e-12)
    for tick, comes in ((9, False), (10, True), (20, True), (21, False)):
        world.state.tick = tick
        assert (outcome_rate(*world, outcome) > 0.0) == (comes and expected > 0.0)
    world.state.tick, world.state.outcome = 15, 1
    assert outcome_rate(*world, outcome) == 0.0


# --- talks -----------------------------------------------------------------------------------------------------------
def convening() -> World:
    """Return a world whose talks may open."""
    world = toy()
    world.state.counted[PRISONERS] = world.state.freed[PRISONERS] = 500.0
    world.play(REBELS, "quiet")
    return world


@given(shares, shares)
def test_talks_open_at_the_product_of_what_helps(dual: float, dispute: float) -> None:
    """0.08 (1 - d) (1 - 0.7 z), a quarter of it in technical contacts; half of the harm with a single team."""
    world = convening()
    world.state.dual[0], world.state.dispute[PRISONERS] = dual, dispute
    expected = 0.08 * (1.0 - dispute) * (1.0 - 0.7 * dual)
    assert talks_rate(*world) == pytest.approx(expected, rel=1e-12)
    world.play(REBELS, "fight")
    assert talks_rate(*world) == pytest.approx(0.25 * expected, rel=1e-12)
    world.play(THE_STATE, "own")
    assert talks_rate(*world) == pytest.approx(0.25 * 0.08 * (1.0 - dispute) * (1.0 - 0.35 * dual), rel=1e-12)
    off(world, ON_DUAL_OFFICE)
    assert talks_rate(*world) == pytest.approx(0.25 * 0.08 * (1.0 - dispute), rel=1e-12)


@pytest.mark.parametrize(("actor", "move"), [(REBELS, "surge"), (THE_STATE, "attack")])
def test_one_may_fight_and_talk(actor: int, move: str) -> None:
    """A surging challenger or an attacking incumbent who sits keeps talks from nothing; who refuses does."""
    world = convening()
    rate = talks_rate(*world)
    number = world.play(actor, move)
    world.params.participation[actor, number] = 1.0
    world.read()
    assert talks_rate(*world) == rate > 0.0
    world.params.participation[actor, number] = 0.0
    world.read()
    assert talks_rate(*world) == 0.0


def test_talks_open_only_on_their_condition() -> None:
    """At 500 counted, with everybody at the table, and at a rate of their own."""
    world = convening()
    world.state.counted[PRISONERS] = 499.0
    assert talks_rate(*world) == 0.0
    world = convening()
    world.state.sitting = 0.0
    assert talks_rate(*world) == 0.0
    world = convening()
    world.tables[world.params.talks_hazard] = 1.0
    assert talks_rate(*world) == 1.0
    world.params.talks_hazard = -1
    assert talks_rate(*world) == 0.0


@given(st.floats(0.0, 3.0))
def test_violence_breaks_talks(violence: float) -> None:
    """0.01 x, 1.25 times that with profiteers."""
    world = toy()
    world.state.violence = violence
    assert breakdown_rate(*world) == pytest.approx(0.0125 * violence, rel=1e-12)
    off(world, ON_PROFITEERS)
    assert breakdown_rate(*world) == pytest.approx(0.01 * violence, rel=1e-12)


@given(st.floats(0.0, 50.0), st.floats(0.0, 5.0))
def test_shocks_are_expected_to_break_talks(fighters: float, bandits: float) -> None:
    """0.4 of them: one attack in a hundred of fighters, and of bandits those that kill eight, (3 / 4)^8 (geometric)."""
    world = toy()
    world.state.intensity[:3] = fighters, 0.0, bandits
    assert world.params.mass_probability[FIGHTERS] == pytest.approx(0.01)
    assert world.params.mass_probability[BANDITS] == pytest.approx(0.75**8)
    expected = 0.4 * (0.01 * fighters + 0.75**8 * bandits)
    assert shock_rate(world.state, world.params) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert shock_rate(off(world.copy(), ON_TRIGGERS).state, off(world.copy(), ON_TRIGGERS).params) == 0.0
    world.params.breakdown_shock = 0.0
    assert shock_rate(world.state, world.params) == 0.0


# --- endings ---------------------------------------------------------------------------------------------------------
@given(logits, shares, shares, st.floats(0.0, 4.0))
def test_a_settlement_is_the_product_of_what_helps(trust: float, present: float, dual: float, violence: float) -> None:
    """0.02 (0.2 + 0.8 b) (0.3 + 0.7 W / W0) (1 - 0.5 z) (1.5 - 0.5 x)^+, once 800 are counted."""
    world = toy()
    state = world.state
    state.trust[THE_STATE, REBELS], state.trust[PATRON, REBELS] = trust, 2.0
    state.troop_share, state.dual[0], state.violence = present, dual, violence
    state.counted[PRISONERS] = 799.0
    assert outcome_rate(*world, SETTLEMENT) == 0.0
    state.counted[PRISONERS] = 800.0
    expected = 0.02 * (0.2 + 0.8 * sigma(trust)) * (0.3 + 0.7 * present) * (1.0 - 0.5 * dual)
    expected *= max(1.5 - 0.5 * violence, 0.0)
    assert outcome_rate(*world, SETTLEMENT) == pytest.approx(expected, rel=1e-12)
    world.set_rate(SETTLEMENT, 0.0)
    assert outcome_rate(*world, SETTLEMENT) == 0.0


def test_a_settlement_can_be_sure_soon() -> None:
    """A rate of one a day is a rate."""
    world = toy()
    world.state.counted[PRISONERS] = 800.0
    slow = outcome_rate(*world, SETTLEMENT)
    world.set_rate(SETTLEMENT, 1.0)
    assert outcome_rate(*world, SETTLEMENT) == pytest.approx(50.0 * slow, rel=1e-12)


@given(
    logits,
    shares,
    st.sampled_from([("fight", 0.5), ("surge", 2.5)]),
    st.sampled_from([("schedule", 1.0), ("pause", 2.0)]),
)
def test_a_deal_is_void_by_distrust(
    trust: float, talks: float, rebels: tuple[str, float], patron: tuple[str, float]
) -> None:
    """0.004 (2.5 in a surge, else 0.5) (2 if paused) (1 - 0.5 q) (0.6 - b)^+, in the guarantor's eyes."""
    world = toy()
    world.play(REBELS, rebels[0])
    world.play(PATRON, patron[0])
    world.state.trust[PATRON, REBELS], world.state.trust[THE_STATE, REBELS] = trust, -3.0
    world.state.talks = talks
    expected = 0.004 * rebels[1] * patron[1] * (1.0 - 0.5 * talks) * max(0.6 - sigma(trust), 0.0)
    assert outcome_rate(*world, DEAL_VOID) == pytest.approx(expected, rel=1e-12)


def test_a_deal_is_void_up_to_a_day() -> None:
    """On day 150 still, on day 151 no more."""
    world = toy()
    world.state.tick = 150
    assert outcome_rate(*world, DEAL_VOID) > 0.0
    world.state.tick = 151
    assert outcome_rate(*world, DEAL_VOID) == 0.0
    world.state.tick = 0
    assert outcome_rate(*world, DEAL_VOID) == pytest.approx(0.004 * 0.5 * (0.6 - sigma(0.1)), rel=1e-12)
    world.set_rate(DEAL_VOID, 0.0)
    assert outcome_rate(*world, DEAL_VOID) == 0.0
    world.set_rate(DEAL_VOID, 1.0)
    assert outcome_rate(*world, DEAL_VOID) == pytest.approx(0.5 * (0.6 - sigma(0.1)), rel=1e-12)


@given(logits, shares)
def test_a_civil_war_needs_a_split_office(cohesion: float, dual: float) -> None:
    """0.03 z sigma((0.3 - L) / 0.05); a single team does not help."""
    world = toy()
    world.state.cohesion_logit[0], world.state.dual[0] = cohesion, dual
    world.play(THE_STATE, "own")
    expected = 0.03 * dual * sigma((0.3 - sigma(cohesion)) / 0.05)
    assert outcome_rate(*world, CIVIL_WAR) == pytest.approx(expected, rel=1e-12)
    world.set_rate(CIVIL_WAR, 0.0)
    assert outcome_rate(*world, CIVIL_WAR) == 0.0


@given(shares, shares)
def test_a_collapse_needs_most_troops_gone(present: float, balance: float) -> None:
    """0.05 [W < 0.25 W0] sigma((p - 0.5) / 0.07)."""
    world = toy()
    world.state.troop_share, world.state.force_balance = present, balance
    expected = 0.05 * sigma((balance - 0.5) / 0.07) if present < 0.25 else 0.0
    assert outcome_rate(*world, GOVERNMENT_COLLAPSE) == pytest.approx(expected, rel=1e-12)


def test_hazards_at_their_bounds() -> None:
    """A quarter of the troops is not under a quarter; rates of nought are none; a certain war is one a day."""
    world = toy()
    world.state.troop_share = 0.25
    assert outcome_rate(*world, GOVERNMENT_COLLAPSE) == 0.0
    world.state.troop_share = 0.0
    world.set_rate(GOVERNMENT_COLLAPSE, 0.0)
    assert outcome_rate(*world, GOVERNMENT_COLLAPSE) == 0.0
    world.set_rate(GOVERNMENT_COLLAPSE, 1.0)
    world.state.force_balance = 0.5
    assert outcome_rate(*world, GOVERNMENT_COLLAPSE) == 0.5
    world.set_rate(CIVIL_WAR, 1.0)
    world.state.dual[0], world.state.cohesion_logit[0] = 1.0, -9.0
    assert outcome_rate(*world, CIVIL_WAR) > 0.9


def test_hazards_are_linear_in_the_flags() -> None:
    """So the mean over two sampled worlds is the hazard of the path between them: talks, dual claims, disputes."""
    for name, rate in (
        ("dual", talks_rate),
        ("dispute", talks_rate),
        ("dual", partial(outcome_rate, outcome=SETTLEMENT)),
    ):
        world = convening()
        world.state.counted[PRISONERS] = 800.0
        values = []
        for flag in (0.0, 0.5, 1.0):
            getattr(world.state, name)[0] = flag
            values.append(rate(*world))
        assert values[1] == pytest.approx(0.5 * (values[0] + values[2]), rel=1e-12)
        assert values[2] < values[0]
    np.testing.assert_array_equal(toy().state.dispute[SOLDIERS], 0.0)
