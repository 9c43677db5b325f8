"""Compiled code: compiled once for all scenarios, and never stale."""

from __future__ import annotations

import ast
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
from sim.rules.registry import address
from sim.scenario.extends import builtin_names
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
import ctypes, json, sim
from numba.types import float64
from sim.function_pointer import address_of
from sim.random.lognormal import lognormal
signature = float64(float64, float64, float64)
pointer = ctypes.CFUNCTYPE(*[ctypes.c_double] * 4)(address_of(lognormal.py_func, signature))
print(json.dumps([lognormal(0.99, 1.0, 0.5), pointer(0.99, 1.0, 0.5), sim.__file__]))
"""


def probe(package: Path, cache: Path) -> list[float]:
    """Call a function of a copy of the package directly and by its address, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(package), "SIM_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=True, cwd=package
    )
    direct, by_address, file = json.loads(done.stdout)
    assert Path(file).is_relative_to(package)
    return [direct, by_address]


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_an_edit_is_seen_by_what_was_compiled_in_other_modules(tmp_path: Path) -> None:
    """Half a normal draw changes a lognormal one, called directly and by its address, with the old cache in place.

    These are the two ways in which machine code is kept, and engines have no other: Numba's own caches would not see
    that a callee in another file was edited.
    """
    package, cache = tmp_path / "edited", tmp_path / "cache"
    shutil.copytree(ROOT, package / "sim", ignore=shutil.ignore_patterns("__pycache__", "builtin"))
    before = probe(package, cache)
    assert before[0] == before[1]
    assert list(cache.rglob("lognormal.lognormal-*.nbi"))
    model = package / "sim" / "random" / "normal.py"
    text = model.read_text(encoding="utf-8")
    line = "return -value if q < 0.0 else value"
    assert line in text
    model.write_text(text.replace(line, "return -0.5 * value if q < 0.0 else 0.5 * value"), encoding="utf-8")
    assert probe(package, cache) == pytest.approx([math.sqrt(x) for x in before], rel=1e-12)


def test_machine_code_is_kept_in_two_places_only() -> None:
    """No other file asks Numba to keep what it compiles, so nothing goes stale unseen."""
    keeping = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "cache":
                keeping.add(path.relative_to(ROOT).as_posix())
    assert keeping == {"compiled.py", "function_pointer.py"}


def test_importing_the_package_loads_no_heavy_module() -> None:
    """``import sim`` loads neither compiler nor frames, statistics, figures or Parquet."""
    heavy = ("numba", "pandas", "scipy", "matplotlib", "pyarrow", "quantecon", "simpy", "pydantic")
    code = f"import sim, sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
