"""``extends:``: a scenario that says only how it differs from another.

The value is a file named relative to the file that extends it (``baseline.yaml``) or a built-in scenario
(``doha_2020/baseline``). The overlay is laid over it: mappings merge key by key, ``null`` removes a key, anything else
(numbers, texts, lists, and numbers with their sources) replaces what stood there. Each value remembers its own file.

A file may extend only what lies in its *folder tree*: the nearest folder above the first file that is called
``scenarios``, else the folder of the first file; for built-in scenarios, all built-in ones. Symbolic links are
resolved before that is checked, so a scenario from a stranger cannot read elsewhere. Cycles are refused, and chains of
more than `MAX_CHAIN` files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from sim.scenario.feature_reference import nearest
from sim.scenario.positions import Node, Position, dotted, find
from sim.scenario.positions import Path as KeyPath
from sim.scenario.provenance import is_sourced
from sim.scenario.reader import decode, error_at, quoted, read_bytes, read_text

MAX_CHAIN: Final = 8
SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Location:
    """A scenario file and the folder tree that it may extend within.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    name : str
        What errors call it.
    tree : pathlib.Path
        Resolved root of the folder tree.
    """

    path: Path
    name: str
    tree: Path


def builtin_root() -> Path:
    """Return the folder of the built-in scenarios: in an installed package, or in a checkout beside the package."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "builtin"
    return installed if installed.is_dir() else package.parent / "scenarios"


def builtin_names() -> tuple[str, ...]:
    """List the built-in scenarios, by the names under which they can be loaded without a path.

    Returns
    -------
    tuple of str
        Such as ``doha_2020/baseline``, sorted.

    Examples
    --------
    >>> "doha_2020/baseline" in builtin_names()
    True
    """
    root = builtin_root()
    other_folders = ("backtests", "experiments", "records", "schema")
    paths = (path.relative_to(root) for path in root.glob("*/**/*.yaml"))
    return tuple(sorted(path.with_suffix("").as_posix() for path in paths if path.parts[0] not in other_folders))


def builtin_location(name: str) -> Location | None:
    """Find a built-in scenario by name; None if there is none of that name."""
    if name not in builtin_names():
        return None
    root = builtin_root()
    return Location(root / f"{name}.yaml", name, root.resolve())


def file_location(path: Path, name: str) -> Location:
    """Say which folder tree the file at a path belongs to."""
    folder = Path(os.path.realpath(os.path.dirname(os.path.abspath(path))))
    tree = next((up for up in (folder, *folder.parents) if up.name == "scenarios"), folder)
    return Location(path, name, tree)


def named_scenario(node: Node, location: Location, path: str = "extends") -> Location:
    """Find the scenario that a key of a file names, or refuse it.

    Parameters
    ----------
    node : Node
        The value: a file relative to the one it stands in, or the name of a built-in scenario.
    location : Location
        Of the file it stands in.
    path : str
        Dotted path of the key, for errors.

    Returns
    -------
    Location

    Raises
    ------
    ScenarioError
        If there is no such scenario or it lies outside the folder tree.
    """
    wanted, position = node.value, node.position
    if not isinstance(wanted, str) or not wanted or "\0" in wanted:
        raise error_at(position, quoted(wanted), "a file name or the name of a built-in scenario", path=path)
    if not wanted.endswith(SUFFIXES):
        builtin = builtin_location(wanted)
        if builtin is not None:
            return builtin
        expected = "a built-in scenario, or the name of a file that ends in .yaml"
        raise error_at(position, quoted(wanted), expected, nearest(wanted, builtin_names()), path=path)
    return inside_tree(wanted, position, location, path)


def inside_tree(wanted: str, position: Position, location: Location, path: str) -> Location:
    """Find a file named relative to another, within the folder tree of that one, or refuse it.

    Parameters
    ----------
    wanted : str
        As it is written.
    position : Position
        Where it is written.
    location : Location
        Of the file it is written in.
    path : str
        Dotted path of the key, for errors.

    Returns
    -------
    Location

    Raises
    ------
    ScenarioError
        If it is absolute, outside the tree or does not exist.
    """
    if os.path.isabs(wanted):
        raise error_at(position, "an absolute path", "a path relative to this file", path=path)
    try:
        target = location.path.parent / wanted
        resolved = target.resolve()
        exists = resolved.exists()
    except (OSError, RuntimeError, ValueError) as error:
        raise error_at(position, f"{quoted(wanted)} ({error})", "a file", path=path) from None
    if not resolved.is_relative_to(location.tree):
        hint = f"The tree is {location.tree}; copy the file into it."
        raise error_at(position, quoted(wanted), "a file inside the folder tree of this file", hint, path=path)
    if not exists:
        folder = resolved.parent
        siblings = [p.name for p in sorted(folder.glob(f"*{resolved.suffix}"))] if folder.is_dir() else []
        hint = nearest(resolved.name, siblings)
        raise error_at(position, f"{quoted(wanted)}, which does not exist", "a file", hint, path=path)
    if builtin_location(location.name) is not None and resolved.suffix == ".yaml":
        name = resolved.relative_to(location.tree).with_suffix("").as_posix()
    else:
        name = os.path.normpath(os.path.join(os.path.dirname(location.name), wanted))
    return Location(target, name, location.tree)


def overlay(base: Node, over: Node, path: KeyPath = ()) -> Node:
    """Lay one tree over another.

    Parameters
    ----------
    base, over : Node
        Mappings.
    path : tuple
        Where they stand, for errors.

    Returns
    -------
    Node
        Mappings merged, ``null`` removed, all else replaced.

    Raises
    ------
    ScenarioError
        If ``null`` is to remove a key that is not there.
    """
    if not isinstance(base.value, dict) or not isinstance(over.value, dict) or is_sourced(over):
        return over
    values, keys = dict(base.value), dict(base.keys)
    for key, node in over.value.items():
        if node.value is None:
            if key not in values:
                raise error_at(
                    over.keys.get(key, node.position),
                    "null for a key that the extended file does not have",
                    "one of its keys, to remove it",
                    nearest(key, values),
                    dotted((*path, key)),
                )
            del values[key], keys[key]
            continue
        values[key] = overlay(values[key], node, (*path, key)) if key in values else node
        keys[key] = over.keys.get(key, node.position)
    return Node(values, over.position, keys, size=1 + sum(1 + n.size for n in values.values()))


def read_extended(location: Location, files: dict[Path, Node] | None = None) -> Node:
    """Read a file and all that it extends into one tree.

    Parameters
    ----------
    location : Location
        The first file.
    files : dict of Path to Node, optional
        As for `read_chain`.

    Returns
    -------
    Node
        Without the key ``extends``.

    Raises
    ------
    ScenarioError
        If a file is malformed, missing or outside the tree, or the chain is a cycle or too long.
    """
    chain = [node for _, node in read_chain(location, files)]
    merged = without_extends(chain.pop())
    while chain:
        merged = overlay(merged, without_extends(chain.pop()))
    return merged


def read_chain(location: Location, files: dict[Path, Node] | None = None) -> list[tuple[Location, Node]]:
    """Read a file, what it extends, what that extends, and so on.

    Parameters
    ----------
    location : Location
        The first file.
    files : dict of Path to Node, optional
        Files that were read before, by resolved path; those read now are added.

    Returns
    -------
    list of (Location, Node)
        The first file first; each node as it is written.

    Raises
    ------
    ScenarioError
        If a file is malformed, missing or outside the tree, or the chain is a cycle or too long.
    """
    files = {} if files is None else files
    chain: list[tuple[Location, Node]] = []
    while True:
        place = Path(os.path.realpath(location.path))
        if place not in files:
            files[place] = _read(location)
        node = files[place]
        chain.append((location, node))
        extended, _ = find(node, ("extends",))
        if extended is None or extended.value is None:
            return chain
        location = named_scenario(extended, location)
        if os.path.realpath(location.path) in [os.path.realpath(before.path) for before, _ in chain]:
            names = " extends ".join([*(before.name for before, _ in chain), location.name])
            raise error_at(extended.position, f"a cycle: {names}", "a scenario that stands on its own", path="extends")
        if len(chain) == MAX_CHAIN:
            found = f"a chain of more than {MAX_CHAIN} files"
            raise error_at(extended.position, found, "fewer overlays on one another", path="extends")


def _read(location: Location) -> Node:
    text = decode(read_bytes(location.path, location.name), location.name)
    return _parsed(text, location.name) if location.tree == builtin_root().resolve() else read_text(text, location.name)


@lru_cache(maxsize=64)
def _parsed(text: str, name: str) -> Node:
    """Parse a built-in file; once a process, since many scenarios extend the same few, and a tree never changes."""
    return read_text(text, name)


def without_extends(node: Node) -> Node:
    """Return what a file says but for the key ``extends``."""
    entries = node.value if isinstance(node.value, dict) else {}
    values = {key: inner for key, inner in entries.items() if key != "extends"}
    return Node(values, node.position, node.keys, size=node.size)
