"""The page of the scenario format is what the models say, and its YAML is sound."""

from __future__ import annotations

import re
from pathlib import Path

import sim
from tools.scenario_format import MARK, page_text, sections

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scenario_format.md"


def test_the_page_is_current() -> None:
    """Below its mark the page is generated; else: python -m tools.scenario_format docs/scenario_format.md."""
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(MARK) == 1
    assert text == page_text(text)


def test_every_key_has_a_row() -> None:
    """Every key of every model has its row in the section of that model."""
    text = PAGE.read_text(encoding="utf-8").partition(MARK)[2]
    parts = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL))
    for model in sections():
        keys = re.findall(r"^\| `(\w+)` \|", parts[model.__name__], re.MULTILINE)
        assert keys == list(model.model_fields)


def test_links_lead_somewhere() -> None:
    """Every link inside the page names a heading of it."""
    text = PAGE.read_text(encoding="utf-8")
    headings = {h.lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= headings


def test_whole_files_of_the_page_load(tmp_path: Path) -> None:
    """The YAML blocks that are files of their own, and the overlay, are valid scenarios."""
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    files = [block for block in blocks if "title:" in block]
    assert len(files) == 2
    for i, block in enumerate(files):
        path = tmp_path / f"{i}.yaml"
        path.write_text(block, encoding="utf-8")
        assert sim.load(path).title in block
