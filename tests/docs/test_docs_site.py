"""The site: what stands in it is what README.md lists, and it needs no network. CI builds it, no warning allowed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from latex2mathml.converter import convert

from tools.site.__main__ import fetched_from_elsewhere
from tools.site.contents import PARTS, ROOT, parts, parts_of
from tools.site.llms import llms_text
from tools.site.reference import MODULES, Reference
from tools.site.staging import Staging

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}


@pytest.fixture(scope="module")
def reference() -> Reference:
    """Return the names of the Python API."""
    return Reference.of(PAGES.values())


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> Path:
    """Return the folder that Sphinx would read, with the notebooks as they are committed."""
    folder = tmp_path_factory.mktemp("layout")
    staging = Staging(folder, parts())
    staging.write_home(README)
    staging.write_pages()
    staging.write_notebooks(ROOT / "notebooks")
    staging.write_reference(reference)
    staging.write_linked()
    return folder


def test_every_page_is_in_one_part() -> None:
    """Each page of docs, each notebook and the changelog stands in one of the four parts, once."""
    listed = [page.path for pages in parts().values() for page in pages]
    there = [path.relative_to(ROOT).as_posix() for path in (*PAGES, *(ROOT / "notebooks").glob("*.ipynb"))]
    assert tuple(parts()) == PARTS
    assert sorted(listed) == sorted([*there, "CHANGELOG.md"])


def test_no_line_of_the_contents_is_passed_over() -> None:
    """What looks like an entry is one: the parts have as many pages as the section has list items."""
    section = README.partition("\n## Documentation\n")[2]
    assert len(re.findall(r"^- ", section, re.MULTILINE)) == sum(len(pages) for pages in parts_of(README).values())


def test_titles_tell_pages_of_a_part_apart() -> None:
    """Within a part no title comes twice."""
    for pages in parts().values():
        titles = [page.title for page in pages]
        assert len(set(titles)) == len(titles)


def test_every_public_name_has_a_page(reference: Reference) -> None:
    """Functions and classes in `__all__` of the public modules, each with a first line that says what it does."""
    texts = reference.texts()
    for module in MODULES:
        public = {name.name for name in reference.public[module]}
        package = __import__(module, fromlist=["__all__"])
        left_out = {word for word in package.__all__ if word not in public}
        assert left_out <= {"__version__", *(other.rpartition(".")[2] for other in MODULES)}
        for name in reference.public[module]:
            assert name.about.endswith((".", "!")), f"{name.full}: {name.about}"
            assert re.search(rf"^\.\. auto(class|function):: {re.escape(name.full)}$", texts[f"{name.full}.rst"], re.M)
            assert f"({name.full}.rst)" in texts[f"{module}.md"]


def test_classes_that_calls_hand_back_have_pages(reference: Reference) -> None:
    """So have those of methods and those whose types are imported for the type checker alone."""
    names = {name.name for name in reference.results}
    assert {"Explanation", "RunDifference", "OffersAgreement", "Mediation", "Equilibrium"} <= names
    assert not {name.full for name in reference.results if ".schema." in name.full}


def test_llms_txt_names_every_page_and_no_other(layout: Path, reference: Reference) -> None:
    """Its links are the pages of the layout, but the home page and the sources that pages link to; each has a line."""
    text = llms_text(README, parts(), reference)
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\.html\): \S", text, re.MULTILINE)
    assert len(links) == len(re.findall(r"^- ", text, re.MULTILINE)) == len(set(links))
    there = {
        path.relative_to(layout).with_suffix("").as_posix()
        for path in layout.rglob("*")
        if path.suffix in {".md", ".rst", ".ipynb"} and path.relative_to(layout).parts[0] not in {"sim", "scenarios"}
    }
    assert set(links) == there - {"index"}
    assert text.startswith("# negotiation-sim\n\n> Simulate how a phased peace deal is carried out")


def test_links_lead_to_what_is_laid_out(layout: Path) -> None:
    """Every relative link and picture of a Markdown page does; links to sources and folders lead to their pages."""
    found = 0
    for page in layout.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#\s]+?)(?:#[\w-]+)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).is_file(), f"{page}: {target}"
                found += 1
    assert found > 300


def test_a_link_is_led_to_what_the_site_shows(tmp_path: Path) -> None:
    """README.md is the home page, sources and folders have pages, code is left alone, names of files become titles."""
    staging = Staging(tmp_path, parts())
    text = "[a](../README.md) [glossary.md](glossary.md#levers) [b](../sim/lazy.py) [c](../scenarios/toys)\n"
    code = "```text\n[a](../README.md)\n```\n"
    led = staging.led(text + code, "docs/model.md")
    assert led == (
        "[a](../index.md) [Glossary](glossary.md#levers) [b](../sim/lazy.py.md) [c](../scenarios/toys/index.md)\n"
        + code
    )
    assert staging.linked == {"sim/lazy.py", "scenarios/toys"}


def test_equations_are_drawn_whole() -> None:
    """No command of TeX is left standing as text in the MathML of any page."""
    equations = 0
    for text in PAGES.values():
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
        for display, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", prose, re.DOTALL):
            equations += 1
            assert "\\" not in convert(display or inline), display or inline
    assert equations > 200


def test_what_another_server_would_be_asked_for_is_found(tmp_path: Path) -> None:
    """A script, a style or a font of elsewhere is; a link that a reader may follow is not."""
    bad = {
        "script.html": '<script defer src="https://cdn.example/x.js"></script>',
        "style.html": '<link rel="stylesheet" href="//cdn.example/x.css">',
        "picture.html": "<img alt='' src='http://example/x.png'>",
        "font.css": '@import url("https://fonts.example/css");',
        "face.css": "@font-face { src: url(https://fonts.example/f.woff2); }",
    }
    good = {"link.html": '<a href="https://example.org">there</a><script src="_static/x.js"></script>'}
    for name, text in {**bad, **good}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert fetched_from_elsewhere(tmp_path) == sorted(bad)


def test_ci_builds_it_with_the_notebooks_that_the_tests_ran() -> None:
    """One variable names the folder where the tests of notebooks leave them and the site finds them."""
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'python -m tools.site --notebooks "$SIM_EXECUTED_NOTEBOOKS"' in ci
    assert ci.index("export SIM_EXECUTED_NOTEBOOKS") < ci.index("command_of test)") < ci.index("python -m tools.site")
