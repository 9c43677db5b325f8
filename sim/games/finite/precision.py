r"""The precision of logit play estimated from data by maximum likelihood, with its interval.

If strategy j of player i was observed :math:`n_{ij}` times, the log-likelihood of a point of the principal branch is

.. math:: L = \sum_{ij} n_{ij} \log p_{ij}, \qquad
          \frac{dL}{ds} = \sum_i \sum_{j > 1} \left(n_{ij} - n_i p_{ij}\right) \frac{dz_{ij}}{ds},

with s the arc length and z the log-odds. The branch is sampled finely, the best local maxima are refined as zeros of
dL/ds, and the interval holds every precision of the branch with :math:`L \ge L_{max} - \chi^2_{1}(level) / 2` (profile
likelihood). With several equilibria at a precision, each point of the branch counts on its own.

Source: McKelvey, R. and Palfrey, T. (1995), Games and Economic Behavior 10, 6-38, section 4; Venzon, D. and
Moolgavkar, S. (1988), A method for computing profile-likelihood-based confidence intervals, Applied Statistics 37.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Generic

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import ConvergenceWarning, UsageError
from sim.games.finite.branch import LogitBranch, P
from sim.games.numerics.continuation import between, unit_tangent
from sim.notebook_table import NotebookTable

Array = NDArray[np.float64]

SAMPLE_DISTANCE = 0.1
MOST_SAMPLES = 64


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PrecisionFit(NotebookTable, Generic[P]):
    """A precision estimated from observed play.

    Attributes
    ----------
    lam : float
        The estimate, in 1 / payoff unit.
    log_likelihood : float
        Its log-likelihood, without the multinomial constant.
    interval : tuple of float
        The smallest and the largest precision that the data do not reject; the upper end is infinite if the
        likelihood at the end of the branch is not rejected.
    regions : tuple of tuple of float
        The intervals of precision that are not rejected; more than one if the likelihood has several peaks.
    level : float
        Confidence level.
    profile : profile
        The fitted equilibrium.
    observations : float
        Sum of the counts.
    log_likelihood_uniform, log_likelihood_saturated : float
        Of uniform play and of the observed shares, between which any fit lies.
    converged : bool
        Whether the estimate is an inner maximum, or 0 with the likelihood falling.
    residual : float
        Absolute slope of the log-likelihood along the branch, per observation; 0 for an estimate at 0.
    proved, not_proved : str
        What is certain, and what is not.
    """

    lam: float
    log_likelihood: float
    interval: tuple[float, float]
    regions: tuple[tuple[float, float], ...]
    level: float
    profile: P
    observations: float
    log_likelihood_uniform: float
    log_likelihood_saturated: float
    converged: bool
    residual: float
    proved: str
    not_proved: str

    @property
    def regret(self) -> float:
        """Nash regret of the fitted equilibrium, in payoff units."""
        return float(self.profile.regret)

    def __repr__(self) -> str:
        low, high = self.interval
        return (
            f"PrecisionFit(lam={self.lam:.6g}, {100 * self.level:g} % interval [{low:.4g}, {high:.4g}], "
            f"log_likelihood={self.log_likelihood:.6f}, converged={self.converged})"
        )


def fit_precision(branch: LogitBranch[P], counts: Sequence[ArrayLike], level: float = 0.95) -> PrecisionFit[P]:
    """Estimate the precision along a principal branch.

    Parameters
    ----------
    branch : LogitBranch
        As far as precision is considered.
    counts : sequence of array_like
        For each player (or information set) how often each strategy (or move) was observed.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    PrecisionFit

    Raises
    ------
    UsageError
        If the counts do not fit the branch, are negative, or all zero, or the level is not between 0 and 1.

    Warns
    -----
    ConvergenceWarning
        If the likelihood still rises at the end of the branch.

    Examples
    --------
    >>> from sim.games import NormalForm
    >>> branch = NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).logit_branch(20.0)
    >>> fit_precision(branch, [[70, 30], [40, 60]])
    PrecisionFit(lam=0.866013, 95 % interval [0.4092, 1.77], log_likelihood=-128.440576, converged=True)
    """
    observed = _checked_counts(branch, counts)
    if not 0.0 < level < 1.0:
        raise UsageError(f"level: found {level!r}, expected a number between 0 and 1")
    likelihood = _Likelihood(branch, observed)
    places, values = likelihood.samples()
    place, best = _maximum(likelihood, places, values)
    total = float(observed.sum())
    at_end = place >= len(branch) - 1 or bool(place > 0.0 and values[-1] >= best - 1e-9 * total)
    if at_end:
        place, best = float(len(branch) - 1), float(values[-1])
    point = likelihood.point(place)
    lam = float(point[-1]) / branch.scale
    at_start = place <= 0.0
    slope = 0.0 if at_start else abs(likelihood.slope(place)) / total
    flat = float(values.max() - values.min()) <= 1e-9 * total
    converged = branch.converged and not at_end and not flat
    if not converged:
        reason = (
            "the likelihood is the same at every precision"
            if flat
            else f"the likelihood still rises at the end of the branch (lam = {branch.lams[-1]:g}); raise lam_max"
        )
        warnings.warn(
            f"no precision was estimated: {reason}. The result says converged=False.", ConvergenceWarning, stacklevel=3
        )
    threshold = best - 0.5 * NormalDist().inv_cdf(0.5 * (1.0 + level)) ** 2
    regions = _regions(likelihood, places, values, threshold)
    if not regions:
        regions = ((lam, lam),)
    shares = np.split(observed, branch.offsets[1:-1])
    saturated = sum(float(c[c > 0] @ np.log(c[c > 0] / c.sum())) for c in shares if c.sum() > 0)
    uniform = -sum(float(c.sum()) * math.log(len(c)) for c in shares)
    return PrecisionFit(
        lam=lam,
        log_likelihood=best,
        interval=(min(low for low, _ in regions), max(high for _, high in regions)),
        regions=regions,
        level=level,
        profile=branch.profile_of(point),
        observations=total,
        log_likelihood_uniform=uniform,
        log_likelihood_saturated=saturated,
        converged=converged,
        residual=slope,
        proved="the estimate is the best of all peaks of the likelihood along the sampled principal branch",
        not_proved="equilibria off the principal branch; the coverage of the interval is asymptotic",
    )


class _Likelihood:
    """The log-likelihood along a branch, by place: the index of a point plus the share of the step after it."""

    def __init__(self, branch: LogitBranch[P], observed: Array) -> None:
        self.curve, self.system, self.scale = branch.curve, branch.system, branch.scale
        self.probabilities = branch.to_probabilities
        self.observed = observed
        self.groups = [slice(a, b) for a, b in zip(branch.offsets[:-1], branch.offsets[1:], strict=True)]

    def point(self, place: float) -> Array:
        points, tangents = self.curve.points, self.curve.tangents
        index = min(int(place), len(points) - 1)
        share = place - index
        if share <= 0.0:
            return np.asarray(points[index])
        step = share * float(tangents[index] @ (points[index + 1] - points[index]))
        corrected = between(self.system, self.curve, index, step)
        return points[index] + share * (points[index + 1] - points[index]) if corrected is None else corrected

    def value(self, z: Array) -> float:
        total, at = 0.0, 0
        for group in self.groups:
            odds = np.concatenate([[0.0], z[at : at + group.stop - group.start - 1]])
            at += len(odds) - 1
            logs = odds - odds.max()
            total += float(self.observed[group] @ (logs - math.log(np.exp(logs).sum())))
        return total

    def slope(self, place: float) -> float:
        """Return dL/ds at a place, s the arc length in the direction of travel."""
        x = self.point(place)
        index = min(int(place), len(self.curve.points) - 1)
        tangent, _ = unit_tangent(self.system(x[:-1], float(x[-1]))[1], self.curve.tangents[index])
        p = self.probabilities(x[:-1])
        surplus = [self.observed[g] - self.observed[g].sum() * p[g] for g in self.groups]
        return float(np.concatenate([s[1:] for s in surplus]) @ tangent[:-1])

    def samples(self) -> tuple[Array, Array]:
        """Return places and log-likelihoods, dense enough that no probability moves far between two samples."""
        points, tangents = self.curve.points, self.curve.tangents
        places, values = [0.0], [self.value(points[0][:-1])]
        for k in range(len(points) - 1):
            gap = points[k + 1] - points[k]
            number = min(MOST_SAMPLES, 1 + int(np.abs(gap[:-1]).max(initial=0.0) / SAMPLE_DISTANCE))
            chord = math.sqrt(float(gap @ gap))
            for m in range(1, number + 1):
                t = m / number
                # Cubic Hermite interpolation between two points of the curve and their tangents.
                x = (
                    (1 + 2 * t) * (1 - t) ** 2 * points[k]
                    + t * t * (3 - 2 * t) * points[k + 1]
                    + chord * (t * (1 - t) ** 2 * tangents[k] - t * t * (1 - t) * tangents[k + 1])
                )
                places.append(k + t)
                values.append(self.value(x[:-1]))
        return np.array(places), np.array(values)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=1e-14, rtol=1e-14))


def _maximum(likelihood: _Likelihood, places: Array, values: Array) -> tuple[float, float]:
    """Refine every sampled peak that comes close to the best one, and return place and value of the best."""
    padded = np.concatenate([[-np.inf], values, [-np.inf]])
    peaks = np.flatnonzero((values >= padded[:-2]) & (values >= padded[2:]) & (values >= values.max() - 1.0))
    best_place, best = 0.0, -math.inf
    for peak in peaks.tolist():
        low, high = places[max(peak - 1, 0)], places[min(peak + 1, len(places) - 1)]
        candidates = [float(places[peak])]
        if likelihood.slope(low) > 0.0 > likelihood.slope(high):
            candidates = [_root(likelihood.slope, low, high)]
        for candidate in candidates:
            value = likelihood.value(likelihood.point(candidate)[:-1])
            if value > best:
                best_place, best = candidate, value
    return best_place, best


def _regions(
    likelihood: _Likelihood, places: Array, values: Array, threshold: float
) -> tuple[tuple[float, float], ...]:
    """Return the intervals of precision whose log-likelihood is at least the threshold."""

    def excess(place: float) -> float:
        return likelihood.value(likelihood.point(place)[:-1]) - threshold

    def lam(place: float) -> float:
        return float(likelihood.point(place)[-1]) / likelihood.scale

    inside = values >= threshold
    intervals: list[tuple[float, float]] = []
    k = 0
    while k < len(inside):
        if not inside[k]:
            k += 1
            continue
        last = k
        while last + 1 < len(inside) and inside[last + 1]:
            last += 1
        start = places[k] if k == 0 else _crossing(excess, places[k - 1], places[k])
        stop = math.inf if last + 1 == len(inside) else _crossing(excess, places[last], places[last + 1])
        lams = [lam(start), *(lam(place) for place in places[k : last + 1])]
        lams.append(math.inf if math.isinf(stop) else lam(stop))
        intervals.append((min(lams), max(lams)))
        k = last + 1
    merged: list[tuple[float, float]] = []
    for low, high in sorted(intervals):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _crossing(excess: Callable[[float], float], low: float, high: float) -> float:
    if excess(low) * excess(high) >= 0.0:
        return low if abs(excess(low)) < abs(excess(high)) else high
    return _root(excess, low, high)


def _checked_counts(branch: LogitBranch[P], counts: Sequence[ArrayLike]) -> Array:
    sizes = [b - a for a, b in zip(branch.offsets[:-1], branch.offsets[1:], strict=True)]
    if len(counts) != len(sizes):
        raise UsageError(f"counts: found {len(counts)} lists, expected {len(sizes)}, one per player or information set")
    rows = []
    for i, (given, size) in enumerate(zip(counts, sizes, strict=True)):
        row = np.array(given, dtype=np.float64)
        if row.shape != (size,):
            raise UsageError(f"counts[{i}]: found {row.shape} numbers, expected {size}, one per strategy or move")
        if not np.all(np.isfinite(row)) or row.min() < 0.0:
            raise UsageError(f"counts[{i}]: found {row.tolist()}, expected finite numbers of at least 0")
        rows.append(row)
    observed = np.concatenate(rows)
    if observed.sum() <= 0.0:
        raise UsageError("counts: found no observations, expected at least one positive count")
    return observed
