"""The examples in the docstrings of the sweep runner give what they say."""

import doctest
import importlib
import pkgutil

import pytest

import sim.experiments.sweep as package

NAMES = [name for _, name, _ in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]


@pytest.mark.parametrize("name", NAMES)
def test_examples(name):
    """Every example of the module runs and gives what is written."""
    if name.endswith("cluster"):
        pytest.importorskip("distributed")
    assert doctest.testmod(importlib.import_module(name)).failed == 0
