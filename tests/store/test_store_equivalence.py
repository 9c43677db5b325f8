"""Tests of equal distributions: the textbook's numbers, kept error rates, and the power that they state."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from sim.store.equivalence import (
    class_test,
    distance_p_value,
    holm,
    outcome_tests,
    shifted_distance,
)


def test_distance_is_scipys():
    """Without a tolerance, distance and p-value are those of scipy.stats.ks_2samp, ties or not."""
    rng = np.random.default_rng(1)
    for draw in (lambda n: rng.normal(size=n), lambda n: rng.poisson(3.0, n).astype(float)):
        for n, m in ((200, 200), (200, 331)):
            x, y = draw(n), draw(m) + 0.1 * (n != m)
            expected = stats.ks_2samp(x, y, method="asymp")
            distance = shifted_distance(x, y, 0.0)
            assert distance == pytest.approx(expected.statistic, abs=1e-15)
            assert distance_p_value(distance, n, m) == pytest.approx(expected.pvalue, rel=1e-12)


def test_tolerance_only_lowers_the_distance():
    """A larger tolerance gives no larger distance, and one that covers the whole shift gives none."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=300)
    distances = [shifted_distance(x, x + 0.5, r) for r in (0.0, 0.1, 0.3, 0.500001)]
    assert distances == sorted(distances, reverse=True)
    assert distances[0] > 0.1
    assert distances[-1] == 0.0


def test_chi_square_is_scipys():
    """With enough in every class, statistic and p-value are those of scipy.stats.chi2_contingency."""
    counts = np.array([[120, 50, 30], [90, 70, 40]])
    expected = stats.chi2_contingency(counts, correction=False)
    method, statistic, p_value = class_test(counts)
    assert method == "chi-square"
    assert (statistic, p_value) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-12)


def test_fishers_tea():
    """Fisher's lady tasting tea (1935): eight cups, three of four right, one-sided 17/70, two-sided 34/70."""
    method, _, p_value = class_test(np.array([[3, 1], [1, 3]]))
    assert method == "Fisher exact"
    assert p_value == pytest.approx(34 / 70, rel=1e-9)


def test_sparse_classes_by_permutation():
    """For sparse classes the p-value is that of all tables with the same margins, counted out, within its error."""
    counts = np.array([[5, 1, 0], [1, 3, 2]])
    columns, first = counts.sum(axis=0), int(counts[0].sum())
    expected = columns * first / counts.sum()
    statistic = (((counts - counts.sum(axis=1, keepdims=True) * columns / counts.sum()) ** 2) / expected).sum()
    law = stats.multivariate_hypergeom(columns, first)
    exact = 0.0
    for a in range(columns[0] + 1):
        for b in range(columns[1] + 1):
            row = np.array([a, b, first - a - b])
            if (row < 0).any() or (row > columns).any():
                continue
            if 2 * ((row - expected) ** 2 / expected).sum() >= statistic - 1e-12:
                exact += law.pmf(row)
    method, found, p_value = class_test(counts)
    assert method == "permutation chi-square"
    assert found == pytest.approx(statistic)
    assert p_value == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 1e5))


def test_holm_is_the_step_down_procedure():
    """Holm's (1979) adjusted p-values: multiplied by the number left, never falling, at most one."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == pytest.approx([1.0, 1.0])
    assert holm([]).shape == (0,)


def companions(rng, n, shift=0.0, share=0.5):
    """Return outcome rows with a class, a normal number and a count."""
    outcome = np.where(rng.random(n) < share, "settlement", "collapse").astype(object)
    return pa.table({"outcome": outcome, "deaths": rng.normal(size=n) + shift, "attacks": rng.poisson(30.0, n)})


def test_false_alarms_are_kept_at_alpha():
    """At most 5 % of 400 pairs of samples of one distribution raise any alarm, within the error of that share."""
    rng = np.random.default_rng(3)
    alarms = sum(
        min(t.adjusted_p_value for t in outcome_tests(companions(rng, 300), companions(rng, 300), 0.05)) <= 0.05
        for _ in range(400)
    )
    assert alarms <= 400 * 0.05 + 3 * np.sqrt(400 * 0.05 * 0.95)


def test_the_stated_power_is_there():
    """A difference of the stated size is found in at least 80 % of 200 trials, within the error of that share."""
    rng = np.random.default_rng(4)
    least = 200 * 0.8 - 3 * np.sqrt(200 * 0.8 * 0.2)
    tests = {t.column: t for t in outcome_tests(companions(rng, 300), companions(rng, 300), 0.05)}
    half = tests["outcome"].detectable / 2
    shift = 2 * stats.norm.ppf(0.5 + tests["deaths"].detectable / 2)
    found = {"outcome": 0, "deaths": 0}
    for _ in range(200):
        a, b = companions(rng, 300, 0.0, 0.5 - half), companions(rng, 300, shift, 0.5 + half)
        for test in outcome_tests(a, b, 0.05):
            if test.column in found:
                found[test.column] += test.adjusted_p_value <= 0.05
    assert min(found.values()) >= least


def test_unknown_days_are_told_from_late_ones():
    """Talks that never open count as later than all: a changed share of unknown days is found."""
    rng = np.random.default_rng(5)
    day = rng.uniform(0, 100, 400)
    never = np.where(rng.random(400) < 0.3, np.nan, rng.permutation(day))
    (test,) = outcome_tests(pa.table({"talks_day": day}), pa.table({"talks_day": never}), 0.01)
    assert test.adjusted_p_value < 1e-6


def test_columns_that_cannot_tell_are_left_out():
    """Constants, the replication number and columns of one side alone are not tested."""
    rows = {"replication": np.arange(200), "released": np.full(200, 5000.0), "failure": pa.nulls(200, pa.string())}
    other = rows | {"replication": np.arange(200, 400), "deaths": np.arange(200.0)}
    assert outcome_tests(pa.table(rows), pa.table(other), 0.01) == ()


def test_free_text_counts_as_known_or_unknown():
    """A column of many different texts, such as failures, is compared by how many rows have one."""
    text = [f"day {i}" if i < 100 else None for i in range(200)]
    fewer = [f"hour {i}" if i < 90 else None for i in range(200)]
    (test,) = outcome_tests(pa.table({"failure": text}), pa.table({"failure": fewer}), 0.01)
    expected = stats.chi2_contingency([[100, 100], [90, 110]], correction=False)
    assert test.p_value == pytest.approx(expected.pvalue)


def test_the_same_data_give_the_same_p_values():
    """The permutation test uses a seed of its own, so comparing twice says the same."""
    counts = np.array([[5, 1, 0, 2], [1, 3, 2, 2]])
    assert class_test(counts) == class_test(counts)
