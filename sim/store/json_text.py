"""JSON as records hold it: sorted keys, unknown as null, nothing that strict readers refuse.

The one mapping whose order means something is a scenario (the order of actors decides their luck); it is written as it
comes. Numbers keep every bit: Python writes the shortest decimal that reads back as the same double.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NoReturn

from sim.errors import StoreError
from sim.store.atomic import refused
from sim.untrusted_file import UnfitFileError, read_bounded

LARGEST_BYTES = 64 * 2**20
DEEPEST = 64


def json_text(value: Mapping[str, Any], *, ordered: Collection[str] = ()) -> str:
    """Return a mapping as indented JSON.

    Parameters
    ----------
    value : mapping
        Of None, truth values, numbers (NumPy's too), text, dates, sequences and mappings with text keys.
    ordered : collection of str
        Top-level keys under which mappings keep their order.

    Returns
    -------
    str
        Ends with a newline.

    Raises
    ------
    StoreError
        If something is infinite or of another kind; the message has its path.

    Examples
    --------
    >>> print(json_text({"talks_day": float("nan"), "released": 5000}), end="")
    {
      "released": 5000,
      "talks_day": null
    }
    """
    plain = {key: _plain(value[key], key, key in ordered) for key in sorted(value)}
    return json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any, where: str, ordered: bool) -> Any:
    if not isinstance(value, str | bytes | Mapping | list | tuple) and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, str):  # a path may hold bytes that are no text
        return value.encode("utf-8", "backslashreplace").decode()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if math.isinf(value):
            raise StoreError(f"{where}: found {value}, expected a finite number or NaN for unknown")
        return None if math.isnan(value) else value
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise StoreError(f"{where}: found the key {key!r}, expected text")
        return {key: _plain(value[key], f"{where}.{key}", ordered) for key in (value if ordered else sorted(value))}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}.{place}", ordered) for place, item in enumerate(value)]
    raise StoreError(f"{where}: found {type(value).__name__}, expected a number, text, a list or a mapping")


def read_json(path: Path, repair: str) -> dict[str, Any]:
    """Read a file that holds one JSON object.

    Parameters
    ----------
    path : Path
        A regular file, no link, of at most 64 MiB of UTF-8.
    repair : str
        What to do if it is damaged, for the message.

    Returns
    -------
    dict
        Its content: texts that are Unicode, finite numbers of 64 bits, at most 64 levels.

    Raises
    ------
    StoreError
        If the file is missing, too large, not UTF-8, no JSON, or no such object.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "outcome.json")
    ...     _ = path.write_text('{"released": 5000}')
    ...     read_json(path, "Run it again.")
    {'released': 5000}
    """
    try:
        content = json.loads(read_part(path, LARGEST_BYTES, repair).decode("utf-8"), parse_constant=_constant)
        if not isinstance(content, dict):
            raise StoreError(f"{path}: found JSON that is no object, expected {{...}}. {repair}")
        _check_values(content)
    except UnicodeDecodeError as error:
        raise StoreError(f"{path}: found a byte at {error.start} that is not UTF-8, expected JSON. {repair}") from error
    except json.JSONDecodeError as error:
        where = f"{path}:{error.lineno}:{error.colno}"
        raise StoreError(f"{where}: found text that is not JSON ({error.msg}). {repair}") from error
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{path}: found something that is not strict JSON ({error}). {repair}") from error
    return content


def read_part(path: Path, limit: int, repair: str) -> bytes:
    """Read a file of a folder that this package wrote, or that somebody says it wrote.

    Parameters
    ----------
    path : Path
        A regular file, no link.
    limit : int
        Bytes that it may have.
    repair : str
        What to do if it is something else, for the message.

    Raises
    ------
    StoreError
        If it is missing, something else, or too large.
    """
    try:
        return read_bounded(path, limit, links=False)
    except UnfitFileError as error:
        raise StoreError(f"{path}: found {error.found}, expected {error.expected}. {repair}") from error
    except FileNotFoundError as error:
        raise StoreError(f"{path}: not found, expected a file. {repair}") from error
    except OSError as error:
        raise refused(error, path, "read") from error


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _check_values(content: Any) -> None:
    """Refuse what JSON can say and results do not hold: half characters, numbers beyond 64 bits, endless nesting."""
    level = [content]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner += value
                inner += value.values()
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, str):
                value.encode()
            elif isinstance(value, float) and math.isinf(value):
                raise ValueError("a number that is not finite")
            elif isinstance(value, int) and not -(2**63) <= value < 2**64:
                raise ValueError("a whole number of more than 64 bits")
        level = inner
        if not level:
            return
    raise ValueError(f"more than {DEEPEST} levels")
