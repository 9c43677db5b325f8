"""The public names of the package."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

import sim.games


def test_every_public_name_can_be_imported() -> None:
    """Each name that the package lists exists, is documented and is listed by `dir`; others are an error."""
    for name in sim.games.__all__:
        assert getattr(sim.games, name).__doc__
    assert set(sim.games.__all__) <= set(dir(sim.games))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = sim.games.Nothing


def test_no_public_name_is_hidden_by_a_module() -> None:
    """No name is also the name of a module of the package, which would replace it once imported."""
    for name in sim.games.__all__:
        try:
            module = importlib.util.find_spec(f"sim.games.{name}")
        except ModuleNotFoundError:
            module = None
        assert module is None, name


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Importing the package loads neither numba nor scipy.stats, quantecon or pygambit."""
    code = (
        "import sys, sim.games; heavy = {'numba', 'scipy.stats', 'quantecon', 'pygambit', 'pandas'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
