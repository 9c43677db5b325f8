"""Run records: what is written is read back, and nothing damaged is read as if it were whole."""

import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from record_samples import SCENARIO, sample_events, sample_outcome, sample_record, sample_replications, sample_series

from sim.errors import StoreError
from sim.store import RunRecord, read_run_record, record_digest, write_run_record


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a record with companions."""
    return write_run_record(tmp_path / "results" / "a", sample_record(replications=sample_replications()))


def test_round_trip(folder):
    """Every table, the outcome and the manifest come back as they were, with the order of actors."""
    record, original = read_run_record(folder), sample_record(replications=sample_replications())
    assert record.digest == original.digest == record_digest(record.events, record.series, record.outcome)
    assert record.events.equals(original.events)
    assert record.outcome == original.outcome | {"talks_day": None}
    assert record.replications.num_rows == 400
    assert list(record.manifest["scenario"]["actors"]) == list(SCENARIO["actors"])


def test_layout(folder):
    """The folder holds the files of the layout and nothing else, with unknown numbers as null and sorted keys."""
    names = ["events.parquet", "figures", "manifest.json", "outcome.json", "replications.parquet", "series.parquet"]
    assert sorted(path.name for path in folder.iterdir()) == names
    text = (folder / "outcome.json").read_text()
    assert '"talks_day": null' in text
    assert list(json.loads(text)) == sorted(sample_outcome())
    assert [path.name for path in folder.parent.iterdir()] == ["a"]


def test_a_record_without_companions(tmp_path):
    """Companion replications are optional."""
    folder = write_run_record(tmp_path / "a", sample_record())
    assert not (folder / "replications.parquet").exists()
    assert read_run_record(folder).replications is None


def test_tables_from_arrays(tmp_path):
    """Tables given as mappings of NumPy arrays with object columns of text and None are the same record."""
    events, series = sample_events(), sample_series()
    arrays = {name: np.array(events.column(name).to_pylist(), dtype=object) for name in ("kind", "move", "detail")}
    arrays |= {name: events.column(name).to_numpy() for name in ("sequence", "tick", "day", "value")}
    arrays |= {name: np.array(events.column(name).to_pylist(), dtype=object) for name in ("date", "actor", "entity")}
    record = sample_record(events=arrays, series={n: series.column(n).to_pylist() for n in series.column_names})
    assert record.digest == sample_record().digest
    assert read_run_record(write_run_record(tmp_path / "a", record)).digest == record.digest


def test_figures_are_published_with_the_record(tmp_path):
    """Figures stand in their folder, and a name that leaves it is refused."""
    folder = write_run_record(tmp_path / "a", sample_record(), figures={"course.png": b"\x89PNG"})
    assert (folder / "figures" / "course.png").read_bytes() == b"\x89PNG"
    with pytest.raises(StoreError, match="plain file name"):
        write_run_record(tmp_path / "b", sample_record(), figures={"../course.png": b""})
    assert not (tmp_path / "b").exists()


def test_an_earlier_record_is_replaced(folder):
    """Writing again leaves the new record alone, without files of the old one."""
    write_run_record(folder, sample_record(outcome=sample_outcome() | {"deaths": 1.0}))
    assert read_run_record(folder).outcome["deaths"] == 1.0
    assert read_run_record(folder).replications is None
    assert [path.name for path in folder.parent.iterdir()] == ["a"]


def test_other_files_are_never_replaced(folder):
    """A folder with anything but a record in it is left as it is."""
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"notes\.txt.*Move these files"):
        write_run_record(folder, sample_record())
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_manifest_that_does_not_fit_is_not_written(tmp_path):
    """The digest is checked before anything is written."""
    record = sample_record()
    wrong = RunRecord(record.manifest, record.events, record.series, record.outcome | {"deaths": 0.0})
    with pytest.raises(StoreError, match="digest"):
        write_run_record(tmp_path / "a", wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["manifest.json", "events.parquet", "series.parquet", "outcome.json", "replications.parquet"]
)
def test_a_missing_file(folder, name):
    """A missing file is named."""
    (folder / name).unlink()
    with pytest.raises(StoreError, match=name.replace(".", r"\.")):
        read_run_record(folder)


@pytest.mark.parametrize(
    "name", ["manifest.json", "events.parquet", "series.parquet", "outcome.json", "replications.parquet"]
)
def test_a_truncated_file(folder, name):
    """A file cut anywhere is refused by name, with what to do."""
    whole = (folder / name).read_bytes()
    for share in (0.0, 0.01, 0.3, 0.6, 0.9, 0.999):
        (folder / name).write_bytes(whole[: int((len(whole) - 2) * share)])
        with pytest.raises(StoreError, match=name.replace(".", r"\.") + ".*run the scenario again"):
            read_run_record(folder)


@pytest.mark.parametrize("name", ["events.parquet", "series.parquet", "replications.parquet"])
def test_flipped_bytes(folder, name):
    """A table with a byte changed is refused, or is read as the same data (the byte meant nothing)."""
    whole = bytearray((folder / name).read_bytes())
    rng = np.random.default_rng(6)
    messages = []
    for place in rng.choice(len(whole), 60, replace=False):
        damaged = whole.copy()
        damaged[place] ^= 0xFF
        (folder / name).write_bytes(damaged)
        try:
            assert read_run_record(folder).digest
        except StoreError as error:
            messages.append(str(error))
    assert len(messages) > 20
    assert all(str(folder) in message for message in messages)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[1, 2]", "no object"),
        (b'{"a": }', "not JSON"),
        (b'{"a": NaN}', "strict JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "JSON"),
    ],
)
def test_wrong_json(folder, content, said):
    """What is no strict JSON object of UTF-8 is refused."""
    (folder / "outcome.json").write_bytes(content)
    with pytest.raises(StoreError, match=rf"outcome\.json.*{said}"):
        read_run_record(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format_version": 2}, "upgrade"),
        ({"format_version": "1"}, "format_version"),
        ({"format_version": True}, "format_version"),
        ({"digest": "00" * 32}, "digest"),
        ({"digest": None}, "digest"),
        ({"replications_digest": "00" * 32}, r"replications\.parquet"),
        ({"replications_digest": None}, r"replications\.parquet"),
        ({"seed": 8}, "run_id"),
        ({"seed": "7"}, "seed"),
        ({"user_rules": {"mine": "00"}}, "run_id"),
        ({"scenario": []}, "scenario"),
    ],
)
def test_a_changed_manifest(folder, change, said):
    """A fact that no longer fits the data, the run id or the format is named."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(StoreError, match=rf"manifest\.json.*{said}|{said}"):
        read_run_record(folder)


def test_a_changed_outcome(folder):
    """An outcome edited by hand does not fit the digest."""
    path = folder / "outcome.json"
    path.write_text(path.read_text().replace("settlement", "collapse"))
    with pytest.raises(StoreError, match=r"outcome\.json.*was changed"):
        read_run_record(folder)


def test_a_folder_above_a_record(folder):
    """The folder above means its only record; with several, whoever names it is told which it holds."""
    assert read_run_record(folder.parent).digest == read_run_record(folder).digest
    shutil.copytree(folder, folder.parent / "deeper" / "c")
    with pytest.raises(StoreError, match="holds the records a, deeper/c: name one"):
        read_run_record(folder.parent)
    with pytest.raises(StoreError, match="not found"):
        read_run_record(folder.parent / "b")
    with pytest.raises(StoreError, match="found a file"):
        read_run_record(folder / "outcome.json")


def test_a_table_too_large_to_read(folder):
    """A small file that would unfold into more cells than any run has is refused before it is unfolded."""
    nothing = pa.nulls(1_000_000, pa.float64())
    pq.write_table(pa.table({f"c{i}": nothing for i in range(201)}), folder / "series.parquet")
    assert (folder / "series.parquet").stat().st_size < 1_000_000
    with pytest.raises(StoreError, match="cells, expected at most"):
        read_run_record(folder)


def test_rows_out_of_order():
    """Events must ascend by sequence and series by day, each once."""
    events = sample_events()
    with pytest.raises(StoreError, match="events: found rows whose sequence does not ascend"):
        sample_record(events=events.take([0, 2, 1]))
    with pytest.raises(StoreError, match="series: found rows whose day"):
        sample_record(series=sample_series().take([0, 0]))


@pytest.mark.parametrize("value", [float("inf"), {1: 2}, {1, 2}, b"x"])
def test_outcomes_that_json_cannot_hold(value):
    """Infinity, sets, bytes and keys that are no text are refused with their path."""
    with pytest.raises(StoreError, match=r"outcome\.deaths"):
        sample_record(outcome={"deaths": value})
