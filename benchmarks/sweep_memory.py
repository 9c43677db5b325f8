"""Memory of a sweep as it goes: resident set by runs done, which must be flat from 100,000 runs on.

Run it with

    python benchmarks/sweep_memory.py --runs 1000000

The scenario is a toy of thirty days (a tenth of a millisecond a run), so that a million runs take minutes. The largest
resident set over the whole sweep is printed at the end, with the digest's own in it.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from sim.experiments.definition import experiment_from
from sim.experiments.sweep.begin import sweep
from sim.scenario.load import load


def resident_mb() -> float:
    """Return the resident set of this process (Linux), MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Sweep and print the resident set at every twentieth of the runs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--rows", type=int, default=100, help="rows of the design; the runs are spread over them")
    chosen = parser.parse_args()
    experiment = experiment_from(
        {
            "schema_version": 1,
            "title": "How fast the toy deal is settled",
            "scenario": load("toys/two_actors").replace({"horizon_days": chosen.days}),
            "vary": {"pace": {"path": "deal.outcomes.settlement.per_day", "range": [0.001, 0.05]}},
            "design": {"latin_hypercube": {"rows": chosen.rows, "seed": 1}},
            "replications": max(chosen.runs // chosen.rows, 1),
            "seed": 7,
        }
    )
    step = max(experiment.runs // 20, 1)
    told = [0]
    began = time.perf_counter()

    def watch(done: int, runs: int) -> None:
        if done >= told[0] * step:
            told[0] = done // step + 1
            print(
                f"{done:>9,} of {runs:,} runs  {time.perf_counter() - began:7.1f} s  {resident_mb():6.0f} MB",
                flush=True,
            )

    with tempfile.TemporaryDirectory() as folder:
        result = sweep(experiment, Path(folder, "sweep"), progress=watch)
        size = sum(path.stat().st_size for path in result.files)
        print(f"digest {result.digest[:16]} over {len(result.files)} shards of {size / 1e6:.0f} MB in all")
        print(f"resident after the digest {resident_mb():.0f} MB")
    print(f"largest resident set {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main()
