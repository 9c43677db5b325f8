"""What the sweep runner costs above the bare batch: the same runs, with and without chunks, shards, journal and syncs.

Both are run in turn in one process, so that a computer that is busy with other things slows both; the ratio of each
pair is printed, of wall-clock time and of processor time, with the median. Run it with

    python benchmarks/sweep_overhead.py --scenario doha_2020/baseline --rows 4 --replications 1000
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sim.experiments.definition import Experiment, experiment_from
from sim.experiments.sweep.begin import sweep
from sim.experiments.variants import run_variants


def experiment_of(scenario: str, rows: int, replications: int) -> Experiment:
    """Return an experiment on the patience of the first actor of a scenario."""
    from sim.scenario.load import load

    actor = next(iter(load(scenario).actors))
    return experiment_from(
        {
            "schema_version": 1,
            "title": "Patience of one side",
            "scenario": scenario,
            "vary": {"patience": {"path": f"actors.{actor}.discount_per_year", "range": [0.05, 0.8]}},
            "design": {"latin_hypercube": {"rows": rows, "seed": 1}},
            "replications": replications,
            "seed": 7,
        }
    )


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall-clock and processor seconds of some work."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    """Time both in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", default="doha_2020/baseline")
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--replications", type=int, default=1_000)
    parser.add_argument("--pairs", type=int, default=3)
    chosen = parser.parse_args()
    experiment = experiment_of(chosen.scenario, chosen.rows, chosen.replications)

    def bare() -> None:
        scenarios = [experiment.scenario_at(row) for row in range(experiment.rows)]
        run_variants(scenarios, experiment.replications, experiment.seed)

    bare()
    print(f"{chosen.scenario}: {experiment.rows} rows x {experiment.replications:,} = {experiment.runs:,} runs")
    ratios: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(dir=os.getcwd()) as folder:
        for pair in range(chosen.pairs):
            one = timed(bare)
            two = timed(lambda pair=pair: sweep(experiment, Path(folder, str(pair))))  # type: ignore[misc]
            ratios.append((two[0] / one[0], two[1] / one[1]))
            print(
                f"bare {one[0]:.2f} s ({one[1]:.2f} s of processor), sweep {two[0]:.2f} s ({two[1]:.2f} s), "
                f"ratio {ratios[-1][0]:.3f} ({ratios[-1][1]:.3f})"
            )
    wall, processor = (statistics.median(ratio[i] for ratio in ratios) for i in (0, 1))
    print(f"median ratio {wall:.3f} of wall-clock time, {processor:.3f} of processor time")


if __name__ == "__main__":
    main()
