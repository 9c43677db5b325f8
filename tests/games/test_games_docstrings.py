"""Every example in the docstrings of the package runs and prints what it says."""

import doctest
import importlib
import pkgutil

import pytest

import sim.games

MODULES = ["sim.games", *(f"sim.games.{m.name}" for m in pkgutil.iter_modules(sim.games.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    """The examples of a module give the output that stands below them."""
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_all_public_names_exist():
    """Each name that the package exports is there."""
    for name in sim.games.__all__:
        assert getattr(sim.games, name).__doc__
    assert set(sim.games.__all__) <= set(dir(sim.games))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = sim.games.Nothing
