"""The three functions that Python calls: begin a world, act on one clock of it, run rows of worlds.

They take arrays of one record, which costs under a microsecond a call; passing a record itself costs over ten (measured).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import compiled
from sim.kernel.begin import begin
from sim.kernel.dispatch import advance, dispatch
from sim.kernel.log import DECISION_RECORD, LOG
from sim.kernel.observe import OUTCOME_ROW, observe, write_outcome
from sim.model.layout import CLOCKS, STATE
from sim.scenario.catalogue import MAX_TERMS


@compiled
def begin_world(
    states: Any, params: Any, tables: Any, seed: int, replication: int, series: Any
) -> None:
    """Set a zeroed state to the start of a run and write the series of day 0."""
    begin(states[0], params[0], tables, seed, replication)
    observe(states[0], params[0], series)


@compiled
def act(
    states: Any, params: Any, tables: Any, clock: int, decisions: Any, work: Any, log: Any, series: Any
) -> int:
    """Act on one clock; return a bit mask of the clocks whose next tick changed."""
    state = states[0]
    before = work[3:]
    for other in range(CLOCKS):
        before[other // MAX_TERMS, other % MAX_TERMS] = state.clock[other]
    log[0].kind = 0
    dispatch(state, params[0], tables, clock, decisions[0], work, log, series)
    changed = 0
    for other in range(CLOCKS):
        if before[other // MAX_TERMS, other % MAX_TERMS] != state.clock[other]:
            changed |= 1 << other
    return changed


@compiled
def summarise(states: Any, params: Any, rows: Any) -> None:
    """Write the outcome row of a world."""
    write_outcome(states[0], params[0], rows[0])


@compiled
def run_rows(
    params: Any,
    which: Any,
    tables: Any,
    seed: int,
    replications: Any,
    rows: Any,
    series: Any,
) -> None:
    """Run a chunk of worlds, one after another.

    Parameters
    ----------
    params : ndarray of PARAMS, shape (p,)
        Bound parameters.
    which : ndarray of int64, shape (n,)
        For each row its parameters.
    tables : ndarray of float64
        Shared by all.
    seed : int
        As int64.
    replications : ndarray of int64, shape (n,)
        For each row the number of its run.
    rows : ndarray of OUTCOME_ROW, shape (n,)
        Filled.
    series : ndarray, shape (n, days + 1, series) or (n, 0, series)
        Filled up to the end of each run; the rest is left as it is.
    """
    states = np.zeros(1, STATE)
    blank = np.zeros(1, STATE)
    decisions = np.zeros(1, DECISION_RECORD)
    log = np.zeros(1, LOG)
    work = np.zeros((3, MAX_TERMS))
    for row in range(rows.shape[0]):
        states[0] = blank[0]
        state = states[0]
        p = params[which[row]]
        begin(state, p, tables, seed, replications[row])
        observe(state, p, series[row])
        advance(state, p, tables, p.horizon_tick, decisions[0], work, log, series[row])
        write_outcome(state, p, rows[row])


WORK_ROWS = 3 + (CLOCKS + MAX_TERMS - 1) // MAX_TERMS
"""Rows of the scratch array that `act` takes."""

__all__ = ["OUTCOME_ROW", "WORK_ROWS", "act", "begin_world", "run_rows", "summarise"]
