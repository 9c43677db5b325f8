"""Which source files a module of this package leads to by its imports: all the code that can decide what it computes.

Read off the text, not off the interpreter's list of loaded modules, so that the answer is the same in every process:
imports at the top, inside functions, and names in quotes such as ``"sim.kernel.rollout"``, which are resolved when they
are first used; a package in quotes stands for all its modules, as which of them is meant is found out later. Imports
for type checkers alone (``if TYPE_CHECKING:``) compute nothing and are left out. A package counts as its ``__init__``,
and only where it is imported itself; those passed through on the way to a module define nothing that is computed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_QUOTED = re.compile(r"sim(\.\w+)+(:\w+)?")


def imported_sources(*roots: str, package: Path = PACKAGE) -> tuple[Path, ...]:
    """List the source files that some modules are made of, themselves included.

    Parameters
    ----------
    *roots : str
        Names of modules, such as ``sim.engine.run``.
    package : Path
        Folder of the package `sim`.

    Returns
    -------
    tuple of Path
        Sorted.

    Raises
    ------
    ValueError
        If a root is no module of the package.

    Examples
    --------
    >>> [path.name for path in imported_sources("sim.random.seed")]
    ['errors.py', 'seed.py']
    """
    found: set[Path] = set()
    waiting = []
    for root in roots:
        source = _source_of(root, package)
        if source is None:
            raise ValueError(f"found {root!r}, expected a module of {package}")
        waiting.append(source)
    while waiting:
        source = waiting.pop()
        if source not in found:
            found.add(source)
            waiting += imports_of(source, package)
    return tuple(sorted(found))


@cache
def imports_of(source: Path, package: Path = PACKAGE) -> frozenset[Path]:
    """List the source files of the package that one file imports itself."""
    found: set[Path] = set()
    for name, quoted in _names(ast.parse(source.read_text(encoding="utf-8"))):
        path = _source_of(name, package)
        if path is not None:
            found.update(path.parent.glob("*.py") if quoted and path.name == "__init__.py" else [path])
    return frozenset(found)


def _names(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Name what a file imports from the package, and whether in quotes.

    Of ``from a import b`` both a and a.b are named, as b may be a module.
    """
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from ((alias.name, False) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.module, False
            yield from ((f"{node.module}.{alias.name}", False) for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _QUOTED.fullmatch(node.value):
            yield node.value.partition(":")[0], True


def _source_of(name: str, package: Path) -> Path | None:
    """Return the file of a module of the package, or None for any other name."""
    first, *rest = name.split(".")
    if first != "sim" or not rest:
        return None
    place = package.joinpath(*rest)
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)
