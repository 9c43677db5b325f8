"""Whatever stands in a file: a scenario, or a ScenarioError that names the file. Nothing else ever comes out."""

import contextlib
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_texts import BASELINE

from sim.errors import ScenarioError
from sim.scenario.difference import flattened
from sim.scenario.load import load
from sim.scenario.positions import plain
from sim.scenario.reader import read_file
from sim.scenario.scenario import Scenario

TEXT = BASELINE.read_bytes()
LINES = BASELINE.read_text().splitlines(keepends=True)
PLAIN = plain(read_file(BASELINE, "baseline"))


def paths_in(data, path=()):
    """List every path of nested data, inner nodes included."""
    found = [path] if path else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += paths_in(value, (*path, key))
    return found


PATHS = paths_in(PLAIN)
WRITTEN = [path for path in PATHS if not {"value", "source", "assumption", "known_as_of", "used_to_fit"} & {*path}]
FRAGMENTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["none", "surge", "day > 3", "talks", "us", "government", "2020-01-01", "on", "(" * 30]),
    st.sampled_from([[], {}, [1], {"value": 1}, {"value": "x", "source": 3}, {"beta": [1, 0]}, {"day": 3}, [[]], [{}]]),
    st.sampled_from([PLAIN["actors"]["us"], PLAIN["deal"], PLAIN["actors"]["us"]["moves"], PLAIN["deal"]["deadlines"]]),
)


def outcome(build):
    """Build a scenario: it, or the problems."""
    try:
        return build()
    except ScenarioError as error:
        return error.problems


def load_bytes(content):
    """Load a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.yaml"
        path.write_bytes(content)
        return outcome(lambda: load(path))


def legal(result):
    """Whether the result is a scenario that survives the way through plain data, or problems with words."""
    if isinstance(result, Scenario):
        return Scenario.from_dict(json.loads(json.dumps(result.to_dict()))) == result
    return len(result) > 0 and all(p.file and (p.found or p.hint) for p in result)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), FRAGMENTS, st.booleans()), min_size=1, max_size=3))
def test_mutated_values(changes):
    """Values of the baseline that are replaced by anything, or removed, give a scenario or problems."""
    data = json.loads(json.dumps(PLAIN, default=str))
    for path, value, remove in changes:
        with contextlib.suppress(KeyError, IndexError, TypeError):
            parent = data
            for key in path[:-1]:
                parent = parent[key]
            if remove:
                del parent[path[-1]]
            else:
                parent[path[-1]] = value
    assert legal(outcome(lambda: Scenario.from_dict(data)))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(flattened(load(BASELINE).to_dict()))), FRAGMENTS)
def test_replaced_values(path, value):
    """Any value at any path gives a scenario or problems."""
    assert legal(outcome(lambda: load("doha_2020/baseline").replace({path: value})))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 40), st.binary(max_size=8))
def test_mutated_bytes(at, cut, put):
    """Bytes of the file that are cut out or put in give a scenario or problems."""
    assert legal(load_bytes(TEXT[:at] + put + TEXT[at + cut :]))


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, len(LINES) - 1),
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["delete", "repeat", "swap", "indent", "dedent", "move"]),
)
def test_mutated_lines(one, two, what):
    """Lines that are lost, repeated, moved or indented otherwise give a scenario or problems."""
    lines = list(LINES)
    if what == "delete":
        del lines[min(one, two) : min(one, two) + 3]
    elif what == "repeat":
        lines.insert(two, lines[one])
    elif what == "swap":
        lines[one], lines[two] = lines[two], lines[one]
    elif what == "indent":
        lines[one] = "  " + lines[one]
    elif what == "dedent":
        lines[one] = lines[one].replace("  ", "", 1)
    else:
        lines.insert(two, lines.pop(one))
    assert legal(load_bytes("".join(lines).encode()))


def test_every_value_removed():
    """The baseline without any one of its values or sections gives a scenario or problems."""
    for path in WRITTEN:
        data = json.loads(json.dumps(PLAIN, default=str))
        parent = data
        for key in path[:-1]:
            parent = parent[key]
        del parent[path[-1]]
        assert isinstance(outcome(lambda data=data: Scenario.from_dict(data)), Scenario | tuple), path
