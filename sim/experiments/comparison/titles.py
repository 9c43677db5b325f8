"""What tables and figures call the scenarios of a comparison: the titles of their files, never a path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

PLAYED: Final = {
    "uniform": "Every actor tossing coins",
    "schedule_as_written": "Every actor keeping the deal as written",
}
"""What the two rows are called that every comparison has."""


def told_apart(titles: Mapping[str, str], given: Sequence[str], baselines: Mapping[str, str]) -> dict[str, str]:
    """Return for each scenario the title that tells it apart, else its name.

    Parameters
    ----------
    titles : mapping of str to str
        Of the scenarios, by name.
    given : sequence of str
        Names of those that were asked for.
    baselines : mapping of str to str
        For each of the two rows of `PLAYED` the name of the scenario that plays it.

    Examples
    --------
    >>> told_apart({"a": "A deal", "b": "A deal", "uniform": "A deal: uniform"}, ["a", "b"], {"uniform": "uniform"})
    {'a': 'a', 'b': 'b', 'uniform': 'Every actor tossing coins'}
    """
    called = {**titles, **{name: PLAYED[kind] for kind, name in baselines.items() if name not in given}}
    alike = Counter(called.values())
    return {name: title if alike[title] == 1 else name for name, title in called.items()}
