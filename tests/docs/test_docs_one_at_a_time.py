"""The screen of one number at a time ranks what matters, and can vary every number."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

import sim
from sim.errors import UsageError

DOCS = Path(__file__).resolve().parents[2] / "docs"
TOY = "toys/two_actors"
SETTLES = "deal.outcomes.settlement.per_day"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the module."""
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("one_at_a_time")


def test_a_screen_ranks_what_matters_first(script: ModuleType) -> None:
    """Halving and doubling the pace of settlement moves more than halving and doubling patience, with its sign."""
    toy = sim.load(TOY)
    screen = script.one_at_a_time(toy, ["actors.rebels.discount_per_year", SETTLES], (0.1, 1.0, 10.0), runs=150, seed=4)
    slow, same, fast = screen.ranked()[0]
    assert slow.path == SETTLES
    assert (slow.changes["settlement"].sign, fast.changes["settlement"].sign) == (-1, 1)
    assert same.largest[1].difference == 0.0
    assert same.changes["settlement"].before == screen.rows[0].changes["settlement"].before


def test_numbers_of_the_baseline_can_be_halved_and_doubled(script: ModuleType) -> None:
    """Tagged as fitted or not, a number is one that a screen can vary, unless the format bounds it."""
    scenario = sim.load("doha_2020/baseline")
    paths = script.all_numbers(scenario)
    assert len(paths) >= 200
    fitted = {path for path, note in scenario.provenance.items() if note.used_to_fit}
    assert len(fitted & set(paths)) >= 60
    some = paths[::20]
    assert len(script.one_at_a_time(scenario, some, runs=1, seed=1).rows) == 2 * len(some)


def test_a_screen_of_nothing_is_refused(script: ModuleType) -> None:
    """Without a path or a factor there is nothing to vary."""
    with pytest.raises(UsageError, match="none"):
        script.one_at_a_time(sim.load(TOY), [])
