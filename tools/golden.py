"""Golden results of the built-in scenarios, committed, so that no change of the model goes unseen.

For every built-in scenario ``results/golden/<name>.json`` holds the outcome and digest of the run with `SEED` and
the outcome counts of `RUNS` replications, with the platform and the sources that they came from. A check runs the
scenario again and asks for what the platform allows:

- on a platform of equal fingerprint the digests of the run and of its first `COMPARED` replications must be equal
  (*identical*);
- elsewhere the outcome of the run must be equal, floats within 1e-12 (*same outcome*), or, where a last bit sent it
  down another course, the outcome counts must be *statistically equivalent* (chi-square on the 2 x k table at `ALPHA`).

A change of the model that is meant to change results fails the check until the files are written anew::

    python -m tools.golden            # check
    python -m tools.golden --write    # write anew; commit the files with the change that caused it
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
from sim.engine.batch import replicate
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
FOLDER = Path(__file__).resolve().parents[1] / "results" / "golden"
REGENERATE = "python -m tools.golden --write"


@dataclass(frozen=True, slots=True)
class GoldenCheck:
    """What became of one golden result.

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


def golden_of(name: str, runs: int = RUNS) -> dict[str, Any]:
    """Compute the golden result of a built-in scenario with today's code.

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
    >>> golden = golden_of("doha_2020/baseline", runs=200)
    >>> sum(share["count"] for share in golden["shares"])
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
        "shares": [share.to_dict() for share in outcome_shares(batch["outcome"], scenario.outcome_names)],
        "model_source_digest": source_digest("model"),
        "platform_fingerprint": fingerprint(),
    }


def check_golden(golden: Mapping[str, Any]) -> GoldenCheck:
    """Run the scenario of a golden result again and compare.

    Parameters
    ----------
    golden : mapping
        As `golden_of` returns it.

    Returns
    -------
    GoldenCheck

    Examples
    --------
    >>> check_golden(golden_of("doha_2020/baseline", runs=200)).level
    'identical'
    """
    name = str(golden["scenario"])
    scenario = load(name)
    if scenario.sha256 != golden["scenario_sha256"]:
        return _different(name, "the scenario was changed since its golden result was written")
    world = run(scenario, SEED)
    if golden["platform_fingerprint"] == fingerprint():
        first = replicate(scenario, COMPARED, SEED).outcome_table
        found = (world.digest, _digest_of_first(first, COMPARED))
        if found == (golden["digest"], golden["replications_digest"]):
            return GoldenCheck(name, "identical", f"digest {world.digest[:16]}")
        return _different(name, f"the run with seed {SEED} or its replications gave another digest", _cause(golden))
    divergence = compare_outcomes(golden["outcome"], dict(world.outcome)).first
    if divergence is None:
        return GoldenCheck(name, "same_outcome", f"written on {golden['platform_fingerprint']}")
    recorded = {str(share["outcome"]): int(share["count"]) for share in golden["shares"]}
    runs = sum(recorded.values())
    today = outcome_shares(replicate(scenario, runs, SEED).outcome_table["outcome"], scenario.outcome_names)
    method, statistic, p_value = _same_shares(recorded, {share.outcome: share.count for share in today})
    tested = f"{method} on outcomes of {runs} replications: {statistic:.4g}, p = {p_value:.3g}"
    if p_value > ALPHA:
        return GoldenCheck(name, "statistically_equivalent", f"{tested}; {divergence}")
    return _different(name, f"{tested}; {divergence}", _cause(golden))


def write_golden(names: Sequence[str], folder: Path = FOLDER, runs: int = RUNS) -> list[Path]:
    """Compute and write golden results; remove those of scenarios that no longer exist.

    Parameters
    ----------
    names : sequence of str
        Built-in scenarios.
    folder : Path
        Where to; made if missing.
    runs : int
        As in `golden_of`.

    Returns
    -------
    list of Path
        What was written.
    """
    written = []
    for name in names:
        path = folder / f"{name}.json"
        text = json_text(golden_of(name, runs)).encode()
        if path.parent.is_dir():
            write_atomically(path, text)
        else:
            with folder_published(path.parent) as partial:
                write_synced(partial / path.name, text)
        written.append(path)
    for name in set(golden_names(folder)) - set(builtin_names()):
        (folder / f"{name}.json").unlink()
    return written


def read_golden(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Read the golden result of a built-in scenario.

    Raises
    ------
    StoreError
        If there is none, or it is damaged.
    """
    path = folder / f"{name}.json"
    if not path.is_file():
        raise StoreError(f"{path}: not found, expected the golden result of {name}. Write it with  {REGENERATE}")
    return read_json(path, f"Write it with  {REGENERATE}")


def golden_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """List the scenarios that have a golden result, sorted."""
    return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.json")))


def _digest_of_first(table: Mapping[str, Any], rows: int) -> str:
    return replications_digest({column: values[:rows] for column, values in table.items()})


def _same_shares(recorded: Mapping[str, int], today: Mapping[str, int]) -> tuple[str, float, float]:
    names = [name for name in {**recorded, **today} if recorded.get(name, 0) + today.get(name, 0) > 0]
    counts = np.array([[side.get(name, 0) for name in names] for side in (recorded, today)], dtype=np.int64)
    return class_test(counts) if len(names) > 1 else ("equality", 0.0, 1.0)


def _cause(golden: Mapping[str, Any]) -> str:
    before, now = str(golden["model_source_digest"]), source_digest("model")
    if before != now:
        return f"the sources of the model were changed since ({before[:12]} -> {now[:12]})"
    return "the sources of the model are the same, so something outside of them moved: versions, or a fault"


def _different(name: str, *found: str) -> GoldenCheck:
    return GoldenCheck(
        name,
        "different",
        f"{name}: {'; '.join(found)}. If that was meant, write the golden results anew with  {REGENERATE}  and commit "
        "them with the change that caused it; if not, the change has an effect that it should not have.",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Check or write golden results from the command line; return 0, 1 if one differs, 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m tools.golden", description="Check golden results.")
    parser.add_argument("names", nargs="*", metavar="SCENARIO", help="built-in scenarios; all if none is named")
    parser.add_argument("--write", action="store_true", help="write them anew")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they are")
    options = parser.parse_args(arguments)
    names = options.names or list(builtin_names())
    try:
        if options.write:
            for path in write_golden(names, options.folder):
                print(path)
            return 0
        checks = [check_golden(read_golden(name, options.folder)) for name in names]
    except SimError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    for check in checks:
        print(f"{check.name}: {check.level.replace('_', ' ')}: {check.message}")
    return 0 if all(check.holds for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
