"""Build the site: ``python -m tools.site [FOLDER] [--notebooks FOLDER]``."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from numpydoc.xref import DEFAULT_LINKS
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tools.site.contents import ROOT, parts
from tools.site.llms import llms_text
from tools.site.reference import Reference
from tools.site.staging import Staging

_ELSEWHERE = r"""["']?(?:https?:)?//"""
_FETCHED = re.compile(
    rf"<(?:script|img|iframe|source|audio|video)\b[^>]*\bsrc={_ELSEWHERE}"
    rf"|<link\b(?![^>]*canonical)[^>]*\bhref={_ELSEWHERE}"
    rf"|@import\s+(?:url\()?{_ELSEWHERE}|\burl\({_ELSEWHERE}"
)
"""What makes a browser ask a server: not a link that a reader may follow."""


def fetched_from_elsewhere(folder: Path) -> list[str]:
    """Return the files of a site that make a browser ask another server for something."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".css"})
    return [str(path.relative_to(folder)) for path in files if _FETCHED.search(path.read_text(encoding="utf-8"))]


def _types(reference: Reference) -> dict[str, str]:
    """Return what a type's name in a docstring links to: its page, and for those of other packages nothing."""
    return {name: name for name in DEFAULT_LINKS} | {name.name: name.full for name in reference.names}


def build(target: Path, notebooks: Path | None = None) -> int:
    """Build the site.

    Parameters
    ----------
    target : Path
        The folder to write; what stood there is replaced.
    notebooks : Path, optional
        Notebooks that were run already; the others are run, which takes some two minutes.

    Returns
    -------
    int
        0 if there was not a single warning.
    """
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    contents = parts()
    reference = Reference.of(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))
    with tempfile.TemporaryDirectory() as scratch:
        source, html = Path(scratch, "source"), Path(scratch, "html")
        staging = Staging(source, contents)
        staging.write_home(readme)
        staging.write_pages()
        staging.write_notebooks(notebooks)
        staging.write_reference(reference)
        staging.write_linked()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                source,
                ROOT / "docs" / "site",
                html,
                Path(scratch, "doctrees"),
                "html",
                confoverrides={"numpydoc_xref_aliases": _types(reference)},
                status=None,
                warningiserror=True,
                parallel=os.cpu_count() or 1,
            )
            app.build()
        if app.statuscode:
            return int(app.statuscode)
        (html / "llms.txt").write_text(llms_text(readme, contents, reference), encoding="utf-8")
        if elsewhere := fetched_from_elsewhere(html):
            print("These pages would ask another server:", *elsewhere, sep="\n", file=sys.stderr)
            return 1
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(html, target)
    print(target / "index.html")
    return 0


def main(words: Sequence[str] | None = None) -> int:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(prog="python -m tools.site", description="Build the documentation as a site.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site", help="default: build/site")
    parser.add_argument("--notebooks", type=Path, help="a folder of notebooks that were run already")
    chosen = parser.parse_args(words)
    return build(chosen.folder, chosen.notebooks)


if __name__ == "__main__":
    sys.exit(main())
