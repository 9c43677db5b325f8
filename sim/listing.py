"""Names with what each stands for, as a small table that shows itself."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from html import escape

WIDTH = 80
NAMES = 0.55
"""Share of a line that names may take before their titles."""


class Listing(Mapping[str, str]):
    """Names with what each stands for; a mapping that shows itself as lines, and in notebooks as a table.

    Parameters
    ----------
    titles : mapping of str to str
        By name.

    Examples
    --------
    >>> Listing({"doha_2020/baseline": "Doha, as decreed", "toys/two_actors": "Two actors"})
    doha_2020/baseline  Doha, as decreed
    toys/two_actors     Two actors
    """

    __slots__ = ("_titles",)

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = dict(titles)

    def __getitem__(self, name: str) -> str:
        return self._titles[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._titles)

    def __len__(self) -> int:
        return len(self._titles)

    def text(self, width: int = WIDTH) -> str:
        """Return a line an entry; what does not fit goes on in the next line.

        Parameters
        ----------
        width : int
            Characters of a line; a name is never broken. After one that is longer than most the title has its own line.
        """
        first = max((len(name) for name in self._titles if len(name) <= NAMES * width), default=0) + 2
        lines = []
        for name, title in self._titles.items():
            begun, *more = textwrap.wrap(title, max(width - first, 20)) or [""]
            if len(name) >= first:
                lines.append(name)
                name = ""
            lines += [f"{name:<{first}}{begun}".rstrip(), *(f"{'':<{first}}{line}" for line in more)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        left = "style='text-align:left'"
        rows = "".join(
            f"<tr><td {left}><code>{escape(name)}</code></td><td {left}>{escape(title)}</td></tr>"
            for name, title in self._titles.items()
        )
        return f"<table>{rows}</table>"
