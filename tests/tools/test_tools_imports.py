"""Importing a tool changes nothing for the process that imports it."""

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import tools

PROBE = """
import importlib, os, sys
before = dict(os.environ)
importlib.import_module(sys.argv[1])
changed = {name for name in {*before, *os.environ} if before.get(name) != os.environ.get(name)}
print(sorted(name for name in changed if name.startswith(("NUMBA", "HYPOTHESIS", "PYTHON"))))
"""


def test_importing_a_tool_leaves_the_environment_alone():
    """A setting that outlives an import would make a process that compiles go on without compiling, half of it."""
    root = Path(tools.__file__).parents[1]
    names = [f"tools.{module.name}" for module in pkgutil.iter_modules(tools.__path__)]
    assert "tools.mutate" in names
    environment = {**os.environ, "PYTHONPATH": str(root)}
    for name in names:
        command = [sys.executable, "-c", PROBE, name]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=root)
        assert done.stdout.strip() == "[]", name
