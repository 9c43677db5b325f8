"""A program that kills sweeps and goes on with them, in forked children of one process, and prints what it saw as JSON.

``moments``: one sweep, killed at 20 random moments, then finished. ``operations``: a sweep killed in the midst of its
first, second, third ... write, sync, rename or removal, each finished and compared; ``summaries``: the same of one that
keeps summaries, and joins its chunks.
"""

import contextlib
import json
import os
import random
import signal
import sys
import time
from functools import partial
from importlib import import_module
from pathlib import Path

from small_experiment import small_experiment

from sim.engine.batch import replicate
from sim.experiments.sweep import layout, pending
from sim.experiments.sweep.begin import sweep
from sim.experiments.sweep.identity import rules_of, sources_here, versions_here
from sim.experiments.sweep.sweep import Sweep, open_sweep


def forked(work):
    """Do some work in a forked child and return its process number."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def ended(child):
    """Wait for a child; True if it ended well, False if it was killed."""
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    assert os.waitstatus_to_exitcode(status) == 0, "a sweep failed instead of being killed or ending"
    return True


def sweep_into(experiment, folder, seconds):
    """Sweep with small chunks, going on with what is there."""
    sweep(experiment, folder, resume=True, threads=2, chunk_seconds=seconds)


def digest_of(folder):
    """Read the digest in a child, so that this process starts no threads."""
    reader, writer = os.pipe()
    assert ended(forked(lambda: os.write(writer, open_sweep(folder).digest.encode())))
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        return pipe.read().decode()


def state_of(folder):
    """Say what a killed sweep left: the runs that are kept, and its shards with their time, all of them whole."""
    if not (folder / "sweep.json").exists():
        return set(), {}
    left = Sweep(folder)  # raises if a shard that is named is not whole
    gone = {run for first, last in left.missing for run in range(first, last)}
    return set(range(left.runs)) - gone, {path.name: path.stat().st_mtime_ns for path in left.files}


def check_kept(before, now):
    """Refuse a sweep that has lost a run, or done a shard again."""
    assert before[0] <= now[0], "a run that was kept is gone"
    assert before[1].items() <= now[1].items(), "a shard that was done has been done again"


def size_of(folder):
    """Return how much is written of a sweep."""
    with contextlib.suppress(FileNotFoundError):
        return sum(path.stat().st_size for path in (folder / "journal.jsonl", *(folder / "pending").iterdir()))
    return 0


def wait_for_growth(child, folder):
    """Wait until a sweep writes or its process ends."""
    before = size_of(folder)
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if size_of(folder) > before:
            return
        time.sleep(0.001)


def moments(top):
    """Kill one sweep at 20 random moments; every time, what was done stays."""
    layout.SHARD_RUNS = 100
    experiment = small_experiment(rows=10, replications=300)
    rng = random.Random(20200229)
    began = time.monotonic()
    assert ended(forked(lambda: sweep_into(experiment, top / "whole", 0.01)))
    whole = time.monotonic() - began
    folder, before, kills, grew = top / "killed", (set(), {}), 0, 0
    while kills < 20:
        child = forked(partial(sweep_into, experiment, folder, 0.01))
        time.sleep(rng.uniform(0.02, 0.25) * whole / 2)
        if kills % 2:  # every other one at work, however slow the machine begins
            wait_for_growth(child, folder)
        os.kill(child, signal.SIGKILL)
        if ended(child):
            folder, before = top / f"killed after {kills}", (set(), {})  # it was through: kill another
            continue
        kills += 1
        now = state_of(folder)
        check_kept(before, now)
        grew += len(now[0]) > len(before[0])
        before = now
    assert ended(forked(lambda: sweep_into(experiment, folder, 0.01)))
    return {"kills": kills, "grew": grew, "equal": digest_of(folder) == digest_of(top / "whole")}


def dying_at(count):
    """Let this process be killed within its n-th write, sync, rename or removal, after half of what a write writes."""
    left = [count]

    def dying(function):
        def call(*arguments, **named):
            left[0] -= 1
            if left[0] == 0:
                if function is write:
                    write(arguments[0], arguments[1][: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return call

    write = os.write
    for name in ("write", "fsync", "replace", "unlink"):
        setattr(os, name, dying(getattr(os, name)))


def sweep_until_killed(experiment, folder, count):
    """Sweep, and be killed within the n-th operation."""
    dying_at(count)
    sweep_into(experiment, folder, 1e-6)


def operations(top, keep="runs"):
    """Kill a small sweep at each of its file operations."""
    layout.SHARD_RUNS, layout.SHARD_ROWS, pending.MOST_PIECES = 3, 1, 2
    experiment = small_experiment(rows=2, replications=4, keep=keep)
    assert ended(forked(lambda: sweep_into(experiment, top / "whole", 1e-6)))
    wanted = digest_of(top / "whole")
    seen = []
    for count in range(1, 200):
        folder = top / str(count)
        if ended(forked(partial(sweep_until_killed, experiment, folder, count))):
            break
        before = state_of(folder)
        assert ended(forked(partial(sweep_into, experiment, folder, 1e-6)))
        check_kept(before, state_of(folder))
        seen.append(digest_of(folder) == wanted)
    return {"operations": len(seen), "equal": all(seen)}


TRIALS = {"moments": moments, "operations": operations, "summaries": partial(operations, keep="summary")}

if __name__ == "__main__":  # what every child would do anew is done once, here
    replicate(small_experiment().scenario, runs=1, threads=1)
    sources_here(), versions_here({}), rules_of(small_experiment())
    import_module("pandas"), import_module("pyarrow.parquet")
    print(json.dumps(TRIALS[sys.argv[1]](Path(sys.argv[2]))))
