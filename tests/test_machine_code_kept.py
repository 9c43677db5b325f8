"""Whether machine code is kept from before can be told without compiling."""

import os
import subprocess
import sys

import sim
from sim.compiled import is_cached


def test_kept_after_a_run(monkeypatch, tmp_path):
    """After both engines have run, machine code is kept; in an empty cache folder it is not."""
    scenario = sim.load("doha_2020/baseline")
    sim.run(scenario, seed=1, trace=False)
    sim.replicate(scenario, runs=1, seed=1)
    assert is_cached("kernel")
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path))
    assert not is_cached("kernel")
    assert not is_cached("games")
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_keep_when_interpreted():
    """With NUMBA_DISABLE_JIT=1 nothing is compiled, so nothing is waited for."""
    done = subprocess.run(
        [sys.executable, "-c", "from sim.compiled import is_cached; print(is_cached())"],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "SIM_CACHE_DIR": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "True\n"
