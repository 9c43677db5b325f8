"""The examples in the docstrings of sensitivity analysis are true."""

import doctest
import importlib
import pkgutil

import pytest

import sim.experiments.sensitivity as package

MODULES = sorted(module.name for module in pkgutil.iter_modules(package.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    """Every module has an example, and every example gives what it says."""
    results = doctest.testmod(importlib.import_module(f"sim.experiments.sensitivity.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
