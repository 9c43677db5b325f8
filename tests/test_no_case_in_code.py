"""No code knows a case: the names of cases that ship stand in scenarios, records and examples of docstrings alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "sim"
CASES = re.compile(r"doha|taliban|afghan|ireland", re.IGNORECASE)


def lines_of_docstrings(tree: ast.Module) -> set[int]:
    """Return the numbers of all lines that are texts standing alone."""
    texts = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )
    return {line for text in texts for line in range(text.lineno, (text.end_lineno or text.lineno) + 1)}


@pytest.mark.parametrize("suffix", [".py", ".yaml", ".json", ".csv"])
def test_the_package_knows_no_case(suffix: str) -> None:
    """Outside docstrings no line of the package names a case, an actor or a place of one."""
    found = []
    for path in sorted(PACKAGE.rglob(f"*{suffix}")):
        if path.is_relative_to(PACKAGE / "builtin"):  # scenarios, where the package is installed
            continue
        text = path.read_text(encoding="utf-8")
        left_out = lines_of_docstrings(ast.parse(text)) if suffix == ".py" else set()
        found += [
            f"{path.relative_to(PACKAGE)}:{number}: {line.strip()}"
            for number, line in enumerate(text.splitlines(), start=1)
            if CASES.search(line) and number not in left_out
        ]
    assert found == []
