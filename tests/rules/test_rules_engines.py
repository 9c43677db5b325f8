"""Every rule and payoff model in both engines, compiled and interpreted: the same to the bit, and accounted for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rule_texts import EVERY_RULE, agree, short_runs, two_actors

import sim

RUNNER = "import json; from rule_texts import short_runs; print(json.dumps(short_runs()))"


@pytest.mark.parametrize("name", EVERY_RULE)
def test_engines_agree_to_the_bit(name):
    """Event and batch engine give the same outcomes, payoffs included, whichever actor follows the rule."""
    agree(two_actors(first_rule=EVERY_RULE[name]))
    agree(two_actors(second_rule=EVERY_RULE[name], horizon=30), runs=2)


def test_two_who_look_ahead_end():
    """Two actors that look ahead, each holding the other for one who looks ahead, still come to an end."""
    rule = EVERY_RULE["lookahead"]
    agree(two_actors(first_rule=rule, second_rule=rule, horizon=30), runs=2)


@pytest.mark.parametrize("name", EVERY_RULE)
def test_terms_and_probabilities_add_up(name):
    """At every decision each legal move's terms sum to its value, and probabilities to one."""
    run = sim.run(two_actors(first_rule=EVERY_RULE[name], horizon=45), seed=8)
    assert run.decisions
    for decision in run.decisions:
        assert sum(move.probability for move in decision.moves) == pytest.approx(1.0, abs=1e-12)
        for move in decision.moves:
            if move.legal:
                assert sum(move.terms.values()) == pytest.approx(move.value, abs=1e-9)


def test_interpreted_runs_are_the_same_to_the_bit():
    """With the compiler switched off every rule gives the same run."""
    here = Path(__file__).parent
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}
    environment["PYTHONPATH"] = os.pathsep.join([str(here), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", RUNNER], env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == short_runs()


def test_looking_ahead_needs_nothing_imported_before():
    """A scenario under `lookahead` is encoded in a process that imported nothing else, with the same number."""
    code = (
        "import sys, sim; from sim.encode.encoded import encode; from rule_texts import EVERY_RULE, two_actors;"
        "print(encode(two_actors(first_rule=EVERY_RULE['lookahead'])).params['valuation'][0, 0])"
    )
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "4", done.stderr
