"""Where the record falls among runs: ranks, scores and skill against brute force, and what a malformed match gives."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engine.batch import Batch
from sim.errors import UsageError
from sim.experiments.comparison.record_scores import record_scores
from sim.experiments.comparison.window_value import window_values
from sim.record import load_record

RUNS = 128
HEAD = "date,end_date,series,value,unit,source,confidence,used_to_fit,check,moves_with\n"
START = dt.date(2020, 2, 29)


@pytest.fixture(scope="module")
def batch() -> Batch:
    """Run the baseline."""
    return sim.replicate(sim.load("doha_2020/baseline"), runs=RUNS, seed=3)


@pytest.fixture(scope="module")
def coin() -> Batch:
    """Run coin-flip play on the same luck."""
    return sim.replicate(sim.load("doha_2020/uniform"), runs=RUNS, seed=3)


@pytest.fixture
def written(tmp_path):
    """Write rows (date, end, series, value, unit, check, moves_with) and read them as a record."""

    def write(*rows):
        lines = [f"{a},{b},{c},{d},{e},a newspaper,high,no,{f},{g}\n" for a, b, c, d, e, f, g in rows]
        path = tmp_path / "own.csv"
        path.write_text(HEAD + "".join(lines))
        return load_record(path)

    return write


def milestone(name, day):
    """Return the row of a milestone reached so many days after the start."""
    return (START + dt.timedelta(days=day), "", f"milestone({name})", 1, "reached", "", "")


def row_of(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return the row of one quantity."""
    (row,) = [row for _, row in frame.iterrows() if row["quantity"] == name]
    return row


def test_every_quantity_of_the_built_in_record_has_a_row(batch, coin):
    """Milestones, talks, the outcome with its date and the checked windows all come out, used to fit or not."""
    frame = record_scores(batch, load_record("doha_2020"), baselines={"coin": coin})
    assert list(frame.quantity) == [
        *batch.scenario.milestones,
        "talks_open",
        "kabul",
        "outcome(government_collapse)",
        "attacks_first_45_days",
        "attacks_after_talks",
    ]
    assert frame.crps.notna().all()
    assert frame.log_score.notna().all()
    assert frame.skill_coin.notna().all()
    assert frame.used_to_fit.map(bool).any()
    assert not frame.used_to_fit.map(bool).all()
    assert (frame.runs == RUNS).all()


@pytest.mark.parametrize("day", [0, 31, 48, 90, 187, 640, 700])
def test_percentile_is_the_mid_rank_with_never_later_than_any_date(batch, written, day):
    """The percentile is counted by hand: runs that never get there are above, ties count half."""
    row = row_of(record_scores(batch, written(milestone("all_counted", day))), "all_counted")
    points = 0.0
    for reached in batch.outcomes.all_counted_day:
        reached = math.inf if math.isnan(reached) else reached
        seen = math.inf if day > 640 else day
        points += 1.0 if reached < seen else 0.5 if reached == seen else 0.0
    assert row.percentile == pytest.approx(100 * points / RUNS)
    assert row.runs_with == pytest.approx(batch.outcomes.all_counted_day.notna().mean())
    assert ("after the horizon" in row.note) == (day > 640)


def test_percentiles_of_its_own_runs_average_fifty(batch, written):
    """If history is one of the runs, its percentile is 50 on average, never included."""
    total = 0.0
    for reached in batch.outcomes.all_counted_day:
        day = 5_000 if math.isnan(reached) else int(reached)
        total += row_of(record_scores(batch, written(milestone("all_counted", day))), "all_counted").percentile
    assert total / RUNS == pytest.approx(50.0)


@pytest.mark.parametrize("day", [3, 60, 187, 640, 2_000])
def test_crps_is_the_integral_of_the_brier_score_up_to_the_horizon(batch, written, day):
    """The CRPS of a date equals the integral over all thresholds before the horizon of (F - [came by then])^2."""
    row = row_of(record_scores(batch, written(milestone("thousandth", day))), "thousandth")
    days = batch.outcomes.thousandth_day.fillna(math.inf).to_numpy()
    whole = np.arange(640)  # dates are whole days, so the integrand is constant between them
    chance = (days[None, :] <= whole[:, None]).mean(axis=1)
    assert row.crps == pytest.approx(((chance - (day <= whole)) ** 2).sum())


def test_crps_of_the_outcome_is_its_brier_score(batch, coin):
    """For a yes or no, CRPS is (1 - p)^2 and the log score -ln p, with a hundredth kept for what no run shows."""
    frame = record_scores(batch, load_record("doha_2020"), baselines={"coin": coin})
    row = row_of(frame, "outcome(government_collapse)")
    n = int((batch.outcomes.outcome == "government_collapse").sum())
    assert row.runs_with == n / RUNS
    assert row.crps == pytest.approx((1 - n / RUNS) ** 2)
    assert row.log_score == pytest.approx(-math.log(0.99 * n / RUNS + 0.005))
    assert row.skill_coin == pytest.approx(1 - row.crps / row.crps_coin)
    assert row_of(frame, "kabul").observed == 533


def test_log_score_counts_weeks_and_keeps_a_hundredth(batch, written):
    """The chance of the week observed is its share of runs, with a hundredth spread over all weeks and never."""
    days = batch.outcomes.first_release_day.to_numpy()
    classes = 640 // 7 + 2
    for day in (34, 5_000):
        row = row_of(record_scores(batch, written(milestone("first_release", day))), "first_release")
        hits = np.isnan(days).sum() if day > 640 else (np.floor(days / 7) == day // 7).sum()
        assert row.log_score == pytest.approx(-math.log(0.99 * hits / RUNS + 0.01 / classes))
    early = row_of(record_scores(batch, written(milestone("first_release", 0))), "first_release")
    assert early.log_score == pytest.approx(math.log(100 * classes))
    assert math.isnan(early.log_score_se)


def test_scores_are_proper(batch, coin, written):
    """When history is drawn from its own runs, no yardstick scores better on average than the runs themselves."""
    crps = log = 0.0
    for reached in batch.outcomes.all_counted_day:
        record = written(milestone("all_counted", 5_000 if math.isnan(reached) else int(reached)))
        row = row_of(record_scores(batch, record, baselines={"coin": coin}), "all_counted")
        crps += row.crps_coin - row.crps
        log += row.log_score_coin - row.log_score
    assert crps > 0
    assert log > 0


def test_standard_errors_agree_with_the_jackknife(batch, coin):
    """Errors of CRPS and of paired skill are those of leaving one run out at a time."""
    record = load_record("doha_2020")
    row = row_of(record_scores(batch, record, baselines={"coin": coin}), "captives_complete")
    mine, theirs = (b.outcomes.captives_complete_day.fillna(640.0).to_numpy() for b in (batch, coin))
    scores = np.array(
        [[sim.scoring.crps_ensemble(np.delete(x, k), 152.0) for k in range(RUNS)] for x in (mine, theirs)]
    )
    spread = (RUNS - 1) * scores.var(axis=1)
    assert row.crps_se == pytest.approx(math.sqrt(spread[0]), rel=0.05)
    skills = 1 - scores[0] / scores[1]
    assert row.skill_coin_se == pytest.approx(math.sqrt((RUNS - 1) * skills.var()), rel=0.05)
    rank = batch.outcomes.captives_complete_day.fillna(math.inf)
    points = (rank < 152) + 0.5 * (rank == 152)
    assert row.percentile_se == pytest.approx(100 * points.std(ddof=1) / math.sqrt(RUNS))


def test_windows_are_the_means_of_single_runs(batch):
    """A window of the calendar and one that moves with talks are the means of a run's own counted attacks."""
    record = load_record("doha_2020")
    calendar, moving = window_values(batch, record, record.checks)
    offset = (dt.date(2020, 10, 1) - dt.date(2020, 9, 12)).days
    for k in range(3):
        run = sim.run(batch.scenario, seed=3, replication=k)
        daily = run.series["counted_attacks(taliban_fighters)"].to_numpy()
        assert calendar[k] == pytest.approx(np.nanmean(daily[1:47]))
        opened = run.outcome["talks_day"]
        if math.isnan(opened):
            assert math.isnan(moving[k])
            continue
        window = daily[int(opened) + offset : int(opened) + offset + 92]
        window = window[~np.isnan(window)]
        assert moving[k] == pytest.approx(window.mean()) if len(window) else math.isnan(moving[k])


def test_large_batches_run_their_worlds_again_and_find_the_same(batch):
    """Windows do not depend on whether a batch kept its daily values."""
    record = load_record("doha_2020")
    again = Batch(batch.scenario, batch.seed, batch.rows, 1)
    assert batch.kept_series is not None
    assert again.kept_series is None
    for kept, run_again in zip(
        window_values(batch, record, record.checks), window_values(again, record, record.checks), strict=True
    ):
        np.testing.assert_array_equal(kept, run_again)


def test_counts_need_the_whole_window_and_series_without_entity_are_sums(batch, written):
    """Deaths over a window are summed over all forces, in runs that went on through it."""
    record = written(
        (
            START + dt.timedelta(days=1),
            START + dt.timedelta(days=300),
            "daily_deaths",
            900,
            "deaths over the window",
            "dead",
            "",
        )
    )
    row = row_of(record_scores(batch, record), "dead")
    names = [name for name in batch.series_names if name.startswith("daily_deaths(") and "," not in name]
    assert len(names) == 3
    places = [batch.series_names.index(name) for name in names]
    sums = batch.kept_series[:, 1:301, places].sum(axis=(1, 2))
    whole = ~np.isnan(sums)
    assert row.runs_with == pytest.approx(whole.mean())
    assert row["median"] == np.quantile(sums[whole], 0.5, method="inverted_cdf")
    assert row.percentile == pytest.approx(100 * ((sums[whole] < 900) + 0.5 * (sums[whole] == 900)).mean())
    assert "given the" in row.note


def test_what_cannot_be_compared_is_nan_with_a_reason(batch, written):
    """Missing milestones, series, windows and dates before the start give NaN and a note, and no row is dropped."""
    record = written(
        milestone("first_release", -3),
        milestone("elsewhere", 10),
        (START, "", "daily_attacks(nobody)", 3, "attacks per day", "no_such_force", ""),
        ("2019-10-01", "2019-12-31", "daily_attacks", 3, "attacks per day", "last_year", ""),
        (START, "", "daily_attacks", 3, "attacks per day", "after_elsewhere", "elsewhere"),
    )
    frame = record_scores(batch, record)
    for name, reason in {
        "first_release": "before the scenario begins",
        "thousandth": "the record has no such milestone",
        "talks_open": "the record has no such milestone",
        "elsewhere": "declares no milestone elsewhere",
        "no_such_force": "no daily series daily_attacks(nobody)",
        "last_year": "not within the days",
        "after_elsewhere": "declares no milestone elsewhere",
    }.items():
        row = row_of(frame, name)
        assert math.isnan(row.percentile)
        assert math.isnan(row.crps)
        assert reason in row.note
    assert row_of(frame, "thousandth")["median"] > 0  # what the runs say stands all the same


def test_another_day_0_compares_nothing(batch, written):
    """A record that says when it begins is not held against a scenario that begins on another day."""
    record = written(milestone("first_release", 39), ("2020-03-01", "", "start", 1, "reached", "", ""))
    frame = record_scores(batch, record, baselines={"itself": batch})
    assert frame.percentile.isna().all()
    assert frame.crps_itself.isna().all()
    assert frame.note.str.contains("the record begins on 2020-03-01, the scenario on 2020-02-29").all()


def test_a_yardstick_with_another_horizon_has_no_skill(batch, written):
    """Scores of dates are censored at the horizon, so those of different horizons are not divided."""
    short = sim.replicate(batch.scenario.replace({"horizon_days": 300}), runs=8, seed=3)
    row = row_of(record_scores(batch, written(milestone("thousandth", 70)), baselines={"short": short}), "thousandth")
    assert math.isnan(row.skill_short)
    assert row.crps_short > 0
    assert "short ends after 300 days" in row.note


def test_an_outcome_after_the_horizon_is_not_scored_as_a_class(batch, written):
    """Runs that stop before history did cannot tell how it ended; its date is later than all of theirs."""
    frame = record_scores(batch, written(("2030-01-01", "", "outcome(settlement)", 1, "reached", "the_end", "")))
    assert math.isnan(row_of(frame, "outcome(settlement)").crps)
    assert "after the horizon" in row_of(frame, "outcome(settlement)").note
    assert row_of(frame, "the_end").percentile >= 50.0


def test_the_skill_against_itself_is_nothing(batch):
    """A yardstick that is the batch itself gives skill 0 with standard error 0."""
    frame = record_scores(batch, load_record("doha_2020"), baselines={"itself": batch})
    assert (frame.skill_itself == 0.0).all()
    assert (frame.skill_itself_se == 0.0).all()


def test_yardsticks_have_names(batch):
    """A name that makes no column name is refused."""
    with pytest.raises(UsageError, match="a text such as"):
        record_scores(batch, load_record("doha_2020"), baselines={"": batch})
