"""A dictionary that nobody can change: what the mappings of a scenario are, so that a scenario can be shared.

It pickles and copies (which `types.MappingProxyType` does not), because scenarios travel to worker processes.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dictionary that refuses every change.

    Examples
    --------
    >>> moves = FrozenDict({"stall": 1})
    >>> moves["stall"]
    1
    >>> moves["attack"] = 2
    Traceback (most recent call last):
        ...
    TypeError: a scenario is frozen: use scenario.replace({path: value}) to get a changed one
    """

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("a scenario is frozen: use scenario.replace({path: value}) to get a changed one")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)
