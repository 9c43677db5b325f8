"""Columns read and written by their buffers are those that pyarrow itself reads and writes, without pandas."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sim.store.arrow_buffers import array_of, known_of, numbers_of, text_lengths

FLOATS = st.lists(st.none() | st.floats(allow_nan=False), max_size=40)
INTEGERS = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=40)
TRUTHS = st.lists(st.none() | st.booleans(), max_size=40)
TEXTS = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=40)


def chunked(values, kind, cut):
    """Return a column in two chunks, the second a slice with an offset."""
    whole = pa.array(values, kind)
    cut = min(cut, len(values))
    return pa.chunked_array([whole.slice(0, cut), whole.slice(cut)], kind)


@given(FLOATS, st.integers(0, 40))
def test_floats_are_read_as_pyarrow_reads_them(values, cut):
    """Values and nulls of a float column, sliced and chunked, are pyarrow's own."""
    column = chunked(values, pa.float64(), cut)
    known = known_of(column)
    assert known.tolist() == [value is not None for value in values]
    assert numbers_of(column, np.float64)[known].tolist() == [value for value in values if value is not None]


@given(INTEGERS, TRUTHS, st.integers(0, 40))
def test_integers_and_truth_values(integers, truths, cut):
    """So are those of integers and truth values."""
    for values, kind, dtype in ((integers, pa.int64(), np.int64), (truths, pa.bool_(), np.bool_)):
        column = chunked(values, kind, cut)
        known = known_of(column)
        assert known.tolist() == [value is not None for value in values]
        assert numbers_of(column, dtype)[known].tolist() == [value for value in values if value is not None]


@given(TEXTS, st.integers(0, 40))
def test_text(values, cut):
    """Text written from its bytes is what pyarrow writes, and its lengths are those of its UTF-8."""
    array = array_of(np.array([*values, None], dtype=object)[:-1])
    if values:
        assert array.equals(pa.array(values, pa.string())) or set(values) == {None}
        assert array.to_pylist() == values
        array.validate(full=True)
    whole = pa.array(values, pa.string())
    for chunk in (whole, whole.slice(min(cut, len(values)))):
        lengths = [len((text or "").encode()) for text in chunk.to_pylist()]
        assert text_lengths(chunk).tolist() == lengths


@given(FLOATS, INTEGERS)
def test_numbers_are_written_as_they_are(floats, integers):
    """Arrays of numbers become columns with the same bits."""
    for values, dtype in ((floats, np.float64), (integers, np.int64)):
        array = np.array([value for value in values if value is not None], dtype=dtype)
        assert array_of(array).to_pylist() == array.tolist()
        assert array_of(array[::2]).to_pylist() == array[::2].tolist()


def test_other_arrays_are_left_to_pyarrow():
    """Narrow integers, truth values and objects of other kinds become what pyarrow makes of them."""
    assert array_of(np.arange(3, dtype=np.int32)).type == pa.int32()
    assert array_of(np.array([True, False])).to_pylist() == [True, False]
    assert array_of(np.array([1.5, None], dtype=object)).to_pylist() == [1.5, None]


def test_a_record_needs_no_pandas():
    """Digests, records, writing and reading load no pandas, which would cost more than all of them."""
    code = (
        "import sys, tempfile; from pathlib import Path; import numpy as np\n"
        "from sim.store import RunRecord, build_manifest, read_run_record, record_digest, write_run_record\n"
        "events = {'sequence': np.arange(3), 'kind': np.array(['move', None, 'release'], dtype=object)}\n"
        "series = {'day': np.arange(3), 'troops': np.array([2.0, np.nan, 1.0])}\n"
        "facts = dict(scenario={}, scenario_sha256='ab', seed=7, replication=0, engine='event')\n"
        "manifest = build_manifest(**facts, model_source_digest='cd', digest=record_digest(events, series, {}))\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    record = RunRecord(manifest, events, series, {})\n"
        "    read_run_record(write_run_record(Path(folder, 'a'), record))\n"
        "print('pandas' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
