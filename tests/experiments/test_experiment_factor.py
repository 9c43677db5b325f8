"""Factors map the unit interval to values by the quantiles of their distribution, and back."""

import ast
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy._core._multiarray_umath import __cpu_dispatch__
from scipy import stats

from sim.experiments.designs import CLASSES
from sim.experiments.factor import TAIL, Factor
from sim.imported_sources import PACKAGE

UNIT = st.lists(st.floats(0, 1), min_size=1, max_size=20).map(np.array)
KINDS = {
    "uniform": (-2.0, 5.0),
    "log_uniform": (0.01, 30.0),
    "triangular": (1.0, 1.0, 4.0),
    "normal": (3.0, 0.5),
    "lognormal": (2.0, 0.7),
    "beta": (2.0, 3.0),
}


def factor(kind, **more):
    """Return a factor of a kind."""
    return Factor("x", ("a.b",), kind, KINDS[kind], **more)


@pytest.mark.parametrize("kind", KINDS)
@given(unit=UNIT)
def test_values_are_finite_ordered_and_found_again(kind, unit):
    """Values rise with the point, stay between those at 0 and 1, and lead back to the point."""
    x = factor(kind)
    unit = np.sort(unit)
    values = x.values(unit)
    assert np.isfinite(values).all()
    assert (np.diff(values) >= 0).all()
    assert x.low <= values.min()
    assert values.max() <= x.high
    assert x.unit(values) == pytest.approx(unit, abs=1e-6)


@pytest.mark.parametrize(
    ("kind", "law"),
    [
        ("uniform", stats.uniform(-2, 7)),
        ("log_uniform", stats.loguniform(0.01, 30)),
        ("triangular", stats.triang(0, 1, 3)),
        ("beta", stats.beta(2, 3)),
    ],
)
def test_bounded_kinds_have_the_quantiles_of_scipy(kind, law):
    """Quantiles of bounded distributions are those of scipy.stats."""
    unit = np.linspace(0, 1, 23)
    assert factor(kind).values(unit) == pytest.approx(law.ppf(unit), rel=1e-9)


@pytest.mark.parametrize(("kind", "law"), [("normal", stats.norm(3, 0.5)), ("lognormal", stats.lognorm(0.7, scale=2))])
def test_unbounded_kinds_are_cut_at_their_tails(kind, law):
    """Quantiles of unbounded distributions are scipy's of the central 99.8 per cent."""
    unit = np.linspace(0, 1, 23)
    assert factor(kind).values(unit) == pytest.approx(law.ppf(TAIL + (1 - 2 * TAIL) * unit), rel=1e-9)


@given(unit=UNIT, low=st.integers(-5, 5), width=st.integers(1, 9))
def test_whole_numbers_are_equally_probable(unit, low, width):
    """A whole range has each of its numbers on an equal share of the unit interval."""
    x = Factor("x", ("a.b",), "uniform", (low - 0.4, low + width + 0.4), whole=True)
    assert set(x.values(unit)) <= set(range(low, low + width + 1))
    middles = (np.arange(width + 1) + 0.5) / (width + 1)
    assert x.values(middles).tolist() == list(range(low, low + width + 1))
    assert x.overrides(float(low)) == {"a.b": low}


def test_choices_keep_what_was_written():
    """Texts, switches and numbers come back as they were written, at all paths of the factor."""
    x = Factor("x", ("a.b", "c.d"), "choice", (), ("on demand", True, 3, 2.5))
    values = x.values(x.cells(99))
    assert [x.overrides(value)["c.d"] for value in values] == ["on demand", True, 3, 2.5]
    assert [type(x.overrides(value)["a.b"]) for value in values] == [str, bool, int, float]
    assert np.isnan(x.unit(np.array(["never"], dtype=object))).all()


def test_a_multiplying_factor_multiplies_each_number():
    """With base numbers the value multiplies each path's own."""
    x = Factor("x", ("a.b", "c.d"), "uniform", (0.5, 2.0), base=(10.0, 3.0))
    assert x.overrides(0.5) == {"a.b": 5.0, "c.d": 1.5}


DISPATCHED = [
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "power", "float_power", "sin", "cos", "tan",
    "arcsin", "arccos", "arctan", "arctan2", "sinh", "cosh", "tanh", "cbrt", "hypot",
]  # fmt: skip
POINTS = """
from sim.experiments.definition import load_experiment
for name in ("all_priors", "verification_x_recidivism", "aid_threat_x_patience"):
    print(load_experiment(name).resized(rows=80).digest)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_values_do_not_depend_on_numpys_functions(kind, monkeypatch):
    """With the last bit of NumPy's functions changed, as another processor's may be, values and points are the same."""
    unit = np.linspace(0, 1, 101)
    values = factor(kind).values(unit)
    places = factor(kind).unit(values)
    for name in DISPATCHED:
        original = getattr(np, name)
        monkeypatch.setattr(np, name, lambda *args, f=original, **more: np.nextafter(f(*args, **more), np.inf))
    assert (factor(kind).values(unit) == values).all()
    assert (factor(kind).unit(values) == places).all()


@pytest.mark.parametrize("module", ["factor.py", *(f"designs/{name}.py" for name in CLASSES), "designs/design.py"])
def test_what_makes_points_calls_no_function_of_numpy_that_processors_disagree_on(module):
    """The text of factors and designs has none of the functions that NumPy computes otherwise on some processors."""
    tree = ast.parse((PACKAGE / "experiments" / module).read_text())
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy")
    }
    assert not used & set(DISPATCHED)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "numpy"]


def test_points_of_shipped_experiments_do_not_depend_on_numpys_choice_of_code():
    """A process in which NumPy may use no code for newer processors has the same points, to the bit."""
    newer = " ".join(__cpu_dispatch__)
    digests = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", POINTS],
            env={**os.environ, "NPY_DISABLE_CPU_FEATURES": disabled},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for disabled in ("", newer)
    ]
    assert digests[0] == digests[1]
    assert len(digests[0].split()) == 3
