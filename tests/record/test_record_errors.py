"""A malformed record is refused with the line and column of everything that is wrong."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.record import load_record, named_record
from sim.record.csv_text import QuoteError, fields_of
from sim.record.record import MAX_BYTES, MAX_PROBLEMS

HEAD = "date,end_date,series,value,low,high,unit,source,confidence,used_to_fit\n"
ROW = "2020-04-08,,persons_freed(group),100,90,110,persons,a newspaper,high,no\n"


def problems(tmp_path, text):
    """Return the problems of a record with this text."""
    path = tmp_path / "own.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as caught:
        load_record(path)
    return caught.value.problems


def test_a_sound_file_of_ones_own_is_read(tmp_path):
    """A user's record needs only the required columns, in any order."""
    path = tmp_path / "own.csv"
    path.write_text("value,date,series,unit,used_to_fit,source,confidence\n3,2020-01-02,talks,,no,x,low\n")
    with pytest.raises(ScenarioError, match=r"own\.csv:2:20: unit: found nothing"):
        load_record(path)
    path.write_text('value,date,series,unit,used_to_fit,source,confidence\n3,2020-01-02,a,u,yes,"x, ""y""",low\n')
    (only,) = load_record(path).observations
    assert (only.date, only.value, only.source, only.used_to_fit, only.days) == (
        dt.date(2020, 1, 2),
        3.0,
        'x, "y"',
        True,
        1,
    )


@pytest.mark.parametrize(
    ("old", "new", "column", "found"),
    [
        ("2020-04-08", "8 April", 1, "'8 April'"),
        ("2020-04-08", "2020-02-30", 1, "'2020-02-30'"),
        (",,persons_freed", ",2020-04-07,persons_freed", 12, "2020-04-07"),
        ("persons_freed(group)", "Persons freed", 13, "'Persons freed'"),
        (",100,", ",1 000,", 34, "'1 000'"),
        (",100,", ",nan,", 34, "'nan'"),
        (",100,", ",1e999,", 34, "'1e999'"),
        (",100,", ",0x10,", 34, "'0x10'"),
        (",90,", ",101,", 38, "101"),
        (",110,", ",99,", 41, "99"),
        ("a newspaper", " ", 53, "nothing"),
        ("high,no", "hihg,no", 65, "'hihg'"),
        ("high,no", "high,maybe", 70, "'maybe'"),
    ],
)
def test_each_field_that_does_not_fit_is_named(tmp_path, old, new, column, found):
    """The error gives the line, the column of the field, and what stands there."""
    assert old in ROW
    (problem,) = problems(tmp_path, HEAD + ROW.replace(old, new, 1))
    assert (problem.line, problem.column, problem.found) == (2, column, found)
    assert problem.expected


def test_several_problems_come_at_once(tmp_path):
    """All rows are checked before the file is refused, up to a bound."""
    bad = ROW.replace(",100,", ",x,")
    assert [p.line for p in problems(tmp_path, HEAD + bad + ROW + bad.replace("04-08", "04-09"))] == [2, 4]
    assert len(problems(tmp_path, HEAD + bad * 1000)) == MAX_PROBLEMS


@pytest.mark.parametrize(
    ("text", "line", "column", "found"),
    [
        ("", 0, 0, "no observation"),
        (HEAD, 0, 0, "no observation"),
        (HEAD.replace("value", "valeu") + ROW, 1, 22, "the column 'valeu'"),
        (HEAD.replace("low", "high") + ROW, 1, 33, "the column 'high' again"),
        (HEAD.replace(",source", "") + ROW, 1, 1, "no column source"),
        (HEAD + ROW.replace("a newspaper", "a, newspaper"), 2, 71, "11 fields"),
        (HEAD + "2020-04-08,x\n", 2, 12, "2 fields"),
        (HEAD + ROW.replace("a newspaper", '"a newspaper'), 2, 53, "a quote that is not closed on its line"),
        (HEAD + ROW.replace("a newspaper", 'a "newspaper"'), 2, 55, "a quote inside a plain field"),
        (HEAD + ROW.replace("a newspaper", '"a" newspaper'), 2, 56, "' ' after a closing quote"),
        ((HEAD + ROW).encode() + b"\xff", 3, 1, "byte 0xff"),
        (HEAD + ROW + ROW, 3, 1, "persons_freed(group) on 2020-04-08 by the same definition again"),
        (HEAD + ROW.replace("persons_freed(group)", "milestone") + ROW, 2, 1, "'milestone'"),
    ],
)
def test_malformed_files_are_refused(tmp_path, text, line, column, found):
    """Header, quotes, encoding, missing and repeated rows: each has its place."""
    first = problems(tmp_path, text)[0]
    assert (first.line, first.column, first.found) == (line, column, found)


def test_a_milestone_comes_once(tmp_path):
    """Two days for one milestone are a contradiction, and the error says where the first stands."""
    row = ROW.replace("persons_freed(group)", "milestone(all)")
    (problem,) = problems(tmp_path, HEAD + row + row.replace("04-08", "05-08"))
    assert problem.line == 3
    assert "line 2" in problem.hint


def test_huge_files_are_refused(tmp_path):
    """A file of more than some megabytes is not read to its end."""
    assert "bytes" in problems(tmp_path, b"x" * (MAX_BYTES + 1))[0].found


@pytest.mark.parametrize("source", ["", "a\0b", "nowhere.csv", "doha_2002", "."])
def test_what_is_no_file_is_refused(source):
    """An empty name, a missing file and a folder are input errors; a near name is suggested."""
    with pytest.raises(ScenarioError) as caught:
        load_record(source)
    if source == "doha_2002":
        assert "doha_2020" in str(caught.value)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/b", "", "x.csv", "a\0"])
def test_a_scenario_names_no_path(name):
    """The record that a scenario names is a plain name, so that a stranger's scenario reads nothing elsewhere."""
    with pytest.raises(ScenarioError, match="a plain name"):
        named_record(name)


def test_a_named_record_is_looked_up_beside_first(tmp_path):
    """A record in a given folder goes before the built-in one of the same name."""
    (tmp_path / "doha_2020.csv").write_text(HEAD + ROW)
    assert len(named_record("doha_2020", [tmp_path]).observations) == 1
    assert len(named_record("doha_2020").observations) > 100
    with pytest.raises(ScenarioError, match="no such record"):
        named_record("atlantis", [tmp_path])


@given(st.lists(st.text(st.characters(blacklist_characters="\n\r", blacklist_categories=("Cs",))), min_size=1))
def test_quoted_fields_come_back(texts):
    """Whatever a line holds between quotes is read back as it was, each field at its column."""
    line = ",".join('"' + text.replace('"', '""') + '"' for text in texts)
    fields = fields_of(line)
    assert [field.text for field in fields] == texts
    assert all(line[field.column - 1] == '"' for field in fields)


@given(st.text(alphabet='ab,"', max_size=12))
def test_every_line_is_read_or_refused_at_a_place_in_it(line):
    """No line trips the reader; a refusal points into the line."""
    try:
        columns = [field.column for field in fields_of(line)]
    except QuoteError as error:
        columns = [error.column]
    assert all(1 <= column <= len(line) + 1 for column in columns)


CHECKED = HEAD.replace("used_to_fit", "used_to_fit,check,moves_with")


def test_what_is_held_against_runs_has_one_name(tmp_path):
    """A name in check stands on one number or on the outcome, once; dates of milestones need none."""
    row = ROW.strip()
    (problem,) = problems(tmp_path, CHECKED + f"{row},freed,\n" + f"{row.replace('04-08', '04-09')},freed,\n")
    assert (problem.line, problem.path, problem.found) == (3, "check", "'freed' again")
    (problem,) = problems(tmp_path, CHECKED + f"{row},No Word,\n")
    assert (problem.path, problem.found) == ("check", "'No Word'")
    fact = row.replace("persons_freed(group),100,90,110", "milestone(first),1,,")
    (problem,) = problems(tmp_path, CHECKED + f"{fact},first,\n")
    assert problem.expected == "nothing, since dates of milestones are compared anyway"


def test_a_window_moves_with_a_milestone_of_the_file(tmp_path):
    """A window can move with a dated milestone only, and only if it is checked."""
    row = ROW.strip()
    fact = row.replace("persons_freed(group),100,90,110", "milestone(first),1,,")
    (problem,) = problems(tmp_path, CHECKED + f"{fact},,\n{row},freed,frist\n")
    assert (problem.line, problem.path, problem.hint) == (3, "moves_with", "Did you mean 'first'?")
    (problem,) = problems(tmp_path, CHECKED + f"{fact},,\n{row},,first\n")
    assert problem.path == "moves_with"
    path = tmp_path / "own.csv"
    path.write_text(CHECKED + f"{fact},,\n{row},freed,first\n")
    assert [o.check for o in load_record(path).checks] == ["freed"]


def test_a_record_begins_once(tmp_path):
    """The day that day 0 stands for is given at most once."""
    start = ROW.replace("persons_freed(group),100,90,110", "start,1,,")
    path = tmp_path / "own.csv"
    path.write_text(HEAD + start)
    assert load_record(path).start == dt.date(2020, 4, 8)
    (problem,) = problems(tmp_path, HEAD + start + start.replace("04-08", "04-09"))
    assert problem.found == "start again"
