"""Rules of users that go wrong: one raises in 4 % of the runs, one takes its process down, one does so only once."""

# ruff: noqa: ARG001 - the signatures of rules are fixed
from __future__ import annotations

import json
import os
from pathlib import Path

import sim

MARK = "SIM_TEST_MARK"


def calm(values, state, params, tables, actor, probabilities):
    """Choose the first move; only the interpreter can run it."""
    probabilities[:] = json.loads("0.0")
    probabilities[0] = 1.0


def raising(values, state, params, tables, actor, probabilities):
    """Be calm, but raise in every 25th run from day 14 on."""
    if state.replication % 25 == 7 and state.tick >= 14:
        raise ValueError("no choice in " + json.dumps(["replication", int(state.replication)]))
    calm(values, state, params, tables, actor, probabilities)


def deadly(values, state, params, tables, actor, probabilities):
    """Be calm, but end the process in replication 11."""
    if state.replication == 11:
        os._exit(3)
    calm(values, state, params, tables, actor, probabilities)


def deadly_once(values, state, params, tables, actor, probabilities):
    """Be calm, but end the process the first time that replication 11 is run."""
    mark = Path(os.environ[MARK])
    if state.replication == 11 and not mark.exists():
        mark.touch()
        os._exit(3)
    calm(values, state, params, tables, actor, probabilities)


def registered() -> None:
    """Let scenarios name them."""
    for rule in (calm, raising, deadly, deadly_once):
        sim.register("response", rule.__name__, rule)


def naming(rule: str) -> dict[str, object]:
    """Return what a scenario of two actors replaces so that its state plays by a rule."""
    return {"actors.state.rule": {"response": rule}}
