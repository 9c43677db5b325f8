"""Tipping points: found where they are, with an interval that holds them, and honestly absent."""

import math

import numpy as np
import pytest

import sim
import sim.experiments.tipping_point as tipping
from sim.errors import UsageError
from sim.experiments.definition import experiment_from
from sim.experiments.factor import Factor
from sim.experiments.tipping_point import tipping_point, tipping_point_of
from sim.kernel.outcome_row import OUTCOME_ROW
from sim.model.world import ENDED

HAZARD = Factor("hazard", ("x",), "uniform", (0.0, 1.0))
SCENARIO = sim.load("toys/two_actors")


class Urn:
    """A scenario whose runs settle with a probability that is a known function of its only number."""

    def __init__(self, probability, x=math.nan):
        self.probability, self.x = probability, x

    def without_provenance(self):
        return self

    def replace(self, values):
        return Urn(self.probability, values["x"])

    def __eq__(self, other):
        return isinstance(other, Urn)  # to whoever asks what can be measured, which is worked out once

    def __hash__(self):
        return hash(Urn)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(SCENARIO, name)


@pytest.fixture
def urns(monkeypatch):
    """Run urns on shared luck: run k settles where its one uniform number is below the probability."""

    def run_variants(scenarios, runs, seed, **_):
        luck = np.random.default_rng(seed).random(runs)
        rows = np.zeros((len(scenarios), runs), OUTCOME_ROW)
        rows["status"] = ENDED
        settled = np.array([luck < urn.probability(urn.x) for urn in scenarios])
        rows["outcome"] = np.where(settled, 1, 3)
        return rows

    monkeypatch.setattr(tipping, "run_variants", run_variants)


@pytest.mark.usefixtures("urns")
@pytest.mark.parametrize("level", [0.2, 0.5, 0.8])
def test_the_interval_holds_the_truth_as_often_as_it_says(level):
    """Over 200 seeds the 95 % interval holds the true tipping point in 91 to 99 of 100, and it lies in no gap."""
    truth = math.log(level / (1 - level)) / 8 + 0.4
    hits = 0
    for seed in range(200):
        urn = Urn(lambda x: 1 / (1 + math.exp(-8 * (x - 0.4))))
        found = tipping_point(urn, HAZARD, "settlement", 300, seed, level=level, tolerance=0.002)
        assert found.converged
        low, high = found.interval
        assert low < found.point < high
        hits += low <= truth <= high
    assert 0.91 <= hits / 200 <= 0.99


@pytest.mark.usefixtures("urns")
def test_the_bracket_holds_a_crossing_and_is_small():
    """The share is on different sides at the ends of the bracket, which is no wider than the tolerance."""
    found = tipping_point(Urn(lambda x: 1 - x * x), HAZARD, "settlement", 500, 3, tolerance=0.004)
    (crossing,) = found.crossings
    share = {e.value: e.share for e in found.evaluations}
    assert share[crossing.bracket[0]] >= 0.5 > share[crossing.bracket[1]]
    assert crossing.bracket[1] - crossing.bracket[0] <= 0.004
    assert not crossing.rising
    assert found.runs == 500 * len(found.evaluations)


@pytest.mark.usefixtures("urns")
def test_no_crossing_is_said_with_the_shares_at_both_ends():
    """Where the share stays above the level there is no point, and the text says what it is at the ends."""
    found = tipping_point(Urn(lambda x: 0.8 + 0.1 * x), HAZARD, "settlement", 300, 1)
    assert (found.crossings, found.converged, found.resolved) == ((), False, True)
    assert math.isnan(found.point)
    assert "not surely crossed" in str(found)
    assert f"{found.ends[0].share:.3f}" in str(found)
    assert f"{found.ends[1].share:.3f}" in str(found)


@pytest.mark.usefixtures("urns")
def test_an_end_at_the_level_is_not_resolved():
    """Where an end of the range is as close to the level as its interval is wide, the text asks for more."""
    found = tipping_point(Urn(lambda x: 0.5 + 0.4 * x), HAZARD, "settlement", 100, 1)
    assert not found.resolved
    assert "run more, or widen the range" in str(found)


@pytest.mark.usefixtures("urns")
def test_several_crossings_are_all_reported():
    """A share that rises and falls again crosses twice, and neither crossing is called the tipping point."""
    found = tipping_point(Urn(lambda x: 1 - 4 * (x - 0.5) ** 2), HAZARD, "settlement", 1000, 2, tolerance=0.01)
    assert [c.rising for c in found.crossings] == [True, False]
    assert all(c.low <= truth <= c.high for c, truth in zip(found.crossings, (0.1464, 0.8536), strict=True))
    assert math.isnan(found.point)
    assert not found.converged
    assert str(found).startswith("2 crossings")


@pytest.mark.usefixtures("urns")
def test_whole_numbers_end_at_neighbours():
    """For a whole factor the bracket is two neighbouring whole numbers, whatever the tolerance."""
    count = Factor("count", ("x",), "uniform", (0.0, 20.0), whole=True)
    found = tipping_point(Urn(lambda x: x / 20), count, "settlement", 400, 1, tolerance=1e-6)
    low, high = found.crossings[0].bracket
    assert found.converged
    assert high - low == 1


def test_an_experiment_asks_for_its_tipping_point():
    """The search of an experiment file is the search of its parts, and equal to the last bit when asked again."""
    data = {
        "schema_version": 1,
        "title": "Settlement",
        "scenario": "toys/two_actors",
        "vary": {"hazard": {"path": "deal.outcomes.settlement.per_day", "range": [0.0001, 0.1], "scale": "log"}},
        "design": {"grid": {"levels": 4}},
        "replications": 60,
        "seed": 7,
        "tipping_point": {"factor": "hazard", "measure": "settlement", "tolerance": 0.1},
    }
    experiment = experiment_from(data)
    found = tipping_point_of(experiment, threads=1)
    factor = experiment.factors[0]
    direct = tipping_point(experiment.scenario, factor, "settlement", 60, 7, tolerance=0.1, grid=4, threads=2)
    assert found.to_dict() == direct.to_dict()
    assert found.converged
    del data["tipping_point"]
    with pytest.raises(UsageError, match="no tipping_point"):
        tipping_point_of(experiment_from(data))


@pytest.mark.parametrize("wrong", [{"measure": "peace"}, {"level": 1.0}, {"tolerance": 0}, {"grid": 1}, {"runs": 0}])
def test_arguments_out_of_range_are_refused(wrong):
    """Each wrong argument is a usage error."""
    arguments = {"measure": "settlement", "runs": 10} | wrong
    with pytest.raises(UsageError):
        tipping_point(experiment_from(MAPPING).scenario, RATE, **arguments)
    with pytest.raises(UsageError, match="range or a prior"):
        tipping_point(SCENARIO, Factor("x", ("a",), "choice", (), (1, 2)), "settlement")


RATE = Factor("rate", ("deal.outcomes.settlement.per_day",), "uniform", (0.001, 0.01))
MAPPING = {
    "schema_version": 1,
    "title": "t",
    "scenario": "toys/two_actors",
    "vary": {"rate": {"path": "deal.outcomes.settlement.per_day", "range": [0.001, 0.01]}},
    "design": {"grid": {"levels": 2}},
}
