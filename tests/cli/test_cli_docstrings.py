"""The examples in the docstrings of the command line are true."""

import doctest
import importlib
import pkgutil

import pytest

import sim.cli

MODULES = sorted(m.name for m in pkgutil.walk_packages(sim.cli.__path__, "sim.cli."))


@pytest.mark.parametrize("name", ["sim.cli", *MODULES])
def test_examples_in_docstrings(name):
    """Every example of a docstring gives what it says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0
