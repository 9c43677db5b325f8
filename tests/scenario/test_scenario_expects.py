"""What a scenario expects of itself: words, or the sign of a measure."""

import datetime as dt

import pytest
from scenario_texts import MINIMAL, write

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.schema.expectation import ExpectedSign

SIGN = "{sign: up, against: toys/two_actors, why: fewer quarrels, pre_registered: 2026-11-22}"


def test_words_and_signs_stand_side_by_side(tmp_path):
    """A line of expects is a text or a sign, and both survive a round trip through plain data."""
    s = load(write(tmp_path, "a.yaml", MINIMAL + f"expects: {{talks_began: {SIGN}, deaths: fewer}}\n"))
    expected = ExpectedSign(
        sign="up", against="toys/two_actors", why="fewer quarrels", pre_registered=dt.date(2026, 11, 22)
    )
    assert s.expects == {"talks_began": expected, "deaths": "fewer"}
    assert type(s).from_dict(s.to_dict()).sha256 == s.sha256


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("sign: up", "sign: higher", "expects.talks_began.sign: found text 'higher', expected 'up' or 'down'"),
        ("against: toys/two_actors, ", "", "expects.talks_began.against: found no key 'against'"),
        ("why: fewer quarrels, ", "", "expected why: the mechanism that is thought to do it"),
        ("2026-11-22", "soon", "pre_registered: found text 'soon', expected a date"),
        ("sign: up", "sgin: up", "Did you mean 'sign'?"),
        (SIGN, "3", "expects.talks_began: found 3, expected a mapping"),
        (SIGN, "''", "expects.talks_began: found text '', expected a text that is not empty"),
    ],
)
def test_refused(tmp_path, old, new, words):
    """A line that is neither is refused by name, with what a sign needs."""
    text = MINIMAL + f"expects: {{talks_began: {SIGN}}}\n"
    with pytest.raises(ScenarioError) as caught:
        load(write(tmp_path, "a.yaml", text.replace(old, new)))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("talks_begann", "expects.talks_begann: found 'talks_begann', expected a measure: "),
        ("halfway by 2020-06-01", "found 'halfway', expected an event: "),
    ],
)
def test_signs_of_what_is_no_measure_are_refused_with_their_line(tmp_path, measure, words):
    """A measure that the scenario lacks is told when the file is read; one in words may be about anything."""
    text = MINIMAL + f"expects: {{{measure}: {SIGN}}}\n"
    with pytest.raises(ScenarioError) as error:
        load(write(tmp_path, "a.yaml", text))
    assert words in str(error.value)
    assert f"a.yaml:{text.count(chr(10))}:" in str(error.value)
    load(write(tmp_path, "b.yaml", MINIMAL + f"expects: {{{measure.split()[0]}: it should come sooner}}\n"))
