"""The four functions that engines call: begin a world, act on one clock of it, sum it up, run rows of worlds.

They take arrays of one record, which costs under a microsecond a call; passing a record itself costs over ten
(measured).
`begin` and `dispatch` hold nearly all of the model. They are compiled once and called by their addresses: compiled into
each of these functions anew they would double the time of the first start (measured).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import compiled
from sim.function_pointer import address_of, call_function
from sim.kernel.begin import begin
from sim.kernel.decision import DECISION_RECORD
from sim.kernel.dispatch import dispatch
from sim.kernel.outcome_row import OUTCOME_ROW, write_outcome
from sim.kernel.signatures import BEGIN, DISPATCH
from sim.model.clocks import CLOCKS, next_clock
from sim.model.layout import STATE
from sim.model.log import LOG
from sim.model.series import observe
from sim.model.world import RUNS
from sim.scenario.catalogue import MAX_TERMS

WORK_ROWS = 3 + (CLOCKS + MAX_TERMS - 1) // MAX_TERMS
"""Rows of the scratch array that `act` takes."""


def begin_world(states: Any, params: Any, tables: Any, seed: int, replication: int, series: Any) -> None:
    """Set a zeroed state to the start of a run and write the series of day 0."""
    _begin_world(address_of(begin, BEGIN), states, params, tables, seed, replication, series)


def act(
    states: Any, params: Any, tables: Any, clock: int, decisions: Any, work: Any, log: Any, series: Any, ledger: Any
) -> int:
    """Act on one clock; return a bit mask of the clocks whose next tick changed."""
    acts = address_of(dispatch, DISPATCH)
    changed: int = _act(acts, states, params, tables, clock, decisions, work, log, series, ledger)
    return changed


def run_rows(
    params: Any, which: Any, tables: Any, seed: int, replications: Any, rows: Any, series: Any, ledgers: Any
) -> None:
    """Run a chunk of worlds, one after another, without the interpreter's lock.

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
    series : ndarray, shape (n, days + 1, columns) or (n, 0, columns)
        Filled up to the end of each run; the rest is left as it is. Columns beyond the scenario's own series, one an
        actor, get the number of the move that stands at the end of each day.
    ledgers : ndarray, shape (n, actors, COLUMNS) or (n, 0, 0)
        What payoffs are made of is added (`sim.model.ledger`).
    """
    begins, acts = address_of(begin, BEGIN), address_of(dispatch, DISPATCH)
    _run_rows(begins, acts, params, which, tables, seed, replications, rows, series, ledgers)


@compiled
def summarise(states: Any, params: Any, rows: Any) -> None:
    """Write the outcome row of a world."""
    write_outcome(states[0], params[0], rows[0])


@compiled
def _begin_world(begins: int, states: Any, params: Any, tables: Any, seed: int, replication: int, series: Any) -> None:
    call_function(begins, states[0], params[0], tables, seed, replication)
    observe(states[0], params[0], series)


@compiled
def _act(
    acts: int,
    states: Any,
    params: Any,
    tables: Any,
    clock: int,
    decisions: Any,
    work: Any,
    log: Any,
    series: Any,
    ledger: Any,
) -> int:
    state = states[0]
    before = work[3:]
    for other in range(CLOCKS):
        before[other // MAX_TERMS, other % MAX_TERMS] = state.clock[other]
    log[0].kind = 0
    call_function(acts, state, params[0], tables, clock, decisions[0], work, log, series, ledger)
    changed = 0
    for other in range(CLOCKS):
        if before[other // MAX_TERMS, other % MAX_TERMS] != state.clock[other]:
            changed |= 1 << other
    return changed


@compiled
def _note_moves(state: Any, p: Any, series: Any) -> None:
    day = state.tick // int(1.0 / p.dt + 0.5)
    if day < series.shape[0]:
        for column in range(p.series, series.shape[1]):
            series[day, column] = float(state.standing[column - p.series])


@compiled
def _run_rows(
    begins: int,
    acts: int,
    params: Any,
    which: Any,
    tables: Any,
    seed: int,
    replications: Any,
    rows: Any,
    series: Any,
    ledgers: Any,
) -> None:
    states = np.zeros(1, STATE)
    blank = np.zeros(1, STATE)
    decisions = np.zeros(1, DECISION_RECORD)
    log = np.zeros(1, LOG)
    work = np.zeros((3, MAX_TERMS))
    for row in range(rows.shape[0]):
        states[0] = blank[0]
        state = states[0]
        p = params[which[row]]
        call_function(begins, state, p, tables, seed, replications[row])
        observe(state, p, series[row])
        _note_moves(state, p, series[row])
        while state.status == RUNS:
            clock = next_clock(state)
            if clock < 0 or state.clock[clock] > p.horizon_tick:
                break
            call_function(acts, state, p, tables, clock, decisions[0], work, log, series[row], ledgers[row])
            _note_moves(state, p, series[row])
        write_outcome(state, p, rows[row])


__all__ = ["OUTCOME_ROW", "WORK_ROWS", "act", "begin_world", "run_rows", "summarise"]
