"""Which source files a module of this package leads to by its imports: all the code that can decide what it computes.

Read off the text, not off the interpreter's list of loaded modules, so that the answer is the same in every process:
imports at the top, inside functions, and names of modules in quotes, which are resolved when they are first used; a
package in quotes stands for all its modules, as which of them is meant is found out later. Imports for type checkers
alone (``if TYPE_CHECKING:``) compute nothing and are left out. A package counts as its ``__init__``, and only where it
is imported itself; those passed through on the way to a module define nothing that is computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(sim(?:\.\w+)*)[ \t]+import[ \t]+(\([^)]*\)|[^\n(]+)|import[ \t]+([^\n]+))", re.MULTILINE
)
_EXAMPLE = re.compile(r"^[ \t]*(?:>>>|\.\.\. )[^\n]*", re.MULTILINE)
_COMMENT = re.compile(r"#[^\n]*")
_TYPED = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t]+[^\n]*(?:\n|\Z)|\n(?=[ \t\n]))+", re.MULTILINE)
_QUOTED = re.compile(r"""["'](sim(?:\.\w+)+)(?::\w+)?["']""")


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
    for name, quoted in _names(source.read_text(encoding="utf-8")):
        path = _source_of(name, package)
        if path is not None:
            found.update(path.parent.glob("*.py") if quoted and path.name == "__init__.py" else [path])
    return frozenset(found)


def _names(text: str) -> Iterator[tuple[str, bool]]:
    """Name what a source imports from the package, and whether in quotes.

    Of ``from a import b`` both a and a.b are named, as b may be a module. The text is searched rather than parsed,
    which takes a fraction of the time at each start; an import in the prose of a docstring counts, in an example not.
    """
    computed = _EXAMPLE.sub("", _TYPED.sub("", text))
    for match in _IMPORT.finditer(computed):
        module, imported, plain = match.groups()
        listed = _COMMENT.sub("", plain if module is None else imported.strip("()")).split(",")
        words = [words[0] for each in listed if (words := each.split())]
        if module is not None:
            yield module, False
            words = [f"{module}.{word}" for word in words]
        yield from ((word, False) for word in words)
    yield from ((match.group(1), True) for match in _QUOTED.finditer(computed))


def modules_of(name: str, package: Path = PACKAGE) -> tuple[str, ...]:
    """Name the modules of a package of the package `sim`, at any depth; of a module itself.

    Examples
    --------
    >>> modules_of("sim.errors"), "sim.games.theory.ewa" in modules_of("sim.games")
    (('sim.errors',), True)
    """
    folder = package.joinpath(*name.split(".")[1:])
    if not folder.is_dir():
        return (name,)
    paths = sorted(folder.rglob("*.py"))
    inner = (path.relative_to(package).with_suffix("").parts for path in paths)
    return tuple(".".join(("sim", *(parts[:-1] if parts[-1] == "__init__" else parts))) for parts in inner)


def _source_of(name: str, package: Path) -> Path | None:
    """Return the file of a module of the package, or None for any other name."""
    first, *rest = name.split(".")
    if first != "sim" or not rest:
        return None
    place = package.joinpath(*rest)
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)
