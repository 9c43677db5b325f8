"""The four levels of agreement between a record and its rerun."""

import json

import numpy as np
import pyarrow as pa
import pytest
from record_samples import (
    sample_events,
    sample_outcome,
    sample_record,
    sample_replications,
    sample_series,
    with_cell,
)

from sim.errors import UsageError
from sim.store import compare_records, read_run_record, write_run_record


def nudged(table, column, row, amount=None):
    """Change a float cell by `amount` times itself, or by one unit in the last place."""
    value = table.column(column)[row].as_py()
    return with_cell(table, column, row, np.nextafter(value, np.inf) if amount is None else value * (1 + amount))


def scaled(table, amount):
    """Change every float of a table by a relative amount."""
    for name in table.column_names:
        if table.column(name).type == pa.float64():
            changed = table.column(name).to_numpy() * (1 + amount)
            table = table.set_column(table.column_names.index(name), name, pa.array(changed))
    return table


def test_the_same_record_is_identical(tmp_path):
    """A record and itself, written and read, with and without companions on both sides, are at level 1."""
    record = sample_record(replications=sample_replications())
    copy = read_run_record(write_run_record(tmp_path / "a", record))
    for rerun in (copy, sample_record(), sample_record(replications=sample_replications().slice(0, 300))):
        comparison = compare_records(record, rerun)
        assert (comparison.level, comparison.number) == ("identical", 1)
        assert comparison.first_divergence is None
        assert comparison.largest_float_difference == 0.0


@pytest.mark.parametrize("companions", [None, sample_replications()])
def test_one_unit_in_the_last_place_is_level_2(companions):
    """One bit in a series, an event, the outcome or a companion leaves the same events."""
    record = sample_record(replications=companions)
    reruns = [
        sample_record(series=nudged(sample_series(), "troops", 30), replications=companions),
        sample_record(events=nudged(sample_events(), "value", 3), replications=companions),
        sample_record(outcome=sample_outcome() | {"deaths": np.nextafter(3021.0, 0.0)}, replications=companions),
    ]
    if companions is not None:
        reruns.append(sample_record(replications=nudged(companions, "deaths", 17)))
    for rerun in reruns:
        comparison = compare_records(record, rerun)
        assert (comparison.level, comparison.number) == ("same_events", 2)
        assert 0.0 < comparison.largest_float_difference < 1e-15
        assert comparison.first_divergence is None


def test_the_last_bit_inside_a_decision_is_level_2():
    """The account of a decision is compared number by number, so a last bit in it is no other event."""
    events = sample_events()
    account = json.loads(events.column("detail")[8].as_py())
    account["values"][1] = float(np.nextafter(account["values"][1], 1.0))
    rerun = sample_record(events=with_cell(events, "detail", 8, json.dumps(account)))
    assert compare_records(sample_record(), rerun).level == "same_events"
    account["move"] = "attack"
    rerun = sample_record(events=with_cell(events, "detail", 8, json.dumps(account)))
    comparison = compare_records(sample_record(), rerun)
    assert comparison.level == "different"
    assert comparison.first_divergence.fields == ("detail",)


def test_a_millionth_is_level_4_on_a_single_run():
    """A relative change of 1e-6 is beyond the tolerance, and one run cannot show equivalence."""
    comparison = compare_records(sample_record(), sample_record(series=nudged(sample_series(), "troops", 30, 1e-6)))
    assert (comparison.level, comparison.number) == ("different", 4)
    assert comparison.largest_float_difference == pytest.approx(1e-6, rel=1e-3)
    assert comparison.largest_float_difference_at == "series row 30, troops"
    divergence = comparison.first_divergence
    assert (divergence.table, divergence.index, divergence.day, divergence.fields) == ("series", 30, 30.0, ("troops",))
    assert "at least 200 replications" in comparison.note


@pytest.mark.parametrize("side", ["run", "companions", "both"])
def test_a_millionth_is_level_3_with_enough_replications(side):
    """With 200 companions on both sides a change of 1e-6 is equivalent, also where every companion moved by it."""
    companions = sample_replications(200)
    series = sample_series() if side == "companions" else nudged(sample_series(), "troops", 30, 1e-6)
    other = companions if side == "run" else scaled(companions, 1e-6)
    comparison = compare_records(
        sample_record(replications=companions), sample_record(series=series, replications=other)
    )
    assert (comparison.level, comparison.number) == ("statistically_equivalent", 3)
    assert all(test.n_recorded == test.n_rerun == 200 and 0.0 < test.detectable < 0.4 for test in comparison.tests)
    assert "200 and 200 replications a difference of" in comparison.summary()


def test_too_few_replications_are_level_4():
    """199 companions on one side do not count."""
    comparison = compare_records(
        sample_record(replications=sample_replications(400)),
        sample_record(series=nudged(sample_series(), "troops", 3, 1e-6), replications=sample_replications(199)),
    )
    assert comparison.level == "different"
    assert "found 400 recorded and 199 rerun" in comparison.note


def test_a_changed_rule_is_level_4():
    """Another move from row 8 on is different, and the first divergence says which row, day and fields."""
    events = with_cell(sample_events(), "move", 8, "attack")
    for shifted in (None, sample_replications(400, shift=0.6)):
        companions = None if shifted is None else sample_replications(400)
        rerun = sample_record(events=events, replications=shifted, model_source_digest="ee" * 32)
        comparison = compare_records(sample_record(replications=companions), rerun)
        divergence = comparison.first_divergence
        assert comparison.level == "different"
        assert (divergence.table, divergence.index, divergence.day) == ("events", 8, 8.0)
        assert (divergence.recorded["move"], divergence.rerun["move"], divergence.fields) == (
            "stall",
            "attack",
            ("move",),
        )
        assert comparison.changed_inputs == ("model_source_digest",)
        assert "decision: move: stall -> attack" in comparison.summary()
    assert "deaths" in comparison.note
    assert {test.column for test in comparison.tests} == {"outcome", "talks_day", "deaths"}


def test_another_sample_of_the_same_distribution_is_level_3():
    """Companions with other luck are equivalent, whatever the runs themselves did."""
    comparison = compare_records(
        sample_record(replications=sample_replications(400, seed=5)),
        sample_record(events=sample_events().slice(0, 20), replications=sample_replications(500, seed=6)),
    )
    assert comparison.level == "statistically_equivalent"
    assert comparison.first_divergence.index == 20
    assert comparison.first_divergence.rerun is None
    assert "only the record has it" in comparison.summary()


def test_a_column_more_is_level_4():
    """Outcome rows with other columns are not of the same model."""
    companions = sample_replications()
    wider = companions.append_column("new", pa.array(np.zeros(companions.num_rows)))
    comparison = compare_records(sample_record(replications=companions), sample_record(replications=wider))
    assert comparison.level == "different"
    assert comparison.first_divergence.fields == ("new",)


def test_unknown_is_not_a_number():
    """A number where the record has none, and the other way round, is a divergence; unknown on both sides is none."""
    known = sample_record(outcome=sample_outcome() | {"talks_day": 12.0})
    assert compare_records(sample_record(), known).first_divergence.fields == ("talks_day",)
    assert compare_records(sample_record(outcome=sample_outcome() | {"talks_day": None}), sample_record()).number == 1
    series = with_cell(sample_series(), "attacks", 2, 1.0)
    assert compare_records(sample_record(series=series), sample_record()).first_divergence.fields == ("attacks",)


def test_a_missing_outcome_key_is_level_4():
    """An outcome without one of its keys is different."""
    short = {key: value for key, value in sample_outcome().items() if key != "deaths"}
    comparison = compare_records(sample_record(), sample_record(outcome=short))
    assert comparison.first_divergence.fields == ("deaths",)
    assert comparison.level == "different"


def test_comparison_as_plain_data():
    """The comparison goes into strict JSON, with its divergence and tests."""
    comparison = compare_records(
        sample_record(replications=sample_replications(400)),
        sample_record(events=sample_events().slice(0, 20), replications=sample_replications(400, shift=1.0)),
    )
    plain = json.loads(json.dumps(comparison.to_dict(), allow_nan=False))
    assert (plain["level"], plain["level_number"], plain["first_divergence"]["index"]) == ("different", 4, 20)
    assert {test["column"] for test in plain["tests"]} == {"outcome", "talks_day", "deaths"}


@pytest.mark.parametrize("alpha", [0.0, 1.0, float("nan")])
def test_alpha_is_a_probability(alpha):
    """An alpha outside (0, 1) is refused."""
    with pytest.raises(UsageError, match="alpha"):
        compare_records(sample_record(), sample_record(), alpha)
