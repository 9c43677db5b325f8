"""A comparison that was written to a folder, done again from what the folder says, for questions its tables leave open.

``scenarios.json`` holds the scenarios that were asked for, runs and seed; the worlds come out again to the bit. If
today's code gives others, `RecordedComparison.warning` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from sim.engine.threads import Progress
from sim.errors import Problem, ScenarioError, StoreError
from sim.experiments.comparison.compare import MAX_RUNS, compare
from sim.scenario.scenario import Scenario
from sim.store.document import Document, check_document
from sim.store.json_text import read_json

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison

SCENARIOS: Final = "scenarios.json"
MOST_SCENARIOS: Final = 100
_REPAIR: Final = "Compare again with --out, or restore the file from a copy."


class _Asked(Document):
    """What must stand in ``scenarios.json``."""

    runs: Annotated[int, Field(ge=1, le=MAX_RUNS)]
    seed: Annotated[int, Field(ge=0, lt=1 << 64)]
    called_by: Literal["name", "title"]
    baselines: bool
    digest: str
    scenarios: Annotated[dict[str, dict[str, Any]], Field(min_length=1, max_length=MOST_SCENARIOS)]


@dataclass(frozen=True, slots=True, eq=False)
class RecordedComparison:
    """A written comparison, done again.

    Attributes
    ----------
    comparison : Comparison
        What came out today.
    warning : str
        Says so if that is not what was written; else empty.
    """

    comparison: Comparison
    warning: str


def asked_of(comparison: Comparison) -> dict[str, Any]:
    """Return what a comparison was asked, as plain data for ``scenarios.json``.

    Parameters
    ----------
    comparison : Comparison
        Of any scenarios.
    """
    return {
        "runs": comparison.runs,
        "seed": comparison.seed,
        "called_by": comparison.called_by,
        "baselines": bool(comparison.baselines),
        "digest": comparison.digest,
        "scenarios": {name: comparison.scenarios[name].to_dict(provenance=True) for name in comparison.given},
    }


def recorded_comparison(folder: Path, *, progress: Progress | None = None) -> RecordedComparison:
    """Do a written comparison again.

    Parameters
    ----------
    folder : Path
        What ``sim compare --out`` named.
    progress : callable, optional
        Called as ``progress(done, total)``.

    Returns
    -------
    RecordedComparison
        Rules and regret are not done again.

    Raises
    ------
    StoreError
        If ``scenarios.json`` is missing or damaged.
    ScenarioError
        If a scenario is none that this version of the package can read.

    Examples
    --------
    >>> import json, tempfile, sim
    >>> once = sim.compare([sim.load("toys/two_actors")], runs=20, seed=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, SCENARIOS).write_text(json.dumps(asked_of(once)))
    ...     again = recorded_comparison(Path(folder))
    >>> again.comparison.digest == once.digest, again.warning
    (True, '')
    """
    path = folder / SCENARIOS
    content = read_json(path, _REPAIR)
    check_document(content, _Asked, path, _REPAIR)
    scenarios = {name: _scenario(data, f"{path}, {name}") for name, data in content["scenarios"].items()}
    again = compare(
        list(scenarios.values()),
        content["runs"],
        content["seed"],
        names=list(scenarios),
        called_by=content["called_by"],
        baselines=content["baselines"],
        record=_has_record(scenarios, folder),
        progress=progress,
        folders=(folder,),
    )
    warning = ""
    if again.digest != content["digest"]:
        warning = (
            f"{folder}: today's code gives other runs than were compared (digest {again.digest[:16]}... instead of "
            f"{content['digest'][:16]}...); what follows is about today's."
        )
    return RecordedComparison(again, warning)


def open_comparison(folder: str | Path) -> Comparison:
    """Do a comparison again that ``sim compare --out`` wrote.

    Parameters
    ----------
    folder : str or Path
        What ``--out`` named.

    Returns
    -------
    Comparison
        Rules and regret are not done again.

    Raises
    ------
    StoreError
        If the folder holds no comparison, or today's code gives other runs than were compared.
    ScenarioError
        If a scenario is none that this version of the package can read.
    """
    recorded = recorded_comparison(Path(folder))
    if recorded.warning:
        raise StoreError(f"{recorded.warning} Install the version that wrote it, or compare again.")
    return recorded.comparison


def _scenario(data: Mapping[str, Any], name: str) -> Scenario:
    try:
        return Scenario.from_dict(data, name)
    except ScenarioError as error:
        raise ScenarioError([*error.problems, Problem(name, hint=_REPAIR)]) from error


def _has_record(scenarios: Mapping[str, Scenario], folder: Path) -> bool:
    """Whether the record that the reference names is found, beside the folder or among those that ship."""
    from sim.record import named_record

    named = next(iter(scenarios.values())).record
    if named is None:
        return False
    try:
        named_record(named, (folder,))
    except ScenarioError:
        return False
    return True
