"""From what pydantic found to problems with file, line, column, the path and the nearest legal name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from sim.errors import Problem
from sim.scenario.feature_reference import nearest
from sim.scenario.positions import Node, Path, dotted, find, key_position
from sim.scenario.reader import quoted
from sim.scenario.schema.walk import description_at, keys_at

MAX_PROBLEMS: Final = 50
MAX_CONVERTED: Final = 500

_SUGGESTED: Final = re.compile(r"Did you mean '(\w+)'")

_EXPECTED: Final = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false (on or off)",
    "string_type": "a text",
    "date_type": "a date, such as 2020-02-29",
    "date_from_datetime_parsing": "a date, such as 2020-02-29",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "tuple_type": "a list",
    "finite_number": "a finite number",
    "string_pattern_mismatch": "a name: at most 40 letters, digits and underscores, no digit first",
    "greater_than": "a number greater than {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than": "a number less than {lt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "literal_error": "{expected}",
    "string_too_short": "a text that is not empty",
    "string_too_long": "a text of at most {max_length} characters",
    "too_short": "at least {min_length} elements",
    "too_long": "at most {max_length} elements",
}


def located(tree: Node, path: Path, offset: int = 0, at_key: bool = False) -> tuple[str, int, int]:
    """Find file, line and column of a value (or of its key), or of a character inside a text."""
    if at_key:
        position = key_position(tree, path)
        return position.file, position.line, position.column
    node, position = find(tree, path)
    shift = offset + (1 if node.quoted else 0) if node is not None and offset else 0
    return position.file, position.line, position.column + shift if position.line else 0


def _walk(tree: Node, loc: Sequence[str | int], missing: bool) -> tuple[Path, bool]:
    """Turn the location that pydantic gives into a path of the file, and say whether a key is meant."""
    path: list[str | int] = []
    node: Node | None = tree
    for i, part in enumerate(loc):
        if part == "[key]" and i == len(loc) - 1:
            return tuple(path), True
        inner: Node | None = None
        if node is not None and isinstance(node.value, dict) and isinstance(part, str):
            inner = node.value.get(part)
        elif node is not None and isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
            inner = node.value[part]
        if inner is not None:
            path.append(part)
            node = inner
        elif missing and i == len(loc) - 1:
            path.append(part)
        # Else it is the tag of a union, which the file does not have.
    return tuple(path), False


def problem_of(model: type[BaseModel], tree: Node, error: Any) -> Problem:
    """Say in the words of the file what one error of pydantic is about.

    Parameters
    ----------
    model : type of pydantic model
        Of the whole file.
    tree : Node
        What was validated, with positions.
    error : dict
        One element of ``ValidationError.errors()``.

    Returns
    -------
    Problem
    """
    kind, context = error["type"], error.get("ctx", {})
    path, is_key = _walk(tree, error["loc"], kind == "missing")
    node, _ = find(tree, path)
    value: Any = {} if node is not None and isinstance(node.value, dict) else node.value if node else None
    offset, hint = 0, ""
    if kind == "missing" and isinstance(path[-1], int):  # a pair of numbers, such as those of beta
        file, line, column = located(tree, path[:-1])
        return Problem(file, line, column, dotted(path[:-1]), f"a list of {path[-1]}", "more elements")
    if kind == "missing":
        meaning = description_at(model, path)
        file, line, column = located(tree, path[:-1], at_key=len(path) > 1)
        expected = f"{path[-1]}: {meaning}" if meaning else f"the key {path[-1]}"
        return Problem(file, line, column, dotted(path), f"no key {str(path[-1])!r}", expected)
    if kind == "extra_forbidden":
        legal = keys_at(model, path[:-1])
        file, line, column = located(tree, path, at_key=True)
        name = str(path[-1])
        hint = nearest(name, legal)
        return Problem(file, line, column, dotted(path), f"the unknown key {name[:60]!r}", _one_of(legal), hint)
    if kind == "misfit":
        found, expected, hint, offset = (context[key] for key in ("found", "expected", "hint", "offset"))
    else:
        found = repr(str(path[-1])[:60]) if is_key else _text_of(node, value)
        expected = context.get("expected") or _EXPECTED.get(kind, error["msg"]).format(**context)
    if kind == "literal_error" and isinstance(value, str):
        hint = nearest(value, [word.strip("' ") for word in expected.replace(" or ", ",").split(",")])
    file, line, column = located(tree, path, offset, at_key=is_key)
    return Problem(file, line, column, dotted(path), found, expected, hint)


def _text_of(node: Node | None, value: Any) -> str:
    if node is not None and isinstance(node.value, dict):
        return "a mapping" if node.value else "an empty mapping"
    return quoted(value)


def _one_of(legal: Sequence[str]) -> str:
    return "one of " + ", ".join(legal) if legal else "no keys here"


def problems_of(model: type[BaseModel], tree: Node, error: ValidationError) -> list[Problem]:
    """List what is wrong, at most `MAX_CONVERTED` problems.

    Parameters
    ----------
    model : type of pydantic model
        Of the whole file.
    tree : Node
        What was validated, with positions.
    error : pydantic.ValidationError

    Returns
    -------
    list of Problem
    """
    details = error.errors(include_url=False, include_input=False)[:MAX_CONVERTED]
    problems = [(detail["type"], problem_of(model, tree, detail)) for detail in details]
    misspelt = {_intended(problem) for kind, problem in problems if kind == "extra_forbidden"}
    return [problem for kind, problem in problems if kind != "missing" or problem.path not in misspelt]


def _intended(problem: Problem) -> str:
    """Return the path that a misspelt key was meant for, so that it is not reported as missing too."""
    match = _SUGGESTED.search(problem.hint)
    parent = problem.path.rpartition(".")[0]
    name = match.group(1) if match is not None else ""
    return f"{parent}.{name}" if parent else name


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Sort problems by file and line and say how many there are beyond `MAX_PROBLEMS`.

    What is wrong in an anchor is wrong wherever the file uses it, and is said once.
    """
    once: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        place = (problem.line, problem.column) if problem.line else problem.path
        once.setdefault((problem.file, place, problem.found, problem.expected), problem)
    ordered = sorted(once.values(), key=lambda p: (p.file, p.line, p.column, p.path))
    more = len(ordered) - MAX_PROBLEMS
    if more <= 0:
        return ordered
    last = Problem(ordered[MAX_PROBLEMS].file, hint=f"There are {more} more problems: repair those above first.")
    return [*ordered[:MAX_PROBLEMS], last]
