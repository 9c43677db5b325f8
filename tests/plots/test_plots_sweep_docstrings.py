"""The examples in the docstrings of the figures of sweeps are true."""

import doctest
import importlib

import pytest

MODULES = (
    "heat_cells",
    "index_convergence",
    "label_places",
    "morris_plane",
    "notes",
    "output_words",
    "sensitivity_words",
    "sobol_bars",
    "sweep_heat_map",
)


@pytest.mark.parametrize("module", [*(f"sim.plots.{name}" for name in MODULES), "sim.experiments.sweep_cells"])
def test_examples_in_docstrings(module: str) -> None:
    """Every example of a docstring gives what it says."""
    results = doctest.testmod(importlib.import_module(module))
    assert results.attempted > 0
    assert results.failed == 0
