"""No module of the package imports, directly or through others, a module that imports it.

Imports are read from syntax trees: at module level, inside functions and under ``TYPE_CHECKING`` alike, for a circle
that is only lazy or only typed still means that no module of it can be understood, tested or moved without the others.

One import is not counted: that of the types of State and Params, for annotations alone, by the mechanisms of the model.
The records are put together from the parts that mechanisms declare, and a mechanism's functions take the whole world.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).parent
WORLD = "sim.model.layout"


def is_typing(node: ast.AST) -> bool:
    """Return whether a statement is an ``if TYPE_CHECKING``."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def types_of_the_world(tree: ast.Module) -> set[ast.AST]:
    """Return the imports of State, Params and Tables that only annotations need."""
    typed = (inner for node in tree.body if is_typing(node) for inner in ast.walk(node))
    return {node for node in typed if isinstance(node, ast.ImportFrom) and node.module == WORLD}


def imported(source: str, modules: frozenset[str]) -> Iterator[str]:
    """Yield the modules, of those given, that a source names in any import statement."""
    tree = ast.parse(source)
    uncounted = types_of_the_world(tree)
    for node in ast.walk(tree):
        if node in uncounted:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in modules else str(node.module) for name in inner if node.module in modules)


def circle(sources: Mapping[str, str]) -> list[str]:
    """Return the modules of one import circle, each importing the next, or nothing if there is none."""
    modules = frozenset(sources)
    try:
        TopologicalSorter({name: set(imported(text, modules)) for name, text in sources.items()}).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def sources_of(package: Path) -> dict[str, str]:
    """Return the text of every module of a package by its name."""
    texts = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        texts[name] = path.read_text(encoding="utf-8")
    return texts


def test_the_package_has_no_import_circle() -> None:
    """All modules of the package can be put in an order in which each imports earlier ones only."""
    assert circle(sources_of(PACKAGE)) == []


@pytest.mark.parametrize(
    "hidden",
    [
        "import a.one",
        "def f():\n    from a.one import x\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import one\n",
    ],
)
def test_a_circle_is_found_wherever_its_imports_stand(hidden: str) -> None:
    """A circle of three counts at module level, inside a function and under TYPE_CHECKING; without it there is none."""
    sources = {"a": "", "a.one": "from a.two import y", "a.two": "from a.three import z", "a.three": hidden}
    modules = circle(sources)
    assert set(modules) == {"a.one", "a.two", "a.three"}
    assert modules[0] == modules[-1]
    assert circle({**sources, "a.three": "import json"}) == []


def test_only_annotations_may_name_the_world_in_a_circle() -> None:
    """A mechanism may import the types of the world under TYPE_CHECKING; at run time that is a circle."""
    names = "from sim.model.layout import Params, State"
    sources = {"sim.model.aid": f"if TYPE_CHECKING:\n    {names}\n", WORLD: "from sim.model.aid import AidState"}
    assert circle(sources) == []
    assert set(circle({**sources, "sim.model.aid": names})) == set(sources)
