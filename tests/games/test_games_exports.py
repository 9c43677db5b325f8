"""The package of games exports what it says."""

import pytest

import sim.games


def test_all_public_names_exist():
    """Each name that the package exports is there."""
    for name in sim.games.__all__:
        assert getattr(sim.games, name).__doc__
    assert set(sim.games.__all__) <= set(dir(sim.games))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = sim.games.Nothing
