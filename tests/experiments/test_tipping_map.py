"""Tipping maps and screens: every cell is the scenario that it says, on the same luck."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError, UsageError
from sim.experiments.measures import MEASURES
from sim.experiments.one_at_a_time import fitted_numbers, one_at_a_time
from sim.experiments.tipping_map import FACTORS, GridAxis, TippingMap, tipping_map

TOY = "toys/two_actors"
SETTLES = "deal.outcomes.settlement.per_day"
QUIET = "actors.rebels.payoff.per_year.holding_fire"


@pytest.fixture(scope="module")
def toy_map() -> TippingMap:
    """Return a map of the toy over the pace of settlement and the rebels' dislike of quiet."""
    toy = sim.load(TOY)
    return tipping_map(toy, GridAxis(SETTLES, (0.0001, 0.004, 0.05)), GridAxis(QUIET, (-0.8, -0.4)), runs=80, seed=3)


def test_a_cell_is_the_replaced_scenario(toy_map: TippingMap) -> None:
    """Column j and row i hold the shares of the scenario with both values, as replicate gives them."""
    for i, y in enumerate(toy_map.y.values):
        for j, x in enumerate(toy_map.x.values):
            table = sim.replicate(sim.load(TOY).replace({SETTLES: x, QUIET: y}), runs=80, seed=3).outcome_table
            for name in MEASURES[:-1]:
                assert toy_map.share(name)[i, j] == (table["outcome"] == name).mean()
            assert toy_map.share("talks_began")[i, j] == (~np.isnan(table["talks_day"])).mean()


def test_shares_add_up_and_errors_are_binomial(toy_map: TippingMap) -> None:
    """Outcomes of a cell add to one, and its standard error is that of a share."""
    assert np.allclose(sum(toy_map.share(name) for name in MEASURES[:-1]), 1.0)
    assert not toy_map.failed.any()
    p = toy_map.share("settlement")
    assert np.allclose(toy_map.standard_error("settlement") ** 2, p * (1 - p) / 80)


def test_a_faster_settlement_never_undoes_one(toy_map: TippingMap) -> None:
    """On shared luck settlements only become more frequent along the row, and the map tips."""
    share = toy_map.share("settlement")
    assert (np.diff(share, axis=1) > 0).all()
    assert toy_map.tips("settlement")
    assert not toy_map.tips("civil_war")


def test_the_plain_data_are_json(toy_map: TippingMap) -> None:
    """The numbers survive a round through JSON, with what reproduces them."""
    data = json.loads(json.dumps(toy_map.to_dict()))
    assert data["scenario_sha256"] == sim.load(TOY).sha256
    assert data["measures"]["settlement"]["share"] == toy_map.share("settlement").tolist()
    assert (data["seed"], data["runs_per_cell"]) == (3, 80)


def test_runs_that_stop_are_counted(toy_map: TippingMap) -> None:
    """Runs of a cell that have no outcome stopped themselves, and count as runs in its shares."""
    counts = toy_map.counts.copy()
    settled = counts[0, 0, 0]
    counts[0, 0, 0] = 0
    short = dataclasses.replace(toy_map, counts=counts)
    assert short.failed.tolist() == [[settled, 0, 0], [0, 0, 0]]
    assert short.share("settlement")[0, 0] == 0.0
    assert sum(short.share(name)[0, 0] for name in MEASURES[:-1]) == pytest.approx(1.0 - settled / 80)


def test_factors_are_even_steps_around_one() -> None:
    """Seven factors from a half to two hold 1 exactly, so a map holds the scenario's own cell."""
    assert FACTORS[3] == 1.0
    assert (FACTORS[0], FACTORS[-1]) == (0.5, 2.0)
    assert np.allclose(np.diff(np.log(FACTORS)), np.log(2.0) / 3.0)


def test_errors_come_before_any_run() -> None:
    """One number twice, a path to nowhere, a value that the format refuses, and unordered values are refused."""
    toy = sim.load(TOY)
    x = GridAxis(SETTLES, (0.001, 0.002))
    with pytest.raises(UsageError, match="twice"):
        tipping_map(toy, x, x)
    with pytest.raises(ScenarioError, match="settlemint"):
        tipping_map(toy, x, GridAxis("deal.outcomes.settlemint.per_day", (0.001, 0.002)))
    with pytest.raises(ScenarioError, match="per_day"):
        tipping_map(toy, GridAxis(SETTLES, (-1.0, 0.5)), GridAxis(QUIET, (-0.4, -0.2)))
    for values in ((0.1,), (0.1, 0.1), (0.1, 0.3, 0.2), (0.1, float("nan"))):
        with pytest.raises(UsageError, match="values"):
            GridAxis(SETTLES, values)


def test_unknown_measures_are_refused(toy_map: TippingMap) -> None:
    """A measure that does not exist is answered with those that do."""
    with pytest.raises(UsageError, match="talks_began"):
        toy_map.share("victory")


def test_a_notebook_shows_the_range_of_each_outcome(toy_map: TippingMap) -> None:
    """The table names both numbers and every outcome that came, with its lowest and highest share."""
    html = toy_map._repr_html_()
    assert toy_map.x.path in html
    assert toy_map.y.path in html
    for name in ("settlement", "government_collapse"):
        share = toy_map.share(name)
        shown = f"<td>{name}</td><td>{100 * share.min():.0f} to {100 * share.max():.0f}</td>"
        assert (shown in html) == bool(share.any())


def test_a_screen_ranks_what_matters_first() -> None:
    """Halving and doubling the pace of settlement moves more than halving and doubling patience, with its sign."""
    toy = sim.load(TOY)
    screen = one_at_a_time(toy, ["actors.rebels.discount_per_year", SETTLES], (0.1, 1.0, 10.0), runs=150, seed=4)
    slow, same, fast = screen.ranked()[0]
    assert slow.path == SETTLES
    assert (slow.changes["settlement"].sign, fast.changes["settlement"].sign) == (-1, 1)
    assert same.largest[1].difference == 0.0
    assert same.changes["settlement"].before == screen.rows[0].changes["settlement"].before


def test_the_fitted_numbers_of_the_baseline_can_be_halved_and_doubled() -> None:
    """Every number that was chosen to meet waypoints is a number that a screen can vary."""
    scenario = sim.load("doha_2020/baseline")
    paths = fitted_numbers(scenario)
    assert len(paths) >= 60
    for path in paths:
        assert len(GridAxis.around(scenario, path, (0.5, 1.0, 2.0)).values) == 3
    assert len(one_at_a_time(scenario, paths, runs=1, seed=1).rows) == 2 * len(paths)


def test_a_screen_of_nothing_is_refused() -> None:
    """Without a path or a factor there is nothing to vary."""
    with pytest.raises(UsageError, match="none"):
        one_at_a_time(sim.load(TOY), [])
