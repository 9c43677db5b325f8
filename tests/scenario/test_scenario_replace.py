"""Other scenarios from one: replaced values, differences, digests, plain data and back."""

import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_texts import MINIMAL, write

from sim.errors import ScenarioError
from sim.scenario.difference import flattened
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

BASE = load("doha_2020/baseline")
NUMBERS = {
    path: value
    for path, value in flattened(BASE.to_dict()).items()
    if isinstance(value, float) and value > 0 and ".scales." not in path
}


def test_replacing_a_number_drops_its_source():
    """The new value has no source, every other number keeps its own, and the old scenario is unchanged."""
    path = "deal.captives.taliban_prisoners.held"
    other = BASE.replace({path: 14000})
    assert other.deal.captives["taliban_prisoners"].held == 14000.0
    assert set(BASE.provenance) - set(other.provenance) == {path}
    assert path in other.unsourced()
    assert BASE.deal.captives["taliban_prisoners"].held == 13500.0


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ({}, "no difference"),
        ({"actors.us.discount_per_year": 0.1}, "~ actors.us.discount_per_year: 0.3 -> 0.1"),
        ({"deal.withdrawal.us_troops.steps.0.left": np.float64(9000)}, "steps.0.left: 8600.0 -> 9000.0"),
        ({"deal.withdrawal.us_troops.steps[0].left": np.int64(9000)}, "steps.0.left: 8600.0 -> 9000.0"),
        ({"deal.withdrawal.us_troops.pace": 2}, "pace: 1.0 -> 2.0"),
        ({"actors.us.types.leaving_anyway.scales.per_year.paused": 2}, "per_year.paused: 1.5 -> 2.0"),
        ({"actors.us.types.leaving_anyway.scales.at_outcome.settlement": 2}, "scales.at_outcome.settlement: 2.0"),
        ({"actors.us.payoff.per_year.counted(taliban_prisoners)": 1}, "counted(taliban_prisoners): 0.15 -> 1.0"),
        ({"actors.us.moves.threaten": None}, "- actors.us.moves.threaten.drawdown: schedule"),
        ({"world.season.amplitude": 0.2}, "~ world.season.amplitude: 0.0 -> 0.2"),
        ({"start": dt.date(2020, 2, 28)}, "~ start: 2020-02-29 -> 2020-02-28"),
        ({"mechanisms.aid": False}, "~ mechanisms.aid: True -> False"),
        ({"actors.us.rule.parameters.depth": 2}, "+ actors.us.rule.parameters.depth: 2.0"),
        (
            {"deal.captives.taliban_prisoners.returns.probability": {"beta": [1, 1]}},
            "probability.beta.1: 3.0 -> 1.0",
        ),
        ({"deal.captives.taliban_prisoners.returns.probability": 0.4}, "returns.probability: 0.4"),
        (
            {"events.stop": {"day": 9, "what": "x", "set": {"deal.withdrawal.us_troops.pace": 0}}},
            "+ events.stop.set.deal.withdrawal.us_troops.pace: 0.0",
        ),
        ({"world.offices.presidency.dual": None}, "- world.offices.presidency.dual.start_day: 9.0"),
    ],
)
def test_replacing(values, lines):
    """A value is replaced by its path, and the difference says just that."""
    assert lines in str(BASE.diff(BASE.replace(values)))


def test_several_values_at_once():
    """Values that are legal only together are replaced together."""
    values = {"deal.captives.taliban_prisoners.held": 4000, "deal.captives.taliban_prisoners.promised": 3000}
    values["deal.captives.taliban_prisoners.cap_freed"] = 3500
    diff = BASE.diff(BASE.replace(values))
    assert {d.path for d in diff} == set(values)
    assert (len(diff), bool(BASE.diff(BASE))) == (3, False)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("actors.us.discount_per_yaer", 1, "Did you mean 'discount_per_year'?"),
        ("actors.uss.discount_per_year", 1, "Did you mean 'us'?"),
        ("wrold.season.amplitude", 1, "Did you mean 'world'?"),
        ("actors.us.payoff.per_year.atacks", 1, "Did you mean 'attacks'?"),
        ("actors.us.discount_per_year.deeper", 1, "a path that ends at the number itself"),
        ("actors.us.discount_per_year.value", 1, "a path that ends at the number itself"),
        ("title.deeper", 1, "a path that ends at the value before"),
        ("deal.deadlines.7.day", 1, "an element of a list of 3"),
        ("deal.deadlines.first.day", 1, "an element of a list of 3"),
        ("events.stop.day", 1, "found no 'stop' there"),
        ("", 1, "a dotted path"),
        ("a..b", 1, "an empty part"),
        ("x" * 500, 1, "a dotted path"),
        (5, 1, "a dotted path"),
        ("actors.us.discount_per_year", -1, "a number of at least 0"),
        ("actors.us.discount_per_year", "much", "expected a number"),
        ("actors.us.discount_per_year", True, "expected a number"),
        ("actors.us.discount_per_year", float("nan"), "the number nan"),
        ("actors.us.discount_per_year", 10**30, "too large"),
        ("actors.us.discount_per_year", object(), "type object"),
        ("title", None, "no key 'title'"),
        ("title", "\x1b[31m", "cannot be printed"),
        ("horizon_days", 640.0, "a whole number"),
        ("start", dt.datetime(2020, 1, 1), "type datetime"),
        ("deal.captives.taliban_prisoners", None, "The lever release needs a group of captives that it holds."),
    ],
)
def test_replacing_what_cannot_be(path, value, words):
    """A path that leads nowhere or a value out of bounds is refused, with the nearest legal name."""
    with pytest.raises(ScenarioError) as caught:
        BASE.replace({path: value})
    assert words in str(caught.value)


def test_none_removes_a_key():
    """A number that is removed takes its neutral default."""
    assert BASE.replace({"actors.us.discount_per_year": None}).actors["us"].discount_per_year == 0.0


@given(st.sampled_from(sorted(NUMBERS)), st.sampled_from([1.0, 0.5]))
def test_any_number_can_be_replaced_by_its_path(path, factor):
    """Each positive number of the baseline is replaced by its path, and only it; or the result is refused."""
    value = NUMBERS[path] * factor
    try:
        other = BASE.replace({path: value})
    except ScenarioError:
        assert factor != 1.0 or not path.startswith("actors")
        return
    assert [d.path for d in BASE.diff(other)] == ([] if factor == 1.0 else [path])


def test_plain_data_and_back():
    """Through JSON and back, with or without sources, a scenario is the same."""
    data = json.loads(json.dumps(BASE.to_dict()))
    assert Scenario.from_dict(data).sha256 == BASE.sha256
    sourced = Scenario.from_dict(json.loads(json.dumps(BASE.to_dict(provenance=True))))
    assert (sourced, sourced.provenance) == (BASE, BASE.provenance)


@pytest.mark.parametrize("data", [{}, {"title": object()}, [], {"a": {1: 2}}, {"schema_version": float("inf")}])
def test_data_that_is_no_scenario(data):
    """Plain data that is no scenario is refused like a file, under the name that the caller gives."""
    with pytest.raises(ScenarioError, match=r"manifest\.json"):
        Scenario.from_dict(data, "manifest.json")


def test_the_digest_is_of_the_values(tmp_path):
    """Sources, comments, style and written defaults leave the digest; a value or the order of actors changes it."""
    base = load(write(tmp_path, "a.yaml", MINIMAL))
    same = (
        MINIMAL.replace("100", "{value: 100, source: x, known_as_of: 2020-01-01}  # note")
        + "steps_per_day: 1\nmechanisms: {aid: on}\n"
    )
    assert load(write(tmp_path, "b.yaml", same)) == base
    assert hash(load(tmp_path / "b.yaml")) == hash(base)
    assert load(write(tmp_path, "c.yaml", MINIMAL.replace("100", "101"))) != base
    head, north, south = MINIMAL.partition("  north:")[0], *MINIMAL.partition("  north:")[2].split("  south:")
    swapped = load(write(tmp_path, "d.yaml", f"{head}  south:{south}  north:{north}"))
    assert list(swapped.actors) == ["south", "north"]
    assert swapped != base
    assert base != "a text"


def said_of(scenario, values):
    """Return the digest of a replacement, or what is wrong with it."""
    try:
        return scenario.replace(values).sha256
    except ScenarioError as error:
        return str(error)


@given(st.floats(0.01, 0.9), st.floats(0.0, 2.0))
def test_replacing_without_provenance_gives_the_same_scenario(discount, share):
    """Without its sources a scenario takes and refuses the same numbers in the same words, with equal results."""
    values = {"actors.us.discount_per_year": discount, "deal.talks.technical_share": share}
    bare = BASE.without_provenance()
    assert bare == BASE
    assert not bare.provenance
    assert said_of(bare, values) == said_of(BASE, values)


def test_many_numbers_at_once_are_replaced_as_one_by_one():
    """In one walk or one after another, in sections and lists, numbers of a scenario come to the same."""
    bare = BASE.without_provenance()
    values = {path: 0.9 * value for path, value in NUMBERS.items() if path.startswith("actors.us.")}
    values["deal.withdrawal.us_troops.steps[0].left"] = 9_000
    one_by_one = bare
    for path, value in values.items():
        one_by_one = one_by_one.replace({path: value})
    assert bare.replace(values) == one_by_one
    assert said_of(bare, values | {"actors.us.discount_per_yaer": 0.1}) == said_of(
        one_by_one, {"actors.us.discount_per_yaer": 0.1}
    )
