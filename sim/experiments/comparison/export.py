"""Tables of a comparison made ready for files and JSON: which events have one, columns in front, plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.measures import ENDINGS, TALKS

if TYPE_CHECKING:
    import pandas as pd


def incidence_seen(shares: pd.DataFrame) -> tuple[str, ...]:
    """List the events whose incidence is worth a table: talks, and the ends before the horizon that some run had.

    Parameters
    ----------
    shares : pandas.DataFrame
        As of `sim.experiments.comparison.tables.share_table`.
    """
    return tuple(name for name in (TALKS, *ENDINGS) if (shares.share.xs(name, level="outcome") > 0).any())


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as a list of rows of plain values.

    Examples
    --------
    >>> import pandas as pd
    >>> rows_of(pd.DataFrame({"a": [1, 2], "b": [0.5, float("inf")]}))
    [{'a': 1, 'b': 0.5}, {'a': 2, 'b': None}]
    """
    names = [str(column) for column in table.columns]
    columns = [[_plain(value) for value in table[column]] for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if hasattr(value, "isoformat"):
        text: str = value.isoformat()
        return text.removesuffix("T00:00:00")
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value


def in_front(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Put a column in front."""
    return frame[[column, *(name for name in frame.columns if name != column)]]
