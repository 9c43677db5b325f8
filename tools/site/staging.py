"""Laying out the pages for Sphinx, each where it lies in the repository, so that links between files stay as they are.

A link of a page may lead to any file of the repository. In the site, README.md is the home page; a source file that a
page links to gets a page that shows it, a folder one that lists it; other files (tables) can be downloaded.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import nbformat

from tools.site.contents import PARTS, ROOT, Page
from tools.site.notebooks import executed
from tools.site.reference import Reference

_LINK = re.compile(r"\[([^\]]*)\]\(([^)#\s:]+)(?=[)#])")
_CODE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_SHOWN = {".py": "python", ".yaml": "yaml"}
_PAGES = {".md", ".ipynb"}


class Staging:
    """The folder that Sphinx reads.

    Parameters
    ----------
    folder : Path
        An empty folder.
    parts : dict of str to list of Page
        What stands in the site.
    """

    def __init__(self, folder: Path, parts: dict[str, list[Page]]) -> None:
        self.folder = folder
        self.parts = parts
        self.titles = {page.path: page.title for pages in parts.values() for page in pages}
        self.linked: set[str] = set()

    def write(self, path: str, text: str) -> None:
        """Write a file of the layout."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def led(self, text: str, page: str) -> str:
        """Return a page's text with its links leading to what stands in the site, by titles in place of names of files.

        Parameters
        ----------
        text : str
            Markdown.
        page : str
            Its path, from the root of the repository.
        """
        above = PurePosixPath(page).parent

        def target(match: re.Match[str]) -> str:
            path = os.path.normpath(above / match[2])
            label = self.titles.get(path, match[1]) if match[1].endswith(".md") else match[1]
            return f"[{label}]({os.path.relpath(self.document_of(path), above)}"

        blocks = _CODE.split(text)
        return "".join(block if i % 2 else _LINK.sub(target, block) for i, block in enumerate(blocks))

    def document_of(self, path: str) -> str:
        """Return what a link to a file of the repository leads to in the site, and remember that it must be there."""
        if path == "README.md":
            return "index.md"
        suffix = PurePosixPath(path).suffix
        if suffix in _PAGES:
            return path
        self.linked.add(path)
        if (ROOT / path).is_dir():
            return f"{path}/index.md"
        return f"{path}.md" if suffix in _SHOWN else path

    def write_home(self, readme: str) -> None:
        """Write the home page: the README, with the contents of the four parts beside it."""
        text = self.led(readme, "README.md")
        for part in PARTS:
            entries = "\n".join(f"{page.title} <{page.document}>" for page in self.parts[part])
            text += f"\n```{{toctree}}\n:hidden:\n:caption: {part}\n\n{entries}\n```\n"
        self.write("index.md", text)

    def write_pages(self) -> None:
        """Write the Markdown pages and their figures."""
        for page in self.pages(".md"):
            self.write(page.path, self.led((ROOT / page.path).read_text(encoding="utf-8"), page.path))
        shutil.copytree(ROOT / "docs" / "figures", self.folder / "docs" / "figures")

    def write_notebooks(self, ready: Path | None) -> None:
        """Write the notebooks with their outputs.

        Parameters
        ----------
        ready : Path or None
            A folder of notebooks that were run already; those that are not in it are run now.
        """
        for page in self.pages(".ipynb"):
            name = PurePosixPath(page.path).name
            if ready is not None and (ready / name).is_file():
                notebook = nbformat.read(ready / name, as_version=4)
            else:
                here = self.folder / ".run" / page.document
                here.mkdir(parents=True)
                notebook = executed(ROOT / page.path, here)
            for cell in notebook.cells:
                if cell.cell_type == "markdown":
                    cell.source = self.led(cell.source, page.path)
            self.write(page.path, nbformat.writes(notebook))

    def write_reference(self, reference: Reference) -> None:
        """Write the pages of the Python API and hang them below ``docs/api.md``."""
        for path, text in reference.texts().items():
            self.write(f"api/{path}", text)
        entries = "\n".join(f"{title} <../api/{section}>" for section, (title, _) in reference.sections.items())
        links = "".join(f"- [{title}](../api/{section}.md)\n" for section, (title, _) in reference.sections.items())
        page = self.folder / "docs" / "api.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(f"{text}\n{links}\n```{{toctree}}\n:hidden:\n\n{entries}\n```\n", encoding="utf-8")

    def write_linked(self) -> None:
        """Write what pages link to that is no page of its own."""
        for path in sorted(self.linked):
            if (ROOT / path).is_dir():
                self.write(f"{path}/index.md", self.led(_folder_page(path), f"{path}/index.md"))
        for path in sorted(self.linked):
            if (ROOT / path).is_file():
                target = self.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / path, target)
                suffix = PurePosixPath(path).suffix
                if suffix in _SHOWN:
                    self.write(f"{path}.md", _source_page(path, _SHOWN[suffix]))

    def pages(self, suffix: str) -> Iterable[Page]:
        """Yield the pages whose files end so."""
        return (page for pages in self.parts.values() for page in pages if page.path.endswith(suffix))


def _folder_page(path: str) -> str:
    """Return a page that lists the files of a folder."""
    names = sorted(child.name for child in (ROOT / path).iterdir() if child.is_file())
    return f"---\norphan: true\n---\n\n# {path}\n\n" + "".join(f"- [{name}]({name})\n" for name in names)


def _source_page(path: str, language: str) -> str:
    """Return a page that shows a source file."""
    name = PurePosixPath(path).name
    return f"---\norphan: true\n---\n\n# {path}\n\n```{{literalinclude}} {name}\n:language: {language}\n```\n"
