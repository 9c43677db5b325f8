"""What actors get over a window: flows by trapezoids, outcomes and costs at the middle of a step, all discounted."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest
from interpreted import interpreted
from toy_world import (
    CIVIL_WAR,
    DEAL_VOID,
    GOVERNMENT_COLLAPSE,
    PATRON,
    PRISONERS,
    REBELS,
    SETTLEMENT,
    THE_STATE,
    World,
    toy,
)

with interpreted():
    from sim.model.columns import AT_OUTCOME, COLUMNS, RELEASE_COST
    from sim.model.mean_path import PATH_RATES, begin_path, expected_step
    from sim.model.payoffs import effective_weights, flow_terms, outcome_value
    from sim.model.window import WINDOW_WORK, begin_window, walk_window
from sim.scenario.catalogue import (
    MAX_ACTORS,
    MAX_TERMS,
    OUTCOME_NUMBERS,
)

ENDINGS = (SETTLEMENT, DEAL_VOID, CIVIL_WAR, GOVERNMENT_COLLAPSE)
DISCOUNT = {THE_STATE: 0.15 / 365.25, REBELS: 0.1 / 365.25, PATRON: 0.2 / 365.25}


def releasing() -> World:
    """Return a world in which captives go free on the path and every ending may come."""
    world = toy()
    world.play(THE_STATE, "theirs")
    world.play(REBELS, "quiet")
    state = world.state
    state.ready_tick[PRISONERS], state.freed[PRISONERS], state.counted[PRISONERS] = 0, 700.0, 650.0
    state.talks, state.dual[0], state.type[PATRON] = 0.3, 0.8, 1
    world.params.civil_midpoint = 0.6
    world.read()
    return world


def window(world: World, walker: int, first: int, last: int, row: int = 0) -> tuple[Any, float]:
    """Walk a window and return terms and the probability that the run goes on beyond it."""
    terms = np.zeros((row + last - first, COLUMNS))
    work = np.zeros(1, WINDOW_WORK)[0]
    begin_window(*world, first, last, work)
    steps = int(world.params.path_steps[walker])
    half = steps // 2
    walk_window(*world, walker, first, last, 0, half, work, terms, row)  # a walk may be taken up where it was left
    return terms, float(walk_window(*world, walker, first, last, half, steps, work, terms, row))


def by_hand(world: World, walker: int, actor: int, rho: float) -> tuple[dict[str, Any], float]:
    """Return an actor's flow terms, costs and value of outcomes by the formula of docs/model.md."""
    state, params = world.state, world.params
    rates, exits = np.zeros(PATH_RATES), np.zeros(OUTCOME_NUMBERS)
    begin_path(*world, rates)

    def flows() -> Any:
        weights, features, terms = np.zeros(MAX_TERMS), np.zeros(MAX_TERMS), np.zeros(MAX_TERMS)
        effective_weights(state, params, actor, weights)
        flow_terms(state, params, actor, weights, features, terms)
        return terms

    flow, cost, value = np.zeros(MAX_TERMS), 0.0, 0.0
    survival, start, now = 1.0, 0.0, flows()
    for step in range(params.path_steps[walker]):
        costs = np.zeros(MAX_ACTORS)
        ticks = int(params.path_dt[walker, step])
        any_exit = expected_step(*world, ticks, params.path_row[walker, step], rates, exits, costs)
        then, going_on, end = flows(), survival * (1.0 - any_exit), start + ticks
        length = exp(-rho * start) * (1.0 - exp(-rho * ticks)) / rho
        middle = 0.5 * (exp(-rho * start) + exp(-rho * end))
        flow += 0.5 * length * (survival * now + going_on * then)
        value += survival * middle * sum(exits[k] * outcome_value(state, params, actor, k) for k in ENDINGS)
        cost += survival * middle * costs[actor]
        survival, start, now = going_on, end, then
    return {"flow": flow, "cost": cost, "value": value}, survival


@pytest.mark.parametrize("walker", [THE_STATE, REBELS])
def test_a_window_is_the_sum_of_its_steps(walker: int) -> None:
    """For each actor, over the walker's hundred days in four steps, through the epidemic's window."""
    terms, survival = window(releasing(), walker, 0, 3)
    assert 0.1 < survival < 0.95
    for actor in range(3):
        expected, goes_on = by_hand(releasing(), walker, actor, DISCOUNT[actor])
        assert survival == pytest.approx(goes_on, rel=1e-12)
        np.testing.assert_allclose(terms[actor, :MAX_TERMS], expected["flow"], rtol=1e-9, atol=1e-15)
        assert terms[actor, AT_OUTCOME] == pytest.approx(expected["value"], rel=1e-9)
        assert terms[actor, RELEASE_COST] == pytest.approx(-expected["cost"], rel=1e-9)
    assert terms[THE_STATE, RELEASE_COST] < 0.0
    assert terms[REBELS, RELEASE_COST] == terms[PATRON, RELEASE_COST] == 0.0


def test_terms_are_added_to_the_rows_asked_for() -> None:
    """One actor alone gets what it gets among all, in its row; what stands in the terms stays."""
    everybody, _ = window(releasing(), THE_STATE, 0, 3)
    alone, _ = window(releasing(), THE_STATE, REBELS, REBELS + 1, 2)
    np.testing.assert_array_equal(alone[2], everybody[REBELS])
    assert not alone[:2].any()
    terms = np.ones((1, COLUMNS))
    work, world = np.zeros(1, WINDOW_WORK)[0], releasing()
    begin_window(*world, REBELS, REBELS + 1, work)
    walk_window(*world, THE_STATE, REBELS, REBELS + 1, 0, int(world.params.path_steps[THE_STATE]), work, terms, 0)
    np.testing.assert_allclose(terms[0], 1.0 + everybody[REBELS], rtol=1e-12)


def test_who_does_not_discount_counts_days() -> None:
    """At a rate of 0 a step is as long as it is, for a walker's window that another looks at."""
    world = releasing()
    world.params.discount[REBELS] = 0.0
    terms, _ = window(world, THE_STATE, REBELS, REBELS + 1)
    expected, _ = by_hand(releasing(), THE_STATE, REBELS, 1e-9)
    np.testing.assert_allclose(terms[0, :MAX_TERMS], expected["flow"], rtol=1e-6)
