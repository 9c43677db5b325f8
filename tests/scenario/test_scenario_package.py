"""The package as a whole: it loads little, and its public names exist."""

import subprocess
import sys

import pytest

import sim.scenario


def test_loading_a_scenario_loads_no_compiler():
    """Reading and validating needs neither numba nor pandas nor any other heavy package."""
    code = (
        "import sys; from sim.scenario.load import load; load('doha_2020/baseline');"
        "heavy = {'numba', 'numpy', 'pandas', 'scipy', 'matplotlib', 'pyarrow', 'quantecon'} & set(sys.modules);"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_public_names_exist():
    """Each name that the package announces can be had, and an unknown one is an AttributeError."""
    for name in sim.scenario.__all__:
        assert getattr(sim.scenario, name) is not None
    assert set(sim.scenario.__all__) <= set(dir(sim.scenario))
    with pytest.raises(AttributeError):
        sim.scenario.nothing  # noqa: B018
