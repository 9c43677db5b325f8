"""Reading YAML from strangers: core YAML 1.2 into a tree with positions, in bounded time and memory.

The text goes through ruamel.yaml's scanner and parser only; its events are composed here, so that no tag can build an
object and every bound is checked while the file is read, not after: size before reading, depth, number of values with
aliases counted as often as they are used, duplicate keys, numbers that are not finite. Scalars are the core schema of
YAML 1.2 (null, true and false, integers, floats; ``on`` and ``none`` are text) and dates written as ``2020-02-29``.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)
from ruamel.yaml.reader import ReaderError

from sim.errors import Problem, ScenarioError
from sim.scenario.positions import MAX_DEPTH, MAX_NUMBER, UNPRINTABLE, Node, Position, Scalar
from sim.untrusted_file import UnfitFileError, read_bounded

MAX_BYTES: Final = 1_000_000
MAX_LINE: Final = 100_000
MAX_NODES: Final = 50_000
MAX_NUMBER_LENGTH: Final = 40

_HINTS: Final = {"a directory": "Name the file in it.", "a device or pipe": "Write its content to a file first."}
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL: Final = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CORE_TAGS: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null"))


def error_at(position: Position, found: str, expected: str, hint: str = "", path: str = "") -> ScenarioError:
    """Build the error for one problem at one place."""
    return ScenarioError([Problem(position.file, position.line, position.column, path, found, expected, hint)])


def quoted(value: object) -> str:
    """Write a value of a file as an error message quotes it, cut where it is long.

    Examples
    --------
    >>> quoted("ninety"), quoted(-1.5), quoted({"a": 1}), quoted(None)
    ("text 'ninety'", '-1.5', 'a mapping', 'null')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, str):
        return f"text {value!r}" if len(value) <= 60 else f"text {value[:57]!r}..."
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)[:60]


def resolve_scalar(text: str, position: Position) -> Scalar:
    """Give a plain (unquoted) scalar its value by the core schema of YAML 1.2, and dates.

    Parameters
    ----------
    text : str
        As written.
    position : Position
        For the error.

    Returns
    -------
    str, int, float, bool, datetime.date or None

    Raises
    ------
    ScenarioError
        If it is a number that is not finite or too large, or a date that is none.

    Examples
    --------
    >>> position = Position("a.yaml", 1, 1)
    >>> resolve_scalar("0.5", position), resolve_scalar("12", position), resolve_scalar("none", position)
    (0.5, 12, 'none')
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _DATE.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise error_at(position, text, "a date of the calendar, such as 2020-02-29") from None
    if _NOT_FINITE.fullmatch(text):
        raise error_at(position, text, "a finite number")
    if _NUMBER.fullmatch(text) or _OTHER_BASE.fullmatch(text):
        if len(text) > MAX_NUMBER_LENGTH:
            raise error_at(position, f"a number of {len(text)} characters", f"at most {MAX_NUMBER_LENGTH}")
        value: int | float
        if _INTEGER.fullmatch(text):
            value = int(text)
        elif _OTHER_BASE.fullmatch(text):
            value = int(text, 0)
        else:
            value = float(text)
        if not math.isfinite(value) or abs(value) > MAX_NUMBER:
            raise error_at(position, text, f"a number between {-MAX_NUMBER:g} and {MAX_NUMBER:g}")
        return value
    return text


def read_bytes(path: Path, name: str, limit: int = MAX_BYTES, kind: str = "a YAML file") -> bytes:
    """Read a regular file of bounded size.

    Parameters
    ----------
    path : pathlib.Path
        Where the file is.
    name : str
        How the user named it, for the error.
    limit : int
        Bytes that it may have.
    kind : str
        What it should be, for the error.

    Returns
    -------
    bytes

    Raises
    ------
    ScenarioError
        If it is missing, a directory, no regular file, unreadable or too large.
    """
    position = Position(name)
    try:
        return read_bounded(path, limit)
    except UnfitFileError as error:
        hint = _HINTS.get(error.found, "Is this the right file?")
        raise error_at(position, error.found, kind if error.found in _HINTS else error.expected, hint) from None
    except FileNotFoundError:
        raise error_at(position, "no such file", kind, "Check the path and the working directory.") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise error_at(position, f"a file that cannot be read ({reason})", f"{kind} that can be read") from None


def decode(data: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        byte = f"byte 0x{data[error.start]:02x}"
        raise error_at(Position(name, line, column), byte, "UTF-8 text", "Save the file as UTF-8.") from None


class _Composer:
    """One reading of one text into nodes."""

    def __init__(self, text: str, name: str) -> None:
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > MAX_LINE:  # the scanner takes time quadratic in the length of a tag
                found = f"a line of {len(line):,} characters"
                raise error_at(Position(name, number, 1), found, f"at most {MAX_LINE:,}", "Break the line.")
        self.text, self.name = text, name
        self.nodes = 0
        self.anchors: dict[str, Node] = {}
        self.events = self._parsed()

    def _parsed(self) -> Iterator[Any]:
        """Yield the events of the parser; whatever it raises on malformed text is a malformed file."""
        events = YAML(typ="safe", pure=True).parse(self.text)
        while True:
            try:
                event = next(events)
            except StopIteration:
                return
            except ReaderError as error:
                before = self.text[: error.position]
                position = Position(self.name, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
                raise error_at(
                    position, f"character 0x{ord(self.text[error.position]):02x}", "printable text"
                ) from None
            except MarkedYAMLError as error:
                mark = error.problem_mark or error.context_mark
                position = Position(self.name, mark.line + 1, mark.column + 1) if mark else Position(self.name)
                found = " ".join(f"{error.context or ''} {error.problem or ''}".split())
                raise error_at(position, f"text that is no YAML ({found})", "YAML") from None
            except Exception as error:  # the parser trips over some malformed escapes and directives
                raise error_at(Position(self.name), f"text that is no YAML ({error})", "YAML") from None
            yield event

    def at(self, event: Any) -> Position:
        return Position(self.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def count(self, size: int, position: Position) -> None:
        self.nodes += size
        if self.nodes > MAX_NODES:
            raise error_at(position, "more values", f"at most {MAX_NODES:,}, aliases counted as often as they are used")

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise error_at(self.at(event), "a second document", "one document a file", "Remove the line '---'.")
                root = self.node(next(self.events), 0)
        if root is None or root.value is None:
            raise error_at(Position(self.name, 1, 1), "an empty file", "a mapping of keys to values")
        if not isinstance(root.value, dict):
            raise error_at(root.position, quoted(root.value), "a mapping of keys to values")
        return root

    def node(self, event: Any, depth: int) -> Node:
        position = self.at(event)
        if depth > MAX_DEPTH:
            raise error_at(position, "deeper nesting", f"at most {MAX_DEPTH} levels")
        if isinstance(event, AliasEvent):
            anchored = self.anchors.get(event.anchor)
            if anchored is None:
                raise error_at(
                    position, f"alias *{event.anchor[:60]}", "an alias of an anchor that is complete before it"
                )
            self.count(anchored.size, position)
            return anchored
        self.count(1, position)
        if isinstance(event, ScalarEvent):
            node = self.scalar(event, position)
        elif event.tag is not None and event.tag not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            raise self.bad_tag(event, position)
        elif isinstance(event, MappingStartEvent):
            node = self.mapping(position, depth)
        else:
            node = self.sequence(position, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def bad_tag(self, event: Any, position: Position) -> ScenarioError:
        return error_at(position, f"the tag {str(event.tag)[:60]}", "plain YAML without tags", "Tags could run code.")

    def printable(self, text: str, position: Position) -> None:
        """Refuse characters that an escape brought in and that a terminal or a hash cannot take."""
        match = UNPRINTABLE.search(text)
        if match is not None:
            raise error_at(position, f"character 0x{ord(match.group()):02x} in a text", "printable text")

    def scalar(self, event: Any, position: Position) -> Node:
        if event.tag is not None and event.tag not in _CORE_TAGS:
            raise self.bad_tag(event, position)
        as_text = event.style is not None or event.tag == "tag:yaml.org,2002:str"
        self.printable(event.value, position)
        value = event.value if as_text else resolve_scalar(event.value, position)
        return Node(value, position, quoted=event.style in ("'", '"'))

    def mapping(self, position: Position, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        size = 1
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            place = self.at(event)
            if not isinstance(event, ScalarEvent) or (event.tag is not None and event.tag not in _CORE_TAGS):
                raise error_at(place, "a key that is no plain text", "a name, followed by a colon and its value")
            key = event.value
            self.printable(key, place)
            if key in values:
                first = keys[key].line
                raise error_at(
                    place, f"the key {key[:60]!r} again", "each key once", f"It stands on line {first} already."
                )
            if key == "<<":
                raise error_at(place, "the merge key <<", "plain keys", "Use an alias of a whole value, or extends:.")
            if not key:
                raise error_at(place, "an empty key", "a name, followed by a colon and its value")
            self.count(1, place)
            values[key] = self.node(next(self.events), depth + 1)
            keys[key] = place
            size += 1 + values[key].size
        return Node(values, position, keys, size=size)

    def sequence(self, position: Position, depth: int) -> Node:
        items: list[Node] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self.node(event, depth + 1))
        return Node(items, position, size=1 + sum(item.size for item in items))


def read_text(text: str, name: str) -> Node:
    r"""Read YAML text into a tree with positions.

    Parameters
    ----------
    text : str
        One document, a mapping.
    name : str
        What errors call the file.

    Returns
    -------
    Node
        Its value is a dictionary.

    Raises
    ------
    ScenarioError
        One problem, with its line and column.

    Examples
    --------
    >>> node = read_text("title: A deal\nhorizon_days: 640", "deal.yaml")
    >>> node.value["horizon_days"].position
    Position(file='deal.yaml', line=2, column=15)
    """
    return _Composer(text, name).document()


def read_file(path: Path, name: str) -> Node:
    """Read a YAML file into a tree with positions.

    Parameters
    ----------
    path : pathlib.Path
        Where the file is.
    name : str
        What errors call it.

    Returns
    -------
    Node

    Raises
    ------
    ScenarioError
        One problem, with its line and column where it has one.
    """
    return read_text(decode(read_bytes(path, name), name), name)


def read_scalar(text: str) -> Scalar:
    """Give a value from the command line (``--set path=value``) its meaning: as in a file, quotes included.

    Examples
    --------
    >>> read_scalar("0.1"), read_scalar("logit"), read_scalar("'12'")
    (0.1, 'logit', '12')
    """
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return resolve_scalar(text.strip(), Position("override"))
