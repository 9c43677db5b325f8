"""How two things that can be run differ: run records or scenarios, on one seed.

A record is simulated again from its manifest. Scenarios are run on one seed, that of a record on the other side if
there is one, so that both sides share their luck; `sim.engine.run_difference` then says where they part and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.engine.run import Run, run
from sim.engine.run_difference import RunDifference, difference_of
from sim.experiments.recorded_run import RecordedRun, recorded_run
from sim.random.seed import check_seed
from sim.scenario.load import load

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class SourceDifference:
    """Two runs, from records or scenarios, and how they differ.

    Attributes
    ----------
    a, b : Run
        What was compared.
    difference : RunDifference
        False if there is none.
    warnings : tuple of str
        Says so if a record does not come out again with today's code.
    """

    a: Run
    b: Run
    difference: RunDifference
    warnings: tuple[str, ...]


def compare_sources(a: str | Path, b: str | Path, seed: int | None = None) -> SourceDifference:
    """Run two sources and compare the runs.

    Parameters
    ----------
    a, b : str or Path
        Each the folder of a run record, a scenario file, or the name of a built-in scenario.
    seed : int, optional
        Of scenarios; left out, it is that of the record on the other side, or 0. Records have their own.

    Returns
    -------
    SourceDifference

    Raises
    ------
    StoreError
        If a folder is no run record, or a damaged one.
    ScenarioError
        If a scenario does not exist or is wrong.
    UsageError
        If the seed is out of range.

    Examples
    --------
    >>> compared = compare_sources("doha_2020/baseline", "doha_2020/hawkish", seed=7)
    >>> bool(compared.difference), compared.difference.first_decision.actor in compared.a.scenario.actors
    (True, True)
    """
    chosen = None if seed is None else check_seed(seed)
    opened = _open(a), _open(b)
    records = [side for side in opened if isinstance(side, RecordedRun)]
    number, replication = 0 if chosen is None else chosen, 0
    if records and chosen is None:
        number, replication = records[0].run.seed, records[0].run.replication
    runs = [
        side.run if isinstance(side, RecordedRun) else run(side, number, replication=replication) for side in opened
    ]
    warnings = tuple(side.warning for side in records if side.warning)
    return SourceDifference(runs[0], runs[1], difference_of(runs[0], runs[1]), warnings)


def _open(source: str | Path) -> RecordedRun | Scenario:
    """Open a folder as a run record, anything else as a scenario."""
    if Path(source).is_dir():
        return recorded_run(Path(source))
    return load(source)
