"""Writing a record of Params field by field at the speed of arrays.

Every read of an attribute of a NumPy record looks its field up anew and costs a microsecond; a scenario has thousands.
Here each array field is one view, made once, and a scalar field goes by its name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class OpenRecord:
    """The only record of an array, with its fields as attributes to read and write.

    Parameters
    ----------
    array : ndarray of a structured type, shape (1,)
        Written in place.

    Examples
    --------
    >>> array = np.zeros(1, [("rate", "f8"), ("level", "i8", (3,))])
    >>> record = OpenRecord(array)
    >>> record.rate, record.level[1] = 0.5, 7
    >>> array["rate"].tolist(), array["level"].tolist()
    ([0.5], [[0, 7, 0]])
    """

    __slots__ = ("_row", "_views")

    _row: Any
    _views: dict[str, NDArray[Any]]

    def __init__(self, array: NDArray[Any]) -> None:
        plain = array.view(np.dtype((np.void, array.dtype)))
        views = {name: array[name][0] for name, (kind, *_) in (array.dtype.fields or {}).items() if kind.shape}
        object.__setattr__(self, "_row", plain[0])
        object.__setattr__(self, "_views", views)

    def __getattr__(self, name: str) -> Any:
        view = self._views.get(name)
        return self._row[name] if view is None else view

    def __setattr__(self, name: str, value: Any) -> None:
        view = self._views.get(name)
        if view is None:
            self._row[name] = value
        else:
            view[...] = value
