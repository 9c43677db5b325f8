r"""Sobol' indices of the conditional mean of a stochastic output: first and total order, with intervals.

For :math:`g(X) = E[Y \mid X]` with independent factors X_i,

.. math:: S_i = \frac{\operatorname{Var}(E[g \mid X_i])}{\operatorname{Var}(g)}, \qquad
          T_i = \frac{E[\operatorname{Var}(g \mid X_{\sim i})]}{\operatorname{Var}(g)}.

With the blocks (A, A^(i), B) of Saltelli's design and exact outputs the estimators are those that SALib uses
(Saltelli et al. 2010): mean of :math:`g(B)(g(A^{(i)}) - g(A))`, and of :math:`(g(A) - g(A^{(i)}))^2 / 2`, over the
variance in A and B. Here g is known by r replications a row, and plugging in their means adds noise: with independent
luck, :math:`\sigma^2 / r` to the variance and to the numerator of every T_i, which pulls all indices together. Each
product is therefore taken over distinct replications only (`distinct_runs`), which is unbiased whether rows share
their luck or not; with one replication, or no noise, it is SALib's number to the last digits.

**Intervals** are the estimate -+ 1.96 standard errors: the bootstrap over blocks (Archer, Saltelli and Sobol' 1997),
and for rows of shared luck also the delete-a-group jackknife over replications, because luck that all blocks share is
not seen by resampling blocks. The two are added; points of a Sobol' sequence fill space better than independent ones,
so the first part errs on the wide side.

References
----------
Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M. and Tarantola, S. (2010). Variance based sensitivity
analysis of model output. Computer Physics Communications 181, 259-270.
Archer, G. E. B., Saltelli, A. and Sobol', I. M. (1997). Sensitivity measures, ANOVA-like techniques and the use of
bootstrap. Journal of Statistical Computation and Simulation 58, 99-120.
Hart, J. L., Alexanderian, A. and Gremaud, P. A. (2017). Efficient computation of Sobol' indices for stochastic models.
SIAM Journal on Scientific Computing 39, A1514-A1530.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.wilson_interval import Z
from sim.errors import UsageError
from sim.experiments.sensitivity.distinct_runs import known, product
from sim.experiments.sensitivity.variance_split import factor_variance

LUCK_GROUPS = 20
"""At most so many groups of replications are deleted in turn by the jackknife."""


@dataclass(frozen=True, slots=True, eq=False)
class SobolIndices:
    """First-order and total indices of factors, or of groups of them.

    Attributes
    ----------
    names : tuple of str
        Of what was exchanged between A and B, in order.
    first, total : ndarray of float64, shape (names,)
        Estimates; they may leave [0, 1] by their error.
    first_error, total_error : ndarray of float64, shape (names,)
        Standard errors; NaN where luck is all that shows.
    first_uncorrected, total_uncorrected : ndarray of float64, shape (names,)
        SALib's indices of the means of replications, noise left in.
    total_covariance : ndarray of float64, shape (names, names)
        Of the totals, for errors of what is computed from them.
    blocks, replications : int
        What they were estimated from.
    """

    names: tuple[str, ...]
    first: NDArray[np.float64]
    first_error: NDArray[np.float64]
    total: NDArray[np.float64]
    total_error: NDArray[np.float64]
    first_uncorrected: NDArray[np.float64]
    total_uncorrected: NDArray[np.float64]
    total_covariance: NDArray[np.float64]
    blocks: int
    replications: int

    @property
    def first_interval(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Ends of the 95 % intervals of the first-order indices."""
        return self.first - Z * self.first_error, self.first + Z * self.first_error

    @property
    def total_interval(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Ends of the 95 % intervals of the total indices."""
        return self.total - Z * self.total_error, self.total + Z * self.total_error

    @property
    def widest(self) -> float:
        """Width of the widest interval of a total index; infinite where an index could not be estimated."""
        width = 2.0 * Z * self.total_error
        return float(width.max()) if np.isfinite(width).all() else float("inf")

    @property
    def total_share(self) -> NDArray[np.float64]:
        """Each total over the sum of totals."""
        shares: NDArray[np.float64] = self.total / self.total.sum()
        return shares


def whole(runs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which blocks have two replications (one, if there is but one) in every comparison that is made.

    Parameters
    ----------
    runs : ndarray of float64, shape (blocks, exchanges + 2, replications)
        NaN where a run failed.

    Returns
    -------
    ndarray of bool, shape (blocks,)

    Examples
    --------
    >>> import numpy as np
    >>> runs = np.zeros((2, 3, 3))
    >>> runs[0, 1, 0] = runs[1, 1, 0] = runs[1, 2, 1] = np.nan
    >>> whole(runs)
    array([ True, False])
    """
    least = min(2, runs.shape[-1])
    a, b = runs[:, 0], runs[:, -1]
    counts = [known(a, runs[:, j], b) >= least for j in range(1, runs.shape[1] - 1)]
    complete: NDArray[np.bool_] = np.logical_and.reduce(counts)
    return complete


def sobol_indices(
    names: tuple[str, ...],
    runs: NDArray[np.float64],
    *,
    shared_luck: bool,
    seed: int = 0,
    resamples: int = 1_000,
) -> SobolIndices:
    """Estimate Sobol' indices from whole blocks of Saltelli's design.

    Parameters
    ----------
    names : tuple of str
        Of the factors or groups that were exchanged, in order.
    runs : ndarray of float64, shape (blocks, names + 2, replications)
        Row 0 of a block is A, the last is B; NaN where a run failed, `whole` for every block.
    shared_luck : bool
        Whether replication k of every row has the same luck.
    seed : int
        Of the bootstrap.
    resamples : int
        Of the bootstrap.

    Returns
    -------
    SobolIndices

    Raises
    ------
    UsageError
        If the output never varies or the shapes do not fit.

    Examples
    --------
    The g-function of Sobol' with a = (0, 1), for which S = (0.75, 0.1875) and T = (0.8125, 0.25):

    >>> import numpy as np
    >>> from scipy.stats import qmc
    >>> u = qmc.Sobol(4, rng=np.random.default_rng(1)).random(1024)
    >>> def g(x):
    ...     return np.abs(4 * x[:, 0] - 2) * (np.abs(4 * x[:, 1] - 2) + 1) / 2
    >>> a, b = u[:, :2], u[:, 2:]
    >>> rows = [a, np.c_[b[:, 0], a[:, 1]], np.c_[a[:, 0], b[:, 1]], b]
    >>> runs = np.stack([g(x) for x in rows], axis=1)[:, :, None]
    >>> found = sobol_indices(("x1", "x2"), runs, shared_luck=True)
    >>> found.first.round(2).tolist(), found.total.round(2).tolist()
    ([0.75, 0.19], [0.81, 0.25])
    """
    blocks, rows, replications = runs.shape
    if rows != len(names) + 2 or blocks < 2:
        raise UsageError(
            f"runs: found shape {runs.shape}, expected at least two blocks of {len(names) + 2} rows "
            f"for {len(names)} names"
        )
    if np.nanmax(runs) - np.nanmin(runs) <= 1e-12 * max(1.0, float(np.nanmax(np.abs(runs)))):
        raise UsageError(
            "output: found the same value in every run, expected one that varies. Nothing explains what does not vary: "
            "analyse another output, or widen the ranges"
        )
    equal = np.full((1, blocks), 1.0 / blocks)
    first, total = (x[0] for x in _estimates(runs, equal))
    weights = np.random.default_rng([seed, 5]).multinomial(blocks, np.full(blocks, 1.0 / blocks), resamples) / blocks
    resampled = np.concatenate(_estimates(runs, weights), axis=1)
    covariance = _covariance(resampled)
    if shared_luck and replications >= 3:
        covariance = covariance + _jackknife(runs, equal)
    error = np.sqrt(np.diag(covariance))
    n = len(names)
    first_uncorrected, total_uncorrected = _of_means(runs)
    return SobolIndices(
        names,
        first,
        error[:n],
        total,
        error[n:],
        first_uncorrected,
        total_uncorrected,
        covariance[n:, n:],
        blocks,
        replications,
    )


def _estimates(
    runs: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return first-order and total indices, each of shape (weightings, names)."""
    valid = ~np.isnan(runs)
    centred = runs - np.where(valid, runs, 0.0).sum(axis=(0, 1)) / np.maximum(valid.sum(axis=(0, 1)), 1)
    a, b = centred[:, 0], centred[:, -1]
    variance = factor_variance(centred[:, [0, -1]], weights)[:, None]
    # below 0, or next to it, there is more noise than signal and a ratio would mean nothing
    variance = np.where(variance > 1e-12 * np.nanvar(centred), variance, np.nan)
    exchanged = range(1, runs.shape[1] - 1)
    first = np.stack([product(b, centred[:, j] - a) for j in exchanged], axis=1)
    total = np.stack([0.5 * product(a - centred[:, j], a - centred[:, j]) for j in exchanged], axis=1)
    return weights @ first / variance, weights @ total / variance


def _covariance(resampled: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the covariance of resampled indices; NaN if in over a twentieth of the samples luck is all that shows."""
    valid = resampled[np.isfinite(resampled).all(axis=1)]
    if len(valid) < 0.95 * len(resampled) or len(valid) < 2:
        return np.full((resampled.shape[1], resampled.shape[1]), np.nan)
    return np.atleast_2d(np.cov(valid, rowvar=False))


def _jackknife(runs: NDArray[np.float64], equal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the covariance of the indices that the choice of replications brings, groups deleted in turn."""
    replications = runs.shape[-1]
    groups = min(replications, LUCK_GROUPS)
    member = np.arange(replications) % groups
    estimates = []
    for k in range(groups):
        remaining = runs[:, :, member != k]
        used = whole(remaining)
        if used.sum() >= 2:
            estimates.append(
                np.concatenate(_estimates(remaining[used], equal[:, used] / equal[:, used].sum()), axis=1)[0]
            )
    deviations = np.stack(estimates) - np.mean(estimates, axis=0)
    covariance: NDArray[np.float64] = (len(estimates) - 1) / len(estimates) * deviations.T @ deviations
    return covariance


def _of_means(runs: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return SALib's indices of the means of replications."""
    # imported here: it takes over a second
    from SALib.analyze import sobol

    means = np.nanmean(runs, axis=2)
    if np.ptp(means) <= 0.0:
        nothing = np.zeros(runs.shape[1] - 2)
        return nothing, nothing
    problem = {"num_vars": runs.shape[1] - 2, "names": [f"x{j}" for j in range(1, runs.shape[1] - 1)]}
    problem["bounds"] = [[0.0, 1.0]] * (runs.shape[1] - 2)
    indices = sobol.analyze(problem, means.ravel(), calc_second_order=False, num_resamples=2, seed=1)
    return np.asarray(indices["S1"], dtype=np.float64), np.asarray(indices["ST"], dtype=np.float64)
