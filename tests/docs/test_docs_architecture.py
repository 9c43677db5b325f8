"""The page on architecture names every function that compiled code calls by an address in Params."""

from __future__ import annotations

import re
from pathlib import Path

import sim

PACKAGE = Path(sim.__file__).resolve().parent
PAGE = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_function_pointer_is_in_the_table() -> None:
    """Each field of Params that some module calls has a row of its own."""
    table = PAGE.split("## Functions that are called by their address")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `(\w+)", table, re.MULTILINE))
    sources = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    called = set(re.findall(r"call_(?:function|for_number)\(\s*params\.(\w+)", sources))
    assert len(called) >= 6
    assert called <= named


def test_each_signature_of_the_table_is_declared_once() -> None:
    """A signature that the table names stands in one module."""
    for module, name in re.findall(r"`(rules|kernel)\.signatures\.(\w+)`", PAGE):
        declared = [path for path in PACKAGE.rglob("*.py") if re.search(rf"^{name}: Final", path.read_text(), re.M)]
        assert declared == [PACKAGE / module / "signatures.py"], name
