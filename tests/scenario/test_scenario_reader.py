"""Reading YAML: values, positions, and the bounds that keep files from strangers harmless."""

import datetime as dt
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_texts import write

from sim.errors import ScenarioError
from sim.scenario.positions import Position, dotted, find, from_plain, key_position, plain
from sim.scenario.reader import MAX_BYTES, read_file, read_scalar, read_text


def only(caught):
    """Return the one problem of an error."""
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


def test_core_schema():
    """Scalars have the values of YAML 1.2's core schema, and dates; quoted ones are text."""
    text = (
        "{i: 12, n: -3, f: 0.5, e: 1e3, h: 0x10, o: 0o17, t: true, F: False, none: none, on: on, z: ~, d: 2020-02-29,"
        " q: '12', p: 1.2.3, s: a b, dot: .5, plus: +4, lead: 007}"
    )
    assert plain(read_text(text, "a.yaml")) == {
        "i": 12, "n": -3, "f": 0.5, "e": 1000.0, "h": 16, "o": 15, "t": True, "F": False, "none": "none", "on": "on",
        "z": None, "d": dt.date(2020, 2, 29), "q": "12", "p": "1.2.3", "s": "a b", "dot": 0.5, "plus": 4, "lead": 7,
    }  # fmt: skip


def test_positions_of_keys_and_values():
    """Every key and value remembers its line and column, in block and in flow style, behind comments and BOM."""
    root = read_text("# note\na:\n  b: [1, {c: two}]\nd: |\n  text\n", "a.yaml")
    assert find(root, ("a", "b", 1, "c"))[1] == Position("a.yaml", 3, 14)
    assert key_position(root, ("a", "b", 1, "c")) == Position("a.yaml", 3, 11)
    assert find(root, ("a", "nothing"))[1] == Position("a.yaml", 2, 1)
    assert dotted(("a", "b", 1, "c")) == "a.b.1.c"


def test_aliases_share_values():
    """An alias has the value of its anchor."""
    assert plain(read_text("a: &x [1, 2]\nb: *x\n", "a.yaml")) == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("text", "line", "column", "found", "expected"),
    [
        ("a: 1\na: 2", 2, 1, "the key 'a' again", "each key once"),
        ("a: .nan", 1, 4, ".nan", "a finite number"),
        ("a: -.inf", 1, 4, "-.inf", "a finite number"),
        ("a: 1e400", 1, 4, "1e400", "a number between"),
        ("a: 99999999999999999999", 1, 4, "99999999999999999999", "a number between"),
        ("a: " + "9" * 5000, 1, 4, "a number of 5000 characters", "at most 40"),
        ("a: 2020-02-30", 1, 4, "2020-02-30", "a date of the calendar"),
        (
            "a: !!python/object/apply:os.system ['true']",
            1,
            4,
            "the tag tag:yaml.org,2002:python/object/apply:os.sy",
            "",
        ),
        ("a: !!python/name:os.system", 1, 4, "the tag", "plain YAML without tags"),
        ("a: !x 1", 1, 4, "the tag !x", "plain YAML without tags"),
        ("a: !!set {b, c}", 1, 4, "the tag tag:yaml.org,2002:set", "plain YAML without tags"),
        ("!!omap a: 1", 1, 1, "", ""),
        ("? [1]\n: 2", 1, 3, "a key that is no plain text", "a name"),
        ("<<: 1", 1, 1, "the merge key <<", "plain keys"),
        ("a: *b", 1, 4, "alias *b", "an alias of an anchor"),
        ("a: &b {c: *b}", 1, 11, "alias *b", "an alias of an anchor"),
        ("a: 1\n---\nb: 2", 2, 1, "a second document", "one document"),
        ("", 1, 1, "an empty file", "a mapping"),
        ("# nothing", 1, 1, "an empty file", "a mapping"),
        ("- 1", 1, 1, "a list", "a mapping"),
        ("just text", 1, 1, "text 'just text'", "a mapping"),
        ("a: [1", 2, 1, "text that is no YAML", "YAML"),
        ("a: b: c", 1, 5, "text that is no YAML", "YAML"),
        ("\ta: 1", 1, 1, "text that is no YAML", "YAML"),
        ("a: '\x07'", 1, 5, "character 0x07", "printable text"),
        ('a: "\\e[31m"', 1, 4, "character 0x1b in a text", "printable text"),
        ('a: "\\ud800"', 1, 4, "character 0xd800 in a text", "printable text"),
        ('a: "\\UFFFFFFFF"', 0, 0, "text that is no YAML", "YAML"),
        ("a: " + "[" * 40 + "]" * 40, 1, 36, "deeper nesting", "at most 32 levels"),
        ('"": 1', 1, 1, "an empty key", "a name"),
    ],
)
def test_refusals(text, line, column, found, expected):
    """What is no plain YAML mapping is refused once, at its place."""
    end = "" if text.endswith("'true']") else "\n"
    with pytest.raises(ScenarioError) as caught:
        read_text(text + end, "a.yaml")
    problem = only(caught)
    assert (problem.line, problem.column) == (line, column)
    assert problem.found.startswith(found)
    assert problem.expected.startswith(expected)


def test_alias_bombs_are_refused():
    """Nested aliases are counted as often as they are used, so a billion laughs stop at the bound."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    with pytest.raises(ScenarioError) as caught:
        read_text("\n".join(lines), "bomb.yaml")
    assert only(caught).found == "more values"


def test_a_long_line_is_refused():
    """A line that the scanner would take seconds over is refused unread."""
    with pytest.raises(ScenarioError, match=r"a\.yaml:2:1: found a line of 900,004 characters"):
        read_text("b: 1\na: !" + "x" * 900_000 + "\n", "a.yaml")


def test_a_file_of_many_values_is_refused():
    """The number of values is bounded, aliases or not."""
    with pytest.raises(ScenarioError, match="at most 50,000"):
        read_text("a: [" + "1,\n" * 60_000 + "]", "long.yaml")


@pytest.mark.parametrize(
    ("content", "found", "line"),
    [
        (b"a: \xff\xfe", "byte 0xff", 1),
        ("a: 1\nb: \u00e9\n".encode("latin-1"), "byte 0xe9", 2),
        ("a: 1".encode("utf-16"), "byte 0xff", 1),
        (b"a: " + b"x" * MAX_BYTES, "1,000,003 bytes", 0),
    ],
)
def test_bytes_that_are_refused(tmp_path, content, found, line):
    """A file that is too large or not UTF-8 is refused, with the first wrong byte."""
    path = write(tmp_path, "a.yaml", content)
    with pytest.raises(ScenarioError) as caught:
        read_file(path, "a.yaml")
    problem = only(caught)
    assert problem.found == found
    assert problem.line == line


def test_a_large_file_is_not_read(tmp_path):
    """A file of 100 MB is refused by its size; it is sparse here."""
    path = tmp_path / "large.yaml"
    with open(path, "wb") as stream:
        stream.truncate(100_000_000)
    with pytest.raises(ScenarioError, match="found 100,000,000 bytes, expected at most 1,000,000"):
        read_file(path, "large.yaml")


def test_files_that_are_none(tmp_path):
    """A missing file, a directory and a pipe are refused without waiting."""
    os.mkfifo(tmp_path / "pipe.yaml")
    for name, found in (("no.yaml", "no such file"), (".", "a directory"), ("pipe.yaml", "a device or pipe")):
        with pytest.raises(ScenarioError) as caught:
            read_file(tmp_path / name, name)
        assert only(caught).found == found
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_file(tmp_path / ("x" * 5000), "long")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path):
    """A file that may not be read is refused."""
    path = write(tmp_path, "a.yaml", "a: 1")
    path.chmod(0)
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_file(path, "a.yaml")


def test_a_byte_order_mark_is_no_character(tmp_path):
    """A file with a byte order mark reads as one without."""
    path = write(tmp_path, "a.yaml", b"\xef\xbb\xbfa: 1\n")
    assert plain(read_file(path, "a.yaml")) == {"a": 1}


def outcome(text):
    """Read a text: a dictionary, or the number of problems."""
    try:
        return read_text(text, "a.yaml").value
    except ScenarioError as error:
        return len(error.problems)


@given(st.text(max_size=200))
def test_any_text_reads_or_is_refused(text):
    """Whatever the text, the reader gives a mapping or one problem."""
    result = outcome(text)
    assert isinstance(result, dict) or result == 1


@given(st.text(alphabet="ab:-?[]{},&*!|>'\"%@`# \n\t0.~\\", max_size=60))
def test_any_punctuation_reads_or_is_refused(text):
    """Texts made of YAML's own signs give a mapping or one problem."""
    result = outcome(text)
    assert isinstance(result, dict) or result == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", 0.1),
        ("logit", "logit"),
        ("'12'", "12"),
        ("true", True),
        ("null", None),
        ("2020-03-11", dt.date(2020, 3, 11)),
    ],
)
def test_values_of_the_command_line(text, value):
    """A value after ``--set path=`` means what it would mean in a file."""
    assert read_scalar(text) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, b"x", object(), {1: 2}, {"a": "\x1b"}, {"": 1}])
def test_python_values_that_no_file_could_hold(value):
    """Python values that YAML could not say are refused."""
    with pytest.raises(TypeError):
        from_plain(value, Position("x"))
