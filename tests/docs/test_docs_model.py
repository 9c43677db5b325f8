"""The numbers of docs/model.md are those of today's code and scenarios, as far as a short run can tell."""

from __future__ import annotations

import importlib.util
import math
import re
from pathlib import Path
from types import ModuleType

import pytest

import sim
from sim.scenario import builtin_names

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
RUNS = 200


def make_tables() -> ModuleType:
    """Import the script that writes the tables."""
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "docs" / "make_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def between(name: str) -> str:
    """Return what the page holds between the marks of a table."""
    found = re.findall(rf"<!-- table {name} -->\n(.*?)<!-- end {name} -->", PAGE, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def committed_shares() -> dict[str, dict[str, float]]:
    """Return the committed shares (per cent) by scenario and outcome; scenarios of equal outcomes share a table."""
    shares: dict[str, dict[str, float]] = {}
    outcomes: list[str] = []
    for line in between("shares").splitlines():
        name, *cells = (cell.strip("` ") for cell in line.strip("| ").split(" | "))
        if name == "scenario":
            outcomes = cells
        elif line.startswith("| `"):
            shares[name] = {o: float(cell.split()[0]) for o, cell in zip(outcomes, cells, strict=True)}
    return shares


def test_every_built_in_scenario_has_its_shares() -> None:
    """Each built-in scenario has a row, and its shares are those of all runs."""
    shares = committed_shares()
    assert set(shares) == set(builtin_names())
    for name, row in shares.items():
        assert set(row) == set(sim.load(name).outcomes)
        assert sum(row.values()) == pytest.approx(100.0, abs=0.4)


@pytest.mark.parametrize("name", builtin_names())
def test_shares_are_those_of_the_code(name: str) -> None:
    """Fresh runs under another seed agree with the committed shares within four and a half standard errors."""
    fresh = sim.replicate(sim.load(name), runs=RUNS, seed=20_200_229).shares["share"]
    for outcome, per_cent in committed_shares()[name].items():
        then = per_cent / 100
        # Laplace's estimate keeps the error of a share near 0 or 1 from being 0
        p = (then * 4000 + 1) / 4002
        assert abs(fresh[outcome] - then) <= 4.5 * math.sqrt(p * (1 - p) * (1 / RUNS + 1 / 4000)) + 0.5 / RUNS, outcome


def test_the_provenance_sentence_is_current() -> None:
    """The counts of sourced, assumed and chosen numbers are those of the baseline."""
    assert between("provenance") == make_tables().provenance() + "\n"


def test_marks_are_filled_and_replaced() -> None:
    """Every table of the script is on the page, and writing one again changes nothing else."""
    module = make_tables()
    for name in module.TABLES:
        assert between(name).strip()
        assert module.written(PAGE, name, between(name).rstrip("\n")) == PAGE
