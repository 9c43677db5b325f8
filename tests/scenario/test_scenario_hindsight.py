"""What a scenario could not have known on a date, and tags that name no row of its record."""

import datetime as dt

import pytest
from scenario_texts import MINIMAL, write

from sim.errors import ScenarioError
from sim.record import load_record
from sim.scenario.hindsight import hindsight
from sim.scenario.load import load

RECORD = (
    "date,series,value,unit,source,confidence,used_to_fit,name,known_as_of\n"
    "2020-02-01,milestone(first),1,reached,press,high,yes,,2020-03-01\n"
    "2020-02-02,freed,10,persons,press,high,yes,ten,\n"
)


def scenario_fitted_to(folder, facts, record="record: mine\n"):
    """Write a scenario whose horizon was fitted to facts, with its record beside it; return the scenario."""
    (folder / "mine.csv").write_text(RECORD)
    text = MINIMAL.replace("horizon_days: 100", f"horizon_days: {{value: 100, used_to_fit: [{facts}]}}") + record
    return load(write(folder, "a.yaml", text))


def test_a_number_is_late_by_its_own_date_and_by_that_of_what_it_was_fitted_to(tmp_path):
    """A fit is known when the last of its facts was published, not when the fact happened."""
    scenario = scenario_fitted_to(tmp_path, "first, ten")
    record = load_record(tmp_path / "mine.csv")
    late = {d: hindsight(scenario, record, dt.date(2020, *d)) for d in ((1, 1), (2, 15), (3, 1))}
    assert [h.fitted_to for h in late[1, 1]] == [("first", "ten")]
    assert [h.why for h in late[2, 15]] == ["fitted to first"]
    assert late[3, 1] == ()


def test_the_baseline_of_doha_knows_its_ending_and_ceases_to_late():
    """Nothing of the baseline is from after the last facts, much of it from after the decree."""
    doha, record = load("doha_2020/baseline"), load_record("doha_2020")
    paths = {h.path for h in hindsight(doha, record, dt.date(2020, 3, 15))}
    assert {"world.armed_forces.taliban_fighters.posture.surge", "horizon_days"} < paths
    assert "world.armed_forces.taliban_fighters.attacks.per_day" not in paths
    assert not any(path.startswith(("devices", "payoff_sets")) for path in paths)
    assert hindsight(doha, record, dt.date(2021, 12, 31)) == ()


def test_a_tag_that_names_no_row_is_refused_where_it_stands(tmp_path):
    """The error has the place of the number, the tag, the record and the nearest name."""
    with pytest.raises(ScenarioError) as caught:
        scenario_fitted_to(tmp_path, "frst")
    (problem,) = caught.value.problems
    assert (problem.line, problem.path, problem.found) == (4, "horizon_days", "used_to_fit: frst")
    assert "'mine'" in problem.expected
    assert "'first'" in problem.hint


@pytest.mark.parametrize(
    ("record", "words"),
    [("", "used_to_fit without a record"), ("record: other\n", "the record 'other': no such record")],
)
def test_a_tag_needs_a_record_that_can_be_read(tmp_path, record, words):
    """Without its record no tag can be checked."""
    with pytest.raises(ScenarioError, match=words):
        scenario_fitted_to(tmp_path, "first", record)


def test_every_row_that_numbers_were_fitted_to_says_so():
    """What a built-in scenario was fitted to is marked as no evidence in its record."""
    for name in ("doha_2020/baseline", "northern_ireland_1998/baseline", "colombia_2016/baseline"):
        scenario = load(name)
        rows = load_record(scenario.record).named
        facts = {fact for note in scenario.provenance.values() for fact in note.used_to_fit}
        assert facts
        assert all(rows[fact].used_to_fit for fact in facts), name
