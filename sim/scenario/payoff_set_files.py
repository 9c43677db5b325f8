"""Payoff sets that are files: ``payoff_sets: {hawkish: hawkish.yaml}`` names an overlay of the scenario that says it.

Where a scenario is read, each such entry becomes changes like any other variation. An overlay says only what differs
from what it extends, so the set ``central`` of two files may say nothing at all; yet a scenario that is itself hawkish
must be able to take it. So every set states all values that any of them touches: the union of the paths that the
overlays write, each with the value that the set's own file has there (null where it has none).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from sim.scenario.extends import Location, builtin_location, named_scenario, overlay, read_chain, without_extends
from sim.scenario.positions import Node, dotted, find
from sim.scenario.positions import Path as KeyPath
from sim.scenario.provenance import is_number, is_sourced
from sim.scenario.reader import error_at, quoted

SECTION: Final = "payoff_sets"
SAYS_NOTHING: Final = frozenset({"schema_version", "title", "description", "expects", "record", SECTION})
"""Keys of an overlay that change no world."""


def with_payoff_sets(tree: Node, location: Location, files_read: dict[Path, Node]) -> Node:
    """Replace the names of payoff set files in a scenario by the changes that they stand for.

    Parameters
    ----------
    tree : Node
        As read and merged.
    location : Location
        Of the first file.
    files_read : dict of Path to Node
        Files that were read for the tree, by resolved path; those read now are added.

    Returns
    -------
    Node
        The tree itself if it names no file.

    Raises
    ------
    ScenarioError
        If a file does not exist, lies outside the folder tree, or is no overlay of the scenario.
    """
    section, _ = find(tree, (SECTION,))
    if section is None or not isinstance(section.value, dict):
        return tree
    files = {name: node for name, node in section.value.items() if isinstance(node.value, str)}
    if not files:
        return tree
    changed_paths: dict[str, list[KeyPath]] = {}
    merged: dict[str, Node] = {}
    for name, node in files.items():
        home = _home(node, location)
        bases = [os.path.realpath(place.path) for place, _ in read_chain(home, files_read)]
        chain = read_chain(named_scenario(node, home, dotted((SECTION, name))), files_read)
        own = next((i for i, (place, _) in enumerate(chain) if os.path.realpath(place.path) in bases), None)
        if own is None:
            expected = f"a file that extends {home.name}"
            raise error_at(node.position, quoted(node.value), expected, path=dotted((SECTION, name)))
        changed_paths[name] = [path for _, over in chain[:own] for path in _leaves(without_extends(over), ())]
        whole = without_extends(chain[-1][1])
        for _, over in reversed(chain[:-1]):
            whole = overlay(whole, without_extends(over))
        merged[name] = whole
    union = list(dict.fromkeys(path for paths in changed_paths.values() for path in paths))
    sets = dict(section.value)
    for name, node in files.items():
        sets[name] = _variation(node, merged[name], union)
    replaced = Node(sets, section.position, section.keys, size=1 + sum(1 + inner.size for inner in sets.values()))
    values: dict[str, Node] = {**_entries(tree), SECTION: replaced}
    return Node(values, tree.position, tree.keys, size=1 + sum(1 + inner.size for inner in values.values()))


def _entries(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def _home(node: Node, first: Location) -> Location:
    """Find the file that an entry stands in, which may be one that the first file extends."""
    name = node.position.file
    if name == first.name:
        return first
    return builtin_location(name) or Location(Path(name), name, first.tree)


def _leaves(node: Node, path: KeyPath) -> list[KeyPath]:
    """List the paths that an overlay writes."""
    if isinstance(node.value, dict) and not is_sourced(node) and (node.value or not path):
        inner = ((key, value) for key, value in node.value.items() if path or key not in SAYS_NOTHING)
        return [leaf for key, value in inner for leaf in _leaves(value, (*path, key))]
    return [path]


def _variation(entry: Node, whole: Node, paths: list[KeyPath]) -> Node:
    """Write a set as label and changes."""
    title = find(whole, ("title",))[0]
    name = Node(entry.value, entry.position)
    changes: dict[str, Node] = {}
    for path in paths:
        node = find(whole, path)[0]
        changes[dotted(path)] = Node(None, entry.position) if node is None else _from_file(node, name)
    values = {
        "label": title if title is not None else name,
        "changes": Node(changes, entry.position, dict.fromkeys(changes, entry.position), size=1 + len(changes)),
    }
    return Node(values, entry.position, dict.fromkeys(values, entry.position), size=3 + len(changes))


def _from_file(node: Node, file: Node) -> Node:
    """Return a value without what its file says about it; a number says which file it is assumed in."""
    bare = _bare(node)
    if not is_number(bare.value):
        return bare
    values = {"value": bare, "assumption": file}
    return Node(values, node.position, dict.fromkeys(values, node.position), size=3)


def _bare(node: Node) -> Node:
    """Drop the notes on numbers, here and below."""
    value: Any = node.value
    if isinstance(value, dict):
        if "value" in value and is_sourced(node):
            return _bare(value["value"])
        entries = {k: _bare(n) for k, n in value.items() if not is_sourced(node) or k == "beta"}
        return Node(entries, node.position, {k: node.keys.get(k, node.position) for k in entries}, size=node.size)
    if isinstance(value, list):
        return Node([_bare(item) for item in value], node.position, size=node.size)
    return node
