"""The glossary page is what the code's own lists say, and names every event that the model writes."""

from __future__ import annotations

import ast
import doctest
from pathlib import Path

import sim.scenario.glossary
from sim.kernel import log
from sim.scenario.event_kinds import EVENT_KINDS
from sim.scenario.glossary import glossary_text

ROOT = Path(__file__).resolve().parents[2]


def recorded_kinds() -> set[str]:
    """Return the names of all kinds that some function of the kernel records."""
    found = set()
    for path in (ROOT / "sim" / "kernel").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_event":
                kind = node.args[2]
                assert isinstance(kind, ast.Name), ast.unparse(node)
                found.add(log.EVENT_NAMES[getattr(log, kind.id)])
    return found


def test_the_page_is_current() -> None:
    """The committed page is what is generated; else write it with python -m sim.scenario.glossary docs/glossary.md."""
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == glossary_text()


def test_every_recorded_event_is_explained() -> None:
    """The kinds of the glossary are the kinds that the kernel records, each once."""
    names = [kind.name for kind in EVENT_KINDS]
    assert len(names) == len(set(names))
    assert set(names) == recorded_kinds()


def test_examples_run() -> None:
    """The examples of the module give what they say."""
    assert doctest.testmod(sim.scenario.glossary).failed == 0
