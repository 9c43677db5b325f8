"""Reference results of the built-in scenarios, committed, so that no change of the model goes unseen.

For every built-in scenario ``results/reference/<name>.json`` holds the outcome and digest of the run with `SEED` and
the outcome counts of `RUNS` replications, with the platform and the sources that they came from. A check runs the
scenario again and asks for what the platform allows:

- on a platform of equal fingerprint the digests of the run and of its first `COMPARED` replications must be equal
  (*identical*);
- elsewhere the outcome of the run must be equal, floats within 1e-12 (*same outcome*), or, where a last bit sent it
  down another course, the outcome counts must be *statistically equivalent* (chi-square on the 2 x k table at `ALPHA`).

A change of the model that is meant to change results fails the check until the files are written anew::

    python -m sim.experiments.reference            # check
    python -m sim.experiments.reference --write    # write anew; commit the files with the change that caused it
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.compiled import source_digest
from sim.engine.replicate import replicate
from sim.engine.run import run
from sim.errors import SimError, StoreError
from sim.experiments.outcome_share import outcome_shares
from sim.scenario.extends import builtin_names
from sim.scenario.load import load
from sim.store.atomic import folder_published, write_atomically, write_synced
from sim.store.cell_comparison import compare_outcomes
from sim.store.equivalence import class_test
from sim.store.json_text import json_text, read_json
from sim.store.platform_fingerprint import fingerprint
from sim.store.run_record import replications_digest

SEED = 7
RUNS = 2_000
COMPARED = 200
ALPHA = 0.001
FOLDER = Path(__file__).resolve().parents[2] / "results" / "reference"
REGENERATE = "python -m sim.experiments.reference --write"


@dataclass(frozen=True, slots=True)
class ReferenceCheck:
    """What became of one reference.

    Attributes
    ----------
    name : str
        The built-in scenario.
    level : str
        ``identical``, ``same_outcome``, ``statistically_equivalent`` or ``different``.
    message : str
        What was found; for a difference, what to do.
    """

    name: str
    level: str
    message: str

    @property
    def holds(self) -> bool:
        """Whether the level is better than ``different``."""
        return self.level != "different"


def reference_of(name: str, runs: int = RUNS) -> dict[str, Any]:
    """Compute the reference of a built-in scenario with today's code.

    Parameters
    ----------
    name : str
        As `sim.scenario.builtin_names` lists it.
    runs : int
        Replications to count outcomes of, at least `COMPARED`.

    Returns
    -------
    dict
        Ready for JSON.

    Examples
    --------
    >>> reference = reference_of("doha_2020/baseline", runs=200)
    >>> sum(share["count"] for share in reference["shares"])
    200
    """
    scenario = load(name)
    world = run(scenario, SEED)
    batch = replicate(scenario, runs, SEED).outcome_table
    return {
        "scenario": name,
        "scenario_sha256": scenario.sha256,
        "seed": SEED,
        "outcome": dict(world.outcome),
        "digest": world.digest,
        "compared": COMPARED,
        "replications_digest": _digest_of_first(batch, COMPARED),
        "shares": [share.to_dict() for share in outcome_shares(batch["outcome"])],
        "model_source_digest": source_digest("model"),
        "platform_fingerprint": fingerprint(),
    }


def check_reference(reference: Mapping[str, Any]) -> ReferenceCheck:
    """Run the scenario of a reference again and compare.

    Parameters
    ----------
    reference : mapping
        As `reference_of` returns it.

    Returns
    -------
    ReferenceCheck

    Examples
    --------
    >>> check_reference(reference_of("doha_2020/baseline", runs=200)).level
    'identical'
    """
    name = str(reference["scenario"])
    scenario = load(name)
    if scenario.sha256 != reference["scenario_sha256"]:
        return _different(name, "the scenario was changed since its reference was written")
    world = run(scenario, SEED)
    if reference["platform_fingerprint"] == fingerprint():
        first = replicate(scenario, COMPARED, SEED).outcome_table
        found = (world.digest, _digest_of_first(first, COMPARED))
        if found == (reference["digest"], reference["replications_digest"]):
            return ReferenceCheck(name, "identical", f"digest {world.digest[:16]}")
        return _different(name, f"the run with seed {SEED} or its replications gave another digest", _cause(reference))
    divergence = compare_outcomes(reference["outcome"], dict(world.outcome)).first
    if divergence is None:
        return ReferenceCheck(name, "same_outcome", f"written on {reference['platform_fingerprint']}")
    recorded = {str(share["outcome"]): int(share["count"]) for share in reference["shares"]}
    runs = sum(recorded.values())
    today = outcome_shares(replicate(scenario, runs, SEED).outcome_table["outcome"])
    method, statistic, p_value = _same_shares(recorded, {share.outcome: share.count for share in today})
    tested = f"{method} on outcomes of {runs} replications: {statistic:.4g}, p = {p_value:.3g}"
    if p_value > ALPHA:
        return ReferenceCheck(name, "statistically_equivalent", f"{tested}; {divergence}")
    return _different(name, f"{tested}; {divergence}", _cause(reference))


def write_references(names: Sequence[str], folder: Path = FOLDER, runs: int = RUNS) -> list[Path]:
    """Compute and write references; remove those of scenarios that no longer exist.

    Parameters
    ----------
    names : sequence of str
        Built-in scenarios.
    folder : Path
        Where to; made if missing.
    runs : int
        As in `reference_of`.

    Returns
    -------
    list of Path
        What was written.
    """
    written = []
    for name in names:
        path = folder / f"{name}.json"
        text = json_text(reference_of(name, runs)).encode()
        if path.parent.is_dir():
            write_atomically(path, text)
        else:
            with folder_published(path.parent) as partial:
                write_synced(partial / path.name, text)
        written.append(path)
    for name in set(reference_names(folder)) - set(builtin_names()):
        (folder / f"{name}.json").unlink()
    return written


def read_reference(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Read the reference of a built-in scenario.

    Raises
    ------
    StoreError
        If there is none, or it is damaged.
    """
    path = folder / f"{name}.json"
    if not path.is_file():
        raise StoreError(f"{path}: not found, expected the reference of {name}. Write it with  {REGENERATE}")
    return read_json(path)


def reference_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """List the scenarios that have a reference, sorted."""
    return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.json")))


def _digest_of_first(table: Mapping[str, Any], rows: int) -> str:
    return replications_digest({column: values[:rows] for column, values in table.items()})


def _same_shares(recorded: Mapping[str, int], today: Mapping[str, int]) -> tuple[str, float, float]:
    names = [name for name in {**recorded, **today} if recorded.get(name, 0) + today.get(name, 0) > 0]
    counts = np.array([[side.get(name, 0) for name in names] for side in (recorded, today)], dtype=np.int64)
    return class_test(counts) if len(names) > 1 else ("equality", 0.0, 1.0)


def _cause(reference: Mapping[str, Any]) -> str:
    before, now = str(reference["model_source_digest"]), source_digest("model")
    if before != now:
        return f"the sources of the model were changed since ({before[:12]} -> {now[:12]})"
    return "the sources of the model are the same, so something outside of them moved: versions, or a fault"


def _different(name: str, *found: str) -> ReferenceCheck:
    return ReferenceCheck(
        name,
        "different",
        f"{name}: {'; '.join(found)}. If that was meant, write the references anew with  {REGENERATE}  and commit them "
        "with the change that caused it; if not, the change has an effect that it should not have.",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Check or write references from the command line; return 0, 1 if one differs, 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m sim.experiments.reference", description="Check reference results.")
    parser.add_argument("names", nargs="*", metavar="SCENARIO", help="built-in scenarios; all if none is named")
    parser.add_argument("--write", action="store_true", help="write the references anew")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they are")
    options = parser.parse_args(arguments)
    names = options.names or list(builtin_names())
    try:
        if options.write:
            for path in write_references(names, options.folder):
                print(path)
            return 0
        checks = [check_reference(read_reference(name, options.folder)) for name in names]
    except SimError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    for check in checks:
        print(f"{check.name}: {check.level.replace('_', ' ')}: {check.message}")
    return 0 if all(check.holds for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
