"""The script that changes the model one place at a time: its lists are those of today's code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def listed(*arguments: str) -> list[str]:
    """Return the lines that the script prints without running a mutant, in a process of its own."""
    command = [sys.executable, "tools/mutate.py", "--list", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_named_and_drawn_mutants_are_found() -> None:
    """Each of the eight named slips can still be made."""
    first, *lines = listed("--number", "20", "--seed", "4")
    found = re.fullmatch(r"(\d+) mutants, (\d+) equivalent, 20 drawn, 8 named", first)
    assert found is not None, first
    assert int(found[1]) > 2_000
    assert 0 < int(found[2]) < 0.03 * int(found[1])
    assert len(lines) == 28


def test_a_sample_repeats_with_its_seed() -> None:
    """And another seed draws others."""
    again, same, other = (listed("--number", "20", "--seed", seed, "recall") for seed in ("4", "4", "5"))
    assert again == same != other


def test_every_change_is_one_of_its_statement() -> None:
    """What stands after the arrow is not what stands before it."""
    lines = listed("--all", "recall", "talks")[1:]
    assert len(lines) > 60
    for line in lines:
        before, arrow, after = line.partition("  ->  ")
        assert arrow
        assert before.split(": ", 2)[2] != after
