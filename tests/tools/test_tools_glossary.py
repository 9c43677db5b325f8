"""The glossary page is what the code's own lists say, and names every event that the model writes."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

from sim.scenario import events
from sim.scenario.event_words import EVENT_WORDS
from tools.glossary import glossary_text

ROOT = Path(__file__).resolve().parents[2]


def recorded_kinds() -> set[int]:
    """Return the numbers of all kinds that some function of the model or the kernel records."""
    kinds = set()
    for path in [*(ROOT / "sim" / "kernel").glob("*.py"), *(ROOT / "sim" / "model").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_event":
                kind = node.args[2]
                assert isinstance(kind, ast.Name), ast.unparse(node)
                kinds.add(getattr(import_module(f"sim.{path.parent.name}.{path.stem}"), kind.id))
    return kinds


def test_the_page_is_current() -> None:
    """The committed page is what is generated; else write it with python -m tools.glossary docs/glossary.md."""
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == glossary_text()


def test_every_recorded_event_is_explained() -> None:
    """The kinds that are described are those that the model records, each with a name of its own and with words."""
    assert set(events.EVENTS) == recorded_kinds() == set(EVENT_WORDS)
    assert len(events.EVENT_BY_NAME) == len(events.EVENTS)
