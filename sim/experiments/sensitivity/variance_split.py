r"""How much of an output's variance is luck: the law of total variance over rows and replications.

.. math:: \operatorname{Var}(Y) = \underbrace{\operatorname{Var}(E[Y \mid X])}_{\text{factors}}
                                 + \underbrace{E[\operatorname{Var}(Y \mid X)]}_{\text{luck}}

Row x has the runs :math:`y_k(x)`, k = 1..r. The second term is estimated by the mean of the variances within rows. The
variance of row *means* is the first term plus noise that averaging leaves; for rows of independent luck
:math:`E[\operatorname{Var}(\bar y)] = V + \sigma^2 / r` (one-way random effects), so that sigma^2 / r would have to be
subtracted. Rows of a sweep share their luck, which makes the right subtraction smaller; products over distinct
replications (`distinct_runs`) subtract what is right in both cases:

.. math:: \hat V = \frac{1}{r (r - 1)} \sum_{k \ne l} \widehat{\operatorname{Cov}}_x\bigl(y_k(x), y_l(x)\bigr).

References
----------
Searle, S. R., Casella, G. and McCulloch, C. E. (1992). Variance Components. Wiley, chapter 3.
Marrel, A., Iooss, B., Da Veiga, S. and Ribatet, M. (2012). Global sensitivity analysis of stochastic computer models
with joint metamodels. Statistics and Computing 22, 833-847.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiments.sensitivity.distinct_runs import product


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """The variance of an output in two parts; units are the output's squared.

    Attributes
    ----------
    factors : float
        Variance of the conditional mean given the factors, noise of averaging taken out; it can come out below 0 where
        there is next to nothing to find.
    luck : float
        Mean variance within rows; NaN with one replication.
    rows, replications : int
        What it was estimated from; rows with fewer than two runs that did not fail are not counted.
    """

    factors: float
    luck: float
    rows: int
    replications: int

    @property
    def luck_share(self) -> float:
        """Share of the variance of a single run that is luck; NaN with one replication."""
        total = max(self.factors, 0.0) + self.luck
        return self.luck / total if total > 0.0 else math.nan

    @property
    def noise_of_means(self) -> float:
        """Share of the variance of row means that independent luck would leave in them."""
        left = self.luck / self.replications
        total = max(self.factors, 0.0) + left
        return left / total if total > 0.0 else math.nan


def variance_split(runs: NDArray[np.float64]) -> VarianceSplit:
    """Split the variance of an output into what factors and what luck bring.

    Parameters
    ----------
    runs : ndarray of float64, shape (rows, replications)
        Rows drawn from the distribution of the factors; NaN where a run failed.

    Returns
    -------
    VarianceSplit

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> signal, noise = rng.normal(0.0, 1.0, (5000, 1)), rng.normal(0.0, 2.0, (5000, 4))
    >>> split = variance_split(signal + noise)
    >>> round(split.luck_share, 2)
    0.8
    """
    replications = runs.shape[1]
    runs = runs[(~np.isnan(runs)).sum(axis=1) >= min(2, replications)]
    rows = len(runs)
    if not rows:
        return VarianceSplit(math.nan, math.nan, 0, replications)
    between = factor_variance(runs[:, None, :], np.full((1, rows), 1.0 / rows))
    within = float(np.nanvar(runs, axis=1, ddof=1).mean()) if replications > 1 else math.nan
    return VarianceSplit(float(between[0]), within, rows, replications)


def factor_variance(runs: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the variance of the conditional mean under weights of blocks of rows.

    Parameters
    ----------
    runs : ndarray of float64, shape (blocks, rows of a block, replications)
        NaN where a run failed.
    weights : ndarray of float64, shape (weightings, blocks)
        Each sums to 1.

    Returns
    -------
    ndarray of float64, shape (weightings,)

    Examples
    --------
    >>> import numpy as np
    >>> factor_variance(np.array([[[0.0]], [[2.0]]]), np.array([[0.5, 0.5], [1.0, 0.0]]))
    array([1., 0.])
    """
    valid = ~np.isnan(runs)
    centred = runs - np.where(valid, runs, 0.0).sum(axis=(0, 1)) / np.maximum(valid.sum(axis=(0, 1)), 1)
    squares = np.nanmean(product(centred, centred), axis=1)
    means = (weights @ np.where(valid, centred, 0.0).sum(axis=1)) / np.maximum(weights @ valid.sum(axis=1), 1e-300)
    variance: NDArray[np.float64] = weights @ squares - product(means, means)
    return variance
