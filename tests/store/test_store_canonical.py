"""The digest: the same for the same data however it is held, another for any other data."""

import hashlib
import itertools
import struct

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from record_samples import sample_events, sample_outcome, sample_series

from sim.errors import StoreError
from sim.store import as_table, digest_of

TEXT = st.none() | st.text(max_size=6)
KINDS = {
    "i": (st.none() | st.integers(-(2**63), 2**63 - 1), pa.int64()),
    "f": (st.none() | st.floats(), pa.float64()),
    "b": (st.none() | st.booleans(), pa.bool_()),
    "s": (TEXT, pa.string()),
}


@st.composite
def tables(draw, least_rows=0):
    """Draw a table of one to five columns of any kinds."""
    rows = draw(st.integers(least_rows, 12))
    kinds = draw(st.lists(st.sampled_from("ifbs"), min_size=1, max_size=5))
    columns = {}
    for place, kind in enumerate(kinds):
        values, arrow = KINDS[kind]
        columns[f"c{place}"] = pa.array(draw(st.lists(values, min_size=rows, max_size=rows)), arrow)
    return pa.table(columns)


@given(tables(), st.lists(st.integers(0, 12), max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_chunks_order_of_columns_and_encodings_do_not_count(table, cuts, random):
    """Chunks, slices, dictionaries, large strings and the order of columns leave the digest as it is."""
    digest = digest_of({"t": table}, {})
    edges = sorted({0, table.num_rows, *(min(cut, table.num_rows) for cut in cuts)})
    pieces = [table.slice(a, b - a) for a, b in itertools.pairwise(edges)]
    chunked = pa.concat_tables(pieces) if pieces else table
    names = list(table.column_names)
    random.shuffle(names)
    assert digest_of({"t": chunked.select(names)}, {}) == digest
    for kind in (pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        fields = [pa.field(f.name, kind if f.type == pa.string() else f.type) for f in table.schema]
        assert digest_of({"t": table.cast(pa.schema(fields))}, {}) == digest
    padded = pa.concat_tables([table, table]).combine_chunks().slice(table.num_rows)
    assert digest_of({"t": padded}, {}) == digest


@given(tables())
@settings(max_examples=60, deadline=None)
def test_arrays_and_arrow_have_one_digest(table):
    """A mapping of NumPy arrays, text as objects with None, has the digest of the Arrow table."""
    arrays = {}
    for name in table.column_names:
        column = table.column(name)
        if column.type == pa.float64():
            arrays[name] = np.array([np.nan if v is None else v for v in column.to_pylist()], dtype=np.float64)
        elif column.type == pa.string():
            arrays[name] = np.array([*column.to_pylist(), None], dtype=object)[:-1]
        else:
            assume(column.null_count == 0)
            arrays[name] = column.to_numpy()
    assert digest_of({"t": arrays}, {}) == digest_of({"t": table}, {})


@given(tables(least_rows=1), st.data())
@settings(max_examples=150, deadline=None)
def test_any_change_of_a_cell_changes_the_digest(table, data):
    """One unit in the last place, one count, a letter, a flag, or known instead of unknown gives another digest."""
    name = data.draw(st.sampled_from(table.column_names))
    row = data.draw(st.integers(0, table.num_rows - 1))
    column = table.column(name)
    value = column[row].as_py()
    if value is None or value != value:
        changed = {"int64": 0, "double": 0.0, "bool": False, "string": ""}[str(column.type)]
    elif isinstance(value, bool):
        changed = data.draw(st.sampled_from([not value, None]))
    elif isinstance(value, int):
        changed = value - 1 if value > 0 else value + 1
    elif isinstance(value, float):
        changed = float(np.nextafter(value, -np.inf if value > 0 else np.inf))
    else:
        changed = data.draw(st.sampled_from([value + "\0", "a" + value, None]))
    values = column.to_pylist()
    values[row] = changed
    other = table.set_column(table.column_names.index(name), name, pa.array(values, column.type))
    assert digest_of({"t": other}, {}) != digest_of({"t": table}, {})


@given(tables(least_rows=2), st.data())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_counts(table, data):
    """Two rows that change places give another digest, unless they are equal."""
    row = data.draw(st.integers(1, table.num_rows - 1))
    order = list(range(table.num_rows))
    order[0], order[row] = order[row], order[0]
    swapped = table.take(order)
    same = digest_of({"t": table.slice(0, 1)}, {}) == digest_of({"t": table.slice(row, 1)}, {})
    assert (digest_of({"t": swapped}, {}) == digest_of({"t": table}, {})) is same


def test_every_float_of_a_record_counts():
    """A unit in the last place of any float of the sample record changes the digest."""
    events, series = sample_events(), sample_series()
    seen = {digest_of({"events": events, "series": series}, sample_outcome())}
    expected = 1
    for table, others in ((events, {"series": series}), (series, {"events": events})):
        name = "events" if table is events else "series"
        for column in table.column_names:
            if table.column(column).type != pa.float64():
                continue
            for row, value in enumerate(table.column(column).to_pylist()):
                if value is None or np.isnan(value):
                    continue
                values = table.column(column).to_pylist()
                values[row] = float(np.nextafter(value, np.inf))
                changed = table.set_column(table.column_names.index(column), column, pa.array(values))
                seen.add(digest_of({name: changed, **others}, sample_outcome()))
                expected += 1
    assert len(seen) == expected > 150


def test_zero_and_unknown_have_one_form():
    """Minus zero is zero; every NaN, whatever its bits, and null are the same unknown."""
    strange = np.frombuffer(struct.pack("<Q", 0xFFF8_0000_0000_0123), np.float64)
    forms = [np.array([0.0, np.nan]), np.array([-0.0, strange[0]]), pa.array([0.0, None])]
    tables_ = [pa.table({"x": form}) for form in forms]
    assert len({digest_of({"t": t}, {"y": y}) for t in tables_ for y in (None, float("nan"))}) == 1
    assert digest_of({}, {"y": -0.0}) == digest_of({}, {"y": 0.0})


def test_the_caller_keeps_its_arrays():
    """Digesting does not touch minus zeros and NaNs of the caller."""
    values = np.array([-0.0, np.nan, 1.0])
    before = values.tobytes()
    digest_of({"t": {"x": values}}, {})
    assert values.tobytes() == before


def test_the_byte_stream_is_the_one_described():
    """The digest of a small table is SHA-256 over the bytes that the module describes, written out by hand."""

    def number(n):
        return n.to_bytes(8, "little")

    def part(b):
        return number(len(b)) + b

    stream = part(b"negotiation-sim canonical form 1") + number(1) + part(b"t") + number(2) + number(2)
    stream += part(b"day") + part(b"int64") + part(b"\x00") + part(number(5) + (2**64 - 1).to_bytes(8, "little"))
    stream += part(b"kind") + part(b"string") + part(b"\x02")
    stream += part(number(2) + number(0)) + part("ß".encode())
    stream += b"{" + number(2) + part(b"a") + b"f" + struct.pack("<d", 0.5) + part(b"b") + b"i" + part(b"7")
    columns = {"kind": np.array(["ß", None], dtype=object), "day": np.array([5, -1])}
    assert digest_of({"t": columns}, {"b": 7, "a": 0.5}) == hashlib.sha256(stream).hexdigest()


def test_names_and_sizes_count():
    """Renaming a table, a column or a key, and an empty table instead of none, give other digests."""
    column = np.arange(2)
    digests = [
        digest_of({"t": {"x": column}}, {}),
        digest_of({"u": {"x": column}}, {}),
        digest_of({"t": {"y": column}}, {}),
        digest_of({"t": {"x": column}, "u": {}}, {}),
        digest_of({"t": {"x": column}}, {"k": 1}),
        digest_of({"t": {"x": column}}, {"k": 1.0}),
        digest_of({"t": {"x": column}}, {"k": True}),
        digest_of({"t": {"x": column}}, {"k": "1"}),
        digest_of({"t": {"x": column}}, {"k": [1]}),
        digest_of({"t": {"x": column.astype(float)}}, {}),
        digest_of({"t": {"x": column.astype(bool)}}, {}),
    ]
    assert len(set(digests)) == len(digests)
    assert digest_of({"t": {"x": column.astype(np.int8)}}, {}) == digests[0]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"x": np.zeros((2, 2))}, "one axis"),
        ({"x": np.zeros(2), "y": np.zeros(3)}, "different lengths"),
        ({"x": np.array(["2020-03-01"], dtype="M8[D]")}, "dates as ISO text"),
        ({"x": np.array([1, "a"], dtype=object)}, "fits no column"),
        ({"x": np.array([2**63], dtype=np.uint64)}, "64 bits"),
        (pa.table([[1], [2]], names=["x", "x"]), "twice"),
        ([1, 2], "found list"),
    ],
)
def test_what_a_table_cannot_hold(columns, said):
    """Matrices, dates, mixtures and too large numbers are refused with the name of the table."""
    with pytest.raises(StoreError, match=f"events.*{said}"):
        as_table(columns, "events")
