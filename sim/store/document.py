"""JSON documents of results with the kinds of what must stand in them: manifests of run records, identities of sweeps.

A document is a class with an annotation a key (pydantic, strictly: 1 is no text, 1.0 no whole number, true no number).
Keys that it does not name may stand there too; of those that it names the first that is missing or of another kind is
told.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import StoreError


class Document(BaseModel):
    """A JSON object whose keys have kinds."""

    model_config = ConfigDict(strict=True, extra="allow")


def check_document(content: Any, kind: type[Document], path: Path, repair: str) -> None:
    """Refuse a document in which a key is missing or of another kind.

    Parameters
    ----------
    content : Any
        As read from JSON.
    kind : type of Document
        What it should be.
    path : Path
        Of the file, for the message.
    repair : str
        What to do, for the message.

    Raises
    ------
    StoreError
        With the first key that does not fit.

    Examples
    --------
    >>> class Point(Document):
    ...     x: int
    >>> check_document({"x": True}, Point, Path("a.json"), "Write it again.")
    Traceback (most recent call last):
        ...
    sim.errors.StoreError: a.json: x: found True, expected a valid integer. Write it again.
    """
    try:
        kind.model_validate(content)
    except ValidationError as errors:
        error = errors.errors(include_url=False)[0]
        where = ".".join(str(part) for part in error["loc"])
        missing = error["type"] == "missing"
        found = "nothing" if missing else _brief(error["input"])
        expected = "this key" if missing else error["msg"].removeprefix("Input should be ")
        raise StoreError(f"{path}: {where}: found {found}, expected {expected}. {repair}") from errors


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
