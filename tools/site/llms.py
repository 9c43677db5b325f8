"""``llms.txt``: what the project is and every page of the site with a line, for readers that are programs.

The form is that of https://llmstxt.org: a title, a quotation, and lists of links under headings.
"""

from __future__ import annotations

import re

from tools.site.contents import Page
from tools.site.reference import Reference


def llms_text(readme: str, parts: dict[str, list[Page]], reference: Reference) -> str:
    """Write the file.

    Parameters
    ----------
    readme : str
        The text of README.md, whose first paragraph says what the project is.
    parts : dict of str to list of Page
        The pages of the site.
    reference : Reference
        The names of the Python API.
    """
    title, about = re.match(r"# (.+)\n\n((?:.+\n)+)", readme).groups()  # type: ignore[union-attr]
    lines = [
        f"# {title}",
        "",
        f"> {' '.join(about.split())}",
        "",
        "`index.html` is the README. Markdown of each page lies under `_sources` (`_sources/docs/model.md`).",
    ]
    for part, pages in parts.items():
        lines += ["", f"## {part}", ""]
        lines += [f"- [{page.title}]({page.document}.html): {page.about}" for page in pages]
    for section, (heading, names) in reference.sections.items():
        lines += ["", f"## Python: {heading}", "", f"- [{heading}](api/{section}.html): the names below, on one page"]
        lines += [f"- [{name.full}]({name.document}.html): {name.about}" for name in names]
    return "\n".join(lines) + "\n"
