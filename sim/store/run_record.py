"""Run records: one folder that says what was run, what happened, and that it is undamaged.

::

    manifest.json         what was run, with what, and the digest of what came out (`sim.store.manifest`)
    events.parquet        everything that happened, by sequence
    series.parquet        the state of the world, by day
    outcome.json          how it ended
    replications.parquet  outcome rows of companion runs of the same scenario with other luck, by replication; optional
    figures/              pictures of the above

A record is written whole or not at all, and read only if everything in it is as it was written: the digests of the
manifest are recomputed from the data.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from sim.errors import StoreError
from sim.store.atomic import check_path, folder_published, refused, sync_folder, write_synced
from sim.store.canonical import as_table, digest_of, unknown_of, values_of
from sim.store.document import Document, check_document
from sim.store.json_text import json_text, read_json
from sim.store.manifest import FORMAT_VERSION, run_id
from sim.store.parquet_file import read_parquet

MANIFEST, EVENTS, SERIES, OUTCOME = "manifest.json", "events.parquet", "series.parquet", "outcome.json"
REPLICATIONS, FIGURES = "replications.parquet", "figures"
LAYOUT = frozenset({MANIFEST, EVENTS, SERIES, OUTCOME, REPLICATIONS, FIGURES})
ORDER = {"events": "sequence", "series": "day", "replications": "replication"}
_REPAIR = "The record is damaged: run the scenario again, or restore the file from a copy."


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """Everything a record folder holds but its figures.

    Tables may be given as mappings of arrays; they become Arrow tables of canonical kinds.

    Attributes
    ----------
    manifest : dict
        As `sim.store.manifest.build_manifest` makes it.
    events, series : pyarrow.Table
        Events by ascending ``sequence``, series by ascending ``day``.
    outcome : dict
        One outcome row; unknown is None or NaN.
    replications : pyarrow.Table or None
        Outcome rows of companion runs, by ascending ``replication``.

    Raises
    ------
    StoreError
        If a table holds what a record cannot, or its rows are out of order.
    """

    manifest: dict[str, Any]
    events: pa.Table
    series: pa.Table
    outcome: dict[str, Any]
    replications: pa.Table | None = field(default=None)

    def __post_init__(self) -> None:
        for name in ("events", "series", "replications"):
            value = getattr(self, name)
            if value is None and name == "replications":
                continue
            table = as_table(value, name)
            _check_order(table, name, name)
            object.__setattr__(self, name, table)

    @property
    def digest(self) -> str:
        """Digest of events, series and outcome as the manifest states it."""
        return str(self.manifest["digest"])


def _check_order(table: pa.Table, name: str, where: str) -> None:
    column = ORDER[name]
    if column not in table.column_names or table.column(column).type == pa.string():
        return
    values = values_of(table.column(column))
    if unknown_of(table.column(column)).any() or not bool(np.all(values[1:] > values[:-1])):
        raise StoreError(
            f"{where}: found rows whose {column} does not ascend, expected them in order, each once; sort them"
        )


def record_digest(events: Any, series: Any, outcome: Mapping[str, Any]) -> str:
    """Return the digest of one run, which `RunRecord.digest` and ``Run.digest`` state.

    Parameters
    ----------
    events, series : pyarrow.Table or mapping of str to ndarray
        Rows by sequence and by day.
    outcome : mapping
        One outcome row.

    Examples
    --------
    >>> record_digest({}, {}, {"released": 1.0}) == record_digest({}, {}, {"released": 2.0})
    False
    """
    return digest_of({"events": events, "series": series}, outcome)


def replications_digest(replications: Any) -> str:
    """Return the digest of companion outcome rows (pyarrow.Table or mapping of str to ndarray).

    Examples
    --------
    >>> len(replications_digest({"released": np.zeros(200)}))
    64
    """
    return digest_of({"replications": replications}, {})


def write_run_record(folder: Path, record: RunRecord, *, figures: Mapping[str, bytes] | None = None) -> Path:
    """Write a record so that it stands there whole or not at all.

    Parameters
    ----------
    folder : Path
        The record's own folder, as `sim.store.run_folder.record_folder` names it. An earlier record there is replaced.
    record : RunRecord
        Its manifest must state the digest of its data.
    figures : mapping of str to bytes, optional
        Content of pictures by file name.

    Returns
    -------
    Path
        `folder`.

    Raises
    ------
    StoreError
        If the manifest does not fit the data, `folder` holds other things than a record, or the system refuses.

    Examples
    --------
    >>> import tempfile
    >>> from sim.store import build_manifest
    >>> manifest = build_manifest(scenario={}, scenario_sha256="ab" * 32, seed=7, replication=0, engine="event",
    ...                           model_source_digest="cd" * 32, digest=record_digest({}, {}, {"released": 5e3}))
    >>> with tempfile.TemporaryDirectory() as results:
    ...     folder = write_run_record(Path(results, "a"), RunRecord(manifest, {}, {}, {"released": 5e3}))
    ...     read_run_record(folder).outcome
    {'released': 5000.0}
    """
    check_path(folder)
    check_consistent(record, "this record")
    files = {
        EVENTS: _parquet(record.events),
        SERIES: _parquet(record.series),
        OUTCOME: json_text(record.outcome).encode(),
    }
    if record.replications is not None:
        files[REPLICATIONS] = _parquet(record.replications)
    for name in figures or {}:
        if Path(name).name != name or name in ("", ".", ".."):
            raise StoreError(f"found figure name {name!r}, expected a plain file name such as 'course.png'")
    files[MANIFEST] = json_text(record.manifest, ordered=("scenario",)).encode()
    _check_replaceable(folder)
    with folder_published(folder) as partial:
        (partial / FIGURES).mkdir()
        for name, data in (figures or {}).items():
            write_synced(partial / FIGURES / name, data)
        sync_folder(partial / FIGURES)
        for name, data in files.items():
            write_synced(partial / name, data)
    return folder


def only_record(folder: Path) -> Path:
    """Return the folder of a record: the one given, or the only one inside what ``--out`` named.

    Parameters
    ----------
    folder : Path
        A record's folder, or one that holds a single record up to two levels down.

    Raises
    ------
    StoreError
        If there is none, or several to choose from; the message names them.
    """
    check_path(folder)
    if os.path.isfile(folder / MANIFEST):
        return folder
    inside = [*folder.glob(f"[!.]*/{MANIFEST}"), *folder.glob(f"[!.]*/[!.]*/{MANIFEST}")]
    if len(inside) != 1:
        raise StoreError(_no_record(folder, sorted(p.parent for p in inside)))
    return inside[0].parent


def read_run_record(folder: Path) -> RunRecord:
    """Read a record and verify that it is undamaged.

    Parameters
    ----------
    folder : Path
        The record's folder, or one that holds a single record (`only_record`).

    Returns
    -------
    RunRecord
        As it was written; unknown numbers of the outcome are None.

    Raises
    ------
    StoreError
        If a file is missing, truncated or not in its format, if the format's version is another, or if a digest
        of the manifest does not fit the data; the message names the file.
    """
    folder = only_record(folder)
    manifest = read_json(folder / MANIFEST, _REPAIR)
    _check_facts(manifest, folder / MANIFEST)
    companions = folder / REPLICATIONS
    expected = manifest.get("replications_digest") is not None
    record = RunRecord(
        manifest,
        _table(folder / EVENTS),
        _table(folder / SERIES),
        read_json(folder / OUTCOME, _REPAIR),
        _table(companions) if expected or os.path.lexists(companions) else None,
    )
    check_consistent(record, str(folder))
    return record


def check_consistent(record: RunRecord, where: str) -> None:
    """Refuse a record whose manifest does not state the digests of its data and the run id of its facts.

    Raises
    ------
    StoreError
        Naming the first that does not fit.
    """
    manifest = record.manifest
    _check_facts(manifest, Path(where) / MANIFEST)
    found = record_digest(record.events, record.series, record.outcome)
    if found != manifest["digest"]:
        raise StoreError(
            f"{where}: {EVENTS}, {SERIES} and {OUTCOME} have digest {_brief(found)}, "
            f"expected {_brief(manifest['digest'])} as {MANIFEST} says: one of them was changed. {_REPAIR}"
        )
    stated = manifest.get("replications_digest")
    actual = replications_digest(record.replications) if record.replications is not None else None
    if actual != stated:
        raise StoreError(
            f"{where}: {REPLICATIONS} has digest {_brief(actual)}, expected {_brief(stated)} as {MANIFEST} says. "
            f"{_REPAIR}"
        )


def _brief(digest: Any) -> str:
    return "none" if digest is None else f"{str(digest)[:16]}..."


class Manifest(Document):
    """What must stand in a manifest, and what its other facts must be if they do."""

    run_id: str
    scenario: dict[str, Any]
    scenario_sha256: str
    seed: int
    replication: int
    engine: str
    model_source_digest: str
    user_rules: dict[str, str]
    digest: str
    replications_digest: str | None = None
    package_version: str | None = None
    python_version: str | None = None
    numpy_version: str | None = None
    numba_version: str | None = None
    simpy_version: str | None = None
    platform_fingerprint: str | None = None
    git_commit: str | None = None
    command: list[str] = Field(default_factory=list)
    created: str | None = None


def _check_facts(manifest: Mapping[str, Any], path: Path) -> None:
    version = manifest.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        advice = (
            "It was written by a newer version of this package: upgrade with  pip install -U negotiation-sim"
            if isinstance(version, int) and version > FORMAT_VERSION
            else _REPAIR
        )
        raise StoreError(f"{path}: format_version: found {version!r}, expected {FORMAT_VERSION}. {advice}")
    check_document(manifest, Manifest, path, _REPAIR)
    facts = [manifest[k] for k in ("scenario_sha256", "seed", "replication", "model_source_digest", "user_rules")]
    if run_id(*facts) != manifest["run_id"]:
        raise StoreError(
            f"{path}: run_id: found {manifest['run_id']!r}, expected {run_id(*facts)!r}, which follows from scenario, "
            f"seed, replication, model and rules: one of them was changed. {_REPAIR}"
        )


def _check_replaceable(folder: Path) -> None:
    """Refuse to replace a folder that holds anything but a record."""
    try:
        others = sorted(p.name for p in folder.iterdir() if p.name not in LAYOUT) if os.path.isdir(folder) else []
    except OSError as error:
        raise refused(error, folder) from error
    if others:
        named = ", ".join(others[:5]) + (" ..." if len(others) > 5 else "")
        raise StoreError(
            f"{folder}: found {named}, expected a run record or nothing; the folder would be replaced. "
            "Move these files elsewhere, or choose another folder with --out."
        )


def _no_record(folder: Path, inside: list[Path]) -> str:
    if not os.path.exists(folder):
        return f"{folder}: not found, expected the folder of a run record. Check the path, and that you may read it."
    if not os.path.isdir(folder):
        return (
            f"{folder}: found a file, expected the folder of a run record; give {folder.parent} if it is part of one."
        )
    names = ", ".join(path.relative_to(folder).as_posix() for path in inside[:5])
    more = f" and {len(inside) - 5} more" if len(inside) > 5 else ""
    advice = f"It holds the records {names}{more}: name one of them." if inside else "Check the path."
    return f"{folder / MANIFEST}: not found, expected the manifest of a run record. {advice}"


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _table(path: Path) -> pa.Table:
    table = as_table(read_parquet(path, _REPAIR), str(path))
    _check_order(table, path.stem, str(path))
    return table
