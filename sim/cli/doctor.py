"""``sim doctor``: what this installation is made of, where it keeps machine code, and whether it works."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

from sim.cli.arguments import Json
from sim.cli.streams import answer, answer_json

NAME = "doctor"
EXAMPLE = "sim doctor"
HELP = (
    "Say what this installation is made of, compile the model now, and check that both engines agree.\n\n"
    "Run it once after installing, or send its output along with a report of a problem. "
    "Exit code 1 if the engines disagree."
)
PACKAGES = (
    "negotiation-sim",
    "numpy",
    "scipy",
    "numba",
    "llvmlite",
    "simpy",
    "pydantic",
    "ruamel.yaml",
    "pyarrow",
    "pandas",
    "matplotlib",
    "typer",
    "rich",
    "pygambit",
)
CHECKED = "toys/five_actors"
SEED = 7
MIB = 2**20


def doctor_command(json: Json = False) -> int:
    """Examine the installation; exit with 1 if the two engines disagree."""
    report = examine()
    if json:
        answer_json(report)
    else:
        for line in report_lines(report):
            answer(line)
    return 0 if report["engines_agree"] else 1


def examine() -> dict[str, Any]:
    """Gather the facts and try both engines.

    Returns
    -------
    dict
        Plain data for JSON; sizes in MiB, times in seconds.
    """
    import importlib.metadata
    import platform

    from sim.cli.compile_notice import announce_compilation
    from sim.compiled import cache_directory, source_digest
    from sim.engine.threads import thread_count
    from sim.store.platform_fingerprint import fingerprint

    versions: dict[str, str | None] = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = None
    compiled_before = not announce_compilation()
    agree, first_seconds, run_seconds = _try_engines()
    cache = cache_directory("kernel")
    return {
        "versions": versions,
        "platform": fingerprint(),
        "threads": thread_count(None),
        "interpreted": os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"),
        "model_source_digest": source_digest("model"),
        "cache_folder": str(cache),
        "cache_mib": sum(f.stat().st_size for f in cache.rglob("*") if f.is_file()) / MIB,
        "cache_disk_free_mib": shutil.disk_usage(cache).free / MIB,
        "working_disk_free_mib": shutil.disk_usage(Path.cwd()).free / MIB,
        "compiled_before": compiled_before,
        "first_run_seconds": first_seconds,
        "seconds_per_replication": run_seconds,
        "engines_agree": agree,
    }


def _try_engines() -> tuple[bool, float, float]:
    """Run one world in both engines; return whether they agree, and the seconds of the first and of later runs."""
    began = time.perf_counter()
    from sim.engine.batch import replicate
    from sim.engine.run import run
    from sim.scenario.load import load
    from sim.store.canonical import digest_of

    scenario = load(CHECKED)
    world = run(scenario, SEED, trace=False)
    batch = replicate(scenario, 1, SEED)
    first = time.perf_counter() - began
    row = {name: values[0] for name, values in batch.outcome_table.items()}
    began = time.perf_counter()
    replicate(scenario, 64, SEED, threads=1)
    return digest_of({}, dict(world.outcome)) == digest_of({}, row), first, (time.perf_counter() - began) / 64


def report_lines(report: dict[str, Any]) -> list[str]:
    """Say in lines what `examine` found."""
    versions = [f"  {name} {version or 'not installed'}" for name, version in report["versions"].items()]
    compiled = "kept from before" if report["compiled_before"] else "compiled just now"
    if report["interpreted"]:
        compiled = "interpreted (NUMBA_DISABLE_JIT is set), a hundred times slower"
    return [
        "Versions",
        *versions,
        f"Platform   {report['platform']}",
        f"Threads    {report['threads']}",
        f"Cache      {report['cache_folder']}, {report['cache_mib']:.0f} MiB, "
        f"{report['cache_disk_free_mib']:,.0f} MiB free there",
        f"Disk here  {report['working_disk_free_mib']:,.0f} MiB free",
        f"Model      {report['model_source_digest'][:16]}, {compiled}",
        f"First run  {report['first_run_seconds']:.1f} s, loading and compiling included",
        f"Later      {1000 * report['seconds_per_replication']:.2f} ms a replication of {CHECKED} on one thread",
        f"Engines    {'agree to the last bit' if report['engines_agree'] else 'DISAGREE: please report this'}",
    ]
