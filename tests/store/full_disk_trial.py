"""A program that writes records to the small disk it is given, filled more each time, and prints what it saw as JSON.

It runs on a real file system of 64 KiB, mounted by the test that starts it.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from record_samples import sample_record, sample_replications

from sim.errors import StoreError
from sim.store import prepare_out, read_run_record, write_atomically, write_run_record
from sim.store.run_record import replications_digest


def files_under(folder):
    """List everything under a folder but the filling."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.name != "filling")


def used(folder):
    """Count the blocks in use."""
    state = os.statvfs(folder)
    return state.f_blocks - state.f_bfree


def filled(disk, free_pages):
    """Fill the disk until `free_pages` blocks are left."""
    filling = disk / "filling"
    filling.unlink(missing_ok=True)
    state = os.statvfs(disk)
    filling.write_bytes(b"\0" * (max(state.f_bfree - free_pages, 0) * state.f_frsize))


def attempt(action):
    """Do something and return the message of the StoreError it ended with, if any."""
    try:
        action()
    except StoreError as error:
        return str(error)
    return None


def main(disk):
    """Try to write with every amount of room from none to enough, over nothing and over an earlier record."""
    if (size := os.statvfs(disk).f_blocks * os.statvfs(disk).f_frsize) > 2**20:
        sys.exit(f"{disk} has {size} bytes: no small disk is mounted there, and this program fills it")
    record, earlier = sample_record(replications=sample_replications(200)), sample_record()
    folder = disk / "results" / "sample" / "0123456789abcdef"
    seen = {"blocks": size, "fresh": [], "over": []}
    for free in range(17):
        filled(disk, free)
        before = used(disk)
        message = attempt(lambda: write_run_record(folder, record))
        whole = message is None and read_run_record(folder).digest == record.digest
        seen["fresh"].append({"message": message, "whole": whole, "left": [] if whole else files_under(disk)})
        seen["fresh"][-1]["blocks_lost"] = 0 if whole else used(disk) - before
        if folder.exists():
            for path in sorted(folder.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            for path in (folder, folder.parent, folder.parent.parent):
                path.rmdir()
    (disk / "filling").unlink()
    write_run_record(folder, earlier)
    standing = files_under(disk)
    for free in range(3):
        filled(disk, free)
        message = attempt(lambda: write_run_record(folder, record))
        intact = read_run_record(folder).manifest == earlier.manifest and files_under(disk) == standing
        seen["over"].append({"message": message, "intact": intact})
    filled(disk, 0)
    seen["file"] = attempt(lambda: write_atomically(folder / "figures" / "course.png", b"x" * 9000))
    seen["probe"] = attempt(lambda: prepare_out(disk / "results"))
    seen["after"] = files_under(disk) == standing
    (disk / "filling").unlink()
    rng = np.random.default_rng(1)
    large = sample_record(
        replications=(rows := pa.table({"x": rng.random(20_000)})), replications_digest=replications_digest(rows)
    )
    seen["large"] = attempt(lambda: write_run_record(disk / "large", large))
    seen["after_large"] = files_under(disk) == standing
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
