"""Bands of daily series over many runs: exact while that fits in memory, integer histograms beyond.

Up to `EXACT_RUNS` runs the daily values of a series are all kept and quantiles are exact (linear between order
statistics). Above, each day has a histogram of `BINS` equal bins between bounds taken from the first `PILOT_RUNS` runs
(which are the same whatever the number of runs), widened by a quarter, plus one bin on either side; counts are
integers, so merging them is exact and does not depend on order, and a quantile is known to within the width of a bin,
which is reported.

Runs that have ended take no part in later days; how many still run is a column of its own.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.threads import CHUNK, run_batch
from sim.kernel.bound import Bound

EXACT_RUNS = 10_000
PILOT_RUNS = 2_000
BINS = 1_024
TOTAL = 0
"""The window that stands for the total since the start."""


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Quantiles of one daily series.

    Attributes
    ----------
    name : str
        The series.
    probabilities : tuple of float
        Of the quantiles.
    values : ndarray, shape (days + 1, quantiles)
        NaN on days on which no run was going on.
    running : ndarray of int64, shape (days + 1,)
        Runs that were going on.
    resolution : float
        Largest width of a bin; 0 if the quantiles are exact.
    """

    name: str
    probabilities: tuple[float, ...]
    values: NDArray[np.float64]
    running: NDArray[np.int64]
    resolution: float


def series_bands(
    bound: Bound,
    seed: int,
    runs: int,
    columns: tuple[int, ...],
    probabilities: tuple[float, ...],
    threads: int | None,
    mean_days: tuple[int, ...] | None = None,
    daily_values: NDArray[np.float64] | None = None,
) -> list[Bands]:
    """Return the bands of some series; their worlds run again unless their values are given.

    Parameters
    ----------
    bound : Bound
        The scenario.
    seed : int
        As int64.
    runs : int
        Replications 0 to ``runs - 1``.
    columns : tuple of int
        Places in `bound.series`.
    probabilities : tuple of float
        Of the quantiles, each in [0, 1].
    threads : int or None
        As in `run_batch`.
    mean_days : tuple of int, optional
        For each column, take the quantiles of each run `over_days`; 1 if left out.
    daily_values : ndarray, shape (runs, days + 1, len(columns)), optional
        Daily values of these runs; quantiles are then exact whatever their number.
    """
    windows = (1,) * len(columns) if mean_days is None else mean_days
    if runs <= EXACT_RUNS or daily_values is not None:
        if daily_values is None:
            values = _all_values(bound, seed, runs, columns, threads, windows)
        else:
            values = _windowed(daily_values, tuple(range(len(columns))), windows)
        return [_exact(bound.series[c], values[:, :, i], probabilities) for i, c in enumerate(columns)]
    pilot = _all_values(bound, seed, PILOT_RUNS, columns, threads, windows)
    return _histograms(bound, seed, runs, columns, probabilities, threads, pilot, windows)


def centred_mean(values: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    """Return the mean of each run's daily values over a window around each day.

    Day 0 takes no part, because no day has passed on it and daily counts are 0 there; at either end of a run the window
    is cut to the days that the run has.

    Parameters
    ----------
    values : ndarray, shape (runs, days, series)
        NaN after a run has ended.
    days : int
        Length of the window; 1 returns `values` as they are.

    Returns
    -------
    ndarray, shape (runs, days, series)
        NaN where `values` is, and on day 0.

    Examples
    --------
    >>> centred_mean(np.array([0.0, 3.0, 6.0, 9.0, np.nan]).reshape(1, 5, 1), 3).ravel()
    array([nan, 4.5, 6. , 7.5, nan])
    """
    if days == 1:
        return values
    valid = ~np.isnan(values)
    valid[:, 0] = False
    shape = (values.shape[0], 1, values.shape[2])
    sums = np.concatenate([np.zeros(shape), np.cumsum(np.where(valid, values, 0.0), axis=1)], axis=1)
    counts = np.concatenate([np.zeros(shape), np.cumsum(valid, axis=1)], axis=1)
    place = np.arange(values.shape[1])
    low = np.maximum(place - (days - 1) // 2, 0)
    high = np.minimum(place + days // 2 + 1, values.shape[1])
    number = counts[:, high] - counts[:, low]
    mean: NDArray[np.float64] = np.where(valid, (sums[:, high] - sums[:, low]) / np.maximum(number, 1.0), np.nan)
    return mean


def over_days(values: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    """Return each run's mean over a window around each day, or with `TOTAL` days its total since the start.

    Parameters
    ----------
    values : ndarray, shape (runs, days, series)
        NaN after a run has ended.
    days : int
        As in `centred_mean`, or `TOTAL`.

    Returns
    -------
    ndarray, shape (runs, days, series)
        NaN where `values` is.

    Examples
    --------
    >>> over_days(np.array([0.0, 3.0, 0.0, 2.0, np.nan]).reshape(1, 5, 1), TOTAL).ravel()
    array([ 0.,  3.,  3.,  5., nan])
    """
    if days != TOTAL:
        return centred_mean(values, days)
    totals: NDArray[np.float64] = np.cumsum(values, axis=1)
    return totals


def _windowed(series: NDArray[np.float64], columns: tuple[int, ...], windows: tuple[int, ...]) -> NDArray[np.float64]:
    """Pick columns of the series of a chunk, each as its mean over a window."""
    values = series[:, :, columns]
    for i, days in enumerate(windows):
        if days != 1:
            values[:, :, i : i + 1] = over_days(values[:, :, i : i + 1], days)
    return values


def _all_values(
    bound: Bound, seed: int, runs: int, columns: tuple[int, ...], threads: int | None, windows: tuple[int, ...]
) -> NDArray[np.float64]:
    values = np.empty((runs, bound.days + 1, len(columns)))

    def store(first: int, series: NDArray[np.float64]) -> None:
        values[first : first + len(series)] = _windowed(series, columns, windows)

    run_batch(bound, seed, np.arange(runs), threads=threads, on_series=store)
    return values


def _exact(name: str, values: NDArray[np.float64], probabilities: tuple[float, ...]) -> Bands:
    running = (~np.isnan(values)).sum(axis=0).astype(np.int64)
    ordered = np.sort(values, axis=0)  # NaN last
    quantiles = np.full((values.shape[1], len(probabilities)), np.nan)
    days = np.flatnonzero(running)
    for k, probability in enumerate(probabilities):
        place = probability * (running[days] - 1)
        below = np.floor(place).astype(np.int64)
        low, high = ordered[below, days], ordered[np.minimum(below + 1, running[days] - 1), days]
        part = place - below
        quantiles[days, k] = np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1.0 - part))
    return Bands(name, probabilities, quantiles, running, 0.0)


def _histograms(
    bound: Bound,
    seed: int,
    runs: int,
    columns: tuple[int, ...],
    probabilities: tuple[float, ...],
    threads: int | None,
    pilot: NDArray[np.float64],
    windows: tuple[int, ...],
) -> list[Bands]:
    days = pilot.shape[1]
    filled = np.where(np.isnan(pilot), np.inf, pilot)
    low = filled.min(axis=0)
    high = np.where(np.isnan(pilot), -np.inf, pilot).max(axis=0)
    empty = low > high
    low, high = np.where(empty, 0.0, low), np.where(empty, 1.0, high)
    margin = 0.25 * (high - low) + 1e-9
    low, high = low - margin, high + margin
    width = (high - low) / BINS
    counts = np.zeros((days, len(columns), BINS + 2), dtype=np.int64)
    lock = threading.Lock()
    day_index = np.arange(days)[None, :, None]
    column_index = np.arange(len(columns))[None, None, :]

    def tally(_first: int, series: NDArray[np.float64]) -> None:
        values = _windowed(series, columns, windows)
        valid = ~np.isnan(values)
        places = np.zeros(values.shape, dtype=np.int64)
        scaled = np.clip((values - low) / width, -1.0, float(BINS))
        places[valid] = np.floor(scaled[valid]).astype(np.int64) + 1
        with lock:
            where = np.broadcast_arrays(day_index, column_index, places)
            np.add.at(counts, tuple(w[valid] for w in where), 1)

    run_batch(bound, seed, np.arange(runs), threads=threads, chunk=CHUNK, on_series=tally)
    bands = []
    for i, column in enumerate(columns):
        running = counts[:, i].sum(axis=1)
        cumulative = counts[:, i].cumsum(axis=1)
        quantiles = np.full((days, len(probabilities)), np.nan)
        for day in np.flatnonzero(running):
            for k, probability in enumerate(probabilities):
                place = int(np.searchsorted(cumulative[day], probability * running[day], side="left"))
                quantiles[day, k] = low[day, i] + (min(max(place, 1), BINS) - 0.5) * width[day, i]
        bands.append(Bands(bound.series[column], probabilities, quantiles, running, float(width[:, i].max())))
    return bands
