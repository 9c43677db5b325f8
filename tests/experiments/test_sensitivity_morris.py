"""Morris's elementary effects: known values, what luck adds to them, failed trajectories."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.sample import morris

from sim.errors import UsageError
from sim.experiments.sensitivity.morris_effects import morris_advice, morris_effects

NAMES = ("x", "y", "z")
BOX = {"num_vars": 3, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 3}
POINTS = morris.sample(BOX, 60, seed=np.random.default_rng(1))


def runs_of(exact: np.ndarray, sd: float, replications: int, seed: int = 1) -> np.ndarray:
    """Return runs with luck of their own."""
    return exact[:, None] + np.random.default_rng(seed).normal(0.0, sd, (len(exact), replications))


def test_a_linear_function_has_its_slopes() -> None:
    """Elementary effects of a plane are its slopes, without spread, to the last digits."""
    found = morris_effects(NAMES, POINTS, (POINTS @ [3.0, -1.0, 0.0])[:, None])
    np.testing.assert_allclose(found.mu, [3.0, -1.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(found.mu_star, [3.0, 1.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(found.sigma, 0.0, atol=1e-9)
    assert np.isnan(found.mu_star_of_luck).all()


def test_an_interaction_spreads_effects() -> None:
    """For x y the effect of x is y on the lattice, so mu* is its mean, and sigma its standard deviation."""
    found = morris_effects(NAMES, POINTS, (POINTS[:, 0] * POINTS[:, 1])[:, None])
    moves = np.diff(POINTS.reshape(-1, 4, 3), axis=1)
    x_moves = np.abs(moves[:, :, 0]).argmax(axis=1)
    y = POINTS.reshape(-1, 4, 3)[np.arange(60), x_moves, 1]
    assert found.mu_star[0] == pytest.approx(y.mean())
    assert found.sigma[0] == pytest.approx(y.std(ddof=1))


def test_luck_looks_like_an_effect_and_is_named() -> None:
    """A factor without effect has, on average over samples, the mu* that luck is said to give it."""
    found = [
        morris_effects(NAMES, POINTS, runs_of(POINTS @ [3.0, 1.0, 0.0], 2.0, 5, seed), resamples=10)
        for seed in range(40)
    ]
    ratio = np.array([f.mu_star[2] / f.mu_star_of_luck[2] for f in found])
    assert abs(ratio.mean() - 1.0) < 3.5 * ratio.std(ddof=1) / np.sqrt(len(ratio))
    assert all(f.mu_star_of_luck[0] < f.mu_star_interval[0][0] for f in found)


def test_luck_is_taken_out_of_sigma() -> None:
    """For a plane sigma is luck alone; without luck its square is about 0 on average."""
    found = [
        morris_effects(NAMES, POINTS, runs_of(POINTS @ [3.0, 1.0, 0.0], 2.0, 5, s), resamples=10) for s in range(40)
    ]
    assert np.mean([f.sigma_without_luck**2 for f in found]) < 0.25 * np.mean([f.sigma**2 for f in found])


def test_shared_luck_moves_no_effect() -> None:
    """A shift that all rows of a replication share is no luck of an elementary effect."""
    shift = np.random.default_rng(1).normal(0.0, 50.0, 4)
    found = morris_effects(NAMES, POINTS, (POINTS @ [3.0, -1.0, 0.0])[:, None] + shift)
    np.testing.assert_allclose(found.mu_star_of_luck, 0.0, atol=1e-9)
    np.testing.assert_allclose(found.mu, [3.0, -1.0, 0.0], atol=1e-9)


def test_a_failed_run_leaves_its_trajectory_together_with_its_replication() -> None:
    """One failed run costs its replication in one trajectory; a row without runs costs the trajectory."""
    runs = runs_of(POINTS @ [3.0, -1.0, 0.0], 0.1, 3)
    runs[5, 0] = np.nan
    runs[9] = np.nan
    found = morris_effects(NAMES, POINTS, runs)
    assert (found.trajectories, found.failures.left_out, found.failures.failed) == (59, 1, 4)
    np.testing.assert_allclose(found.mu, [3.0, -1.0, 0.0], atol=0.1)


def test_rows_that_are_no_trajectories_are_refused() -> None:
    """A design of another kind is named as such."""
    with pytest.raises(UsageError, match="trajectories"):
        morris_effects(NAMES, np.random.default_rng(1).random((16, 3)), np.zeros((16, 1)))


def test_advice_follows_the_width() -> None:
    """A plane needs no more trajectories; luck asks for replications; a flat output is said to be flat."""
    plane = morris_effects(NAMES, POINTS, (POINTS @ [3.0, -1.0, 0.0])[:, None])
    assert morris_advice(plane, 0.2) is None
    noisy = morris_effects(NAMES, POINTS[:32], runs_of(POINTS[:32] @ [0.5, 0.0, 0.0], 4.0, 2))
    assert "replications instead of 2" in (morris_advice(noisy, 0.2) or "")
    few = morris_effects(NAMES, POINTS[:16], (10.0 * POINTS[:16].prod(axis=1))[:, None])
    assert "trajectories instead of 4" in (morris_advice(few, 0.2) or "")
    flat = morris_effects(NAMES, POINTS, np.zeros((len(POINTS), 1)))
    assert "no factor ever moved" in (morris_advice(flat, 0.2) or "")
