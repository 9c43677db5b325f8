"""Weights by what was recorded: simulation-based calibration, Kish's number, evidence by date; scores of samples."""

import datetime as dt
import math

import numpy as np
import pytest
from scipy import stats

import sim
from sim.backtest.definition import Counter
from sim.backtest.evidence import Evidence, effective_number, evidence_by, log_likelihood, normalised
from sim.backtest.forecasts import delays
from sim.backtest.pooled import pooled_skill
from sim.backtest.result import shift
from sim.errors import UsageError
from sim.experiments.drawn_runs import drawn_runs
from sim.experiments.factor import Factor
from sim.experiments.uncertain import Uncertain, overrides
from sim.kernel.bound import bound
from sim.record import load_record
from sim.record.observation import Observation
from sim.scoring import crps_ensemble, crps_weighted, floored


def observed(value: float) -> Evidence:
    """Make a fact of this value with an error of 0.3."""
    day = dt.date(2020, 1, 1)
    return Evidence(
        Observation(
            day, day, "x", value, math.nan, math.nan, "persons", "", "s", "high", False, "", "", "", "", day, 1
        ),
        0.3,
    )


def test_the_weighting_is_calibrated():
    """The rank of the truth among weighted draws is uniform if truth and draws share a prior (Talts et al. 2018).

    A number of persons is drawn, a counter with a declared error reports it, and draws are weighted by the report.
    """
    generator = np.random.default_rng(20_200_229)
    ranks = []
    for _ in range(400):
        truth, *drawn = np.expm1(generator.normal(5.0, 0.5, size=1_001))
        report = np.expm1(np.log1p(truth) + generator.normal(0.0, 0.3))
        sample = np.array(drawn)
        weights = normalised(log_likelihood([observed(max(report, 0.0))], [sample]))
        ranks.append(float(weights[sample < truth].sum()))
    assert stats.kstest(ranks, "uniform").pvalue > 0.01
    flat = [float((np.expm1(generator.normal(5.0, 0.5, 200)) < np.expm1(5.6)).mean()) for _ in range(400)]
    assert stats.kstest(flat, "uniform").pvalue < 1e-6  # the test can fail


def test_the_weighting_of_worlds_is_calibrated():
    """The same with worlds: a number behind one of them has a uniform rank among those weighted by what it showed.

    Paces of release are drawn from their prior; of each of 120 worlds a counter reports how many are free by day 60.
    """
    toy, generator = sim.load("toys/two_actors"), np.random.default_rng(20_200_301)
    pace = Factor("pace", ("actors.state.moves.free.release.per_day",), "log_uniform", (2.0, 60.0))
    units = generator.random((400, 1))
    numbers = (Uncertain(pace.name, pace, math.nan),)
    column = bound(toy).series.index("persons_freed(prisoners)")
    freed = np.zeros(len(units))

    def keep(places, values):
        freed[places] = np.nanmax(values[:, :61, column], axis=1)

    drawn_runs(toy.without_provenance(), overrides(numbers, units), 1, 7, own_luck=True, on_series=keep)
    assert freed.std() > 50
    ranks = []
    for truth in range(120):
        report = max(float(np.expm1(np.log1p(freed[truth]) + generator.normal(0.0, 0.3))), 0.0)
        others = np.arange(len(units)) != truth
        weights = normalised(log_likelihood([observed(report)], [freed[others]]))
        assert effective_number(weights) < 0.8 * len(units)
        ranks.append(float(weights[units[others, 0] < units[truth, 0]].sum()))
    assert stats.kstest(ranks, "uniform").pvalue > 0.01


def test_effective_number_and_normalisation():
    """Equal weights count all, one weight one, impossible worlds none."""
    assert effective_number(np.full(40, 1 / 40)) == pytest.approx(40)
    assert effective_number(normalised(np.array([-1e4, 0.0, -np.inf]))) == pytest.approx(1)
    assert effective_number(normalised(np.full(3, -np.inf))) == 0.0
    assert log_likelihood([observed(3.0)], [np.array([3.0, math.nan])])[1] == -np.inf


def test_evidence_is_what_was_published_by_the_date():
    """A window that ended before the date and was published after it is not weighed; of a level the last row is."""
    record, start = load_record("doha_2020"), dt.date(2020, 2, 29)
    attacks = {"counted_attacks(taliban_fighters)": Counter(log_sd=0.25, because="two counters")}
    freed = {"persons_freed(taliban_prisoners)": Counter(log_sd=0.1, because="newspapers")}
    by_may = evidence_by(record, attacks, start, dt.date(2020, 5, 17))
    assert [e.observation.check for e in by_may if e.observation.check] == ["attacks_first_45_days"]
    assert evidence_by(record, attacks, start, dt.date(2020, 4, 17)) == ()
    (level,) = evidence_by(record, freed, start, dt.date(2020, 5, 17))
    assert (level.observation.date, level.observation.value) == (dt.date(2020, 5, 11), 1000)


def test_a_weighted_score_is_that_of_the_sample_it_stands_for():
    """Whole weights are copies, equal weights are none, and a member without weight is not there."""
    generator = np.random.default_rng(3)
    sample, counts = generator.normal(size=30), generator.integers(0, 4, size=30)
    expected = float(crps_ensemble(np.repeat(sample, counts), 0.4))
    assert crps_weighted(sample, counts, 0.4) == pytest.approx(expected)
    assert crps_weighted(sample, np.ones(30), 0.4) == pytest.approx(float(crps_ensemble(sample, 0.4)))
    with pytest.raises(UsageError, match="weights"):
        crps_weighted(sample, np.zeros(30), 0.4)


def test_the_floor_of_log_scores_does_not_depend_on_the_sample():
    """What no member shows costs ln(100 K), and all probabilities still sum to 1."""
    assert -math.log(floored(0.0, 5)) == pytest.approx(math.log(500))
    assert floored([0.25, 0.5, 0.25, 0.0], 4).sum() == pytest.approx(1.0)


def test_base_rates_leave_the_case_out():
    """Each case has delays of its own, which a forecast of it does not use; all follow from dated rows."""
    cases = {case for case, _ in delays()}
    assert cases == {"doha_2020", "northern_ireland_1998", "el_salvador_1992", "aceh_2005", "colombia_2016"}
    assert ("doha_2020", 186) in delays()


def test_shift_is_kolmogorovs_distance():
    """Weights on one half of the unit interval are half away from the prior; none move nothing."""
    units = (np.arange(100) + 0.5) / 100
    assert shift(units, np.where(units > 0.5, 1.0, 0.0)) == pytest.approx(0.5)
    assert shift(units, np.ones(100)) == pytest.approx(0.0)


def test_skill_counts_cases_alike():
    """A case with many targets counts as much as one with few, and a model equal to a yardstick has skill 0."""
    import pandas as pd

    class Result:
        def __init__(self, case: str, own: list[float], other: float) -> None:
            rows = {"case": case, "scale": 1.0, "crps_model": own}
            self.table = pd.DataFrame(
                {**rows, **{f"crps_{y}": other for y in ("persistence", "base_rate", "schedule", "coin")}}
            )

    (skill, *_) = pooled_skill([Result("a", [1.0] * 9, 2.0), Result("b", [3.0], 2.0)])
    assert (skill.skill, skill.better, skill.targets, skill.cases) == (pytest.approx(0.0), 9, 10, 2)
    assert skill.low == pytest.approx(-0.5)
    assert skill.high == pytest.approx(0.5)
