"""The package as a whole: it loads little and imports only downwards."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim.store

MODULES = sorted(m.name for m in pkgutil.walk_packages(sim.store.__path__, "sim.store."))


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import sim.store", "numpy pandas scipy pyarrow numba"),
        (
            "from sim.store import prepare_out, record_folder, run_id, write_atomically",
            "numpy pandas scipy pyarrow numba",
        ),
        ("from sim.store import read_run_record, compare_records, digest_of", "pandas scipy numba matplotlib"),
    ],
)
def test_imports_are_light(code, heavy):
    """Names and folders need no heavy package, records need pyarrow, and only a test of level 3 needs scipy."""
    check = f"{code}; import sys; sys.exit(', '.join(set('{heavy}'.split()) & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", MODULES)
def test_it_stands_on_nothing_but_errors(name):
    """The package is layer 0: of this project it imports itself, errors, and the ways to import and to read files."""
    tree = ast.parse(Path(importlib.import_module(name).__file__).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "sim":
            assert node.module in ("sim.errors", "sim.lazy", "sim.untrusted_file") or node.module.startswith(
                "sim.store."
            )


def test_public_names_exist():
    """Each name that the package announces can be had, also after its module was imported, and no other."""
    for name in MODULES:
        importlib.import_module(name)
    for name in sim.store.__all__:
        assert callable(getattr(sim.store, name))
    assert set(sim.store.__all__) <= set(dir(sim.store))
    with pytest.raises(AttributeError):
        sim.store.nothing  # noqa: B018
