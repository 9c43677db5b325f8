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
