"""Where each value of an input file stands: the tree between YAML text and validated models.

Reading a file gives a tree of `Node`: plain values that remember file, line and column, so that files can be merged,
values replaced and errors found much later, and each still points at the characters it is about.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | dt.date | None
Path: TypeAlias = tuple[str | int, ...]

OVERRIDE: Final = "override"
MAX_DEPTH: Final = 32
MAX_NUMBER: Final = 1e15
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file.

    Attributes
    ----------
    file : str
        As the user named it, the name of a built-in scenario, or ``override`` for a value set from Python or with
        ``--set``.
    line, column : int
        1-based; 0 for a value that stands in no file.
    """

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """One value of an input file.

    Attributes
    ----------
    value : scalar, dict of str to Node, or list of Node
        Never changed after the node is built.
    position : Position
        Of the first character of the value.
    keys : dict of str to Position
        For a mapping, where each key stands.
    quoted : bool
        Whether a text stands in quotes, so that its first character is one column further right.
    size : int
        Nodes in this tree, aliases counted as often as they are used.
    """

    value: Scalar | dict[str, Node] | list[Node]
    position: Position
    keys: dict[str, Position] = field(default_factory=dict)
    quoted: bool = False
    size: int = 1


def dotted(path: Sequence[str | int]) -> str:
    """Write a path as the user writes it.

    Examples
    --------
    >>> dotted(("deal", "withdrawal", "us_troops", "steps", 0, "left"))
    'deal.withdrawal.us_troops.steps.0.left'
    """
    return ".".join(str(part) for part in path)


def find(root: Node, path: Sequence[str | int]) -> tuple[Node | None, Position]:
    """Find the node at a path and where it stands; for a path that is not there, where its nearest parent stands.

    Parameters
    ----------
    root : Node
    path : sequence of str or int

    Returns
    -------
    node : Node or None
        None if the path is not in the tree.
    position : Position
        Of the value, or of the key of the nearest parent that is there.
    """
    node, position = root, root.position
    for part in path:
        inner: Node | None = None
        if isinstance(node.value, dict) and isinstance(part, str):
            inner = node.value.get(part)
        elif isinstance(node.value, list) and isinstance(part, int) and 0 <= part < len(node.value):
            inner = node.value[part]
        if inner is None:
            return None, position
        key = node.keys.get(part) if isinstance(part, str) else None
        node, position = inner, key or inner.position
    return node, node.position


def key_position(root: Node, path: Sequence[str | int]) -> Position:
    """Find where the last key of a path stands; for an element of a list, where the element does."""
    parent, position = find(root, path[:-1])
    if parent is not None and path and isinstance(path[-1], str) and path[-1] in parent.keys:
        return parent.keys[path[-1]]
    return find(root, path)[1] if parent is not None else position


def plain(node: Node) -> Any:
    """Return the tree without positions: dictionaries, lists and scalars."""
    if isinstance(node.value, dict):
        return {key: plain(inner) for key, inner in node.value.items()}
    if isinstance(node.value, list):
        return [plain(inner) for inner in node.value]
    return node.value


def from_plain(value: Any, position: Position, depth: int = 0) -> Node:
    """Build a tree, all at one position, from dictionaries, lists and scalars.

    Parameters
    ----------
    value : mapping, list, tuple or scalar
        NumPy scalars count as Python's.
    position : Position
        Of every node.
    depth : int
        Levels above this one.

    Returns
    -------
    Node

    Raises
    ------
    TypeError
        For anything that a YAML file could not say; the message says what it is.
    """
    if depth > MAX_DEPTH:
        raise TypeError(f"more than {MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) and key and not UNPRINTABLE.search(key) for key in value):
            raise TypeError("keys that are no printable text")
        inner = {key: from_plain(item, position, depth + 1) for key, item in value.items()}
        return Node(inner, position, dict.fromkeys(inner, position), size=1 + sum(n.size for n in inner.values()))
    if isinstance(value, list | tuple):
        items = [from_plain(item, position, depth + 1) for item in value]
        return Node(items, position, size=1 + sum(n.size for n in items))
    if isinstance(value, str) and UNPRINTABLE.search(value):
        raise TypeError("a text with characters that cannot be printed")
    if isinstance(value, int | float) and not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise TypeError(f"the number {value:g}" if isinstance(value, float) else "a number that is too large")
    if value is None or isinstance(value, str | bool | int | float) or type(value) is dt.date:
        return Node(value, position)
    if hasattr(value, "item") and not hasattr(value, "__len__"):  # a NumPy scalar
        return from_plain(value.item(), position)
    raise TypeError(f"a value of type {type(value).__name__}")
