"""The built-in records: every row is dated and sourced, and they meet the scenarios by name."""

import datetime as dt
import math

import pytest

from sim.record import load_record, record_names
from sim.record.record import records_folder
from sim.scenario.catalogue import FEATURE_BY_NAME
from sim.scenario.load import builtin_root, load


@pytest.fixture(scope="module", params=["doha_2020", "northern_ireland_1998"])
def record(request):
    """Each built-in record."""
    return load_record(request.param)


def test_every_row_has_date_value_unit_and_source(record):
    """No observation stands without its date, a finite value, its unit and where it was published."""
    assert len(record.observations) > 100
    for o in record.observations:
        assert isinstance(o.date, dt.date)
        assert math.isfinite(o.value)
        assert o.unit
        assert o.source


def test_no_source_is_a_folder_of_ours(record):
    """Sources are publications, not files of this project."""
    for o in record.observations:
        assert "seeds" not in o.source
        assert ".csv less" not in o.source


def test_observations_are_in_order_of_date(record):
    """Whoever walks through a record walks through time."""
    dates = [o.date for o in record.observations]
    assert dates == sorted(dates)


def test_series_that_look_like_features_are_features(record):
    """A record that means a feature of the model spells it as the catalogue does."""
    features = {name for name in (s.partition("(")[0] for s in record.series_names) if name in FEATURE_BY_NAME}
    assert {"persons_freed", "troop_count"} <= features


def test_both_records_are_built_in():
    """The records can be named without a path, and lie where the scenarios lie."""
    assert {"doha_2020", "northern_ireland_1998"} <= set(record_names())
    assert records_folder() == builtin_root() / "records"


def test_every_milestone_of_the_baseline_is_found():
    """What the baseline declares as milestones has a day in its record, and so have talks and outcome."""
    scenario = load("doha_2020/baseline")
    record = load_record(scenario.record)
    assert set(scenario.milestones) <= set(record.milestones)
    assert record.milestones["talks_open"].date == dt.date(2020, 9, 12)
    assert record.outcome.arguments == ("government_collapse",)
    assert record.outcome.date == record.milestones["kabul"].date == dt.date(2021, 8, 15)
    assert record.outcome.arguments[0] in scenario.outcomes


def test_entities_of_the_doha_record_are_those_of_the_baseline():
    """Features of the record name groups, forces and troops that the scenario has."""
    scenario = load("doha_2020/baseline")
    entities = {*scenario.deal.captives, *scenario.world.armed_forces, *scenario.deal.withdrawal}
    for o in load_record("doha_2020").observations:
        if o.kind in ("persons_freed", "persons_counted", "daily_attacks", "troop_count"):
            assert o.arguments[0] in entities


@pytest.mark.parametrize(
    ("milestone", "series", "holds"),
    [
        ("first_release", "persons_freed(taliban_prisoners)", lambda value: value >= 1),
        ("thousandth", "persons_freed(taliban_prisoners)", lambda value: value >= 1000),
        ("all_counted", "persons_counted(taliban_prisoners)", lambda value: value >= 4900),
        ("captives_complete", "persons_freed(government_captives)", lambda value: value >= 1000),
        ("troops_8600", "troop_count(us_troops)", lambda value: value <= 8600),
    ],
)
def test_milestones_agree_with_the_series(milestone, series, holds):
    """Each milestone is the first day on which its series says so."""
    record = load_record("doha_2020")
    first = next(o.date for o in record.series(series) if holds(o.value))
    assert record.milestones[milestone].date == first


def test_the_fitted_milestones_are_tagged():
    """What the baseline's numbers were chosen to meet is marked as no evidence."""
    scenario = load("doha_2020/baseline")
    fitted = {name for note in scenario.provenance.values() for name in note.used_to_fit or ()}
    record = load_record("doha_2020")
    assert {name for name, o in record.milestones.items() if o.used_to_fit} <= fitted
    assert all(record.named[name].used_to_fit for name in fitted)


def test_five_hundred_were_not_on_the_list():
    """The two counts of those freed differ by the 500 that the Taliban had not asked for."""
    record = load_record("doha_2020")
    freed = record.series("persons_freed(taliban_prisoners)")[-1].value
    on_list = record.series("persons_counted(taliban_prisoners)")[-1].value
    assert (freed, on_list) == (5493, 4993)


def test_released_in_northern_ireland():
    """428 were out when the last left the Maze on 28 July 2000 (The Guardian of that day)."""
    record = load_record("northern_ireland_1998")
    assert record.milestones["all_released"].date == dt.date(2000, 7, 28)
    assert {o.date: o.value for o in record.series("persons_freed")}[dt.date(2000, 7, 28)] == 428


def test_table_and_representations_show_the_record():
    """A record prints as one line, as HTML with its milestones, and as a frame with a row an observation."""
    record = load_record("doha_2020")
    assert repr(record).startswith("<Record doha_2020: ")
    assert "first_release" in record._repr_html_()
    assert len(record.table) == len(record.observations)
