r"""Whether two samples of outcomes could come from one distribution: the third level at which two runs can agree.

Column by column of the companion replications:

- a column of classes (text, truth values): Pearson's chi-square on the 2 x k table of counts; where an expected count
  is below five, Fisher's exact test for k = 2, and for k > 2 the same statistic against 99,999 tables with the same
  margins (multivariate hypergeometric, fixed seed), p = (1 + number at least as large) / 100,000;
- a column of numbers: the two-sample Kolmogorov-Smirnov test with a tolerance :math:`r` of :math:`10^{-5}` times
  the larger of one and the largest magnitude,

  .. math:: D = \max\Bigl(\sup_x F(x) - G(x + r),\; \sup_x G(x) - F(x + r)\Bigr),

  so that a lump of equal values that moved by less than :math:`r` does not count; with :math:`r = 0` it is the textbook
  statistic, and :math:`D` is never larger than that, so its p-value (asymptotic, with :math:`n m/(n + m)` for the size)
  errs to the safe side. Unknown (talks never opened) counts as later than every number. Ties make it safer still.

Columns that are constant over both samples together cannot tell and are left out. Holm's procedure keeps the chance of
even one false alarm over all columns at `alpha`.

Not rejecting is not proof. Each test therefore states the smallest difference that it would find with probability 0.8
at its strictest Holm threshold: for classes, a shift of probability between two classes of even odds; for numbers, the
vertical distance between the two distribution functions.

The samples share their luck (common random numbers), which makes them more alike than independent samples; the tests
treat them as independent and so err towards calling them equivalent. Differences caused by the last bits of a
computation are what they are meant to let pass; a changed rule shows when it moves a distribution by the stated size.

References
----------
Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6, 65-70.
Smirnov, N. (1948). Table for estimating the goodness of fit of empirical distributions. Annals of Mathematical
Statistics 19, 279-281.
Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications in Genetics and
Molecular Biology 9, article 39.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.store.canonical import unknown_of, values_of

ENOUGH = 200
RESOLUTION = 1e-5
POWER = 0.8
MOST_CLASSES = 30
PERMUTATIONS = 99_999
INDEX = "replication"


@dataclass(frozen=True, slots=True)
class OutcomeTest:
    """One test that a column has the same distribution in the record and in the rerun.

    Attributes
    ----------
    column : str
        Column of the outcome rows.
    method : str
        ``chi-square``, ``Fisher exact``, ``permutation chi-square`` or ``Kolmogorov-Smirnov``.
    statistic : float
        Chi-square, odds ratio (NaN where it is undefined) or distance.
    p_value : float
        Of this test alone.
    adjusted_p_value : float
        After Holm's correction over all columns.
    n_recorded, n_rerun : int
        Rows.
    detectable : float
        Smallest difference found with power 0.8: in a class's share, or between distribution functions.
    """

    column: str
    method: str
    statistic: float
    p_value: float
    adjusted_p_value: float
    n_recorded: int
    n_rerun: int
    detectable: float


def outcome_tests(recorded: pa.Table, rerun: pa.Table, alpha: float) -> tuple[OutcomeTest, ...]:
    """Test every column that both tables have and that varies.

    Parameters
    ----------
    recorded, rerun : pyarrow.Table
        Outcome rows of canonical kinds (`sim.store.canonical.as_table`).
    alpha : float
        Chance of even one false alarm; it enters `OutcomeTest.detectable`.

    Returns
    -------
    tuple of OutcomeTest
        In the order of the columns.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> a, b = (pa.table({"deaths": rng.gamma(2.0, 100.0, 400)}) for _ in range(2))
    >>> [test.method for test in outcome_tests(a, b, 0.01)]
    ['Kolmogorov-Smirnov']
    """
    sizes = recorded.num_rows, rerun.num_rows
    tests: list[tuple[OutcomeTest, int]] = []
    for column in recorded.column_names:
        if column == INDEX or column not in rerun.column_names:
            continue
        a, b = recorded.column(column), rerun.column(column)
        if a.type in (pa.int64(), pa.float64()) and b.type in (pa.int64(), pa.float64()):
            x, y = _numbers(a), _numbers(b)
            if len(np.unique(np.concatenate([x, y]))) > 1:
                distance = shifted_distance(x, y, _tolerance(x, y))
                p_value = distance_p_value(distance, *sizes)
                tests.append((OutcomeTest(column, "Kolmogorov-Smirnov", distance, p_value, 1.0, *sizes, 0.0), 0))
        else:
            counts = _counts(a, b)
            if counts.shape[1] > 1:
                method, statistic, p_value = class_test(counts)
                tests.append((OutcomeTest(column, method, statistic, p_value, 1.0, *sizes, 0.0), counts.shape[1]))
    adjusted = holm([test.p_value for test, _ in tests])
    strictest = alpha / max(len(tests), 1)
    return tuple(
        replace(
            test,
            adjusted_p_value=float(p),
            detectable=_detectable_share(classes, strictest, *sizes)
            if classes
            else _detectable_distance(strictest, *sizes),
        )
        for (test, classes), p in zip(tests, adjusted, strict=True)
    )


def holm(p_values: list[float]) -> NDArray[np.float64]:
    """Return p-values adjusted by Holm's step-down procedure, in the order given; shape (tests,).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    raised = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    adjusted = np.empty_like(p)
    adjusted[order] = raised
    return adjusted


def shifted_distance(x: NDArray[np.float64], y: NDArray[np.float64], tolerance: float) -> float:
    """Return the Kolmogorov-Smirnov distance of two samples that a shift by `tolerance` does not explain.

    Parameters
    ----------
    x, y : ndarray, shapes (n,) and (m,)
        Numbers or infinity.
    tolerance : float
        Not negative; 0 gives the textbook statistic.

    Examples
    --------
    >>> shifted_distance(np.full(9, 5000.0), np.full(9, 5000.001), 0.01)
    0.0
    >>> shifted_distance(np.full(9, 5000.0), np.full(9, 5000.001), 0.0)
    1.0
    """
    a, b = np.sort(x), np.sort(y)

    def above(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
        share = np.searchsorted(one, one, side="right") / len(one)
        return float(np.max(share - np.searchsorted(other, one + tolerance, side="right") / len(other)))

    return max(0.0, above(a, b), above(b, a))


def distance_p_value(distance: float, n: int, m: int) -> float:
    """Return the p-value of a two-sample Kolmogorov-Smirnov distance, as for one sample of size n m / (n + m).

    Examples
    --------
    >>> round(distance_p_value(0.1, 400, 400), 4)
    0.0341
    """
    from scipy.stats import kstwo

    return float(np.clip(kstwo.sf(distance, round(n * m / (n + m))), 0.0, 1.0))


def class_test(counts: NDArray[np.int64]) -> tuple[str, float, float]:
    """Test that two rows of counts have the same shares.

    Parameters
    ----------
    counts : ndarray, shape (2, k)
        No empty row or column, k at least 2.

    Returns
    -------
    tuple of (str, float, float)
        Method, statistic, p-value.

    Examples
    --------
    >>> method, statistic, p_value = class_test(np.array([[120, 80], [100, 100]]))
    >>> method, round(statistic, 3), round(p_value, 4)
    ('chi-square', 4.04, 0.0444)
    """
    from scipy.stats import chi2_contingency, fisher_exact

    pearson = chi2_contingency(counts, correction=False)
    statistic, expected = float(pearson.statistic), pearson.expected_freq
    if expected.min() >= 5.0:
        return "chi-square", statistic, float(pearson.pvalue)
    if counts.shape[1] == 2:
        odds, p_value = fisher_exact(counts)
        return "Fisher exact", float(odds) if math.isfinite(odds) else math.nan, float(p_value)
    rng = np.random.Generator(np.random.PCG64(19790601))
    drawn = rng.multivariate_hypergeometric(counts.sum(axis=0), int(counts[0].sum()), size=PERMUTATIONS)
    of_first = ((drawn - expected[0]) ** 2 / expected[0]).sum(axis=1)
    of_second = ((drawn - expected[0]) ** 2 / expected[1]).sum(axis=1)
    reached = int(np.count_nonzero(of_first + of_second >= statistic * (1.0 - 1e-12)))
    return "permutation chi-square", statistic, (1 + reached) / (1 + PERMUTATIONS)


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.where(unknown_of(column), np.inf, values_of(column).astype(np.float64))


def _tolerance(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    both = np.concatenate([x, y])
    return RESOLUTION * max(1.0, float(np.max(np.abs(both[np.isfinite(both)]), initial=0.0)))


def _counts(a: pa.ChunkedArray, b: pa.ChunkedArray) -> NDArray[np.int64]:
    """Count classes; free text of many kinds (what failed) is only known or unknown."""
    left, right = a.to_pylist(), b.to_pylist()
    if len({*left, *right}) > MOST_CLASSES:
        left, right = [value is None for value in left], [value is None for value in right]
    classes = {value: place for place, value in enumerate(dict.fromkeys([*left, *right]))}
    return np.array(
        [np.bincount([classes[value] for value in side], minlength=len(classes)) for side in (left, right)],
        dtype=np.int64,
    )


def _detectable_distance(alpha: float, n: int, m: int) -> float:
    """Return the distance D that is found with power 0.8.

    At the point where the distribution functions differ by D, the difference of the empirical ones has a standard
    deviation of at most half the root of 1/n + 1/m; it exceeds the critical distance with probability 0.8 if D lies
    0.84 of these above it.
    """
    from scipy.stats import kstwo, norm

    critical = float(kstwo.isf(alpha, round(n * m / (n + m))))
    return min(1.0, critical + float(norm.ppf(POWER)) * 0.5 * math.sqrt(1 / n + 1 / m))


def _detectable_share(classes: int, alpha: float, n: int, m: int) -> float:
    """Return the shift between two classes of even odds that chi-square finds with power 0.8.

    Its noncentrality is 4 d^2 n m / (n + m).
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    freedom = classes - 1
    critical = float(chi2.isf(alpha, freedom))
    noncentrality = float(brentq(lambda v: ncx2.sf(critical, freedom, v) - POWER, 1e-6, 1e4))
    return min(1.0, math.sqrt(noncentrality * (n + m) / (4.0 * n * m)))
