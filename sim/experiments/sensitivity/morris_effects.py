r"""Morris's elementary effects of a stochastic output: mu, mu*, sigma, and what of them is luck.

Along a trajectory each factor moves once by delta of its unit range; the elementary effect is the change of the
output over delta. Over trajectories, mu is their mean, mu* the mean of their absolute values (how much a factor
matters), sigma their standard deviation (how far its effect hangs on the other factors or is curved). SALib computes
them from means of replications.

Luck moves an elementary effect too. With n replications known in a trajectory, the effect has the variance s^2 / n of
its paired differences, by which the square of sigma is too large on average; and a factor without any effect would
have

.. math:: \mu^*_0 = \sqrt{2 / \pi}\; s / \sqrt n

(the mean absolute value of a normal error), so mu* is to be read against it.

References
----------
Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. Technometrics 33, 161-174.
Campolongo, F., Cariboni, J. and Saltelli, A. (2007). An effective screening design for sensitivity analysis of large
models. Environmental Modelling and Software 22, 1509-1518.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.wilson_interval import Z
from sim.errors import UsageError
from sim.experiments.sensitivity.failed_runs import MOST_LEFT_OUT, FailedRuns, whole_blocks


@dataclass(frozen=True, slots=True, eq=False)
class MorrisEffects:
    """Elementary effects, summed up; units are the output's per unit range of the factor.

    Attributes
    ----------
    names : tuple of str
        Of the factors.
    mu, mu_star, sigma : ndarray of float64, shape (names,)
        As SALib computes them from means of replications.
    mu_star_error : ndarray of float64, shape (names,)
        Standard error of mu*, by SALib's bootstrap over trajectories.
    mu_star_of_luck : ndarray of float64, shape (names,)
        What mu* would be, on average, of a factor without effect; NaN with one replication.
    sigma_without_luck : ndarray of float64, shape (names,)
        Sigma with the variance that luck brings taken out; NaN with one replication.
    trajectories, replications : int
        What they were estimated from.
    failures : FailedRuns
        And what was left out.
    """

    names: tuple[str, ...]
    mu: NDArray[np.float64]
    mu_star: NDArray[np.float64]
    sigma: NDArray[np.float64]
    mu_star_error: NDArray[np.float64]
    mu_star_of_luck: NDArray[np.float64]
    sigma_without_luck: NDArray[np.float64]
    trajectories: int
    replications: int
    failures: FailedRuns

    @property
    def mu_star_interval(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Ends of the 95 % intervals of mu*."""
        return self.mu_star - Z * self.mu_star_error, self.mu_star + Z * self.mu_star_error


def trajectory_step(points: NDArray[np.float64]) -> float | None:
    """Return delta, by which factors move, if the points are Morris's trajectories; None if they are not.

    Parameters
    ----------
    points : ndarray of float64, shape (rows, factors)
        In the unit cube, in the order in which the design has them.

    Examples
    --------
    >>> import numpy as np
    >>> trajectory_step(np.array([[0, 0], [2 / 3, 0], [2 / 3, 2 / 3], [1, 1], [1, 1 / 3], [1 / 3, 1 / 3]]))
    0.6666666666666667
    """
    rows, factors = points.shape
    if rows % (factors + 1):
        return None
    moves = np.abs(np.diff(points.reshape(-1, factors + 1, factors), axis=1))
    once = (moves > 1e-9).sum(axis=1) == 1
    one_each = (moves > 1e-9).sum(axis=2) == 1
    steps = moves[moves > 1e-9]
    if not (once.all() and one_each.all()) or np.ptp(steps) > 1e-9 or not 0.5 < steps.mean() <= 1.0:
        return None
    return float(np.median(steps))


def morris_effects(
    names: tuple[str, ...],
    points: NDArray[np.float64],
    runs: NDArray[np.float64],
    *,
    seed: int = 0,
    resamples: int = 1_000,
    most_left_out: float = MOST_LEFT_OUT,
) -> MorrisEffects:
    """Screen factors by Morris's method.

    Parameters
    ----------
    names : tuple of str
        Of the factors.
    points : ndarray of float64, shape (rows, factors)
        Trajectories in the unit cube.
    runs : ndarray of float64, shape (rows, replications)
        The output; NaN where a run failed.
    seed, resamples : int
        Of the bootstrap.
    most_left_out : float
        Largest share of trajectories that failed runs may cost. A replication that failed in one row of a trajectory
        is left out of all its rows.

    Returns
    -------
    MorrisEffects

    Raises
    ------
    UsageError
        If the points are no trajectories, or too many would be left out.

    Examples
    --------
    >>> import numpy as np
    >>> points = np.array([[0, 0], [2 / 3, 0], [2 / 3, 2 / 3], [1, 1], [1, 1 / 3], [1 / 3, 1 / 3]])
    >>> runs = (3.0 * points[:, 0] - points[:, 1])[:, None]
    >>> found = morris_effects(("x", "y"), points, runs)
    >>> found.mu.round(6).tolist(), found.mu_star.round(6).tolist()
    ([3.0, -1.0], [3.0, 1.0])
    """
    step = trajectory_step(points)
    if step is None or points.shape != (len(runs), len(names)):
        raise UsageError(f"points: found shape {points.shape}, expected Morris's trajectories of {len(names)} factors")
    # imported here: it takes over a second
    from SALib.analyze import morris

    count = len(names)
    by_path = runs.reshape(-1, count + 1, runs.shape[1])
    counted = np.logical_not(np.isnan(by_path).any(axis=1))
    complete: NDArray[np.bool_] = counted.sum(axis=1) >= min(2, runs.shape[1])
    paths, failures = whole_blocks(by_path, complete, most_left_out)
    paths = np.where(counted[complete][:, None, :], paths, np.nan)
    where = points.reshape(-1, count + 1, count)[complete]
    levels = 2 if step > 1.0 - 1e-9 else round(2.0 * step / (2.0 * step - 1.0))
    problem = {"num_vars": count, "names": list(names), "bounds": [[0.0, 1.0]] * count}
    analysis = morris.analyze(
        problem,
        where.reshape(-1, count),
        np.nanmean(paths, axis=2).ravel(),
        num_resamples=resamples,
        num_levels=levels,
        seed=seed,
    )
    variance = _variance_of_luck(where, paths, step)
    sigma = np.asarray(analysis["sigma"], dtype=np.float64)
    return MorrisEffects(
        names,
        np.asarray(analysis["mu"], dtype=np.float64),
        np.asarray(analysis["mu_star"], dtype=np.float64),
        sigma,
        np.asarray(analysis["mu_star_conf"], dtype=np.float64) / Z,
        math.sqrt(2.0 / math.pi) * np.sqrt(variance),
        np.sqrt(np.maximum(sigma**2 - variance, 0.0)),
        len(paths),
        runs.shape[1],
        failures,
    )


def morris_advice(effects: MorrisEffects, widest: float) -> str | None:
    """Say what to do if mu* is too uncertain, None if it is not.

    Parameters
    ----------
    effects : MorrisEffects
        As `morris_effects` found them.
    widest : float
        Wanted width of the widest 95 % interval of mu*, over the largest mu*.

    Returns
    -------
    str or None
    """
    largest = float(effects.mu_star.max())
    if largest <= 0.0:
        return "no factor ever moved the output. Widen the ranges, or analyse another output"
    width = float(2.0 * Z * effects.mu_star_error.max()) / largest
    if width <= widest:
        return None
    reason = f"the widest 95 % interval of mu* is {width:.3g} of the largest mu*, expected at most {widest:g}"
    times = (width / widest) ** 2
    if largest < 3.0 * float(np.nan_to_num(effects.mu_star_of_luck).max()):
        more = f"use about {4 * effects.replications:,} replications instead of {effects.replications:,}"
        return f"{reason}. Luck moves the output as much as most factors do: {more}"
    more = f"{math.ceil(effects.trajectories * times):,} trajectories instead of {effects.trajectories:,}"
    return f"{reason}. Use about {more}"


def _variance_of_luck(points: NDArray[np.float64], paths: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """Return for each factor the variance that luck brings to an elementary effect, on average over trajectories."""
    if paths.shape[2] == 1:
        return np.full(points.shape[2], np.nan)
    mover = np.abs(np.diff(points, axis=1)).argmax(axis=2)
    changes = np.diff(paths, axis=1) / step
    n = (~np.isnan(changes)).sum(axis=2)
    variance = np.nanvar(changes, axis=2, ddof=1) / n
    return np.array([variance[mover == i].mean() for i in range(points.shape[2])])
