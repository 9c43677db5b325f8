"""Public names of a package that are imported when they are first used (PEP 562); until then they cost nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(package: str, exports: Mapping[str, str | None]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make the functions ``__getattr__`` and ``__dir__`` of a package.

    Parameters
    ----------
    package : str
        Its full name, ``__name__`` in its own file.
    exports : mapping of str to str or None
        For each public name the module that defines it, relative to the package; None for a name that is a module.

    Returns
    -------
    getattr, dir : callable
        To be assigned to ``__getattr__`` and ``__dir__``; the latter lists ``__all__``, so that completion shows what
        is public and nothing else.

    Examples
    --------
    >>> get, names = lazy_names("sim.store", {"digest_of": "canonical"})
    >>> get("digest_of").__module__, "digest_of" in names()
    ('sim.store.canonical', True)
    """

    def get(name: str) -> Any:
        if name not in exports:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{package}.{exports[name] or name}")
        value = module if exports[name] is None else getattr(module, name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return list(sys.modules[package].__all__)

    return get, names
