"""Compiled and interpreted code compute the same world, to the last bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("final_states.py")


def finals(**settings: str) -> dict[str, list[str]]:
    """Run two short worlds in a process of their own and return their final States and what it wrote to stderr."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA_", "COV_"))}
    done = subprocess.run(
        [sys.executable, str(PROGRAM)], env={**kept, **settings}, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_an_interpreted_world_equals_a_compiled_one_in_every_field() -> None:
    """Every byte of State, of the last decision and of the daily series is the same without Numba.

    The interpreter indexes NumPy's arrays, which check every index, so none leaves its array either.
    """
    compiled, interpreted = finals(), finals(NUMBA_DISABLE_JIT="1")
    assert len(compiled) > 60
    different = [name for name in compiled if compiled[name] != interpreted[name]]
    assert different == []
