"""Compare the plain SimPy model with the compiled one: outcomes, dates, means, and time per run.

Shares of outcomes are compared one by one (z of a difference of two shares) and together (chi-square of the 2 x k table
of counts; outcomes that are rare in both are merged until 5 are expected in each cell). Means are compared by the z of
Welch. A date that did not come counts as the horizon in means and as later than any other in medians, whose standard
errors come from order statistics: half the distance between those sqrt(n) / 2 places either side of the middle.

Times are CPU seconds of the process, which count all threads of a batch, so the ratio is per core. Blocks of the two
take turns and each block runs the same worlds again; the fastest block of each counts, as noise only slows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plain_numbers import ACTORS, MILESTONES, read_numbers
from plain_run import Run

OUTCOMES = ("settlement", "talks_open", "stalemate", "deal_void", "civil_war", "government_collapse")
DATES = {"outcome_day": "outcome_day", "talks_day": "talks_day"} | {name: f"{name}_day" for name in MILESTONES}
AMOUNTS = {
    "attacks": "attacks",
    "deaths": "deaths",
    "civilian_deaths": "civilian_deaths",
    "released": "released",
    "counted": "counted_taliban_prisoners",
    "returned": "returned_taliban_prisoners",
    "troops": "troops_us_troops",
    "balance_of_force": "balance_of_force",
} | {f"payoff_{name}": f"payoff_{name}" for name in ACTORS}
"""Names of the plain model and columns of `sim.Batch.outcomes`."""


def columns_of(rows: list[dict[str, Any]]) -> dict[str, NDArray[Any]]:
    """Return the rows of the plain model as columns; dates that did not come are NaN."""
    numeric = {name: np.array([np.nan if r[name] is None else r[name] for r in rows]) for name in [*DATES, *AMOUNTS]}
    return {"outcome": np.array([row["outcome"] for row in rows]), **numeric}


def compiled_columns(outcomes: Any) -> dict[str, NDArray[Any]]:
    """Return the same columns of the compiled model's outcomes, a DataFrame."""
    names = {"outcome": "outcome", **DATES, **AMOUNTS}
    return {name: outcomes[column].to_numpy() for name, column in names.items()}


def share_rows(plain: NDArray[Any], compiled: NDArray[Any]) -> dict[str, dict[str, float]]:
    """Return each outcome's share with its standard error in both models, and the z of the difference."""
    rows = {}
    n, m = len(plain), len(compiled)
    for name in OUTCOMES:
        a, b = float(np.mean(plain == name)), float(np.mean(compiled == name))
        pooled = (a * n + b * m) / (n + m)
        error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)) ** 0.5
        rows[name] = {
            "plain": a,
            "plain_se": (a * (1.0 - a) / n) ** 0.5,
            "compiled": b,
            "compiled_se": (b * (1.0 - b) / m) ** 0.5,
            "z": (a - b) / error if error > 0.0 else 0.0,
        }
    return rows


def chi_square_p(plain: NDArray[Any], compiled: NDArray[Any]) -> float:
    """Return the p-value of the hypothesis that both models have the same shares."""
    from scipy.stats import chi2_contingency

    counts = np.array([[np.sum(model == name) for name in OUTCOMES] for model in (plain, compiled)], dtype=np.float64)
    counts = counts[:, np.argsort(counts.sum(axis=0))]
    smallest = counts.sum(axis=1).min() / counts.sum()
    while counts.shape[1] > 2 and counts[:, 0].sum() * smallest < 5.0:
        counts = np.column_stack([counts[:, 0] + counts[:, 1], counts[:, 2:]])
        counts = counts[:, np.argsort(counts.sum(axis=0))]
    return float(chi2_contingency(counts, correction=False).pvalue)


def mean_row(plain: NDArray[np.float64], compiled: NDArray[np.float64]) -> dict[str, float]:
    """Return both means with their standard errors and the z of their difference."""
    errors = [float(np.std(x, ddof=1) / len(x) ** 0.5) for x in (plain, compiled)]
    difference = float(plain.mean() - compiled.mean())
    error = (errors[0] ** 2 + errors[1] ** 2) ** 0.5
    return {
        "plain": float(plain.mean()),
        "plain_se": errors[0],
        "compiled": float(compiled.mean()),
        "compiled_se": errors[1],
        "z": difference / error if error > 0.0 else 0.0,
    }


def median_row(plain: NDArray[np.float64], compiled: NDArray[np.float64]) -> dict[str, float | None]:
    """Return the medians of a date in both models with their standard errors and z; None where most runs lack it.

    Dates are whole days, so a standard error is taken as at least the 0.29 days of rounding.
    """
    row: dict[str, float | None] = {"z": None}
    for model, dates in (("plain", plain), ("compiled", compiled)):
        ordered = np.sort(np.where(np.isnan(dates), np.inf, dates))
        n = len(ordered)
        low, middle, high = (ordered[min(int(n / 2 + k * n**0.5 / 2), n - 1)] for k in (-1, 0, 1))
        row[model] = float(middle) if np.isfinite(high) else None
        row[f"{model}_se"] = max(float(high - low) / 2.0, 12**-0.5) if np.isfinite(high) else None
    if row["plain"] is not None and row["compiled"] is not None:
        row["z"] = (row["plain"] - row["compiled"]) / float(np.hypot(row["plain_se"] or 0.0, row["compiled_se"] or 0.0))
    return row


def agreement(plain: dict[str, NDArray[Any]], compiled: dict[str, NDArray[Any]], horizon: float) -> dict[str, Any]:
    """Return all comparisons of two sets of runs.

    Parameters
    ----------
    plain, compiled : dict of str to ndarray
        Columns, from `columns_of` and `compiled_columns`.
    horizon : float
        Days; what a date that did not come counts in means.

    Returns
    -------
    dict
        Shares, the chi-square test's p-value, medians of dates, means, and the largest z among shares and means.
    """
    means = {
        name: mean_row(*(np.where(np.isnan(model[name]), horizon, model[name]) for model in (plain, compiled)))
        for name in DATES
    }
    means |= {name: mean_row(plain[name], compiled[name]) for name in AMOUNTS}
    shares = share_rows(plain["outcome"], compiled["outcome"])
    return {
        "runs": {"plain": len(plain["outcome"]), "compiled": len(compiled["outcome"])},
        "shares": shares,
        "chi_square_p": chi_square_p(plain["outcome"], compiled["outcome"]),
        "medians": {name: median_row(plain[name], compiled[name]) for name in DATES},
        "means": means,
        "largest_z": max(abs(row["z"]) for row in [*shares.values(), *means.values()]),
    }


def cpu_seconds(run: Callable[[], object]) -> float:
    """Return the CPU time of this process, all threads, for a call."""
    began = time.process_time()
    run()
    return time.process_time() - began


def compare(
    rows: list[dict[str, Any]], seed: int, compiled_runs: int, blocks: int, block_runs: int, threads: int | None = 1
) -> dict[str, Any]:
    """Run the compiled model, compare, and time both in turns.

    Parameters
    ----------
    rows : list of dict
        Runs of the plain model.
    seed : int
        Of the compiled model.
    compiled_runs : int
        How many of it.
    blocks, block_runs : int
        Timed blocks of each model, and plain runs in a block; a compiled block has ten times as many.
    threads : int or None
        Of the compiled model while it is timed.

    Returns
    -------
    dict
        What `agreement` returns and ``timing``.
    """
    import sim

    numbers, scenario = read_numbers(), sim.load("doha_2020/baseline")
    batch = sim.replicate(scenario, runs=compiled_runs, seed=seed)
    report = agreement(columns_of(rows), compiled_columns(batch.outcomes), numbers.horizon)
    plain_ms, compiled_ms = [], []
    for _ in range(blocks):
        seconds = cpu_seconds(lambda: [Run(numbers, seed, k).simulate() for k in range(block_runs)])
        plain_ms.append(1e3 * seconds / block_runs)
        seconds = cpu_seconds(lambda: sim.replicate(scenario, runs=10 * block_runs, seed=seed, threads=threads))
        compiled_ms.append(1e3 * seconds / (10 * block_runs))
    report["timing"] = {
        "plain_ms_per_run": min(plain_ms),
        "compiled_ms_per_run": min(compiled_ms),
        "ratio_per_core": min(plain_ms) / min(compiled_ms),
        "all_plain_ms": plain_ms,
        "all_compiled_ms": compiled_ms,
    }
    return report
