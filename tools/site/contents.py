"""What stands in the site: the four parts of the documentation, as README.md lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("Tutorials", "How-to guides", "Reference", "Explanation")
"""Titles of the parts (Procida's Diátaxis): to learn, to get something done, to look up, to understand."""
_ENTRY = re.compile(r"^- \[([^\]]+)\]\(([^)]+)\): (.+(?:\n  .+)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site.

    Attributes
    ----------
    title : str
        What the contents call it.
    path : str
        Its file, from the root of the repository.
    about : str
        One line on what it is for.
    """

    title: str
    path: str
    about: str

    @property
    def document(self) -> str:
        """Its name in the site: the path without its suffix."""
        return self.path.rpartition(".")[0]


def parts_of(readme: str) -> dict[str, list[Page]]:
    r"""Read the four parts from the text of README.md.

    Parameters
    ----------
    readme : str
        The text; below "Documentation" each part is a heading, each page an entry ``- [title](path): line``.

    Returns
    -------
    dict of str to list of Page
        By the title of the part, in the order of the text.

    Examples
    --------
    >>> text = "# Name\n## Documentation\n### Reference\n- [Glossary](docs/glossary.md): every word\n  with its unit\n"
    >>> parts_of(text)["Reference"]
    [Page(title='Glossary', path='docs/glossary.md', about='every word with its unit')]
    """
    section = readme.partition("\n## Documentation\n")[2].partition("\n## ")[0]
    found: dict[str, list[Page]] = {}
    for block in section.split("### ")[1:]:
        title, _, text = block.partition("\n")
        found[title.strip()] = [
            Page(label, path, " ".join(about.split())) for label, path, about in _ENTRY.findall(text)
        ]
    return found


def parts() -> dict[str, list[Page]]:
    """Read the four parts from the repository's README.md."""
    return parts_of((ROOT / "README.md").read_text(encoding="utf-8"))
