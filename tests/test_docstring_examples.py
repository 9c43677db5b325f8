"""Every example in a docstring of the package and of `tools` runs and gives what is written; no module is left out."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import pkgutil
from pathlib import Path

import pytest

import sim
import tools

OPTIONAL = {"sim.experiments.sweep.schedulers.cluster": "distributed", "sim.games.formats.gambit": "pygambit"}
NAMES = [
    "sim",
    *(m.name for m in pkgutil.walk_packages(sim.__path__, "sim.") if m.name != "sim.__main__"),
    *(m.name for m in pkgutil.walk_packages(tools.__path__, "tools.")),
]


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples of a module give what they say, in an empty folder."""
    if name in OPTIONAL:
        pytest.importorskip(OPTIONAL[name])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_most_modules_have_examples() -> None:
    """The walk above reaches the whole package: examples stand in every layer of it."""
    found = {name.split(".")[1] for name in NAMES if name.startswith("sim.") and ">>>" in _source(name)}
    layers = {"scenario", "random", "games", "scoring", "store", "record", "model", "rules", "encode", "engine"}
    assert found >= layers | {"experiments", "plots", "cli"}


def _source(name: str) -> str:
    """Return the source of a module."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text(encoding="utf-8")
