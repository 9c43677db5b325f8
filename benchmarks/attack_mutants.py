"""Changes to what a file says, by a seeded generator: values, keys and parts of nested data, lines, words, bytes."""

from __future__ import annotations

import copy
import math
import random
from typing import Any

NUMBERS = (
    0,
    -1,
    1,
    2,
    0.5,
    -0.0,
    1e-300,
    1e-9,
    1e3,
    1e6,
    1e9,
    1e15,
    1e300,
    2**31,
    2**32,
    2**63,
    2**64 - 1,
    float("nan"),
    float("inf"),
)
TEXTS = (
    "",
    "x",
    "on",
    "none",
    "talks",
    "day > 3",
    "state",
    "rebels",
    "2020-01-01",
    "9999-12-31",
    "../../../etc/passwd",
    "/dev/zero",
    "\x1b]0;mine\x07",
    "\x9b2J",
    "[red]",
    "${HOME}",
    "a" * 300,
    "\ud800",
    "(" * 40,
    "not (" * 30,
)
PARTS: tuple[Any, ...] = (None, True, False, [], {}, [1], {"value": 1}, {"beta": [1, 0]}, {"a": {"b": {}}}, [[]], [{}])


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the path of every value inside nested data."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, value in items for place in ((*path, key), *places(value, (*path, key)))]


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """Return the value at a path."""
    for key in path:
        data = data[key]
    return data


def mutated(data: Any, rng: random.Random) -> Any:
    """Return nested data with one to four changes."""
    data = copy.deepcopy(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        known = places(data)
        if not known:
            return data
        path = rng.choice(known)
        parent, key = at(data, path[:-1]), path[-1]
        parent[key] = _changed(parent[key], data, known, rng)
        what = rng.random()
        if what < 0.12:
            del parent[key]
        elif what < 0.18 and isinstance(parent, dict):
            parent[rng.choice((*TEXTS, *(str(p[-1]) for p in known)))] = parent.pop(key)
        elif what < 0.24 and isinstance(parent, list):
            parent.extend(copy.deepcopy(parent[key]) for _ in range(rng.choice((1, 3, 40))))
    return data


def _changed(value: Any, data: Any, known: list[tuple[Any, ...]], rng: random.Random) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and rng.random() < 0.6:
        whole = round(value) if math.isfinite(value) else value
        near = (value * 10.0 ** rng.randint(-12, 12), -value, value + 1, value * rng.random(), whole)
        return rng.choice((*near, rng.choice(NUMBERS)))
    what = rng.random()
    if what < 0.3:
        return rng.choice(NUMBERS)
    if what < 0.5:
        return rng.choice(TEXTS)
    if what < 0.6:
        return copy.deepcopy(rng.choice(PARTS))
    if what < 0.9:
        return copy.deepcopy(at(data, rng.choice(known)))
    return value


def mutated_text(text: str, rng: random.Random) -> bytes:
    """Return the bytes of a text with one to four changes of lines, words or bytes."""
    data = text.encode()
    for _ in range(rng.choice((1, 1, 2, 4))):
        if rng.random() < 0.5:
            lines = data.split(b"\n")
            i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
            match rng.randrange(5):
                case 0:
                    del lines[min(i, j) : min(i, j) + rng.choice((1, 3))]
                case 1:
                    lines.insert(j, lines[i])
                case 2:
                    lines[i], lines[j] = lines[j], lines[i]
                case 3:
                    lines[i] = b"  " + lines[i]
                case _:
                    words = lines[i].split(b" ")
                    words[rng.randrange(len(words))] = _word(rng)
                    lines[i] = b" ".join(words)
            data = b"\n".join(lines)
        else:
            i = rng.randrange(len(data) + 1)
            cut = rng.choice((0, 0, 1, 8, 200))
            put = rng.choice((b"", rng.randbytes(rng.choice((1, 4))), _word(rng), data[i : i + 40]))
            data = data[:i] + put + data[i + cut :]
    return data


def _word(rng: random.Random) -> bytes:
    word = rng.choice(
        (*NUMBERS, *TEXTS, "{", "}", "[", "]", "&a", "*a", "!!python/object", '"', "|", "#", ",", "1/0", "1e9999")
    )
    return str(word).encode("utf-8", "replace")


def mutated_bytes(data: bytes, rng: random.Random) -> bytes:
    """Return bytes with some flipped, cut off or put in."""
    match rng.randrange(4):
        case 0:
            return data[: rng.randrange(len(data) + 1)]
        case 1:
            i = rng.randrange(len(data) + 1)
            return data[:i] + rng.randbytes(rng.choice((1, 8, 64))) + data[i:]
        case _:
            changed = bytearray(data)
            for _ in range(rng.choice((1, 1, 4, 32))):
                changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
            return bytes(changed)
