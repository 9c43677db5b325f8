"""Compiled code: compiled once for all scenarios, and never stale."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from numba.core import event

import sim
from sim.compiled import cache_directory
from sim.rules.registry import address
from sim.scenario.extends import builtin_names, builtin_root
from sim.scenario.named_functions import BUILT_IN, names

ROOT = Path(sim.__file__).resolve().parent


class Compilations(event.Listener):
    """Count what Numba compiles."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def on_start(self, event: event.Event) -> None:
        self.names.append(str(event.data["dispatcher"].py_func.__name__))

    def on_end(self, event: event.Event) -> None:
        pass


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_no_scenario_compiles_anything() -> None:
    """Once one scenario has run in both engines and every rule is made, all others run without a single compilation."""
    for kind in BUILT_IN:
        for name in names(kind):
            address(kind, name)
    first = sim.load("doha_2020/baseline")
    sim.run(first, seed=1)
    sim.replicate(first, runs=2, seed=1)
    listener = Compilations()
    with event.install_listener("numba:compile", listener):
        for name in builtin_names():
            scenario = sim.load(name)
            sim.run(scenario, seed=1)
            sim.replicate(scenario, runs=2, seed=1)
    assert listener.names == []


PROBE = """
import json, sim
s = sim.load("toys/two_actors")
table = sim.replicate(s, runs=1, seed=3).outcome_table
print(json.dumps([sim.run(s, seed=3).outcome["attacks"], table["attacks"][0], sim.__file__]))
"""


def probe(package: Path, cache: Path) -> list[float]:
    """Run both engines of a copy of the package in a process of its own; return attacks in each."""
    environment = {**os.environ, "PYTHONPATH": str(package), "SIM_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=True, cwd=package
    )
    event_engine, batch_engine, file = json.loads(done.stdout)
    assert Path(file).is_relative_to(package)
    return [event_engine, batch_engine]


@pytest.mark.slow
@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_an_edit_of_a_model_function_is_seen_by_both_engines(tmp_path: Path) -> None:
    """Twice the spontaneous attacks in one line of the model change both engines alike, with the old cache in place."""
    scenario = sim.load("toys/two_actors")
    before = sim.run(scenario, seed=3).outcome["attacks"]
    cache = tmp_path / "cache"
    shutil.copytree(cache_directory("kernel"), cache / cache_directory("kernel").name)
    package = tmp_path / "edited"
    shutil.copytree(ROOT, package / "sim", ignore=shutil.ignore_patterns("__pycache__", "builtin"))
    shutil.copytree(builtin_root(), package / "scenarios")
    model = package / "sim" / "model" / "violence.py"
    text = model.read_text()
    line = "base = params.attack_base[force]"
    assert line in text
    model.write_text(text.replace(line, "base = 2.0 * params.attack_base[force]"))
    event_engine, batch_engine = probe(package, cache)
    assert event_engine == batch_engine
    assert event_engine > 1.3 * before


def test_importing_the_package_loads_no_heavy_module() -> None:
    """``import sim`` loads neither compiler nor frames, statistics, figures or Parquet."""
    heavy = ("numba", "pandas", "scipy", "matplotlib", "pyarrow", "quantecon", "simpy", "pydantic")
    code = f"import sim, sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
