"""Payoffs: weights of a run, flows, outcomes, discounting, and what the ledger keeps."""

from __future__ import annotations

from math import exp, isnan

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import DEAL_VOID, PATRON, PRISONERS, REBELS, SETTLEMENT, THE_STATE, World, buffers, given, off, toy

with interpreted():
    from sim.model.columns import AT_ONCE, COLUMNS
    from sim.model.ledger import pay
    from sim.model.payoffs import (
        accrue_payoffs,
        beyond_value,
        discount_factor,
        effective_weights,
        flow_terms,
        outcome_value,
    )
    from sim.model.switches import ON_EPIDEMIC, ON_TYPES, ON_WEIGHT_SPREAD
from sim.scenario.catalogue import MAX_TERMS

YEAR = 365.25


def weight_of(world: World, actor: int, term: int) -> float:
    """Return the weight of one of an actor's flow terms now."""
    weights = np.zeros(MAX_TERMS)
    effective_weights(world.state, world.params, actor, weights)
    return float(weights[term])


@given(st.floats(0.1, 5.0))
def test_a_weight_is_the_files_times_the_runs_spread(spread: float) -> None:
    """Per day; the spread can be off."""
    world = toy()
    world.state.spread[THE_STATE, 1] = spread
    assert weight_of(world, THE_STATE, 1) == pytest.approx(0.3 / YEAR * spread, rel=1e-12)
    off(world, ON_WEIGHT_SPREAD)
    assert weight_of(world, THE_STATE, 1) == pytest.approx(0.3 / YEAR, rel=1e-12)


def test_a_type_scales_its_own_terms_and_outcomes() -> None:
    """A weary patron minds its troops three times as much and a settlement 0.4 times."""
    world = off(toy(), ON_WEIGHT_SPREAD)
    state, params = world.state, world.params
    for kind, troops, settled in ((0, 1.0, 1.0), (1, 3.0, 0.4)):
        state.type[PATRON] = kind
        assert weight_of(world, PATRON, 0) == pytest.approx(-0.2 / YEAR * troops, rel=1e-12)
        assert weight_of(world, PATRON, 1) == pytest.approx(-0.1 / YEAR, rel=1e-12)
        assert outcome_value(state, params, PATRON, SETTLEMENT) == pytest.approx(0.5 * settled)
    off(world, ON_TYPES)
    assert weight_of(world, PATRON, 0) == pytest.approx(-0.2 / YEAR, rel=1e-12)
    assert outcome_value(state, params, PATRON, SETTLEMENT) == 0.5
    assert outcome_value(state, params, THE_STATE, DEAL_VOID) == -0.3


def test_the_epidemic_weighs_on_the_challengers_captives() -> None:
    """1.2 times on the counted and on those home, of challengers alone, in its window."""
    world = off(toy(), ON_WEIGHT_SPREAD)
    state = world.state
    for tick, factor in ((0, 1.0), (30, 1.2), (60, 1.0)):
        state.tick = tick
        assert weight_of(world, REBELS, 0) == pytest.approx(0.3 / YEAR * factor, rel=1e-12)
        assert weight_of(world, REBELS, 1) == pytest.approx(0.2 / YEAR * factor, rel=1e-12)
        assert weight_of(world, REBELS, 2) == pytest.approx(0.4 / YEAR, rel=1e-12)
        assert weight_of(world, THE_STATE, 1) == pytest.approx(0.3 / YEAR, rel=1e-12)
    state.tick = 30
    off(world, ON_EPIDEMIC)
    assert weight_of(world, REBELS, 0) == pytest.approx(0.3 / YEAR, rel=1e-12)


@given(st.floats(0.0, 3.0), st.floats(0.0, 1_500.0), st.floats(0.0, 1.0))
def test_a_flow_is_the_sum_of_weighted_features(violence: float, counted: float, talks: float) -> None:
    """-0.5 x + 0.3 R_c / promised + 0.4 q, in this order; what lies beyond the terms is not touched."""
    world = toy()
    world.state.violence, world.state.counted[PRISONERS], world.state.talks = violence, counted, talks
    weights, features, terms = np.array([-0.5, 0.3, 0.4, 9.0]), np.full(4, -7.0), np.full(4, -7.0)
    flow = flow_terms(world.state, world.params, THE_STATE, weights, features, terms)
    assert features.tolist() == [violence, counted / 1_000.0, talks, -7.0]
    assert terms[:3].tolist() == pytest.approx([-0.5 * violence, 0.3 * counted / 1_000.0, 0.4 * talks])
    assert terms[3] == -7.0
    assert flow == pytest.approx(terms[:3].sum(), rel=1e-12, abs=1e-15)


def test_a_payoff_model_that_fails_leaves_no_number() -> None:
    """Terms that nobody fills are not a number, so the run stops instead of going on with old ones."""
    with interpreted():
        from sim.function_pointer import address_of
        from sim.rules.registry import SIGNATURES

        def silent(features: object, weights: object, parameters: object, count: int, terms: object) -> None:
            """Fill nothing."""

        number = address_of(silent, SIGNATURES["payoff_model"])
    world = toy()
    world.params.payoff_address[THE_STATE] = number
    work = np.zeros((3, MAX_TERMS))
    assert isnan(flow_terms(world.state, world.params, THE_STATE, work[0], work[1], work[2]))


@given(st.floats(0.0, 2_000.0))
def test_discounting_is_exponential(days: float) -> None:
    """exp(-rho t) with 15 % a year."""
    world = toy()
    world.state.tick = days
    assert discount_factor(world.state, world.params, THE_STATE) == pytest.approx(exp(-0.15 / YEAR * days), rel=1e-12)


@given(st.integers(0, 500))
def test_flows_accrue_over_the_coming_step_discounted(tick: int) -> None:
    """The flow times the integral of exp(-rho t) over the step, to payoff and ledger alike."""
    for steps in (1, 4):
        world = off(toy(steps), ON_WEIGHT_SPREAD)
        world.state.tick, world.state.talks = tick, 1.0
        work, ledger = np.zeros((3, MAX_TERMS)), np.zeros((3, COLUMNS))
        accrue_payoffs(world.state, world.params, work, ledger)
        rate = 0.15 / YEAR
        length = exp(-rate * tick / steps) * (1.0 - exp(-rate / steps)) / rate
        assert ledger[THE_STATE, 2] == pytest.approx(0.4 / YEAR * length, rel=1e-9)
        assert ledger[THE_STATE, 0] == pytest.approx(-0.5 / YEAR * world.state.violence * length, rel=1e-9)
        np.testing.assert_allclose(ledger.sum(axis=1), world.state.payoff[:3], rtol=1e-12)
        other = off(toy(steps), ON_WEIGHT_SPREAD)
        other.state.tick, other.state.talks = tick, 1.0
        accrue_payoffs(other.state, other.params, work, np.zeros((0, 0)))
        np.testing.assert_array_equal(other.state.payoff, world.state.payoff)


def test_what_is_paid_adds_up() -> None:
    """To the payoff, and to its column where a ledger is kept."""
    world = toy()
    _, ledger, _ = buffers()
    pay(world.state, REBELS, AT_ONCE, -0.5, ledger)
    pay(world.state, REBELS, AT_ONCE, -0.25, ledger)
    pay(world.state, REBELS, AT_ONCE, 2.0, np.zeros((0, 0)))
    assert world.state.payoff[REBELS] == 1.25
    assert ledger[REBELS, AT_ONCE] == ledger.sum() == -0.75
    pay(world.state, THE_STATE, AT_ONCE, 1.0, ledger[:1])
    assert ledger[THE_STATE, AT_ONCE] == 1.0


def test_what_stands_beyond_the_window_is_a_weighted_sum() -> None:
    """-0.3 p + 0.2 q for the state; nothing for who names nothing."""
    world = toy()
    world.state.force_balance, world.state.talks = 0.4, 0.75
    assert beyond_value(world.state, world.params, THE_STATE) == pytest.approx(-0.3 * 0.4 + 0.2 * 0.75, rel=1e-12)
    assert beyond_value(world.state, world.params, REBELS) == 0.0
