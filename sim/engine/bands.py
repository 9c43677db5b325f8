"""Bands of daily series over many runs: exact while that fits in memory, integer histograms beyond.

Up to `EXACT_RUNS` runs the daily values of a series are all kept and quantiles are exact (linear between order statistics).
Above, each day has a histogram of `BINS` equal bins between bounds taken from the first `PILOT_RUNS` runs (which are the same
whatever the number of runs), widened by a quarter, plus one bin on either side; counts are integers, so merging them is
exact and does not depend on order, and a quantile is known to within the width of a bin, which is reported.

Runs that have ended take no part in later days; how many still run is a column of its own.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import CHUNK, run_batch
from sim.engine.bound import Bound

EXACT_RUNS = 10_000
PILOT_RUNS = 2_000
BINS = 1_024


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
) -> list[Bands]:
    """Run worlds again and return the bands of some of their series.

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
    """
    if runs <= EXACT_RUNS:
        values = _all_values(bound, seed, runs, columns, threads)
        return [_exact(bound.series[c], values[:, :, i], probabilities) for i, c in enumerate(columns)]
    pilot = _all_values(bound, seed, PILOT_RUNS, columns, threads)
    return _histograms(bound, seed, runs, columns, probabilities, threads, pilot)


def _all_values(
    bound: Bound, seed: int, runs: int, columns: tuple[int, ...], threads: int | None
) -> NDArray[np.float64]:
    kept = np.empty((runs, bound.days + 1, len(columns)))

    def keep(first: int, series: NDArray[np.float64]) -> None:
        kept[first : first + len(series)] = series[:, :, columns]

    run_batch(bound, seed, np.arange(runs), threads=threads, on_series=keep)
    return kept


def _exact(name: str, values: NDArray[np.float64], probabilities: tuple[float, ...]) -> Bands:
    days = values.shape[1]
    running = (~np.isnan(values)).sum(axis=0).astype(np.int64)
    quantiles = np.full((days, len(probabilities)), np.nan)
    for day in range(days):
        if running[day]:
            column = values[:, day]
            quantiles[day] = np.quantile(column[~np.isnan(column)], probabilities)
    return Bands(name, probabilities, quantiles, running, 0.0)


def _histograms(
    bound: Bound,
    seed: int,
    runs: int,
    columns: tuple[int, ...],
    probabilities: tuple[float, ...],
    threads: int | None,
    pilot: NDArray[np.float64],
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
        values = series[:, :, columns]
        known = ~np.isnan(values)
        places = np.zeros(values.shape, dtype=np.int64)
        scaled = np.clip((values - low) / width, -1.0, float(BINS))
        places[known] = np.floor(scaled[known]).astype(np.int64) + 1
        with lock:
            where = np.broadcast_arrays(day_index, column_index, places)
            np.add.at(counts, tuple(w[known] for w in where), 1)

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
