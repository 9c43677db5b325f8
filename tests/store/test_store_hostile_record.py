"""A record that somebody made by hand: refused in one line, however its parts lie about what and how large they are."""

import json
import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from record_samples import sample_record, sample_replications

from sim.errors import StoreError
from sim.store import read_run_record, write_run_record
from sim.store.parquet_file import read_parquet


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a record with companions."""
    return write_run_record(tmp_path / "a", sample_record(replications=sample_replications()))


PARTS = ["manifest.json", "outcome.json", "events.parquet", "series.parquet", "replications.parquet"]


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("what", ["pipe", "device", "link"])
def test_a_part_that_is_no_regular_file(folder, tmp_path, name, what):
    """A pipe would be waited for, a device read for ever; a link may lead anywhere."""
    path = folder / name
    path.rename(tmp_path / "elsewhere")
    if what == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if what == "device" else tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=rf"{name}: (found a|not found)"):
        read_run_record(folder)


BOMB = """
import resource, sys
from pathlib import Path
from sim.errors import StoreError
from sim.store.parquet_file import read_parquet

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_parquet(Path(sys.argv[1]), "Run it again.")
except StoreError as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, error)
"""


def test_a_long_text_that_a_dictionary_repeats(tmp_path):
    """A file of some kilobytes that names 60 kB twenty thousand times is refused before the text is written out."""
    long = pa.DictionaryArray.from_arrays(pa.array(np.zeros(20_000, np.int32)), pa.array(["x" * 60_000]))
    path = tmp_path / "events.parquet"
    pq.write_table(pa.table({"detail": long}), path, store_schema=False)
    assert path.stat().st_size < 100_000
    done = subprocess.run([sys.executable, "-c", BOMB, str(path)], capture_output=True, text=True, check=True)
    more, message = done.stdout.split(" ", 1)
    assert "detail: found 1,200,000,000 bytes of text, expected at most 1,073,741,824" in message
    if sys.platform == "linux":
        assert int(more) < 500_000  # kB


def test_pages_that_unpack_to_more_than_memory(tmp_path, monkeypatch):
    """What the pages of a file say they take unpacked is added up before one is."""
    path = tmp_path / "series.parquet"
    pq.write_table(pa.table({"x": np.zeros(1_000_000)}), path, compression="zstd", use_dictionary=False)
    assert path.stat().st_size < 20_000
    assert read_parquet(path, "Run it again.").num_rows == 1_000_000
    monkeypatch.setattr("sim.store.parquet_file.LARGEST_UNPACKED", 7_000_000)
    with pytest.raises(StoreError, match=r"found 8,\d+,\d+ bytes unpacked, expected at most 7,000,000"):
        read_parquet(path, "Run it again.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"command": 5}, "command: found 5, expected a valid list"),
        ({"command": [1.5]}, r"command\.0: found 1\.5, expected a valid string"),
        ({"command": True}, "command: found True"),
        ({"package_version": {}}, "package_version: found {}"),
        ({"seed": 7.0}, r"seed: found 7\.0, expected a valid integer"),
        ({"user_rules": {"mine": 3}}, r"user_rules\.mine: found 3"),
        ({"created": []}, "created: found"),
        ({"run_id": None}, "run_id: found None"),
    ],
)
def test_a_fact_of_another_kind(folder, change, said):
    """Each fact of the manifest has a kind; the first that has another is named, with what to do."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(StoreError, match=rf"manifest\.json: {said}.*run the scenario again"):
        read_run_record(folder)


def test_a_fact_that_is_missing(folder):
    """A manifest without one of the facts that a rerun needs is refused."""
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    del content["seed"]
    path.write_text(json.dumps(content))
    with pytest.raises(StoreError, match=r"manifest\.json: seed: found nothing, expected this key"):
        read_run_record(folder)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"a": "\\ud800"}', "strict JSON"),
        ('{"a": 1e999}', "not finite"),
        ('{"a": 1' + "0" * 30 + "}", "more than 64 bits"),
        ('{"a": ' + "[" * 100 + "]" * 100 + "}", "more than 64 levels"),
    ],
)
def test_values_that_no_result_holds(folder, content, said):
    """Half characters, infinity, endless numbers and endless nesting are refused where they are read."""
    (folder / "outcome.json").write_text(content)
    with pytest.raises(StoreError, match=rf"outcome\.json: .*{said}"):
        read_run_record(folder)


@pytest.mark.parametrize("kind", [pa.large_string(), pa.list_(pa.int64()), pa.binary(), pa.date32()])
def test_columns_of_other_kinds(folder, kind):
    """Columns that no record has are refused before they are read."""
    pq.write_table(pa.table({"day": pa.array([0]), "x": pa.array([None], kind)}), folder / "series.parquet")
    with pytest.raises(StoreError, match=r"series\.parquet.*x: found"):
        read_run_record(folder)


def test_a_command_that_is_no_text(tmp_path):
    """An argument with bytes that are no UTF-8, as paths may have, is kept with these bytes in escapes."""
    record = sample_record(command=["sim", "run", os.fsdecode(b"o/\xff")])
    again = read_run_record(write_run_record(tmp_path / os.fsdecode(b"\xff"), record))
    assert again.manifest["command"] == ["sim", "run", "o/\\udcff"]


FLIPS = """
import sys
from pathlib import Path
from sim.errors import StoreError
from sim.store.parquet_file import read_parquet

path, refused = Path(sys.argv[1]), 0
whole = path.read_bytes()
footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
for place in range(footer, len(whole), 2):
    for bits in (1, 4, 0x80):
        data = bytearray(whole)
        data[place] ^= bits
        path.write_bytes(data)
        try:
            read_parquet(path, "Run it again.")
        except StoreError:
            refused += 1
print(refused)
"""


def test_a_footer_with_any_bit_flipped(folder):
    """What a Parquet file says of itself may be anything: it is refused or read, and the interpreter lives."""
    command = [sys.executable, "-c", FLIPS, str(folder / "series.parquet")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
