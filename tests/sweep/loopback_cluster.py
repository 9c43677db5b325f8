"""A real dask cluster on the loopback interface: a scheduler and its workers as processes of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import sim

CONNECT = "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT"
HERE = str(Path(__file__).parent)
PACKAGE = str(Path(sim.__file__).parents[1])


class Cluster:
    """A scheduler and workers.

    Attributes
    ----------
    address : str
        Of the scheduler.
    workers : list of subprocess.Popen
        In order of their start.
    """

    def __init__(self, folder):
        self.folder = folder
        self.workers = []
        self.nannies = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = self._said(self.scheduler, r"Scheduler at:\s+(tcp://\S+)")

    def _start(self, what, *arguments, **environment):
        command = [sys.executable, "-m", "distributed.cli.dask_" + what, "--no-dashboard", *arguments]
        paths = os.pathsep.join([HERE, PACKAGE, *filter(None, [os.environ.get("PYTHONPATH")])])
        return subprocess.Popen(
            command,
            cwd=self.folder,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": paths, "PYTHONWARNINGS": "default", CONNECT: "2s"} | environment,
        )

    def _said(self, process, pattern):
        """Wait until a process has said something, and keep reading what it says from then on."""
        for line in process.stderr:
            found = re.search(pattern, line)
            if found:
                threading.Thread(target=_drained, args=(process.stderr,), daemon=True).start()
                return found[1]
        raise AssertionError(f"a process ended before it said {pattern}")

    def start_worker(self, *options, **environment):
        """Start a worker of one thread and wait until it is known to the scheduler; without options it has no nanny."""
        common = ["--nthreads", "1", "--host", "127.0.0.1", "--memory-limit", "0", *(options or ("--no-nanny",))]
        worker = self._start("worker", self.address, *common, **environment)
        self._said(worker, r"(Registered to)")
        self.workers.append(worker)
        self.nannies += [worker] if options else []
        return worker

    def close(self):
        """End all of them."""
        for process in [*self.workers, self.scheduler]:
            if process.poll() is None and process in self.nannies:
                process.terminate()  # a nanny ends its worker
                process.wait()
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


def _drained(pipe):
    """Read all that a process still says, so that it never waits for a reader."""
    with pipe:
        for _ in pipe:
            pass


@contextmanager
def loopback_cluster(folder, workers=2, **environment):
    """Start a cluster and end it afterwards."""
    cluster = Cluster(folder)
    try:
        for _ in range(workers):
            cluster.start_worker(**environment)
        yield cluster
    finally:
        cluster.close()
