"""A recorded run simulated again with today's code, so that questions can be asked of it that its record cannot answer.

A record holds what happened; why it happened (the world before each decision) comes out again when the run is simulated
from the scenario and the seed of its manifest. If today's code gives another run, the answers are about that one, and
`RecordedRun.warning` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.engine.run import Run, run
from sim.errors import Problem, ScenarioError
from sim.scenario.scenario import Scenario
from sim.store.run_record import RunRecord, read_run_record


@dataclass(frozen=True, slots=True, eq=False)
class RecordedRun:
    """A recorded run, simulated again.

    Attributes
    ----------
    record : RunRecord
        What was read.
    run : Run
        What came out today.
    warning : str
        Says so if that is not what the record holds; else empty.
    """

    record: RunRecord
    run: Run
    warning: str


def recorded_scenario(manifest: Mapping[str, Any], name: str) -> Scenario:
    """Return the scenario of a run record.

    Parameters
    ----------
    manifest : mapping
        Of the record.
    name : str
        What errors call the scenario.

    Raises
    ------
    ScenarioError
        If it is none that this version of the package can read; the message names the version that wrote it.
    """
    try:
        return Scenario.from_dict(manifest["scenario"], name)
    except ScenarioError as error:
        advice = f"The record was written by version {manifest.get('package_version')}: rerun it with that version."
        raise ScenarioError([*error.problems, Problem(name, hint=advice)]) from error


def recorded_run(folder: Path) -> RecordedRun:
    """Simulate a recorded run again.

    Parameters
    ----------
    folder : Path
        Of the record.

    Returns
    -------
    RecordedRun

    Raises
    ------
    StoreError
        If the record is missing or damaged.
    ScenarioError
        If its scenario is none that this version of the package can read.

    Examples
    --------
    >>> import tempfile, sim
    >>> from sim.experiments.run_record_of import run_record_of
    >>> from sim.store import write_run_record
    >>> once = sim.run(sim.load("toys/two_actors"), seed=7)
    >>> with tempfile.TemporaryDirectory() as results:
    ...     again = recorded_run(write_run_record(Path(results, "a"), run_record_of(once)))
    >>> again.run.digest == once.digest, again.warning
    (True, '')
    """
    record = read_run_record(folder)
    manifest = record.manifest
    scenario = recorded_scenario(manifest, f"{folder / 'manifest.json'}, scenario")
    rerun = run(scenario, int(manifest["seed"]), replication=int(manifest["replication"]))
    warning = ""
    if rerun.digest != record.digest:
        warning = (
            f"{folder}: today's code gives another run than the record holds (digest {rerun.digest[:16]}... instead of "
            f"{record.digest[:16]}...); what follows is about today's run. sim rerun {folder} says how they differ."
        )
    return RecordedRun(record, rerun, warning)
