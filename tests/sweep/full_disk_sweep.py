"""A program that sweeps onto a small disk until it is full, makes room, goes on, and prints what it saw as JSON."""

import json
import os
import sys
from pathlib import Path

from small_experiment import small_experiment

import sim
from sim.errors import StoreError
from sim.experiments.sweep import layout

SMALL = 2**20


def filled(disk, free_bytes):
    """Fill the disk until so many bytes are left."""
    state = os.statvfs(disk)
    with open(disk / "filling", "ab") as filling:
        filling.write(b"\0" * max(state.f_bavail * state.f_frsize - free_bytes, 0))


def attempt(experiment, folder):
    """Sweep and return the digest, or the message of the error."""
    try:
        return sim.sweep(experiment, folder, resume=True, chunk_seconds=1e-6).digest, None
    except StoreError as error:
        return None, str(error)


def main(disk, elsewhere):
    """Sweep with more and more room; after every failure what was done must be whole and nothing else be left."""
    if os.statvfs(disk).f_blocks * os.statvfs(disk).f_frsize > SMALL:
        sys.exit(f"{disk}: no small disk is mounted there, and this program fills it")
    layout.SHARD_RUNS = 4
    experiment = small_experiment(rows=2, replications=10)
    seen = {"messages": [], "done": [], "strangers": []}
    folder = disk / "sweep"
    for room in range(0, SMALL, 8192):
        (disk / "filling").unlink(missing_ok=True)
        filled(disk, room)
        digest, message = attempt(experiment, folder)
        if digest is not None:
            break
        seen["messages"].append(message)
        begun = (folder / "sweep.json").exists()
        kept = sim.open_sweep(folder) if begun else None
        parts = {path.name for path in (folder / "shards").glob("*")} | {path.name for path in folder.glob(".*")}
        seen["strangers"] += sorted(parts - {path.name for path in (kept.files if begun else [])})
        seen["done"].append(kept.done if begun else 0)
    seen["equal"] = digest == attempt(experiment, elsewhere)[0]
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
