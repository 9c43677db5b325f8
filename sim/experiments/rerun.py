"""Doing a recorded run again with today's code, and saying how nearly it came out the same.

The scenario is taken from the record's manifest, so neither the file that it was read from nor its path is needed. The
run, and as many companion replications as the record holds, are simulated again; `sim.store.compare_records` then
gives one of four levels: identical, same events, statistically equivalent, different.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.batch import replicate
from sim.engine.run import run
from sim.experiments.recorded_run import recorded_scenario
from sim.experiments.run_record_of import run_record_of
from sim.store.record_comparison import RecordComparison, compare_records
from sim.store.run_record import RunRecord, read_run_record

if TYPE_CHECKING:
    from sim.engine.threads import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Rerun:
    """What became of a record.

    Attributes
    ----------
    recorded, rerun : RunRecord
        What was read and what came out today.
    comparison : RecordComparison
        How they compare.
    """

    recorded: RunRecord
    rerun: RunRecord
    comparison: RecordComparison

    @property
    def agrees(self) -> bool:
        """Whether the level is better than ``different``."""
        return self.comparison.level != "different"

    def changes(self) -> tuple[str, ...]:
        """Say what was not the same before the runs began, one sentence each, the causes of a difference first."""
        sentences = []
        for fact in (*self.comparison.changed_inputs, *self.comparison.changed_surroundings):
            before, after = self.recorded.manifest.get(fact), self.rerun.manifest.get(fact)
            sentences.append(f"{_CALLED.get(fact, fact.replace('_', ' '))}: {_brief(before)} -> {_brief(after)}")
        return tuple(sentences)


_CALLED = {
    "scenario_sha256": "scenario",
    "model_source_digest": "source of the model",
    "user_rules": "rules of the user",
    "platform_fingerprint": "platform",
}


def rerun(folder: Path, progress: Progress | None = None) -> Rerun:
    """Run what a record says again and compare.

    Parameters
    ----------
    folder : Path
        Of the record.
    progress : callable, optional
        Called as ``progress(done, total)`` while companion replications run.

    Returns
    -------
    Rerun

    Raises
    ------
    StoreError
        If the record is missing or damaged.
    ScenarioError
        If its scenario is none that this version of the package can read.

    Examples
    --------
    >>> import tempfile, sim
    >>> from sim.store import write_run_record
    >>> with tempfile.TemporaryDirectory() as results:
    ...     record = run_record_of(sim.run(sim.load("doha_2020/baseline"), seed=7))
    ...     rerun(write_run_record(Path(results, "a"), record)).comparison.level
    'identical'
    """
    recorded = read_run_record(folder)
    return rerun_record(recorded, f"{folder / 'manifest.json'}, scenario", progress)


def rerun_record(recorded: RunRecord, name: str = "<record>", progress: Progress | None = None) -> Rerun:
    """Run what a record in memory says again and compare; see `rerun`.

    Parameters
    ----------
    recorded : RunRecord
        As read.
    name : str
        What errors call its scenario.
    progress : callable, optional
        As in `rerun`.
    """
    manifest = recorded.manifest
    scenario = recorded_scenario(manifest, name)
    seed, replication = int(manifest["seed"]), int(manifest["replication"])
    repeated = run(scenario, seed, replication=replication)
    companions = None
    if recorded.replications is not None and recorded.replications.num_rows > 0:
        companions = replicate(scenario, recorded.replications.num_rows, seed, progress=progress)
    result = run_record_of(repeated, companions, manifest.get("command", ()))
    return Rerun(recorded, result, compare_records(recorded, result))


def _brief(value: Any) -> str:
    text = "unknown" if value is None else str(value)
    return f"{text[:16]}..." if len(text) == 64 else text
