"""What actors do: measured by the script of docs/behaviour.md, and held here at four standard errors."""

import importlib.util
import sys
from pathlib import Path

import pytest

import sim

DOCS = Path(__file__).parents[2] / "docs"
FOUR = 4.0


def load_script():
    """Import docs/make_behaviour.py under a name of its own."""
    spec = importlib.util.spec_from_file_location("make_behaviour", DOCS / "make_behaviour.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = load_script()


@pytest.fixture(scope="module")
def runs():
    """Thirty runs of the baseline with all that happens in them."""
    return list(script.runs_of(sim.load(script.BASELINE), 30))


def test_no_threat_is_executed_after_its_demand_was_met(runs):
    """Of those that are executed at all; some are."""
    executed = sum(int((run.event_table["kind"] == "threat_executed").sum()) for run in runs)
    assert executed > 0
    assert script.late_cuts(runs).value == 0.0


def test_nobody_changes_between_names_of_one_course(runs):
    """No change of course is between moves worth the same in every term."""
    changes = sum(decision.chosen != decision.before for run in runs for decision in run.decisions)
    assert changes > 100
    assert script.idle_changes(runs).value == 0.0


def test_decisions_are_between_different_courses(runs):
    """Every decision that is held has two or more moves, or what stood has to go, and not all are worth the same.

    Two may be: a decree that waits for quiet frees nobody along a path without any.
    """
    for run in runs:
        for decision in run.decisions:
            worths = [script.worth(move) for move in script.open_moves(decision)]
            assert len(worths) > 1 or decision.chosen != decision.before
            assert len(set(worths)) > 1 or len(worths) == 1


def test_changes_of_course_are_counted_in_days_of_the_deal_not_weeks(runs):
    """Everybody changes course fewer than twenty times in the first 200 days, and somebody does at all."""
    changed = script.changes_of_course(runs)
    for estimate in changed.values():
        assert estimate.value + FOUR * estimate.error < 20.0
    assert sum(estimate.value for estimate in changed.values()) > 3.0


def test_what_is_expected_follows(runs):
    """What a move was expected to bring over another comes, on average: a slope of 0.7 to 1.3, at four errors."""
    for pairs in script.forecasts(runs, 30).values():
        slope, _ = script.slope(pairs)
        assert len(pairs) > 20
        assert 0.7 - FOUR * slope.error < slope.value < 1.3 + FOUR * slope.error


def test_the_bound_on_releases_carries_no_result():
    """Talks begin in as many runs, within 3 points, for every bound from 5,500 to 13,500."""
    values = [estimate.value for estimate in script.caps(400).values()]
    assert max(values) - min(values) < 3.0
    assert min(values) > 0.0


def test_half_the_promise_never_makes_talks_rarer():
    """Promise and threshold halved: no fewer talks, at four standard errors."""
    shift = script.shifts(script.HALF, 400)["talks"]
    assert shift.value > -FOUR * shift.error


def test_a_coin_in_the_place_of_the_government_moves_outcomes():
    """By ten points or more, at four standard errors from nothing."""
    _, shift = script.coin("government", 400)
    assert abs(shift.value) >= 10.0
    assert abs(shift.value) > FOUR * shift.error


def test_the_page_holds_what_the_script_measures():
    """Every row that the script writes stands on the page, with numbers."""
    page = (DOCS / "behaviour.md").read_text(encoding="utf-8")
    for label in script.WINDOWS:
        assert f"| {label} | " in page
    for actor in script.ACTORS:
        assert f"| slope of what follows on what was expected: {actor} | " in page
    assert page.count("±") > 20
    for name in ("behaviour", "pauses", "attacks"):
        start, end = page.index(f"<!-- table {name} -->"), page.index(f"<!-- end {name} -->")
        assert page[start:end].count("|") > 8
