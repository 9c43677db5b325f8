"""The Doha baseline once more, in plain Python and SimPy: a double check of the compiled model, and its yardstick.

Written from the description of the model, for this one deal, as a careful user of SimPy would write it: a process for
the days, one for each calendar of reviews, and one each for deadlines, reputation and called reviews (`plain_run`),
with logit decisions over values along a mean path (`plain_mean_path`). It shares no code with `sim`, draws its own
luck, and reads the same scenario file with a few lines of its own (`plain_numbers`), if the file has the shape that it
is written for (`plain_shape`). So agreement (`plain_comparison`) is evidence for both.

What makes it fast, found by profiling: the mean path is one function in local variables; all that depends only on the
length of a step or on the standing moves is computed once a process; numbers that NumPy drew become Python numbers at
once; normal noise is drawn a run at a time.

Run by hand: ``python benchmarks/plain_simpy.py --runs 500 --seed 1 --compare`` prints one JSON object. Measured with
1,000 runs against 4,000 of the compiled model: p = 0.22 in the chi-square test of the six outcomes, the largest abs(z)
of 26 shares and means 1.8 (the share of civil wars); values of 152 choices differ by at most 1e-15; on two cores busy
with other work 53 ms of CPU a run against 4.1 ms, 13 times.
"""

from __future__ import annotations

import argparse
import json
import time
from types import SimpleNamespace
from typing import Any

from plain_numbers import read_numbers
from plain_run import Run


def simulate(runs: int, seed: int, first: int = 0, numbers: SimpleNamespace | None = None) -> list[dict[str, Any]]:
    """Return what a number of runs leave behind, a dict a run; dates that did not come are None.

    Examples
    --------
    >>> rows = simulate(2, seed=1)
    >>> sorted(rows[0])[:3]
    ['all_counted', 'attacks', 'balance_of_force']
    """
    numbers = numbers or read_numbers()
    return [Run(numbers, seed, replication).simulate() for replication in range(first, first + runs)]


def main() -> None:
    """Simulate and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=500, help="plain runs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compare", action="store_true", help="run the compiled model too and compare")
    parser.add_argument("--compiled-runs", type=int, default=20_000)
    parser.add_argument("--blocks", type=int, default=3, help="timed blocks of each, in turns")
    parser.add_argument("--block-runs", type=int, default=100, help="plain runs in a timed block")
    given = parser.parse_args()
    began = time.process_time()
    rows = simulate(given.runs, given.seed)
    seconds = time.process_time() - began
    if given.compare:
        from plain_comparison import compare

        report = compare(rows, given.seed, given.compiled_runs, given.blocks, given.block_runs)
    else:
        outcomes = [row["outcome"] for row in rows]
        shares = {name: outcomes.count(name) / len(rows) for name in sorted(set(outcomes))}
        report = {"runs": given.runs, "shares": shares, "ms_per_run": 1e3 * seconds / given.runs}
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
