"""Finding the section of the format that a dotted path leads to, for hints and for overrides."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel


def _unwrapped(annotation: Any) -> list[Any]:
    """List what an annotation allows, without metadata and without None."""
    if isinstance(annotation, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        return _unwrapped(annotation.__value__)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [inner for arg in get_args(annotation) for inner in _unwrapped(arg)]
    return [] if annotation is type(None) else [annotation]


def annotations_at(model: type[BaseModel], path: Sequence[str | int]) -> list[Any]:
    """List what the format allows at a path.

    Parameters
    ----------
    model : type of pydantic model
        Of the whole file.
    path : sequence of str or int

    Returns
    -------
    list
        Models, collections and plain types; empty if the path leads nowhere.
    """
    here: list[Any] = [model]
    for part in path:
        inner: list[Any] = []
        for annotation in here:
            origin = get_origin(annotation)
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                field = annotation.model_fields.get(str(part))
                inner += _unwrapped(field.annotation) if field is not None else []
            elif origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
                inner += _unwrapped(get_args(annotation)[1])
            elif origin is tuple and isinstance(part, int):
                inner += _unwrapped(get_args(annotation)[0])
        here = inner
    return here


def models_at(model: type[BaseModel], path: Sequence[str | int]) -> list[type[BaseModel]]:
    """List the models that the format allows at a path."""
    return [a for a in annotations_at(model, path) if isinstance(a, type) and issubclass(a, BaseModel)]


def keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """List the keys that the format allows at a path; empty where keys are free or there are none.

    Examples
    --------
    >>> from sim.scenario.schema.scenario import Content
    >>> keys_at(Content, ("actors", "us", "review"))
    ['every_days', 'offset_days']
    """
    return list(_keys_at(model, tuple(path)))


@lru_cache(maxsize=4096)
def _keys_at(model: type[BaseModel], path: tuple[str | int, ...]) -> tuple[str, ...]:
    """Walk to a path once, however many variants of a scenario replace the value there."""
    return tuple(dict.fromkeys(key for found in models_at(model, path) for key in found.model_fields))


def description_at(model: type[BaseModel], path: Sequence[str | int]) -> str:
    """Return what the format says a key means; empty if it says nothing."""
    for found in models_at(model, path[:-1]) if path else []:
        field = found.model_fields.get(str(path[-1]))
        if field is not None and field.description:
            return field.description
    return ""
