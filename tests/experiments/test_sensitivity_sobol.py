"""Sobol' indices of functions with published indices, with and without luck."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import sobol
from SALib.test_functions import Sobol_G
from sensitivity_functions import Known, g_function, ishigami, one_by_one, own_luck, saltelli, shared_luck

from sim.errors import UsageError
from sim.experiments.sensitivity.sobol_indices import sobol_indices

FUNCTIONS = {"ishigami": ishigami(), "g": g_function([0, 1, 4.5, 9, 99, 99, 99, 99])}


def names_of(known: Known) -> tuple[str, ...]:
    """Name the factors."""
    return tuple(f"x{i}" for i in range(1, len(known.first) + 1))


def test_published_values_of_ishigami() -> None:
    """The closed form gives the published indices of Ishigami's function."""
    known = ishigami()
    np.testing.assert_allclose(known.first, [0.3139, 0.4424, 0.0], atol=5e-5)
    np.testing.assert_allclose(known.total, [0.5576, 0.4424, 0.2437], atol=5e-5)


def test_published_values_of_the_g_function() -> None:
    """The closed form gives the published first-order indices of the g-function, and SALib's closed form of both."""
    weights = [0, 1, 4.5, 9, 99, 99, 99, 99]
    np.testing.assert_allclose(FUNCTIONS["g"].first[:4], [0.716, 0.179, 0.0237, 0.0072], atol=5e-4)
    np.testing.assert_allclose(FUNCTIONS["g"].first, Sobol_G.sensitivity_index(weights))
    np.testing.assert_allclose(FUNCTIONS["g"].total, Sobol_G.total_sensitivity_index(weights))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_without_luck_the_indices_are_the_published_ones(name: str) -> None:
    """With 4,096 blocks of exact outputs every index is within 0.02 of its published value."""
    known = FUNCTIONS[name]
    runs = known.function(saltelli(4096, one_by_one(len(known.first)), seed=1))[:, :, None]
    found = sobol_indices(names_of(known), runs, shared_luck=True, resamples=50)
    np.testing.assert_allclose(found.first, known.first, atol=0.02)
    np.testing.assert_allclose(found.total, known.total, atol=0.02)


@pytest.mark.parametrize("replications", [1, 3])
def test_without_luck_the_indices_are_those_of_salib(replications: int) -> None:
    """Where replications agree, the estimates are SALib's to the last digits."""
    known = FUNCTIONS["ishigami"]
    exact = known.function(saltelli(64, one_by_one(3), seed=2))
    runs = np.repeat(exact[:, :, None], replications, axis=2)
    found = sobol_indices(names_of(known), runs, shared_luck=True, resamples=10)
    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[0, 1]] * 3}
    salib = sobol.analyze(problem, exact.ravel(), calc_second_order=False, seed=1)
    np.testing.assert_allclose(found.first, salib["S1"], atol=1e-10)
    np.testing.assert_allclose(found.total, salib["ST"], atol=1e-10)
    np.testing.assert_allclose(found.first_uncorrected, salib["S1"], atol=1e-10)
    np.testing.assert_allclose(found.total_uncorrected, salib["ST"], atol=1e-10)


@pytest.mark.parametrize("shared", [False, True])
def test_luck_does_not_bias_the_indices(shared: bool) -> None:
    """Over 60 samples with luck of 1.6 times the signal's spread the indices are right on average within 3.5 errors."""
    known = FUNCTIONS["ishigami"]
    found = []
    for seed in range(60):
        points = saltelli(512, one_by_one(3), seed)
        exact = known.function(points)
        runs = shared_luck(exact, points, 3.0, 6, seed) if shared else own_luck(exact, 6.0, 6, seed)
        indices = sobol_indices(names_of(known), runs, shared_luck=shared, resamples=10)
        found.append(np.r_[indices.first, indices.total])
    error = np.std(found, axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(np.mean(found, axis=0) - np.r_[known.first, known.total]) < 3.5 * error).all()


def test_luck_that_is_left_in_pulls_indices_together() -> None:
    """Uncorrected totals carry sigma^2 / r in numerator and denominator, which is what SALib gives on means."""
    known = FUNCTIONS["ishigami"]
    sd, r = 6.0, 6
    runs = own_luck(known.function(saltelli(4096, one_by_one(3), seed=3)), sd, r, seed=3)
    found = sobol_indices(names_of(known), runs, shared_luck=False, resamples=10)
    left = sd**2 / r
    biased = (known.total * known.variance + left) / (known.variance + left)
    np.testing.assert_allclose(found.total_uncorrected, biased, atol=0.05)
    assert np.abs(found.total - known.total).max() < np.abs(found.total_uncorrected - known.total).min()


@pytest.mark.parametrize("kind", ["none", "own", "shared"])
def test_intervals_cover(kind: str) -> None:
    """Intervals of 95 % cover the published totals in at least 90 % of 80 samples, whatever the luck."""
    known = FUNCTIONS["ishigami"]
    covered = []
    for seed in range(80):
        points = saltelli(256, one_by_one(3), seed)
        exact = known.function(points)
        runs = {
            "none": lambda exact=exact: exact[:, :, None],
            "own": lambda exact=exact, seed=seed: own_luck(exact, 4.0, 5, seed),
            "shared": lambda exact=exact, points=points, seed=seed: shared_luck(exact, points, 2.0, 12, seed),
        }[kind]()
        low, high = sobol_indices(names_of(known), runs, shared_luck=kind != "own", resamples=100).total_interval
        covered.append((low <= known.total) & (known.total <= high))
    assert np.mean(covered) >= 0.9


def test_groups_have_their_own_total() -> None:
    """A design that exchanges x1 and x3 together gives the index of the pair, which counts their interaction once."""
    known = FUNCTIONS["ishigami"]
    runs = known.function(saltelli(2048, [[0, 2], [1]], seed=1))[:, :, None]
    found = sobol_indices(("pair", "x2"), runs, shared_luck=True, resamples=10)
    np.testing.assert_allclose(found.total, [1.0 - known.first[1], known.total[1]], atol=0.02)
    assert found.total[0] < known.total[0] + known.total[2] - 0.1


def test_the_seed_decides_the_bootstrap() -> None:
    """Equal seeds give equal intervals to the bit, and the estimates hang on no seed."""
    runs = FUNCTIONS["ishigami"].function(saltelli(64, one_by_one(3), seed=1))[:, :, None]
    one, again, other = (
        sobol_indices(("a", "b", "c"), runs, shared_luck=True, seed=s, resamples=50) for s in (4, 4, 5)
    )
    assert (one.total_error == again.total_error).all()
    assert (one.total_error != other.total_error).any()
    assert (one.total == other.total).all()


def test_nothing_explains_what_does_not_vary() -> None:
    """A constant output is refused, with what to do."""
    with pytest.raises(UsageError, match="same value in every run"):
        sobol_indices(("a",), np.full((8, 3, 2), 0.25), shared_luck=True)


def test_luck_alone_has_no_indices() -> None:
    """Where runs are luck alone, an index is either not estimated or has an interval that says nothing."""
    runs = own_luck(np.zeros((64, 4)), 1.0, 2, seed=1)
    found = sobol_indices(("a", "b"), runs, shared_luck=False, resamples=50)
    assert not found.widest < 0.5
