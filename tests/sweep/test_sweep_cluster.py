"""A sweep on a real dask cluster on loopback: the digest of a local one, whatever happens to its workers."""

import logging
import os
import shutil
import sys
from pathlib import Path

import pytest
from faulty_rules import naming, registered
from loopback_cluster import loopback_cluster
from small_experiment import small_experiment

import sim
from sim.errors import MissingExtraError, UsageError

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def short_timeouts():
    """Let dask give up on a dead process after two seconds rather than thirty."""
    import dask

    with dask.config.set({"distributed.comm.timeouts.connect": "2s"}):
        yield


@pytest.fixture(scope="module")
def experiment():
    """Make 1,200 runs."""
    return small_experiment(replications=300)


@pytest.fixture(scope="module")
def local(experiment, tmp_path_factory):
    """Sweep them here."""
    return sim.sweep(experiment, tmp_path_factory.mktemp("local") / "sweep").digest


@pytest.fixture
def cluster(tmp_path):
    """Start a scheduler and two workers."""
    with loopback_cluster(tmp_path) as started:
        yield started


def test_a_worker_is_killed(cluster, experiment, local, tmp_path):
    """Two workers give the digest of a local sweep, and so does the one that is left when the other is killed."""

    def kill(done, runs):
        if 100 < done < runs and cluster.workers[0].poll() is None:
            cluster.workers[0].kill()
            cluster.workers[0].wait()

    level = logging.getLogger("distributed.client").level
    both = sim.sweep(experiment, tmp_path / "both", scheduler=cluster.address, chunk_seconds=0.01)
    assert cluster.workers[0].poll() is None
    one = sim.sweep(experiment, tmp_path / "one", scheduler=cluster.address, chunk_seconds=0.01, progress=kill)
    assert cluster.workers[0].poll() is not None
    assert both.digest == one.digest == local
    assert one.failed == 0
    assert logging.getLogger("distributed.client").level == level


def test_summaries(cluster, experiment, tmp_path):
    """Workers summarise their chunks, and what is kept is that of a local sweep."""
    here = sim.sweep(experiment, tmp_path / "here", keep="summary")
    there = sim.sweep(experiment, tmp_path / "there", keep="summary", scheduler=cluster.address, chunk_seconds=0.01)
    assert there.digest == here.digest


def test_all_workers_are_killed_and_others_come(cluster, experiment, local, tmp_path):
    """A worker that joins gets the experiment from the scheduler and does what the dead ones left."""

    def replace(done, runs):
        if 100 < done < runs and len(cluster.workers) == 2:
            for worker in cluster.workers:
                worker.kill()
            cluster.start_worker()

    swept = sim.sweep(experiment, tmp_path / "sweep", scheduler=cluster.address, chunk_seconds=0.01, progress=replace)
    assert len(cluster.workers) == 3
    assert swept.digest == local


def test_a_run_that_takes_its_worker_down(tmp_path, monkeypatch):
    """Such a run becomes a failed row; the runs that waited on the same worker are done elsewhere."""
    registered()
    (tmp_path / "preloaded.py").write_text(
        "from faulty_rules import registered\ndef dask_setup(worker):\n    registered()\n"
    )
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    deadly = small_experiment(rows=1, replications=13, changes=naming("deadly"))
    with loopback_cluster(tmp_path, 0) as cluster:
        cluster.start_worker("--nanny", "--nworkers", "2", "--preload", str(tmp_path / "preloaded.py"))
        sweep = sim.sweep(deadly, tmp_path / "sweep", scheduler=cluster.address)
    assert sweep.complete
    assert sweep.failures["run"].tolist() == [11]
    assert sweep.failures["failure"].tolist() == ["its worker process ended before the run did"]


def test_the_scheduler_is_killed(cluster, experiment, local, tmp_path, monkeypatch):
    """Without a scheduler the sweep stops in words; what was done is kept and goes on here."""

    def kill(done, runs):
        if 100 < done < runs:
            cluster.scheduler.kill()

    monkeypatch.setattr("sim.experiments.sweep.schedulers.cluster.CONNECT_SECONDS", 3)
    with pytest.raises(UsageError, match=r"the connection is lost.*What is done is kept.*--resume"):
        sim.sweep(experiment, tmp_path / "sweep", scheduler=cluster.address, chunk_seconds=0.01, progress=kill)
    with pytest.raises(UsageError, match=r"not reached .*Start one with  dask scheduler"):
        sim.sweep(experiment, tmp_path / "sweep", scheduler=cluster.address, resume=True)
    assert 100 < sim.open_sweep(tmp_path / "sweep").done < experiment.runs
    assert sim.sweep(experiment, tmp_path / "sweep", resume=True).digest == local


def other_model(folder, edited="model/violence.py"):
    """Copy this package and edit a source file of it; return what to put first on the path."""
    package = Path(sim.__file__).parent
    shutil.copytree(package, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "sim" / edited).open("a") as source:
        source.write("# edited\n")
    return os.pathsep.join([str(folder), str(Path(__file__).parent)])


@pytest.mark.parametrize("edited", ["model/violence.py", "experiments/factor.py"])
def test_a_worker_with_another_model_is_refused_by_name(cluster, experiment, tmp_path, edited):
    """At connect the sources that decide rows are compared; the message names worker and file, and only those."""
    cluster.start_worker(PYTHONPATH=other_model(tmp_path / "other", edited))
    with pytest.raises(UsageError, match="found workers that differ from this computer") as refusal:
        sim.sweep(experiment, tmp_path / "sweep", scheduler=cluster.address)
    lines = [line for line in str(refusal.value).splitlines() if line.startswith("  worker ")]
    assert len(lines) == 1
    assert f"source: sim/{edited}: " in lines[0]
    assert lines[0].count("source: ") == 1


def test_a_worker_with_another_model_that_joins_later(cluster, experiment, local, tmp_path):
    """A worker that joins and differs does no run: the sweep stops, names it, and can go on."""

    def join(done, runs):
        if 100 < done < runs and len(cluster.workers) == 2:
            cluster.start_worker(PYTHONPATH=other_model(tmp_path / "other"))
            for worker in cluster.workers[:2]:
                worker.kill()

    with pytest.raises(UsageError, match=r"worker tcp://.*: source: sim/model/violence.py: "):
        sim.sweep(experiment, tmp_path / "sweep", scheduler=cluster.address, chunk_seconds=0.01, progress=join)
    assert sim.sweep(experiment, tmp_path / "sweep", resume=True).digest == local


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc tells the fingerprint of its tunables")
def test_a_worker_on_another_platform(tmp_path, experiment, local):
    """A worker whose C library has other functions gives the same bits; rules of one's own may call them: refused."""
    registered()
    (tmp_path / "preloaded.py").write_text(
        "from faulty_rules import registered\ndef dask_setup(worker):\n    registered()\n"
    )
    own = small_experiment(rows=1, replications=3, changes=naming("deadly"))
    with loopback_cluster(tmp_path, 0) as cluster:
        cluster.start_worker("--preload", str(tmp_path / "preloaded.py"), GLIBC_TUNABLES="glibc.cpu.hwcaps=-AVX2,-FMA")
        assert sim.sweep(experiment, tmp_path / "sweep", scheduler=cluster.address).digest == local
        with pytest.raises(UsageError, match="platform: linux"):
            sim.sweep(own, tmp_path / "own", scheduler=cluster.address)


def test_a_cluster_without_workers(tmp_path, experiment):
    """A scheduler without a worker is refused, with the command that starts one."""
    with (
        loopback_cluster(tmp_path, 0) as cluster,
        pytest.raises(UsageError, match=r"found no worker, .*dask worker tcp://"),
    ):
        sim.sweep(experiment, tmp_path / "sweep", scheduler=cluster.address)


def test_arguments(tmp_path, experiment):
    """A wrong address, and threads beside a scheduler, are refused in words."""
    with pytest.raises(UsageError, match=r"scheduler: found .nonsense., expected an address"):
        sim.sweep(experiment, tmp_path / "sweep", scheduler="nonsense")
    with pytest.raises(UsageError, match="found threads and a scheduler, expected one of them"):
        sim.sweep(experiment, tmp_path / "sweep", scheduler="tcp://127.0.0.1:1", threads=2)


def test_without_dask(tmp_path, experiment, monkeypatch):
    """Without the extra the message says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "sim.experiments.sweep.schedulers.cluster", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'negotiation-sim\[cluster\]'"):
        sim.sweep(experiment, tmp_path / "sweep", scheduler="tcp://127.0.0.1:1")
