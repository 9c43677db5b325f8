"""What a sweep's folder says about itself: the whole experiment, and everything else that decides its results.

``sweep.json`` is written before the first run. Going on with a sweep is allowed only if what decides results is the
same as when it began, because its rows would not belong together otherwise:

- the experiment: scenario, factors, design, replications, seed, outputs (its digest; the message lists each value that
  changed);
- the sources that decide rows: every file of this package that an experiment is read by, or a run done with, found by
  following imports (a digest of each; the message names the files);
- the user's own rules (a digest of their sources);
- Python (major and minor), NumPy, SciPy, Numba, llvmlite and the kind of machine, which can decide the last bit, with
  rules of the user's own the whole platform fingerprint (C library, processor features); the version of this package.

The command and the time are kept beside it and compared with nothing.

Policy for versions of the format (``schema_version``): a folder of another version is neither read nor continued. A
newer one asks for an upgrade of this package; an older one names the version of this package that wrote it, which can
finish and export it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.compiled import source_digest
from sim.errors import StoreError
from sim.experiments.definition.experiment import MAX_RUNS
from sim.experiments.designs import CLASSES
from sim.experiments.run_record_of import user_rules_of
from sim.experiments.sweep.columns import ADDRESS, FAILURE, Columns
from sim.experiments.sweep.protocol import SweptExperiment
from sim.imported_sources import PACKAGE, imported_sources
from sim.rules.registry import REGISTERED
from sim.scenario.difference import difference
from sim.store.document import Document, check_document
from sim.store.json_text import read_json
from sim.store.platform_fingerprint import fingerprint, machine

SCHEMA_VERSION = 2
IDENTITY = "sweep.json"
MOST_NAMED = 12
REPAIR = (
    "Its shards need not be lost: begin the same sweep with the same versions in another folder, stop it, copy its "
    "sweep.json here, and go on with --resume, which keeps every whole shard. The rows are plain Parquet files."
)
"""What to do if the identity of a sweep is damaged."""
ROOTS = (
    "sim.experiments.sweep.chunks",
    "sim.experiments.definition.load",
    *(f"sim.experiments.designs.{name}" for name in CLASSES),
)
"""Modules that, with all that they import, decide which rows a sweep has."""
_PACKAGE = "negotiation-sim"
_VERSIONED = ("numpy", "scipy", "numba", "llvmlite")


def versions_here(rules: Mapping[str, str]) -> dict[str, str]:
    """Return the versions that can decide the last bit of a result, by what they are of.

    Parameters
    ----------
    rules : mapping of str to str
        The user's own rules that take part; with any, the platform is told by its whole fingerprint.

    Examples
    --------
    >>> sorted(versions_here({}))
    ['llvmlite', 'negotiation-sim', 'numba', 'numpy', 'platform', 'python', 'scipy']
    """
    versions = {name: importlib.metadata.version(name) for name in (*_VERSIONED, _PACKAGE)}
    return {
        **versions,
        "python": ".".join(platform.python_version_tuple()[:2]),
        "platform": fingerprint() if rules else machine(),
    }


@cache
def sources_here() -> dict[str, str]:
    """Return the digest of every source file that decides rows, by its path in the package, as first asked for."""
    sources = imported_sources(*ROOTS)
    return {p.relative_to(PACKAGE).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sources}


def rules_of(experiment: SweptExperiment) -> dict[str, str]:
    """Return the digests of the user's own rules that an experiment may use: of its scenario, and named by a factor."""
    rules = user_rules_of(experiment.scenario)
    for values in experiment.points.values():
        used = set(values.tolist()) if values.dtype.kind in "OU" else set()
        if not used.intersection(name for _, name in REGISTERED):
            continue
        for row in {value: row for row, value in enumerate(values)}.values():
            rules |= user_rules_of(experiment.scenario_at(int(row)))
    return dict(sorted(rules.items()))


def identity_of(experiment: SweptExperiment, columns: Columns, command: Sequence[str] = ()) -> dict[str, Any]:
    """Gather what a folder says about its sweep.

    Parameters
    ----------
    experiment : SweptExperiment
        What is swept.
    columns : Columns
        What is kept.
    command : sequence of str
        The command line that asked for it.
    """
    rules = rules_of(experiment)
    return {
        "schema_version": SCHEMA_VERSION,
        "experiment": experiment.to_dict(),
        "experiment_digest": experiment.digest,
        "runs": experiment.runs,
        "replications": experiment.replications,
        "keep": experiment.keep,
        "columns": list(columns.names),
        "outputs": list(columns.outputs),
        "shares": list(columns.shares),
        "model_source_digest": source_digest("model"),
        "sources": sources_here(),
        "user_rules": rules,
        "versions": versions_here(rules),
        "package_version": importlib.metadata.version(_PACKAGE),
        "command": list(command),
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }


class Identity(Document):
    """What must stand in ``sweep.json``."""

    experiment: dict[str, Any]
    experiment_digest: str
    runs: Annotated[int, Field(ge=1, le=MAX_RUNS)]
    replications: Annotated[int, Field(ge=1, le=MAX_RUNS)]
    keep: Literal["runs", "summary"]
    columns: list[str]
    outputs: list[str]
    shares: list[str]
    model_source_digest: str
    sources: dict[str, str]
    user_rules: dict[str, str]
    versions: dict[str, str]
    package_version: str
    command: list[str]
    created: str


def read_identity(folder: Path) -> dict[str, Any]:
    """Read what a folder says about its sweep.

    Raises
    ------
    StoreError
        If it holds no sweep, or one of another format.
    """
    path = folder / IDENTITY
    if not folder.is_dir():
        raise StoreError(f"{folder}: not found, expected the folder of a sweep. Check the path.")
    if not path.is_file():
        kept = f" {REPAIR}" if (folder / "shards").is_dir() else ""
        raise StoreError(
            f"{path}: not found, expected the folder of a sweep, made by  sim sweep EXPERIMENT --out DIR.{kept}"
        )
    identity = read_json(path, REPAIR)
    version = identity.get("schema_version")
    if isinstance(version, bool) or version != SCHEMA_VERSION:
        writer = identity.get("package_version", "unknown")
        advice = (
            "It was written by a newer version of this package: upgrade with  pip install -U negotiation-sim"
            if isinstance(version, int) and version > SCHEMA_VERSION
            else f"It was written by version {writer} of this package: finish and read it with  "
            f"pip install negotiation-sim=={writer}  or begin anew in another folder"
        )
        raise StoreError(f"{path}: schema_version: found {version!r}, expected {SCHEMA_VERSION}. {advice}")
    check_document(identity, Identity, path, REPAIR)
    columns = identity["columns"]
    ends = tuple(columns[: len(ADDRESS)]), tuple(columns[-1:])
    if ends != (ADDRESS, (FAILURE,)) or len({*columns}) < len(columns) or not {*identity["outputs"]} <= {*columns}:
        expected = f"{', '.join(ADDRESS)}, factors and outputs, each once, and {FAILURE}"
        raise StoreError(f"{path}: columns: found {columns!r:.200}, expected {expected}. {REPAIR}")
    return identity


def check_same(folder: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Refuse to go on with a sweep if what decides its results has changed.

    Parameters
    ----------
    folder : Path
        For the message.
    old, new : mapping
        What the folder says, and `identity_of` the same experiment here and now.

    Raises
    ------
    StoreError
        With everything that changed.
    """
    changes = list(_changes(old, new))
    if changes:
        lines = "\n".join(f"  {change}" for change in changes)
        raise StoreError(
            f"{folder}: this sweep was begun with something else, expected the same to go on with it; changed since:\n"
            f"{lines}\nUndo these changes, or begin a new sweep in another folder with --out."
        )


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    changes = []
    if old.get("experiment_digest") != new["experiment_digest"] or old.get("columns") != new["columns"]:
        before, after = ({**content, "path": None} for content in (old.get("experiment") or {}, new["experiment"]))
        lines = [f"experiment: {change}" for change in difference(before, after)]
        changes += first_of(lines) or ["experiment: the points of its design, which a library now draws differently"]
    else:
        counted = ("runs", "replications", "keep", "outputs", "shares")
        changes += [f"{key}: {old.get(key)} -> {new[key]}" for key in counted if old.get(key) != new[key]]
    changes += first_of(_differing("source: sim/", old.get("sources") or {}, new["sources"]))
    changes += _differing("rule ", old.get("user_rules") or {}, new["user_rules"])
    before, after = old.get("versions") or {}, new["versions"]
    changes += [
        f"{n}: {before.get(n)} -> {after.get(n)}" for n in sorted({*before, *after}) if before.get(n) != after.get(n)
    ]
    return changes


def _differing(prefix: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    verbs = {(True, True): "edited", (True, False): "removed", (False, True): "added"}
    names = sorted({*before, *after})
    return [f"{prefix}{n} {verbs[n in before, n in after]}" for n in names if before.get(n) != after.get(n)]


def first_of(lines: list[str]) -> list[str]:
    """Return the first few of many lines, and how many more there are."""
    more = len(lines) - MOST_NAMED
    return lines if more <= 0 else [*lines[:MOST_NAMED], f"and {more} more"]
