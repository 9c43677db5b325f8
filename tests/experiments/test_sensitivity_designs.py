"""Saltelli's blocks and Morris's trajectories are recognised in the points of a design, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SALib.sample import morris, sobol
from sensitivity_functions import saltelli

from sim.experiments.sensitivity.morris_effects import trajectory_step
from sim.experiments.sensitivity.saltelli_blocks import saltelli_blocks


def box(factors: int) -> dict[str, object]:
    """Return the unit cube as SALib describes it."""
    return {"num_vars": factors, "names": [f"x{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}


@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize("factors", [2, 3, 7])
def test_designs_of_salib_are_recognised(factors: int, second_order: bool) -> None:
    """Blocks are found with and without the rows for interactions, and these are not taken for exchanges."""
    points = sobol.sample(box(factors), 16, calc_second_order=second_order, seed=np.random.default_rng(1))
    found = saltelli_blocks(points)
    assert found is not None
    assert (found.blocks, found.mirrored) == (16, factors if second_order else 0)
    assert found.exchanged == tuple((i,) for i in range(factors))
    assert not found.grouped
    by_block = found.by_block(points)
    assert by_block.shape == (16, factors + 2, factors)
    for i in range(factors):
        exchanged = by_block[:, 0].copy()
        exchanged[:, i] = by_block[:, -1, i]
        np.testing.assert_array_equal(by_block[:, i + 1], exchanged)


@given(st.permutations(range(5)), st.integers(1, 4), st.integers(0, 100))
def test_groups_are_recognised(order: list[int], cut: int, seed: int) -> None:
    """Any partition of the factors into two groups is found, whatever columns they have."""
    groups = [sorted(order[:cut]), sorted(order[cut:])]
    found = saltelli_blocks(saltelli(8, groups, seed).reshape(-1, 5))
    assert found is not None
    assert found.exchanged == tuple(tuple(group) for group in groups)
    assert found.grouped


def test_other_designs_are_not() -> None:
    """Random rows, rows out of order and a factor that never changes are no blocks."""
    points = saltelli(8, [[0], [1]], 1).reshape(-1, 2)
    assert saltelli_blocks(np.random.default_rng(1).random((32, 2))) is None
    assert saltelli_blocks(points[::-1][1:]) is None
    assert saltelli_blocks(np.c_[points, np.zeros(len(points))]) is None


@pytest.mark.parametrize("levels", [2, 4, 6, 8])
def test_trajectories_of_salib_are_recognised(levels: int) -> None:
    """The step of Morris's design is found, p / (2 (p - 1))."""
    points = morris.sample(box(4), 10, num_levels=levels, seed=np.random.default_rng(levels))
    assert trajectory_step(points) == pytest.approx(levels / (2 * (levels - 1)))


def test_other_rows_are_no_trajectories() -> None:
    """Random rows and Saltelli's blocks have no step."""
    assert trajectory_step(np.random.default_rng(1).random((15, 4))) is None
    assert trajectory_step(saltelli(8, [[0], [1]], 1).reshape(-1, 2)[:30]) is None
