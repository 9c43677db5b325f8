"""Reading one value of a resolved scenario by its dotted path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

ABSENT: Final = object()
"""What stands at a path that leads nowhere."""


def keys_to(content: Mapping[str, Any], path: str) -> tuple[tuple[str | int, ...], str]:
    """Split a dotted path into the keys that lead to its value, and the part at which nothing stands.

    Parameters
    ----------
    content : mapping
        As `Scenario.to_dict` returns it, defaults filled in.
    path : str
        Such as ``actors.us.discount_per_year``; a list element by its number. Keys may contain dots themselves.

    Returns
    -------
    keys : tuple of str or int
        As far as they lead.
    part : str
        Empty if they lead to the end.

    Examples
    --------
    >>> keys_to({"a": {"b.c": [7, 8]}}, "a.b.c.1")
    (('a', 'b.c', 1), '')
    >>> keys_to({"a": {}}, "a.b.c")
    (('a',), 'b')
    """
    node: Any = content
    parts = re.sub(r"\[(\d+)\]", r".\1", path).split(".")
    keys: list[str | int] = []
    while parts:
        if isinstance(node, list) and parts[0].isdecimal() and int(parts[0][:9]) < len(node):
            index = int(parts.pop(0))
            keys.append(index)
            node = node[index]
            continue
        # keys such as those of `scales` contain dots themselves: the longest key that fits
        ends = range(len(parts), 0, -1) if isinstance(node, dict) else ()
        length = next((end for end in ends if ".".join(parts[:end]) in node), 0)
        if not length:
            return tuple(keys), parts[0]
        keys.append(".".join(parts[:length]))
        node = node[keys[-1]]
        parts = parts[length:]
    return tuple(keys), ""


def value_at(content: Mapping[str, Any], path: str) -> tuple[Any, str]:
    """Return what stands at a dotted path, and the part of the path at which nothing does.

    Parameters
    ----------
    content, path
        As of `keys_to`.

    Returns
    -------
    value : Any
        `ABSENT` if the path leads nowhere.
    part : str
        Empty if it leads somewhere.

    Examples
    --------
    >>> value_at({"a": {"b.c": [7, 8]}}, "a.b.c.1")
    (8, '')
    """
    keys, nowhere = keys_to(content, path)
    node: Any = content
    for key in keys:
        node = node[key]
    return (ABSENT, nowhere) if nowhere else (node, "")
