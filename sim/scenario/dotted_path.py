"""Dotted paths to the values of a scenario, such as ``actors.us.discount_per_year``, and replacing values by them.

A part is a key or the number of a list element (``deal.withdrawal.us_troops.steps.0.left``; ``steps[0].left`` is the
same). Keys that contain a dot themselves, such as those of ``scales`` or of the changes of a device,
are recognised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from sim.scenario.feature_reference import nearest
from sim.scenario.positions import OVERRIDE, Node, Path, Position, dotted, from_plain
from sim.scenario.provenance import VARIATIONS, is_sourced
from sim.scenario.reader import error_at
from sim.scenario.schema.walk import keys_at, models_at

_NOWHERE = Position(OVERRIDE)
MAX_PATH_LENGTH = 400


def split(text: str, tree: Node) -> Path:
    """Split a dotted path into keys and list indices.

    Parameters
    ----------
    text : str
        As the user writes it.
    tree : Node
        The scenario, whose keys decide where a dot is part of a key.

    Returns
    -------
    tuple of str or int

    Raises
    ------
    ScenarioError
        If the text is no path.
    """
    if not isinstance(text, str) or not text or len(text) > MAX_PATH_LENGTH:
        raise error_at(_NOWHERE, "no path", "a dotted path, such as actors.us.discount_per_year")
    parts = (re.sub(r"\[(\d+)\]", r".\1", text) if "[" in text else text).split(".")
    path: list[str | int] = []
    node: Node | None = tree
    at = 0
    while at < len(parts):
        if not parts[at]:
            raise error_at(_NOWHERE, "an empty part", "names separated by single dots", path=text)
        key, part_count = parts[at], 1
        if path and (path[-1] in ("scales", "set") or (len(path) == 3 and path[0] in VARIATIONS)):
            key, part_count = ".".join(parts[at:]), len(parts) - at
        inner: Node | None = None
        if node is not None and isinstance(node.value, list) and key.isdecimal():
            index = int(key[:9])
            inner = node.value[index] if index < len(node.value) else None
            path.append(index)
        else:
            if node is not None and isinstance(node.value, dict):
                inner = node.value.get(key)
            path.append(key)
        node, at = inner, at + part_count
    return tuple(path)


def with_values(model: type[BaseModel], tree: Node, values: Mapping[str, Any]) -> Node:
    """Replace values in a tree by path.

    Parameters
    ----------
    model : type of pydantic model
        Of the whole file, for what it allows where.
    tree : Node
        The scenario as read; numbers may be mappings with their sources, which are replaced whole.
    values : mapping of str to value
        New values by dotted path: numbers, texts, switches, dates, dictionaries, lists; None removes a key.

    Returns
    -------
    Node
        A new tree; the old one is unchanged.

    Raises
    ------
    ScenarioError
        If a path leads nowhere or a value is none that a file could hold.
    """
    swapped = _with_leaves(tree, values)
    if swapped is not None:
        return swapped
    for text, value in values.items():
        path = split(text, tree)
        try:
            new = from_plain(value, _NOWHERE)
        except (TypeError, RecursionError) as error:
            raise error_at(_NOWHERE, str(error), "a value that a scenario file can hold", path=text) from None
        tree = _placed(model, tree, path, 0, new)
    return tree


def _with_leaves(tree: Node, values: Mapping[str, Any]) -> Node | None:
    """Replace values that are there already by numbers and texts in one walk; None if anything else is asked for.

    A draw of all uncertain numbers replaces over a hundred of them, and there are thousands of draws.
    """
    branches: dict[str | int, Any] = {}
    for text, value in values.items():
        if not isinstance(value, str | int | float):
            return None
        *way, last = split(text, tree)
        branch = branches
        for part in way:
            branch = branch.setdefault(part, {})
            if not isinstance(branch, dict):
                return None
        if last in branch:
            return None
        try:
            branch[last] = from_plain(value, _NOWHERE)
        except TypeError:
            return None  # said with its path by whoever places them one by one
    return _swapped(tree, branches)


def _swapped(node: Node, branches: Mapping[str | int, Any]) -> Node | None:
    """Rebuild a node with leaves in the place of what stands there; None if nothing does."""
    if is_sourced(node) or not isinstance(node.value, dict | list):
        return None
    inner: Any = node.value
    new, size = inner.copy(), node.size
    for part, branch in branches.items():
        there = part in inner if isinstance(inner, dict) else isinstance(part, int) and part < len(inner)
        if not there:
            return None
        placed = branch if isinstance(branch, Node) else _swapped(inner[part], branch)
        if placed is None:
            return None
        size += placed.size - inner[part].size
        new[part] = placed
    leaves = {part: _NOWHERE for part, branch in branches.items() if isinstance(part, str) and isinstance(branch, Node)}
    return Node(new, node.position, node.keys | leaves, size=size)


def _placed(model: type[BaseModel], node: Node | None, path: Path, at: int, new: Node) -> Node:
    """Rebuild the way down to a path with a new node at its end."""
    if at == len(path):
        return new
    if node is not None and is_sourced(node):
        raise _no_path(path[: at + 1], "a path that ends at the number itself", "Its sources go with the old value.")
    part, parent = path[at], path[:at]
    last = at == len(path) - 1
    if node is not None and isinstance(node.value, list):
        if not isinstance(part, int) or part >= len(node.value):
            raise _no_path(path[: at + 1], f"an element of a list of {len(node.value)}", "")
        items = list(node.value)
        items[part] = _placed(model, items[part], path, at + 1, new)
        return Node(items, node.position, size=node.size)
    values = dict(node.value) if node is not None and isinstance(node.value, dict) else {}
    if node is not None and not isinstance(node.value, dict) and node.value is not None:
        raise _no_path(path[: at + 1], "a path that ends at the value before", "")
    key = str(part)
    legal = keys_at(model, parent)
    if legal and key not in legal:
        raise _no_path(path[: at + 1], "one of " + ", ".join(legal), nearest(key, legal))
    if key not in values and not legal and not last:
        raise _no_path(path[: at + 1], "one of " + (", ".join(values) or "none"), nearest(key, values))
    inner = values.get(key)
    if inner is None and not last and not models_at(model, (*parent, key)) and not keys_at(model, (*parent, key)):
        inner = Node({}, _NOWHERE)
    values[key] = _placed(model, inner, path, at + 1, new)
    old_keys = node.keys if node is not None else {}
    position = node.position if node is not None else _NOWHERE
    keys = {k: old_keys.get(k, _NOWHERE) for k in values} | ({key: _NOWHERE} if last else {})
    return Node(values, position, keys, size=1 + sum(1 + n.size for n in values.values()))


def _no_path(path: Path, expected: str, hint: str) -> Exception:
    return error_at(_NOWHERE, f"no {str(path[-1])[:60]!r} there", expected, hint, path=dotted(path))
