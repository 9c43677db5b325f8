"""Speed and memory of the two engines on the Doha baseline, as one JSON object on stdout.

    python benchmarks/batch.py [--quick]

Times are CPU seconds of the process, the least of several repeats, but for the speed-up of two threads, which is wall
time. Each number that a warm process would spoil (first compilation, peak memory, plain Python) is measured in a
process of its own. Ratios travel between machines; milliseconds do not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

SCENARIO = "doha_2020/baseline"

FIRST_CALL = """
import json, time, sim
s = sim.load({scenario!r})
start = time.process_time()
sim.replicate(s, runs=1, seed=7, threads=1)
sim.run(s, seed=7)
print(json.dumps(time.process_time() - start))
"""

SHORT_RUN = """
import json, time, sim
s = sim.load({scenario!r}).replace({{"horizon_days": 60}})
sim.replicate(s, runs=1, seed=7, threads=1)
times = []
for _ in range(3):
    start = time.process_time()
    sim.replicate(s, runs={runs}, seed=7, threads=1)
    times.append((time.process_time() - start) / {runs})
print(json.dumps(min(times)))
"""

PEAK_MEMORY = """
import json, resource, sim
s = sim.load({scenario!r}).replace({{"horizon_days": 30}})
sim.replicate(s, runs={runs}, seed=7)
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
"""


def alone(program: str, environment: dict[str, str] | None = None, **values: Any) -> float:
    """Run a program in a process of its own and return the number that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program.format(scenario=SCENARIO, **values)],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout.splitlines()[-1]))


def least(work: Callable[[], object], repeats: int, clock: Callable[[], float] = time.process_time) -> float:
    """Return the least time of several repeats, in seconds."""
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


def measure(quick: bool) -> dict[str, float]:
    """Measure everything; see the keys."""
    # first, while this process is small: on Linux a child's peak is at least its parent's size when it was started
    few, many = (1_000, 10_000) if quick else (10_000, 100_000)
    small, large = alone(PEAK_MEMORY, runs=few), alone(PEAK_MEMORY, runs=many)
    import sim

    scenario = sim.load(SCENARIO)
    runs = 100 if quick else 400
    sim.replicate(scenario, runs=2, seed=7, threads=1)
    sim.run(scenario, seed=7)
    batch = least(lambda: sim.replicate(scenario, runs=runs, seed=7, threads=1), 5) / runs
    one = least(lambda: sim.replicate(scenario, runs=runs, seed=7, threads=1), 5, time.perf_counter)
    two = least(lambda: sim.replicate(scenario, runs=runs, seed=7, threads=2), 5, time.perf_counter)
    singles = 10 if quick else 40
    untraced = least(lambda: [sim.run(scenario, seed=k, trace=False) for k in range(singles)], 3) / singles
    traced = least(lambda: [sim.run(scenario, seed=k) for k in range(singles)], 3) / singles
    # the same worlds in the batch engine: replication 0 of the same seeds
    same = least(lambda: [sim.replicate(scenario, runs=1, seed=k, threads=1) for k in range(singles)], 3) / singles
    compiled = alone(SHORT_RUN, runs=200)
    interpreted = alone(SHORT_RUN, {"NUMBA_DISABLE_JIT": "1"}, runs=2)
    with tempfile.TemporaryDirectory() as folder:
        first = alone(FIRST_CALL, {"SIM_CACHE_DIR": folder})
        again = alone(FIRST_CALL, {"SIM_CACHE_DIR": folder})
    return {
        "batch_ms_per_run": batch * 1e3,
        "speedup_of_2_threads": one / two,
        "interpreted_over_compiled_60_days": interpreted / compiled,
        "event_untraced_over_batch": untraced / same,
        "event_traced_over_batch": traced / same,
        "first_call_cpu_s": first,
        "first_call_cached_cpu_s": again,
        f"peak_mb_{few}_runs": small,
        f"peak_mb_{many}_runs": large,
        "peak_memory_ratio": large / small,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    print(json.dumps({key: round(value, 3) for key, value in measure(parser.parse_args().quick).items()}, indent=2))
