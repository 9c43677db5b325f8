"""Small dense linear algebra in one thread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.games.numerics.small_systems import fit_rows, solve_in_place


@given(st.integers(1, 12), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_elimination_agrees_with_lapack(n: int, k: int, seed: int) -> None:
    """The solution and the determinant's sign are LAPACK's, also where the first pivot is zero."""
    luck = np.random.default_rng(seed)
    matrix, right = luck.normal(size=(n, n)) + np.eye(n), luck.normal(size=(n, k))
    if n > 1:
        matrix[0, 0] = 0.0
    expected = np.linalg.solve(matrix, right)
    found = right.copy()
    assert solve_in_place(matrix.copy(), found) == np.linalg.slogdet(matrix).sign
    assert solve_in_place(np.zeros((n, n)), right.copy()) == 0.0
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-6 * np.abs(expected).max())


@given(st.integers(1, 5), st.integers(5, 12), st.integers(0, 2**32 - 1))
def test_fit_agrees_with_least_squares(k: int, n: int, seed: int) -> None:
    """The weighted sum of rows is the nearest to the target."""
    luck = np.random.default_rng(seed)
    rows, target = luck.normal(size=(k, n)), luck.normal(size=n)
    expected = np.linalg.lstsq(rows.T, target, rcond=None)[0]
    assert fit_rows(rows, target, 1e-8) @ rows == pytest.approx(expected @ rows, abs=1e-8)


def test_dependent_rows_get_no_weight() -> None:
    """A row that repeats a later one adds nothing and gets the weight 0."""
    rows = np.array([[2.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert fit_rows(rows, np.array([3.0, 4.0, 5.0]), 1e-8).tolist() == [0.0, 3.0, 4.0]
