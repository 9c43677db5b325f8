"""The manifest of a run: every fact needed to know what was run, to run it again, and to trust the answer.

Two kinds of facts stand in it. Those that *determine the result* (scenario, seed, replication, sources of the
model, rules of the user) make up the run id. All others (engine, versions, platform, command, time) tell how the
result came about and must not change it; they are outside of every hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.store.git_commit import git_commit
from sim.store.platform_fingerprint import fingerprint

FORMAT_VERSION = 1
DISTRIBUTION = "negotiation-sim"
VERSIONED = ("numpy", "numba", "simpy")
SOURCE = Path(__file__).resolve().parents[2]


def run_id(
    scenario_sha256: str,
    seed: int,
    replication: int,
    model_source_digest: str,
    user_rules: Mapping[str, str],
) -> str:
    """Return the name of a result: a hash of what determines it, and of nothing else.

    Parameters
    ----------
    scenario_sha256 : str
        Digest of the resolved scenario, as the scenario states it.
    seed, replication : int
        Address of the luck.
    model_source_digest : str
        Digest of the sources of the model.
    user_rules : mapping of str to str
        Name of each rule that is not built in, and the digest of its source.

    Returns
    -------
    str
        16 hex digits (64 bits).

    Examples
    --------
    >>> run_id("ab" * 32, 7, 0, "cd" * 32, {}) == run_id("ab" * 32, 8, 0, "cd" * 32, {})
    False
    """
    facts = {
        "scenario_sha256": scenario_sha256,
        "seed": int(seed),
        "replication": int(replication),
        "model_source_digest": model_source_digest,
        "user_rules": dict(user_rules),
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def build_manifest(
    *,
    scenario: Mapping[str, Any],
    scenario_sha256: str,
    seed: int,
    replication: int,
    engine: str,
    model_source_digest: str,
    digest: str,
    replications_digest: str | None = None,
    user_rules: Mapping[str, str] | None = None,
    command: Sequence[str] = (),
    created: dt.datetime | None = None,
    work_tree: Path = SOURCE,
) -> dict[str, Any]:
    """Gather the manifest of a run.

    Parameters
    ----------
    scenario : mapping
        The resolved scenario as plain data. The order of its keys is kept: the order of actors decides their luck.
    scenario_sha256 : str
        Its digest, as the scenario states it.
    seed, replication : int
        Address of the luck.
    engine : str
        ``"event"`` or ``"batch"``.
    model_source_digest : str
        Digest of the sources of the model.
    digest : str
        `sim.store.run_record.record_digest` of events, series and outcome.
    replications_digest : str, optional
        `sim.store.run_record.replications_digest` of the companion replications, if the record holds them.
    user_rules : mapping of str to str, optional
        Name of each rule that is not built in, and the digest of its source.
    command : sequence of str
        The command line, program first.
    created : datetime, optional
        When; now if not given.
    work_tree : Path
        Folder above this package, where ``.git`` is if it runs from a checkout.

    Returns
    -------
    dict
        Ready for JSON.

    Examples
    --------
    >>> facts = dict(seed=7, replication=0, engine="event", model_source_digest="cd" * 32, digest="ef" * 32)
    >>> manifest = build_manifest(scenario={"title": "A deal"}, scenario_sha256="ab" * 32, **facts)
    >>> manifest["run_id"]
    '05c042cbb67dfb17'
    """
    rules = dict(user_rules or {})
    moment = (created or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    return {
        "format_version": FORMAT_VERSION,
        "run_id": run_id(scenario_sha256, seed, replication, model_source_digest, rules),
        "scenario": dict(scenario),
        "scenario_sha256": scenario_sha256,
        "seed": int(seed),
        "replication": int(replication),
        "engine": engine,
        "model_source_digest": model_source_digest,
        "user_rules": rules,
        "digest": digest,
        "replications_digest": replications_digest,
        "package_version": _version(DISTRIBUTION),
        "python_version": platform.python_version(),
        **{f"{name}_version": _version(name) for name in VERSIONED},
        "platform_fingerprint": fingerprint(),
        "git_commit": git_commit(work_tree),
        "command": list(command),
        "created": moment.isoformat(timespec="seconds"),
    }


def _version(distribution: str) -> str | None:
    """Return the installed version of a distribution without importing it."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
