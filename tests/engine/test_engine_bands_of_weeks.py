"""Bands as arrays: exact quantiles, means over windows, and histograms that agree with them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import sim
from sim.engine import bands as bands_module
from sim.engine.bands import TOTAL, _exact, centred_mean, over_days
from sim.errors import UsageError

PROBABILITIES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
NAMES = ("daily_attacks(taliban_fighters)", "troop_count(us_troops)")


def ended(values, lengths):
    """Put NaN where runs have ended."""
    return np.where(np.arange(values.shape[1])[None, :] < np.asarray(lengths)[:, None], values, np.nan)


@given(arrays(np.float64, (9, 12), elements=st.floats(-1e6, 1e6)), st.lists(st.integers(0, 12), min_size=9, max_size=9))
def test_quantiles_are_those_of_numpy(values, lengths):
    """Each day's quantiles are numpy's, over the runs that still go on, to the bit."""
    runs = ended(values, lengths)
    found = _exact("x", runs, PROBABILITIES)
    for day in range(runs.shape[1]):
        going_on = runs[~np.isnan(runs[:, day]), day]
        assert found.running[day] == len(going_on)
        if len(going_on):
            assert np.array_equal(found.values[day], np.quantile(going_on, PROBABILITIES))
        else:
            assert np.isnan(found.values[day]).all()


@given(
    arrays(np.float64, (4, 20), elements=st.floats(0, 1e4)),
    st.lists(st.integers(0, 20), min_size=4, max_size=4),
    st.integers(2, 9),
)
def test_centred_mean_is_the_mean_around_each_day(values, lengths, days):
    """The mean is over the days of the window that the run has, without day 0."""
    runs = ended(values, lengths)
    kept = runs.copy()
    found = centred_mean(runs[:, :, None], days)[:, :, 0]
    assert np.array_equal(runs, kept, equal_nan=True)
    for row, line in enumerate(runs):
        for day in range(20):
            if day == 0 or np.isnan(line[day]):
                assert np.isnan(found[row, day])
                continue
            low, high = max(day - (days - 1) // 2, 1), day + days // 2 + 1
            window = line[low:high]
            assert found[row, day] == pytest.approx(window[~np.isnan(window)].mean(), abs=1e-7)


@given(arrays(np.float64, (4, 20), elements=st.integers(0, 9)), st.lists(st.integers(0, 20), min_size=4, max_size=4))
def test_totals_add_up_what_each_run_has_had(values, lengths):
    """The total of a day is the sum of the days up to it, unknown once the run has ended."""
    runs = ended(values, lengths)
    found = over_days(runs[:, :, None], TOTAL)[:, :, 0]
    for row, length in zip(range(4), lengths, strict=True):
        assert found[row, :length].tolist() == [values[row, : day + 1].sum() for day in range(length)]
        assert np.isnan(found[row, length:]).all()


@pytest.fixture(scope="module")
def batch():
    """Run the baseline some times."""
    return sim.replicate(sim.load("doha_2020/baseline"), runs=60, seed=7)


def test_arrays_say_what_the_frame_says(batch):
    """`series_bands` and `bands` are one thing in two forms."""
    frame = batch.bands(list(NAMES))
    for band in batch.series_bands(NAMES):
        part = frame.loc[band.name]
        assert np.array_equal(part[[f"q{p:g}" for p in band.probabilities]].to_numpy(), band.values, equal_nan=True)
        assert np.array_equal(part["running"].to_numpy(), band.running)


def test_each_name_has_its_window(batch):
    """A window on one series leaves the others as they are, and histograms agree within their resolution."""
    weekly, troops = batch.series_bands(NAMES, mean_days=(7, 1))
    assert np.array_equal(troops.values, batch.series_bands(NAMES)[1].values, equal_nan=True)
    assert weekly.running[0] == 0
    assert weekly.running[1] == 60
    spread = np.nanmean(weekly.values[:, -1] - weekly.values[:, 0])
    daily = batch.series_bands(NAMES[:1])[0]
    assert spread < np.nanmean(daily.values[:, -1] - daily.values[:, 0])


def test_histograms_take_the_same_windows(batch, monkeypatch):
    """Above the exact number of runs, the median of weekly means is the exact one within a bin and a rank.

    Of fewer than twenty runs, a twentieth of them is less than a rank.
    """
    exact = batch.series_bands(NAMES[:1], (0.45, 0.55), (7,))[0]
    monkeypatch.setattr(bands_module, "EXACT_RUNS", 30)
    monkeypatch.setattr(bands_module, "PILOT_RUNS", 60)
    binned = batch.series_bands(NAMES[:1], (0.5,), (7,))[0]
    shown = ~np.isnan(binned.values[:, 0]) & (exact.running >= 20)
    assert shown.sum() > 5
    assert np.array_equal(binned.running, exact.running)
    assert (binned.values[shown, 0] >= exact.values[shown, 0] - binned.resolution).all()
    assert (binned.values[shown, 0] <= exact.values[shown, 1] + binned.resolution).all()


def test_what_does_not_fit_is_refused(batch):
    """A series that is not there, a probability beyond 1 and a window too few are usage errors."""
    with pytest.raises(UsageError, match="no series is called"):
        batch.series_bands(["peace"])
    with pytest.raises(UsageError, match="numbers in"):
        batch.series_bands(NAMES, (1.5,))
    with pytest.raises(UsageError, match="for each name"):
        batch.series_bands(NAMES, mean_days=(7,))
    with pytest.raises(UsageError, match="for each name"):
        batch.series_bands(NAMES, mean_days=(7, -1))
