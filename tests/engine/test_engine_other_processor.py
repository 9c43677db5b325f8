"""A batch that is compiled for another processor, beside another C library's functions, has the same bits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.store.platform_fingerprint import machine

RUNS = 40
DIGEST = f"""
import hashlib
import sim
digest = hashlib.sha256()
for name in ("doha_2020/baseline", "northern_ireland_1998/baseline", "toys/five_actors"):
    digest.update(sim.replicate(sim.load(name), {RUNS}, seed=7).rows.tobytes())
found = digest.hexdigest()
"""
ELSEWHERE = {
    "NUMBA_CPU_NAME": "x86-64",  # the oldest of the kind: no AVX, nothing fused
    "NPY_DISABLE_CPU_FEATURES": "AVX2,FMA3",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA",
}


@pytest.mark.slow
@pytest.mark.skipif(machine() != "x86_64", reason="the processors are those of x86_64")
def test_a_batch_on_another_processor(tmp_path: Path) -> None:
    """All outcome rows are equal to the last bit."""
    here: dict[str, str] = {}
    exec(DIGEST, here)
    done = subprocess.run(
        [sys.executable, "-c", f"{DIGEST}print(found)"],
        env={
            **os.environ,
            **ELSEWHERE,
            "SIM_CACHE_DIR": str(tmp_path),
            "PYTHONPATH": str(Path(sim.__file__).parents[1]),
        },
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.stdout.strip() == here["found"], done.stderr
