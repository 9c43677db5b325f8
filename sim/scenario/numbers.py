"""Every number of a scenario in a table: its path, its value, what the format says it means, where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.positions import dotted
from sim.scenario.provenance import Provenance
from sim.scenario.schema.scenario import Content
from sim.scenario.schema.walk import description_at

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("value", "meaning", "source", "assumption", "known_as_of", "used_to_fit")


def number_table(content: Mapping[str, Any], notes: Mapping[str, Provenance]) -> pd.DataFrame:
    """List the numbers of a scenario.

    Parameters
    ----------
    content : mapping
        Resolved, as `sim.Scenario.to_dict` returns it.
    notes : mapping of str to Provenance
        What the file says of its numbers, by dotted path; what is said of a section holds for its numbers.

    Returns
    -------
    pandas.DataFrame
        Indexed by path, in the order of the file: value, meaning, source, assumption, known_as_of, used_to_fit;
        a text is empty where the file says nothing.
    """
    import pandas as pd

    paths, rows = [], []
    for path, value in _numbers(content, ()):
        note = next((n for end in range(len(path), 0, -1) if (n := notes.get(dotted(path[:end]))) is not None), None)
        said = note or Provenance()
        meaning = next((m for end in range(len(path), 0, -1) if (m := description_at(Content, path[:end]))), "")
        paths.append(dotted(path))
        stated = (said.source or "", said.assumption or "", said.known_as_of, ", ".join(said.used_to_fit))
        rows.append((value, meaning, *stated))
    return pd.DataFrame(rows, columns=list(COLUMNS), index=pd.Index(paths, name="path"))


def _numbers(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], float]]:
    if isinstance(node, Mapping):
        for key, inner in node.items():
            yield from _numbers(inner, (*path, str(key)))
    elif isinstance(node, list | tuple):
        for place, inner in enumerate(node):
            yield from _numbers(inner, (*path, place))
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield path, node
