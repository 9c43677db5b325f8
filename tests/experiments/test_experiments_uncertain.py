"""Uncertain numbers: which they are, and that draws spread each evenly and pair them at random."""

import numpy as np

import sim
from sim.experiments.factor import Factor
from sim.experiments.uncertain import Uncertain, draw, overrides, uncertain_numbers

PROMISED = "deal.captives.taliban_prisoners.promised"


def test_what_a_source_states_is_not_drawn_and_what_is_assumed_is():
    """Of the Doha baseline the promise, which the deal states, stays; weights, which were chosen, keep their signs."""
    baseline = sim.load("doha_2020/baseline")
    numbers = {number.path: number for number in uncertain_numbers(baseline)}
    assert PROMISED not in numbers
    surge = numbers["actors.taliban.payoff.per_year.surge"]
    assert (surge.factor.values(np.array([0.1, 0.9])) * surge.factor.base[0] < 0).all()
    own = baseline.replace(
        {
            PROMISED: {
                "value": 5000,
                "source": "the deal",
                "known_as_of": "2020-02-29",
                "prior": {"uniform": [4000, 6000]},
            }
        }
    )
    (promised,) = [number for number in uncertain_numbers(own) if number.path == PROMISED]
    assert (promised.factor.low, promised.factor.high) == (4000, 6000)  # a prior of its own counts, whatever the source


def test_draws_spread_each_number_evenly_and_pair_them_at_random():
    """Of a hundred numbers, each has one draw in every fortieth, and no two hang together more than by chance."""
    numbers = tuple(Uncertain(f"n{k}", Factor(f"n{k}", (f"n{k}",), "uniform", (0.0, 1.0)), 0.5) for k in range(100))
    points = draw(numbers, 400, seed=3)
    assert (np.sort(np.floor(points * 400), axis=0) == np.arange(400)[:, None]).all()
    apart = np.corrcoef(points.T)[np.triu_indices(100, 1)]
    assert np.abs(apart).max() < 5 / np.sqrt(400)
    assert np.array_equal(draw(numbers, 400, seed=3), points)
    assert draw((), 5, seed=3).shape == (5, 0)
    assert overrides(numbers[:2], points[:1, :2]) == [{"n0": points[0, 0], "n1": points[0, 1]}]
