"""Failed runs leave a sensitivity analysis by a stated policy, and never in silence."""

from __future__ import annotations

import numpy as np
import pytest
from sensitivity_functions import ishigami, one_by_one, own_luck, saltelli

from sim.errors import UsageError
from sim.experiments.sensitivity.failed_runs import whole_blocks
from sim.experiments.sensitivity.sobol_indices import sobol_indices, whole

KNOWN = ishigami()
NAMES = ("x1", "x2", "x3")


def test_a_block_goes_as_a_whole() -> None:
    """A row in which every run failed takes its block along and no other; the rest is what it was."""
    runs = own_luck(KNOWN.function(saltelli(64, one_by_one(3), seed=1)), 1.0, 3, seed=1)
    broken = runs.copy()
    broken[7, 2] = np.nan
    rest, failures = whole_blocks(broken, whole(broken))
    np.testing.assert_array_equal(rest, np.delete(runs, 7, axis=0))
    assert (failures.failed, failures.left_out, failures.blocks, failures.runs) == (3, 1, 64, runs.size)
    assert str(failures) == "3 of 960 runs failed; 1 of 64 blocks left out"


def test_a_few_failed_runs_cost_no_block() -> None:
    """Four per cent of failed runs cost comparisons, not blocks, and indices stay unbiased within 3.5 errors."""
    found = []
    for seed in range(40):
        runs = own_luck(KNOWN.function(saltelli(256, one_by_one(3), seed)), 4.0, 10, seed)
        runs[np.random.default_rng(seed).random(runs.shape) < 0.04] = np.nan
        rest, failures = whole_blocks(runs, whole(runs))
        assert failures.left_out == 0
        indices = sobol_indices(NAMES, rest, shared_luck=False, resamples=10)
        found.append(np.r_[indices.first, indices.total])
    error = np.std(found, axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(np.mean(found, axis=0) - np.r_[KNOWN.first, KNOWN.total]) < 3.5 * error).all()


def test_two_replications_must_be_left_where_there_were_several() -> None:
    """One replication in common cannot separate luck, so its block goes; a sweep of one replication asks for one."""
    runs = np.zeros((2, 3, 3))
    runs[0, 0, :2] = np.nan
    assert whole(runs).tolist() == [False, True]
    alone = np.zeros((2, 3, 1))
    alone[0, 0] = np.nan
    assert whole(alone).tolist() == [False, True]


def test_too_many_failures_are_refused() -> None:
    """Beyond the stated share of blocks nothing is estimated, and the message says what to do; more can be allowed."""
    runs = np.zeros((10, 4, 2))
    runs[:3, 1] = np.nan
    with pytest.raises(UsageError, match=r"3 of 10 blocks left out, expected at most 20 %.*column failure"):
        whole_blocks(runs, whole(runs))
    rest, failures = whole_blocks(runs, whole(runs), most_left_out=0.3)
    assert len(rest) == 7
    assert failures.left_out == 3


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_the_allowed_share_is_a_share(share: float) -> None:
    """A share outside [0, 1) is refused."""
    with pytest.raises(UsageError, match="most_left_out"):
        whole_blocks(np.zeros((4, 4, 2)), np.ones(4, bool), most_left_out=share)


def test_two_blocks_must_remain() -> None:
    """However much is allowed, one block is no sample."""
    runs = np.zeros((2, 4, 2))
    runs[0, 1] = np.nan
    with pytest.raises(UsageError, match="two to remain"):
        whole_blocks(runs, whole(runs), most_left_out=0.9)
