"""Designs have the properties they are named for, and depend on nothing but themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.experiments.designs.grid import Grid
from sim.experiments.designs.latin_hypercube import LatinHypercube
from sim.experiments.designs.morris import Morris
from sim.experiments.designs.rows import Rows
from sim.experiments.designs.saltelli import Saltelli
from sim.experiments.designs.sobol import Sobol
from sim.experiments.factor import Factor

SEEDS = st.integers(0, 10**15)


def ranges(count):
    """Return some factors with ranges."""
    return [Factor(f"x{i}", (f"a.b{i}",), "uniform", (0.0, 1.0)) for i in range(count)]


@given(rows=st.integers(1, 60), factors=st.integers(1, 6), seed=SEEDS)
def test_a_latin_hypercube_is_stratified(rows, factors, seed):
    """Each factor has exactly one point in each of as many equal cells as there are rows."""
    points = LatinHypercube(rows=rows, seed=seed).unit_points(ranges(factors))
    cells = np.sort(np.floor(points * rows).astype(int), axis=0)
    assert np.array_equal(cells, np.tile(np.arange(rows)[:, None], factors))


@given(power=st.integers(0, 7), factors=st.integers(1, 6), scrambled=st.booleans(), seed=SEEDS)
def test_sobol_points_are_balanced(power, factors, scrambled, seed):
    """A power of two of Sobol' points has exactly one in each equal cell of every factor, scrambled or not."""
    rows = 2**power
    points = Sobol(rows=rows, scrambled=scrambled, seed=seed).unit_points(ranges(factors))
    cells = np.sort(np.floor(points * rows).astype(int), axis=0)
    assert np.array_equal(cells, np.tile(np.arange(rows)[:, None], factors))


@given(power=st.integers(2, 6), seed=SEEDS)
def test_sobol_points_are_balanced_in_pairs(power, seed):
    """The first two coordinates are a (0, m, 2)-net: boxes of area 2^-m with sides of powers of two hold one each."""
    points = Sobol(rows=2**power, seed=seed).unit_points(ranges(2))
    for wide in range(power + 1):
        boxes = np.floor(points[:, 0] * 2**wide) * 2 ** (power - wide) + np.floor(points[:, 1] * 2 ** (power - wide))
        assert len(np.unique(boxes)) == 2**power


@settings(max_examples=30)
@given(trajectories=st.integers(1, 6), factors=st.integers(2, 7), half=st.integers(1, 4), seed=SEEDS)
def test_trajectories_change_one_factor_at_a_time(trajectories, factors, half, seed):
    """Along each trajectory every factor changes exactly once, by p / (2 (p - 1)), on the lattice of p levels."""
    levels = 2 * half
    design = Morris(trajectories=trajectories, levels=levels, seed=seed)
    points = design.unit_points(ranges(factors)).reshape(trajectories, factors + 1, factors)
    steps = np.diff(points, axis=1)
    assert np.array_equal(np.sort((steps != 0).argmax(axis=2), axis=1), np.tile(np.arange(factors), (trajectories, 1)))
    assert ((steps != 0).sum(axis=2) == 1).all()
    assert np.abs(steps).max(axis=2) == pytest.approx(levels / (2 * (levels - 1)))
    assert points * (levels - 1) == pytest.approx(np.rint(points * (levels - 1)), abs=1e-9)


def test_saltelli_blocks_swap_one_column():
    """In each block row A differs from the row of factor i in column i alone, which is that of B."""
    factors = ranges(3)
    design = Saltelli(base_rows=8, seed=3)
    blocks = design.unit_points(factors).reshape(8, design.block(factors), 3)
    first, last = blocks[:, 0], blocks[:, -1]
    for i in range(3):
        assert np.array_equal(np.where(np.arange(3) == i, last, first), blocks[:, 1 + i])


@given(levels=st.lists(st.integers(2, 5), min_size=1, max_size=4))
def test_a_grid_has_every_combination_once(levels):
    """The rows of a grid are all different and as many as the product of the levels, ends included."""
    factors = ranges(len(levels))
    design = Grid(levels={f.name: n for f, n in zip(factors, levels, strict=True)})
    points = design.unit_points(factors)
    assert len(points) == design.size(factors) == np.prod(levels) == len(np.unique(points, axis=0))
    assert (points.min(axis=0) == 0).all()
    assert (points.max(axis=0) == 1).all()


@pytest.mark.parametrize(
    "design",
    [
        Grid(levels=4),
        LatinHypercube(rows=9, seed=2),
        Sobol(rows=16, seed=2),
        Saltelli(base_rows=4, seed=2),
        Morris(trajectories=3, seed=2),
        Rows(values={"x0": [0.1, 0.5], "x1": [0.2, 0.3], "x2": [0, 1]}),
    ],
    ids=lambda design: type(design).__name__,
)
def test_points_depend_on_the_design_alone(design):
    """Asked twice, and whatever NumPy's global generator did in between, a design gives the same points."""
    factors = ranges(3)
    first = design.unit_points(factors)
    np.random.seed(1)  # noqa: NPY002
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    assert np.array_equal(first, type(design)(**design.model_dump(exclude_none=True)).unit_points(factors))
    assert np.array_equal(state, np.random.get_state()[1])  # noqa: NPY002
    assert first.shape == (design.size(factors), 3)
    assert ((first >= 0) & (first <= 1)).all()


@given(rows=st.integers(1, 3000), count=st.integers(2, 5))
def test_resized_designs_have_at_most_so_many_rows(rows, count):
    """A resized design has at most the rows that were asked for, and over half of them where its kind allows it."""
    factors = ranges(count)
    for design in (
        LatinHypercube(rows=5),
        Sobol(rows=4),
        Saltelli(base_rows=2),
        Morris(trajectories=2),
        Grid(levels=3),
    ):
        try:
            found = design.resized(rows, factors).size(factors)
        except UsageError:
            assert rows < {Saltelli: count + 2, Morris: count + 1, Grid: 2**count}[type(design)]
            continue
        assert 0 < found <= rows
        if isinstance(design, LatinHypercube | Sobol):
            assert 2 * found > rows
