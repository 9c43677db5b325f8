"""Mutants of all that strangers send, at fixed numbers: refused in words, or read alike by all that reads them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants are tried in forks")]

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
MUTANTS = {"scenario": 60, "experiment": 12, "record": 100, "manifest": 25, "journal": 10, "game": 400, "kill": 5}


@pytest.mark.parametrize("kind", MUTANTS)
def test_mutants_are_refused_or_played(kind: str) -> None:
    """No mutant ends in a traceback, two answers, a crash, a hang or out of bounds; some of each kind live."""
    command = [sys.executable, str(BENCHMARKS / "attack.py"), "--kind", kind, "--mutants", str(MUTANTS[kind]), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    seen = json.loads(done.stdout)[kind]
    assert seen["faults"] == []
    assert (done.returncode, seen["refused"] + seen["accepted"] + seen["failed run"]) == (0, MUTANTS[kind])
    assert seen["accepted"] > 0
    assert seen["refused"] > 0 or kind == "kill"


TRIAL = """
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
from attack import attack

def trial(number):
    if number == 1: os.abort()
    if number == 2: time.sleep(600)
    if number == 3: raise KeyError("x")
    if number == 4: assert False, "two answers"
    if number == 5: bytearray(1 << 34)
    return "accepted"

seen = attack(trial, 0, 8, seconds=2.0)
print(json.dumps([seen.counts, seen.faults]))
"""


def test_what_must_not_be_is_counted() -> None:
    """A crash, a hang, a traceback, two answers and too much memory are each counted, and the rest is tried."""
    command = [sys.executable, "-c", TRIAL, str(BENCHMARKS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    counts, faults = json.loads(done.stdout)
    assert counts == {"accepted": 3, "crash": 1, "hang": 1, "traceback": 1, "wrong": 1, "memory": 1}
    assert [(number, word) for number, word, _ in faults] == [
        (1, "crash"),
        (2, "hang"),
        (3, "traceback"),
        (4, "wrong"),
        (5, "memory"),
    ]
