"""Compiled code: compiled once for all scenarios, and never stale."""

from __future__ import annotations

import json
import math
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
from sim.random.lognormal import lognormal
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


ENGINES = """
import json, sim
s = sim.load("toys/two_actors")
table = sim.replicate(s, runs=1, seed=3).outcome_table
print(json.dumps([sim.run(s, seed=3).outcome["attacks"], table["attacks"][0], sim.__file__]))
"""
CALLER = """
import ctypes, json, sim
from numba import float64
from sim.function_pointer import address_of
from sim.random.lognormal import lognormal
address = address_of(lognormal.py_func, float64(float64, float64, float64))
by_address = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_double, ctypes.c_double)(address)
print(json.dumps([lognormal(0.25, 1.0, 1.0), by_address(0.25, 1.0, 1.0), sim.__file__]))
"""


def printed(program: str, package: Path, **environment: str) -> list[float]:
    """Run a program with a copy of the package in a process of its own; return the two numbers that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(package), **environment},
        capture_output=True,
        text=True,
        check=True,
        cwd=package,
    )
    *numbers, file = json.loads(done.stdout)
    assert Path(file).is_relative_to(package)
    return numbers


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """Copy the package, with twice the spontaneous attacks and normal numbers of the other sign."""
    shutil.copytree(ROOT, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__", "builtin"))
    shutil.copytree(builtin_root(), tmp_path / "scenarios")
    for name, line, other in (
        ("model/violence.py", "base = params.attack_base[stream]", "base = 2.0 * params.attack_base[stream]"),
        ("random/normal.py", "    q = u - 0.5\n", "    q = 0.5 - u\n"),
    ):
        path = tmp_path / "sim" / name
        text = path.read_text()
        assert text.count(line) == 1
        path.write_text(text.replace(line, other))
    return tmp_path


def test_an_edit_of_a_model_function_is_seen_by_both_engines(edited: Path) -> None:
    """Twice the spontaneous attacks in one line of the model change both engines alike."""
    before = sim.run(sim.load("toys/two_actors"), seed=3).outcome["attacks"]
    event_engine, batch_engine = printed(ENGINES, edited, NUMBA_DISABLE_JIT="1")
    assert event_engine == batch_engine
    assert event_engine > 1.3 * before


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_an_edit_is_seen_by_compiled_callers_in_other_modules(edited: Path, tmp_path: Path) -> None:
    """A function whose callee was edited in another module is compiled anew beside the old cache, by address too."""
    assert lognormal(0.25, 1.0, 1.0) == pytest.approx(math.exp(-0.67448975))
    cache = tmp_path / "cache"
    shutil.copytree(cache_directory("kernel"), cache / cache_directory("kernel").name)
    assert printed(CALLER, edited, SIM_CACHE_DIR=str(cache)) == pytest.approx([math.exp(0.67448975)] * 2)
    assert len(list(cache.iterdir())) == 2


def test_importing_the_package_loads_no_heavy_module() -> None:
    """``import sim`` loads neither compiler nor frames, statistics, figures or Parquet."""
    heavy = ("numba", "pandas", "scipy", "matplotlib", "pyarrow", "quantecon", "simpy", "pydantic")
    code = f"import sim, sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
